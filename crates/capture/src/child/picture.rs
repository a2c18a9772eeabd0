//! Looks into one picture: kind, size, and two previews that show as little as is needed.
//!
//! Decoding happens here, in a process of its own ([`crate::child::decoder`]), so that none with
//! keys or a way out ever decodes what a stranger made. The previews are new JPEG files without any metadata of the original.

use std::io::Cursor;
use std::panic::AssertUnwindSafe;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader};

use crate::child::magic;
use crate::wire::{Film, Likeness};

/// The most bytes that the pixels of one picture may take.
const PIXEL_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The longest side that is decoded, in pixels, and what decoding may take besides the pixels: room
/// for the planes of a JPEG and for its pixels, so that whatever `meldpunt hash` can read with its
/// [`pdq::Limits::default`] is read here by the same decoder.
const LIMITS: pdq::Limits = pdq::Limits {
    side: 65_535,
    memory: 480 * 1024 * 1024,
};
/// The longest side of the strongly blurred preview, in pixels.
const VEILED_SIDE: u32 = 400;
/// How strongly it is blurred: the standard deviation in pixels. Shapes stay, faces do not.
const VEILED_SIGMA: f32 = 14.0;
/// The longest side of the small preview, in pixels.
const SOFT_SIDE: u32 = 160;
/// How it is blurred: just enough to take the edge off.
const SOFT_SIGMA: f32 = 1.5;
/// JPEG quality of the previews.
const QUALITY: u8 = 70;

/// What was seen in one picture.
#[derive(Debug, Default)]
pub struct Examined {
    /// The kind, told from the bytes.
    pub media_type: &'static str,
    /// Pixels across and down, as it is shown.
    pub size: Option<(u32, u32)>,
    /// Why it could not be decoded.
    pub failed: Option<String>,
    /// What it looks like; none when not decoded.
    pub likeness: Option<Likeness>,
    /// What a video is besides; none for a picture.
    pub film: Option<Film>,
    /// The strongly blurred preview; empty when not decoded.
    pub veiled: Vec<u8>,
    /// The small preview; empty when not decoded.
    pub soft: Vec<u8>,
    /// The contact sheet of a video: material, like its bytes; empty for a picture.
    pub sheet: Vec<u8>,
}

/// Looks into a picture.
pub fn examine(bytes: &[u8]) -> Examined {
    let media_type = magic::media_type(bytes);
    let mut examined = Examined {
        media_type,
        ..Examined::default()
    };
    if !matches!(
        media_type,
        "image/jpeg" | "image/png" | "image/gif" | "image/webp" | "image/bmp" | "image/tiff"
    ) {
        examined.failed = Some(format!("{media_type} is not decoded here"));
        return examined;
    }
    // A decoder that panics on a hostile picture fails that picture, not the visit.
    let decoded = std::panic::catch_unwind(AssertUnwindSafe(|| look(bytes, &mut examined.size)));
    let image = match decoded {
        Ok(Ok((image, likeness))) => {
            examined.likeness = Some(likeness);
            image
        }
        Ok(Err(why)) => {
            examined.failed = Some(why);
            return examined;
        }
        Err(_) => {
            examined.failed = Some("the decoder gave up".to_owned());
            return examined;
        }
    };
    examined.size = Some((image.width(), image.height()));
    match previews(&image) {
        Ok((veiled, soft)) => (examined.veiled, examined.soft) = (veiled, soft),
        Err(fault) => examined.failed = Some(format!("no preview could be made: {fault}")),
    }
    examined
}

/// Decodes the first frame once: its hashes are of the pixels as they are stored, the picture is
/// turned as its metadata says. The size is noted as soon as it is known.
///
/// The pixels are those of [`pdq::decode`], from which `meldpunt hash` and the peers hash as well.
fn look(bytes: &[u8], size: &mut Option<(u32, u32)>) -> Result<(DynamicImage, Likeness), String> {
    let orientation = head(bytes, size).map_err(|fault| fault.to_string())?;
    let mut image = pdq::decode(bytes, &LIMITS).map_err(|fault| fault.to_string())?;
    let likeness = Likeness::of(&image);
    image.apply_orientation(orientation);
    Ok((image, likeness))
}

/// Reads what stands before the pixels: the size, and how the picture is turned. Refuses one whose
/// pixels alone are too many.
fn head(bytes: &[u8], size: &mut Option<(u32, u32)>) -> image::ImageResult<Orientation> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(PIXEL_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    *size = Some(decoder.dimensions());
    if decoder.total_bytes() > PIXEL_BYTES_MAX {
        let kind = image::error::LimitErrorKind::InsufficientMemory;
        let fault = image::error::LimitError::from_kind(kind);
        return Err(image::ImageError::Limits(fault));
    }
    decoder.orientation()
}

/// Both previews: the strongly blurred one, then the small one.
pub fn previews(image: &DynamicImage) -> image::ImageResult<(Vec<u8>, Vec<u8>)> {
    let veiled = preview(image, VEILED_SIDE, VEILED_SIGMA)?;
    Ok((veiled, preview(image, SOFT_SIDE, SOFT_SIGMA)?))
}

/// A grey, blurred JPEG of at most `side` pixels a side.
fn preview(image: &DynamicImage, side: u32, sigma: f32) -> image::ImageResult<Vec<u8>> {
    let (width, height) = fitted(image.width(), image.height(), side);
    let small = if (width, height) == (image.width(), image.height()) {
        image.clone()
    } else {
        // The first step is coarse and fast, the second smooth.
        let (twice_w, twice_h) = (width * 2, height * 2);
        let near = if image.width() > twice_w && image.height() > twice_h {
            image.thumbnail_exact(twice_w, twice_h)
        } else {
            image.clone()
        };
        near.resize_exact(width, height, FilterType::Triangle)
    };
    let grey = imageops::fast_blur(&on_white(&small), sigma);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&grey)?;
    Ok(jpeg)
}

/// The size that fits within `side` pixels a side, never larger than the picture and never zero.
fn fitted(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = u64::from(width.max(height)).max(1);
    let fit = |pixels: u32| {
        let scaled = u64::from(pixels) * u64::from(side) / longest;
        u32::try_from(scaled).unwrap_or(side).clamp(1, side)
    };
    if longest <= u64::from(side) {
        (width.max(1), height.max(1))
    } else {
        (fit(width), fit(height))
    }
}

/// Grey, with what is transparent shown on white as a page would.
fn on_white(image: &DynamicImage) -> GrayImage {
    if !image.color().has_alpha() {
        return image.to_luma8();
    }
    let mixed = image.to_luma_alpha8();
    GrayImage::from_fn(mixed.width(), mixed.height(), |x, y| {
        let [grey, alpha] = mixed.get_pixel(x, y).0.map(u16::from);
        let shown = (grey * alpha + 255 * (255 - alpha)) / 255;
        image::Luma([u8::try_from(shown).unwrap_or(u8::MAX)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgb, RgbImage};
    use proptest::prelude::*;

    fn drawn(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let drawing = RgbImage::from_fn(width, height, |x, y| {
            let stripe = (x / 2 + y / 2) % 2 == 0;
            Rgb(if stripe { [250, 20, 20] } else { [5, 60, 200] })
        });
        let mut bytes = Cursor::new(Vec::new());
        drawing.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_of_each_kind_is_measured_and_previewed_in_grey() {
        for (format, kind) in [
            (ImageFormat::Png, "image/png"),
            (ImageFormat::Jpeg, "image/jpeg"),
            (ImageFormat::Gif, "image/gif"),
            (ImageFormat::Bmp, "image/bmp"),
            (ImageFormat::WebP, "image/webp"),
            (ImageFormat::Tiff, "image/tiff"),
        ] {
            let examined = examine(&drawn(800, 500, format));
            assert_eq!(examined.media_type, kind);
            assert_eq!(examined.failed, None, "{kind}");
            assert_eq!(examined.size, Some((800, 500)));
            let veiled = image::load_from_memory(&examined.veiled).unwrap();
            let soft = image::load_from_memory(&examined.soft).unwrap();
            assert_eq!((veiled.width(), veiled.height()), (400, 250));
            assert_eq!((soft.width(), soft.height()), (160, 100));
            assert!(!veiled.color().has_color() && !soft.color().has_color());
        }
    }

    #[test]
    fn the_veiled_preview_shows_no_detail() {
        let veiled = examine(&drawn(400, 400, ImageFormat::Png)).veiled;
        let grey = image::load_from_memory(&veiled).unwrap().to_luma8();
        let (least, most) = grey
            .pixels()
            .fold((255, 0), |(a, b), p| (p.0[0].min(a), p.0[0].max(b)));
        assert!(most - least < 12, "the stripes are gone: {least}..{most}");
    }

    #[test]
    fn a_picture_is_hashed_as_it_is_stored_and_an_even_one_is_not_hashable() {
        let drawn = drawn(300, 200, ImageFormat::Png);
        let examined = examine(&drawn);
        let limits = pdq::Limits::default();
        let pdq::Outcome::Hashed(hashes) = pdq::hash_bytes(&drawn, &limits).unwrap() else {
            panic!("it has stripes");
        };
        let Some(Likeness::Hashed(looks)) = examined.likeness else {
            panic!("it was decoded");
        };
        assert_eq!(looks.pdq(), hashes.full.hash);
        assert_eq!(looks.pdq_512(), hashes.reduced.hash);
        let mut even = Cursor::new(Vec::new());
        RgbImage::from_pixel(200, 200, Rgb([90, 90, 90]))
            .write_to(&mut even, ImageFormat::Png)
            .unwrap();
        let even = examine(even.get_ref());
        assert!(matches!(even.likeness, Some(Likeness::NotHashable(_))));
        assert_eq!(even.failed, None);
    }

    #[test]
    fn a_captured_jpeg_has_the_hashes_that_the_command_line_gives_of_the_same_file() {
        let limits = pdq::Limits::default();
        for quality in [30, 75, 96] {
            // Sides that are no multiple of a block, and colours at half size: decoders differ there.
            let drawing = RgbImage::from_fn(517, 389, |x, y| {
                Rgb([x / 3, y / 2, x ^ y].map(|tone| tone.to_le_bytes()[0]))
            });
            let mut jpeg = Vec::new();
            JpegEncoder::new_with_quality(&mut jpeg, quality)
                .encode_image(&drawing)
                .unwrap();
            let pdq::Outcome::Hashed(hashes) = pdq::hash_bytes(&jpeg, &limits).unwrap() else {
                panic!("it has shapes");
            };
            let (image, likeness) = look(&jpeg, &mut None).unwrap();
            assert_eq!(image, pdq::decode(&jpeg, &limits).unwrap());
            let Likeness::Hashed(looks) = likeness else {
                panic!("it was decoded");
            };
            assert_eq!(looks.pdq(), hashes.full.hash);
            assert_eq!(looks.pdq_512(), hashes.reduced.hash);
            assert_eq!(looks.quality, hashes.full.quality);
        }
    }

    #[test]
    fn a_picture_of_the_longest_side_is_read_and_one_with_too_many_pixels_is_measured_only() {
        let mut long = Cursor::new(Vec::new());
        RgbImage::from_fn(65_535, 8, |x, _| Rgb([x.to_le_bytes()[0]; 3]))
            .write_to(&mut long, ImageFormat::Png)
            .unwrap();
        let long = examine(long.get_ref());
        assert_eq!((long.failed, long.size), (None, Some((65_535, 8))));
        // A PNG that claims 65,535 pixels a side: its head, and no pixel of them.
        let mut vast = drawn(10, 10, ImageFormat::Png);
        vast[16..20].copy_from_slice(&65_535_u32.to_be_bytes());
        vast[20..24].copy_from_slice(&65_535_u32.to_be_bytes());
        let checked = crc32(&vast[12..29]);
        vast[29..33].copy_from_slice(&checked.to_be_bytes());
        let vast = examine(&vast);
        assert_eq!(vast.size, Some((65_535, 65_535)));
        assert!(vast.failed.is_some() && vast.veiled.is_empty());
    }

    /// The checksum of a PNG's chunk (ISO 3309).
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }
            })
        })
    }

    #[test]
    fn a_cut_picture_fails_with_its_size_and_nothing_else() {
        let mut bytes = drawn(300, 200, ImageFormat::Png);
        bytes.truncate(bytes.len() / 2);
        let examined = examine(&bytes);
        assert_eq!(examined.size, Some((300, 200)));
        assert!(examined.failed.is_some() && examined.veiled.is_empty());
        assert_eq!(examined.likeness, None);
    }

    #[test]
    fn a_picture_that_claims_huge_sides_is_not_decoded() {
        let mut bytes = drawn(10, 10, ImageFormat::Bmp);
        bytes[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
        bytes[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
        assert!(examine(&bytes).failed.is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_picture_with_a_changed_byte_is_examined(at in 0_usize..2_000, to in any::<u8>()) {
            let mut bytes = drawn(40, 30, ImageFormat::Png);
            let at = at % bytes.len();
            bytes[at] = to;
            let _ = examine(&bytes);
        }

        #[test]
        fn previews_fit_and_are_never_empty(w in 1_u32..30_000, h in 1_u32..30_000) {
            let (width, height) = fitted(w, h, 400);
            prop_assert!((1..=400).contains(&width) && (1..=400).contains(&height));
        }
    }
}
