//! The records of hand-overs.

use ground::{Ask, DbError, HandOverId, Instant, ReportId, StaffId, Tx, VisitId, sea_orm, values};
use sea_orm::FromQueryResult;

use crate::rules::{HandOver, HandOverState};

#[derive(FromQueryResult)]
struct Row {
    id: HandOverId,
    visit_id: VisitId,
    report_id: ReportId,
    state: HandOverState,
    asked_by: StaffId,
    asked_at_ms: Instant,
    decided_by: Option<StaffId>,
    decided_at_ms: Option<Instant>,
    until_ms: Instant,
    revision: i64,
}

impl From<Row> for HandOver {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            visit: row.visit_id,
            report: row.report_id,
            state: row.state,
            asked_by: row.asked_by,
            asked_at: row.asked_at_ms,
            decided: row.decided_by.zip(row.decided_at_ms),
            until: row.until_ms,
            revision: row.revision,
        }
    }
}

const COLUMNS: &str = "id, visit_id, report_id, state, asked_by, asked_at_ms, decided_by,
    decided_at_ms, until_ms, revision";

/// Stores a question; false when one about this visit waits already.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn put(tx: &Tx, asked: &HandOver) -> Result<bool, DbError> {
    let waiting = "select count(*) as n from hand_over
         where visit_id = $1 and state = 'asked' and until_ms >= $2";
    let waits = values![asked.visit, asked.asked_at];
    if tx.count(waiting, waits).await? > 0 {
        return Ok(false);
    }
    let sql =
        "insert into hand_over (id, visit_id, report_id, state, asked_by, asked_at_ms, until_ms,
             revision)
         values ($1, $2, $3, $4, $5, $6, $7, 0)";
    let values = values![
        asked.id,
        asked.visit,
        asked.report,
        asked.state,
        asked.asked_by,
        asked.asked_at,
        asked.until
    ];
    Ok(tx.execute(sql, values).await? == 1)
}

/// Stores a decision; false when it was changed since it was read.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn save(tx: &Tx, decided: &HandOver) -> Result<bool, DbError> {
    let sql = "update hand_over set state = $2, decided_by = $3, decided_at_ms = $4, until_ms = $5,
             revision = revision + 1
         where id = $1 and revision = $6";
    let (by, at) = decided.decided.unzip();
    let values = values![
        decided.id,
        decided.state,
        by,
        at,
        decided.until,
        decided.revision
    ];
    Ok(tx.execute(sql, values).await? == 1)
}

/// One hand-over.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn find(ask: &impl Ask, id: HandOverId) -> Result<Option<HandOver>, DbError> {
    let sql = format!("select {COLUMNS} from hand_over where id = $1");
    let row: Option<Row> = ask.one(&sql, values![id]).await?;
    Ok(row.map(HandOver::from))
}

/// Those that wait for a decision or can be taken at this time, the oldest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn open(ask: &impl Ask, now: Instant) -> Result<Vec<HandOver>, DbError> {
    let sql = format!(
        "select {COLUMNS} from hand_over where until_ms >= $1 and state <> 'refused'
         order by asked_at_ms, id"
    );
    let rows: Vec<Row> = ask.rows(&sql, values![now]).await?;
    Ok(rows.into_iter().map(HandOver::from).collect())
}
