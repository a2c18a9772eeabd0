//! Years, months and days as the country counts them.

use ground::Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

/// A stretch of time: from the first moment, up to and without the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Period {
    /// How it is called: `2026`, `2026-11`.
    pub name: String,
    /// The first moment in it, in milliseconds since 1970, UTC.
    pub from: Instant,
    /// The first moment after it.
    pub until: Instant,
}

/// The calendar of the hotline's country. A report of one o'clock in the new year in Amsterdam
/// belongs to the new year, although it is still the old one in UTC.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
}

/// There is no such time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone '{0}'; write one like Europe/Amsterdam")]
pub struct UnknownZone(pub String);

impl Calendar {
    /// The calendar of a time zone, by its IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`].
    pub fn of(zone: &str) -> Result<Self, UnknownZone> {
        TimeZone::get(zone)
            .map(|zone| Self { zone })
            .map_err(|_| UnknownZone(zone.to_owned()))
    }

    fn start(&self, date: Date) -> Instant {
        date.to_zoned_datetime(self.zone.clone()).map_or_else(
            |_| Instant::from_ms(0),
            |start| Instant::from_ms(start.timestamp().as_millisecond()),
        )
    }

    fn between(&self, name: String, from: Date, until: Date) -> Period {
        Period {
            name,
            from: self.start(from),
            until: self.start(until),
        }
    }

    /// A calendar year; years outside −9998…9998 are taken as the nearest.
    #[must_use]
    pub fn year(&self, year: i16) -> Period {
        let year = year.clamp(-9998, 9998);
        let first = |year| Date::new(year, 1, 1).unwrap_or(Date::ZERO);
        self.between(year.to_string(), first(year), first(year + 1))
    }

    /// A calendar month, 1 to 12; none when there is no such month.
    #[must_use]
    pub fn month(&self, year: i16, month: i8) -> Option<Period> {
        let first = Date::new(year, month, 1).ok()?;
        let next = first.checked_add(jiff::Span::new().months(1)).ok()?;
        Some(self.between(format!("{year}-{month:02}"), first, next))
    }

    /// The year a moment lies in.
    #[must_use]
    pub fn year_of(&self, at: Instant) -> i16 {
        jiff::Timestamp::from_millisecond(at.ms())
            .map_or(1970, |at| at.to_zoned_datetime(self.zone.clone()).year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_begins_at_midnight_in_the_country() {
        let amsterdam = Calendar::of("Europe/Amsterdam").unwrap();
        let year = amsterdam.year(2026);
        assert_eq!(year.from.rfc3339(), "2025-12-31T23:00:00Z");
        assert_eq!(year.until.rfc3339(), "2026-12-31T23:00:00Z");
        assert_eq!(amsterdam.year_of(year.from), 2026);
        assert_eq!(amsterdam.year_of(year.from.plus_ms(-1)), 2025);
        assert_eq!(amsterdam.year(2025).until, year.from);
    }

    #[test]
    fn the_months_of_a_year_fill_it_also_across_summer_time() {
        let amsterdam = Calendar::of("Europe/Amsterdam").unwrap();
        let months: Vec<_> = (1..=12)
            .map(|m| amsterdam.month(2026, m).unwrap())
            .collect();
        assert!(months.windows(2).all(|pair| pair[0].until == pair[1].from));
        assert_eq!(months[6].from.rfc3339(), "2026-06-30T22:00:00Z");
        assert_eq!(months[11].until, amsterdam.year(2026).until);
        assert_eq!(amsterdam.month(2026, 13), None);
    }

    #[test]
    fn a_zone_that_does_not_exist_is_told() {
        assert!(Calendar::of("Europe/Nowhere").is_err());
    }
}
