//! The tables of hash lists.

use ground::{Act, Ask, Chance, Db, DbError, Fact, HashFact, HashListId, Instant, Tx, values};
use sea_orm::FromQueryResult;

use crate::entries::next;
use crate::rules::ListName;

/// A list, without its entries.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct HashList {
    /// Its number in the tables.
    pub no: i64,
    /// Its id.
    pub id: HashListId,
    /// Its source.
    pub name: String,
    /// Whether its entries match.
    pub enabled: bool,
    /// Whether it is our own.
    pub own: bool,
}

/// How much is on a list.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Summary {
    /// Its id.
    pub id: HashListId,
    /// Its source.
    pub name: String,
    /// 1 when it is our own.
    pub own: i64,
    /// 1 when its entries match.
    pub enabled: i64,
    /// Entries that are not taken back.
    pub entries: i64,
    /// Entries that the source took back.
    pub withdrawn: i64,
}

/// Why a list was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ListFault {
    /// There is no list of this name.
    #[error("there is no list of this name")]
    NotFound,
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

#[derive(FromQueryResult)]
struct ListRow {
    no: i64,
    id: HashListId,
    name: String,
    enabled: i64,
    own: i64,
}

impl From<ListRow> for HashList {
    fn from(row: ListRow) -> Self {
        Self {
            no: row.no,
            id: row.id,
            name: row.name,
            enabled: row.enabled != 0,
            own: row.own != 0,
        }
    }
}

/// All lists, by name.
///
/// # Errors
/// [`DbError`].
pub async fn lists(ask: &impl Ask) -> Result<Vec<HashList>, DbError> {
    let sql = "select no, id, name, enabled, own from hash_list order by name";
    let rows = ask.rows::<ListRow>(sql, values![]).await?;
    Ok(rows.into_iter().map(HashList::from).collect())
}

/// The list of this name.
///
/// # Errors
/// [`DbError`].
pub async fn named(ask: &impl Ask, name: &ListName) -> Result<Option<HashList>, DbError> {
    let sql = "select no, id, name, enabled, own from hash_list where name = $1";
    let row = ask.one::<ListRow>(sql, values![name.as_str()]).await?;
    Ok(row.map(HashList::from))
}

/// The lists and how much is on them, as it was counted when it changed.
///
/// # Errors
/// [`DbError`].
pub async fn summaries(ask: &impl Ask) -> Result<Vec<Summary>, DbError> {
    let sql = "select id, name, own, enabled, entries, withdrawn from hash_list order by name";
    ask.rows(sql, values![]).await
}

/// The same of the list with this id.
///
/// # Errors
/// [`DbError`].
pub async fn summary(ask: &impl Ask, id: HashListId) -> Result<Option<Summary>, DbError> {
    let sql = "select id, name, own, enabled, entries, withdrawn from hash_list where id = $1";
    ask.one(sql, values![id]).await
}

/// The list of this name; made if there is none.
///
/// # Errors
/// [`DbError`].
pub async fn add(
    db: &Db,
    act: &Act,
    name: &ListName,
    chance: &Chance,
) -> Result<HashList, DbError> {
    let tx = db.act(act, "add a hash list").await?;
    // The lock: two makers at once would give the same number.
    next(&tx, 0).await?;
    if let Some(list) = named(&tx, name).await? {
        return Ok(list);
    }
    let own = name.as_str() == crate::own::NAME;
    let list = insert(&tx, name, own, chance).await?;
    tx.commit().await?;
    Ok(list)
}

/// Makes a list; the caller holds the lock of [`next`].
pub async fn insert(
    tx: &Tx,
    name: &ListName,
    own: bool,
    chance: &Chance,
) -> Result<HashList, DbError> {
    let id = HashListId::fresh(chance);
    let sql = "select cast(coalesce(max(no), 0) + 1 as bigint) as n from hash_list";
    let no = tx.count(sql, values![]).await?;
    let at = tx.act().map(|act| act.at);
    tx.execute(
        "insert into hash_list (no, id, name, enabled, made_at_ms, own, swept, swept_entry)
         select $1, $2, $3, 1, $4, $5, last, $6 from hash_change where one = 1",
        values![no, id, name.as_str(), at, i64::from(own), i64::MAX],
    )
    .await?;
    let fact = Fact::Hash(HashFact::HashListAdded {
        name: name.to_string(),
    });
    tx.record(id, &fact);
    Ok(HashList {
        no,
        id,
        name: name.to_string(),
        enabled: true,
        own,
    })
}

/// The list with this id.
///
/// # Errors
/// [`DbError`].
pub async fn with_id(ask: &impl Ask, id: HashListId) -> Result<Option<HashList>, DbError> {
    let sql = "select no, id, name, enabled, own from hash_list where id = $1";
    let row = ask.one::<ListRow>(sql, values![id]).await?;
    Ok(row.map(HashList::from))
}

/// Switches a list on or off; nothing is recorded when it is so already. Once it is on, all of it is
/// looked for among what is known.
///
/// # Errors
/// [`ListFault`].
pub async fn set_enabled(
    db: &Db,
    act: &Act,
    id: HashListId,
    enabled: bool,
) -> Result<(), ListFault> {
    let tx = db.act(act, "switch a hash list").await?;
    let list = with_id(&tx, id).await?.ok_or(ListFault::NotFound)?;
    let changed = tx
        .execute(
            "update hash_list set enabled = $1, swept = 0, swept_entry = 0 where no = $2 and enabled <> $1",
            values![i64::from(enabled), list.no],
        )
        .await?;
    if changed > 0 {
        tx.record(list.id, &Fact::Hash(HashFact::HashListSwitched { enabled }));
        tx.commit().await?;
    }
    Ok(())
}

/// What the import of a file did.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Imported {
    file_digest: Vec<u8>,
    /// When its last step was.
    pub at_ms: Instant,
    /// 1 when it was read to its end.
    pub done: i64,
    /// Rows of the file.
    pub lines: i64,
    /// Entries new or altered.
    pub changed: i64,
    /// Entries taken back.
    pub withdrawn: i64,
    /// Hashes taken back before they were on the list.
    pub remembered: i64,
    /// Hashes named again that had been taken back and stay so.
    pub kept: i64,
    /// Rows that could not be read.
    pub refused: i64,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct RefusedRow {
    /// Its number, from 1.
    pub line: i64,
    /// Why.
    pub why: String,
}

/// The last imports into a list, newest first.
///
/// # Errors
/// [`DbError`].
pub async fn imports(ask: &impl Ask, list: i64, limit: i64) -> Result<Vec<Imported>, DbError> {
    ask.rows(
        "select file_digest, at_ms, done, lines, changed, withdrawn, remembered, kept, refused
         from hash_import where list_no = $1 order by at_ms desc limit $2",
        values![list, limit],
    )
    .await
}

/// The first rows of an import that could not be read, in order.
///
/// # Errors
/// [`DbError`].
pub async fn refused(
    ask: &impl Ask,
    list: i64,
    import: &Imported,
) -> Result<Vec<RefusedRow>, DbError> {
    ask.rows(
        "select line, why from hash_refused where list_no = $1 and file_digest = $2 order by line",
        values![list, import.file_digest.clone()],
    )
    .await
}

/// Notes the first rows of a file that could not be read, in the place of those noted before.
pub async fn note_refused(
    tx: &Tx,
    list: i64,
    digest: &[u8],
    rows: &[(u64, String)],
) -> Result<(), DbError> {
    tx.execute(
        "delete from hash_refused where list_no = $1 and file_digest = $2",
        values![list, digest.to_vec()],
    )
    .await?;
    for (line, why) in rows {
        tx.execute(
            "insert into hash_refused (list_no, file_digest, line, why) values ($1, $2, $3, $4)",
            values![
                list,
                digest.to_vec(),
                i64::try_from(*line).unwrap_or(i64::MAX),
                why.as_str()
            ],
        )
        .await?;
    }
    Ok(())
}
