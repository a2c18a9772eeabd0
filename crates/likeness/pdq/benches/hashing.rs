//! Time from JPEG bytes to both hashes and three digests, one JSON line for each figure.
//!
//! With `LIKENESS_PEER_PYTHON` set to a Python that has PyPI `threatexchange`, its way from bytes to one hash,
//! without any digest, is measured in the same run on the same bytes, the two taking turns; without, the lines
//! have no peer. All times are of the processor, which waiting for others on a busy machine does not lengthen.
//! Everything runs on the calling thread: pin it with `taskset -c 1`.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use md5::Md5;
use pdq::{Hasher, Limits, hash_image};
use rustix::time::{ClockId, clock_gettime};
use sha1::Sha1;
use sha2::{Digest, Sha256};

const PEER: &str = include_str!("peer.py");

/// A picture with detail of many sizes: smooth grounds, hard edges and some grain, at about the bytes per pixel
/// of a photograph.
fn drawn(width: u32, height: u32) -> RgbImage {
    let mut state = 1u32;
    RgbImage::from_fn(width, height, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let (u, v) = (x * 1024 / width, y * 1024 / height);
        let disc = (u % 256).abs_diff(128).pow(2) + (v % 256).abs_diff(128).pow(2) < 6_400;
        let ring = (u * u + v * v) / 1_197 % 256;
        let grain = state % 9;
        let lift = if disc { 60 } else { 0 };
        Rgb([
            (ring / 2 + lift + grain) as u8,
            (u / 6 + lift / 2 + grain) as u8,
            (v / 6 + lift / 3 + grain) as u8,
        ])
    })
}

/// Median times in milliseconds of several pieces of work that take turns, so that a noisy minute hits all.
fn medians(turns: usize, works: &mut [&mut dyn FnMut() -> f64]) -> Vec<f64> {
    let mut times = vec![Vec::with_capacity(turns); works.len()];
    for _ in 0..turns {
        for (work, times) in works.iter_mut().zip(&mut times) {
            times.push(work());
        }
    }
    let middle = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[turns / 2]
    };
    times.into_iter().map(middle).collect()
}

/// Milliseconds of processor time that this thread has had.
fn spent() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Milliseconds of processor time that `work` takes.
fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let start = spent();
    std::hint::black_box(work());
    spent() - start
}

fn print(name: &str, median: f64, unit: &str, peer: Option<f64>) {
    let beside = peer.map_or(String::new(), |value| {
        let ratio = if unit == "1/s" {
            median / value
        } else {
            value / median
        };
        format!(r#","peer":"python-threatexchange","peer_median":{value:.3},"ratio":{ratio:.2}"#)
    });
    println!(r#"{{"name":"{name}","median":{median:.3},"unit":"{unit}"{beside}}}"#);
}

/// The peer, waiting for turns.
struct Peer {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Peer {
    fn start(bytes: &[u8]) -> Option<Self> {
        let python = std::env::var_os("LIKENESS_PEER_PYTHON")?;
        let mut command = Command::new(python);
        command
            .args(["-c", PEER, &bytes.len().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().ok()?;
        let mut ask = child.stdin.take()?;
        ask.write_all(bytes).ok()?;
        let answer = BufReader::new(child.stdout.take()?);
        Some(Self { child, ask, answer })
    }

    /// One turn, in milliseconds; not a number when the peer failed.
    fn turn(&mut self) -> f64 {
        let mut line = String::new();
        let asked = self.ask.write_all(b"\n").and_then(|()| self.ask.flush());
        let answered = asked.and_then(|()| self.answer.read_line(&mut line));
        answered
            .ok()
            .and_then(|_| line.trim().parse().ok())
            .unwrap_or(f64::NAN)
    }

    fn end(self) -> std::io::Result<()> {
        let Self {
            mut child,
            ask,
            mut answer,
        } = self;
        drop(ask);
        answer.read_to_end(&mut Vec::new())?;
        child.wait().map(drop)
    }
}

fn digests(bytes: &[u8]) -> ([u8; 16], [u8; 20], [u8; 32]) {
    (
        Md5::digest(bytes).into(),
        Sha1::digest(bytes).into(),
        Sha256::digest(bytes).into(),
    )
}

fn measure(width: u32, height: u32, turns: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut bytes = Vec::new();
    drawn(width, height).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 85))?;
    let limits = Limits::default();
    let image = DynamicImage::ImageRgb8(pdq::decode(&bytes, &limits)?.into_rgb8());
    let (mut hasher, mut other) = (Hasher::new(limits), Hasher::new(limits));
    let mut peer = Peer::start(&bytes);
    let with_peer = peer.is_some();
    let middle = medians(
        turns,
        &mut [
            &mut || timed(|| hash_image(&image)),
            &mut || timed(|| other.hash(&bytes)),
            &mut || timed(|| digests(&bytes)),
            &mut || timed(|| (hasher.hash(&bytes), digests(&bytes))),
            &mut || peer.as_mut().map_or(f64::NAN, Peer::turn),
        ],
    );
    let name = |what: &str| format!("pdq, {width} by {height}, {} bytes: {what}", bytes.len());
    print(&name("both hashes from pixels"), middle[0], "ms", None);
    print(&name("both hashes from the file"), middle[1], "ms", None);
    print(&name("three digests"), middle[2], "ms", None);
    print(
        &name("both hashes and three digests"),
        1e3 / middle[3],
        "1/s",
        with_peer.then_some(1e3 / middle[4]),
    );
    if let Some(peer) = peer {
        peer.end()?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (width, height, turns) in [(512, 512, 100), (1920, 1080, 40), (4000, 3000, 10)] {
        measure(width, height, turns)?;
    }
    Ok(())
}
