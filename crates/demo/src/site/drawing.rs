//! Drawing the pictures: simple shapes from a seed, the same on every machine and at every run.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageError, ImageFormat, Rgb, RgbImage};

use super::catalogue::Picture;
use super::letters;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motif {
    /// Rolling hills under a sun.
    Hills,
    /// Coloured circles over a gradient.
    Bubbles,
    /// Slanting stripes.
    Stripes,
    /// Coloured dots as if thrown.
    Snow,
    /// Bands of waves.
    Waves,
    /// Square tiles.
    Mosaic,
    /// Rings around a few centres.
    Rings,
    /// Words on a card.
    Card(&'static str),
}

/// A motif and the seed that settles its colours and places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Drawing {
    pub motif: Motif,
    pub seed: u64,
}

/// How the drawn picture is written as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// JPEG with this quality, 1 to 100.
    Jpeg(u8),
    Png,
    Gif,
    /// WebP without loss.
    Webp,
    /// The film with the clock, as it lies ready; see `films/README.md`.
    Clock,
}

impl Coding {
    /// The media type of the file.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Coding::Jpeg(_) => "image/jpeg",
            Coding::Png => "image/png",
            Coding::Gif => "image/gif",
            Coding::Webp => "image/webp",
            Coding::Clock => "video/webm",
        }
    }
}

impl Picture {
    /// Draws the picture and writes it as a file.
    pub(super) fn encoded(&self) -> Result<Vec<u8>, ImageError> {
        let drawn = self.drawing.drawn(self.size.0, self.size.1);
        let mut file = Cursor::new(Vec::new());
        match self.coding {
            Coding::Jpeg(quality) => {
                JpegEncoder::new_with_quality(&mut file, quality).encode_image(&drawn)?;
            }
            Coding::Png => drawn.write_to(&mut file, ImageFormat::Png)?,
            Coding::Webp => drawn.write_to(&mut file, ImageFormat::WebP)?,
            Coding::Gif => {
                let (width, height) = drawn.dimensions();
                let mut encoder = GifEncoder::new_with_speed(&mut file, 10);
                encoder.encode(&drawn, width, height, image::ExtendedColorType::Rgb8)?;
            }
            Coding::Clock => return Ok(include_bytes!("films/clock.webm").to_vec()),
        }
        Ok(file.into_inner())
    }
}

/// Numbers that look thrown and are the same every time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to but not including 1.
    fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.share()
    }

    /// A clear colour.
    fn colour(&mut self) -> Colour {
        let hue = self.share() * 6.0;
        let strength = self.between(0.35, 0.8);
        let light = self.between(0.6, 0.95);
        let channel = |shift: f32| {
            let near = ((hue + shift) % 6.0 - 3.0).abs() - 1.0;
            light * (1.0 - strength * (1.0 - near.clamp(0.0, 1.0)))
        };
        [channel(0.0), channel(4.0), channel(2.0)]
    }
}

/// Red, green and blue, each from 0 to 1.
type Colour = [f32; 3];

fn mixed(one: Colour, other: Colour, share: f32) -> Colour {
    std::array::from_fn(|channel| one[channel] + (other[channel] - one[channel]) * share)
}

/// What colour is at a place; both coordinates run from 0 to 1, whatever the size, so that a drawing
/// is the same picture in every size.
type Painter = Box<dyn Fn(f32, f32) -> Colour>;

impl Drawing {
    /// The drawing in that size in pixels.
    pub(super) fn drawn(self, width: u32, height: u32) -> RgbImage {
        let mut dice = Dice(self.seed);
        let aspect = width as f32 / height as f32;
        let painter = match self.motif {
            Motif::Hills => hills(&mut dice),
            Motif::Bubbles => bubbles(&mut dice, aspect),
            Motif::Stripes => stripes(&mut dice),
            Motif::Snow => snow(&mut dice),
            Motif::Waves => waves(&mut dice),
            Motif::Mosaic => mosaic(&mut dice, aspect),
            Motif::Rings => rings(&mut dice, aspect),
            Motif::Card(words) => card(&mut dice, words, aspect),
        };
        RgbImage::from_fn(width, height, |x, y| {
            let colour = painter(
                (x as f32 + 0.5) / width as f32,
                (y as f32 + 0.5) / height as f32,
            );
            Rgb(colour.map(|channel| (channel.clamp(0.0, 1.0) * 255.0) as u8))
        })
    }
}

fn hills(dice: &mut Dice) -> Painter {
    let (above, below, sun_colour) = (dice.colour(), dice.colour(), dice.colour());
    let sun = (dice.between(0.2, 0.8), dice.between(0.15, 0.4));
    let ridges: Vec<_> = (0..4)
        .map(|ridge| {
            let height = 0.45 + 0.14 * ridge as f32;
            let swing = dice.between(0.03, 0.09);
            (
                height,
                swing,
                dice.between(4.0, 11.0),
                dice.between(0.0, 6.0),
                dice.colour(),
            )
        })
        .collect();
    Box::new(move |x, y| {
        let mut colour = mixed(above, below, y * 1.6);
        let distance = (x - sun.0).hypot((y - sun.1) * 0.7);
        if distance < 0.09 {
            colour = sun_colour;
        }
        for (height, swing, pace, start, ground) in &ridges {
            if y > height + swing * (x * pace + start).sin() {
                colour = mixed(*ground, [0.1, 0.2, 0.15], (y - height).clamp(0.0, 0.6));
            }
        }
        colour
    })
}

fn bubbles(dice: &mut Dice, aspect: f32) -> Painter {
    let (left, right) = (dice.colour(), dice.colour());
    let circles: Vec<_> = (0..24)
        .map(|_| {
            (
                dice.share() * aspect,
                dice.share(),
                dice.between(0.04, 0.17),
                dice.colour(),
            )
        })
        .collect();
    Box::new(move |x, y| {
        let mut colour = mixed(left, right, (x + y) / 2.0);
        for (middle_x, middle_y, radius, fill) in &circles {
            let distance = (x * aspect - middle_x).hypot(y - middle_y) / radius;
            if distance < 1.0 {
                colour = mixed(*fill, [1.0, 1.0, 1.0], (0.5 - distance).max(0.0));
            }
        }
        colour
    })
}

fn stripes(dice: &mut Dice) -> Painter {
    let colours: Vec<Colour> = (0..6).map(|_| dice.colour()).collect();
    let (across, down) = (dice.between(6.0, 14.0), dice.between(3.0, 12.0));
    Box::new(move |x, y| {
        let place = x * across + y * down;
        let stripe = colours[place as usize % colours.len()];
        mixed(
            stripe,
            [0.05, 0.05, 0.1],
            if place.fract() < 0.08 { 0.7 } else { 0.0 },
        )
    })
}

fn snow(dice: &mut Dice) -> Painter {
    const CELLS: usize = 48;
    let ground = dice.colour();
    let cells: Vec<Colour> = (0..CELLS * CELLS)
        .map(|_| {
            if dice.share() < 0.45 {
                dice.colour()
            } else {
                ground
            }
        })
        .collect();
    Box::new(move |x, y| {
        let (column, row) = ((x * CELLS as f32) as usize, (y * CELLS as f32) as usize);
        let round = ((x * CELLS as f32).fract() - 0.5).hypot((y * CELLS as f32).fract() - 0.5);
        let cell = cells[(row * CELLS + column).min(CELLS * CELLS - 1)];
        if round < 0.45 { cell } else { ground }
    })
}

fn waves(dice: &mut Dice) -> Painter {
    let (air, foam) = (dice.colour(), [0.95, 0.98, 1.0]);
    let bands: Vec<_> = (0..7)
        .map(|band| {
            let level = 0.25 + 0.11 * band as f32;
            (
                level,
                dice.between(5.0, 18.0),
                dice.between(0.0, 6.0),
                dice.colour(),
            )
        })
        .collect();
    Box::new(move |x, y| {
        let mut colour = mixed(air, [1.0, 1.0, 1.0], 1.0 - y);
        for (level, pace, start, water) in &bands {
            let edge = level + 0.035 * (x * pace + start).sin();
            if y > edge {
                colour = if y < edge + 0.012 { foam } else { *water };
            }
        }
        colour
    })
}

fn mosaic(dice: &mut Dice, aspect: f32) -> Painter {
    const ACROSS: usize = 14;
    let down = ((ACROSS as f32 / aspect) as usize).max(1);
    let tiles: Vec<Colour> = (0..ACROSS * down).map(|_| dice.colour()).collect();
    Box::new(move |x, y| {
        let (across, along) = (x * ACROSS as f32, y * down as f32);
        let edge = across.fract().min(along.fract());
        let tile = tiles[(along as usize * ACROSS + across as usize).min(tiles.len() - 1)];
        if edge < 0.08 { [0.93, 0.92, 0.9] } else { tile }
    })
}

fn rings(dice: &mut Dice, aspect: f32) -> Painter {
    let (inner, outer) = (dice.colour(), dice.colour());
    let centres: Vec<_> = (0..3)
        .map(|_| {
            (
                dice.share() * aspect,
                dice.share(),
                dice.between(30.0, 70.0),
            )
        })
        .collect();
    Box::new(move |x, y| {
        let height: f32 = centres
            .iter()
            .map(|(at, down, pace)| ((x * aspect - at).hypot(y - down) * pace).sin())
            .sum();
        mixed(inner, outer, 0.5 + height / 6.0)
    })
}

fn card(dice: &mut Dice, words: &str, aspect: f32) -> Painter {
    const WIDEST: usize = 11;
    let (paper, edge) = (mixed(dice.colour(), [1.0, 1.0, 1.0], 0.75), dice.colour());
    let ink = mixed(dice.colour(), [0.1, 0.1, 0.2], 0.8);
    let lines: Vec<Vec<char>> = letters::lines(words, WIDEST)
        .iter()
        .map(|line| line.chars().collect())
        .collect();
    // One dot, in shares of the height; a letter takes one dot more on either axis.
    let dot = (aspect * 0.84 / (WIDEST as f32 * (letters::WIDE + 1) as f32))
        .min(0.8 / (lines.len().max(1) as f32 * (letters::HIGH + 3) as f32));
    let top = 0.5 - lines.len() as f32 * dot * (letters::HIGH + 3) as f32 / 2.0;
    Box::new(move |x, y| {
        if !(0.04..0.96).contains(&y) || !(0.04..aspect - 0.04).contains(&(x * aspect)) {
            return edge;
        }
        let row = (y - top) / dot;
        let line_high = (letters::HIGH + 3) as f32;
        let Some(line) = (row >= 0.0)
            .then(|| lines.get((row / line_high) as usize))
            .flatten()
        else {
            return paper;
        };
        let letter_wide = (letters::WIDE + 1) as f32;
        let left = aspect / 2.0 - line.len() as f32 * letter_wide * dot / 2.0;
        let column = (x * aspect - left) / dot;
        let letter = (column >= 0.0)
            .then(|| line.get((column / letter_wide) as usize))
            .flatten();
        let inked = letter.is_some_and(|letter| {
            letters::inked(
                *letter,
                (column % letter_wide) as u32,
                (row % line_high) as u32,
            )
        });
        if inked { ink } else { paper }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::catalogue::PICTURES;

    #[test]
    fn every_file_has_its_size_differs_from_the_others_and_only_icons_are_tiny() {
        let mut files = HashSet::new();
        for picture in PICTURES {
            let bytes = picture.encoded().unwrap();
            if picture.coding == super::Coding::Clock {
                // WebM is Matroska (RFC 9559): it begins with an EBML header.
                assert_eq!(bytes[..4], [0x1A, 0x45, 0xDF, 0xA3], "{}", picture.file);
            } else {
                let read = image::load_from_memory(&bytes).unwrap();
                let size = (read.width(), read.height());
                assert_eq!(size, picture.size, "{}", picture.file);
            }
            let icon = picture.size.0 < 32;
            assert!(
                icon || bytes.len() >= 1024,
                "{} is small and no icon",
                picture.file
            );
            assert!(files.insert(bytes), "{} equals another file", picture.file);
        }
    }

    #[test]
    fn a_drawing_is_the_same_each_time() {
        for picture in PICTURES {
            let small = || picture.drawing.drawn(48, 36);
            assert_eq!(small(), small(), "{}", picture.file);
        }
    }

    #[test]
    fn five_files_are_re_encodings_of_another() {
        let drawings: HashSet<_> = PICTURES
            .iter()
            .map(|picture| format!("{:?}", picture.drawing))
            .collect();
        assert_eq!(drawings.len(), PICTURES.len() - 5);
    }
}
