//! Time from JPEG bytes to both hashes, one JSON line for each figure.
//!
//! With `LIKENESS_PEER_PYTHON` set to a Python that has PyPI `pdqhash` and `pillow`, its way from bytes to one hash
//! is measured in the same run on the same bytes; without, the lines have no peer.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use pdq::{Limits, decode, hash_bytes, hash_image};

const PEER: &str = include_str!("peer.py");

/// A picture with detail of many sizes.
fn drawn(width: u32, height: u32) -> DynamicImage {
    let mut state = 1u32;
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let ring = ((x / 3) * (x / 3) + (y / 2) * (y / 2)) / 97 % 256;
        let grain = state % 13;
        Rgb([
            (ring * 3 / 4 + grain) as u8,
            (x * 200 / width + grain) as u8,
            (y * 200 / height + grain) as u8,
        ])
    }))
}

/// The median time in milliseconds.
fn median<T>(turns: usize, mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..turns)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[turns / 2]
}

fn print(name: &str, median: f64, peer: Option<f64>) {
    let beside = peer.map_or(String::new(), |value| {
        format!(
            r#","peer":"pdqhash and pillow","peer_median":{value:.3},"ratio":{:.2}"#,
            value / median
        )
    });
    println!(r#"{{"name":"{name}","median":{median:.3},"unit":"ms"{beside}}}"#);
}

/// The peer's median time in milliseconds.
fn peer(turns: usize, bytes: &[u8]) -> Option<f64> {
    let python = std::env::var_os("LIKENESS_PEER_PYTHON")?;
    let mut command = Command::new(python);
    command
        .args(["-c", PEER, &turns.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(bytes).ok()?;
    let output = child.wait_with_output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (width, height, turns) in [(512, 512, 60), (1920, 1080, 20), (4000, 3000, 5)] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        drawn(width, height).write_to(&mut bytes, ImageFormat::Jpeg)?;
        let bytes = bytes.into_inner();
        let limits = Limits::default();
        let image = decode(&bytes, &limits)?;
        let name = |what: &str| format!("pdq, {width} by {height}: {what}");
        print(
            &name("both hashes from pixels"),
            median(turns, || hash_image(&image)),
            None,
        );
        print(
            &name("decoding a JPEG"),
            median(turns, || decode(&bytes, &limits)),
            None,
        );
        let whole = median(turns, || hash_bytes(&bytes, &limits));
        print(&name("both hashes from a JPEG"), whole, peer(turns, &bytes));
    }
    Ok(())
}
