//! Days, minutes and numbers as the two languages write them. Days are Amsterdam's.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::Language;

/// A whole number of any width, also borrowed: templates hand over references.
pub trait Whole {
    /// The number.
    fn whole(&self) -> i128;

    /// The number, held within 64 bits.
    fn small(&self) -> i64 {
        i64::try_from(self.whole()).unwrap_or(if self.whole() < 0 { i64::MIN } else { i64::MAX })
    }
}

impl<T: Whole + ?Sized> Whole for &T {
    fn whole(&self) -> i128 {
        (**self).whole()
    }
}

macro_rules! wholes {
    ($($kind:ty),*) => {$(
        impl Whole for $kind {
            fn whole(&self) -> i128 {
                i128::from(*self)
            }
        }
    )*};
}
wholes!(i8, i16, i32, i64, u8, u16, u32, u64);

impl Whole for usize {
    fn whole(&self) -> i128 {
        i128::try_from(*self).unwrap_or(i128::MAX)
    }
}

static AMSTERDAM: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC));

const NL: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const NL_SHORT: [&str; 12] = [
    "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
];
const EN_SHORT: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn zoned(at_ms: i64) -> Option<jiff::ZonedDateTime> {
    let at = Timestamp::from_millisecond(at_ms).ok()?;
    Some(at.to_zoned_datetime(AMSTERDAM.clone()))
}

fn name(names: &[&'static str; 12], month: i8) -> &'static str {
    usize::try_from(month - 1)
        .ok()
        .and_then(|at| names.get(at).copied())
        .unwrap_or("?")
}

pub(crate) fn day(language: Language, at_ms: i64) -> String {
    let Some(at) = zoned(at_ms) else {
        return "?".to_owned();
    };
    let names = match language {
        Language::Nl => &NL,
        Language::En => &EN,
    };
    format!("{} {} {}", at.day(), name(names, at.month()), at.year())
}

pub(crate) fn minute(language: Language, at_ms: i64) -> String {
    let Some(at) = zoned(at_ms) else {
        return "?".to_owned();
    };
    let names = match language {
        Language::Nl => &NL_SHORT,
        Language::En => &EN_SHORT,
    };
    format!(
        "{} {} {} {:02}:{:02}",
        at.day(),
        name(names, at.month()),
        at.year(),
        at.hour(),
        at.minute()
    )
}

pub(crate) fn number(language: Language, number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mark = match language {
        Language::Nl => '.',
        Language::En => ',',
    };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

pub(crate) fn decimal(language: Language, value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let written = format!("{:.decimals$}", value.abs());
    let (whole, rest) = written.split_once('.').unwrap_or((&written, ""));
    let mut out = number(language, whole.parse().unwrap_or(0));
    if value < 0.0 && written.chars().any(|c| c.is_ascii_digit() && c != '0') {
        out.insert(0, '−');
    }
    if !rest.is_empty() {
        out.push(match language {
            Language::Nl => ',',
            Language::En => '.',
        });
        out.push_str(rest);
    }
    out
}

pub(crate) fn bytes(language: Language, bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let size = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", decimal(language, size / 1e3, 1)),
        1_000_000..1_000_000_000 => format!("{} MB", decimal(language, size / 1e6, 1)),
        _ => format!("{} GB", decimal(language, size / 1e9, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_day_in_amsterdam_also_across_midnight_and_summer_time() {
        // 2026-01-31T23:30Z is already February in Amsterdam; 2026-07-01T21:59Z is not yet the 2nd.
        assert_eq!(day(Language::Nl, 1_769_902_200_000), "1 februari 2026");
        assert_eq!(minute(Language::En, 1_782_943_140_000), "1 Jul 2026 23:59");
    }

    #[test]
    fn numbers_are_grouped_as_each_language_does() {
        assert_eq!(number(Language::Nl, 1_234_567), "1.234.567");
        assert_eq!(number(Language::En, -1_000), "−1,000");
        assert_eq!(number(Language::En, 999), "999");
        assert_eq!(decimal(Language::Nl, 1234.56, 1), "1.234,6");
        assert_eq!(decimal(Language::En, -0.04, 1), "0.0");
        assert_eq!(decimal(Language::En, f64::NAN, 1), "–");
        assert_eq!(bytes(Language::En, 1_500), "1.5 kB");
    }
}
