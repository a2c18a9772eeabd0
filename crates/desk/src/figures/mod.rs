//! Figures: what the hotline did in a year, counted from the ledger, with growth and definitions.

mod export;

use ::figures::{
    Calendar, Figures, ProviderRow, Shown, ShownBreakdown, UnknownZone, Yearly, yearly,
};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use pages::{Chart, ChartKind, ConsolePage, Language, Series};

use crate::who::Person;
use crate::{Desk, DeskError, Fields, Routes};

/// The pages of figures.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/figures", show)
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
    yearly(&desk.db, &calendar()?, year - BEFORE, year, now)
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
    let Some(figures) = yearly.years.last() else {
        return Err(DeskError::NotFound);
    };
    let lang = person.lang();
    let (headlines, told) = figures
        .shown(lang)
        .into_iter()
        .map(|shown| told(lang, &yearly, shown))
        .partition(|told: &Told| HEADLINES.contains(&told.shown.key));
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
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

fn told(lang: Language, yearly: &Yearly, shown: Shown) -> Told {
    let series = yearly
        .series
        .iter()
        .find(|series| series.definition.key == shown.key);
    let growth = series
        .and_then(|series| series.growth(series.years.len().saturating_sub(1)).ok())
        .map(|growth| {
            let sign = if growth.tenths() > 0 { "+" } else { "" };
            format!("{sign}{} %", lang.decimal(growth.percent(), 1))
        });
    // Of a year that is not over there is nothing to say beside the number.
    let over = |series: &&::figures::Series| series.years.last().is_some_and(|year| year.complete);
    Told {
        sentence: series
            .filter(over)
            .map_or_else(String::new, |series| series.sentence(lang)),
        growth,
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
        .find(|series| series.definition.key == "reports")?;
    let title = series.definition.title.told_in(lang).to_owned();
    let anything = series
        .years
        .iter()
        .any(|year| year.value.is_some_and(|n| n > 0));
    anything.then(|| Chart {
        id: "chart-years",
        kind: ChartKind::Column,
        lang,
        title: lang.t_n("figures-by-year", "title", title.as_str()),
        description: series.sentence(lang),
        unit: series.definition.unit.words(lang, 2).to_owned(),
        decimals: 0,
        labels: series
            .years
            .iter()
            .map(|year| year.year.to_string())
            .collect(),
        series: vec![Series {
            name: title,
            values: series.years.iter().map(|year| drawn(year.value)).collect(),
        }],
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
