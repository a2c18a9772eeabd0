//! Hostile and strange pictures: a typed error or a hash, the same each time, and within 256 MiB. One test, since
//! the greatest memory is that of a whole process.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has to fail"
)]

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use pdq::{DecodeError, Hasher, Limits, NotHashable, Outcome, Pdq, hash_bytes};

const SIX: [ImageFormat; 6] = [
    ImageFormat::Jpeg,
    ImageFormat::Png,
    ImageFormat::Gif,
    ImageFormat::WebP,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
];

/// A JPEG of four inks.
const CMYK: &[u8] = include_bytes!("pictures/cmyk.jpg");

fn drawn(width: u32, height: u32, turn: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x * 256 / width, y * 256 / height);
        let disc = u.abs_diff(90 + turn).pow(2) + v.abs_diff(120).pow(2) < 3_000;
        let red = if disc { 230 } else { u / 2 };
        Rgb([red as u8, v as u8, ((u + 2 * v + turn) / 4) as u8])
    })
}

fn written(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The answer, after making sure that asking again, and with memory used before, gives the same.
fn answer(bytes: &[u8]) -> Result<Outcome, DecodeError> {
    let first = hash_bytes(bytes, &Limits::default());
    let mut hasher = Hasher::new(Limits::default());
    let _ = hasher.hash(CMYK);
    let again = hasher.hash(bytes);
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
    first
}

fn hash(bytes: &[u8]) -> Pdq {
    match answer(bytes) {
        Ok(Outcome::Hashed(hashes)) => hashes.full,
        other => panic!("{other:?}"),
    }
}

fn is_too_much(bytes: &[u8]) -> bool {
    matches!(
        answer(bytes),
        Err(DecodeError::TooLarge { .. } | DecodeError::TooMuchMemory)
    )
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// A PNG chunk.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [kind, data].concat();
    let length = (data.len() as u32).to_be_bytes();
    [&length[..], &named, &crc(&named).to_be_bytes()].concat()
}

/// A PNG with another size in its header.
fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let mut png = written(drawn(8, 8, 0), ImageFormat::Png);
    let mut header = png[16..29].to_vec();
    header[..4].copy_from_slice(&width.to_be_bytes());
    header[4..8].copy_from_slice(&height.to_be_bytes());
    png.splice(8..33, chunk(b"IHDR", &header));
    png
}

/// A JPEG with another size in its frame header.
fn jpeg_of_size(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = written(drawn(16, 16, 0), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

fn animated_gif() -> Vec<u8> {
    let mut bytes = Vec::new();
    let frames = [0, 120].map(|turn| {
        let frame = DynamicImage::ImageRgb8(drawn(80, 60, turn)).to_rgba8();
        image::Frame::new(frame)
    });
    image::codecs::gif::GifEncoder::new(&mut bytes)
        .encode_frames(frames)
        .unwrap();
    bytes
}

fn animated_png() -> Vec<u8> {
    let (first, second) = (
        written(drawn(80, 60, 0), ImageFormat::Png),
        written(drawn(80, 60, 120), ImageFormat::Png),
    );
    let control = |number: u32| {
        let words = [number, 80, 60, 0, 0].map(u32::to_be_bytes).concat();
        chunk(b"fcTL", &[&words[..], &[0, 1, 0, 10, 0, 0]].concat())
    };
    let end = first.len() - 12;
    let length = u32::from_be_bytes(second[33..37].try_into().unwrap()) as usize;
    let data = [&2u32.to_be_bytes()[..], &second[41..41 + length]].concat();
    [
        &first[..33],
        &chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        &control(0),
        &first[33..end],
        &control(1),
        &chunk(b"fdAT", &data),
        &first[end..],
    ]
    .concat()
}

fn animated_webp() -> Vec<u8> {
    let part = |kind: &[u8; 4], data: &[u8]| {
        let mut part = [kind, &(data.len() as u32).to_le_bytes()[..], data].concat();
        part.resize(part.len().next_multiple_of(2), 0);
        part
    };
    let size = [79, 0, 0, 59, 0, 0];
    let frame = |turn| {
        let still = written(drawn(80, 60, turn), ImageFormat::WebP);
        let place = [&[0; 6][..], &size, &[100, 0, 0, 2]].concat();
        part(b"ANMF", &[&place, &still[12..]].concat())
    };
    let flags = [&[2, 0, 0, 0][..], &size].concat();
    let body = [
        b"WEBP".to_vec(),
        part(b"VP8X", &flags),
        part(b"ANIM", &[0; 6]),
        frame(0),
        frame(120),
    ]
    .concat();
    part(b"RIFF", &body)
}

fn of_no_size() {
    let mut gif = written(drawn(10, 10, 0), ImageFormat::Gif);
    gif[6..10].fill(0);
    let mut bmp = written(drawn(10, 10, 0), ImageFormat::Bmp);
    bmp[18..26].fill(0);
    let others = [png_of_size(0, 0), png_of_size(5, 0), jpeg_of_size(0, 9)];
    for bytes in others.into_iter().chain([gif, bmp, jpeg_of_size(9, 0)]) {
        assert!(answer(&bytes).is_err());
    }
}

fn of_great_size() {
    assert!(is_too_much(&jpeg_of_size(65_535, 65_535)));
    assert!(is_too_much(&png_of_size(65_535, 65_535)));
    assert!(is_too_much(&png_of_size(65_536, 8)));
    assert!(is_too_much(&png_of_size(0x7FFF_FFFF, 0x7FFF_FFFF)));
    for (width, height) in [(65_535, 8), (8, 65_535)] {
        let strip = GrayImage::from_fn(width, height, |x, y| Luma([(x / 257 + y / 257) as u8]));
        hash(&written(strip.clone(), ImageFormat::Png));
        // A JPEG of so few rows is decoded or refused, but not both in turn.
        let _ = answer(&written(strip, ImageFormat::Jpeg));
    }
    // 225 MB from few bytes: just within the limits, and nothing to be seen.
    let bomb = written(GrayImage::new(15_000, 15_000), ImageFormat::Png);
    let flat = hash_bytes(&bomb, &Limits::default());
    assert!(matches!(flat, Ok(Outcome::NotHashable(NotHashable::Flat))));
    assert!(is_too_much(&png_of_size(16_000, 16_000)));
}

fn of_strange_kind() {
    for (animated, format) in [
        (animated_gif(), ImageFormat::Gif),
        (animated_png(), ImageFormat::Png),
        (animated_webp(), ImageFormat::WebP),
    ] {
        let still = hash(&written(drawn(80, 60, 0), format)).hash;
        let far = hash(&animated).hash.distance(&still);
        assert!(far <= 10, "{format:?}: {far} bits");
    }
    hash(CMYK);
    let plain = drawn(80, 60, 0);
    let expected = hash(&written(plain.clone(), ImageFormat::Png));
    let wide = DynamicImage::ImageRgb8(plain.clone()).to_rgb16();
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        assert_eq!(hash(&written(wide.clone(), format)), expected);
    }
    // A note that the picture is to be shown turned leaves the hash as it is.
    let jpeg = written(plain, ImageFormat::Jpeg);
    let note = b"\xFF\xE1\x00\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let noted = [&jpeg[..2], note, &jpeg[2..]].concat();
    assert_eq!(hash(&noted), hash(&jpeg));
}

fn cut_off() {
    for format in SIX {
        let bytes = written(drawn(80, 60, 0), format);
        for part in 0..40 {
            let _ = answer(&bytes[..bytes.len() * part / 40]);
        }
    }
    // What is missing is never filled from the picture before.
    let bytes = written(drawn(300, 200, 0), ImageFormat::Jpeg);
    let half = &bytes[..bytes.len() / 2];
    let fresh = hash_bytes(half, &Limits::default());
    let mut used = Hasher::new(Limits::default());
    used.hash(&written(drawn(300, 200, 99), ImageFormat::Jpeg))
        .unwrap();
    assert_eq!(format!("{fresh:?}"), format!("{:?}", used.hash(half)));
}

#[test]
fn hostile_pictures_give_the_same_error_or_hash_each_time_within_256_mib() {
    of_no_size();
    of_great_size();
    of_strange_kind();
    cut_off();
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return;
    };
    let most = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib: u64 = most
        .and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap();
    println!("at most {} MiB", kib >> 10);
    assert!(kib <= 256 << 10, "{} MiB", kib >> 10);
}
