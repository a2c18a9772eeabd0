//! Counting lines of the ledger: the few questions that all figures are made of.
//!
//! The engine counts, so that a year of millions of lines is not carried into the program. The one
//! thing the two engines spell differently is how a field of the fact is read ([`Sums::field`]).

use std::collections::BTreeMap;

use ground::{Ask as _, Db, sea_orm, values};

use crate::FiguresError;
use crate::period::Period;

/// The ledger of one period, up to a fixed last line.
pub(crate) struct Sums<'a> {
    pub db: &'a Db,
    pub period: &'a Period,
    pub last: i64,
}

#[derive(sea_orm::FromQueryResult)]
struct Grouped {
    a: Option<String>,
    b: Option<String>,
    n: i64,
}

#[derive(sea_orm::FromQueryResult)]
struct Clocked {
    from_ms: i64,
    until_ms: i64,
    provider: Option<String>,
}

/// A clock that ran from one moment to another.
pub(crate) struct Clock {
    pub ms: i64,
    pub provider: String,
}

/// The name of a part that is not known.
pub(crate) const UNKNOWN: &str = "unknown";

impl Sums<'_> {
    /// The text of a field of the fact; null when it is absent or null.
    pub fn field(&self, line: &str, name: &str) -> String {
        match self.db.backend() {
            sea_orm::DbBackend::Postgres => format!("({line}.detail::json ->> '{name}')"),
            _ => format!("cast(json_extract({line}.detail, '$.{name}') as text)"),
        }
    }

    fn bounds(&self) -> Vec<sea_orm::Value> {
        values![self.period.from, self.period.until, self.last]
    }

    /// How many facts of this kind, by one field or two.
    pub async fn by(
        &self,
        kind: &str,
        fields: &[&str],
    ) -> Result<Vec<(String, String, i64)>, FiguresError> {
        let field = |at: usize| {
            fields.get(at).map_or_else(
                || "cast(null as text)".to_owned(),
                |name| self.field("l", name),
            )
        };
        let sql = format!(
            "select {} as a, {} as b, cast(count(*) as bigint) as n from ledger l
             where l.kind = '{kind}' and l.at_ms >= $1 and l.at_ms < $2 and l.seq <= $3
             group by 1, 2",
            field(0),
            field(1),
        );
        self.grouped(&sql).await
    }

    /// As [`Sums::by`], for facts that are the first of their kind about their subject.
    pub async fn first_by(
        &self,
        kind: &str,
        fields: [&str; 2],
    ) -> Result<Vec<(String, String, i64)>, FiguresError> {
        let sql = format!(
            "select {} as a, {} as b, cast(count(*) as bigint) as n from ledger l
             where l.kind = '{kind}' and l.at_ms >= $1 and l.at_ms < $2 and l.seq <= $3
               and not exists (select 1 from ledger e where e.subject = l.subject
                               and e.kind = '{kind}' and e.seq < l.seq)
             group by 1, 2",
            self.field("l", fields[0]),
            self.field("l", fields[1]),
        );
        self.grouped(&sql).await
    }

    async fn grouped(&self, sql: &str) -> Result<Vec<(String, String, i64)>, FiguresError> {
        let rows = self.db.rows::<Grouped>(sql, self.bounds()).await?;
        let named = |name: Option<String>| name.unwrap_or_else(|| UNKNOWN.to_owned());
        Ok(rows
            .into_iter()
            .map(|row| (named(row.a), named(row.b), row.n))
            .collect())
    }

    /// How many different subjects there are facts of this kind about.
    pub async fn subjects(&self, kind: &str) -> Result<i64, FiguresError> {
        let sql = format!(
            "select cast(count(distinct subject) as bigint) as n from ledger
             where kind = '{kind}' and at_ms >= $1 and at_ms < $2 and seq <= $3"
        );
        Ok(self.db.count(&sql, self.bounds()).await?)
    }

    /// The clocks of removals: from the provider being told to the first sight of absence. What was
    /// gone before the provider was told, or without it, has no clock.
    pub async fn removals(&self) -> Result<Vec<Clock>, FiguresError> {
        let sql = format!(
            "select cast({told} as bigint) as from_ms, cast({gone} as bigint) as until_ms,
                    {provider} as provider
             from ledger l
             where l.kind = 'removed' and l.at_ms >= $1 and l.at_ms < $2 and l.seq <= $3
               and {told} is not null and cast({gone} as bigint) >= cast({told} as bigint)",
            told = self.field("l", "told_at"),
            gone = self.field("l", "first_gone"),
            provider = self.field("l", "provider"),
        );
        self.clocks(&sql).await
    }

    /// The clocks from the first fact of one kind to the first fact of another about the same
    /// subject, for those that end in the period.
    pub async fn clocks_between(
        &self,
        from: &str,
        until: &str,
    ) -> Result<Vec<Clock>, FiguresError> {
        let sql = format!(
            "select o.at_ms as from_ms, l.at_ms as until_ms, cast(null as text) as provider
             from ledger l join ledger o on o.subject = l.subject and o.kind = '{from}'
             where l.kind = '{until}' and l.at_ms >= $1 and l.at_ms < $2 and l.seq <= $3
               and o.seq <= $3
               and not exists (select 1 from ledger e where e.subject = l.subject
                               and e.kind = '{until}' and e.seq < l.seq)
               and not exists (select 1 from ledger e where e.subject = l.subject
                               and e.kind = '{from}' and e.seq < o.seq)"
        );
        self.clocks(&sql).await
    }

    async fn clocks(&self, sql: &str) -> Result<Vec<Clock>, FiguresError> {
        let rows = self.db.rows::<Clocked>(sql, self.bounds()).await?;
        Ok(rows
            .into_iter()
            .map(|row| Clock {
                ms: row.until_ms.saturating_sub(row.from_ms),
                provider: row.provider.unwrap_or_else(|| UNKNOWN.to_owned()),
            })
            .collect())
    }

    /// How many takedowns whose provider was told are neither removed nor ended when the period
    /// ends, by provider.
    pub async fn still_there(&self) -> Result<BTreeMap<String, i64>, FiguresError> {
        let sql = format!(
            "select t.a as a, cast(null as text) as b, cast(count(*) as bigint) as n from (
               select {provider} as a, l.subject as subject from ledger l
               where l.kind = 'provider_told' and l.at_ms < $1 and l.seq <= $2
                 and not exists (select 1 from ledger e where e.subject = l.subject
                                 and e.kind = 'provider_told' and e.seq > l.seq
                                 and e.at_ms < $1 and e.seq <= $2)
             ) t
             where coalesce((select s.kind from ledger s where s.subject = t.subject
                             and s.kind in ('removed', 'reappeared', 'takedown_ended')
                             and s.at_ms < $1 and s.seq <= $2
                             order by s.seq desc limit 1), 'reappeared') = 'reappeared'
             group by 1",
            provider = self.field("l", "provider"),
        );
        let values = values![self.period.until, self.last];
        let rows = self.db.rows::<Grouped>(&sql, values).await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.a.unwrap_or_else(|| UNKNOWN.to_owned()), row.n))
            .collect())
    }
}

/// The middle one; the mean of the two middle ones when their number is even.
pub(crate) fn median(sorted: &[i64]) -> Option<i64> {
    let half = sorted.len() / 2;
    let upper = sorted.get(half).copied()?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = sorted.get(half - 1).copied()?;
    Some(lower + (upper - lower) / 2)
}

/// The smallest that at least nine in ten do not exceed.
pub(crate) fn percentile_90(sorted: &[i64]) -> Option<i64> {
    let rank = (sorted.len() * 9).div_ceil(10);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_ninetieth_percentile_of_few_are_right() {
        assert_eq!((median(&[]), percentile_90(&[])), (None, None));
        assert_eq!((median(&[4]), percentile_90(&[4])), (Some(4), Some(4)));
        assert_eq!(median(&[1, 4]), Some(2));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!((median(&ten), percentile_90(&ten)), (Some(5), Some(9)));
        let eleven: Vec<i64> = (1..=11).collect();
        assert_eq!(
            (median(&eleven), percentile_90(&eleven)),
            (Some(6), Some(10))
        );
    }
}
