//! PDQ: a 256-bit hash of what a picture looks like.
//!
//! Two files that show the same picture (re-encoded, resized, recompressed, slightly cropped) have hashes that
//! differ in few of their 256 bits. Up to 31 differing bits is Meta's threshold for "the same picture"; unrelated
//! pictures differ in about 128.
//!
//! Two definitions of the hash are in use. The Python package `pdqhash` and what is built on it hash all pixels;
//! Meta's C++ file tool first reduces larger pictures to 512 × 512 by taking nearest neighbours. The results
//! differ by up to 32 bits, a whole threshold, so that a list made with one finds little when asked with the
//! other. This crate computes both from one decode: keep both, look up both.
//!
//! ```
//! use image::{DynamicImage, Rgb, RgbImage};
//!
//! let drawn = RgbImage::from_fn(640, 400, |x, y| Rgb([(x / 3) as u8, (y / 2) as u8, ((x ^ y) & 0xFF) as u8]));
//! let image = DynamicImage::ImageRgb8(drawn);
//! let pdq::Outcome::Hashed(hashes) = pdq::hash_image(&image) else { panic!("not hashable") };
//! let pdq::Outcome::Hashed(smaller) = pdq::hash_image(&image.thumbnail(320, 200)) else { panic!("not hashable") };
//! assert!(hashes.full.hash.distance(&smaller.full.hash) <= 31);
//!
//! // Turned and mirrored copies are found by looking up eight hashes that cost nothing more.
//! let pdq::Outcome::Hashed(turned) = pdq::hash_image(&image.rotate180()) else { panic!("not hashable") };
//! let nearest = hashes.full.dihedral().map(|turn| turn.distance(&turned.full.hash));
//! assert!(nearest.into_iter().min() <= Some(31));
//! ```
//!
//! [`hash_bytes`] reads JPEG, PNG, GIF (first frame), WebP, BMP and TIFF within [`Limits`]. A picture that is
//! sound but shows nothing (one even tone, or under 5 pixels) is [`NotHashable`], which is not an error.
//!
//! From identical pixels, hashes and qualities are bit for bit those of the reference (commit `baefb4e` of
//! `facebook/ThreatExchange`): the same `f32` operations in the same order, only many at a time. From JPEG files of the
//! common kinds they are those of PyPI `pdqhash` as well, since these are decoded to exactly the pixels that
//! libjpeg-turbo gives. Other kinds (CMYK, arithmetic coding, damaged files) go through the `image` crate's decoder,
//! which differs by a grey level here and there and so by a few bits. The crate does no input or output.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod blur;
mod decode;
mod frequency;
mod hash256;
mod jpeg;
mod lanes;
mod picture;
#[cfg(test)]
mod plain;
pub mod vpdq;

pub use decode::{DecodeError, Hasher, Limits, decode, hash_bytes};
pub use frequency::{Frequencies, Turn};
pub use hash256::{Hash256, ParseHashError};
pub use picture::{Hashes, NotHashable, Outcome, Pdq, Picture, ShapeError};

/// Hashes a decoded image by both definitions (see [`Picture`] for what becomes of its colours).
pub fn hash_image(image: &image::DynamicImage) -> Outcome {
    Picture::from(image).hash()
}
