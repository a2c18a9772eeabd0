//! The frames of a video by which it is recognised: one for each second, hashed as pictures are.
//!
//! Of a short video every frame is decoded and one of each second taken. Of a longer one, and of one
//! whose decoding takes too long, only key frames are decoded, and of a film of more than ten minutes
//! one is taken in each six-hundredth of its length. Frames are made smaller to 512 pixels, never
//! larger; a frame that shows the same picture as the one before is not hashed again.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use image::{DynamicImage, RgbImage};

use super::{caution, command, words};
use crate::wire::{FRAME_SIDE, FRAMES_MAX, FilmFrame};

/// Up to this length every frame is decoded, in seconds.
const WHOLE_SECONDS: u64 = 180;
/// How long decoding every frame may take, in seconds of the clock and of the processor.
const WHOLE_WITHIN: u32 = 8;
/// How long decoding key frames may take, likewise.
const KEYS_WITHIN: u32 = 6;
/// The longest head of a picture that is read, in bytes.
const HEAD_MAX: u64 = 32;

/// What the frames look like; none when none could be decoded or shows enough.
pub(super) fn hashed(bytes: &[u8], duration_ms: Option<u64>) -> Vec<FilmFrame> {
    let seconds = duration_ms.unwrap_or(0).div_ceil(1_000);
    let step = seconds.div_ceil(FRAMES_MAX as u64).max(1);
    if seconds <= WHOLE_SECONDS
        && let Some(frames) = decoded(bytes, &sampling(step, false), WHOLE_WITHIN, step)
    {
        return frames;
    }
    decoded(bytes, &sampling(step, true), KEYS_WITHIN, step).unwrap_or_default()
}

/// One frame in every `step` seconds, as pictures of the portable pixel map format.
fn sampling(step: u64, keys: bool) -> Vec<String> {
    let keys = if keys { " -skip_frame nokey" } else { "" };
    words(&format!(
        "-nostdin {}{keys} -threads 1 -filter_threads 1 -an -sn -dn -i /dev/stdin -map 0:v:0 \
         -vf fps=1/{step},\
         scale=w='min({FRAME_SIDE},iw)':h='min({FRAME_SIDE},ih)':force_original_aspect_ratio=decrease:flags=area \
         -frames:v {FRAMES_MAX} -threads 1 -f image2pipe -pix_fmt rgb24 -c:v ppm pipe:1",
        caution()
    ))
}

/// Runs ffmpeg and hashes what it hands over while it comes; none when it did not come to its end.
fn decoded(bytes: &[u8], args: &[String], seconds: u32, step: u64) -> Option<Vec<FilmFrame>> {
    let mut command = command("ffmpeg", bytes, args, seconds).ok()?;
    let mut child = command.stderr(Stdio::null()).spawn().ok()?;
    let frames = match child.stdout.take() {
        Some(output) => read(BufReader::new(output), step),
        None => Vec::new(),
    };
    // Its pipe is closed by now: if it has more to say it ends for that reason.
    let ended = child.wait().ok()?;
    ended.success().then_some(frames)
}

/// Hashes pictures until there are no more, or something that is none.
pub(super) fn read(mut from: impl BufRead, step: u64) -> Vec<FilmFrame> {
    let mut frames = Vec::new();
    let mut before: Option<RgbImage> = None;
    for n in 0..FRAMES_MAX as u64 {
        let Some(picture) = pixel_map(&mut from) else {
            break;
        };
        if before.as_ref() == Some(&picture) {
            continue;
        }
        let at_ms = u32::try_from(n * step * 1_000).unwrap_or(u32::MAX);
        let picture = DynamicImage::ImageRgb8(picture);
        if let pdq::Outcome::Hashed(hashes) = pdq::hash_image(&picture) {
            frames.push(FilmFrame::new(at_ms, hashes.full.hash, hashes.full.quality));
        }
        before = Some(picture.into_rgb8());
    }
    frames
}

/// One picture in the one form in which ffmpeg writes them: `P6`, the sides, `255`, the pixels.
fn pixel_map(from: &mut impl BufRead) -> Option<RgbImage> {
    if line(from)? != "P6" {
        return None;
    }
    let sides = line(from)?;
    let (width, height) = sides.split_once(' ')?;
    let side = |text: &str| {
        let side = text.parse::<u32>().ok();
        side.filter(|side| (1..=FRAME_SIDE).contains(side))
    };
    let (width, height) = (side(width)?, side(height)?);
    if line(from)? != "255" {
        return None;
    }
    let mut pixels = vec![0; width as usize * height as usize * 3];
    from.read_exact(&mut pixels).ok()?;
    RgbImage::from_raw(width, height, pixels)
}

fn line(from: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    from.take(HEAD_MAX).read_until(b'\n', &mut line).ok()?;
    let (b'\n', text) = line.split_last()? else {
        return None;
    };
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(seed: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(64, 48, |x, y| {
            let tone = (x * (7 + seed) + y * y * 3 + seed * 40) % 256;
            image::Rgb([u8::try_from(tone).unwrap_or(0); 3])
        });
        let mut map = b"P6\n64 48\n255\n".to_vec();
        map.extend(picture.into_raw());
        map
    }

    #[test]
    fn each_picture_is_hashed_once_at_its_time() {
        let stream = [drawn(1), drawn(1), drawn(2)].concat();
        let frames = read(&stream[..], 2);
        let times: Vec<u64> = frames.iter().map(|frame| frame.frame().at_ms).collect();
        assert_eq!(times, [0, 4_000]);
    }

    #[test]
    fn what_is_no_picture_ends_the_reading() {
        let good = drawn(1);
        let claims_much = b"P6\n513 48\n255\n".to_vec();
        for broken in [
            claims_much,
            b"P6\n0 1\n255\n".to_vec(),
            good[..500].to_vec(),
        ] {
            let stream = [good.clone(), broken, drawn(3)].concat();
            assert!(read(&stream[..], 1).len() <= 2);
        }
        assert!(read(&b"P5\n1 1\n255\n."[..], 1).is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_pictures_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes[..], 1);
            let with_head = [b"P6\n4 4\n255\n".to_vec(), bytes].concat();
            prop_assert!(read(&with_head[..], 1).len() <= FRAMES_MAX);
        }
    }
}
