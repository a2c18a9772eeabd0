//! The tables `check_client`, `check_count` and `check_alarm`.

use ground::{Act, Ask, Chance, Db, DbError, Fact, HashFact, Instant, Tx, values};
use sea_orm::FromQueryResult;

use crate::key::{Key, KeyDigest};
use crate::rules::{AlarmKind, Client, ClientId, Counted, Name, Quota, Refusal};

/// Why a client or a count was not written.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// Somebody has or had the name.
    #[error("somebody has or had this name")]
    NameTaken,
    /// There is no such client.
    #[error("there is no such client")]
    NotFound,
    /// It changed since it was read.
    #[error("it changed since it was read")]
    Stale,
    /// The rules forbid it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

#[derive(FromQueryResult)]
struct Row {
    id: ClientId,
    name: String,
    key_digest: Vec<u8>,
    per_minute: i64,
    per_day: i64,
    made_at_ms: Instant,
    revoked_at_ms: Option<Instant>,
    revision: i64,
}

impl Row {
    fn client(&self) -> Client {
        let whole = |n: i64| u32::try_from(n).unwrap_or(0);
        Client {
            id: self.id,
            name: self.name.clone(),
            quota: Quota {
                per_minute: whole(self.per_minute),
                per_day: whole(self.per_day),
            },
            made_at: self.made_at_ms,
            revoked_at: self.revoked_at_ms,
        }
    }
}

const CLIENT: &str = "select id, name, key_digest, per_minute, per_day, made_at_ms, revoked_at_ms,
    revision from check_client";

/// All clients with the digests of their keys, by name; revoked ones too.
///
/// # Errors
/// [`DbError`].
pub async fn clients(ask: &impl Ask) -> Result<Vec<(Client, KeyDigest)>, DbError> {
    let sql = format!("{CLIENT} order by name");
    ask.rows::<Row>(&sql, values![])
        .await?
        .into_iter()
        .map(|row| {
            let digest = row.key_digest.as_slice().try_into();
            let digest = digest.map_err(|_| DbError::Unreadable {
                what: "check_client.key_digest: not 32 bytes".into(),
            })?;
            Ok((row.client(), digest))
        })
        .collect()
}

/// A number that grows whenever a client is made or altered.
///
/// # Errors
/// [`DbError`].
pub async fn revision(ask: &impl Ask) -> Result<i64, DbError> {
    let sql = "select cast(coalesce(sum(revision), 0) as bigint) as n from check_client";
    ask.count(sql, values![]).await
}

/// Makes a client; its key is in nobody's hands but the caller's.
///
/// # Errors
/// [`CheckError::NameTaken`].
pub async fn add(
    db: &Db,
    act: &Act,
    (name, quota): (&Name, Quota),
    (chance, under): (&Chance, &[u8; 32]),
) -> Result<(ClientId, Key), CheckError> {
    let (id, key) = (ClientId::fresh(chance), Key::fresh(chance));
    let tx = db.act(act, "add a client of the hash-check").await?;
    let made = tx
        .execute(
            "insert into check_client (id, name, key_digest, per_minute, per_day, made_at_ms,
                revoked_at_ms, revision)
             values ($1, $2, $3, $4, $5, $6, null, 1) on conflict (name) do nothing",
            values![
                id,
                name.to_string(),
                key.digest(under).to_vec(),
                i64::from(quota.per_minute),
                i64::from(quota.per_day),
                act.at
            ],
        )
        .await?;
    if made == 0 {
        return Err(CheckError::NameTaken);
    }
    tx.record(
        id,
        &Fact::Hash(HashFact::CheckClientAdded {
            name: name.to_string(),
            per_minute: quota.per_minute,
            per_day: quota.per_day,
        }),
    );
    tx.commit().await?;
    Ok((id, key))
}

/// Takes a client's key away, for good.
///
/// # Errors
/// [`CheckError::NotFound`], [`CheckError::Refused`], [`CheckError::Stale`].
pub async fn revoke(db: &Db, act: &Act, id: ClientId) -> Result<(), CheckError> {
    let tx = db.act(act, "revoke a client of the hash-check").await?;
    let row = tx
        .one::<Row>(&format!("{CLIENT} where id = $1"), values![id])
        .await?
        .ok_or(CheckError::NotFound)?;
    let (next, fact) = row.client().revoked(act.at)?;
    let written = tx
        .execute(
            "update check_client set revoked_at_ms = $3, revision = revision + 1
             where id = $1 and revision = $2",
            values![id, row.revision, next.revoked_at],
        )
        .await?;
    if written == 0 {
        return Err(CheckError::Stale);
    }
    tx.record(id, &fact);
    tx.commit().await?;
    Ok(())
}

/// Adds to what a client asked on a day; false when that day is closed.
///
/// # Errors
/// [`DbError`].
pub async fn count(tx: &Tx, of: ClientId, day: i64, more: Counted) -> Result<bool, DbError> {
    let added = tx
        .execute(
            "insert into check_count (client_id, day, checks, matches, not_checked, closed)
             values ($1, $2, $3, $4, $5, 0)
             on conflict (client_id, day) do update set
                checks = check_count.checks + excluded.checks,
                matches = check_count.matches + excluded.matches,
                not_checked = check_count.not_checked + excluded.not_checked
             where check_count.closed = 0",
            values![
                of,
                day,
                i64::from(more.checks),
                i64::from(more.matches),
                i64::from(more.not_checked)
            ],
        )
        .await?;
    Ok(added == 1)
}

/// What one client asked on one day.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Day {
    /// Who.
    pub client_id: ClientId,
    /// Days since 1970 began, UTC.
    pub day: i64,
    /// Hashes compared.
    pub checks: i64,
    /// Hashes on a list.
    pub matches: i64,
    /// Hashes of too low a quality.
    pub not_checked: i64,
}

const DAY: &str = "select client_id, day, checks, matches, not_checked from check_count";

/// What was asked since a day, newest first.
///
/// # Errors
/// [`DbError`].
pub async fn days(ask: &impl Ask, since: i64) -> Result<Vec<Day>, DbError> {
    let sql = format!("{DAY} where day >= $1 order by day desc, client_id");
    ask.rows(&sql, values![since]).await
}

/// How many hashes each client asked on a day, whether they were compared or not.
///
/// # Errors
/// [`DbError`].
pub async fn counted_on(ask: &impl Ask, day: i64) -> Result<Vec<(ClientId, i64)>, DbError> {
    let sql = format!("{DAY} where day = $1");
    let rows = ask.rows::<Day>(&sql, values![day]).await?.into_iter();
    Ok(rows
        .map(|row| (row.client_id, row.checks + row.not_checked))
        .collect())
}

/// Puts the days before this one into the ledger, so that figures can be computed from it alone;
/// how many.
///
/// # Errors
/// [`DbError`]; nothing was closed then.
pub async fn close_days(db: &Db, act: &Act, before: i64) -> Result<usize, DbError> {
    let open = format!("{DAY} where closed = 0 and day < $1 order by day, client_id");
    if db.rows::<Day>(&open, values![before]).await?.is_empty() {
        return Ok(0);
    }
    let tx = db.act(act, "close days of the hash-check").await?;
    let rows = tx.rows::<Day>(&open, values![before]).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    for row in &rows {
        let whole = |n: i64| u64::try_from(n).unwrap_or(0);
        tx.record(
            row.client_id,
            &Fact::Hash(HashFact::HashesChecked {
                day: row.day,
                checks: whole(row.checks),
                matches: whole(row.matches),
                not_checked: whole(row.not_checked),
            }),
        );
    }
    tx.execute(
        "update check_count set closed = 1 where closed = 0 and day < $1",
        values![before],
    )
    .await?;
    tx.commit().await?;
    Ok(rows.len())
}

/// One alarm.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Alarm {
    /// Who asked.
    pub client_id: ClientId,
    /// What was unusual.
    pub kind: AlarmKind,
    /// When it was noticed.
    pub raised_at_ms: Instant,
}

/// Keeps an alarm and puts it into the ledger.
///
/// # Errors
/// [`DbError`].
pub async fn raise(db: &Db, act: &Act, of: ClientId, kind: AlarmKind) -> Result<(), DbError> {
    let tx = db.act(act, "raise an alarm of the hash-check").await?;
    tx.execute(
        "insert into check_alarm (client_id, kind, raised_at_ms) values ($1, $2, $3)
         on conflict (client_id, kind, raised_at_ms) do nothing",
        values![of, kind, act.at],
    )
    .await?;
    tx.record(
        of,
        &Fact::Hash(HashFact::AskingUnusual {
            kind: kind.to_string(),
        }),
    );
    tx.commit().await
}

/// The latest alarms, newest first.
///
/// # Errors
/// [`DbError`].
pub async fn alarms(ask: &impl Ask, most: i64) -> Result<Vec<Alarm>, DbError> {
    ask.rows(
        "select client_id, kind, raised_at_ms from check_alarm
         order by raised_at_ms desc, client_id, kind limit $1",
        values![most],
    )
    .await
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
