//! The tables of the document.

use std::collections::BTreeMap;

use ground::Verdict;
use pages::Language;

use super::Making;
use crate::breakdown::{By, verdict_label};
use crate::clocks::MOMENTS;
use crate::figure::{Figure, Figures, Value};
use crate::suppress::{Shown, Table};
use crate::years::Yearly;

/// A table, written out.
pub struct TableView {
    /// Its name on the page.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// The headings, that of the rows first.
    pub heads: Vec<String>,
    /// The rows: name and cells.
    pub rows: Vec<(String, Vec<String>)>,
    /// Whether cells were left out.
    pub left_out: bool,
}

/// How a cell that was left out is shown.
const LEFT_OUT: &str = "×";

fn table(
    id: &str,
    caption: String,
    heads: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
) -> Option<TableView> {
    (!rows.is_empty()).then(|| TableView {
        id: id.to_owned(),
        caption,
        heads,
        rows,
        left_out: false,
    })
}

fn share(part: i64, of: i64) -> Option<f64> {
    Value::Share { part, of }.number()
}

fn percent(share: Option<f64>, lang: Language) -> String {
    share.map_or_else(
        || "–".to_owned(),
        |share| format!("{} %", lang.decimal(share, 1)),
    )
}

fn by_key(figures: &Figures, key: &str, by: &By) -> BTreeMap<String, i64> {
    let part = figures
        .get(key)
        .and_then(|figure| figure.breakdowns.iter().find(|part| part.by == *by));
    let rows = part.into_iter().flat_map(|part| &part.rows);
    rows.filter_map(|row| Some((row.key.clone(), row.value.count()?)))
        .collect()
}

/// Host country, number, share, share of the year before and the difference in percentage points.
pub(super) fn countries(yearly: &Yearly, lang: Language) -> Option<TableView> {
    let figure = yearly.figures.get("hosts")?;
    let all = figure.value.count()?;
    let part = figure
        .breakdowns
        .iter()
        .find(|part| part.by == By::Country)?;
    let before = yearly
        .before
        .as_ref()
        .map(|figures| by_key(figures, "hosts", &By::Country));
    let before = before.filter(|before| !before.is_empty());
    let all_before: i64 = before.iter().flat_map(BTreeMap::values).sum();
    let rows = part.rows.iter().filter_map(|row| {
        let n = row.value.count()?;
        let now = share(n, all);
        let then = before
            .as_ref()
            .and_then(|before| share(before.get(&row.key).copied().unwrap_or(0), all_before));
        let points = now.zip(then).map(|(now, then)| now - then);
        let points = points.map_or_else(
            || "–".to_owned(),
            |points| {
                format!(
                    "{}{}",
                    if points > 0.0 { "+" } else { "" },
                    signed(points, lang)
                )
            },
        );
        let cells = vec![
            lang.number(n),
            percent(now, lang),
            percent(then, lang),
            points,
        ];
        Some((row.label.told_in(lang).to_owned(), cells))
    });
    let heads = ["country", "n", "percent", "percent-before", "points"];
    let heads = heads
        .map(|head| lang.t(&format!("yearly-head-{head}")))
        .into();
    table(
        "countries-table",
        lang.t("yearly-countries"),
        heads,
        rows.collect(),
    )
}

fn signed(number: f64, lang: Language) -> String {
    let written = lang.decimal(number.abs(), 1);
    if number < 0.0 {
        format!("−{written}")
    } else {
        written
    }
}

/// The three clocks: how many, how many still open, median, and the share ended within each time.
pub(super) fn clocks(yearly: &Yearly, lang: Language) -> Option<TableView> {
    let figures = &yearly.figures;
    let rows = figures
        .clocks
        .iter()
        .filter(|clock| clock.curve.n > 0)
        .map(|clock| {
            let hour = ground::clock::HOUR_MS;
            let median = figures
                .get(clock.definition.key)
                .and_then(|figure| figure.value.number());
            let mut cells = vec![
                lang.number(clock.curve.n),
                lang.number(clock.curve.censored()),
                median.map_or_else(|| "–".to_owned(), |hours| lang.decimal(hours, 1)),
            ];
            cells.extend(MOMENTS.map(|(_, hours)| {
                let open = clock.curve.open(hours * hour);
                percent(Some(100.0 * (1.0 - open)), lang)
            }));
            (clock.definition.title.told_in(lang).to_owned(), cells)
        });
    let mut heads = ["clock", "n", "still-open", "median"]
        .map(|head| lang.t(&format!("yearly-head-{head}")))
        .to_vec();
    heads.extend(MOMENTS.map(|(_, hours)| {
        crate::breakdown::within_label(hours)
            .told_in(lang)
            .to_owned()
    }));
    table(
        "clocks-table",
        lang.t("yearly-clocks"),
        heads,
        rows.collect(),
    )
}

/// What providers are called: by name, or by their place in the ranking by what they were told of.
fn called(figures: &Figures, making: &Making<'_>) -> Vec<(String, String)> {
    let lang = making.lang;
    let mut known: Vec<(String, String, i64)> = Vec::new();
    for key in [
        "items-told",
        "notices",
        "removed",
        "still-there",
        "reappeared",
    ] {
        let parts = figures
            .get(key)
            .into_iter()
            .flat_map(|figure| &figure.breakdowns);
        for row in parts
            .filter(|part| part.by == By::Provider)
            .flat_map(|part| &part.rows)
        {
            if known.iter().all(|(id, ..)| *id != row.key) {
                let told = by_key(figures, "items-told", &By::Provider);
                let n = told.get(&row.key).copied().unwrap_or(0);
                known.push((row.key.clone(), row.label.told_in(lang).to_owned(), n));
            }
        }
    }
    known.sort_by_key(|(id, _, n)| (std::cmp::Reverse(*n), id.clone()));
    let numbered = |at: usize| lang.t_n("yearly-provider", "n", i64::try_from(at + 1).unwrap_or(0));
    let named = known.into_iter().enumerate();
    named
        .map(|(at, (id, name, _))| (id, if making.named { name } else { numbered(at) }))
        .collect()
}

fn of_provider(figures: &Figures, key: &str, id: &str, lang: Language) -> String {
    let parts = figures
        .get(key)
        .into_iter()
        .flat_map(|figure| &figure.breakdowns);
    let row = parts
        .filter(|part| part.by == By::Provider)
        .flat_map(|part| &part.rows)
        .find(|row| row.key == id);
    match row.map(|row| row.value) {
        Some(Value::Count(n)) => lang.number(n),
        Some(value @ Value::Duration { .. }) => value
            .number()
            .map_or_else(|| "–".to_owned(), |hours| lang.decimal(hours, 1)),
        Some(value) => percent(value.number(), lang),
        None => "–".to_owned(),
    }
}

const PROVIDER_COLUMNS: [&str; 9] = [
    "notices",
    "items-told",
    "hours-to-removal-median",
    "hours-to-removal-p90",
    "gone-within-24h",
    "gone-within-48h",
    "gone-within-72h",
    "gone-within-7d",
    "still-there",
];

/// All that is told of each provider, then of all together, by item and by provider.
pub(super) fn providers(yearly: &Yearly, making: &Making<'_>) -> Option<TableView> {
    let (figures, lang) = (&yearly.figures, making.lang);
    let mut rows: Vec<(String, Vec<String>)> = called(figures, making)
        .into_iter()
        .map(|(id, name)| {
            let cells = PROVIDER_COLUMNS.map(|key| of_provider(figures, key, &id, lang));
            (name, cells.into())
        })
        .collect();
    if !rows.is_empty() {
        for (weighting, id) in [
            ("items", "yearly-all-items"),
            ("providers", "yearly-all-providers"),
        ] {
            let cells = PROVIDER_COLUMNS.map(|key| together(figures, key, weighting, lang));
            rows.push((lang.t(id), cells.into()));
        }
    }
    let heads = [
        "provider",
        "notices",
        "told",
        "median",
        "p90",
        "within",
        "within-48h",
        "within-72h",
        "within-7d",
        "still",
    ];
    let heads = heads.map(|head| lang.t(&format!("figures-{head}"))).into();
    table("providers-table", lang.t("yearly-providers"), heads, rows)
}

fn together(figures: &Figures, key: &str, weighting: &str, lang: Language) -> String {
    let Some(figure) = figures.get(key) else {
        return String::new();
    };
    let weighted = figure
        .breakdowns
        .iter()
        .find(|part| part.by == By::Weighting);
    let row = weighted.and_then(|part| part.rows.iter().find(|row| row.key == weighting));
    match (row, weighting, figure.value) {
        (Some(row), ..) => percent(row.value.number(), lang),
        (None, "items", Value::Count(n)) => lang.number(n),
        (None, "items", value) => value
            .number()
            .map_or_else(|| "–".to_owned(), |n| lang.decimal(n, 1)),
        (None, ..) => String::new(),
    }
}

/// What became of what was notified, in the order of the columns.
const ACTIONS: [&str; 4] = ["removed", "came-back", "ended", "none"];

/// The table of Article 22(3): a row for each provider and type, a column for each action.
pub(super) fn notified(yearly: &Yearly, making: &Making<'_>) -> Option<TableView> {
    let (figures, lang) = (&yearly.figures, making.lang);
    let figure = figures.get("notified")?;
    let mut found: BTreeMap<(&str, &str), [i64; 4]> = BTreeMap::new();
    for row in figure.breakdowns.iter().flat_map(|part| &part.rows) {
        let mut parts = row.key.splitn(3, '/');
        let (provider, of_type) = (parts.next()?, parts.next()?);
        let done = parts.next();
        let place = ACTIONS.iter().position(|action| done == Some(*action));
        let (Some(place), Some(n)) = (place, row.value.count()) else {
            continue;
        };
        found.entry((provider, of_type)).or_default()[place] += n;
    }
    let mut rows = Vec::new();
    for (id, name) in called(figures, making) {
        for ((_, of_type), counts) in found.iter().filter(|((of, _), _)| *of == id) {
            let label = of_type.parse::<Verdict>().map_or_else(
                |_| lang.t("yearly-unknown"),
                |verdict| verdict_label(verdict).told_in(lang).to_owned(),
            );
            let mut cells: Vec<String> = counts.iter().map(|n| lang.number(*n)).collect();
            cells.push(lang.number(counts.iter().sum::<i64>()));
            rows.push((format!("{name} · {label}"), cells));
        }
    }
    let heads = ["provider-type", "removed", "came-back", "ended", "none"];
    let mut heads = heads
        .map(|head| lang.t(&format!("yearly-head-{head}")))
        .to_vec();
    heads.push(lang.t("yearly-total"));
    table("notified-table", lang.t("yearly-notified"), heads, rows)
}

fn cell(shown: Shown, lang: Language) -> String {
    match shown {
        Shown::Count(n) => lang.number(n),
        Shown::LeftOut => LEFT_OUT.to_owned(),
    }
}

/// The answers about illegal contents, each question in one table without small cells. What is crossed
/// stands in [`crossing`] and nowhere else, so that two tables cannot be held against each other.
pub(super) fn answers(yearly: &Yearly, making: &Making<'_>) -> Vec<TableView> {
    let crossed = &yearly.figures.crossing;
    let figure = yearly.figures.get("contents-illegal");
    let parts = figure
        .into_iter()
        .flat_map(|figure: &Figure| &figure.breakdowns);
    parts
        .filter_map(|part| {
            let By::Answer(question) = &part.by else {
                return None;
            };
            if crossed.questions().contains(&question.as_str()) || question == "finding" {
                return None;
            }
            let counts: Vec<i64> = part
                .rows
                .iter()
                .filter_map(|row| row.value.count())
                .collect();
            let safe = Table::of(&[counts]);
            let lang = making.lang;
            let rows = part.rows.iter().enumerate().map(|(at, row)| {
                let name = (making.names)(question, Some(&row.key), lang);
                (name, vec![cell(safe.shown(0, at), lang)])
            });
            let caption = (making.names)(question, None, lang);
            let heads = vec![lang.t("yearly-head-answer"), lang.t("yearly-head-n")];
            let mut view = table(
                &format!("answer-{question}"),
                caption,
                heads,
                rows.collect(),
            )?;
            view.left_out = safe.left_out() > 0;
            Some(view)
        })
        .collect()
}

/// Age by gender of illegal contents, with totals, without small cells or what gives them away.
pub(super) fn crossing(yearly: &Yearly, making: &Making<'_>) -> Option<TableView> {
    let crossing = &yearly.figures.crossing;
    let (rows, columns, counts) = crossing.table();
    let [first, second] = crossing.questions();
    let lang = making.lang;
    let safe = Table::of(&counts);
    let total = lang.t("yearly-total");
    let name = |question: &str, option: &str| (making.names)(question, Some(option), lang);
    let mut heads = vec![(making.names)(first, None, lang)];
    heads.extend(columns.iter().map(|option| name(second, option)));
    heads.push(total.clone());
    let labels = rows.iter().map(|option| name(first, option)).chain([total]);
    let lines: Vec<(String, Vec<String>)> = labels
        .enumerate()
        .map(|(r, label)| {
            let cells = (0..=columns.len()).map(|c| cell(safe.shown(r, c), lang));
            (label, cells.collect())
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let mut view = table("crossing-table", lang.t("yearly-crossing"), heads, lines)?;
    view.left_out = safe.left_out() > 0;
    Some(view)
}
