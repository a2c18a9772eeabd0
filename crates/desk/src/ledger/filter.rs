//! Which lines of the ledger are asked for.

use ground::Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::Fields;

/// Only lines that fit all of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// The kind of fact; empty for any.
    pub kind: String,
    /// To which thing it happened, or who did it; empty for any.
    pub subject: String,
    /// On which day in Amsterdam.
    pub day: Option<Date>,
}

/// Longest text that is looked for.
const LONGEST: usize = 80;

impl Filter {
    /// Reads the fields `kind`, `subject` and `day`; the second part says whether a day was typed
    /// that is none.
    pub fn read(fields: &Fields) -> (Self, bool) {
        let text = |name: &str| {
            fields
                .trimmed(name)
                .chars()
                .take(LONGEST)
                .collect::<String>()
        };
        let typed = fields.trimmed("day");
        let day: Option<Date> = typed.parse().ok();
        let bad_day = !typed.is_empty() && day.is_none();
        let filter = Self {
            kind: text("kind"),
            subject: text("subject"),
            day,
        };
        (filter, bad_day)
    }

    /// The day as a date field has it.
    pub fn day_typed(&self) -> String {
        self.day.map(|day| day.to_string()).unwrap_or_default()
    }

    /// From when until before when the day lasts.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        let day = self.day?;
        let zone = TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC);
        let start = |day: Date| {
            let midnight = day.to_datetime(jiff::civil::Time::midnight());
            let at = midnight.to_zoned_datetime(zone.clone()).ok()?.timestamp();
            Some(Instant::from_ms(at.as_millisecond()))
        };
        Some((start(day)?, start(day.tomorrow().ok()?)?))
    }

    /// The address of the page with this filter, from before a line on.
    pub fn path(&self, before: Option<i64>) -> String {
        let mut pairs = vec![
            ("kind", self.kind.clone()),
            ("subject", self.subject.clone()),
            ("day", self.day_typed()),
            (
                "before",
                before.map(|seq| seq.to_string()).unwrap_or_default(),
            ),
        ];
        pairs.retain(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        if pairs.is_empty() {
            "/ledger".to_owned()
        } else {
            format!("/ledger?{}", pairs.join("&"))
        }
    }
}

/// The text for the query of an address.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> (Filter, bool) {
        Filter::read(&Fields::read(query.as_bytes()).unwrap())
    }

    #[test]
    fn a_filter_is_read_back_from_its_own_address() {
        let (filter, bad) = read("kind=signed_in&subject=worker%3Asign-in&day=2026-11-23");
        assert!(!bad);
        let path = filter.path(Some(7));
        assert_eq!(
            path,
            "/ledger?kind=signed_in&subject=worker%3Asign-in&day=2026-11-23&before=7"
        );
        assert_eq!(read(path.split_once('?').unwrap().1).0, filter);
        assert_eq!(Filter::default().path(None), "/ledger");
    }

    #[test]
    fn a_day_is_a_day_in_amsterdam_also_when_the_clock_is_put_back() {
        let (filter, _) = read("day=2026-10-25");
        let (from, until) = filter.span().unwrap();
        assert_eq!(from.rfc3339(), "2026-10-24T22:00:00Z");
        assert_eq!(until.since_ms(from), 25 * 60 * 60 * 1_000);
    }

    #[test]
    fn what_is_no_day_is_said_and_not_used() {
        assert_eq!(read("day=yesterday"), (Filter::default(), true));
        assert_eq!(read(""), (Filter::default(), false));
    }
}
