//! Which of the entries that a hash matches are told. There may be millions, around one picture: they
//! are gone through and only those that are told are put into words.

use std::collections::HashMap;
use std::sync::Arc;

use pdq::Hash256;

use crate::digest::Digest;
use crate::held::{Numbered, parts};
use crate::live::{Hit, Live, NearHit};

/// The order in which one entry is told before another: our own list, for what is on it was judged here;
/// then entries of which the source names a category; then the nearest, the list that was made first, the
/// entry that came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    others: bool,
    unnamed: bool,
    distance: u32,
    list: u16,
    id: u64,
}

impl Rank {
    /// None of a list that is off.
    fn of(lists: &Numbered, id: u64, distance: u32) -> Option<Self> {
        let (list, category) = parts(id);
        let listed = lists.get(&list)?;
        listed.enabled.then_some(Self {
            others: !listed.own,
            unnamed: category == 0,
            distance,
            list,
            id,
        })
    }
}

/// The earlier of two, if there are two.
fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    [one, other].into_iter().flatten().min()
}

impl Live {
    /// Of the entries of enabled lists with exactly this digest the one that is told when only one is: of
    /// our own list before others, with a category before one without, of the list that was made first.
    #[must_use]
    pub fn first(&self, digest: &Digest) -> Option<Hit> {
        let held = self.read();
        let ids = held.exact(digest).into_iter();
        let ranks = ids.filter_map(|id| Rank::of(&held.lists, id, 0));
        held.hit(ranks.min()?.id)
    }

    /// The same of the entries within `radius` bits of this hash; among those of equal standing, the
    /// nearest.
    #[must_use]
    pub fn nearest(&self, pdq: &Hash256, radius: u32) -> Option<NearHit> {
        let mut best = None;
        self.visit(pdq, radius, |lists, id, distance| {
            best = earlier(best, Rank::of(lists, id, distance));
        });
        let best = best?;
        let hit = self.read().hit(best.id)?;
        let distance = best.distance;
        Some(NearHit { hit, distance })
    }

    /// Of each enabled list the entry that is nearest to this hash, within `radius` bits; nearest first.
    #[must_use]
    pub fn nearest_of_each(&self, pdq: &Hash256, radius: u32) -> Vec<NearHit> {
        let mut best: HashMap<u16, (u32, u64)> = HashMap::new();
        self.visit(pdq, radius, |_, id, distance| {
            let one = best.entry(parts(id).0).or_insert((distance, id));
            *one = (*one).min((distance, id));
        });
        let mut best: Vec<(u32, u64)> = best.into_values().collect();
        best.sort_unstable();
        let held = self.read();
        let near = best.into_iter().filter_map(|(distance, id)| {
            let hit = held.hit(id)?;
            Some(NearHit { hit, distance })
        });
        near.collect()
    }

    /// Goes through all matches without holding the lists.
    fn visit(&self, pdq: &Hash256, radius: u32, mut told: impl FnMut(&Numbered, u64, u32)) {
        let (index, lists) = {
            let held = self.read();
            (held.look.clone(), Arc::clone(&held.lists))
        };
        if let Some(index) = index {
            index.visit(&pdq.words(), radius, |one| {
                told(&lists, one.id, one.distance);
            });
        }
    }
}

#[cfg(test)]
#[path = "told_tests.rs"]
mod tests;
