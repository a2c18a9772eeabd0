//! What changed since the last merge: entries not yet in the base, struck-out places of the base.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Hash;

/// New entries, scanned by every search. Hashes are permuted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    pub hashes: Vec<Hash>,
    pub ids: Vec<u64>,
}

impl Pending {
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn push(&mut self, hash: Hash, id: u64) {
        self.hashes.push(hash);
        self.ids.push(id);
    }

    /// Removes the entries for which `matches` holds. Returns how many there were.
    pub(crate) fn remove(&mut self, matches: impl Fn(&Hash, u64) -> bool) -> usize {
        let before = self.len();
        let mut at = 0;
        while at < self.len() {
            if matches(&self.hashes[at], self.ids[at]) {
                self.hashes.swap_remove(at);
                self.ids.swap_remove(at);
            } else {
                at += 1;
            }
        }
        before - self.len()
    }
}

/// One bit for each place of a base: set once its entry is withdrawn.
#[derive(Debug)]
pub(crate) struct Struck(Vec<AtomicU64>);

impl Struck {
    /// Nothing struck out of `count` places.
    pub(crate) fn none(count: usize) -> Self {
        Self::from_words((0..count.div_ceil(64)).map(|_| 0))
    }

    /// From words in which bit k of word n is place 64 n + k.
    pub(crate) fn from_words(words: impl Iterator<Item = u64>) -> Self {
        Self(words.map(AtomicU64::new).collect())
    }

    /// The words.
    pub(crate) fn words(&self) -> Vec<u64> {
        self.0
            .iter()
            .map(|word| word.load(Ordering::Acquire))
            .collect()
    }

    pub(crate) fn is_struck(&self, place: u32) -> bool {
        let word = self.0.get(place as usize / 64);
        word.is_some_and(|word| word.load(Ordering::Acquire) >> (place % 64) & 1 == 1)
    }

    /// Strikes a place out. True if it was not before.
    pub(crate) fn strike(&self, place: u32) -> bool {
        let bit = 1 << (place % 64);
        let word = self.0.get(place as usize / 64);
        word.is_some_and(|word| word.fetch_or(bit, Ordering::AcqRel) & bit == 0)
    }

    /// How many places are struck out.
    pub(crate) fn count(&self) -> usize {
        self.0
            .iter()
            .map(|word| word.load(Ordering::Acquire).count_ones() as usize)
            .sum()
    }
}
