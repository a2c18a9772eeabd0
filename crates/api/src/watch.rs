//! Notices unusual ways of asking, in bounded memory and with nothing kept beyond the process.

use std::collections::{HashMap, VecDeque};

use ground::Instant;
use ground::clock::HOUR_MS;
use hashcheck::AlarmKind;
use pdq::Hash256;

/// How many of the latest PDQ hashes of a client are remembered, in memory only.
const REMEMBERED: usize = 32;
/// Hashes at most this many bits apart, and not the same, are a step.
const STEP: u32 = 6;
/// So many steps in an hour, when they are more than a third of the PDQ hashes asked, are a walk.
const STEPS: u32 = 100;
/// So many different hashes in an hour that match one entry are asking around it.
const NEIGHBOURS: u32 = 40;
/// Entries of which matches are counted, at most; further ones are not.
const ENTRIES: usize = 256;
/// So many hashes in an hour without any match are a flood.
const FLOOD: u32 = 500_000;

/// What is noticed of one client, hour by hour.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    hour: i64,
    latest: VecDeque<Hash256>,
    around: HashMap<u64, (Hash256, u32)>,
    asked: u32,
    asked_pdq: u32,
    matched: u32,
    steps: u32,
    raised: Vec<AlarmKind>,
}

impl Watch {
    /// One hash was asked; `entry` is the one it matched. An alarm when this makes it unusual, once
    /// an hour for each kind.
    pub(crate) fn saw(
        &mut self,
        pdq: Option<Hash256>,
        entry: Option<u64>,
        now: Instant,
    ) -> Option<AlarmKind> {
        let hour = now.ms().div_euclid(HOUR_MS);
        if hour != self.hour {
            *self = Self {
                hour,
                ..Self::default()
            };
        }
        self.asked = self.asked.saturating_add(1);
        self.matched = self.matched.saturating_add(u32::from(entry.is_some()));
        let mut around = 0;
        if let Some(hash) = pdq {
            self.step(hash);
            around = entry.map_or(0, |entry| self.around(entry, hash));
        }
        let walks = self.steps >= STEPS && self.steps > self.asked_pdq / 3;
        let floods = self.asked >= FLOOD && self.matched == 0;
        // One that was raised before never hides another.
        let (kind, _) = [
            (AlarmKind::Neighbours, around >= NEIGHBOURS),
            (AlarmKind::Walking, walks),
            (AlarmKind::Flood, floods),
        ]
        .into_iter()
        .find(|(kind, unusual)| *unusual && !self.raised.contains(kind))?;
        self.raised.push(kind);
        Some(kind)
    }

    fn step(&mut self, hash: Hash256) {
        self.asked_pdq = self.asked_pdq.saturating_add(1);
        let mut nearest = self.latest.iter().map(|known| known.distance(&hash));
        if nearest.any(|bits| (1..=STEP).contains(&bits)) {
            self.steps = self.steps.saturating_add(1);
        }
        if self.latest.len() == REMEMBERED {
            self.latest.pop_front();
        }
        self.latest.push_back(hash);
    }

    /// How many different hashes came near this entry.
    fn around(&mut self, entry: u64, hash: Hash256) -> u32 {
        if self.around.len() >= ENTRIES && !self.around.contains_key(&entry) {
            return 0;
        }
        let (last, times) = self.around.entry(entry).or_insert((hash, 0));
        if *last != hash {
            *last = hash;
            *times = times.saturating_add(1);
        }
        *times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Instant = Instant::from_ms(HOUR_MS * 500_000);

    fn hash(seed: u64) -> Hash256 {
        let word = |n: u64| (seed * 4 + n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Hash256::from_words([word(0), word(1), word(2), word(3)])
    }

    #[test]
    fn a_walk_bit_by_bit_is_noticed_once_an_hour() {
        let mut watch = Watch::default();
        let walk = (0..200).map(|bit| hash(1).with_flipped(bit));
        let alarms: Vec<_> = walk
            .filter_map(|hash| watch.saw(Some(hash), None, AT))
            .collect();
        assert_eq!(alarms, [AlarmKind::Walking]);
    }

    #[test]
    fn asking_around_one_entry_is_noticed() {
        let mut watch = Watch::default();
        let alarms: Vec<_> = (0..100)
            .filter_map(|n| watch.saw(Some(hash(n)), Some(7), AT))
            .collect();
        assert_eq!(alarms, [AlarmKind::Neighbours]);
    }

    #[test]
    fn a_flood_without_a_match_is_noticed_and_one_with_a_match_is_not() {
        let mut watch = Watch::default();
        let flood = |watch: &mut Watch| (0..FLOOD).find_map(|_| watch.saw(None, None, AT));
        assert_eq!(flood(&mut watch), Some(AlarmKind::Flood));
        let mut honest = Watch::default();
        honest.saw(None, Some(1), AT);
        assert_eq!(flood(&mut honest), None);
    }

    #[test]
    fn ordinary_pictures_raise_nothing_and_memory_stays_bounded() {
        let mut watch = Watch::default();
        for n in 0..5_000_u64 {
            let entry = n.is_multiple_of(10).then_some(n);
            assert_eq!(watch.saw(Some(hash(n)), entry, AT), None);
        }
        assert!(watch.latest.len() <= REMEMBERED && watch.around.len() <= ENTRIES);
    }
}
