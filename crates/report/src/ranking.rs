//! Where open reports stand in the queue, kept beside them.

use ground::{Ask, Channel, DbError, Instant, ReportId, Tx, sea_orm, values};

use crate::{HeadStarts, ReportError, Signals, priority};

/// An open report whose place is to be reckoned again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Unranked {
    /// Which.
    pub id: ReportId,
    /// Through which door.
    pub channel: Channel,
    /// The hour its letter was left.
    #[sea_orm(from_alias = "received_hour_ms")]
    pub received_hour: Instant,
}

/// The condition that a report names this address.
pub const NAMES: &str = "id in (select s.report_id from sighting s where s.address_id = $1)";

/// Takes the open reports that fulfil a condition with one parameter, `$1`, for reckoning their places in
/// this transaction; at most 500.
///
/// What a colleague writes at this very moment is left out, since waiting for it could be waiting for
/// each other; it is reckoned within the hour ([`ranked_before`]).
///
/// # Errors
/// [`DbError`].
pub async fn to_rank(
    tx: &Tx,
    condition: &str,
    value: sea_orm::Value,
) -> Result<Vec<Unranked>, DbError> {
    let lock = match tx.backend() {
        sea_orm::DbBackend::Postgres => "for update skip locked",
        _ => "",
    };
    let sql = format!(
        "select id, channel, received_hour_ms from report
         where state <> 'closed' and {condition} order by id limit 500 {lock}"
    );
    tx.rows(&sql, vec![value]).await
}

/// The condition that the place of a report was reckoned before an hour: `to_rank` with this hour.
pub const RANKED_BEFORE: &str = "ranked_hour_ms < $1";

/// Whether the place of any open report was reckoned before this hour.
///
/// # Errors
/// [`DbError`].
pub async fn ranked_before(ask: &impl Ask, hour: Instant) -> Result<bool, DbError> {
    let sql = format!(
        "select count(*) as n from (select 1 from report
         where state <> 'closed' and {RANKED_BEFORE} limit 1) one"
    );
    Ok(ask.count(&sql, values![hour]).await? > 0)
}

/// Has the places of all open reports reckoned again, as after a change of the head starts.
///
/// # Errors
/// [`DbError`].
pub async fn rank_all_again(tx: &Tx) -> Result<(), DbError> {
    let sql = "update report set ranked_hour_ms = 0 where state <> 'closed' and ranked_hour_ms > 0";
    tx.execute(sql, vec![]).await?;
    Ok(())
}

/// Writes down where a report stands, and what that was reckoned from. It is no change of state: the
/// revision stays. `hour` is the present one; a more exact time would tell when a letter came (IN-9).
///
/// # Errors
/// [`ReportError::Db`].
pub async fn rank(
    tx: &Tx,
    report: &Unranked,
    signals: &Signals,
    (starts, hour): (&HeadStarts, Instant),
) -> Result<(), ReportError> {
    let rank = priority(signals, starts).rank(report.received_hour);
    tx.execute(
        "update report set rank_hour_ms = $2, ranked_hour_ms = $3, on_list = $4, captured = $5, named_by = $6
         where id = $1",
        values![
            report.id,
            rank,
            hour.start_of_hour(),
            i64::from(signals.on_list),
            i64::from(signals.captured),
            i64::from(signals.named_by)
        ],
    )
    .await?;
    Ok(())
}
