//! Whatever is put in, taken out, merged and saved: searches answer exactly what comparing every entry answers.

use std::collections::BTreeSet;

use likeness_index::{Check, Entry, Hash, LikenessIndex, Match};
use proptest::prelude::*;

/// A small generator, so that a case is one number.
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

    /// `hash` with `flips` bits inverted (a bit drawn twice is back as it was).
    fn near(&mut self, hash: &Hash, flips: u64) -> Hash {
        let mut near = *hash;
        for _ in 0..flips {
            let bit = self.roll() % 256;
            near[(bit / 64) as usize] ^= 1 << (bit % 64);
        }
        near
    }
}

/// Hashes of which a share lie close to a few centres, as near-duplicates do.
fn hashes(dice: &mut Dice, count: usize, clustered: u64) -> Vec<Hash> {
    let centres: Vec<Hash> = (0..3).map(|_| dice.hash()).collect();
    (0..count)
        .map(|_| {
            if dice.roll() % 100 < clustered {
                let (centre, flips) = (centres[(dice.roll() % 3) as usize], dice.roll() % 45);
                dice.near(&centre, flips)
            } else {
                dice.hash()
            }
        })
        .collect()
}

fn entries(hashes: &[Hash]) -> Vec<Entry> {
    hashes
        .iter()
        .zip(0..)
        .map(|(&hash, id)| Entry { hash, id })
        .collect()
}

fn by_comparing(entries: &[Entry], query: &Hash, radius: u32) -> Vec<Match> {
    let distance = |hash: &Hash| {
        hash.iter()
            .zip(query)
            .map(|(a, b)| (a ^ b).count_ones())
            .sum::<u32>()
    };
    let mut matches: Vec<Match> = entries
        .iter()
        .map(|entry| Match {
            distance: distance(&entry.hash),
            id: entry.id,
        })
        .filter(|found| found.distance <= radius)
        .collect();
    matches.sort_unstable();
    matches
}

#[test]
fn recall_is_exactly_one_for_random_and_clustered_hashes_of_every_radius() {
    for (clustered, radius, count) in [
        (0, 31, 120_000),
        (2, 31, 120_000),
        (30, 31, 120_000),
        (100, 31, 120_000),
        (5, 10, 120_000),
        (5, 40, 220_000),
        (5, 0, 120_000),
    ] {
        let mut dice = Dice(7 + clustered);
        let all = entries(&hashes(&mut dice, count, clustered));
        let index = LikenessIndex::build(radius, all.iter().copied()).unwrap();
        assert!(
            !index.statistics().bands.is_empty(),
            "radius {radius} is searched by bands"
        );
        for turn in 0..120 {
            let base = all[(dice.roll() % count as u64) as usize].hash;
            let query = dice.near(&base, turn % 50);
            let expected = by_comparing(&all, &query, radius);
            assert_eq!(index.search(&query, radius), expected);
            assert_eq!(index.linear(&query, radius), expected);
            assert_eq!(
                index.search(&query, radius / 2),
                by_comparing(&all, &query, radius / 2)
            );
        }
        let query = dice.hash();
        assert_eq!(
            index.search(&query, 100),
            by_comparing(&all, &query, 100),
            "beyond its radius it scans"
        );
    }
}

#[test]
fn a_hundred_thousand_equal_hashes_are_all_found_and_each_can_be_withdrawn() {
    let mut dice = Dice(5);
    let same = dice.hash();
    let mut all = entries(&vec![same; 100_000]);
    all.extend(
        hashes(&mut dice, 100_000, 0)
            .into_iter()
            .zip(500_000..)
            .map(|(hash, id)| Entry { hash, id }),
    );
    let index = LikenessIndex::build(31, all.iter().copied()).unwrap();
    assert_eq!(index.search(&same, 31).len(), 100_000);
    assert_eq!(index.withdraw(&same, 99_999), 1);
    assert_eq!(index.withdraw(&same, 99_999), 0);
    assert_eq!(index.search(&same, 31).len(), 99_999);
    assert_eq!(index.search(&all[150_000].hash, 31).len(), 1);
}

#[test]
fn changes_made_while_merging_are_neither_lost_nor_undone() {
    let mut dice = Dice(11);
    let all = entries(&hashes(&mut dice, 60_000, 3));
    let index = LikenessIndex::build(31, all.iter().copied()).unwrap();
    let extra = entries(&hashes(&mut dice, 300, 0));
    std::thread::scope(|scope| {
        let merging = scope.spawn(|| (0..3).for_each(|_| index.merge().unwrap()));
        for (turn, entry) in extra.iter().enumerate() {
            index.insert(&entry.hash, 1_000_000 + entry.id);
            assert!(
                !index.search(&entry.hash, 0).is_empty(),
                "an added hash is found at once"
            );
            let withdrawn = &all[turn * 150];
            assert_eq!(index.withdraw(&withdrawn.hash, withdrawn.id), 1);
            let left = index.search(&withdrawn.hash, 0);
            assert!(
                left.iter().all(|found| found.id != withdrawn.id),
                "a withdrawn hash is found no more"
            );
            if turn % 50 == 0 {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        }
        merging.join().unwrap();
    });
    index.merge().unwrap();
    assert_eq!(index.len(), 60_000);
    let statistics = index.statistics();
    assert_eq!((statistics.pending, statistics.withdrawn), (0, 0));
    for (turn, entry) in extra.iter().enumerate() {
        assert!(
            index
                .search(&entry.hash, 0)
                .iter()
                .any(|found| found.id == 1_000_000 + entry.id)
        );
        let withdrawn = &all[turn * 150];
        assert!(
            index
                .search(&withdrawn.hash, 0)
                .iter()
                .all(|found| found.id != withdrawn.id)
        );
    }
}

/// One thing done to an index.
#[derive(Clone, Debug)]
enum Step {
    Insert {
        clustered: bool,
    },
    Withdraw(prop::sample::Index),
    WithdrawId(prop::sample::Index),
    Merge,
    SaveAndOpen {
        whole: bool,
        resident: bool,
    },
    Search {
        near: prop::sample::Index,
        flips: u64,
        radius: u32,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<bool>().prop_map(|clustered| Step::Insert { clustered }),
        3 => any::<prop::sample::Index>().prop_map(Step::Withdraw),
        1 => any::<prop::sample::Index>().prop_map(Step::WithdrawId),
        1 => Just(Step::Merge),
        1 => any::<(bool, bool)>().prop_map(|(whole, resident)| Step::SaveAndOpen { whole, resident }),
        5 => (any::<prop::sample::Index>(), 0u64..45, 0u32..=45)
            .prop_map(|(near, flips, radius)| Step::Search { near, flips, radius }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_order_of_changes_merges_and_snapshots_keeps_the_index_exact(
        seed in 1u64..,
        start in prop_oneof![Just(0usize), 1usize..200, 40_000usize..60_000],
        clustered in 0u64..=100,
        steps in prop::collection::vec(step(), 1..50),
    ) {
        let mut dice = Dice(seed);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("snapshot");
        let mut all = entries(&hashes(&mut dice, start, clustered));
        let mut index = LikenessIndex::build(31, all.iter().copied()).unwrap();
        let mut next = start as u64;
        for step in steps {
            match step {
                Step::Insert { clustered } => {
                    let hash = match all.first() {
                        Some(entry) if clustered => dice.near(&entry.hash, 9),
                        _ => dice.hash(),
                    };
                    index.insert(&hash, next);
                    all.push(Entry { hash, id: next });
                    next += 1;
                }
                Step::Withdraw(which) if !all.is_empty() => {
                    let gone = all.swap_remove(which.index(all.len()));
                    prop_assert_eq!(index.withdraw(&gone.hash, gone.id), 1);
                }
                Step::WithdrawId(which) if !all.is_empty() => {
                    let gone = all.swap_remove(which.index(all.len()));
                    prop_assert_eq!(index.withdraw_id(gone.id), 1);
                }
                Step::Merge => index.merge().unwrap(),
                Step::SaveAndOpen { whole, resident } => {
                    index.save(&file).unwrap();
                    index = LikenessIndex::open(&file, if whole { Check::Whole } else { Check::Header }).unwrap();
                    if resident {
                        index.make_resident().unwrap();
                    }
                }
                Step::Search { near, flips, radius } => {
                    let around = if all.is_empty() { dice.hash() } else { all[near.index(all.len())].hash };
                    let query = dice.near(&around, flips);
                    prop_assert_eq!(index.search(&query, radius), by_comparing(&all, &query, radius));
                }
                _ => {}
            }
            prop_assert_eq!(index.len(), all.len());
        }
        let ids: BTreeSet<u64> = all.iter().map(|entry| entry.id).collect();
        let found: BTreeSet<u64> = index.linear(&[0; 4], 256).iter().map(|found| found.id).collect();
        prop_assert_eq!(ids, found);
    }
}
