//! The table `response`.

use ground::lease::Work;
use ground::{Ask, ContactId, DbError, Fact, ResponseId, TakedownId, Tx, values};

use crate::response::ResponseRow;
use crate::{Response, StoreFault};

/// Responses whose host is to be found out anew.
pub const RESPONSES: Work = Work {
    table: "response",
    open: "state = 'open'",
    order: "not_before_ms, id",
};

const COLUMNS: &str = "id, takedown_id, contact_id, kind, state, outcome, words, given_at_ms,
    settled_by, settled_at_ms, not_before_ms, revision";

/// Writes a new response and records its fact; false, and nothing written, when one of its kind
/// about the same item is not settled yet.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn give(tx: &Tx, response: &Response, fact: &Fact) -> Result<bool, DbError> {
    let sql = format!(
        "insert into response ({COLUMNS}, lease_until_ms, lease_token, attempts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0)
         on conflict do nothing"
    );
    let made = tx
        .execute(
            &sql,
            values![
                response.id,
                response.takedown_id,
                response.contact_id,
                response.kind,
                response.state,
                response.outcome,
                response.words.clone(),
                response.given_at_ms,
                response.settled_by.clone(),
                response.settled_at_ms,
                response.not_before_ms,
            ],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    tx.record(response.takedown_id, fact);
    Ok(true)
}

/// Writes a response after a move and records its fact, unless it was changed since it was read.
///
/// # Errors
/// [`StoreFault`].
pub async fn save_response(tx: &Tx, response: &Response, fact: &Fact) -> Result<(), StoreFault> {
    let written = tx
        .execute(
            "update response set state = $3, outcome = $4, settled_by = $5, settled_at_ms = $6,
                 revision = revision + 1
             where id = $1 and revision = $2",
            values![
                response.id,
                response.revision,
                response.state,
                response.outcome,
                response.settled_by.clone(),
                response.settled_at_ms,
            ],
        )
        .await?;
    if written != 1 {
        return Err(StoreFault::Stale);
    }
    tx.record(response.takedown_id, fact);
    Ok(())
}

/// One response.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn response(ask: &impl Ask, id: ResponseId) -> Result<Option<Response>, DbError> {
    let sql = format!("select {COLUMNS} from response where id = $1");
    let row = ask.one::<ResponseRow>(&sql, values![id]).await?;
    Ok(row.map(Response))
}

/// What was said about an item, newest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn responses_about(ask: &impl Ask, of: TakedownId) -> Result<Vec<Response>, DbError> {
    let sql = format!(
        "select {COLUMNS} from response where takedown_id = $1 order by given_at_ms desc, id"
    );
    let rows = ask.rows::<ResponseRow>(&sql, values![of]).await?;
    Ok(rows.into_iter().map(Response).collect())
}

/// What one contact said about the items that are its concern, newest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn responses_of(ask: &impl Ask, contact: ContactId) -> Result<Vec<Response>, DbError> {
    let columns = COLUMNS
        .split(',')
        .map(|column| format!("r.{}", column.trim()))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "select {columns} from response r join takedown t on t.id = r.takedown_id
         where r.contact_id = $1 and t.contact_id = $1 and t.stage = 'told'
         order by r.given_at_ms desc, r.id"
    );
    let rows = ask.rows::<ResponseRow>(&sql, values![contact]).await?;
    Ok(rows.into_iter().map(Response).collect())
}

/// What waits for a human, oldest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn responses_for_human(ask: &impl Ask, limit: i64) -> Result<Vec<Response>, DbError> {
    let sql = format!(
        "select {COLUMNS} from response where state = 'for-human' order by given_at_ms, id limit $1"
    );
    let rows = ask.rows::<ResponseRow>(&sql, values![limit]).await?;
    Ok(rows.into_iter().map(Response).collect())
}
