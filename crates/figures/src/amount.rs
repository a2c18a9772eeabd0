//! A number as it is published: exact, with at most two decimals.

use pages::Language;
use serde::{Serialize, Serializer};

/// A number with at most two decimals, kept as whole hundredths so that growth is computed exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    /// Something else than digits and a point.
    #[error(
        "is no number: write digits, with a point before decimals and nothing between thousands, like 308430 or 49.9"
    )]
    NotANumber,
    /// More than two decimals: most likely a separator of thousands.
    #[error(
        "has more than two decimals: if the point separates thousands, leave it out, like 308430"
    )]
    TooFine,
    /// More than twelve digits before the point.
    #[error("is larger than any figure can be (twelve digits)")]
    TooLarge,
}

impl Amount {
    /// A whole number; held within what 64 bits can take.
    #[must_use]
    pub const fn whole(n: i64) -> Self {
        Self(n.saturating_mul(100))
    }

    /// So many tenths.
    #[must_use]
    pub const fn tenths(n: i64) -> Self {
        Self(n.saturating_mul(10))
    }

    /// So many hundredths.
    #[must_use]
    pub const fn of_hundredths(n: i64) -> Self {
        Self(n)
    }

    /// In hundredths.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Whether it has no decimals.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.0 % 100 == 0
    }

    /// The whole part, for choosing between one and many; decimals are many.
    #[must_use]
    pub const fn for_words(self) -> i64 {
        if self.is_whole() { self.0 / 100 } else { 2 }
    }

    /// Reads digits with at most two decimals; nothing below nought is ever published.
    ///
    /// # Errors
    /// [`AmountFault`].
    pub fn parse(text: &str) -> Result<Self, AmountFault> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err(AmountFault::NotANumber);
        }
        if decimals.len() > 2 {
            return Err(AmountFault::TooFine);
        }
        if whole.trim_start_matches('0').len() > 12 {
            return Err(AmountFault::TooLarge);
        }
        let number = |text: &str| text.parse::<i64>().map_err(|_| AmountFault::TooLarge);
        let parts = number(decimals)? * if decimals.len() == 1 { 10 } else { 1 };
        Ok(Self(number(whole)? * 100 + parts))
    }

    /// As a floating number, for drawing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "drawn, not counted")]
    pub fn drawn(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Written in a language, with no more decimals than it has.
    #[must_use]
    pub fn written(self, lang: Language) -> String {
        if self.is_whole() {
            return lang.number(self.0 / 100);
        }
        lang.decimal(self.drawn(), if self.0 % 10 == 0 { 1 } else { 2 })
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() {
            s.serialize_i64(self.0 / 100)
        } else {
            s.serialize_f64(self.drawn())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_with_two_decimals_are_read_and_thousands_are_not_guessed_at() {
        assert_eq!(Amount::parse("308430"), Ok(Amount::whole(308_430)));
        assert_eq!(Amount::parse("49.9"), Ok(Amount::tenths(499)));
        assert_eq!(Amount::parse("49.99"), Ok(Amount::of_hundredths(4_999)));
        assert_eq!(Amount::parse("308.430"), Err(AmountFault::TooFine));
        for text in [
            "308,430", "", ".", "1.", ".5", "-1", "+1", "1e3", "> 500000", "١",
        ] {
            assert_eq!(
                Amount::parse(text),
                Err(AmountFault::NotANumber),
                "{text:?}"
            );
        }
        assert_eq!(Amount::parse("1000000000000"), Err(AmountFault::TooLarge));
        assert_eq!(
            serde_json::to_string(&[Amount::whole(3), Amount::tenths(15)]).ok(),
            Some("[3,1.5]".to_owned())
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(hundredths in 0_i64..100_000_000_000_000) {
            let plain = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            prop_assert_eq!(Amount::parse(&plain), Ok(Amount::of_hundredths(hundredths)));
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,30}") {
            if let Ok(amount) = Amount::parse(&text) {
                prop_assert!(amount.hundredths() >= 0);
            }
        }
    }
}
