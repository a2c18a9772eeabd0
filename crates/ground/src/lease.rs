//! Leases: work is found, not sent.
//!
//! An unfinished row *is* the job. A table whose rows are work has four columns,
//! `lease_until_ms`, `lease_token`, `attempts` and `not_before_ms`; a worker takes a row for a
//! while, does it, and settles it in the transaction that writes the result. A worker that dies
//! loses its lease by the passing of time, so every step must be idempotent. Taking a lease is
//! upkeep, not an act.

use sea_orm::FromQueryResult;

use crate::ask::Ask;
use crate::db::{Db, DbError, Tx};
use crate::{Chance, Instant, values};

/// A table whose rows are work.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// The table.
    pub table: &'static str,
    /// The condition, in SQL without parameters, that makes a row work still to be done.
    pub open: &'static str,
    /// What comes first, in SQL.
    pub order: &'static str,
}

/// A row taken for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The id of the row.
    pub id: String,
    /// Proves that the row is still ours.
    pub token: i64,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

#[derive(FromQueryResult)]
struct Taken {
    id: String,
    attempts: i64,
}

impl Work {
    /// Takes the next row that is due, for `for_ms` milliseconds; none when there is none.
    ///
    /// # Errors
    /// [`DbError`] when the records fail.
    pub async fn take(
        &self,
        db: &Db,
        chance: &Chance,
        now: Instant,
        for_ms: i64,
    ) -> Result<Option<Lease>, DbError> {
        let taken = self.take_some(db, chance, now, for_ms, 1).await?;
        Ok(taken.into_iter().next())
    }

    /// Whether any row is due that nobody holds.
    ///
    /// # Errors
    /// [`DbError`] when the records fail.
    pub async fn is_due(&self, ask: &impl Ask, now: Instant) -> Result<bool, DbError> {
        let sql = format!(
            "select count(*) as n from (select 1 from {} where {} and not_before_ms <= $1
                 and lease_until_ms <= $1 limit 1) one",
            self.table, self.open
        );
        Ok(ask.count(&sql, values![now]).await? > 0)
    }

    /// Takes up to `most` rows that are due, in one statement; none when there are none.
    ///
    /// # Errors
    /// [`DbError`] when the records fail.
    pub async fn take_some(
        &self,
        db: &Db,
        chance: &Chance,
        now: Instant,
        for_ms: i64,
        most: u32,
    ) -> Result<Vec<Lease>, DbError> {
        // A look first: workers without work must not take turns at SQLite's one writer.
        if !self.is_due(db, now).await? {
            return Ok(Vec::new());
        }
        let token = i64::from_be_bytes(chance.bytes()) & i64::MAX;
        let skip = match db.backend() {
            sea_orm::DbBackend::Postgres => "for update skip locked",
            _ => "",
        };
        let sql = format!(
            "update {table} set lease_until_ms = $1, lease_token = $2, attempts = attempts + 1
             where id in (select id from {table}
                          where {open} and not_before_ms <= $3 and lease_until_ms <= $3
                          order by {order} limit $4 {skip})
             returning id, attempts",
            table = self.table,
            open = self.open,
            order = self.order,
        );
        let tx = db.upkeep("take a lease").await?;
        let wanted = values![now.plus_ms(for_ms), token, now, i64::from(most)];
        let taken = tx.rows::<Taken>(&sql, wanted).await?;
        tx.commit().await?;
        let lease = |row: Taken| Lease {
            id: row.id,
            token,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        };
        Ok(taken.into_iter().map(lease).collect())
    }

    /// Gives the row up inside the transaction that settles it; false when the lease was lost to
    /// another worker in the meantime, in which case the caller must not commit.
    ///
    /// # Errors
    /// [`DbError`] when the records fail.
    pub async fn settle(&self, tx: &Tx, lease: &Lease) -> Result<bool, DbError> {
        let sql = format!(
            "update {} set lease_until_ms = 0, lease_token = 0, attempts = 0
             where id = $1 and lease_token = $2",
            self.table
        );
        Ok(tx
            .execute(&sql, values![lease.id.as_str(), lease.token])
            .await?
            == 1)
    }

    /// Puts the row off until `until`, keeping the count of attempts; false when the lease was lost.
    ///
    /// # Errors
    /// [`DbError`] when the records fail.
    pub async fn put_off(&self, tx: &Tx, lease: &Lease, until: Instant) -> Result<bool, DbError> {
        let sql = format!(
            "update {} set lease_until_ms = 0, lease_token = 0, not_before_ms = $3
             where id = $1 and lease_token = $2",
            self.table
        );
        Ok(tx
            .execute(&sql, values![lease.id.as_str(), lease.token, until])
            .await?
            == 1)
    }

    /// How many rows are still to be done, due or not.
    ///
    /// # Errors
    /// [`DbError`] when the records fail.
    pub async fn waiting(&self, ask: &impl Ask) -> Result<i64, DbError> {
        ask.count(
            &format!(
                "select count(*) as n from {} where {}",
                self.table, self.open
            ),
            vec![],
        )
        .await
    }
}

/// How long to wait before attempt number `attempts + 1`: doubling from `first_ms`, at most
/// `most_ms`, with up to a quarter of jitter so that failures do not come back in step.
#[must_use]
pub fn back_off_ms(attempts: u32, first_ms: i64, most_ms: i64, chance: &Chance) -> i64 {
    let doubled = first_ms
        .saturating_mul(1_i64 << attempts.saturating_sub(1).min(30))
        .min(most_ms);
    let jitter = chance.below(u64::try_from(doubled / 4).unwrap_or(0));
    doubled.saturating_add(i64::try_from(jitter).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_and_stays_within_bounds() {
        let chance = Chance::seeded(1);
        for attempts in 1..40 {
            let wait = back_off_ms(attempts, 1_000, 60_000, &chance);
            assert!((1_000..=75_000).contains(&wait), "{attempts}: {wait}");
        }
        assert!(back_off_ms(3, 1_000, 60_000, &chance) >= 4_000);
    }
}
