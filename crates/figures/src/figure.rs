//! A figure that was computed, and all figures of a period.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::amount::Amount;
use crate::breakdown::Breakdown;
use crate::clocks::Clock;
use crate::definition::Definition;
use crate::judged::Crossing;
use crate::period::Period;

/// The number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// So many.
    Count(i64),
    /// A duration over `n` observations, in milliseconds; none when there was none.
    Duration {
        /// Milliseconds.
        ms: Option<i64>,
        /// Over so many observations.
        n: i64,
    },
    /// A part of a whole; no share when the whole is nought.
    Share {
        /// The part.
        part: i64,
        /// The whole.
        of: i64,
    },
    /// A share that was estimated, or a mean of shares, over `n` observations; none when there was none.
    Estimate {
        /// Millionths of the whole.
        millionths: Option<i64>,
        /// Over so many.
        n: i64,
    },
}

/// Rounded half away from nought while still exact, so that both engines and both folds agree.
fn in_tenths(part: i128, of: i128) -> Amount {
    let tenths = (20 * part + part.signum() * of) / (2 * of);
    Amount::tenths(i64::try_from(tenths).unwrap_or(i64::MAX))
}

impl Value {
    /// The number in its unit: a count, hours or percent with one decimal; none when not known.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        self.amount().map(Amount::drawn)
    }

    /// The number in its unit, exactly as it is shown.
    #[must_use]
    pub fn amount(&self) -> Option<Amount> {
        match *self {
            Self::Count(n) => Some(Amount::whole(n)),
            Self::Duration { ms, .. } => {
                ms.map(|ms| in_tenths(i128::from(ms), i128::from(ground::clock::HOUR_MS)))
            }
            Self::Share { of: 0, .. } => None,
            Self::Share { part, of } => Some(in_tenths(100 * i128::from(part), i128::from(of))),
            Self::Estimate { millionths, .. } => {
                millionths.map(|millionths| in_tenths(i128::from(millionths), 10_000))
            }
        }
    }

    /// Over how many observations, for what is no count.
    #[must_use]
    pub const fn n(&self) -> Option<i64> {
        match *self {
            Self::Count(_) => None,
            Self::Duration { n, .. } | Self::Estimate { n, .. } => Some(n),
            Self::Share { of, .. } => Some(of),
        }
    }

    /// The count, when it is one.
    #[must_use]
    pub const fn count(&self) -> Option<i64> {
        match *self {
            Self::Count(n) => Some(n),
            Self::Duration { .. } | Self::Share { .. } | Self::Estimate { .. } => None,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Count(n) => s.serialize_i64(n),
            _ => self.number().serialize(s),
        }
    }
}

/// One figure of one period, with its breakdowns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What it means.
    pub definition: &'static Definition,
    /// The number.
    pub value: Value,
    /// The same number, divided in one or more ways.
    pub breakdowns: Vec<Breakdown>,
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut out = s.serialize_struct("Figure", 9)?;
        let definition = self.definition;
        out.serialize_field("key", definition.key)?;
        out.serialize_field("title", &definition.title)?;
        out.serialize_field("unit", &definition.unit)?;
        out.serialize_field("version", &definition.version)?;
        out.serialize_field("value", &self.value)?;
        out.serialize_field("n", &self.value.n())?;
        out.serialize_field("definition", &definition.definition)?;
        out.serialize_field("caveat", &definition.caveat)?;
        out.serialize_field("breakdowns", &self.breakdowns)?;
        out.end()
    }
}

/// All figures of a period, and the end of the ledger up to which they were counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// The period.
    pub period: Period,
    /// The last line of the ledger that was counted.
    pub ledger_line: i64,
    /// The chained hash of that line, in hex: who has the ledger can count again.
    pub ledger_hash: String,
    /// The figures, in the order of [`crate::ALL`].
    pub figures: Vec<Figure>,
    /// The clocks with their curves: from receipt to closing, to the notice, to the removal.
    pub clocks: Vec<Clock>,
    /// Age by gender of illegal contents: only ever shown without its small cells.
    #[serde(skip)]
    pub crossing: Crossing,
}

impl Figures {
    /// The figure with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Figure> {
        self.figures
            .iter()
            .find(|figure| figure.definition.key == key)
    }

    /// As JSON, with titles and definitions in both languages.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        // Numbers and text: this cannot fail.
        serde_json::to_value(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_percent_have_one_decimal_and_nothing_is_not_nought() {
        let hours = |ms| Value::Duration { ms, n: 1 }.number();
        assert_eq!(hours(Some(5_400_000)), Some(1.5));
        assert_eq!(hours(Some(180_000)), Some(0.1));
        assert_eq!(hours(None), None);
        assert_eq!(Value::Share { part: 1, of: 3 }.number(), Some(33.3));
        assert_eq!(Value::Share { part: 2, of: 3 }.number(), Some(66.7));
        assert_eq!(Value::Share { part: 0, of: 0 }.number(), None);
    }
}
