//! Notices unusual ways of asking, in bounded memory and with nothing kept beyond the process.

mod around;
mod trails;

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

use ground::Instant;
use ground::clock::HOUR_MS;
use hashcheck::{AlarmKind, Quota};
use pdq::Hash256;

use around::Around;
use trails::Trails;

/// So many different hashes of one trail in an hour are a walk.
const STEPS: usize = 100;
/// So many different hashes in an hour that match one entry are asking around it.
const NEIGHBOURS: usize = 40;
/// Half a day's quota in one hour is much, and this is however large the quota is.
const FLOOD: u32 = 500_000;
/// What one question may hold is never much.
const NO_FLOOD: u32 = 1_000;
/// Much is a flood when it matches fewer different entries than one in so many hashes.
const ONE_IN: u64 = 10_000;
/// Entries that are told apart when matches are counted; further ones count each time.
const ENTRIES: usize = 1_024;

/// Stands for a hash where only its sameness matters: under a key of its own for each client and hour,
/// so that the hash cannot be told from it.
type Mark = u64;

/// What is noticed of one client, hour by hour.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    hour: i64,
    marks: RandomState,
    trails: Trails,
    around: Around,
    asked: u32,
    entries: HashSet<u64>,
    matched: u64,
    raised: Vec<AlarmKind>,
}

impl Watch {
    /// One hash was asked; `entry` is the one it matched. An alarm when this makes it unusual, once
    /// an hour for each kind.
    pub(crate) fn saw(
        &mut self,
        pdq: Option<Hash256>,
        entry: Option<u64>,
        (quota, now): (Quota, Instant),
    ) -> Option<AlarmKind> {
        let hour = now.ms().div_euclid(HOUR_MS);
        if hour != self.hour {
            *self = Self {
                hour,
                ..Self::default()
            };
        }
        self.asked = self.asked.saturating_add(1);
        if let Some(entry) = entry {
            self.matched(entry);
        }
        let (mut steps, mut around) = (0, 0);
        if let Some(hash) = pdq {
            let mark = self.marks.hash_one(hash);
            steps = self.trails.step(hash, mark);
            around = entry.map_or(0, |entry| self.around.saw(entry, mark));
        }
        // One that was raised before never hides another.
        let (kind, _) = [
            (AlarmKind::Neighbours, around >= NEIGHBOURS),
            (AlarmKind::Walking, steps >= STEPS),
            (AlarmKind::Flood, self.floods(quota)),
        ]
        .into_iter()
        .find(|(kind, unusual)| *unusual && !self.raised.contains(kind))?;
        self.raised.push(kind);
        Some(kind)
    }

    /// Counts different entries: one known match asked again and again makes no flood an honest one.
    fn matched(&mut self, entry: u64) {
        let new = if self.entries.len() < ENTRIES {
            self.entries.insert(entry)
        } else {
            !self.entries.contains(&entry)
        };
        self.matched += u64::from(new);
    }

    fn floods(&self, quota: Quota) -> bool {
        let much = (quota.per_day / 2).clamp(NO_FLOOD, FLOOD);
        self.asked >= much && self.matched * ONE_IN < u64::from(self.asked)
    }
}

#[cfg(test)]
mod tests;
