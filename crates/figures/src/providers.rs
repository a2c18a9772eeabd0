//! What is told of each provider.

use std::collections::BTreeMap;

use ground::clock::HOUR_MS;
use ground::{Ask as _, sea_orm, values};

use crate::FiguresError;
use crate::breakdown::{Breakdown, By, Row, same};
use crate::definition::Text;
use crate::definitions as d;
use crate::figure::{Figure, Value};
use crate::sums::{Clock, Sums, UNKNOWN, median, percentile_90};
use crate::unit::Count;

/// The names of providers, by id.
pub(crate) struct Names(BTreeMap<String, String>);

#[derive(sea_orm::FromQueryResult)]
struct Found {
    subject: String,
    name: Option<String>,
}

impl Names {
    /// Reads the names from the lines in which the providers were found.
    pub async fn read(sums: &Sums<'_>) -> Result<Self, FiguresError> {
        let sql = format!(
            "select l.subject, {} as name from ledger l
             where l.kind = 'provider_found' and l.seq <= $1",
            sums.field("l", "name")
        );
        let rows = sums.db.rows::<Found>(&sql, values![sums.last]).await?;
        Ok(Self(
            rows.into_iter()
                .map(|row| (row.subject.clone(), row.name.unwrap_or(row.subject)))
                .collect(),
        ))
    }

    pub fn label(&self, id: &str) -> Text<String> {
        if id == UNKNOWN {
            return Text {
                nl: "Onbekend".to_owned(),
                en: "Unknown".to_owned(),
            };
        }
        same(self.0.get(id).map_or(id, String::as_str))
    }

    pub fn breakdown(&self, counts: &BTreeMap<String, i64>) -> Breakdown {
        Breakdown::of_names(By::Provider, counts, |id| self.label(id))
    }
}

/// Adds up the first field of what was grouped.
pub(crate) fn first(grouped: &[(String, String, i64)]) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for (a, _, n) in grouped {
        *counts.entry(a.clone()).or_default() += n;
    }
    counts
}

pub(crate) fn total(counts: &BTreeMap<String, i64>) -> i64 {
    counts.values().sum()
}

/// Notices, items told of, removals with their clocks, what is still there and what came back.
pub(crate) async fn figures(
    sums: &Sums<'_>,
    names: &Names,
    out: &mut Vec<Figure>,
) -> Result<(), FiguresError> {
    let by_provider = |counts: &BTreeMap<String, i64>| vec![names.breakdown(counts)];
    let notices = first(&sums.by("notice_accepted", &["provider"]).await?);
    out.push(d::NOTICES.figure(Count::of(total(&notices)), by_provider(&notices)));
    let told = first(
        &sums
            .first_by("provider_told", ["provider", "notice"])
            .await?,
    );
    out.push(d::ITEMS_TOLD.figure(Count::of(total(&told)), by_provider(&told)));
    let removed = first(&sums.by("removed", &["provider"]).await?);
    out.push(d::REMOVED.figure(Count::of(total(&removed)), by_provider(&removed)));
    clocks(names, &sums.removals().await?, out);
    let there = sums.still_there().await?;
    out.push(d::STILL_THERE.figure(Count::of(total(&there)), by_provider(&there)));
    let back = first(&sums.by("reappeared", &["provider"]).await?);
    out.push(d::REAPPEARED.figure(Count::of(total(&back)), by_provider(&back)));
    Ok(())
}

fn len(of: &[i64]) -> i64 {
    i64::try_from(of.len()).unwrap_or(i64::MAX)
}

fn clocks(names: &Names, clocks: &[Clock], out: &mut Vec<Figure>) {
    let mut all: Vec<i64> = clocks.iter().map(|clock| clock.ms).collect();
    all.sort_unstable();
    let mut each: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for clock in clocks {
        each.entry(&clock.provider).or_default().push(clock.ms);
    }
    for hours in each.values_mut() {
        hours.sort_unstable();
    }
    let measured = |definition: &'static crate::Definition, of: &dyn Fn(&[i64]) -> Value| {
        let mut rows: Vec<Row> = each
            .iter()
            .map(|(id, sorted)| Row {
                key: (*id).to_owned(),
                label: names.label(id),
                value: of(sorted),
            })
            .collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.value.n()), row.key.clone()));
        let by = By::Provider;
        definition.figure(of(&all), vec![Breakdown { by, rows }])
    };
    let duration = |ms: Option<i64>, of: &[i64]| Value::Duration { ms, n: len(of) };
    out.push(measured(&d::HOURS_MEDIAN, &|of| duration(median(of), of)));
    out.push(measured(&d::HOURS_P90, &|of| {
        duration(percentile_90(of), of)
    }));
    for (hours, definition) in &d::WITHIN {
        out.push(measured(definition, &|of| {
            let part = of.partition_point(|ms| *ms <= hours * HOUR_MS);
            Value::Share {
                part: i64::try_from(part).unwrap_or(i64::MAX),
                of: len(of),
            }
        }));
    }
}
