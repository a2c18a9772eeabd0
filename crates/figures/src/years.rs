//! Years beside each other.

use ground::{Db, Instant};
use pages::Language;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::compute::compute;
use crate::definition::{Definition, Text};
use crate::figure::Figures;
use crate::growth::{Growth, NoGrowth, Observed, growth};
use crate::period::Calendar;
use crate::sentence::sentence;
use crate::{ALL, FiguresError};

/// One figure over the years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// What it means.
    pub definition: &'static Definition,
    /// Year by year.
    pub years: Vec<Observed>,
}

impl Series {
    /// The growth into the year at this place.
    ///
    /// # Errors
    /// [`NoGrowth`] when none may be given.
    pub fn growth(&self, at: usize) -> Result<Growth, NoGrowth> {
        let after = self.years.get(at).ok_or(NoGrowth::Gap)?;
        let before = at.checked_sub(1).and_then(|at| self.years.get(at));
        growth(before, after)
    }

    /// What the last year says beside the others.
    #[must_use]
    pub fn sentence(&self, lang: Language) -> String {
        sentence(&self.years, lang)
    }
}

/// For each figure its key, unit, last value and the one before, growth, and the sentences.
impl Serialize for Series {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let last = self.years.len().saturating_sub(1);
        let value = |at: Option<usize>| at.and_then(|at| self.years.get(at)?.value);
        let grown = self.growth(last);
        let mut out = s.serialize_struct("Series", 8)?;
        out.serialize_field("key", self.definition.key)?;
        out.serialize_field("unit", &self.definition.unit)?;
        out.serialize_field("value", &value(Some(last)))?;
        out.serialize_field("previous", &value(last.checked_sub(1)))?;
        out.serialize_field("growth_percent", &grown.ok().map(Growth::percent))?;
        out.serialize_field("no_growth", &grown.err())?;
        let sentences = Text {
            nl: self.sentence(Language::Nl),
            en: self.sentence(Language::En),
        };
        out.serialize_field("sentences", &sentences)?;
        out.serialize_field("years", &self.years)?;
        out.end()
    }
}

/// The figures of several years, and each count over them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Yearly {
    /// Year by year, the earliest first.
    pub years: Vec<Figures>,
    /// Each figure that is a count, over these years.
    pub series: Vec<Series>,
}

/// Computes the years from `first` to `last`. A year that is not over at `now` gives no growth.
///
/// # Errors
/// [`FiguresError`] when the ledger cannot be read.
pub async fn yearly(
    db: &Db,
    calendar: &Calendar,
    first: i16,
    last: i16,
    now: Instant,
) -> Result<Yearly, FiguresError> {
    let mut years = Vec::new();
    for year in first..=last {
        years.push((year, compute(db, &calendar.year(year)).await?));
    }
    let series = ALL
        .into_iter()
        .filter(|definition| definition.grows)
        .map(|definition| Series {
            definition,
            years: years
                .iter()
                .map(|(year, figures)| Observed {
                    year: *year,
                    value: figures.get(definition.key).and_then(|f| f.value.count()),
                    unit: definition.unit,
                    version: definition.version,
                    complete: figures.period.until <= now,
                })
                .collect(),
        })
        .collect();
    let years = years.into_iter().map(|(_, figures)| figures).collect();
    Ok(Yearly { years, series })
}
