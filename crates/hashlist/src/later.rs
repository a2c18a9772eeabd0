//! Entries that came after contents were captured: each list is gone through once, in the order of its
//! changes, so that what is known already is found on it as well.

use ground::{Ask, DbError, HashListId, Tx, values};
use sea_orm::FromQueryResult;

use crate::digest::{Key, Kind};
use crate::matches::Match;

/// How many entries are gone through at a time.
const PAGE: i64 = 1_000;
/// Stands for every entry of a change.
const WHOLE: i64 = i64::MAX;

/// A list with entries that were not looked for yet.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Later {
    no: i64,
    /// The list.
    pub id: HashListId,
    swept: i64,
    swept_entry: i64,
    last: i64,
}

/// An entry to be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterEntry {
    /// By what it is found.
    pub key: Key,
    /// What is noted of a content that has the same bytes.
    pub found: Match,
}

/// The next entries of a list, and how far one is when they are done.
#[derive(Debug)]
pub struct LaterPage {
    /// Those that match; not those that were taken back.
    pub entries: Vec<LaterEntry>,
    upto: (i64, i64),
}

#[derive(FromQueryResult)]
struct Row {
    entry: i64,
    kind: Kind,
    digest: Vec<u8>,
    category: String,
    changed: i64,
    withdrawn: i64,
}

/// A list that is on and has entries that were not looked for among what is known; none when there is
/// none.
///
/// # Errors
/// [`DbError`].
pub async fn later(ask: &impl Ask) -> Result<Option<Later>, DbError> {
    ask.one(
        "select l.no, l.id, l.swept, l.swept_entry, c.last
         from hash_list l join hash_change c on c.one = 1
         where l.enabled = 1 and (l.swept < c.last or l.swept_entry < $1)
         order by l.no limit 1",
        values![WHOLE],
    )
    .await
}

/// Its next entries.
///
/// # Errors
/// [`DbError`].
pub async fn later_page(ask: &impl Ask, list: &Later) -> Result<LaterPage, DbError> {
    let rows: Vec<Row> = ask
        .rows(
            "select entry, kind, digest, category, changed,
                 cast(case when withdrawn_at_ms is null then 0 else 1 end as bigint) as withdrawn
             from hash_entry
             where (changed > $1 or (changed = $1 and entry > $2)) and list_no = $3
             order by changed, entry limit $4",
            values![list.swept, list.swept_entry, list.no, PAGE],
        )
        .await?;
    let last = rows.last().map(|row| (row.changed, row.entry));
    let upto = match last {
        Some(last) if rows.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX) => last,
        last => (list.last.max(last.map_or(0, |last| last.0)), WHOLE),
    };
    let entries = rows
        .into_iter()
        .filter(|row| row.withdrawn == 0)
        .map(|row| row.read(list.id))
        .collect::<Result<_, _>>()?;
    Ok(LaterPage { entries, upto })
}

/// Notes that the entries of a page were looked for.
///
/// # Errors
/// [`DbError`].
pub async fn note_later(tx: &Tx, list: &Later, page: &LaterPage) -> Result<(), DbError> {
    // Where the list was switched on meanwhile it begins anew, and this page is not passed over.
    tx.execute(
        "update hash_list set swept = $2, swept_entry = $3
         where no = $1 and swept = $4 and swept_entry = $5",
        values![
            list.no,
            page.upto.0,
            page.upto.1,
            list.swept,
            list.swept_entry
        ],
    )
    .await?;
    Ok(())
}

impl Row {
    fn read(self, list: HashListId) -> Result<LaterEntry, DbError> {
        let unreadable = |column: &str| DbError::Unreadable {
            what: format!("hash_entry.{column}"),
        };
        let key = Key::from_bytes(self.kind, &self.digest).ok_or_else(|| unreadable("digest"))?;
        let found = Match {
            list,
            entry: u64::try_from(self.entry).map_err(|_| unreadable("entry"))?,
            kind: self.kind,
            distance: 0,
            turned: false,
            frame_ms: None,
            category: self.category.parse().map_err(|_| unreadable("category"))?,
        };
        Ok(LaterEntry { key, found })
    }
}
