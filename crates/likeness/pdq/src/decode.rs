//! From file bytes to pixels, within limits.

use std::io::Cursor;

use image::error::ImageError;
use image::{ColorType, DynamicImage, GrayImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use crate::jpeg::Planes;
use crate::{Outcome, Picture, hash_image};

/// What decoding one picture may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest side, in pixels.
    pub side: u32,
    /// The most memory, in bytes, that the decoder and the pixels may take together (an estimate made from the
    /// picture's header before anything is decoded).
    pub memory: u64,
}

impl Default for Limits {
    /// Sides up to 65,535 pixels, and 240 MiB, which leaves room for the rest of a process held to 256 MiB.
    fn default() -> Self {
        Self {
            side: 65_535,
            memory: 240 << 20,
        }
    }
}

/// Why bytes could not be decoded to pixels.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Neither JPEG, PNG, GIF, WebP, BMP nor TIFF, going by the first bytes.
    #[error("not a picture format that is read here")]
    UnknownFormat,
    /// The picture says it has no pixels.
    #[error("the picture has a side of no pixels")]
    Empty,
    /// The picture is larger than the limits allow.
    #[error("the picture is too large: {width} by {height} pixels")]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The decoder would need more memory than the limits allow.
    #[error("decoding the picture would take too much memory")]
    TooMuchMemory,
    /// The picture uses a feature that the decoder lacks.
    #[error("the picture cannot be decoded here: {0}")]
    Unsupported(String),
    /// The bytes are damaged or cut off.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

/// Decodes `bytes` and hashes the picture by both definitions.
///
/// The format is told from the bytes, never from a name. Of an animation the first frame counts; an orientation
/// noted in metadata is not applied, as the reference does not.
///
/// # Errors
/// [`DecodeError`] if there are no pixels to hash. A sound picture that shows nothing is
/// [`Outcome::NotHashable`] instead.
///
/// ```
/// use pdq::{DecodeError, Limits, hash_bytes};
/// let answer = hash_bytes(b"no picture", &Limits::default());
/// assert!(matches!(answer, Err(DecodeError::UnknownFormat)));
/// ```
pub fn hash_bytes(bytes: &[u8], limits: &Limits) -> Result<Outcome, DecodeError> {
    Hasher::new(*limits).hash(bytes)
}

/// Decodes `bytes` to pixels, as [`hash_bytes`] does before it hashes.
///
/// # Errors
/// [`DecodeError`] if there are no pixels.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<DynamicImage, DecodeError> {
    if let Some(image) = common_jpeg(bytes, limits) {
        return Ok(image);
    }
    DynamicImage::from_decoder(bounded_decoder(bytes, limits)?).map_err(refused)
}

/// Hashes one picture after the other in the same memory: fresh memory is slow the first time it is touched.
///
/// The hashes are those of [`hash_bytes`], whatever was hashed before.
///
/// ```
/// let mut hasher = pdq::Hasher::new(pdq::Limits::default());
/// for bytes in [&b"no picture"[..], b"GIF89a, cut off"] {
///     assert!(hasher.hash(bytes).is_err());
/// }
/// ```
#[derive(Debug, Default)]
pub struct Hasher {
    limits: Limits,
    pixels: Vec<u8>,
    planes: Planes,
}

impl Hasher {
    /// A hasher that keeps `limits`. It holds on to the memory of the largest picture so far, which is within them.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Decodes `bytes` and hashes the picture by both definitions.
    ///
    /// # Errors
    /// As [`hash_bytes`].
    pub fn hash(&mut self, bytes: &[u8]) -> Result<Outcome, DecodeError> {
        let Limits { side, memory } = self.limits;
        if self.planes.decode(bytes, side, memory).is_some() {
            return Ok(Picture::planes(&self.planes).hash());
        }
        // What is kept and the other picture's pixels must not add up.
        self.planes = Planes::default();
        let decoder = bounded_decoder(bytes, &self.limits)?;
        let (width, height) = decoder.dimensions();
        let colours = decoder.color_type();
        if !matches!(colours, ColorType::L8 | ColorType::Rgb8) {
            // The kept memory and the other picture's pixels must not add up.
            self.pixels = Vec::new();
            return Ok(hash_image(
                &DynamicImage::from_decoder(decoder).map_err(refused)?,
            ));
        }
        let length = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
        if length > self.pixels.capacity() {
            // Freed before the larger one is had, and nothing is copied over.
            self.pixels = Vec::new();
            let more = self.pixels.try_reserve_exact(length);
            more.map_err(|_| DecodeError::TooMuchMemory)?;
        }
        // A picture that is cut off leaves the rest as it was: it has to be black, not an earlier picture.
        self.pixels.clear();
        self.pixels.resize(length, 0);
        decoder.read_image(&mut self.pixels).map_err(refused)?;
        let (width, height) = (width as usize, height as usize);
        let picture = match colours {
            ColorType::L8 => Picture::grey(width, height, &self.pixels),
            _ => Picture::rgb(width, height, &self.pixels),
        };
        let picture = picture.map_err(|error| DecodeError::Damaged(error.to_string()))?;
        Ok(picture.hash())
    }
}

/// The picture if it is a JPEG of a common kind, for which there is memory as planes and as pixels.
fn common_jpeg(bytes: &[u8], limits: &Limits) -> Option<DynamicImage> {
    let mut planes = Planes::default();
    planes.decode(bytes, limits.side, limits.memory / 2)?;
    let (width, height) = (planes.width as u32, planes.height as u32);
    let pixels = planes.interleaved();
    if planes.is_grey {
        return GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8);
    }
    RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
}

/// The decoder for `bytes`, once the header has shown that the picture is within `limits`.
fn bounded_decoder<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<impl ImageDecoder + 'a, DecodeError> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| DecodeError::Damaged(error.to_string()))?;
    let format = reader.format().filter(|format| is_read(*format));
    let format = format.ok_or(DecodeError::UnknownFormat)?;
    reader.set_format(format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.memory);
    reader.limits(bounds);
    let decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(DecodeError::Empty);
    }
    let too_large = || DecodeError::TooLarge { width, height };
    if width.max(height) > limits.side {
        return Err(too_large());
    }
    let progressive = format == ImageFormat::Jpeg && is_progressive(bytes);
    if memory_needed(&decoder, progressive) > limits.memory {
        return Err(too_large());
    }
    Ok(decoder)
}

/// Whether the format is one of the six.
fn is_read(format: ImageFormat) -> bool {
    matches!(
        format,
        ImageFormat::Jpeg
            | ImageFormat::Png
            | ImageFormat::Gif
            | ImageFormat::WebP
            | ImageFormat::Bmp
            | ImageFormat::Tiff
    )
}

/// Bytes for the pixels, their conversion to RGB, and what a progressive JPEG keeps between scans.
fn memory_needed(decoder: &impl ImageDecoder, progressive: bool) -> u64 {
    let (width, height) = decoder.dimensions();
    let colours = decoder.color_type();
    let converted = match colours {
        ColorType::L8 | ColorType::Rgb8 => 0,
        _ => 3,
    };
    let scans = if progressive { 6 } else { 0 };
    let each = u64::from(colours.bytes_per_pixel()) + converted + scans;
    (u64::from(width) * u64::from(height)).saturating_mul(each)
}

/// Whether a JPEG's frame header is that of a progressive picture.
fn is_progressive(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        match *rest {
            // Fill bytes may stand before a marker.
            [0xFF, 0xFF, ..] => rest = &rest[1..],
            [0xFF, 0xC2 | 0xC6 | 0xCA | 0xCE, ..] => return true,
            [0xFF, 0xC0 | 0xC1 | 0xC3 | 0xDA | 0xD9, ..] => return false,
            [0xFF, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                rest = rest.get(2 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
}

/// The decoder's refusal in this crate's words.
fn refused(error: ImageError) -> DecodeError {
    match error {
        ImageError::Limits(_) => DecodeError::TooMuchMemory,
        ImageError::Unsupported(what) => DecodeError::Unsupported(what.to_string()),
        other => DecodeError::Damaged(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
