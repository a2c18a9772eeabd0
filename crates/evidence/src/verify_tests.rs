use std::io::Write as _;

use ed25519_dalek::SigningKey;
use ground::{Chance, Instant};
use zip::write::SimpleFileOptions;

use super::*;
use crate::manifest::{Item, Seen, Visitor};
use crate::package::{Contents, whole, without_payloads};
use crate::warc::Payload;
use crate::{Built, Exchange, Exchanges, Resource, build};

type Shown<T = ()> = Result<T, Box<dyn std::error::Error>>;

const PAGE: &[u8] = b"<html><body><p>shapes, and nothing else on this drawn page</p></body></html>";
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and the rest of a picture of a drawn circle";
const SHOT: &[u8] = b"\x89PNG\r\n\x1a\n and the rest of the picture of the whole page";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn payload(bytes: &[u8]) -> Payload {
    Payload {
        sha256: sha256_hex(bytes),
        bytes: bytes.len() as u64,
        truncated: false,
    }
}

fn bytes_of(sha256: &str) -> Option<&'static [u8]> {
    [PAGE, PICTURE, SHOT]
        .into_iter()
        .find(|bytes| sha256_hex(bytes) == sha256)
}

fn manifest() -> Manifest {
    Manifest {
        format: FORMAT.into(),
        version: VERSION,
        nonce: "00".repeat(16),
        hotline: "Example Hotline".into(),
        visit: "vis_1".into(),
        address: "https://gallery.example/".into(),
        began_at: "2026-11-26T11:00:00.000Z".into(),
        ended_at: "2026-11-26T11:00:04.000Z".into(),
        not_captured: None,
        final_address: Some("https://gallery.example/".into()),
        status: Some(200),
        redirects: Vec::new(),
        visitor: Visitor {
            program: "Meldpunt 0".into(),
            via: Some("browser".into()),
            browser: Some("Chrome/156".into()),
            boxed: true,
            browser_sandboxed: Some(true),
        },
        connections: Vec::new(),
        certificates: Vec::new(),
        items: vec![Item {
            address: "https://gallery.example/1.png".into(),
            found_by: "page".into(),
            media_type: "image/png".into(),
            bytes: PICTURE.len() as u64,
            width: Some(10),
            height: Some(10),
            sha256: sha256_hex(PICTURE),
            sha1: String::new(),
            md5: String::new(),
        }],
        screenshot: Some(Seen {
            sha256: sha256_hex(SHOT),
            bytes: SHOT.len() as u64,
        }),
        records: Vec::new(),
    }
}

fn exchange(address: &str, media_type: &str, bytes: &[u8]) -> Exchange {
    Exchange {
        at: Instant::from_ms(1_790_000_000_250),
        method: "GET".into(),
        address: address.into(),
        asked_with: vec![("User-Agent".into(), "visitor".into())],
        status: Some(200),
        headers: vec![
            ("content-type".into(), media_type.into()),
            ("content-encoding".into(), "br".into()),
        ],
        payload: Some(payload(bytes)),
        fault: None,
        ip: Some([192, 0, 2, 7].into()),
    }
}

fn built() -> Shown<Built> {
    let at = Instant::from_ms(1_790_000_000_000);
    let seen = Exchanges {
        at,
        exchanges: vec![
            exchange("https://gallery.example/", "text/html; charset=utf-8", PAGE),
            exchange("https://gallery.example/1.png", "image/png", PICTURE),
            Exchange {
                status: None,
                payload: None,
                fault: Some("the connection broke".into()),
                ..exchange("https://gallery.example/2.png", "", b"")
            },
        ],
        resources: vec![Resource {
            name: "urn:screenshot:https://gallery.example/".into(),
            media_type: "image/png".into(),
            at,
            payload: payload(SHOT),
        }],
        bytes_of: &bytes_of,
    };
    Ok(build(&seen, manifest(), &Chance::seeded(5))?)
}

struct Made {
    manifest: Vec<u8>,
    whole: Vec<u8>,
    light: Vec<u8>,
}

fn made(stamp: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Shown<Made> {
    let built = built()?;
    let manifest = serde_json::to_vec_pretty(&built.manifest)?;
    let signature = Signature::of(&manifest, &key());
    let stamp = stamp(&manifest);
    let contents = Contents {
        manifest: &manifest,
        signature: &signature,
        stamp: stamp.as_deref(),
        records: &built.records,
    };
    let light = without_payloads(&contents)?;
    let whole = whole(&contents, bytes_of)?;
    assert_eq!(whole.gone, 0);
    Ok(Made {
        whole: whole.file,
        light,
        manifest,
    })
}

fn unstamped(_: &[u8]) -> Option<Vec<u8>> {
    None
}

/// The same archive with one file altered.
fn altered(file: &[u8], name: &str, alter: impl Fn(Vec<u8>) -> Vec<u8>) -> Shown<Vec<u8>> {
    let mut from = zip::ZipArchive::new(Cursor::new(file))?;
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = false;
    for place in 0..from.len() {
        let mut entry = from.by_index(place)?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        let entry_name = entry.name()?.into_owned();
        if entry_name == name {
            bytes = alter(bytes);
            found = true;
        }
        to.start_file(entry_name, SimpleFileOptions::default())?;
        to.write_all(&bytes)?;
    }
    assert!(found, "{name} is not in the archive");
    Ok(to.finish()?.into_inner())
}

fn fails(file: &[u8]) -> Vec<String> {
    let report = verify(file, Some(&key().verifying_key()), None);
    report
        .findings
        .into_iter()
        .filter(|one| one.answer == Answer::Fails)
        .map(|one| one.said)
        .collect()
}

#[test]
fn both_files_hold_and_the_light_one_has_no_byte_of_what_was_seen() -> Shown {
    let made = made(unstamped)?;
    for file in [&made.whole, &made.light] {
        assert_eq!(fails(file), Vec::<String>::new());
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(&made.light))?;
    for place in 0..archive.len() {
        let mut bytes = Vec::new();
        archive.by_index(place)?.read_to_end(&mut bytes)?;
        let mut unpacked = Vec::new();
        let _ = flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut unpacked);
        for text in [bytes, unpacked] {
            for seen in [PAGE, PICTURE, SHOT] {
                let part = &seen[seen.len() - 20..];
                assert!(!text.windows(20).any(|window| window == part));
            }
        }
    }
    Ok(())
}

#[test]
fn what_was_destroyed_since_leaves_a_file_that_still_holds() -> Shown {
    let built = built()?;
    let manifest = serde_json::to_vec_pretty(&built.manifest)?;
    let signature = Signature::of(&manifest, &key());
    let contents = Contents {
        manifest: &manifest,
        signature: &signature,
        stamp: None,
        records: &built.records,
    };
    let left = whole(&contents, |sha256| {
        bytes_of(sha256).filter(|bytes| *bytes != PICTURE)
    })?;
    assert_eq!((left.gone, fails(&left.file)), (1, Vec::new()));
    Ok(())
}

#[test]
fn a_changed_manifest_another_key_and_another_record_are_told_apart() -> Shown {
    let made = made(unstamped)?;
    let later = altered(&made.light, MANIFEST, |bytes| {
        String::from_utf8_lossy(&bytes)
            .replace("11:00:00", "12:00:00")
            .into_bytes()
    })?;
    assert!(
        fails(&later)
            .iter()
            .any(|said| said.contains("not the signature of these bytes"))
    );
    let other = SigningKey::from_bytes(&[1; 32]).verifying_key();
    assert!(!verify(&made.light, Some(&other), None).holds());
    let swapped = altered(&made.whole, WARC, |bytes| {
        let mut records: Vec<Vec<u8>> = Vec::new();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let mut member = flate2::bufread::GzDecoder::new(rest);
            let mut record = Vec::new();
            let _ = member.read_to_end(&mut record);
            rest = member.into_inner();
            let circle = record.windows(6).position(|part| part == b"circle");
            if let Some(at) = circle {
                record[at..at + 6].copy_from_slice(b"square");
            }
            records.push(record);
        }
        records
            .iter()
            .flat_map(|one| crate::warc::compressed(one).unwrap_or_default())
            .collect()
    })?;
    assert!(
        fails(&swapped)
            .iter()
            .any(|said| said.contains("is not what was signed"))
    );
    let shorter = altered(&made.light, WARC, |bytes| {
        bytes[..bytes.len() - 200].to_vec()
    })?;
    assert!(!fails(&shorter).is_empty());
    let longer = altered(&made.light, WARC, |bytes| [bytes.clone(), bytes].concat())?;
    assert!(
        fails(&longer)
            .iter()
            .any(|said| said.contains("were not signed"))
    );
    let listed = altered(&made.light, INDEX, |_| b"nothing".to_vec())?;
    assert!(
        fails(&listed)
            .iter()
            .any(|said| said.contains("not those of its list"))
    );
    Ok(())
}

#[test]
fn a_flipped_bit_anywhere_in_the_signed_files_is_noticed() -> Shown {
    let made = made(unstamped)?;
    for name in [WARC, MANIFEST, SIGNATURE] {
        for place in 0..40 {
            let file = altered(&made.light, name, |mut bytes| {
                let at = place * bytes.len() / 40;
                // The time in a gzip head and its like are of no record; the list notices those.
                bytes[at] ^= 1;
                bytes
            })?;
            assert!(!fails(&file).is_empty(), "{name} at {place}/40");
        }
    }
    Ok(())
}

#[test]
fn a_file_with_something_else_in_it_is_refused() -> Shown {
    assert!(!verify(b"no archive", None, None).holds());
    let mut more = zip::ZipWriter::new_append(Cursor::new(made(unstamped)?.light))?;
    more.start_file("archive/other.warc.gz", SimpleFileOptions::default())?;
    let file = more.finish()?.into_inner();
    assert!(
        fails(&file)
            .iter()
            .any(|said| said.contains("has no place"))
    );
    Ok(())
}

#[path = "verify_stamp_tests.rs"]
mod stamps;
