//! A damaged, cut or foreign file is told apart from a snapshot, and never brings the program down.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has to fail"
)]

use likeness_index::{Check, Entry, LikenessIndex, SnapshotError};
use proptest::prelude::*;

fn saved(count: u64) -> Vec<u8> {
    let hash = |n: u64| {
        std::array::from_fn(|word| (n + word as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ n << 7)
    };
    let entries: Vec<Entry> = (0..count).map(|id| Entry { hash: hash(id), id }).collect();
    let index = LikenessIndex::build(31, entries.into_iter()).unwrap();
    index.insert(&[1, 2, 3, 4], 900_000);
    index.withdraw(&hash(3), 3);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snapshot");
    index.save(&file).unwrap();
    std::fs::read(file).unwrap()
}

fn opened(bytes: &[u8], check: Check) -> Result<LikenessIndex, SnapshotError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snapshot");
    std::fs::write(&file, bytes).unwrap();
    LikenessIndex::open(&file, check)
}

#[test]
fn an_undamaged_snapshot_opens_with_withdrawals_and_pending_entries() {
    let index = opened(&saved(1_000), Check::Whole).unwrap();
    assert_eq!(index.len(), 1_000);
    assert_eq!(index.search(&[1, 2, 3, 4], 0)[0].id, 900_000);
}

#[test]
fn a_file_that_is_no_snapshot_is_refused() {
    assert!(matches!(
        opened(b"", Check::Header),
        Err(SnapshotError::NotASnapshot)
    ));
    assert!(matches!(
        opened(&[7; 9_000], Check::Header),
        Err(SnapshotError::NotASnapshot)
    ));
    let mut other = saved(10);
    other[8] = 99;
    assert!(matches!(
        opened(&other, Check::Header),
        Err(SnapshotError::Version(99))
    ));
}

/// Regression (ag). An index that is kept as a pickle is a program: whoever can write the file says what
/// the reader does. A snapshot is numbers at fixed places, and nothing else is read.
#[test]
fn a_pickle_is_no_snapshot_not_even_behind_a_sound_opening() {
    // As protocol 4 writes it: a call of a function by its name, with its argument.
    let pickle = b"\x80\x04\x95\x20\0\0\0\0\0\0\0\x8c\x08builtins\x94\x8c\x05print\x94\x93\x94\x8c\x04fell\x94\x85\x94R\x94.";
    let alone = [&pickle[..], &[0; 9_000]].concat();
    for check in [Check::Header, Check::Whole] {
        let refused = opened(&alone, check);
        assert!(matches!(refused, Err(SnapshotError::NotASnapshot)));
    }
    let sound = saved(10);
    let behind = [&sound[..16], &pickle[..], &sound[16 + pickle.len()..]].concat();
    assert!(opened(&behind, Check::Header).is_err());
}

#[test]
fn a_cut_or_lengthened_snapshot_is_refused_without_reading_it_all() {
    let whole = saved(1_000);
    let cut = opened(&whole[..whole.len() - 1], Check::Header);
    assert!(matches!(cut, Err(SnapshotError::Length { .. })));
    let longer = [whole, vec![0]].concat();
    assert!(matches!(
        opened(&longer, Check::Header),
        Err(SnapshotError::Length { .. })
    ));
}

#[test]
fn a_replaced_snapshot_does_not_disturb_those_who_mapped_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snapshot");
    let index = LikenessIndex::new(31).unwrap();
    index.insert(&[5; 4], 5);
    index.save(&file).unwrap();
    let mapped = LikenessIndex::open(&file, Check::Whole).unwrap();
    index.insert(&[6; 4], 6);
    index.save(&file).unwrap();
    assert_eq!(mapped.len(), 1);
    assert_eq!(LikenessIndex::open(&file, Check::Whole).unwrap().len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn every_changed_byte_is_noticed(at: prop::sample::Index, by in 1u8..) {
        static SAVED: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| saved(1_000));
        let mut bytes = SAVED.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= by;
        prop_assert!(opened(&bytes, Check::Whole).is_err());
    }

    #[test]
    fn damage_in_an_unchecked_body_never_brings_the_program_down(
        places in prop::collection::vec(any::<prop::sample::Index>(), 1..400),
        value: u8,
    ) {
        static SAVED: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| saved(60_000));
        let mut bytes = SAVED.clone();
        let body = bytes.len() - 4096;
        places.iter().for_each(|place| bytes[4096 + place.index(body)] = value);
        if let Ok(index) = opened(&bytes, Check::Header) {
            for word in 0..50 {
                index.search(&[word, word << 9, !word, 77], 31);
            }
            index.withdraw(&[1, 2, 3, 4], 900_000);
            let _ = index.merge();
        }
    }
}
