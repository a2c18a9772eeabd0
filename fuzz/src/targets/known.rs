//! Readers of what is known already: files of hash lists, what stands beside an exported one, and the
//! index of looks as a file.

use std::ops::ControlFlow;

use hashlist::{Column, Format, Key, Kind};
use likeness_index::{Check, Entry, LikenessIndex};

/// A snapshot of the likeness index. Nobody guesses a checksum: the bytes are changes to a sound file,
/// a place of four bytes and the word that comes there, and the header's checksum is made to fit. The
/// highest bit of a place says whether it is one of the header or of the whole file.
pub fn snapshot(bytes: &[u8]) {
    const HEADER: usize = 4_096;
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let file = folder.path().join("snapshot");
    let mut written = sound_snapshot(&file);
    for change in bytes.chunks_exact(12).take(64) {
        let Some((place, word)) = change.split_first_chunk::<4>() else {
            continue;
        };
        let place = u32::from_le_bytes(*place);
        let within = if place >> 31 == 1 {
            HEADER
        } else {
            written.len()
        };
        let at = (place & (u32::MAX >> 1)) as usize % (within / 8) * 8;
        written[at..at + 8].copy_from_slice(word);
    }
    let sum = xxhash_rust::xxh3::xxh3_64(&written[..HEADER - 8]);
    written[HEADER - 8..HEADER].copy_from_slice(&sum.to_ne_bytes());
    if std::fs::write(&file, &written).is_err() {
        return;
    }
    if let Ok(index) = LikenessIndex::open(&file, Check::Header) {
        for asked in [snapshot_entry(7), snapshot_entry(CROWD)] {
            for radius in [0, SNAPSHOT_RADIUS, 31] {
                let _ = index.search(&asked.hash, radius);
            }
            index.insert(&asked.hash, 1);
            index.withdraw(&asked.hash, asked.id);
        }
        let _ = index.merge();
    }
    let _ = LikenessIndex::open(&file, Check::Whole);
}

/// So small a radius that few hashes are laid out in bands, as a large index is.
const SNAPSHOT_RADIUS: u32 = 4;
/// From this number on all entries have one hash, more of them than a line of the directory counts.
const CROWD: u64 = 3_000;

fn snapshot_entry(id: u64) -> Entry {
    // Splitmix: hashes that fall into many buckets.
    let word = |n: u64| {
        let mut word = (id.min(CROWD) * 4 + n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB)
    };
    let hash = [word(0), word(1), word(2), word(3)];
    Entry { hash, id }
}

fn sound_snapshot(file: &std::path::Path) -> Vec<u8> {
    static SOUND: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    let made = || {
        let entries: Vec<Entry> = (0..CROWD + 500).map(snapshot_entry).collect();
        let index = LikenessIndex::build(SNAPSHOT_RADIUS, entries.into_iter()).ok()?;
        index.withdraw(&snapshot_entry(9).hash, 9);
        index.insert(&snapshot_entry(9).hash, 10);
        index.save(file).ok()?;
        std::fs::read(file).ok()
    };
    let sound = SOUND.get_or_init(|| made().unwrap_or_else(|| vec![0; 8_192]));
    // Bands, and lines whose lists are too long to be counted in them: or what reads them is not reached.
    let word = |at: usize| {
        sound[at * 8..]
            .first_chunk()
            .map(|word| u64::from_ne_bytes(*word))
    };
    assert!(
        word(5) > Some(0) && word(6) > Some(0),
        "{:?} {:?}",
        word(5),
        word(6)
    );
    sound.clone()
}

/// The statement beside an exported list: whatever it is, nobody else's is ours.
pub fn signed_statement(bytes: &[u8]) {
    // A key of which the other half was thrown away.
    const OURS: &str = "91f5514727375967a32129cc158a778bcaf51537fac992c2fc217f660ef1044f";
    let Ok(signed) = serde_json::from_slice::<hashlist::Signed>(bytes) else {
        return;
    };
    let again = serde_json::to_vec(&signed).map(|text| serde_json::from_slice(&text).ok());
    assert_eq!(again.ok().flatten().as_ref(), Some(&signed));
    if let Ok(key) = hashlist::public_key(&signed.key) {
        let _ = signed.verify(&key, &[0; 32]);
    }
    let ours = hashlist::public_key(OURS).map(|key| signed.verify(&key, &[0; 32]));
    assert!(ours.is_ok_and(|verified| verified.is_err()));
}

/// A file of a source: rows come in order, and every hash of a good one is written as it was read.
fn list(bytes: &[u8], format: &Format) {
    let mut last = 0;
    let _ = hashlist::read(bytes, format, &mut |row| {
        assert!(row.number > last);
        last = row.number;
        if let Ok(said) = row.said {
            assert!(!said.keys.is_empty());
            for key in said.keys {
                assert_eq!(Key::parse(key.kind(), &key.to_string()), Ok(key));
            }
        }
        ControlFlow::Continue(())
    });
}

/// A list with one hash in each line.
pub fn list_plain(bytes: &[u8]) {
    list(bytes, &Format::Plain(Kind::Sha1));
}

/// A list in columns.
pub fn list_csv(bytes: &[u8]) {
    let columns = vec![
        Column::Hash(Kind::Sha256),
        Column::Hash(Kind::Pdq512),
        Column::Category,
        Column::State,
        Column::Ignored,
    ];
    list(bytes, &Format::Csv(columns));
}

/// A list as hasher-matcher-actioner's tools write it.
pub fn list_hma(bytes: &[u8]) {
    list(bytes, &Format::Hma);
}

/// A list as Project VIC writes it.
pub fn list_vics(bytes: &[u8]) {
    list(bytes, &Format::Vics);
}
