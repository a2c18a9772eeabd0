//! The clocks from one step to the next, with what is still open as censored (M8), and what providers
//! did with what they were told (M7, M9).

use std::collections::BTreeMap;

use ground::clock::HOUR_MS;
use ground::{Ask as _, Verdict, sea_orm, values};
use serde::Serialize;

use crate::FiguresError;
use crate::breakdown::{Breakdown, By, Row, verdict_label, within_label};
use crate::definition::{Definition, Text};
use crate::definitions as d;
use crate::figure::{Figure, Value};
use crate::providers::Names;
use crate::sums::{Sums, UNKNOWN};
use crate::survival::{Curve, Span};
use crate::unit::Count;

/// The moments at which a curve is told in figures: key and hours.
pub(crate) const MOMENTS: [(&str, i64); 5] = [
    ("24h", 24),
    ("48h", 48),
    ("72h", 72),
    ("7d", 168),
    ("30d", 720),
];

/// From which fact to which, and what ends the watching without an end.
struct Course {
    from: &'static str,
    until: &'static str,
    /// When it ended: a field of the fact, else the moment of the line.
    until_field: Option<&'static str>,
    cut_by: &'static [&'static str],
}

const TO_CLOSING: Course = Course {
    from: "report_received",
    until: "report_closed",
    until_field: None,
    cut_by: &[],
};
const TO_NOTICE: Course = Course {
    from: "takedown_opened",
    until: "provider_told",
    until_field: None,
    cut_by: &["to_be_forwarded", "takedown_ended", "removed"],
};
const TO_REMOVAL: Course = Course {
    from: "provider_told",
    until: "removed",
    until_field: Some("first_gone"),
    cut_by: &["takedown_ended"],
};

/// One thing that was watched.
struct Watched {
    provider: String,
    span: Span,
}

#[derive(sea_orm::FromQueryResult)]
struct Found {
    provider: Option<String>,
    from_ms: i64,
    until_ms: Option<i64>,
    cut_ms: Option<i64>,
}

/// A clock with its curve, for who draws it.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    /// What it measures.
    pub definition: &'static Definition,
    /// How it went.
    pub curve: Curve,
    /// What it was drawn from.
    pub spans: Vec<Span>,
}

/// The curve in a few moments: its steps are as many as there were ends.
impl Serialize for Clock {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct At {
            hours: i64,
            ended_percent: f64,
            low: Option<f64>,
            high: Option<f64>,
        }
        #[derive(Serialize)]
        struct Told<'a> {
            key: &'static str,
            title: &'a Text,
            n: i64,
            ended: i64,
            still_open: i64,
            band: &'static str,
            at: Vec<At>,
        }
        let percent = |share: f64| (100_000.0 * share).round() / 1_000.0;
        let at = MOMENTS.map(|(_, hours)| {
            let step = self.curve.at(hours * HOUR_MS);
            let band = step.and_then(|step| step.band);
            At {
                hours,
                ended_percent: percent(1.0 - step.map_or(1.0, |step| step.open)),
                low: band.map(|(_, high)| percent(1.0 - high)),
                high: band.map(|(low, _)| percent(1.0 - low)),
            }
        });
        let told = Told {
            key: self.definition.key,
            title: &self.definition.title,
            n: self.curve.n,
            ended: self.curve.ended,
            still_open: self.curve.censored(),
            band: "95 %, exponential Greenwood (log-log)",
            at: at.into(),
        };
        told.serialize(s)
    }
}

/// The clocks of what began in the period, watched until it ends or the ledger does; and what providers
/// did with what they were first told of in it.
pub(crate) async fn figures(
    sums: &Sums<'_>,
    names: &Names,
    out: &mut Vec<Figure>,
) -> Result<Vec<Clock>, FiguresError> {
    let horizon = horizon(sums).await?;
    let mut clocks = Vec::new();
    for (definition, ended, course) in [
        (&d::CLOCK_CLOSING, &d::ENDED_CLOSING, &TO_CLOSING),
        (&d::CLOCK_NOTICE, &d::ENDED_NOTICE, &TO_NOTICE),
        (&d::CLOCK_REMOVAL, &d::ENDED_REMOVAL, &TO_REMOVAL),
    ] {
        let watched = watched(sums, course, horizon).await?;
        let spans: Vec<Span> = watched.iter().map(|one| one.span).collect();
        let curve = Curve::of(&spans);
        let (n, ms) = (curve.n, curve.quantile(0.5));
        out.push(definition.figure(Value::Duration { ms, n }, vec![]));
        out.push(ended_within(ended, &curve));
        if course.from == TO_REMOVAL.from {
            within(&watched, names, out);
        }
        clocks.push(Clock {
            definition,
            curve,
            spans,
        });
    }
    notified(sums, names, out).await?;
    Ok(clocks)
}

/// Until when things were watched: the end of the period, or of the ledger when that is earlier.
async fn horizon(sums: &Sums<'_>) -> Result<i64, FiguresError> {
    let sql = "select cast(coalesce((select at_ms from ledger where seq = $1), 0) as bigint) as n";
    let end = sums.db.count(sql, values![sums.last]).await?;
    Ok(end.min(sums.period.until.ms()))
}

/// The sums of nought keep SQLite from walking through all lines of a kind in order of time for each
/// thing, which is quadratic; the few lines of the thing itself are found by its name.
async fn watched(
    sums: &Sums<'_>,
    course: &Course,
    horizon: i64,
) -> Result<Vec<Watched>, FiguresError> {
    let until = course.until_field.map_or_else(
        || "(u.at_ms + 0)".to_owned(),
        |field| format!("cast({} as bigint)", sums.field("u", field)),
    );
    let cut = if course.cut_by.is_empty() {
        "cast(null as bigint)".to_owned()
    } else {
        format!(
            "(select min(c.at_ms + 0) from ledger c where c.subject = l.subject and c.kind in ('{}')
               and c.seq > l.seq and c.seq <= $3 and c.at_ms + 0 < $2)",
            course.cut_by.join("', '")
        )
    };
    let sql = format!(
        "select {provider} as provider, l.at_ms as from_ms,
                (select min({until}) from ledger u where u.subject = l.subject
                   and u.kind = '{ended}' and u.seq > l.seq and u.seq <= $3 and u.at_ms + 0 < $2)
                  as until_ms,
                {cut} as cut_ms
         from ledger l
         where l.kind = '{begun}' and l.at_ms >= $1 and l.at_ms < $2 and l.seq <= $3
           and not exists (select 1 from ledger e where e.subject = l.subject
                           and e.kind = '{begun}' and e.seq < l.seq)",
        provider = sums.field("l", "provider"),
        ended = course.until,
        begun = course.from,
    );
    let values = values![sums.period.from, sums.period.until, sums.last];
    let rows = sums.db.rows::<Found>(&sql, values).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| watch(row, horizon))
        .collect())
}

/// What was gone before the clock began has no clock.
fn watch(row: Found, horizon: i64) -> Option<Watched> {
    let cut = row.cut_ms.unwrap_or(horizon).min(horizon);
    let (end, ended) = match row.until_ms {
        Some(until) if row.cut_ms.is_none_or(|cut| until <= cut) => (until, true),
        _ => (cut, false),
    };
    let ms = end - row.from_ms;
    (ms >= 0).then(|| Watched {
        provider: row.provider.unwrap_or_else(|| UNKNOWN.to_owned()),
        span: Span { ms, ended },
    })
}

/// A share as whole millionths.
#[expect(
    clippy::cast_possible_truncation,
    reason = "between nought and a million"
)]
fn millionths(share: f64) -> i64 {
    (share.clamp(0.0, 1.0) * 1_000_000.0).round() as i64
}

fn ended_within(definition: &'static Definition, curve: &Curve) -> Figure {
    let share = |hours: i64| Value::Estimate {
        millionths: (curve.n > 0).then(|| millionths(1.0 - curve.open(hours * HOUR_MS))),
        n: curve.n,
    };
    let rows = MOMENTS.map(|(key, hours)| Row {
        key: key.to_owned(),
        label: within_label(hours),
        value: share(hours),
    });
    let part = Breakdown {
        by: By::Within,
        rows: rows.into(),
    };
    definition.figure(share(720), vec![part])
}

/// Of what providers were first told of, the part gone within so many hours: among those of which that
/// is known, by provider, and each provider counting the same.
fn within(watched: &[Watched], names: &Names, out: &mut Vec<Figure>) {
    for (hours, definition) in &d::TOLD_WITHIN {
        let limit = hours * HOUR_MS;
        let mut providers: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for one in watched {
            let gone = one.span.ended && one.span.ms <= limit;
            if gone || one.span.ms >= limit {
                let (part, of) = providers.entry(&one.provider).or_default();
                *part += i64::from(gone);
                *of += 1;
            }
        }
        let (part, of) = providers
            .values()
            .fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        let mut rows: Vec<Row> = providers
            .iter()
            .map(|(id, (part, of))| Row {
                key: (*id).to_owned(),
                label: names.label(id),
                value: Value::Share {
                    part: *part,
                    of: *of,
                },
            })
            .collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.value.n()), row.key.clone()));
        let all = Value::Share { part, of };
        let weighted = weighted(all, &providers);
        let by = By::Provider;
        out.push(definition.figure(all, vec![Breakdown { by, rows }, weighted]));
    }
}

fn weighted(all: Value, providers: &BTreeMap<&str, (i64, i64)>) -> Breakdown {
    let shares: Vec<i64> = providers
        .values()
        .map(|(part, of)| (2_000_000 * part + of) / (2 * of))
        .collect();
    let n = i64::try_from(shares.len()).unwrap_or(i64::MAX);
    let mean = (n > 0).then(|| shares.iter().sum::<i64>() / n);
    let row = |key: &str, nl: &str, en: &str, value| Row {
        key: key.to_owned(),
        label: Text {
            nl: nl.to_owned(),
            en: en.to_owned(),
        },
        value,
    };
    Breakdown {
        by: By::Weighting,
        rows: vec![
            row(
                "items",
                "Elk onderdeel telt even zwaar",
                "Each item weighs the same",
                all,
            ),
            row(
                "providers",
                "Elke provider telt even zwaar",
                "Each provider weighs the same",
                Value::Estimate {
                    millionths: mean,
                    n,
                },
            ),
        ],
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Notified {
    provider: Option<String>,
    verdict: Option<String>,
    state: Option<String>,
    n: i64,
}

/// What became of what a provider was told of.
fn action(state: Option<&str>) -> (&'static str, Text<String>) {
    let (key, nl, en) = match state {
        Some("removed") => ("removed", "verwijderd", "removed"),
        Some("reappeared") => ("came-back", "teruggekeerd", "came back"),
        Some("takedown_ended") => ("ended", "gestaakt", "ended without removal"),
        _ => ("none", "nog niets", "nothing yet"),
    };
    let text = Text {
        nl: nl.to_owned(),
        en: en.to_owned(),
    };
    (key, text)
}

/// The table of Article 22(3) of the Digital Services Act: provider × type × action (M9).
async fn notified(
    sums: &Sums<'_>,
    names: &Names,
    out: &mut Vec<Figure>,
) -> Result<(), FiguresError> {
    let sql = format!(
        "select t.provider as provider, t.verdict as verdict, t.state as state,
                cast(count(*) as bigint) as n from (
           select {provider} as provider,
             (select {verdict} from ledger o where o.subject = l.subject
                and o.kind = 'takedown_opened' and o.seq <= $3 order by o.seq limit 1) as verdict,
             (select s.kind from ledger s where s.subject = l.subject
                and s.kind in ('removed', 'reappeared', 'takedown_ended')
                and s.at_ms < $2 and s.seq <= $3 order by s.seq desc limit 1) as state
           from ledger l
           where l.kind = 'provider_told' and l.at_ms >= $1 and l.at_ms < $2 and l.seq <= $3
             and not exists (select 1 from ledger e where e.subject = l.subject
                             and e.kind = 'provider_told' and e.seq < l.seq)
         ) t group by 1, 2, 3",
        provider = sums.field("l", "provider"),
        verdict = sums.field("o", "verdict"),
    );
    let values = values![sums.period.from, sums.period.until, sums.last];
    let (mut rows, mut all) = (Vec::new(), 0);
    for found in sums.db.rows::<Notified>(&sql, values).await? {
        let provider = found.provider.unwrap_or_else(|| UNKNOWN.to_owned());
        let verdict = found.verdict.unwrap_or_else(|| UNKNOWN.to_owned());
        let (key, done) = action(found.state.as_deref());
        let of_type = verdict
            .parse::<Verdict>()
            .map_or_else(|_| names.label(UNKNOWN), verdict_label);
        let name = names.label(&provider);
        all += found.n;
        rows.push(Row {
            key: format!("{provider}/{verdict}/{key}"),
            label: Text {
                nl: format!("{} · {} · {}", name.nl, of_type.nl, done.nl),
                en: format!("{} · {} · {}", name.en, of_type.en, done.en),
            },
            value: Value::Count(found.n),
        });
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.value.count()), row.key.clone()));
    let by = By::Notified;
    out.push(d::NOTIFIED.figure(Count::of(all), vec![Breakdown { by, rows }]));
    Ok(())
}
