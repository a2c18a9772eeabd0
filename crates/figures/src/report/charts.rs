//! The charts of the document.

use ground::clock::HOUR_MS;
use pages::{Chart, ChartKind, Language, Series as Drawn, StepChart, StepCurve};

use crate::breakdown::By;
use crate::figure::{Figure, Figures};
use crate::survival::log_rank;
use crate::years::{Series, Yearly};
use crate::{Amount, Observed};

/// Parts shown in a ranking; the rest is told together.
const RANKED: usize = 12;
/// The last hour of the curves: 30 days.
const HOURS: i64 = 720;

#[expect(clippy::cast_precision_loss, reason = "drawn, not counted")]
const fn drawn(n: i64) -> f64 {
    n as f64
}

/// What only says something beside the year itself: numbers counted in the same unit and way.
fn comparable(series: &Series) -> Vec<(&Observed, Option<f64>)> {
    let Some(last) = series.last() else {
        return Vec::new();
    };
    let value = |year: &Observed| {
        let same = year.unit == last.unit && year.definition == last.definition;
        let whole = year.whole || year.year == last.year;
        year.value.filter(|_| same && whole).map(Amount::drawn)
    };
    series
        .years
        .iter()
        .map(|year| (year, value(year)))
        .collect()
}

/// One figure over the years, when more than one is known.
fn over_years(yearly: &Yearly, key: &str, id: &'static str, lang: Language) -> Option<Chart> {
    let series = yearly.get(key)?;
    let years = comparable(series);
    (years.iter().filter(|(_, value)| value.is_some()).count() > 1).then(|| Chart {
        id,
        kind: ChartKind::Line,
        lang,
        title: lang.t_n("figures-by-year", "title", series.title.told_in(lang)),
        description: series.sentence(lang),
        unit: series
            .last()
            .map_or("", |last| last.unit.words(lang, 2))
            .to_owned(),
        decimals: 0,
        labels: years
            .iter()
            .map(|(year, _)| year.year.to_string())
            .collect(),
        series: vec![Drawn {
            name: series.title.told_in(lang).to_owned(),
            values: years.into_iter().map(|(_, value)| value).collect(),
        }],
    })
}

/// One way in which a figure is divided, as bars; none when all of it is nought.
fn bars(figures: &Figures, key: &str, by: &By, id: &'static str, lang: Language) -> Option<Chart> {
    let figure = figures.get(key)?;
    let part = figure.breakdowns.iter().find(|part| part.by == *by)?;
    let mut rows: Vec<(String, i64)> = part
        .rows
        .iter()
        .filter_map(|row| Some((row.label.told_in(lang).to_owned(), row.value.count()?)))
        .filter(|(_, n)| *n > 0)
        .collect();
    let most = rows.iter().max_by_key(|(_, n)| *n)?.clone();
    if rows.len() > RANKED {
        let rest = rows.split_off(RANKED - 1);
        rows.push((lang.t("yearly-rest"), rest.iter().map(|(_, n)| n).sum()));
    }
    let value = lang.number(most.1);
    Some(Chart {
        id,
        kind: ChartKind::Bar,
        lang,
        title: titled(figure, part.by.title().told_in(lang), lang),
        description: lang.t_2(
            "figures-most",
            "label",
            most.0.as_str(),
            "value",
            value.as_str(),
        ),
        unit: figure.definition.unit.words(lang, 2).to_owned(),
        decimals: 0,
        labels: rows.iter().map(|(label, _)| label.clone()).collect(),
        series: vec![Drawn::known(
            figure.definition.title.told_in(lang),
            rows.iter().map(|(_, n)| drawn(*n)),
        )],
    })
}

fn titled(figure: &Figure, by: &str, lang: Language) -> String {
    format!("{}, {by}", figure.definition.title.told_in(lang))
}

/// Reports over the years, by channel, and by origin beside the year before.
pub(super) fn received(yearly: &Yearly, lang: Language) -> Vec<Chart> {
    let figures = &yearly.figures;
    [
        over_years(yearly, "reports", "reports-years", lang),
        over_years(yearly, "addresses", "addresses-years", lang),
        bars(figures, "reports", &By::Channel, "reports-channel", lang),
        origins(yearly, lang),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// National and international, this year on top of each other beside the year before.
fn origins(yearly: &Yearly, lang: Language) -> Option<Chart> {
    let years: Vec<&Figures> = yearly.before.iter().chain([&yearly.figures]).collect();
    let part = |figures: &Figures| {
        let figure = figures.get("reports")?;
        figure
            .breakdowns
            .iter()
            .find(|part| part.by == By::Origin)
            .cloned()
    };
    let now = part(&yearly.figures)?;
    let any = now.rows.iter().any(|row| row.value.count() > Some(0));
    let series = now.rows.iter().map(|row| Drawn {
        name: row.label.told_in(lang).to_owned(),
        values: years
            .iter()
            .map(|figures| {
                let part = part(figures)?;
                let same = part.rows.iter().find(|one| one.key == row.key)?;
                same.value.count().map(drawn)
            })
            .collect(),
    });
    let figure = yearly.figures.get("reports")?;
    any.then(|| Chart {
        id: "reports-origin",
        kind: ChartKind::Stacked,
        lang,
        title: titled(figure, now.by.title().told_in(lang), lang),
        description: yearly
            .get("reports")
            .map_or_else(String::new, |one| one.sentence(lang)),
        unit: figure.definition.unit.words(lang, 2).to_owned(),
        decimals: 0,
        labels: years
            .iter()
            .map(|figures| figures.period.name.clone())
            .collect(),
        series: series.collect(),
    })
}

/// From found to removed, then verdicts, then by what they came to be.
pub(super) fn judged(yearly: &Yearly, lang: Language) -> Vec<Chart> {
    let figures = &yearly.figures;
    [
        funnel(figures, lang),
        bars(figures, "items-judged", &By::Verdict, "verdicts", lang),
        bars(figures, "items-judged", &By::Basis, "looks", lang),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How many items came how far; all in items, so that the steps may stand beside each other.
fn funnel(figures: &Figures, lang: Language) -> Option<Chart> {
    let steps = [
        "items-found",
        "items-judged",
        "items-illegal",
        "hosts",
        "items-told",
        "removed",
    ];
    let steps: Vec<(String, i64)> = steps
        .iter()
        .filter_map(|key| {
            let figure = figures.get(key)?;
            let title = figure.definition.title.told_in(lang).to_owned();
            Some((title, figure.value.count()?.max(0)))
        })
        .collect();
    let first = steps.first().filter(|(_, n)| *n > 0)?;
    let last = steps.last()?;
    Some(Chart {
        id: "funnel",
        kind: ChartKind::Funnel,
        lang,
        title: lang.t("yearly-funnel"),
        description: lang.t_2("yearly-funnel-said", "first", first.1, "last", last.1),
        unit: crate::Unit::Items.words(lang, 2).to_owned(),
        decimals: 0,
        labels: steps.iter().map(|(title, _)| title.clone()).collect(),
        series: vec![Drawn::known(
            crate::Unit::Items.words(lang, 2),
            steps.iter().map(|(_, n)| drawn(*n)),
        )],
    })
}

/// The countries in which illegal items were hosted.
pub(super) fn hosted(yearly: &Yearly, lang: Language) -> Option<Chart> {
    bars(&yearly.figures, "hosts", &By::Country, "countries", lang)
}

/// What providers asked of the hash-check, by answer.
pub(super) fn hashes(yearly: &Yearly, lang: Language) -> Option<Chart> {
    bars(
        &yearly.figures,
        "hashes-asked",
        &By::Checked,
        "hashes",
        lang,
    )
}

#[expect(clippy::cast_precision_loss, reason = "drawn, not counted")]
fn hours(ms: i64) -> f64 {
    ms as f64 / HOUR_MS as f64
}

fn curve(figures: &Figures) -> Option<StepCurve> {
    let clock = figures
        .clocks
        .iter()
        .find(|clock| clock.definition.key == "clock-removal")?;
    let steps = &clock.curve.steps;
    (clock.curve.n > 0).then(|| StepCurve {
        name: format!("{} (n = {})", figures.period.name, clock.curve.n),
        points: steps
            .iter()
            .map(|step| (hours(step.ms), step.open))
            .collect(),
        band: steps
            .iter()
            .filter_map(|step| step.band.map(|(low, high)| (hours(step.ms), low, high)))
            .collect(),
    })
}

/// How long what providers were told of stayed, this year and the year before.
pub(super) fn removal(yearly: &Yearly, lang: Language) -> Option<StepChart> {
    let now = curve(&yearly.figures)?;
    let figure = yearly.figures.get("gone-within-30d")?;
    let gone = figure
        .value
        .number()
        .map_or_else(|| "–".to_owned(), |share| lang.decimal(share, 1));
    let tick = |hours: i64| (drawn(hours), lang.number(hours));
    Some(StepChart {
        id: "removal",
        lang,
        title: lang.t("yearly-removal"),
        description: lang.t_n("yearly-removal-said", "share", gone.as_str()),
        unit: lang.t("yearly-hours"),
        until: drawn(HOURS),
        ticks: [24, 72, 168, 336, 504, 720].map(tick).into(),
        curves: [Some(now), yearly.before.as_ref().and_then(curve)]
            .into_iter()
            .flatten()
            .collect(),
    })
}

/// Whether the pace of removal differs from the year before, in words.
pub(super) fn compared(yearly: &Yearly, lang: Language) -> Option<String> {
    let spans = |figures: &Figures| {
        let of_removal = |clock: &&crate::Clock| clock.definition.key == "clock-removal";
        figures
            .clocks
            .iter()
            .find(of_removal)
            .map(|clock| clock.spans.clone())
    };
    let test = log_rank(&spans(&yearly.figures)?, &spans(yearly.before.as_ref()?)?)?;
    let p = if test.p < 0.001 {
        format!("< {}", lang.decimal(0.001, 3))
    } else {
        format!("= {}", lang.decimal(test.p, 3))
    };
    let id = if test.p < 0.05 {
        "yearly-differs"
    } else {
        "yearly-same"
    };
    Some(lang.t_2(
        id,
        "p",
        p.as_str(),
        "chi",
        lang.decimal(test.chi_squared, 2).as_str(),
    ))
}
