//! How much one client may still ask: a minute and a day, in hashes.

use ground::Instant;
use ground::clock::{DAY_MS, MINUTE_MS};
use hashcheck::Quota;

/// What was asked in the minute and the day that are running (both begin at full ones, UTC).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    minute: i64,
    in_minute: u32,
    day: i64,
    in_day: u32,
}

/// A question is more than a quota leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Over {
    /// Seconds until as many may be asked; none when so many never may be in one question.
    pub(crate) seconds: Option<u32>,
    /// Which quota, and how much it is.
    pub(crate) which: &'static str,
    pub(crate) most: u32,
}

impl Spent {
    /// What was asked today before this process began.
    pub(crate) fn today(day: i64, hashes: i64) -> Self {
        Self {
            day,
            in_day: u32::try_from(hashes).unwrap_or(u32::MAX),
            ..Self::default()
        }
    }

    /// Takes so many hashes from both quotas, or from neither.
    pub(crate) fn take(&mut self, quota: Quota, hashes: u32, now: Instant) -> Result<(), Over> {
        let (minute, day) = (now.ms().div_euclid(MINUTE_MS), now.ms().div_euclid(DAY_MS));
        if minute != self.minute {
            (self.minute, self.in_minute) = (minute, 0);
        }
        if day != self.day {
            (self.day, self.in_day) = (day, 0);
        }
        let over = |which, most, window_ms: i64| Over {
            seconds: (hashes <= most).then(|| seconds_left(now, window_ms)),
            which,
            most,
        };
        // First what never can be: waiting does not help there.
        if hashes > quota.per_minute.min(quota.per_day) {
            return Err(if quota.per_minute <= quota.per_day {
                over("minute", quota.per_minute, MINUTE_MS)
            } else {
                over("day", quota.per_day, DAY_MS)
            });
        }
        if self.in_day.saturating_add(hashes) > quota.per_day {
            return Err(over("day", quota.per_day, DAY_MS));
        }
        if self.in_minute.saturating_add(hashes) > quota.per_minute {
            return Err(over("minute", quota.per_minute, MINUTE_MS));
        }
        self.in_day = self.in_day.saturating_add(hashes);
        self.in_minute = self.in_minute.saturating_add(hashes);
        Ok(())
    }
}

/// Whole seconds until the next window, at least one.
fn seconds_left(now: Instant, window_ms: i64) -> u32 {
    let left = window_ms - now.ms().rem_euclid(window_ms);
    u32::try_from((left + 999) / 1_000).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota {
        per_minute: 10,
        per_day: 15,
    };

    #[test]
    fn a_minute_refills_and_a_day_too() {
        let mut spent = Spent::default();
        let at = Instant::from_ms(DAY_MS * 100 + 1_500);
        assert_eq!(spent.take(QUOTA, 10, at), Ok(()));
        let over = spent.take(QUOTA, 1, at).unwrap_err();
        assert_eq!((over.which, over.seconds), ("minute", Some(59)));
        assert_eq!(spent.take(QUOTA, 5, at.plus_ms(MINUTE_MS)), Ok(()));
        let over = spent.take(QUOTA, 1, at.plus_ms(MINUTE_MS)).unwrap_err();
        assert_eq!(over.which, "day");
        assert_eq!(spent.take(QUOTA, 10, at.plus_ms(DAY_MS)), Ok(()));
    }

    #[test]
    fn a_question_that_is_larger_than_a_quota_is_not_asked_to_wait() {
        let at = Instant::from_ms(DAY_MS * 100);
        let mut spent = Spent::today(100, 14);
        let over = spent.take(QUOTA, 11, at).unwrap_err();
        assert_eq!((over.which, over.most, over.seconds), ("minute", 10, None));
        let small = Quota {
            per_minute: 10,
            per_day: 5,
        };
        let over = Spent::default().take(small, 6, at).unwrap_err();
        assert_eq!((over.which, over.most, over.seconds), ("day", 5, None));
        assert_eq!(spent.take(QUOTA, 1, at), Ok(()), "nothing was taken");
    }

    #[test]
    fn what_was_asked_before_a_restart_counts_for_the_day() {
        let at = Instant::from_ms(DAY_MS * 100);
        let mut spent = Spent::today(100, 14);
        assert!(spent.take(QUOTA, 2, at).is_err());
        assert!(spent.take(QUOTA, 1, at).is_ok());
    }
}
