//! The year as a document: cover, key figures, charts each with its table, method and definitions. One
//! HTML page without script, made to be printed; a browser makes the PDF of it.

mod charts;
mod tables;

use askama::Template;
use pages::{Chart, Language, StepChart};

use crate::years::{Series, Yearly};
use crate::{ALL, Definition, UnitName};

pub use tables::TableView;

/// The figures told at the top, each with its growth.
const HEADLINES: [&str; 6] = [
    "reports",
    "addresses",
    "items-judged",
    "items-illegal",
    "notices",
    "removed",
];

/// The figures of which the sentence is told.
const TOLD: [&str; 8] = [
    "reports",
    "addresses",
    "items-judged",
    "items-illegal",
    "share-illegal",
    "removed",
    "gone-within-24h",
    "reappeared",
];

/// Names of a question of the scheme, and of one of its answers when given, in a language.
pub type Names<'a> = dyn Fn(&str, Option<&str>, Language) -> String + 'a;

/// How the document is made.
pub struct Making<'a> {
    /// Its language.
    pub lang: Language,
    /// The name of the hotline.
    pub site: &'a str,
    /// Whether providers are called by their names; else they are numbered.
    pub named: bool,
    /// Where the style sheet lies; none when it is to stand in the document itself.
    pub style: Option<&'a str>,
    /// What questions and answers of the scheme are called.
    pub names: &'a Names<'a>,
}

/// A figure shown large.
struct Headline {
    title: String,
    value: String,
    unit: String,
    growth: Option<String>,
    published: bool,
}

/// A definition, written out.
struct Meant {
    key: &'static str,
    title: &'static str,
    unit: String,
    version: u16,
    definition: &'static str,
    caveat: &'static str,
}

#[derive(Template)]
#[template(path = "report/report.html")]
struct Document<'a> {
    lang: Language,
    site: &'a str,
    style: Option<&'a str>,
    css: &'static str,
    year: &'a str,
    complete: bool,
    line: String,
    hash: &'a str,
    headlines: Vec<Headline>,
    sentences: Vec<(String, String)>,
    received: Vec<Chart>,
    judged: Vec<Chart>,
    hosted: Option<Chart>,
    countries: Option<TableView>,
    clock: Option<StepChart>,
    compared: Option<String>,
    clocks: Option<TableView>,
    providers: Option<TableView>,
    notified: Option<TableView>,
    answers: Vec<TableView>,
    crossing: Option<TableView>,
    left_out: bool,
    hashes: Option<Chart>,
    meant: Vec<Meant>,
}

impl Document<'_> {
    fn t(&self, id: &str) -> String {
        self.lang.t(id)
    }
}

fn headline(series: &Series, lang: Language) -> Option<Headline> {
    let last = series.last()?;
    let growth = series.growth().ok().map(|growth| {
        let sign = if growth.tenths() > 0 { "+" } else { "" };
        format!("{sign}{} %", lang.decimal(growth.percent(), 1))
    });
    Some(Headline {
        title: series.title.told_in(lang).to_owned(),
        value: last
            .value
            .map_or_else(|| "–".to_owned(), |value| value.written(lang)),
        unit: last.unit.words(lang, 2).to_owned(),
        growth,
        published: last.source.is_some(),
    })
}

fn meant(definition: &'static Definition, lang: Language) -> Meant {
    Meant {
        key: definition.key,
        title: definition.title.told_in(lang),
        unit: UnitName::from(definition.unit).words(lang, 2).to_owned(),
        version: definition.version,
        definition: definition.definition.told_in(lang),
        caveat: definition.caveat.told_in(lang),
    }
}

impl Yearly {
    /// The series of this figure.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.key == key)
    }

    /// The year as an HTML document.
    ///
    /// # Errors
    /// When the template cannot be filled, a defect of ours.
    pub fn to_html(&self, making: &Making<'_>) -> Result<String, askama::Error> {
        let lang = making.lang;
        let told = |key: &&str| self.get(key);
        let crossing = tables::crossing(self, making);
        let answers = tables::answers(self, making);
        let document = Document {
            lang,
            site: making.site,
            style: making.style,
            css: pages::yearly_css(),
            year: &self.figures.period.name,
            complete: self
                .get("reports")
                .and_then(Series::last)
                .is_some_and(|last| last.complete),
            line: lang.number(self.figures.ledger_line),
            hash: &self.figures.ledger_hash,
            headlines: HEADLINES
                .iter()
                .filter_map(told)
                .filter_map(|one| headline(one, lang))
                .collect(),
            sentences: TOLD
                .iter()
                .filter_map(told)
                .filter(|series| series.last().is_some_and(|last| last.value.is_some()))
                .map(|series| (series.title.told_in(lang).to_owned(), series.sentence(lang)))
                .collect(),
            received: charts::received(self, lang),
            judged: charts::judged(self, lang),
            hosted: charts::hosted(self, lang),
            countries: tables::countries(self, lang),
            clock: charts::removal(self, lang),
            compared: charts::compared(self, lang),
            clocks: tables::clocks(self, lang),
            providers: tables::providers(self, making),
            notified: tables::notified(self, making),
            left_out: answers.iter().chain(&crossing).any(|table| table.left_out),
            answers,
            crossing,
            hashes: charts::hashes(self, lang),
            meant: ALL
                .into_iter()
                .map(|definition| meant(definition, lang))
                .collect(),
        };
        document.render()
    }
}

#[cfg(test)]
mod tests;
