//! The tables of hash lists.

use ground::{Act, Ask, Chance, Db, DbError, Fact, HashListId, Tx, values};
use sea_orm::{DbBackend, FromQueryResult};

use crate::digest::Key;
use crate::rules::{Category, ListName};

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
}

/// How much is on a list.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Summary {
    /// Its source.
    pub name: String,
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
}

impl From<ListRow> for HashList {
    fn from(row: ListRow) -> Self {
        Self {
            no: row.no,
            id: row.id,
            name: row.name,
            enabled: row.enabled != 0,
        }
    }
}

/// All lists, by name.
///
/// # Errors
/// [`DbError`].
pub async fn lists(ask: &impl Ask) -> Result<Vec<HashList>, DbError> {
    let sql = "select no, id, name, enabled from hash_list order by name";
    let rows = ask.rows::<ListRow>(sql, values![]).await?;
    Ok(rows.into_iter().map(HashList::from).collect())
}

/// The list of this name.
///
/// # Errors
/// [`DbError`].
pub async fn named(ask: &impl Ask, name: &ListName) -> Result<Option<HashList>, DbError> {
    let sql = "select no, id, name, enabled from hash_list where name = $1";
    let row = ask.one::<ListRow>(sql, values![name.as_str()]).await?;
    Ok(row.map(HashList::from))
}

/// The lists and how much is on them.
///
/// # Errors
/// [`DbError`].
pub async fn summaries(ask: &impl Ask) -> Result<Vec<Summary>, DbError> {
    ask.rows(
        "select l.name as name, l.enabled as enabled,
            count(e.entry) - count(e.withdrawn_at_ms) as entries,
            count(e.withdrawn_at_ms) as withdrawn
         from hash_list l left join hash_entry e on e.list_no = l.no
         group by l.no, l.name, l.enabled order by l.name",
        values![],
    )
    .await
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
    let id = HashListId::fresh(chance);
    let tx = db.act(act, "add a hash list").await?;
    // The lock: two makers at once would give the same number.
    next(&tx, 0).await?;
    if let Some(list) = named(&tx, name).await? {
        return Ok(list);
    }
    let sql = "select cast(coalesce(max(no), 0) + 1 as bigint) as n from hash_list";
    let no = tx.count(sql, values![]).await?;
    tx.execute(
        "insert into hash_list (no, id, name, enabled, made_at_ms) values ($1, $2, $3, 1, $4)",
        values![no, id, name.as_str(), act.at],
    )
    .await?;
    let fact = Fact::HashListAdded {
        name: name.to_string(),
    };
    tx.record(id, &fact);
    tx.commit().await?;
    Ok(HashList {
        no,
        id,
        name: name.to_string(),
        enabled: true,
    })
}

/// Switches a list on or off; nothing is recorded when it is so already.
///
/// # Errors
/// [`ListFault`].
pub async fn set_enabled(
    db: &Db,
    act: &Act,
    name: &ListName,
    enabled: bool,
) -> Result<(), ListFault> {
    let tx = db.act(act, "switch a hash list").await?;
    let list = named(&tx, name).await?.ok_or(ListFault::NotFound)?;
    let changed = tx
        .execute(
            "update hash_list set enabled = $1 where no = $2 and enabled <> $1",
            values![i64::from(enabled), list.no],
        )
        .await?;
    if changed > 0 {
        tx.record(list.id, &Fact::HashListSwitched { enabled });
        tx.commit().await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Numbers {
    last: i64,
    entries: i64,
}

/// Takes the number of the next change and of `entries` entries (the first of them is one higher).
async fn next(tx: &Tx, entries: usize) -> Result<(i64, i64), DbError> {
    let taken = i64::try_from(entries).unwrap_or(i64::MAX);
    tx.execute(
        "update hash_change set last = last + 1, entries = entries + $1 where one = 1",
        values![taken],
    )
    .await?;
    let sql = "select last, entries from hash_change where one = 1";
    let numbers = tx.one::<Numbers>(sql, values![]).await?;
    let numbers = numbers.ok_or_else(|| DbError::Unreadable {
        what: "hash_change has no row".into(),
    })?;
    Ok((numbers.last, numbers.entries - taken))
}

/// A list of (kind, hexadecimal, category) as one parameter for both engines.
fn packed<'a>(entries: impl Iterator<Item = (&'a Key, &'a str)>) -> String {
    let rows: Vec<_> = entries
        .map(|(key, category)| (key.kind().as_str(), key.to_string(), category))
        .collect();
    serde_json::json!(rows).to_string()
}

/// Puts entries on a list, each key once: new ones, those with another category, and those that had been
/// taken back. How many these are.
///
/// # Errors
/// [`DbError`].
pub async fn put(tx: &Tx, list: i64, entries: &[(Key, Category)]) -> Result<u64, DbError> {
    let (change, first) = next(tx, entries.len() + 1).await?;
    let rows = packed(
        entries
            .iter()
            .map(|(key, category)| (key, category.as_str())),
    );
    let (hex, from) = match tx.backend() {
        DbBackend::Postgres => (
            "decode(e.value->>1, 'hex')",
            "jsonb_array_elements(cast($4 as jsonb)) with ordinality as e(value, key)",
        ),
        _ => ("unhex(e.value->>1)", "json_each($4) as e"),
    };
    tx.execute(
        &format!(
            "insert into hash_entry (entry, list_no, kind, digest, category, withdrawn_at_ms, changed)
             select cast($1 as bigint) + e.key, cast($2 as bigint), e.value->>0, {hex}, e.value->>2,
                null, cast($3 as bigint)
             from {from} where true
             on conflict (list_no, kind, digest) do update
             set category = excluded.category, withdrawn_at_ms = null, changed = excluded.changed
             where hash_entry.withdrawn_at_ms is not null
                or hash_entry.category <> excluded.category"
        ),
        values![first + 1, list, change, rows],
    )
    .await
}

/// Takes entries back that are on a list and not taken back yet. How many these are.
///
/// # Errors
/// [`DbError`].
pub async fn take_back(tx: &Tx, act: &Act, list: i64, keys: &[Key]) -> Result<u64, DbError> {
    let (change, _) = next(tx, 0).await?;
    let rows = packed(keys.iter().map(|key| (key, "")));
    let gone = match tx.backend() {
        DbBackend::Postgres => {
            "select e.value->>0, decode(e.value->>1, 'hex')
             from jsonb_array_elements(cast($4 as jsonb)) as e(value)"
        }
        _ => "select e.value->>0, unhex(e.value->>1) from json_each($4) as e",
    };
    tx.execute(
        &format!(
            "update hash_entry set withdrawn_at_ms = $1, changed = $2
             where list_no = $3 and withdrawn_at_ms is null and (kind, digest) in ({gone})"
        ),
        values![act.at, change, list, rows],
    )
    .await
}
