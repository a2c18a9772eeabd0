//! Which visit is made next: new addresses before looks again, nothing starves, and no host is asked
//! by too many at once or without a pause.
//!
//! Each wanted visit is due at a time, and the earliest due is made first. What is less urgent is due
//! later by a fixed time, so that nothing waits for ever for what was wanted after it.

use ground::clock::MINUTE_MS;
use ground::lease::Lease;
use ground::{AddressId, Ask, Chance, Db, DbError, Instant, Tx, VisitId, text_enum, values};
use sea_orm::FromQueryResult;

use crate::store::VISITS;

text_enum! {
    /// Why a visit is wanted.
    pub enum Wish {
        /// The address was never looked at to the end.
        First = "first",
        /// Somebody at the desk asked for a look.
        Asked = "asked",
        /// It was reported again.
        Again = "again",
    }
}

impl Wish {
    /// How much later a visit is due than one of a new address that was wanted at the same moment, ms.
    #[must_use]
    pub const fn later_ms(self) -> i64 {
        match self {
            // A person waits for it.
            Self::Asked => -MINUTE_MS,
            Self::First => 0,
            Self::Again => 10 * MINUTE_MS,
        }
    }
}

/// How gently one host is visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Politeness {
    /// Most visits of one host at the same time.
    pub at_once: u32,
    /// Least time between the beginnings of two, ms.
    pub pause_ms: i64,
}

impl Default for Politeness {
    fn default() -> Self {
        Self {
            at_once: 1,
            pause_ms: 2_000,
        }
    }
}

impl Politeness {
    /// For a demonstration, all of whose hosts are this machine.
    pub const DEMO: Self = Self {
        at_once: 8,
        pause_ms: 0,
    };
}

/// Wants a visit of an address; false when one is wanted already, which serves as well (an address
/// reported five hundred times in an hour is one visit). The caller records why.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn want(
    tx: &Tx,
    id: VisitId,
    address: AddressId,
    wish: Wish,
    now: Instant,
) -> Result<bool, DbError> {
    let due = now.plus_ms(wish.later_ms());
    let made = tx
        .execute(
            "insert into visit (id, address_id, state, wish, wanted_at_ms, due_ms, looked_at_ms,
                 lease_until_ms, lease_token, attempts, not_before_ms, revision)
             values ($1, $2, 'wanted', $3, $4, $5, 0, 0, 0, 0, 0, 0)
             on conflict do nothing",
            values![id, address, wish, now, due],
        )
        .await?;
    Ok(made == 1)
}

/// Lets a wanted visit of an address be made before all that are wanted from now on, whatever it was
/// put off for; false when none is wanted.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn hasten(tx: &Tx, address: AddressId, now: Instant) -> Result<bool, DbError> {
    let due = now.plus_ms(Wish::Asked.later_ms());
    let sql = "update visit set wish = 'asked', not_before_ms = 0, revision = revision + 1,
             due_ms = case when due_ms < $2 then due_ms else $2 end
         where address_id = $1 and state = 'wanted'";
    Ok(tx.execute(sql, values![address, due]).await? > 0)
}

#[derive(FromQueryResult)]
struct Last {
    at_ms: Option<Instant>,
}

/// When an address was last looked at to the end, captured or not; none when never.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn last_look(ask: &impl Ask, address: AddressId) -> Result<Option<Instant>, DbError> {
    let sql = "select max(ended_at_ms) as at_ms from visit where address_id = $1";
    let row: Option<Last> = ask.one(sql, values![address]).await?;
    Ok(row.and_then(|row| row.at_ms))
}

#[derive(FromQueryResult)]
struct Taken {
    id: String,
    attempts: i64,
}

/// The visit that is due first of those whose host may be asked now.
const NEXT: &str = "select v.id from visit v join address a on a.id = v.address_id
     where v.state = 'wanted' and v.not_before_ms <= $3 and v.lease_until_ms <= $3
       and a.host_blind not in (select b.host_blind
           from visit o join address b on b.id = o.address_id where o.looked_at_ms > $4)
       and a.host_blind not in (select b.host_blind
           from visit o join address b on b.id = o.address_id where o.lease_until_ms > $3
           group by b.host_blind having count(*) >= $5)
     order by v.due_ms, v.id limit 1";

/// Takes the next visit that is due and whose host may be asked now, for `for_ms` milliseconds; none
/// when there is none.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn take(
    db: &Db,
    chance: &Chance,
    now: Instant,
    for_ms: i64,
    polite: Politeness,
) -> Result<Option<Lease>, DbError> {
    // A look first: visitors without work must not take turns at SQLite's one writer.
    if !VISITS.is_due(db, now).await? {
        return Ok(None);
    }
    let token = i64::from_be_bytes(chance.bytes()) & i64::MAX;
    let tx = db.upkeep("take a visit").await?;
    // Two that look at the same moment would each see the host free: they take turns.
    tx.execute("update visit_gate set turn = turn + 1", vec![])
        .await?;
    let sql = format!(
        "update visit set lease_until_ms = $1, lease_token = $2, attempts = attempts + 1,
             looked_at_ms = $3
         where id = ({NEXT}) returning id, attempts"
    );
    let wanted = values![
        now.plus_ms(for_ms),
        token,
        now,
        now.plus_ms(-polite.pause_ms),
        i64::from(polite.at_once)
    ];
    let taken = tx.one::<Taken>(&sql, wanted).await?;
    tx.commit().await?;
    Ok(taken.map(|row| Lease {
        id: row.id,
        token,
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
    }))
}

/// Takes back that the last attempt of a visit counted: it failed for our own line, which says
/// nothing about the address. Before the lease is given up, in the same transaction.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn not_counted(tx: &Tx, lease: &Lease) -> Result<(), DbError> {
    let sql = "update visit set attempts = case when attempts > 0 then attempts - 1 else 0 end
         where id = $1 and lease_token = $2";
    tx.execute(sql, values![lease.id.as_str(), lease.token])
        .await?;
    Ok(())
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
