//! The tables `takedown`, `watch` and `observation`.

use ground::lease::Work;
use ground::{Ask, CheckId, DbError, Fact, Instant, ItemId, Observation, TakedownId, Tx, values};
use sea_orm::FromQueryResult;

use crate::watch::WatchRow;
use crate::{Takedown, Watch, Way};

/// Takedowns whose host is to be found out: the locator's work, oldest first.
pub const LOCATING: Work = Work {
    table: "takedown",
    open: "stage = 'locating'",
    order: "not_before_ms, opened_at_ms, id",
};

/// Holds, each due at its deadline: the work of who tells the liaison.
pub const HOLDS: Work = Work {
    table: "takedown",
    open: "stage = 'held'",
    order: "not_before_ms, id",
};

/// Items to be looked at: the checker's work.
pub const CHECKS: Work = Work {
    table: "watch",
    open: "presence <> 'ended'",
    order: "not_before_ms, id",
};

/// Why a takedown was not written.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// Somebody else changed it since it was read: read it again.
    #[error("it was changed in the meantime")]
    Stale,
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

pub(crate) const WAY_COLUMNS: &str =
    "id, item_id, content_id, address_id, report_id, verdict, stage,
    hosted_in, country, ip, host_found_at_ms, provider_id, contact_id, police_reason,
    hold_deadline_ms, released_at_ms, notice_id, told_at_ms, cause, note, opened_at_ms, attempts,
    not_before_ms, revision, reminders, last_told_at_ms";

pub(crate) const WATCH_COLUMNS: &str =
    "id, presence, absences, begun_at_ms, first_absent_ms, last_absent_ms,
    last_present_ms, last_seen, removed_at_ms, returns, checks, attempts, not_before_ms, revision";

/// Writes a new takedown with its watch and records its facts; false, and nothing written, when
/// the item has one already.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn open(
    tx: &Tx,
    takedown: &Takedown,
    watch: &Watch,
    facts: &[Fact],
) -> Result<bool, DbError> {
    let way: &Way = takedown;
    let made = tx
        .execute(
            &format!(
                "insert into takedown ({WAY_COLUMNS}, lease_until_ms, lease_token)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                     $17, $18, $19, $20, $21, 0, $22, 0, 0, null, 0, 0)
                 on conflict (item_id) do nothing"
            ),
            values![
                way.id,
                way.item_id,
                way.content_id,
                way.address_id,
                way.report_id,
                way.verdict,
                way.stage,
                way.hosted_in,
                way.country.clone(),
                way.ip.clone(),
                way.host_found_at_ms,
                way.provider_id,
                way.contact_id,
                way.police_reason,
                way.hold_deadline_ms,
                way.released_at_ms,
                way.notice_id,
                way.told_at_ms,
                way.cause,
                way.note.clone(),
                way.opened_at_ms,
                way.not_before_ms,
            ],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    tx.execute(
        "insert into watch (id, presence, absences, begun_at_ms, returns, checks, lease_until_ms,
             lease_token, attempts, not_before_ms, revision)
         values ($1, $2, 0, $3, 0, 0, 0, 0, 0, $4, 0)",
        values![
            watch.id,
            watch.presence,
            watch.begun_at_ms,
            watch.not_before_ms
        ],
    )
    .await?;
    record(tx, way.id, facts);
    Ok(true)
}

pub(crate) fn record(tx: &Tx, id: TakedownId, facts: &[Fact]) {
    for fact in facts {
        tx.record(id, fact);
    }
}

/// One takedown.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn load(ask: &impl Ask, id: TakedownId) -> Result<Option<Takedown>, DbError> {
    let sql = format!("select {WAY_COLUMNS} from takedown where id = $1");
    Ok(ask.one::<Way>(&sql, values![id]).await?.map(Takedown))
}

/// The takedown of an item.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn of_item(ask: &impl Ask, item: ItemId) -> Result<Option<Takedown>, DbError> {
    let sql = format!("select {WAY_COLUMNS} from takedown where item_id = $1");
    Ok(ask.one::<Way>(&sql, values![item]).await?.map(Takedown))
}

/// Writes where a takedown now stands and records the facts of the move, unless it was changed
/// since it was read. Its lease, when the caller has one, is given up separately
/// ([`LOCATING`], [`HOLDS`]) in the same transaction; when the look-up is to be repeated with
/// `put_off`, until the `not_before_ms` written here.
///
/// # Errors
/// [`StoreFault::Stale`]; [`StoreFault::Db`] when the records fail.
pub async fn save(tx: &Tx, takedown: &Takedown, facts: &[Fact]) -> Result<(), StoreFault> {
    let way: &Way = takedown;
    let written = tx
        .execute(
            "update takedown set report_id = $3, verdict = $4, stage = $5, hosted_in = $6,
                 country = $7, ip = $8, host_found_at_ms = $9, provider_id = $10, contact_id = $11,
                 police_reason = $12, hold_deadline_ms = $13, released_at_ms = $14, notice_id = $15,
                 told_at_ms = $16, cause = $17, note = $18, not_before_ms = $19,
                 reminders = $20, last_told_at_ms = $21, revision = revision + 1
             where id = $1 and revision = $2",
            values![
                way.id,
                way.revision,
                way.report_id,
                way.verdict,
                way.stage,
                way.hosted_in,
                way.country.clone(),
                way.ip.clone(),
                way.host_found_at_ms,
                way.provider_id,
                way.contact_id,
                way.police_reason,
                way.hold_deadline_ms,
                way.released_at_ms,
                way.notice_id,
                way.told_at_ms,
                way.cause,
                way.note.clone(),
                way.not_before_ms,
                way.reminders,
                way.last_told_at_ms,
            ],
        )
        .await?;
    if written != 1 {
        return Err(StoreFault::Stale);
    }
    record(tx, way.id, facts);
    Ok(())
}

/// The watch over one item.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn load_watch(ask: &impl Ask, id: TakedownId) -> Result<Option<Watch>, DbError> {
    let sql = format!("select {WATCH_COLUMNS} from watch where id = $1");
    Ok(ask.one::<WatchRow>(&sql, values![id]).await?.map(Watch))
}

/// Writes how the watch now stands, with the time of its next check, and records the facts, unless
/// it was changed since it was read. The lease is given up separately with [`CHECKS`]`.settle`.
///
/// # Errors
/// [`StoreFault::Stale`]; [`StoreFault::Db`] when the records fail.
pub async fn save_watch(tx: &Tx, watch: &Watch, facts: &[Fact]) -> Result<(), StoreFault> {
    let written = tx
        .execute(
            "update watch set presence = $3, absences = $4, begun_at_ms = $5, first_absent_ms = $6,
                 last_absent_ms = $7, last_present_ms = $8, last_seen = $9, removed_at_ms = $10,
                 returns = $11, checks = $12, not_before_ms = $13, revision = revision + 1
             where id = $1 and revision = $2",
            values![
                watch.id,
                watch.revision,
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
            ],
        )
        .await?;
    if written != 1 {
        return Err(StoreFault::Stale);
    }
    record(tx, watch.id, facts);
    Ok(())
}

/// The evidence of one check.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Observed {
    /// Its id.
    pub id: CheckId,
    /// The takedown it belongs to.
    pub takedown_id: TakedownId,
    /// When.
    pub at_ms: Instant,
    /// What was seen, as far as it may be believed ([`crate::Seen::believed`]).
    pub observation: Observation,
    /// HTTP status.
    pub status: Option<i64>,
    /// The address that answered.
    pub ip: Option<String>,
    /// SHA-256 of what came back, lower-case hex.
    pub sha256: Option<String>,
    /// Why it was read so: a [`crate::Why`].
    pub detail: Option<String>,
}

/// The latest checks of an item, newest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn observations(
    ask: &impl Ask,
    of: TakedownId,
    limit: i64,
) -> Result<Vec<Observed>, DbError> {
    ask.rows(
        "select id, takedown_id, at_ms, observation, status, ip, sha256, detail from observation
         where takedown_id = $1 order by at_ms desc, id limit $2",
        values![of, limit],
    )
    .await
}
