//! Figures as a page shows them: written out in one language.

use pages::Language;

use crate::breakdown::By;
use crate::figure::{Figure, Figures, Value};
use crate::unit::Unit;

/// One part of a figure, written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// Its name in files.
    pub key: String,
    /// Its name.
    pub label: String,
    /// The number.
    pub value: String,
    /// Its share of the whole, for counts.
    pub share: Option<String>,
    /// The number itself, for a chart.
    pub number: Option<i64>,
}

/// One way in which a figure is divided, written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownBreakdown {
    /// By what.
    pub title: String,
    /// By what, as its name in files.
    pub by: String,
    /// The parts.
    pub rows: Vec<ShownRow>,
}

/// A figure, written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its name in files.
    pub key: &'static str,
    /// Its name.
    pub title: &'static str,
    /// The number, or a dash when it is not known.
    pub value: String,
    /// The word for its unit.
    pub unit: &'static str,
    /// Over how many observations, for what is no count.
    pub n: Option<i64>,
    /// What is counted.
    pub definition: &'static str,
    /// What to keep in mind; empty when nothing.
    pub caveat: &'static str,
    /// The version of the definition.
    pub version: u16,
    /// The same number, divided.
    pub breakdowns: Vec<ShownBreakdown>,
}

/// All that is told of one provider, written out; a dash where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRow {
    /// Its name.
    pub name: String,
    /// Notices sent.
    pub notices: String,
    /// Items it was told of.
    pub told: String,
    /// Items removed.
    pub removed: String,
    /// Median hours to removal.
    pub median: String,
    /// Hours within which nine in ten were removed.
    pub p90: String,
    /// Of what it was told of, the share gone within 24 hours, 48 hours, 72 hours and 7 days.
    pub within: [String; 4],
    /// Items still there.
    pub still_there: String,
    /// Items that came back.
    pub reappeared: String,
}

fn written(value: Value, lang: Language) -> String {
    match (value, value.number()) {
        (Value::Count(n), _) => lang.number(n),
        (_, None) => "–".to_owned(),
        (Value::Share { .. } | Value::Estimate { .. }, Some(number)) => {
            format!("{} %", lang.decimal(number, 1))
        }
        (_, Some(number)) => lang.decimal(number, 1),
    }
}

fn share(value: Value, whole: Value, lang: Language) -> Option<String> {
    let (Value::Count(part), Value::Count(of)) = (value, whole) else {
        return None;
    };
    let number = Value::Share { part, of }.number()?;
    Some(format!("{} %", lang.decimal(number, 1)))
}

impl Figure {
    /// The figure, written out.
    #[must_use]
    pub fn shown(&self, lang: Language) -> Shown {
        let definition = self.definition;
        let text = |text: &'static crate::Text| match lang {
            Language::Nl => text.nl,
            Language::En => text.en,
        };
        let row = |row: &crate::Row| ShownRow {
            key: row.key.clone(),
            label: row.label.told_in(lang).to_owned(),
            value: written(row.value, lang),
            share: share(row.value, self.value, lang),
            number: row.value.count(),
        };
        Shown {
            key: definition.key,
            title: text(&definition.title),
            value: match self.value.number() {
                Some(number) if definition.unit == Unit::Percent => lang.decimal(number, 1),
                _ => written(self.value, lang),
            },
            unit: definition.unit.words(lang, self.value.count().unwrap_or(2)),
            n: self.value.n(),
            definition: text(&definition.definition),
            caveat: text(&definition.caveat),
            version: definition.version,
            breakdowns: self
                .breakdowns
                .iter()
                .map(|part| ShownBreakdown {
                    title: part.by.title().told_in(lang).to_owned(),
                    by: part.by.key(),
                    rows: part.rows.iter().map(row).collect(),
                })
                .collect(),
        }
    }
}

impl Figures {
    /// All figures, written out, in their order.
    #[must_use]
    pub fn shown(&self, lang: Language) -> Vec<Shown> {
        self.figures
            .iter()
            .map(|figure| figure.shown(lang))
            .collect()
    }

    /// What is told of each provider, those told of most items first. Written from the figures, so
    /// the table can never say something else than they do.
    #[must_use]
    pub fn providers(&self, lang: Language) -> Vec<ProviderRow> {
        let mut known: Vec<(&str, &str, i64)> = Vec::new();
        for (key, label) in [
            "items-told",
            "notices",
            "removed",
            "still-there",
            "reappeared",
        ]
        .iter()
        .flat_map(|figure| self.provider_rows(figure))
        .map(|row| (row.key.as_str(), row.label.told_in(lang)))
        {
            if known.iter().all(|(id, ..)| *id != key) {
                let told = self.of_provider("items-told", key);
                let told = told.and_then(|value| value.count()).unwrap_or(0);
                known.push((key, label, told));
            }
        }
        known.sort_by_key(|(key, _, told)| (std::cmp::Reverse(*told), (*key).to_owned()));
        known
            .into_iter()
            .map(|(key, name, _)| self.provider(key, name, lang))
            .collect()
    }

    fn provider_rows(&self, figure: &str) -> impl Iterator<Item = &crate::Row> {
        self.get(figure)
            .into_iter()
            .flat_map(|figure| &figure.breakdowns)
            .filter(|part| part.by == By::Provider)
            .flat_map(|part| &part.rows)
    }

    fn of_provider(&self, figure: &str, provider: &str) -> Option<Value> {
        self.provider_rows(figure)
            .find(|row| row.key == provider)
            .map(|row| row.value)
    }

    fn provider(&self, key: &str, name: &str, lang: Language) -> ProviderRow {
        let count = |figure| {
            let value = self.of_provider(figure, key).unwrap_or(Value::Count(0));
            written(value, lang)
        };
        let measure = |figure| {
            self.of_provider(figure, key)
                .map_or_else(|| "–".to_owned(), |value| written(value, lang))
        };
        ProviderRow {
            name: name.to_owned(),
            notices: count("notices"),
            told: count("items-told"),
            removed: count("removed"),
            median: measure("hours-to-removal-median"),
            p90: measure("hours-to-removal-p90"),
            within: [
                measure("gone-within-24h"),
                measure("gone-within-48h"),
                measure("gone-within-72h"),
                measure("gone-within-7d"),
            ],
            still_there: count("still-there"),
            reappeared: count("reappeared"),
        }
    }
}
