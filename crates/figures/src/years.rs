//! A year beside the years before it: counted from the ledger where the ledger counted the whole year,
//! else as it was published.

use std::collections::BTreeMap;

use ground::{Ask as _, Db, Instant, values};
use pages::Language;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::compute::compute;
use crate::definition::{Definition, Text};
use crate::figure::{Figure, Figures};
use crate::growth::{Growth, NoGrowth, Observed, Under, growth};
use crate::period::{Calendar, Period};
use crate::published::{self, Key, Published};
use crate::sentence::sentence;
use crate::{ALL, FiguresError};

/// One figure over the years, up to the year that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its name in files.
    pub key: String,
    /// Its name for people; that of a figure only others published is its key.
    pub title: Text<String>,
    /// What it means here; none for a figure only others published.
    pub definition: Option<&'static Definition>,
    /// Year by year, from the first that is known; each year has a place, also one that is not known.
    pub years: Vec<Observed>,
}

impl Series {
    /// The year that is told.
    #[must_use]
    pub fn last(&self) -> Option<&Observed> {
        self.years.last()
    }

    /// The growth into the last year.
    ///
    /// # Errors
    /// [`NoGrowth`] when none may be given.
    pub fn growth(&self) -> Result<Growth, NoGrowth> {
        let (after, before) = self.years.split_last().ok_or(NoGrowth::Gap)?;
        growth(before.last(), after)
    }

    /// What the last year says beside the others.
    #[must_use]
    pub fn sentence(&self, lang: Language) -> String {
        sentence(&self.years, lang)
    }
}

/// A year: its figures, and each beside the years before.
#[derive(Debug, Clone, PartialEq)]
pub struct Yearly {
    /// What the ledger says of the year, also when it counted a part of it only.
    pub figures: Figures,
    /// What it says of the year before, when it had begun by then.
    pub before: Option<Figures>,
    /// Each figure over the years.
    pub series: Vec<Series>,
}

/// For each figure its key, unit, value and that of the year before, growth or why there is none, the
/// sentences, and what it was counted from.
struct Told<'a> {
    series: &'a Series,
    counted: Option<&'a Figure>,
}

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let series = self.series;
        let last = series.last();
        let before = series.years.iter().rev().nth(1);
        let grown = series.growth();
        let sentences = Text {
            nl: series.sentence(Language::Nl),
            en: series.sentence(Language::En),
        };
        let source = last.and_then(|last| last.source.as_ref());
        // The parts are those of the ledger; beside a published number they would not add up.
        let counted = self.counted.filter(|_| source.is_none());
        let mut out = s.serialize_struct("Figure", 17)?;
        out.serialize_field("key", &series.key)?;
        out.serialize_field("title", &series.title)?;
        out.serialize_field("unit", &last.map(|last| &last.unit))?;
        out.serialize_field("value", &last.and_then(|last| last.value))?;
        out.serialize_field("previous", &before.and_then(|before| before.value))?;
        out.serialize_field("growth_percent", &grown.ok().map(Growth::percent))?;
        out.serialize_field("no_growth", &grown.err())?;
        out.serialize_field("why_no_growth", &grown.err().map(NoGrowth::says))?;
        out.serialize_field("sentences", &sentences)?;
        out.serialize_field("published", &source.is_some())?;
        out.serialize_field("source", &source)?;
        out.serialize_field("version", &series.definition.map(|meant| meant.version))?;
        out.serialize_field("definition", &series.definition.map(|d| &d.definition))?;
        out.serialize_field("caveat", &series.definition.map(|d| &d.caveat))?;
        out.serialize_field("n", &counted.and_then(|figure| figure.value.n()))?;
        out.serialize_field("breakdowns", &counted.map(|figure| &figure.breakdowns))?;
        out.serialize_field("years", &series.years)?;
        out.end()
    }
}

impl Serialize for Yearly {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let told: Vec<Told<'_>> = self
            .series
            .iter()
            .map(|series| Told {
                series,
                counted: self.figures.get(&series.key),
            })
            .collect();
        let mut out = s.serialize_struct("Year", 5)?;
        out.serialize_field("period", &self.figures.period)?;
        out.serialize_field("ledger_line", &self.figures.ledger_line)?;
        out.serialize_field("ledger_hash", &self.figures.ledger_hash)?;
        out.serialize_field("figures", &told)?;
        out.serialize_field("clocks", &self.figures.clocks)?;
        out.end()
    }
}

/// What is known of the years: what was counted, what was published, and since when was counted.
struct Known<'a> {
    calendar: &'a Calendar,
    now: Instant,
    began: Option<Instant>,
    counted: BTreeMap<i16, Figures>,
    published: BTreeMap<(Key, i16), Published>,
}

impl Known<'_> {
    /// What is known of a figure in a year. What the ledger counted from the first day on goes before
    /// what was published, and that before a part of a year.
    fn observed(&self, key: &str, meant: Option<&'static Definition>, year: i16) -> Observed {
        let period = self.calendar.year(year);
        let whole = self.began.is_some_and(|began| began <= period.from);
        let published = Key::parse(key)
            .ok()
            .and_then(|key| self.published.get(&(key, year)))
            .filter(|_| !whole || meant.is_none());
        if let Some(row) = published {
            return Observed {
                year,
                value: Some(row.value),
                unit: row.unit.clone(),
                definition: row.definition.clone(),
                complete: true,
                whole: true,
                source: Some(row.source.clone()),
            };
        }
        let counted = self
            .counted
            .get(&year)
            .filter(|_| begun(self.began, &period));
        let value = counted
            .and_then(|figures| figures.get(key))
            .and_then(|figure| figure.value.amount());
        Observed {
            year,
            value,
            unit: meant.map_or_else(|| self.unit_of(key), |meant| meant.unit.into()),
            definition: Under::Version(meant.map_or(1, |meant| meant.version)),
            complete: period.until <= self.now,
            whole: whole || value.is_none(),
            source: None,
        }
    }

    /// The unit in which a figure that only others published was last published.
    fn unit_of(&self, key: &str) -> crate::UnitName {
        let of_it = |row: &&Published| row.key.as_str() == key;
        let last = self.published.values().rfind(of_it);
        last.map_or_else(|| crate::Unit::Reports.into(), |row| row.unit.clone())
    }

    fn series(
        &self,
        key: &str,
        title: Text<String>,
        meant: Option<&'static Definition>,
        span: (i16, i16),
    ) -> Series {
        let years = (span.0..=span.1).map(|year| self.observed(key, meant, year));
        let mut years: Vec<Observed> = years
            .skip_while(|year| year.value.is_none() && year.year < span.1)
            .collect();
        // A year between that nobody counted takes the unit of its neighbours: it is a gap, no change.
        for at in 1..years.len() {
            if years[at].value.is_none() {
                years[at].unit = years[at - 1].unit.clone();
                years[at].definition = years[at - 1].definition.clone();
            }
        }
        Series {
            key: key.to_owned(),
            title,
            definition: meant,
            years,
        }
    }
}

fn begun(began: Option<Instant>, period: &Period) -> bool {
    began.is_some_and(|began| began < period.until)
}

/// Computes a year and, beside it, so many years before it from the ledger and every year that was
/// published. A year that is not over at `now` gives no growth.
///
/// # Errors
/// [`FiguresError`] when the ledger cannot be read.
pub async fn yearly(
    db: &Db,
    calendar: &Calendar,
    year: i16,
    before: i16,
    now: Instant,
) -> Result<Yearly, FiguresError> {
    let figures = compute(db, &calendar.year(year)).await?;
    let began = first_line(db).await?;
    let published = published::all(db, figures.ledger_line).await?;
    let mut counted = BTreeMap::new();
    for earlier in year - before..year {
        let period = calendar.year(earlier);
        if begun(began, &period) {
            counted.insert(earlier, compute(db, &period).await?);
        }
    }
    counted.insert(year, figures.clone());
    let first_published = published.keys().map(|(_, year)| *year).min();
    let first = first_published.map_or(year - before, |first| first.min(year - before));
    let known = Known {
        calendar,
        now,
        began,
        counted,
        published,
    };
    let mut series: Vec<Series> = ALL
        .into_iter()
        .map(|meant| {
            let title = Text {
                nl: meant.title.nl.to_owned(),
                en: meant.title.en.to_owned(),
            };
            known.series(meant.key, title, Some(meant), (first, year))
        })
        .collect();
    let others: std::collections::BTreeSet<&str> = known
        .published
        .keys()
        .filter(|(key, of)| *of <= year && crate::definition(key.as_str()).is_none())
        .map(|(key, _)| key.as_str())
        .collect();
    series.extend(others.into_iter().map(|key| {
        let title = Text {
            nl: key.to_owned(),
            en: key.to_owned(),
        };
        known.series(key, title, None, (first, year))
    }));
    let before = known.counted.get(&(year - 1)).cloned();
    Ok(Yearly {
        figures,
        before,
        series,
    })
}

/// When the ledger begins; none when it is empty.
async fn first_line(db: &Db) -> Result<Option<Instant>, FiguresError> {
    let sql = "select cast(coalesce((select at_ms from ledger where seq = 1), -1) as bigint) as n";
    let at = db.count(sql, values![]).await?;
    Ok((at >= 0).then(|| Instant::from_ms(at)))
}

#[cfg(test)]
#[path = "years_tests.rs"]
mod tests;
