//! Looks into one video: length, codec, size, and a contact sheet, without its sound.
//!
//! ffmpeg and ffprobe run inside the visit's box as further processes with limits of their own.
//! They are given the bytes as a nameless file, may open nothing but that (no play lists, no
//! addresses), and are ended at their deadline. What they hand back is one PNG, decoded and
//! blurred as any picture is, and the frames that are hashed ([`frames`]). The sheet itself leaves
//! the child as material, as the bytes do.

mod frames;

use std::fs::File;
use std::io::{Cursor, Seek, Write};
use std::process::{Command, Stdio};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use rustix::fs::{MemfdFlags, memfd_create};
use serde::Deserialize;

use crate::child::picture::{self, Examined};
use crate::wire::{Film, SHEET_MAX};

/// How long a program may take to tell what a video is, and to draw its sheet: in seconds of the
/// clock and of the processor.
const SECONDS: u32 = 15;
/// How much memory each may ask for, in bytes.
const MEMORY: &str = "--as=1073741824";
/// The most pixels of one frame that is decoded: four times 4K.
const PIXELS_MAX: &str = "33177600";
/// Only these containers are read: none of them leads to another file.
const CONTAINERS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi";
/// The pictures on a contact sheet.
const SHEET_FRAMES: u64 = 16;
/// How much of a video is looked at, in seconds.
const LOOKED_AT: u64 = 600;
/// The most bytes of a contact sheet (960 × 960 pixels at most).
const SHEET_BYTES: u64 = 16 * 1024 * 1024;

/// JPEG quality of the contact sheet.
const SHEET_QUALITY: u8 = 80;

/// What `ffprobe` says.
#[derive(Deserialize)]
struct Probed {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Deserialize)]
struct Stream {
    codec_name: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Deserialize, Default)]
struct Format {
    duration: Option<String>,
}

/// Looks into a video.
pub fn examine(bytes: &[u8], media_type: &'static str) -> Examined {
    let mut examined = Examined {
        media_type,
        ..Examined::default()
    };
    if let Err(why) = look(bytes, &mut examined) {
        examined.failed = Some(why);
    }
    examined
}

fn look(bytes: &[u8], examined: &mut Examined) -> Result<(), String> {
    let probed = run("ffprobe", bytes, &probing())?;
    let probed: Probed =
        serde_json::from_slice(&probed).map_err(|_| "ffprobe said nothing readable".to_owned())?;
    let stream = probed
        .streams
        .into_iter()
        .next()
        .ok_or("there is no moving picture in it")?;
    let duration_ms = probed.format.duration.as_deref().and_then(milliseconds);
    examined.size = stream.width.zip(stream.height);
    examined.film = Some(Film {
        duration_ms,
        codec: stream.codec_name.unwrap_or_default(),
        frames: Vec::new(),
    });
    let sheet = decoded(&run("ffmpeg", bytes, &sheeting(duration_ms))?)?;
    examined.sheet = drawn(&sheet)?;
    (examined.veiled, examined.soft) =
        picture::previews(&sheet).map_err(|fault| format!("no preview could be made: {fault}"))?;
    if let Some(film) = &mut examined.film {
        film.frames = frames::hashed(bytes, duration_ms);
    }
    Ok(())
}

/// The sheet as it is kept: a new JPEG without anything of the video but what it shows.
fn drawn(sheet: &DynamicImage) -> Result<Vec<u8>, String> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, SHEET_QUALITY)
        .encode_image(&sheet.to_rgb8())
        .map_err(|fault| format!("no contact sheet could be made: {fault}"))?;
    if jpeg.len() > SHEET_MAX as usize {
        return Err("its contact sheet is too large".to_owned());
    }
    Ok(jpeg)
}

/// `12.345000` as milliseconds; none when it is no number, or negative.
fn milliseconds(seconds: &str) -> Option<u64> {
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    let whole: u64 = whole.parse().ok()?;
    whole.checked_mul(1_000)?.checked_add(part.parse().ok()?)
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// What both programs are told before they open the file.
fn caution() -> String {
    format!(
        "-v error -protocol_whitelist file,pipe -format_whitelist {CONTAINERS} -max_pixels {PIXELS_MAX}"
    )
}

fn probing() -> Vec<String> {
    words(&format!(
        "{} -select_streams v:0 -show_entries stream=codec_name,width,height:format=duration \
         -of json -i /dev/stdin",
        caution()
    ))
}

/// Frames spread over the whole length, 16 at most; of a long video only key frames are decoded.
fn sheeting(duration_ms: Option<u64>) -> Vec<String> {
    let seconds = duration_ms
        .unwrap_or(0)
        .div_ceil(1_000)
        .clamp(1, LOOKED_AT)
        .max(SHEET_FRAMES);
    let keys = if seconds > 2 * SHEET_FRAMES {
        " -skip_frame nokey"
    } else {
        ""
    };
    words(&format!(
        "-nostdin {}{keys} -threads 1 -filter_threads 1 -an -sn -dn -t {LOOKED_AT} -i /dev/stdin \
         -map 0:v:0 -vf fps={SHEET_FRAMES}/{seconds},\
         scale=240:240:force_original_aspect_ratio=decrease,setsar=1,tile=4x4 \
         -frames:v 1 -threads 1 -f image2pipe -c:v png pipe:1",
        caution()
    ))
}

/// One of the two over these bytes, within so many seconds.
fn command(program: &str, bytes: &[u8], args: &[String], seconds: u32) -> std::io::Result<Command> {
    // In memory and of no folder: where this runs no file of any folder may be opened.
    let mut file = File::from(memfd_create("video", MemfdFlags::CLOEXEC)?);
    file.write_all(bytes)?;
    file.rewind()?;
    // In the foreground: it stays in the process group with which the visit is ended.
    let mut command = Command::new("timeout");
    command
        .args(["--foreground", "--signal=KILL", &seconds.to_string()])
        .args(["prlimit", "--core=0", "--fsize=0", MEMORY])
        .arg(format!("--cpu={seconds}"))
        .arg(program)
        .args(args)
        .stdin(Stdio::from(file))
        .stdout(Stdio::piped());
    Ok(command)
}

/// Runs one of the two on these bytes, within its limits; what it wrote.
fn run(program: &str, bytes: &[u8], args: &[String]) -> Result<Vec<u8>, String> {
    let output = command(program, bytes, args, SECONDS)
        .and_then(|mut command| command.stderr(Stdio::piped()).output())
        .map_err(|fault| format!("{program} could not be run: {fault}"))?;
    match output.status.code() {
        Some(0) => Ok(output.stdout),
        Some(127) => Err("not decodable: no ffmpeg".to_owned()),
        None | Some(137) => Err(format!("{program} needed more than it is allowed")),
        Some(_) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let line = said.lines().next_back().unwrap_or_default().trim();
            let line: String = line.chars().take(200).collect();
            Err(format!("{program} cannot read it: {line}"))
        }
    }
}

/// Reads what ffmpeg hands over, for the fuzz target.
#[cfg(feature = "fuzzing")]
pub fn fuzzed_frames(bytes: &[u8]) -> usize {
    frames::read(bytes, 1).len()
}

fn decoded(sheet: &[u8]) -> Result<DynamicImage, String> {
    if sheet.is_empty() || sheet.len() as u64 > SHEET_BYTES {
        return Err("no frame of it could be decoded".to_owned());
    }
    let mut reader = ImageReader::with_format(Cursor::new(sheet), ImageFormat::Png);
    let mut limits = Limits::default();
    limits.max_image_width = Some(2_000);
    limits.max_image_height = Some(2_000);
    reader.limits(limits);
    reader.decode().map_err(|fault| fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::child::magic;

    /// Four seconds of a moving test card, 160 × 120.
    fn test_card() -> Vec<u8> {
        let made = Command::new("ffmpeg")
            .args(words(
                "-v error -nostdin -f lavfi -i testsrc=size=160x120:rate=10:duration=4 \
                 -c:v libvpx -b:v 60k -f webm pipe:1",
            ))
            .output()
            .unwrap();
        made.stdout
    }

    #[test]
    fn a_video_has_a_length_a_codec_a_size_and_a_blurred_grey_sheet() {
        let bytes = test_card();
        assert_eq!(magic::media_type(&bytes), "video/webm");
        let examined = examine(&bytes, "video/webm");
        assert_eq!(examined.failed, None);
        assert_eq!(examined.size, Some((160, 120)));
        let film = examined.film.unwrap();
        assert_eq!(film.codec, "vp8");
        let veiled = image::load_from_memory(&examined.veiled).unwrap();
        assert_eq!(veiled.width(), 400);
        assert!(!veiled.color().has_color());
        assert!(!examined.soft.is_empty());
        let sheet = image::load_from_memory(&examined.sheet).unwrap();
        assert!(sheet.color().has_color(), "the sheet itself is as it is");
        assert!(film.frames.len() >= 4, "one frame for each second");
    }

    #[test]
    fn a_broken_video_fails_with_a_reason_and_no_preview() {
        let cut = &test_card()[..200];
        let lie = b"\0\0\0\x20ftypmp42 and nothing more of it";
        for (bytes, kind) in [(cut, "video/webm"), (&lie[..], "video/mp4")] {
            let examined = examine(bytes, kind);
            assert!(examined.failed.is_some() && examined.veiled.is_empty());
        }
    }

    #[test]
    fn a_play_list_under_a_videos_name_is_not_followed() {
        let list = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n";
        let examined = examine(list, "video/mp4");
        assert!(examined.failed.is_some() && examined.film.is_none());
    }

    #[test]
    fn lengths_are_read_to_the_millisecond() {
        assert_eq!(milliseconds("4.000000"), Some(4_000));
        assert_eq!(milliseconds("0.04"), Some(40));
        assert_eq!(milliseconds("7"), Some(7_000));
        assert_eq!(milliseconds("N/A"), None);
        assert_eq!(milliseconds("-1.5"), None);
        assert_eq!(milliseconds("99999999999999999999"), None);
    }
}
