use sha2::{Digest as _, Sha256};

use super::*;

/// Files drawn by code and written by Pillow, and the digests of the pixels that libjpeg-turbo decodes from them
/// (made by `tests/reference/jpegs.py`).
fn files() -> Vec<(String, Vec<u8>, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/jpegs");
    let digests = std::fs::read_to_string(format!("{folder}/digests.txt")).unwrap();
    let file = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let bytes = std::fs::read(format!("{folder}/{}", words[0])).unwrap();
        (words[0].to_owned(), bytes, words[3].to_owned())
    };
    digests.lines().map(file).collect()
}

fn digest(planes: &Planes) -> String {
    let digest = Sha256::digest(planes.interleaved());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_pixel_is_that_of_libjpeg_turbo() {
    let mut planes = Planes::default();
    for (name, bytes, expected) in files() {
        planes.decode(&bytes, 65_535, 1 << 30).expect(&name);
        assert_eq!(digest(&planes), expected, "{name}");
    }
}

#[test]
fn the_portable_twin_decodes_the_same() {
    let mut planes = Planes::default();
    for (name, bytes, expected) in files() {
        let mut reader = Reader::new(&bytes).unwrap();
        let frame = reader.frame().unwrap();
        planes.fill::<PortableEight>(reader, &frame).expect(&name);
        assert_eq!(digest(&planes), expected, "{name}");
    }
}

#[test]
fn what_is_cut_off_is_left_to_the_general_decoder() {
    for (name, bytes, _) in files() {
        for end in (0..bytes.len() - 2).step_by(7) {
            let cut = Planes::default().decode(&bytes[..end], 65_535, 1 << 30);
            assert!(cut.is_none(), "{name} up to {end}");
        }
    }
}

#[test]
fn changed_bytes_never_bring_the_program_down() {
    let mut planes = Planes::default();
    for (_, bytes, _) in files() {
        for at in 0..bytes.len() {
            for value in [0, 0xFF, bytes[at] ^ 0x10, bytes[at].wrapping_add(1)] {
                let mut changed = bytes.clone();
                changed[at] = value;
                // Sizes that a changed header makes up are kept small: this is about sense, not memory.
                if planes.decode(&changed, 2_000, 4 << 20).is_some() {
                    assert!(planes.interleaved().len() >= planes.width * planes.height);
                }
            }
        }
    }
}

#[test]
fn sides_and_memory_beyond_the_limits_are_refused_before_anything_is_decoded() {
    let (_, bytes, _) = files().swap_remove(5);
    let mut planes = Planes::default();
    assert!(planes.decode(&bytes, 49, 1 << 30).is_none());
    assert!(planes.decode(&bytes, 50, 1 << 30).is_some());
    assert!(planes.decode(&bytes, 50, 10_000).is_none());
}
