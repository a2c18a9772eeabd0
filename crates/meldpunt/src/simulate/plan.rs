//! What will happen in the played year: who hosts how, what is reported when, and when our own side
//! fails. All of it follows from the seed.

use ground::Instant;
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};

/// How a provider behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Behaviour {
    /// Removes within hours of a notice.
    Fast,
    /// Removes within days.
    Slow,
    /// Hides the picture for a while, shows it again, and removes it only days later.
    Lying,
    /// Moves the picture to another provider instead of removing it.
    Moving,
    /// Shuts us out instead of removing, and removes at last or never.
    GeoBlocking,
    /// Removes, and shows it again days or weeks later.
    ComingBack,
}

/// How our own side fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// Our line is dead: no route.
    Line,
    /// Our line swallows everything: nothing answers in time.
    Silence,
    /// Our name server says of every name that it does not exist.
    Names,
    /// Something on our line answers every request with *not found*.
    NotFound,
    /// Something on our line answers every request with a page of its own.
    Portal,
    /// The mail relay is out of reach.
    Relay,
    /// The registries answer with errors.
    Registry,
}

const FAILINGS: [Failing; 7] = [
    Failing::Line,
    Failing::Silence,
    Failing::Names,
    Failing::NotFound,
    Failing::Portal,
    Failing::Relay,
    Failing::Registry,
];

/// One failure of our own.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    /// What fails.
    pub what: Failing,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

/// How large the year is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// From this, everything that happens follows.
    pub seed: u64,
    /// Illegal items reported.
    pub items: u32,
    /// Providers; at most 500.
    pub providers: u32,
    /// Length in days.
    pub days: u32,
}

/// A burst of reported items at one provider.
#[derive(Debug, Clone, Copy)]
pub struct Burst {
    /// When they were judged.
    pub at: Instant,
    /// The number of the first.
    pub first: u32,
    /// How many.
    pub items: u32,
    /// Where.
    pub provider: u32,
    /// Whether the police are asked first.
    pub held: bool,
}

/// The plan of a year.
#[derive(Debug)]
pub struct Plan {
    /// How large it is.
    pub size: Size,
    /// When it begins.
    pub begins: Instant,
    /// What is reported, in order of time.
    pub bursts: Vec<Burst>,
    /// Our own failures, in order of time.
    pub outages: Vec<Outage>,
}

/// 1 January 2026, 00:00 UTC.
const BEGINS: Instant = Instant::from_ms(1_767_225_600_000);
/// Items of one report.
const BURST: u32 = 20;
/// Nothing is reported in the last days, so that most of it comes to an end.
const QUIET_DAYS: i64 = 15;

/// A number that follows from the seed and from what it is for (SplitMix64).
#[must_use]
pub fn drawn(seed: u64, what: &[u64]) -> u64 {
    what.iter().fold(seed, |state, part| {
        let mut z = state
            .wrapping_add(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(part.wrapping_mul(0xd1b5_4a32_d192_ed03));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

/// The same, from `least` up to and excluding `most`.
#[must_use]
pub fn between(seed: u64, what: &[u64], least: i64, most: i64) -> i64 {
    let width = u64::try_from(most.saturating_sub(least).max(1)).unwrap_or(1);
    least.saturating_add(i64::try_from(drawn(seed, what) % width).unwrap_or(0))
}

impl Plan {
    /// The plan of this seed and size.
    #[must_use]
    pub fn of(size: Size) -> Self {
        let length = i64::from(size.days) * DAY_MS;
        let reporting = (length - QUIET_DAYS * DAY_MS).max(length / 2);
        let mut bursts = Vec::new();
        let mut first = 0;
        while first < size.items {
            let (seed, n) = (size.seed, u64::from(first));
            let items = BURST.min(size.items - first);
            bursts.push(Burst {
                at: BEGINS.plus_ms(between(seed, &[1, n], 0, reporting)),
                first,
                items,
                provider: provider_for(size, n),
                held: drawn(seed, &[3, n]).is_multiple_of(50),
            });
            first += items;
        }
        bursts.sort_by_key(|burst| (burst.at, burst.first));
        let outages = outages(size, length);
        Self {
            size,
            begins: BEGINS,
            bursts,
            outages,
        }
    }

    /// When the year ends.
    #[must_use]
    pub fn ends(&self) -> Instant {
        self.begins.plus_ms(i64::from(self.size.days) * DAY_MS)
    }

    /// How a provider behaves.
    #[must_use]
    pub const fn behaviour(provider: u32) -> Behaviour {
        match provider % 20 {
            0..=8 => Behaviour::Fast,
            9..=12 => Behaviour::Slow,
            13 | 14 => Behaviour::Lying,
            15 | 16 => Behaviour::Moving,
            17 => Behaviour::GeoBlocking,
            _ => Behaviour::ComingBack,
        }
    }

    /// What of our own side fails at a moment.
    #[must_use]
    pub fn failing(&self, at: Instant) -> Option<Failing> {
        let now = |outage: &&Outage| outage.from <= at && at < outage.until;
        self.outages.iter().find(now).map(|outage| outage.what)
    }

    /// How much of a span fell into failures of ours, in milliseconds.
    #[must_use]
    pub fn failed_within(&self, from: Instant, until: Instant) -> i64 {
        let part = |outage: &Outage| outage.until.min(until).since_ms(outage.from.max(from));
        self.outages.iter().map(part).filter(|ms| *ms > 0).sum()
    }
}

/// Most items are at a few large providers, as in life; those that shut us out have few.
fn provider_for(size: Size, n: u64) -> u32 {
    let providers = u64::from(size.providers.max(1));
    let large = drawn(size.seed, &[2, n, 0]).is_multiple_of(3);
    let among = if large { providers.min(5) } else { providers };
    let drawn_one = |round| drawn(size.seed, &[2, n, round]) % among;
    let first = drawn_one(1);
    let provider = u32::try_from(first).unwrap_or(0);
    let rare = Plan::behaviour(provider) == Behaviour::GeoBlocking;
    if rare && !drawn(size.seed, &[2, n, 2]).is_multiple_of(3) {
        return u32::try_from(drawn_one(3)).unwrap_or(0);
    }
    provider
}

/// Our own failures: each kind some times a year, from minutes to days, never two at once.
fn outages(size: Size, length: i64) -> Vec<Outage> {
    let mut outages: Vec<Outage> = Vec::new();
    for round in 0..4_u64 {
        for (at, what) in FAILINGS.into_iter().enumerate() {
            let about = [4, round, at as u64];
            let from = BEGINS.plus_ms(between(size.seed, &about, 0, length));
            let lasts = match round {
                0 => between(size.seed, &[5, at as u64], 5 * MINUTE_MS, HOUR_MS),
                1 => between(size.seed, &[6, at as u64], HOUR_MS, 8 * HOUR_MS),
                2 => between(size.seed, &[7, at as u64], 8 * HOUR_MS, DAY_MS),
                _ => between(size.seed, &[8, at as u64], DAY_MS, 4 * DAY_MS),
            };
            let until = from.plus_ms(lasts);
            let free = |one: &Outage| until < one.from || one.until < from;
            if outages.iter().all(free) {
                outages.push(Outage { what, from, until });
            }
        }
    }
    outages.sort_by_key(|outage| outage.from);
    outages
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        seed: 7,
        items: 1_000,
        providers: 40,
        days: 365,
    };

    #[test]
    fn the_same_seed_gives_the_same_year_and_another_one_another() {
        let of = |seed| {
            let plan = Plan::of(Size { seed, ..SIZE });
            let bursts = plan.bursts.iter().map(|burst| (burst.at, burst.provider));
            bursts.collect::<Vec<_>>()
        };
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
    }

    #[test]
    fn every_item_is_reported_once_and_our_failures_never_overlap() {
        let plan = Plan::of(SIZE);
        let items: u32 = plan.bursts.iter().map(|burst| burst.items).sum();
        assert_eq!(items, SIZE.items);
        for pair in plan.outages.windows(2) {
            assert!(pair[0].until < pair[1].from, "{pair:?}");
        }
        let kinds = FAILINGS
            .iter()
            .filter(|what| plan.outages.iter().any(|o| o.what == **what));
        assert_eq!(kinds.count(), FAILINGS.len());
    }
}
