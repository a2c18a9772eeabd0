use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;
use crate::NotHashable;

fn drawn(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        let disc = (x as i32 - 60).pow(2) + (y as i32 - 40).pow(2) < 900;
        Rgb([
            if disc { 220 } else { (x / 2) as u8 },
            (y * 2) as u8,
            ((x + 2 * y) / 3) as u8,
        ])
    }))
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn full(outcome: Outcome) -> crate::Pdq {
    match outcome {
        Outcome::Hashed(hashes) => hashes.full,
        Outcome::NotHashable(why) => panic!("{why}"),
    }
}

#[test]
fn the_six_formats_are_read_and_look_alike() {
    let image = drawn(200, 120);
    let expected = full(hash_image(&image));
    for format in [
        ImageFormat::Png,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
        ImageFormat::WebP,
    ] {
        let found = full(hash_bytes(&written(&image, format), &Limits::default()).unwrap());
        assert_eq!(found, expected, "{format:?} keeps every pixel");
    }
    for format in [ImageFormat::Jpeg, ImageFormat::Gif] {
        let bytes = written(&DynamicImage::ImageRgb8(image.to_rgb8()), format);
        let found = full(hash_bytes(&bytes, &Limits::default()).unwrap());
        assert!(found.hash.distance(&expected.hash) <= 20, "{format:?}");
    }
}

#[test]
fn sixteen_bits_transparency_and_grey_are_read() {
    let image = drawn(200, 120);
    let expected = full(hash_image(&image));
    let wide = DynamicImage::ImageRgb16(image.to_rgb16());
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_fn(200, 120, |x, y| {
        let Rgb([r, g, b]) = *image.to_rgb8().get_pixel(x, y);
        Rgba([r, g, b, (x % 256) as u8])
    }));
    for same in [wide, clear] {
        let found =
            full(hash_bytes(&written(&same, ImageFormat::Png), &Limits::default()).unwrap());
        assert_eq!(found, expected);
    }
    let grey = DynamicImage::ImageLuma8(image.to_luma8());
    let found = full(hash_bytes(&written(&grey, ImageFormat::Png), &Limits::default()).unwrap());
    assert!(found.hash.distance(&expected.hash) <= 10);
}

#[test]
fn tiny_and_even_pictures_are_not_hashable_instead_of_wrong() {
    let tiny = written(&drawn(4, 90), ImageFormat::Png);
    let even = written(
        &DynamicImage::ImageLuma8(GrayImage::from_pixel(300, 200, image::Luma([77]))),
        ImageFormat::Png,
    );
    let limits = Limits::default();
    let why = NotHashable::Tiny {
        width: 4,
        height: 90,
    };
    assert_eq!(
        hash_bytes(&tiny, &limits).unwrap(),
        Outcome::NotHashable(why)
    );
    assert_eq!(
        hash_bytes(&even, &limits).unwrap(),
        Outcome::NotHashable(NotHashable::Flat)
    );
}

#[test]
fn what_is_no_picture_or_another_format_is_refused() {
    for bytes in [
        &b""[..],
        b"GIF",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"farbfeld\0\0\0\x05\0\0\0\x05",
    ] {
        assert!(matches!(
            hash_bytes(bytes, &Limits::default()),
            Err(DecodeError::UnknownFormat)
        ));
    }
}

#[test]
fn a_picture_that_is_cut_off_is_damaged_or_still_read_but_never_a_panic() {
    for format in [
        ImageFormat::Png,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
        ImageFormat::WebP,
        ImageFormat::Gif,
    ] {
        let bytes = written(&drawn(100, 80), format);
        assert!(
            hash_bytes(&bytes[..bytes.len() / 2], &Limits::default()).is_err(),
            "{format:?}"
        );
    }
    let bytes = written(&drawn(100, 80), ImageFormat::Jpeg);
    for length in 0..bytes.len() {
        let _ = hash_bytes(&bytes[..length], &Limits::default());
    }
}

#[test]
fn a_bomb_is_refused_from_its_header() {
    // A BMP header that promises 60,000 by 60,000 pixels.
    let mut bmp = b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend(60_000i32.to_le_bytes());
    bmp.extend(60_000i32.to_le_bytes());
    bmp.extend([1, 0, 24, 0]);
    bmp.extend([0; 24]);
    let answer = hash_bytes(&bmp, &Limits::default());
    assert!(
        matches!(
            answer,
            Err(DecodeError::TooLarge { .. } | DecodeError::TooMuchMemory)
        ),
        "{answer:?}"
    );
    let small = Limits {
        side: 90,
        ..Limits::default()
    };
    let answer = hash_bytes(&written(&drawn(100, 80), ImageFormat::Png), &small);
    assert!(
        matches!(answer, Err(DecodeError::TooLarge { .. })),
        "{answer:?}"
    );
    let little = Limits {
        memory: 10_000,
        ..Limits::default()
    };
    let answer = hash_bytes(&written(&drawn(100, 80), ImageFormat::Png), &little);
    assert!(
        matches!(
            answer,
            Err(DecodeError::TooLarge { .. } | DecodeError::TooMuchMemory)
        ),
        "{answer:?}"
    );
}

#[test]
fn a_picture_without_pixels_is_refused() {
    let mut bytes = written(&drawn(10, 10), ImageFormat::Gif);
    bytes[6..10].fill(0);
    assert!(hash_bytes(&bytes, &Limits::default()).is_err());
}

#[test]
fn a_long_strip_is_hashed_within_the_limits() {
    let strip = DynamicImage::ImageLuma8(GrayImage::from_fn(65_535, 8, |x, y| {
        image::Luma([(x / 257) as u8 ^ y as u8])
    }));
    assert!(matches!(hash_image(&strip), Outcome::Hashed(_)));
    let tower = strip.rotate90();
    assert!(matches!(hash_image(&tower), Outcome::Hashed(_)));
}

#[test]
fn progressive_frames_are_told_from_the_header() {
    assert!(is_progressive(&[
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC2, 0, 11
    ]));
    assert!(!is_progressive(&[0xFF, 0xD8, 0xFF, 0xC0, 0, 11]));
    assert!(!is_progressive(&[0xFF, 0xD8, 0xFF, 0xE0, 0xFF]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn changed_bytes_give_a_hash_or_an_error(
        kind in 0usize..6,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let formats = [
            ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff,
        ];
        let mut bytes = written(&drawn(40, 30), formats[kind]);
        for (place, value) in changes {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        let _ = hash_bytes(&bytes, &Limits { memory: 16 << 20, ..Limits::default() });
    }
}
