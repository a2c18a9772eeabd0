//! How often an item is looked at: often when young, rarely when old, never more than hourly.

use ground::Instant;
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

use crate::Presence;

/// The schedule of the checks; all times in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// From opening to the first check.
    pub first_ms: i64,
    /// While younger than the first number, check every so often as the second says; youngest
    /// first.
    pub young: Vec<(i64, i64)>,
    /// How often the older ones are checked.
    pub old_ms: i64,
    /// Between two absences, for the later one to count; also when the next check comes after one.
    pub between_absences_ms: i64,
    /// Until we look again when our own side failed.
    pub after_our_failure_ms: i64,
    /// When to look for a return, counted from the removal; rising. After the last the watch ends.
    pub after_removal_ms: Vec<i64>,
}

impl Pace {
    /// The pace of real work.
    #[must_use]
    pub fn real() -> Self {
        Self {
            first_ms: HOUR_MS,
            young: vec![
                (2 * DAY_MS, HOUR_MS),
                (7 * DAY_MS, 3 * HOUR_MS),
                (30 * DAY_MS, 12 * HOUR_MS),
            ],
            old_ms: DAY_MS,
            between_absences_ms: HOUR_MS,
            after_our_failure_ms: 10 * MINUTE_MS,
            after_removal_ms: vec![DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS],
        }
    }

    /// The same in seconds, so that a removal can be watched in the demonstration.
    #[must_use]
    pub fn demo() -> Self {
        Self {
            first_ms: 5 * SECOND_MS,
            young: vec![(HOUR_MS, 5 * SECOND_MS)],
            old_ms: MINUTE_MS,
            between_absences_ms: 3 * SECOND_MS,
            after_our_failure_ms: 3 * SECOND_MS,
            after_removal_ms: vec![15 * SECOND_MS, MINUTE_MS, 10 * MINUTE_MS, HOUR_MS],
        }
    }

    /// When the next check of an item is due that was just looked at; none when the watch is over.
    /// `since` is when its present life began, or when it was removed; `doubted` whether it was
    /// lately absent; `failed` whether our own side failed just now.
    #[must_use]
    pub fn next_check(
        &self,
        presence: Presence,
        since: Instant,
        now: Instant,
        doubted: bool,
        failed: bool,
    ) -> Option<Instant> {
        if presence == Presence::Ended {
            return None;
        }
        if failed {
            return Some(now.plus_ms(self.after_our_failure_ms));
        }
        if presence == Presence::Gone {
            let due = |after: &i64| since.plus_ms(*after);
            return self.after_removal_ms.iter().map(due).find(|due| *due > now);
        }
        if doubted {
            return Some(now.plus_ms(self.between_absences_ms));
        }
        let age = now.since_ms(since);
        let every = self
            .young
            .iter()
            .find(|(younger_than, _)| age < *younger_than);
        Some(now.plus_ms(every.map_or(self.old_ms, |(_, every)| *every)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO: Instant = Instant::from_ms(0);

    fn wait_at(age: i64) -> i64 {
        let now = ZERO.plus_ms(age);
        let next = Pace::real().next_check(Presence::There, ZERO, now, false, false);
        next.unwrap().since_ms(now)
    }

    #[test]
    fn the_young_are_looked_at_hourly_and_the_old_daily() {
        assert_eq!(wait_at(HOUR_MS), HOUR_MS);
        assert_eq!(wait_at(3 * DAY_MS), 3 * HOUR_MS);
        assert_eq!(wait_at(10 * DAY_MS), 12 * HOUR_MS);
        assert_eq!(wait_at(400 * DAY_MS), DAY_MS);
    }

    #[test]
    fn a_removed_item_is_looked_at_four_more_times() {
        let (pace, mut now, mut days) = (Pace::real(), ZERO, Vec::new());
        while let Some(next) = pace.next_check(Presence::Gone, ZERO, now, true, false) {
            days.push(next.ms() / DAY_MS);
            now = next;
        }
        assert_eq!(days, [1, 7, 30, 90]);
    }

    #[test]
    fn our_own_failure_uses_up_none_of_the_looks() {
        let pace = Pace::real();
        let late = ZERO.plus_ms(91 * DAY_MS);
        let next = pace.next_check(Presence::Gone, ZERO, late, true, true);
        assert_eq!(next, Some(late.plus_ms(pace.after_our_failure_ms)));
    }
}
