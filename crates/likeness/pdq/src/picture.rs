//! Decoded pixels, and their hashes.

use std::borrow::Cow;

use image::DynamicImage;

use crate::blur::{Grid64, Source, blur};
use crate::frequency::{is_flat, quality};
use crate::jpeg::Planes;
use crate::lanes::Portable;
use crate::{Frequencies, Hash256};

mod sources;

use sources::{Colours, Grey, GreyPlane, Nearest, REDUCED_SIDE, Rgb};

/// The smallest side, in pixels, that can be hashed.
const SMALLEST_SIDE: usize = 5;

/// Decoded pixels: grey, or red, green and blue; 8 bits each, row by row from the top, without padding.
#[derive(Clone, Debug)]
pub struct Picture<'a> {
    width: usize,
    height: usize,
    pixels: Pixels<'a>,
}

#[derive(Clone, Debug)]
enum Pixels<'a> {
    Grey(Cow<'a, [u8]>),
    Rgb(Cow<'a, [u8]>),
    Planes(&'a Planes),
}

/// Width, height and number of bytes do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{width} by {height} pixels do not fit {bytes} bytes")]
pub struct ShapeError {
    /// The stated width in pixels.
    pub width: usize,
    /// The stated height in pixels.
    pub height: usize,
    /// The bytes given.
    pub bytes: usize,
}

/// A hash and how much it can be relied on.
#[derive(Clone, Debug, PartialEq)]
pub struct Pdq {
    /// The hash.
    pub hash: Hash256,
    /// 0 to 100; below 50 the hash says little.
    pub quality: u8,
    /// What the hash was made from, and the hashes of turned copies can be.
    pub frequencies: Frequencies,
}

/// Both definitions of one picture's hash.
#[derive(Clone, Debug, PartialEq)]
pub struct Hashes {
    /// From all pixels, as the Python package `pdqhash` and what is built on it do.
    pub full: Pdq,
    /// Pictures with a side over 512 reduced to 512 × 512 by nearest neighbour first, as Meta's C++ file tool does.
    pub reduced: Pdq,
}

/// What became of a decoded picture.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every picture is hashable"
)]
pub enum Outcome {
    /// The picture has hashes.
    Hashed(Hashes),
    /// The picture shows too little to have any.
    NotHashable(NotHashable),
}

/// Why a sound picture has no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHashable {
    /// A side is shorter than 5 pixels.
    #[error("the picture is too small to be hashed: {width} by {height} pixels")]
    Tiny {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// One even tone: the hash would be rounding noise.
    #[error("the picture is one even tone")]
    Flat,
}

impl Pixels<'_> {
    fn are_grey(&self) -> bool {
        match self {
            Self::Grey(_) => true,
            Self::Rgb(_) => false,
            Self::Planes(planes) => planes.is_grey,
        }
    }
}

impl<'a> Picture<'a> {
    /// The picture in decoded planes.
    pub(crate) fn planes(planes: &'a Planes) -> Self {
        Self {
            width: planes.width,
            height: planes.height,
            pixels: Pixels::Planes(planes),
        }
    }

    /// A picture of interleaved red, green and blue bytes.
    pub fn rgb(width: usize, height: usize, bytes: &'a [u8]) -> Result<Self, ShapeError> {
        Self::checked(width, height, 3, bytes.len())?;
        let pixels = Pixels::Rgb(Cow::Borrowed(bytes));
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// A picture of grey bytes.
    pub fn grey(width: usize, height: usize, bytes: &'a [u8]) -> Result<Self, ShapeError> {
        Self::checked(width, height, 1, bytes.len())?;
        let pixels = Pixels::Grey(Cow::Borrowed(bytes));
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    fn checked(
        width: usize,
        height: usize,
        channels: usize,
        bytes: usize,
    ) -> Result<(), ShapeError> {
        let needed = width
            .checked_mul(height)
            .and_then(|n| n.checked_mul(channels));
        if needed == Some(bytes) {
            return Ok(());
        }
        Err(ShapeError {
            width,
            height,
            bytes,
        })
    }

    /// Hashes the picture by both definitions.
    ///
    /// ```
    /// let bytes: Vec<u8> = (0..100 * 80u32).map(|i| (i * i / 7 % 251) as u8).collect();
    /// let picture = pdq::Picture::grey(100, 80, &bytes)?;
    /// match picture.hash() {
    ///     pdq::Outcome::Hashed(hashes) => println!("{} {}", hashes.full.hash, hashes.full.quality),
    ///     pdq::Outcome::NotHashable(why) => println!("no hash: {why}"),
    /// }
    /// # Ok::<(), pdq::ShapeError>(())
    /// ```
    pub fn hash(&self) -> Outcome {
        let (width, height) = (self.width, self.height);
        if width.min(height) < SMALLEST_SIDE {
            return Outcome::NotHashable(NotHashable::Tiny { width, height });
        }
        let grid = match &self.pixels {
            Pixels::Grey(bytes) => reduce(&Grey {
                width,
                height,
                bytes,
            }),
            Pixels::Rgb(bytes) => reduce(&Rgb {
                width,
                height,
                bytes,
            }),
            Pixels::Planes(planes) if planes.is_grey => reduce(&GreyPlane(planes)),
            Pixels::Planes(planes) => reduce(&Colours(planes)),
        };
        if is_flat(&grid) {
            return Outcome::NotHashable(NotHashable::Flat);
        }
        let full = Pdq::of(&grid);
        let reduced = match &self.pixels {
            // Grey levels are whole numbers in both definitions, so a small grey picture has one hash.
            pixels if pixels.are_grey() && width.max(height) <= REDUCED_SIDE => full.clone(),
            _ => Pdq::of(&reduce(&Nearest::of(self))),
        };
        Outcome::Hashed(Hashes { full, reduced })
    }
}

/// Takes over the pixels of `image`: grey stays grey, everything else becomes 8-bit RGB, transparency is left
/// out (the colour stored under it counts) and orientation is as stored.
impl<'a> From<&'a DynamicImage> for Picture<'a> {
    fn from(image: &'a DynamicImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let pixels = match image {
            DynamicImage::ImageRgb8(rgb) => Pixels::Rgb(Cow::Borrowed(rgb.as_raw())),
            DynamicImage::ImageLuma8(grey) => Pixels::Grey(Cow::Borrowed(grey.as_raw())),
            DynamicImage::ImageLumaA8(_)
            | DynamicImage::ImageLuma16(_)
            | DynamicImage::ImageLumaA16(_) => {
                Pixels::Grey(Cow::Owned(image.to_luma8().into_raw()))
            }
            _ => Pixels::Rgb(Cow::Owned(image.to_rgb8().into_raw())),
        };
        Self {
            width,
            height,
            pixels,
        }
    }
}

impl Pdq {
    fn of(grid: &Grid64) -> Self {
        let frequencies = Frequencies::of(grid);
        Self {
            hash: frequencies.hash(),
            quality: quality(grid),
            frequencies,
        }
    }

    /// The hashes of the picture in its eight turns (see [`crate::Turn::ALL`]): look up all of them to find
    /// turned and mirrored copies.
    pub fn dihedral(&self) -> [Hash256; 8] {
        self.frequencies.dihedral()
    }
}

/// The blur by the fastest instructions this processor has.
fn reduce<S: Source>(source: &S) -> Grid64 {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = crate::avx2::Avx2Fma::detect() {
        return avx2.blur(source);
    }
    blur::<Portable, S>(source)
}
