//! How far the hashes of drawn JPEG files are from PyPI `pdqhash`, whose decoder is another, one JSON line for each
//! figure. Fails if the median is not 0, one is further than 6 bits, or a quality gets to the other side of 50.
//!
//! Needs `LIKENESS_PEER_PYTHON` set to a Python that has PyPI `pdqhash` and `pillow`; does nothing without.

use std::path::Path;
use std::process::Command;

use pdq::{Hash256, Limits, Outcome, hash_bytes};

#[path = "../tests/drawn/mod.rs"]
mod drawn;

const PEER: &str = include_str!("jpegs.py");
/// The most bits that may differ.
const MOST_BITS: u32 = 6;
/// The quality from which a hash is used.
const GATE: u8 = 50;

fn draw_into(folder: &Path) -> std::io::Result<()> {
    for number in 0..drawn::COUNT {
        let picture = drawn::draw(number);
        let magic = if picture.channels == 3 { "P6" } else { "P5" };
        let mut file = format!("{magic}\n{} {}\n255\n", picture.width, picture.height).into_bytes();
        file.extend(picture.bytes);
        std::fs::write(folder.join(format!("{number:03}.ppm")), file)?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(python) = std::env::var_os("LIKENESS_PEER_PYTHON") else {
        println!("LIKENESS_PEER_PYTHON is not set: nothing to compare with");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    draw_into(folder.path())?;
    let output = Command::new(python)
        .args(["-c", PEER])
        .arg(folder.path())
        .output()?;
    let mut distances = Vec::new();
    let mut flips = 0;
    for line in String::from_utf8(output.stdout)?.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [file, quality, hash] = words[..] else {
            return Err(line.into());
        };
        let (quality, hash): (u8, Hash256) = (quality.parse()?, hash.parse()?);
        match hash_bytes(&std::fs::read(file)?, &Limits::default())? {
            Outcome::Hashed(own) => {
                let bits = own.full.hash.distance(&hash);
                if bits > MOST_BITS {
                    println!("{file}: {bits} bits, quality {quality}");
                }
                distances.push(bits);
                flips += u32::from((own.full.quality >= GATE) != (quality >= GATE));
            }
            Outcome::NotHashable(why) => println!("{file}: {why}"),
        }
    }
    distances.sort_unstable();
    let (Some(&most), Some(&median)) = (distances.last(), distances.get(distances.len() / 2))
    else {
        return Err("the peer hashed nothing".into());
    };
    let count = distances.len();
    let name = |what: &str| format!("pdq, {count} drawn JPEG files against PyPI pdqhash: {what}");
    for (what, value, unit) in [
        ("median distance", median, "bits"),
        ("greatest distance", most, "bits"),
        ("qualities on the other side of 50", flips, "1"),
    ] {
        println!(
            r#"{{"name":"{}","median":{value},"unit":"{unit}"}}"#,
            name(what)
        );
    }
    if median > 0 || most > MOST_BITS || flips > 0 {
        return Err("the hashes do not agree".into());
    }
    Ok(())
}
