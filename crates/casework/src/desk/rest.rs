//! How much an analyst looks at: limits that the server holds, breaks, and what went well.
//!
//! Everything that shows material asks [`Casework::may_look`] first, and counts what it showed in the
//! transaction that records it. What is counted here stands in no ledger: it is private to the person.

use ground::clock::DAY_MS;
use ground::{Fact, Instant, Reason, StaffFact, StaffId, Tx};
use jiff::tz::TimeZone;
use staff::exposure::{self, DayOf, Standing, Together};
use staff::induction::{self, Level, Newcomer};
use staff::{Day, Limits, LimitsFault, Looked, Name, OwnLimits, Stop};

use super::DeskError;
use crate::{Casework, WorkError};

/// The time zone in which the hotline's day begins, as on every page.
const ZONE: &str = "Europe/Amsterdam";
/// Over how many days the wellbeing lead is told.
const TOLD_DAYS: i64 = 30;

/// Somebody's own day, for their eyes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyDay {
    /// What they looked at today.
    pub day: Day,
    /// The limits that hold for them.
    pub limits: Limits,
    /// What they set for themselves.
    pub own: OwnLimits,
    /// How far they have come, when they are new.
    pub level: Level,
    /// Why nothing is shown now; none when something is.
    pub stop: Option<Stop>,
    /// Whether a limit is near.
    pub near: bool,
    /// Their last seven days with material, the latest first.
    pub week: Vec<DayOf>,
    /// Whether who looks after the staff is told that they often reach the limit.
    pub told: bool,
}

/// The number of the day in the hotline's own time zone, and the minute of that day.
pub(super) fn day_and_minute(now: Instant) -> (i64, i64) {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let Ok(at) = jiff::Timestamp::from_millisecond(now.ms()) else {
        return (now.ms().div_euclid(DAY_MS), 0);
    };
    let local = now.plus_ms(i64::from(zone.to_offset(at).seconds()) * 1_000);
    let ms = local.ms();
    (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS) / 60_000)
}

impl Casework {
    fn check(&self, standing: &Standing, now: Instant) -> Result<(), Stop> {
        let limits = standing.limits(self.settings.limits);
        standing.day.may_look(&limits, now, day_and_minute(now).1)
    }

    /// Whether anything may be shown to `by` now.
    ///
    /// # Errors
    /// [`DeskError::Stop`] when a limit says no.
    pub(super) async fn may_look(&self, by: StaffId) -> Result<(), DeskError> {
        let now = self.clock.now();
        let standing = exposure::standing(&self.db, by, day_and_minute(now).0).await?;
        Ok(self.check(&standing, now)?)
    }

    /// Counts, in the transaction that records it, what is shown to `by` or judged by them; what is
    /// shown is refused when a limit says no. What was looked at may still be judged then.
    ///
    /// # Errors
    /// As [`Casework::may_look`].
    pub(super) async fn count_look(
        &self,
        tx: &Tx,
        by: StaffId,
        what: Looked,
    ) -> Result<(), DeskError> {
        let now = self.clock.now();
        let number = day_and_minute(now).0;
        let standing = exposure::hold_standing(tx, by, number).await?;
        if matches!(what, Looked::Previews | Looked::Reveal) {
            self.check(&standing, now)?;
        }
        let limits = standing.limits(self.settings.limits);
        let day = standing.day.looked(what, &limits, now);
        let full = standing.unnarrowed(self.settings.limits).day_ms;
        Ok(exposure::keep(tx, by, number, &day, full).await?)
    }

    /// `by` takes a break now: nothing is shown until they are back.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn take_break(&self, by: StaffId) -> Result<(), DeskError> {
        self.change_day(by, |day, _, now| day.on_break(now)).await?;
        self.reveals.films.end_all(by);
        Ok(())
    }

    /// `by` is back from a break.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn end_break(&self, by: StaffId) -> Result<(), DeskError> {
        self.change_day(by, |day, limits, now| day.back(limits, now))
            .await
    }

    async fn change_day(
        &self,
        by: StaffId,
        change: impl FnOnce(Day, &Limits, Instant) -> Day + Send,
    ) -> Result<(), DeskError> {
        let now = self.clock.now();
        let number = day_and_minute(now).0;
        let tx = self.db.upkeep("a break").await?;
        let standing = exposure::hold_standing(&tx, by, number).await?;
        let usual = self.settings.limits;
        let day = change(standing.day, &standing.limits(usual), now);
        let full = standing.unnarrowed(usual).day_ms;
        exposure::keep(&tx, by, number, &day, full).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a limit is near for `by`, so that it does not come as a surprise.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn limit_is_near(&self, by: StaffId) -> Result<bool, DeskError> {
        let now = self.clock.now();
        let standing = exposure::standing(&self.db, by, day_and_minute(now).0).await?;
        let limits = standing.limits(self.settings.limits);
        Ok(standing.day.is_near(&limits, now))
    }

    /// The day of `by`; to be shown to nobody else.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn my_day(&self, by: StaffId) -> Result<MyDay, DeskError> {
        let now = self.clock.now();
        let today = day_and_minute(now).0;
        let standing = exposure::standing(&self.db, by, today).await?;
        let limits = standing.limits(self.settings.limits);
        let told = exposure::alarms(&self.db, today).await?;
        Ok(MyDay {
            stop: self.check(&standing, now).err(),
            near: standing.day.is_near(&limits, now),
            day: standing.day,
            own: standing.own,
            level: standing.level,
            limits,
            week: exposure::week(&self.db, by, today - 6).await?,
            told: told.iter().any(|(one, _)| *one == by),
        })
    }

    /// Sets the own limits of `by`, who can only make them narrower than the site's.
    ///
    /// # Errors
    /// [`DeskError::Limits`].
    pub async fn set_own_limits(&self, by: StaffId, own: OwnLimits) -> Result<(), DeskError> {
        let own = own.checked(self.site_limits().await?)?;
        let tx = self.db.upkeep("own limits").await?;
        exposure::set_own(&tx, by, own).await?;
        Ok(tx.commit().await?)
    }

    /// The limits of the site.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn site_limits(&self) -> Result<Limits, DeskError> {
        // Nobody's standing has no own limits.
        let standing = exposure::standing(&self.db, StaffId::from_bits(0), 0).await?;
        Ok(standing.site.unwrap_or(self.settings.limits))
    }

    /// Sets the limits of the site from now on.
    ///
    /// # Errors
    /// [`DeskError::Limits`].
    pub async fn set_site_limits(
        &self,
        by: StaffId,
        new: Limits,
        why: Reason,
    ) -> Result<(), DeskError> {
        let new = new.checked()?;
        let act = self.act(by).because(why);
        let tx = self.db.act(&act, "set the limits of the site").await?;
        let version = exposure::set_site(&tx, by, act.at, new).await?;
        let key = format!("looking-limits-{version}");
        tx.record("site", &Fact::SettingChanged { key });
        Ok(tx.commit().await?)
    }

    /// Who is new here, and how far they have come.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn newcomers(&self) -> Result<Vec<Newcomer>, DeskError> {
        Ok(induction::newcomers(&self.db).await?)
    }

    /// `by` lets somebody new, whom they saw at this level, go on to the next; false when they are not at
    /// it any more, or are `by` themselves.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn raise_level(
        &self,
        by: StaffId,
        newcomer: StaffId,
        seen: Level,
        why: Reason,
    ) -> Result<bool, DeskError> {
        if by == newcomer {
            return Ok(false);
        }
        let act = self.act(by).because(why);
        let tx = self.db.act(&act, "raise a level").await?;
        let raised = induction::raise(&tx, newcomer, seen, by, act.at).await?;
        if let Some(level) = raised {
            let level = level.to_string();
            tx.record(newcomer, &StaffFact::LevelRaised { level }.into());
            tx.commit().await?;
        }
        Ok(raised.is_some())
    }

    /// Everybody together over the last 30 days; none when they are too few to be told about.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn wellbeing(&self) -> Result<Option<Together>, DeskError> {
        let from = day_and_minute(self.clock.now()).0 - TOLD_DAYS;
        Ok(exposure::together(&self.db, from).await?)
    }

    /// Who reached the limit of the day again and again, by name and nothing more.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn alarms(&self) -> Result<Vec<Name>, DeskError> {
        let today = day_and_minute(self.clock.now()).0;
        let alarms = exposure::alarms(&self.db, today).await?;
        Ok(alarms.into_iter().map(|(_, name)| name).collect())
    }

    /// Destroys what was counted more than 90 days ago.
    pub(crate) async fn forget_exposure(&self) -> Result<(), WorkError> {
        let now = self.clock.now();
        let tx = self.db.upkeep("forget what was looked at").await?;
        exposure::forget(&tx, day_and_minute(now).0, now).await?;
        Ok(tx.commit().await?)
    }
}

impl From<Stop> for DeskError {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<LimitsFault> for DeskError {
    fn from(fault: LimitsFault) -> Self {
        Self::Limits(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_the_hotlines_own_time_zone() {
        // 2026-07-01T21:59Z is 23:59 in Amsterdam; a minute later it is the next day.
        let late = Instant::from_ms(1_782_943_140_000);
        let (day, minute) = day_and_minute(late);
        assert_eq!(minute, 23 * 60 + 59);
        assert_eq!(day_and_minute(late.plus_ms(60_000)), (day + 1, 0));
    }
}
