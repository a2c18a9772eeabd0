//! Time is a parameter: whoever needs to know the time is given a [`Clock`].

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A moment, in milliseconds since 1970-01-01T00:00:00 UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Instant(i64);

/// Milliseconds in one second.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in one minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in one hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in one day of 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;

impl Instant {
    /// The moment this many milliseconds after 1970 began, UTC.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970 began, UTC.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The moment this many milliseconds later (earlier when negative); stays within range.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment.
    #[must_use]
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The start of the hour this moment lies in: the exactness allowed for a reporter (IN-9).
    #[must_use]
    pub const fn start_of_hour(self) -> Self {
        Self(self.0 - self.0.rem_euclid(HOUR_MS))
    }

    /// RFC 3339 in UTC, for example `2026-11-23T10:00:00Z`; whole seconds.
    #[must_use]
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_second(self.0.div_euclid(1_000))
            .map_or_else(|_| format!("{} ms", self.0), |at| at.to_string())
    }

    /// The calendar year in UTC, by which figures are counted.
    #[must_use]
    pub fn year(self) -> i16 {
        jiff::Timestamp::from_millisecond(self.0)
            .map_or(0, |at| at.to_zoned_datetime(jiff::tz::TimeZone::UTC).year())
    }
}

impl From<Instant> for sea_orm::Value {
    fn from(at: Instant) -> Self {
        Self::from(at.0)
    }
}

impl sea_orm::TryGetable for Instant {
    fn try_get_by<I: sea_orm::ColIdx>(
        row: &sea_orm::QueryResult,
        index: I,
    ) -> Result<Self, sea_orm::TryGetError> {
        i64::try_get_by(row, index).map(Self)
    }
}

impl sea_orm::sea_query::Nullable for Instant {
    fn null() -> sea_orm::Value {
        sea_orm::Value::BigInt(None)
    }
}

/// Where the time comes from: the system, or a test.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Test(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::System => Instant(system_ms()),
            Source::Test(ms) => Instant(ms.load(Ordering::SeqCst)),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the machine's clock is read"
)]
fn system_ms() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}

/// A clock that stands still until it is moved by hand.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A clock that shows `at`.
    #[must_use]
    pub fn at(at: Instant) -> Self {
        Self(Arc::new(AtomicI64::new(at.ms())))
    }

    /// Moves the time on by this many milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// The clock to hand to the code under test; it follows this one.
    #[must_use]
    pub fn clock(&self) -> Clock {
        Clock(Source::Test(Arc::clone(&self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_starts_at_its_start_also_before_1970() {
        assert_eq!(Instant::from_ms(HOUR_MS + 5).start_of_hour().ms(), HOUR_MS);
        assert_eq!(Instant::from_ms(-5).start_of_hour().ms(), -HOUR_MS);
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(
            Instant::from_ms(1_767_225_600_123).rfc3339(),
            "2026-01-01T00:00:00Z"
        );
        assert_eq!(Instant::from_ms(1_767_225_599_999).year(), 2025);
    }
}
