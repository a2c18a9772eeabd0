//! Figures: what the hotline did in a year, counted from the ledger, with growth and definitions.

mod export;

use ::figures::{
    Calendar, Figures, Making, ProviderRow, Shown, ShownBreakdown, UnknownZone, Yearly, yearly,
};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use pages::{Chart, ChartKind, ConsolePage, Language, Series};

use crate::who::Person;
use crate::{Desk, DeskError, Fields, Routes};

/// The pages of figures.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/figures", show)
        .get("/figures/report", report)
        .post("/figures/export", export::export)
}

/// The time zone in which a year begins. The days on every page are Amsterdam's as well.
const ZONE: &str = "Europe/Amsterdam";

/// Years before the chosen one that are shown beside it; what is told of growth looks back on them.
const BEFORE: i16 = 3;

/// The figures shown large, at the top.
const HEADLINES: [&str; 6] = [
    "reports",
    "addresses",
    "items-judged",
    "items-illegal",
    "notices",
    "removed",
];

/// The divisions drawn as a chart: figure, division, and the name of the drawing on the page.
const CHARTS: [(&str, &str, &str); 4] = [
    ("reports", "channel", "chart-channels"),
    ("items-judged", "verdict", "chart-verdicts"),
    ("hosts", "country", "chart-countries"),
    ("items-judged", "basis", "chart-looks"),
];

/// A figure with what the years before say of it.
struct Told {
    shown: Shown,
    sentence: String,
    growth: Option<String>,
    /// Where the number was published, when the ledger did not count this year.
    source: Option<String>,
}

impl Told {
    /// Whether there is a caveat, or a division with anything in it.
    fn says_more(&self) -> bool {
        let divided = |part: &ShownBreakdown| !part.rows.is_empty();
        !self.shown.caveat.is_empty() || self.shown.breakdowns.iter().any(divided)
    }
}

#[derive(Template)]
#[template(path = "figures/figures.html")]
struct FiguresPage {
    page: ConsolePage,
    year: i16,
    years: Vec<i16>,
    until_now: bool,
    line: i64,
    headlines: Vec<Told>,
    told: Vec<Told>,
    charts: Vec<Chart>,
    providers: Vec<ProviderRow>,
    elsewhere: Vec<Elsewhere>,
}

/// A figure of the year that was published and that the house does not count.
struct Elsewhere {
    key: String,
    sentence: String,
    source: String,
}

/// The hotline's calendar.
fn calendar() -> Result<Calendar, DeskError> {
    Calendar::of(ZONE).map_err(|fault: UnknownZone| DeskError::broken(fault))
}

/// The year asked for, else the present one; never one that is still to come.
fn year_asked(fields: &Fields, present: i16) -> i16 {
    fields
        .one("year")
        .parse()
        .ok()
        .filter(|year| (1990..=present).contains(year))
        .unwrap_or(present)
}

async fn computed(desk: &Desk, year: i16) -> Result<Yearly, DeskError> {
    let now = desk.clock.now();
    yearly(&desk.db, &calendar()?, year, BEFORE, now)
        .await
        .map_err(DeskError::broken)
}

/// `GET /figures?year=2026`.
async fn show(
    State(desk): State<Desk>,
    person: Person,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let asked = query.unwrap_or_default();
    let fields = Fields::read(asked.as_bytes()).ok_or(DeskError::BadForm)?;
    let present = calendar()?.year_of(desk.clock.now());
    let year = year_asked(&fields, present);
    let yearly = computed(&desk, year).await?;
    let figures = &yearly.figures;
    let lang = person.lang();
    let (headlines, told) = figures
        .shown(lang)
        .into_iter()
        .map(|shown| told(lang, &yearly, shown))
        .partition(|told: &Told| HEADLINES.contains(&told.shown.key));
    let elsewhere = yearly
        .series
        .iter()
        .filter(|series| series.definition.is_none())
        .map(|series| series.sentence(lang))
        .zip(
            yearly
                .series
                .iter()
                .filter(|series| series.definition.is_none()),
        )
        .filter_map(|(sentence, series)| {
            let source = series.last()?.source.clone()?;
            Some(Elsewhere {
                key: series.key.clone(),
                sentence,
                source,
            })
        })
        .collect();
    let page = FiguresPage {
        page: desk.page(&person),
        year,
        years: (present - 9..=present).rev().collect(),
        until_now: year == present,
        line: figures.ledger_line,
        charts: charts(lang, figures, &yearly),
        providers: figures.providers(lang),
        headlines,
        told,
        elsewhere,
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

/// `GET /figures/report?year=2026`: the year as a document, to be printed. Providers are numbered: it may
/// go out of the house.
async fn report(
    State(desk): State<Desk>,
    person: Person,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let asked = query.unwrap_or_default();
    let fields = Fields::read(asked.as_bytes()).ok_or(DeskError::BadForm)?;
    let present = calendar()?.year_of(desk.clock.now());
    let yearly = computed(&desk, year_asked(&fields, present)).await?;
    let scheme = desk.work.scheme().await?;
    let making = Making {
        lang: person.lang(),
        site: &desk.settings.site,
        named: false,
        style: Some(pages::asset::path("yearly.css")),
        names: &|question, option, lang| scheme.called(question, option, lang.tag()).to_owned(),
    };
    let html = yearly.to_html(&making).map_err(DeskError::broken)?;
    Ok(axum::response::Html(html).into_response())
}

fn told(lang: Language, yearly: &Yearly, mut shown: Shown) -> Told {
    let series = yearly.series.iter().find(|series| series.key == shown.key);
    let last = series.and_then(::figures::Series::last);
    let source = last.and_then(|last| last.source.clone());
    if let Some(last) = last.filter(|last| last.source.is_some() || last.value.is_none()) {
        // Not counted by the ledger: as it was published, or not known; a nought would be a lie.
        shown.value = last
            .value
            .map_or_else(|| "–".to_owned(), |value| value.written(lang));
        shown.n = None;
        shown.breakdowns.clear();
    }
    let growth = series
        .and_then(|series| series.growth().ok())
        .map(|growth| {
            let sign = if growth.tenths() > 0 { "+" } else { "" };
            format!("{sign}{} %", lang.decimal(growth.percent(), 1))
        });
    // Of a year that is not over there is nothing to say beside the number.
    let over = |series: &&::figures::Series| series.last().is_some_and(|year| year.complete);
    Told {
        sentence: series
            .filter(over)
            .map_or_else(String::new, |series| series.sentence(lang)),
        growth,
        source,
        shown,
    }
}

fn charts(lang: Language, figures: &Figures, yearly: &Yearly) -> Vec<Chart> {
    let mut charts: Vec<Chart> = by_year(lang, yearly).into_iter().collect();
    for (key, by, id) in CHARTS {
        let Some(figure) = figures.get(key) else {
            continue;
        };
        let shown = figure.shown(lang);
        let part = shown.breakdowns.iter().find(|part| part.by == by);
        charts.extend(part.and_then(|part| bars(lang, id, &shown, part)));
    }
    charts
}

#[expect(clippy::cast_precision_loss, reason = "drawn, not counted")]
fn drawn(n: Option<i64>) -> Option<f64> {
    n.map(|n| n as f64)
}

/// One division as bars; none when all of it is nought.
fn bars(lang: Language, id: &'static str, shown: &Shown, part: &ShownBreakdown) -> Option<Chart> {
    let rows: Vec<_> = part
        .rows
        .iter()
        .filter(|row| row.number.is_some_and(|n| n > 0))
        .collect();
    let most = rows.iter().max_by_key(|row| row.number)?;
    Some(Chart {
        id,
        kind: ChartKind::Bar,
        lang,
        title: format!("{}, {}", shown.title, part.title),
        description: lang.t_2(
            "figures-most",
            "label",
            most.label.as_str(),
            "value",
            most.value.as_str(),
        ),
        unit: shown.unit.to_owned(),
        decimals: 0,
        labels: rows.iter().map(|row| row.label.clone()).collect(),
        series: vec![Series {
            name: shown.title.to_owned(),
            values: rows.iter().map(|row| drawn(row.number)).collect(),
        }],
    })
}

/// Reports received, year by year.
fn by_year(lang: Language, yearly: &Yearly) -> Option<Chart> {
    let series = yearly
        .series
        .iter()
        .find(|series| series.key == "reports")?;
    let last = series.last()?;
    let title = series.title.told_in(lang).to_owned();
    // One chart has one unit: years in which something else was counted are left empty.
    let value = |year: &::figures::Observed| {
        let same = year.unit == last.unit && year.definition == last.definition;
        year.value.filter(|_| same).map(::figures::Amount::drawn)
    };
    let anything = series
        .years
        .iter()
        .any(|year| value(year).is_some_and(|n| n > 0.0));
    anything.then(|| Chart {
        id: "chart-years",
        kind: ChartKind::Column,
        lang,
        title: lang.t_n("figures-by-year", "title", title.as_str()),
        description: series.sentence(lang),
        unit: last.unit.words(lang, 2).to_owned(),
        decimals: 0,
        labels: series
            .years
            .iter()
            .map(|year| year.year.to_string())
            .collect(),
        series: vec![Series {
            name: title,
            values: series.years.iter().map(value).collect(),
        }],
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
