//! What providers asked of the hash-check. The ledger has one line for each client and day, written after
//! the day is over: a line counts for the day that it tells of, not for the moment it was written.

use std::collections::BTreeMap;

use ground::clock::{DAY_MS, HOUR_MS};
use ground::{Ask as _, Instant, sea_orm, values};

use crate::FiguresError;
use crate::breakdown::{Breakdown, By, Row, checked_label, same};
use crate::definitions as d;
use crate::figure::{Figure, Value};
use crate::period::Period;
use crate::sums::Sums;
use crate::unit::Count;

#[derive(sea_orm::FromQueryResult)]
struct Day {
    client: String,
    day: i64,
    checks: i64,
    matches: i64,
    not_checked: i64,
}

#[derive(sea_orm::FromQueryResult)]
struct Named {
    client: String,
    name: Option<String>,
}

/// The days that lie in a period: those whose noon does. From the first to before the second, counted
/// since 1970 began, UTC.
pub(crate) const fn days(period: &Period) -> (i64, i64) {
    const fn first_noon_from(at: Instant) -> i64 {
        (at.ms() - 12 * HOUR_MS + DAY_MS - 1).div_euclid(DAY_MS)
    }
    (first_noon_from(period.from), first_noon_from(period.until))
}

/// The date of a day.
pub(crate) fn date(day: i64) -> String {
    let at = Instant::from_ms(day * DAY_MS).rfc3339();
    at.split('T').next().unwrap_or_default().to_owned()
}

/// Hashes asked, by what was said, by client and by day.
pub(crate) async fn figures(sums: &Sums<'_>, out: &mut Vec<Figure>) -> Result<(), FiguresError> {
    let asked = asked(sums).await?;
    let names = names(sums).await?;
    let (mut results, mut clients, mut dates) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for day in asked {
        let said = [
            ("match", day.matches),
            ("no-match", day.checks - day.matches),
            ("not-checked", day.not_checked),
        ];
        for (word, n) in said {
            *results.entry(word.to_owned()).or_default() += n;
        }
        *clients.entry(day.client).or_default() += day.checks + day.not_checked;
        *dates.entry(day.day).or_default() += day.checks + day.not_checked;
    }
    let words = ["match", "no-match", "not-checked"].map(|word| (word, checked_label(word)));
    let by_result = Breakdown::of_words(By::Checked, words, &results);
    let by_client = Breakdown::of_names(By::Client, &clients, |id| {
        same(names.get(id).map_or(id, String::as_str))
    });
    let row = |(day, n): (&i64, &i64)| Row {
        key: date(*day),
        label: same(&date(*day)),
        value: Value::Count(*n),
    };
    let by_day = Breakdown {
        by: By::Day,
        rows: dates.iter().map(row).collect(),
    };
    let all = Count::of(clients.values().sum());
    out.push(d::HASHES_ASKED.figure(all, vec![by_result, by_client, by_day]));
    Ok(())
}

async fn asked(sums: &Sums<'_>) -> Result<Vec<Day>, FiguresError> {
    let number = |name: &str| format!("cast({} as bigint)", sums.field("l", name));
    let sql = format!(
        "select l.subject as client, {day} as day, {} as checks, {} as matches, {} as not_checked
         from ledger l where l.kind = 'hashes_checked' and l.seq <= $1 and {day} >= $2 and {day} < $3",
        number("checks"),
        number("matches"),
        number("not_checked"),
        day = number("day"),
    );
    let (from, until) = days(sums.period);
    Ok(sums.db.rows(&sql, values![sums.last, from, until]).await?)
}

async fn names(sums: &Sums<'_>) -> Result<BTreeMap<String, String>, FiguresError> {
    let sql = format!(
        "select l.subject as client, {} as name from ledger l
         where l.kind = 'check_client_added' and l.seq <= $1",
        sums.field("l", "name")
    );
    let rows = sums.db.rows::<Named>(&sql, values![sums.last]).await?;
    let named = rows.into_iter();
    Ok(named
        .filter_map(|row| Some((row.client, row.name?)))
        .collect())
}
