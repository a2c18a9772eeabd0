//! Many checks at once: what is read for them and written of them costs a few statements, not a few
//! for each. The rules are those of one check; only the road to the records is wider.

use std::collections::HashMap;

use ground::ask::{places, tuples};
use ground::{Ask, DbError, TakedownId, Tx, sea_orm, values};

use crate::store::{StoreFault, WATCH_COLUMNS, WAY_COLUMNS, record};
use crate::watch::WatchRow;
use crate::{Observed, Takedown, Watch, Way};

/// Most rows of one statement.
const STRIDE: usize = 64;

/// A watch as it stands after a check, and what proves that the check was ours to make.
#[derive(Debug)]
pub struct Settled {
    /// How it stands now.
    pub watch: Watch,
    /// What is to be recorded about it.
    pub facts: Vec<ground::Fact>,
    /// The token of the lease, which is given up.
    pub token: i64,
}

fn ids(of: &[TakedownId]) -> Vec<sea_orm::Value> {
    of.iter().map(|id| sea_orm::Value::from(*id)).collect()
}

/// The takedowns with these ids; one that does not exist is absent.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn load_some(
    ask: &impl Ask,
    of: &[TakedownId],
) -> Result<HashMap<TakedownId, Takedown>, DbError> {
    let mut found = HashMap::with_capacity(of.len());
    for some in of.chunks(STRIDE) {
        let list = places(some.len());
        let sql = format!("select {WAY_COLUMNS} from takedown where id in {list}");
        for way in ask.rows::<Way>(&sql, ids(some)).await? {
            found.insert(way.id, Takedown(way));
        }
    }
    Ok(found)
}

/// The watches over these items.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn load_watches(
    ask: &impl Ask,
    of: &[TakedownId],
) -> Result<HashMap<TakedownId, Watch>, DbError> {
    let mut found = HashMap::with_capacity(of.len());
    for some in of.chunks(STRIDE) {
        let list = places(some.len());
        let sql = format!("select {WATCH_COLUMNS} from watch where id in {list}");
        for row in ask.rows::<WatchRow>(&sql, ids(some)).await? {
            found.insert(row.id, Watch(row));
        }
    }
    Ok(found)
}

/// Columns of [`save_watches`]: two that guard, and those that change.
const COLUMNS: usize = 14;

/// Writes how watches stand after a check of each, gives their leases up and records the facts, all
/// or none.
///
/// # Errors
/// [`StoreFault::Stale`] when one was changed since it was read or its lease was lost: the
/// transaction is to be dropped, and each tried by itself; [`StoreFault::Db`].
pub async fn save_watches(tx: &Tx, all: &[Settled]) -> Result<(), StoreFault> {
    for some in all.chunks(STRIDE) {
        let mut values = Vec::with_capacity(some.len() * COLUMNS);
        for Settled { watch, token, .. } in some {
            values.extend(values![
                watch.id,
                watch.revision,
                *token,
                watch.presence,
                watch.absences,
                watch.begun_at_ms,
                watch.first_absent_ms,
                watch.last_absent_ms,
                watch.last_present_ms,
                watch.last_seen,
                watch.removed_at_ms,
                watch.returns,
                watch.checks,
                watch.not_before_ms,
            ]);
        }
        let sql = format!(
            "with new (id, revision, token, presence, absences, begun, first_absent, last_absent,
                 last_present, last_seen, removed, returns, checks, not_before) as (values {})
             update watch set presence = new.presence, absences = new.absences,
                 begun_at_ms = new.begun, first_absent_ms = new.first_absent,
                 last_absent_ms = new.last_absent, last_present_ms = new.last_present,
                 last_seen = new.last_seen, removed_at_ms = new.removed, returns = new.returns,
                 checks = new.checks, not_before_ms = new.not_before, lease_until_ms = 0,
                 lease_token = 0, attempts = 0, revision = watch.revision + 1
             from new
             where watch.id = new.id and watch.revision = new.revision
                 and watch.lease_token = new.token",
            tuples(some.len(), COLUMNS)
        );
        let written = tx.execute(&sql, values).await?;
        if usize::try_from(written).ok() != Some(some.len()) {
            return Err(StoreFault::Stale);
        }
    }
    for settled in all {
        record(tx, settled.watch.id, &settled.facts);
    }
    Ok(())
}

/// Writes the evidence of checks.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn write_observations(tx: &Tx, all: &[Observed]) -> Result<(), DbError> {
    for some in all.chunks(STRIDE) {
        let mut values = Vec::with_capacity(some.len() * 8);
        for seen in some {
            values.extend(values![
                seen.id,
                seen.takedown_id,
                seen.at_ms,
                seen.observation,
                seen.status,
                seen.ip.clone(),
                seen.sha256.clone(),
                seen.detail.clone(),
            ]);
        }
        let sql = format!(
            "insert into observation
                 (id, takedown_id, at_ms, observation, status, ip, sha256, detail) values {}",
            tuples(some.len(), 8)
        );
        tx.execute(&sql, values).await?;
    }
    Ok(())
}
