//! The records of visits, contents and items.

use ground::lease::Work;
use ground::{AddressId, Ask, ContentId, DbError, Instant, ItemId, Tx, VisitId, values};
use sea_orm::FromQueryResult;

use crate::rules::VisitState;

/// Visits that somebody wants: the visitor's work. They are taken by [`crate::order::take`], which
/// knows hosts as well.
pub const VISITS: Work = Work {
    table: "visit",
    open: "state = 'wanted'",
    order: "due_ms, id",
};

/// The outcome of a visit, as it is stored.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Captured or not.
    pub state: VisitState,
    /// Why nothing was captured.
    pub cause: Option<String>,
    /// With what it was looked at.
    pub via: Option<String>,
    /// HTTP status of the main document.
    pub status: Option<i64>,
    /// Of the server.
    pub ip: Option<String>,
    /// Sealed: final address, redirects, headers, connections.
    pub record: Option<Vec<u8>>,
    /// The object that holds the screenshot.
    pub screenshot: Option<String>,
    /// When.
    pub at: Instant,
}

/// Writes the outcome of a visit whose lease the caller settles in the same transaction.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn end(tx: &Tx, id: VisitId, ended: &Ended) -> Result<(), DbError> {
    tx.execute(
        "update visit set state = $2, cause = $3, via = $4, status = $5, ip = $6, record = $7,
             screenshot = $8, ended_at_ms = $9, revision = revision + 1
         where id = $1",
        values![
            id,
            ended.state,
            ended.cause.clone(),
            ended.via.clone(),
            ended.status,
            ended.ip.clone(),
            ended.record.clone(),
            ended.screenshot.clone(),
            ended.at
        ],
    )
    .await?;
    Ok(())
}

/// Writes why a visit was put off.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn note_cause(tx: &Tx, id: VisitId, cause: &str) -> Result<(), DbError> {
    tx.execute(
        "update visit set cause = $2 where id = $1",
        values![id, cause],
    )
    .await?;
    Ok(())
}

/// A visit as stored.
#[derive(Debug, Clone, FromQueryResult)]
pub struct VisitRow {
    /// Its id.
    pub id: VisitId,
    /// The address looked at.
    pub address_id: AddressId,
    /// How far it has come.
    pub state: VisitState,
    /// Why it was put off or nothing was captured.
    pub cause: Option<String>,
    /// With what it was looked at.
    pub via: Option<String>,
    /// HTTP status of the main document.
    pub status: Option<i64>,
    /// Of the server.
    pub ip: Option<String>,
    /// Sealed: final address, redirects, headers, connections.
    pub record: Option<Vec<u8>>,
    /// The object that holds the screenshot.
    pub screenshot: Option<String>,
    /// When it was wanted.
    pub wanted_at_ms: Instant,
    /// When it ended.
    pub ended_at_ms: Option<Instant>,
    /// How often it was tried.
    pub attempts: i64,
    /// No attempt before this.
    pub not_before_ms: Instant,
}

const VISIT_COLUMNS: &str = "id, address_id, state, cause, via, status, ip, record, screenshot,
    wanted_at_ms, ended_at_ms, attempts, not_before_ms";

/// One visit.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn visit(ask: &impl Ask, id: VisitId) -> Result<Option<VisitRow>, DbError> {
    ask.one(
        &format!("select {VISIT_COLUMNS} from visit where id = $1"),
        values![id],
    )
    .await
}

/// Forgets which object held the screenshot of a visit, before the object is removed; false when
/// it was forgotten already.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn forget_screenshot(tx: &Tx, id: VisitId) -> Result<bool, DbError> {
    let sql = "update visit set screenshot = null, revision = revision + 1
         where id = $1 and screenshot is not null";
    Ok(tx.execute(sql, values![id]).await? == 1)
}

/// The latest visits of an address, newest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn visits_of(
    ask: &impl Ask,
    address: AddressId,
    limit: i64,
) -> Result<Vec<VisitRow>, DbError> {
    ask.rows(
        &format!(
            "select {VISIT_COLUMNS} from visit where address_id = $1
             order by wanted_at_ms desc, id limit $2"
        ),
        values![address, limit],
    )
    .await
}

/// Whether an address still has a wanted visit.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn is_wanted(ask: &impl Ask, address: AddressId) -> Result<bool, DbError> {
    let open = "select count(*) as n from visit where address_id = $1 and state = 'wanted'";
    Ok(ask.count(open, values![address]).await? > 0)
}

/// Distinct bytes as stored.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ContentRow {
    /// Its id.
    pub id: ContentId,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// SHA-1, lower-case hex.
    pub sha1: String,
    /// MD5, lower-case hex.
    pub md5: String,
    /// Length in bytes.
    pub size_bytes: i64,
    /// By its first bytes.
    pub media_type: String,
    /// Pixels across.
    pub width: Option<i64>,
    /// Pixels down.
    pub height: Option<i64>,
    /// Why it could not be decoded.
    pub undecodable: Option<String>,
    /// Object of the bytes.
    pub original: String,
    /// Object of the strongly blurred preview.
    pub veiled: Option<String>,
    /// Object of the lightly blurred preview.
    pub soft: Option<String>,
    /// When it was first found.
    pub found_at_ms: Instant,
}

const CONTENT_COLUMNS: &str = "id, sha256, sha1, md5, size_bytes, media_type, width, height,
    undecodable, original, veiled, soft, found_at_ms";

/// One content.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn content(ask: &impl Ask, id: ContentId) -> Result<Option<ContentRow>, DbError> {
    ask.one(
        &format!("select {CONTENT_COLUMNS} from content where id = $1"),
        values![id],
    )
    .await
}

/// The content with these bytes, when it is known.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn content_by_sha256(
    ask: &impl Ask,
    sha256: &str,
) -> Result<Option<ContentRow>, DbError> {
    ask.one(
        &format!("select {CONTENT_COLUMNS} from content where sha256 = $1"),
        values![sha256],
    )
    .await
}

/// Stores a content; when its bytes became known in the meantime, the known one stands. The
/// content that stands, and whether it is this one.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn put_content(tx: &Tx, row: &ContentRow) -> Result<(ContentId, bool), DbError> {
    let made = tx
        .execute(
            &format!(
                "insert into content ({CONTENT_COLUMNS})
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                 on conflict (sha256) do nothing"
            ),
            values![
                row.id,
                row.sha256.clone(),
                row.sha1.clone(),
                row.md5.clone(),
                row.size_bytes,
                row.media_type.clone(),
                row.width,
                row.height,
                row.undecodable.clone(),
                row.original.clone(),
                row.veiled.clone(),
                row.soft.clone(),
                row.found_at_ms
            ],
        )
        .await?;
    if made == 1 {
        return Ok((row.id, true));
    }
    match content_by_sha256(tx, &row.sha256).await? {
        Some(known) => Ok((known.id, false)),
        None => Err(DbError::Unreadable {
            what: "a content neither new nor known".into(),
        }),
    }
}

/// One picture at an address, as stored.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ItemRow {
    /// Its id.
    pub id: ItemId,
    /// Where it was found.
    pub address_id: AddressId,
    /// What it holds.
    pub content_id: ContentId,
    /// Blind index of its own address.
    pub blind: Vec<u8>,
    /// Its own address, sealed under the key of the address it was found at.
    pub sealed: Vec<u8>,
    /// In which way the page held it.
    pub found_by: String,
    /// 1: too small to be more than an ornament.
    pub set_apart: i64,
    /// Its place on the page.
    pub position: i64,
    /// When it was first found.
    pub found_at_ms: Instant,
}

const ITEM_COLUMNS: &str =
    "id, address_id, content_id, blind, sealed, found_by, set_apart, position, found_at_ms";

/// Stores an item and that this visit found it; when it was found before, the known one stands.
/// The item that stands, and whether it is new.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn put_item(tx: &Tx, visit: VisitId, row: &ItemRow) -> Result<(ItemId, bool), DbError> {
    let (id, new) = put_taken_item(tx, row).await?;
    tx.execute(
        "insert into visit_item (visit_id, item_id) values ($1, $2) on conflict do nothing",
        values![visit, id],
    )
    .await?;
    Ok((id, new))
}

/// Stores an item that no visit found, because its file was taken by hand; when it was found before,
/// the known one stands. The item that stands, and whether it is new.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn put_taken_item(tx: &Tx, row: &ItemRow) -> Result<(ItemId, bool), DbError> {
    let made = tx
        .execute(
            &format!(
                "insert into item ({ITEM_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 on conflict (address_id, blind, content_id) do nothing"
            ),
            values![
                row.id,
                row.address_id,
                row.content_id,
                row.blind.clone(),
                row.sealed.clone(),
                row.found_by.clone(),
                row.set_apart,
                row.position,
                row.found_at_ms
            ],
        )
        .await?;
    match made {
        1 => Ok((row.id, true)),
        _ => Ok((known_item(tx, row).await?.id, false)),
    }
}

async fn known_item(tx: &Tx, row: &ItemRow) -> Result<ItemRow, DbError> {
    tx.one(
        &format!(
            "select {ITEM_COLUMNS} from item
             where address_id = $1 and blind = $2 and content_id = $3"
        ),
        values![row.address_id, row.blind.clone(), row.content_id],
    )
    .await?
    .ok_or_else(|| DbError::Unreadable {
        what: "an item neither new nor known".into(),
    })
}

/// One item.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn item(ask: &impl Ask, id: ItemId) -> Result<Option<ItemRow>, DbError> {
    ask.one(
        &format!("select {ITEM_COLUMNS} from item where id = $1"),
        values![id],
    )
    .await
}

/// The items of an address, in the order of the page.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn items_of(ask: &impl Ask, address: AddressId) -> Result<Vec<ItemRow>, DbError> {
    ask.rows(
        &format!(
            "select {ITEM_COLUMNS} from item where address_id = $1
             order by found_at_ms, position, id"
        ),
        values![address],
    )
    .await
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
