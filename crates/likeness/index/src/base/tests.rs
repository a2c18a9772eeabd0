//! The work of a search is counted, not timed: what is looked up and compared, against a scan of all.

use super::*;
use crate::building::build;

/// A small generator (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn hash(&mut self) -> Hash {
        std::array::from_fn(|_| self.roll())
    }

    fn near(&mut self, hash: &Hash, flips: u64) -> Hash {
        let mut near = *hash;
        for _ in 0..flips {
            let bit = self.roll() % 256;
            near[(bit / 64) as usize] ^= 1 << (bit % 64);
        }
        near
    }
}

/// Clusters of every size from a quarter of all down to three, four fifths of all together; and one of each.
fn clustered(dice: &mut Dice, count: usize) -> (Vec<Hash>, Vec<Hash>) {
    let (mut hashes, mut centres) = (Vec::new(), Vec::new());
    let mut size = count / 4;
    while hashes.len() < count * 4 / 5 {
        let centre = dice.hash();
        centres.push(centre);
        for _ in 0..size.min(count * 4 / 5 - hashes.len()) {
            let flips = dice.roll() % 24;
            hashes.push(dice.near(&centre, flips));
        }
        size = (size * 2 / 3).max(3);
    }
    hashes.resize_with(count, || dice.hash());
    (hashes, centres)
}

#[test]
fn among_near_duplicates_no_hash_is_compared_before_a_scan_and_few_instead_of_one() {
    for count in [60_000, 150_000, 400_000] {
        let mut dice = Dice(count as u64);
        let (hashes, centres) = clustered(&mut dice, count);
        let base = build(count, 31, hashes.iter().copied().zip(0..)).unwrap();
        let (mut scans, mut by_bands) = (0, 0);
        for centre in centres.iter().take(200) {
            let query = dice.near(centre, 5);
            let mut scratch = Scratch::default();
            if base.search_bands(&query, 31, &mut scratch).is_some() {
                by_bands += 1;
                assert!(scratch.candidates.len() <= count / SCAN_PAYS);
            } else {
                scans += 1;
                assert_eq!(scratch.candidates.len(), 0, "work done for nothing");
            }
        }
        assert!(scans > 5 && by_bands > 5, "{count}: {scans} {by_bands}");
    }
}

#[test]
fn a_large_cluster_is_noticed_after_a_small_part_of_the_look_ups() {
    let count = 300_000;
    let mut dice = Dice(9);
    let (hashes, centres) = clustered(&mut dice, count);
    let base = build(count, 31, hashes.iter().copied().zip(0..)).unwrap();
    let most_lists: usize = base.patterns.iter().take(2).map(Vec::len).sum();
    for centre in &centres[..3] {
        let mut scratch = Scratch::default();
        assert!(base.search_bands(centre, 31, &mut scratch).is_none());
        assert!(scratch.lists.len() <= most_lists);
    }
}

#[test]
fn look_ups_and_comparisons_of_a_search_are_few_beside_a_scan_at_every_size() {
    for count in [25_000, 50_000, 100_000, 1_000_000, 10_000_000, 100_000_000] {
        for radius in [10, 31, 40] {
            let bands = crate::layout::bands_for(count, radius);
            let probes: usize = bands.iter().map(|band| band.patterns().len()).sum();
            assert!(probes * 80 <= count, "{count} {radius}: {probes} look-ups");
            // Random hashes must not be taken for near-duplicates.
            let expected: f64 = bands
                .iter()
                .map(|band| {
                    band.patterns().len() as f64 * count as f64 / f64::from(1u32 << band.width)
                })
                .sum();
            assert!(
                expected * 1.8 <= (count / SCAN_PAYS) as f64,
                "{count} {radius}: {expected} comparisons"
            );
        }
    }
}
