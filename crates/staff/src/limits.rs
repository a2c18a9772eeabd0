//! How much somebody may look at in a day, and when they must stop. Pure.
//!
//! Time with material is counted from what was shown and judged, by the server alone: between two of
//! these lies at most [`GAP_MS`], however long the page stayed open. Silence as long as a break is a
//! break.

use ground::Instant;
use ground::clock::{HOUR_MS, MINUTE_MS};

/// Longest time that counts between two things shown or judged, ms.
pub const GAP_MS: i64 = 2 * MINUTE_MS;
/// Until this minute of the day the evening before goes on.
const NIGHT_ENDS: i64 = 6 * 60;
/// Share of a limit from which it is told, in hundredths.
const SOFT: i64 = 80;

/// The limits that hold for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time with material in a day, ms.
    pub day_ms: i64,
    /// Time with material before a break is due, ms.
    pub stretch_ms: i64,
    /// How long a break is, ms.
    pub break_ms: i64,
    /// The minute of the day after which nothing is shown; none for no such minute.
    pub until_minute: Option<i64>,
    /// Items judged illegal in a row before a break is due.
    pub hard_run: i64,
}

/// What somebody set for themselves; an absent field leaves the site's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnLimits {
    /// As [`Limits::day_ms`].
    pub day_ms: Option<i64>,
    /// As [`Limits::stretch_ms`].
    pub stretch_ms: Option<i64>,
    /// As [`Limits::break_ms`].
    pub break_ms: Option<i64>,
    /// As [`Limits::until_minute`].
    pub until_minute: Option<i64>,
    /// As [`Limits::hard_run`].
    pub hard_run: Option<i64>,
}

/// Why limits are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitsFault {
    /// A day of more than eight hours or less than a quarter of an hour.
    #[error("a day with material is from 15 minutes to 8 hours")]
    Day,
    /// A stretch that is no hour or so.
    #[error("a break is due after 5 to 120 minutes")]
    Stretch,
    /// A break that is none, or no break any more.
    #[error("a break is from 5 to 60 minutes")]
    Break,
    /// No time of the day.
    #[error("the last minute is a time of the day after six in the morning")]
    Until,
    /// No count.
    #[error("from 1 to 500 items in a row")]
    HardRun,
    /// Wider than the limits of the site.
    #[error("one's own limits can only be narrower than those of the site")]
    Wider,
}

impl Limits {
    /// The usual: five hours a day with material, a break of ten minutes each hour, nothing after four
    /// in the afternoon, at most 25 illegal items in a row.
    pub const USUAL: Self = Self {
        day_ms: 5 * HOUR_MS,
        stretch_ms: HOUR_MS,
        break_ms: 10 * MINUTE_MS,
        until_minute: Some(16 * 60),
        hard_run: 25,
    };

    /// For a demonstration with drawn pictures: the usual, but at any hour and with a longer row.
    pub const DEMO: Self = Self {
        day_ms: 8 * HOUR_MS,
        until_minute: None,
        hard_run: 200,
        ..Self::USUAL
    };

    /// For tests of other things, at any hour and as long as they take; no site can set these.
    pub const WIDE: Self = Self {
        day_ms: 24 * HOUR_MS,
        stretch_ms: 24 * HOUR_MS,
        until_minute: None,
        hard_run: i64::MAX,
        ..Self::USUAL
    };

    /// These limits, when a site may have them.
    ///
    /// # Errors
    /// [`LimitsFault`].
    pub fn checked(self) -> Result<Self, LimitsFault> {
        let minutes =
            |ms: i64, least: i64, most: i64| (least * MINUTE_MS..=most * MINUTE_MS).contains(&ms);
        if !minutes(self.day_ms, 15, 480) {
            Err(LimitsFault::Day)
        } else if !minutes(self.stretch_ms, 5, 120) {
            Err(LimitsFault::Stretch)
        } else if !minutes(self.break_ms, 5, 60) {
            Err(LimitsFault::Break)
        } else if self
            .until_minute
            .is_some_and(|at| !(NIGHT_ENDS + 1..=24 * 60).contains(&at))
        {
            Err(LimitsFault::Until)
        } else if !(1..=500).contains(&self.hard_run) {
            Err(LimitsFault::HardRun)
        } else {
            Ok(self)
        }
    }

    /// These limits, narrowed by what somebody set for themselves. Never wider, whatever they set.
    #[must_use]
    pub fn narrowed(self, own: OwnLimits) -> Self {
        let least = |site: i64, own: Option<i64>| own.map_or(site, |own| own.min(site));
        Self {
            day_ms: least(self.day_ms, own.day_ms),
            stretch_ms: least(self.stretch_ms, own.stretch_ms),
            break_ms: own
                .break_ms
                .map_or(self.break_ms, |own| own.max(self.break_ms)),
            until_minute: match (self.until_minute, own.until_minute) {
                (Some(site), Some(own)) => Some(site.min(own)),
                (site, own) => site.or(own),
            },
            hard_run: least(self.hard_run, own.hard_run),
        }
    }
}

impl OwnLimits {
    /// These own limits, when they are narrower than the site's in all they say.
    ///
    /// # Errors
    /// [`LimitsFault::Wider`], or what [`Limits::checked`] says of the outcome.
    pub fn checked(self, site: Limits) -> Result<Self, LimitsFault> {
        let narrow = site.narrowed(self);
        let kept = Self {
            day_ms: self.day_ms.map(|_| narrow.day_ms),
            stretch_ms: self.stretch_ms.map(|_| narrow.stretch_ms),
            break_ms: self.break_ms.map(|_| narrow.break_ms),
            until_minute: self.until_minute.and(narrow.until_minute),
            hard_run: self.hard_run.map(|_| narrow.hard_run),
        };
        if kept != self {
            return Err(LimitsFault::Wider);
        }
        // What the site allows itself is not this person's fault.
        let told = Limits {
            day_ms: self.day_ms.unwrap_or(Limits::USUAL.day_ms),
            stretch_ms: self.stretch_ms.unwrap_or(Limits::USUAL.stretch_ms),
            break_ms: self.break_ms.unwrap_or(Limits::USUAL.break_ms),
            until_minute: self.until_minute,
            hard_run: self.hard_run.unwrap_or(Limits::USUAL.hard_run),
        };
        told.checked().map(|_| self)
    }
}

/// What was shown or judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// Veiled previews of a report.
    Previews,
    /// Original bytes.
    Reveal,
    /// An item was judged illegal.
    Hard,
    /// An item was judged otherwise.
    Judged,
}

/// Somebody's day so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day {
    /// Time with material, ms.
    pub material_ms: i64,
    /// Of it, since the last break, ms.
    pub since_break_ms: i64,
    /// When something was last shown or judged.
    pub last_at: Option<Instant>,
    /// On a break since.
    pub break_from: Option<Instant>,
    /// Reveals.
    pub reveals: i64,
    /// Items judged illegal.
    pub hard: i64,
    /// Of them, in a row since the last break.
    pub hard_run: i64,
    /// Breaks taken.
    pub breaks: i64,
}

/// Why nothing more is shown now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// They take a break, since then.
    #[error("on a break")]
    OnBreak {
        /// Since when.
        since: Instant,
    },
    /// The hour is full.
    #[error("a break is due")]
    BreakDue {
        /// Until when.
        until: Instant,
    },
    /// Too many hard items in a row.
    #[error("a break is due after hard items")]
    HardRun {
        /// Until when.
        until: Instant,
    },
    /// The day is full.
    #[error("the day with material is over")]
    DayOver,
    /// It is too late, or too early.
    #[error("nothing is shown at this hour")]
    AfterHours,
}

impl Day {
    /// The day with a break in it, when the silence since the last thing shown was one.
    fn rested(mut self, limits: &Limits, now: Instant) -> Self {
        let silent = self
            .last_at
            .is_some_and(|last| now.since_ms(last) >= limits.break_ms);
        if silent && (self.since_break_ms > 0 || self.hard_run > 0) {
            self.since_break_ms = 0;
            self.hard_run = 0;
            self.breaks += 1;
        }
        self
    }

    /// Whether something may be shown now; `minute` of the day, from 0.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn may_look(&self, limits: &Limits, now: Instant, minute: i64) -> Result<(), Stop> {
        if let Some(since) = self.break_from {
            return Err(Stop::OnBreak { since });
        }
        if limits
            .until_minute
            .is_some_and(|until| minute >= until || minute < NIGHT_ENDS)
        {
            return Err(Stop::AfterHours);
        }
        if self.material_ms >= limits.day_ms {
            return Err(Stop::DayOver);
        }
        let rested = self.rested(limits, now);
        let until = self.last_at.unwrap_or(now).plus_ms(limits.break_ms);
        if rested.since_break_ms >= limits.stretch_ms {
            return Err(Stop::BreakDue { until });
        }
        if rested.hard_run >= limits.hard_run {
            return Err(Stop::HardRun { until });
        }
        Ok(())
    }

    /// The day after something was shown or judged at `now`.
    #[must_use]
    pub fn looked(self, what: Looked, limits: &Limits, now: Instant) -> Self {
        let gap = self.last_at.map_or(0, |last| now.since_ms(last));
        let mut day = self.rested(limits, now);
        if (0..limits.break_ms).contains(&gap) {
            let counted = gap.min(GAP_MS);
            day.material_ms += counted;
            day.since_break_ms += counted;
        }
        day.last_at = Some(now);
        match what {
            Looked::Previews => {}
            Looked::Reveal => day.reveals += 1,
            Looked::Hard => {
                day.hard += 1;
                day.hard_run += 1;
            }
            Looked::Judged => day.hard_run = 0,
        }
        day
    }

    /// The day with a break begun now; one that was begun goes on.
    #[must_use]
    pub fn on_break(mut self, now: Instant) -> Self {
        self.break_from = Some(self.break_from.unwrap_or(now));
        self
    }

    /// The day with the break ended now. One shorter than a break is due was good, but does not count.
    #[must_use]
    pub fn back(mut self, limits: &Limits, now: Instant) -> Self {
        if let Some(since) = self.break_from.take()
            && now.since_ms(since) >= limits.break_ms
        {
            self.since_break_ms = 0;
            self.hard_run = 0;
            self.breaks += 1;
            // The silence of this break is counted; it is not a second one.
            self.last_at = Some(now);
        }
        self
    }

    /// Whether there was so much in a row that something lighter should come next: half of what asks for
    /// a break.
    #[must_use]
    pub fn wants_lighter(&self, limits: &Limits, now: Instant) -> bool {
        let row = self.rested(limits, now).hard_run;
        row > 0 && row >= limits.hard_run - limits.hard_run / 2
    }

    /// Whether a limit is near, so that it does not come as a surprise.
    #[must_use]
    pub fn is_near(&self, limits: &Limits, now: Instant) -> bool {
        let near = |had: i64, of: i64| had >= of.saturating_div(100).saturating_mul(SOFT);
        let rested = self.rested(limits, now);
        near(self.material_ms, limits.day_ms) || near(rested.since_break_ms, limits.stretch_ms)
    }
}

#[cfg(test)]
#[path = "limits_tests.rs"]
mod tests;
