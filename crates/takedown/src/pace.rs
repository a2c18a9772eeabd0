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
    /// Until we look again when a look said nothing about the item: a host out of order, a wall.
    pub after_silence_ms: i64,
    /// How long after the last look for a return one that said nothing is repeated.
    pub patience_ms: i64,
}

/// What the last look was like, as far as it matters for when the next one comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// It said whether the item is there.
    Said,
    /// The item was lately absent.
    Doubt,
    /// It said nothing, and neither did the one before when `again`.
    Nothing {
        /// Whether the look before said nothing either.
        again: bool,
    },
    /// Our own side failed.
    OurFailure,
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
            after_silence_ms: HOUR_MS,
            patience_ms: 30 * DAY_MS,
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
            after_silence_ms: 3 * SECOND_MS,
            patience_ms: HOUR_MS,
        }
    }

    /// When the next check of an item is due that was just looked at; none when the watch is over.
    /// `since` is when its present life began, or when it was removed.
    ///
    /// A look that said nothing is not used up by that: it is repeated within the hour, once while the
    /// item is thought to be there, and after a removal, where looks are rare, until one says something
    /// or the next is due anyway.
    #[must_use]
    pub fn next_check(
        &self,
        presence: Presence,
        since: Instant,
        now: Instant,
        last: Last,
    ) -> Option<Instant> {
        match presence {
            Presence::Ended => None,
            _ if last == Last::OurFailure => Some(now.plus_ms(self.after_our_failure_ms)),
            Presence::Gone => self.next_for_return(since, now, last),
            Presence::There if last == Last::Doubt => Some(now.plus_ms(self.between_absences_ms)),
            Presence::There => {
                let age = now.since_ms(since);
                let young = self.young.iter().find(|(younger, _)| age < *younger);
                let every = young.map_or(self.old_ms, |(_, every)| *every);
                let wait = match last {
                    Last::Nothing { again: false } => every.min(self.after_silence_ms),
                    _ => every,
                };
                Some(now.plus_ms(wait))
            }
        }
    }

    fn next_for_return(&self, removed: Instant, now: Instant, last: Last) -> Option<Instant> {
        let due = |after: &i64| removed.plus_ms(*after);
        let mut looks = self.after_removal_ms.iter().map(due);
        let next = looks.find(|due| *due > now);
        let Last::Nothing { again } = last else {
            return next;
        };
        let wait = if again {
            self.old_ms
        } else {
            self.after_silence_ms
        };
        let repeated = now.plus_ms(wait);
        let final_look = self.after_removal_ms.last().map(due);
        let over = final_look.is_none_or(|at| repeated > at.plus_ms(self.patience_ms));
        match next {
            Some(next) => Some(next.min(repeated)),
            None => (!over).then_some(repeated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO: Instant = Instant::from_ms(0);

    fn wait_at(age: i64) -> i64 {
        let now = ZERO.plus_ms(age);
        let next = Pace::real().next_check(Presence::There, ZERO, now, Last::Said);
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
        while let Some(next) = pace.next_check(Presence::Gone, ZERO, now, Last::Said) {
            days.push(next.ms() / DAY_MS);
            now = next;
        }
        assert_eq!(days, [1, 7, 30, 90]);
    }

    #[test]
    fn our_own_failure_uses_up_none_of_the_looks() {
        let pace = Pace::real();
        let late = ZERO.plus_ms(91 * DAY_MS);
        let next = pace.next_check(Presence::Gone, ZERO, late, Last::OurFailure);
        assert_eq!(next, Some(late.plus_ms(pace.after_our_failure_ms)));
    }

    #[test]
    fn a_look_for_a_return_that_said_nothing_is_repeated_until_one_does() {
        let pace = Pace::real();
        let nothing =
            |at, again| pace.next_check(Presence::Gone, ZERO, at, Last::Nothing { again });
        let last = ZERO.plus_ms(90 * DAY_MS);
        assert_eq!(nothing(last, false), Some(last.plus_ms(HOUR_MS)));
        assert_eq!(nothing(last, true), Some(last.plus_ms(DAY_MS)));
        let much_later = last.plus_ms(30 * DAY_MS);
        assert_eq!(nothing(much_later, true), None, "not for ever");
        let first = ZERO.plus_ms(DAY_MS);
        assert_eq!(nothing(first, true), Some(first.plus_ms(DAY_MS)));
    }

    #[test]
    fn a_look_at_an_old_item_that_said_nothing_is_repeated_once_within_the_hour() {
        let (pace, now) = (Pace::real(), ZERO.plus_ms(40 * DAY_MS));
        let after = |again| {
            let last = Last::Nothing { again };
            let next = pace.next_check(Presence::There, ZERO, now, last);
            next.unwrap().since_ms(now)
        };
        assert_eq!((after(false), after(true)), (HOUR_MS, DAY_MS));
    }
}
