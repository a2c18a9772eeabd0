//! The records of evidence: where the sealed parts of each visit's record are, and its time stamp.

use ground::lease::Work;
use ground::{AddressId, Ask, DbError, Instant, Tx, VisitId, sea_orm, values};
use sea_orm::FromQueryResult;

/// Manifests that wait for a time stamp.
pub const STAMPS: Work = Work {
    table: "evidence",
    open: "stamp_wanted = 1",
    order: "not_before_ms, made_at_ms, id",
};

/// The evidence of one visit, as stored.
#[derive(Debug, Clone, FromQueryResult)]
pub struct EvidenceRow {
    /// The visit; one has one.
    pub id: VisitId,
    /// The address looked at, whose key seals all of it.
    pub address_id: AddressId,
    /// Sealed: the bytes of the manifest, and its signature.
    pub manifest: Vec<u8>,
    /// SHA-256 of the manifest's bytes; it stands in the ledger too.
    pub digest: Vec<u8>,
    /// The object that holds the records, without payloads.
    pub records: String,
    /// The object that holds what the page was made of beside pictures; none when there was nothing,
    /// or its time is over.
    pub pieces: Option<String>,
    /// The time stamp's token, DER.
    pub stamp: Option<Vec<u8>>,
    /// The time it says.
    pub stamped_at_ms: Option<Instant>,
    /// 1: it waits for a time stamp.
    pub stamp_wanted: i64,
    /// When it was made.
    pub made_at_ms: Instant,
}

const COLUMNS: &str = "id, address_id, manifest, digest, records, pieces, stamp, stamped_at_ms,
    stamp_wanted, made_at_ms";

/// Stores the evidence of a visit.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn put(tx: &Tx, row: &EvidenceRow) -> Result<(), DbError> {
    let sql = format!(
        "insert into evidence ({COLUMNS}, lease_until_ms, lease_token, attempts, not_before_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0)"
    );
    let values = values![
        row.id,
        row.address_id,
        row.manifest.clone(),
        row.digest.clone(),
        row.records.clone(),
        row.pieces.clone(),
        row.stamp.clone(),
        row.stamped_at_ms,
        row.stamp_wanted,
        row.made_at_ms
    ];
    tx.execute(&sql, values).await?;
    Ok(())
}

/// The evidence of a visit.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn of_visit(ask: &impl Ask, id: VisitId) -> Result<Option<EvidenceRow>, DbError> {
    let sql = format!("select {COLUMNS} from evidence where id = $1");
    ask.one(&sql, values![id]).await
}

/// Keeps the time stamp of a manifest.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn keep_stamp(tx: &Tx, id: VisitId, token: &[u8], says: Instant) -> Result<(), DbError> {
    let sql = "update evidence set stamp = $2, stamped_at_ms = $3, stamp_wanted = 0 where id = $1";
    tx.execute(sql, values![id, token.to_vec(), says]).await?;
    Ok(())
}

/// Wants no time stamp any more: the authority will never give it.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn give_up_stamp(tx: &Tx, id: VisitId) -> Result<(), DbError> {
    let sql = "update evidence set stamp_wanted = 0 where id = $1";
    tx.execute(sql, values![id]).await?;
    Ok(())
}

/// Forgets which object held the pieces of a page, before it is removed; false when it was already.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn forget_pieces(tx: &Tx, id: VisitId) -> Result<bool, DbError> {
    let sql = "update evidence set pieces = null where id = $1 and pieces is not null";
    Ok(tx.execute(sql, values![id]).await? == 1)
}

#[derive(FromQueryResult)]
struct Named {
    records: String,
}

/// The objects that hold the records of an address's visits.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn objects_at(ask: &impl Ask, address: AddressId) -> Result<Vec<String>, DbError> {
    let sql = "select records from evidence where address_id = $1 order by id";
    let rows: Vec<Named> = ask.rows(sql, values![address]).await?;
    Ok(rows.into_iter().map(|row| row.records).collect())
}
