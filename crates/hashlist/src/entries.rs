//! The entries of lists: put on, taken back. Each statement works in thousands of digests at once.

use std::collections::BTreeMap;

use ground::{Act, Ask, DbError, Tx, values};
use sea_orm::{DbBackend, FromQueryResult};

use crate::digest::{Key, Kind};
use crate::rules::Category;

/// Digests of one kind, one after the other, without one twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    kind: Kind,
    bytes: Vec<u8>,
}

impl Batch {
    /// None yet.
    pub const fn of(kind: Kind) -> Self {
        Self {
            kind,
            bytes: Vec::new(),
        }
    }

    /// Adds a digest of the batch's kind.
    pub fn add(&mut self, digest: &[u8]) {
        self.bytes.extend_from_slice(digest);
    }

    fn count(&self) -> i64 {
        i64::try_from(self.bytes.len() / self.kind.length()).unwrap_or(i64::MAX)
    }

    fn gather<'a>(keys: impl Iterator<Item = &'a Key>) -> Vec<Self> {
        let mut kinds: BTreeMap<&'static str, Self> = BTreeMap::new();
        for key in keys {
            let kind = key.kind();
            let batch = kinds.entry(kind.as_str());
            batch.or_insert(Self::of(kind)).add(key.as_bytes());
        }
        kinds.into_values().collect()
    }
}

/// What putting entries on a list did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Put {
    /// Entries new or altered.
    pub changed: u64,
    /// Entries that were taken back and stay so.
    pub kept: u64,
}

/// What taking entries back did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Entries that matched until now.
    pub withdrawn: u64,
    /// Hashes that were not on the list: remembered, so that a later file does not put them there.
    pub remembered: u64,
}

#[derive(FromQueryResult)]
struct Numbers {
    last: i64,
    entries: i64,
}

/// Takes the number of the next change and of `entries` entries (the first of them is one higher).
pub async fn next(tx: &Tx, entries: i64) -> Result<(i64, i64), DbError> {
    tx.execute(
        "update hash_change set last = last + 1, entries = entries + $1 where one = 1",
        values![entries],
    )
    .await?;
    let sql = "select last, entries from hash_change where one = 1";
    let numbers = tx.one::<Numbers>(sql, values![]).await?;
    let numbers = numbers.ok_or_else(|| DbError::Unreadable {
        what: "hash_change has no row".into(),
    })?;
    Ok((numbers.last, numbers.entries - entries))
}

/// The digests of parameter `$1`, `$2` of them, as a table `d (i, digest)` for both engines.
fn digests(tx: &Tx, kind: Kind) -> String {
    let length = kind.length();
    let packed = match tx.backend() {
        DbBackend::Postgres => "cast($1 as bytea)",
        _ => "$1",
    };
    format!(
        "with recursive n(i) as (select cast(0 as bigint)
             union all select n.i + 1 from n where n.i + 1 < cast($2 as bigint)),
         d(i, digest) as (select n.i, substr({packed}, cast(n.i * {length} + 1 as integer), {length})
             from n)"
    )
}

/// Puts a batch on a list under one category. One that was taken back stays so unless `revive`.
pub async fn put_batch(
    tx: &Tx,
    list: i64,
    batch: &Batch,
    category: &Category,
    revive: bool,
) -> Result<Put, DbError> {
    let (count, kind) = (batch.count(), batch.kind);
    if count == 0 {
        return Ok(Put::default());
    }
    let (change, first) = next(tx, count).await?;
    let revived = if revive {
        taken_back(tx, list, batch).await?
    } else {
        0
    };
    let such = if revive {
        "hash_entry.withdrawn_at_ms is not null or hash_entry.category <> excluded.category"
    } else {
        "hash_entry.withdrawn_at_ms is null and hash_entry.category <> excluded.category"
    };
    let changed = tx
        .execute(
            &format!(
                "{}
                 insert into hash_entry
                     (entry, list_no, kind, digest, category, withdrawn_at_ms, changed)
                 select cast($3 as bigint) + d.i, cast($4 as bigint), '{kind}', d.digest,
                     cast($5 as text), null, cast($6 as bigint)
                 from d where true
                 on conflict (list_no, kind, digest) do update
                 set category = excluded.category, withdrawn_at_ms = null,
                     changed = excluded.changed
                 where {such}",
                digests(tx, kind)
            ),
            values![
                batch.bytes.clone(),
                count,
                first + 1,
                list,
                category.as_str(),
                change
            ],
        )
        .await?;
    let kept = if revive || changed == u64::try_from(count).unwrap_or(0) {
        0
    } else {
        taken_back(tx, list, batch).await?
    };
    let new = "select count(*) as n from hash_entry where entry > $1 and entry <= $2";
    let new = tx.count(new, values![first, first + count]).await?;
    let revived = i64::try_from(revived).unwrap_or(i64::MAX);
    count_on(tx, list, (new + revived, -revived)).await?;
    Ok(Put { changed, kept })
}

/// So many entries of a list match more, and so many more are taken back.
pub async fn count_on(tx: &Tx, list: i64, (entries, withdrawn): (i64, i64)) -> Result<(), DbError> {
    if (entries, withdrawn) != (0, 0) {
        tx.execute(
            "update hash_list set entries = entries + $1, withdrawn = withdrawn + $2 where no = $3",
            values![entries, withdrawn, list],
        )
        .await?;
    }
    Ok(())
}

/// How many of a batch stand there as taken back. The join is crossed so that SQLite goes by the batch
/// and looks each hash up, and not through the whole list.
async fn taken_back(tx: &Tx, list: i64, batch: &Batch) -> Result<u64, DbError> {
    let kind = batch.kind;
    let sql = format!(
        "{}
         select count(*) as n from d cross join hash_entry e
         where e.list_no = $3 and e.kind = '{kind}' and e.digest = d.digest
             and e.withdrawn_at_ms is not null",
        digests(tx, kind)
    );
    let values = values![batch.bytes.clone(), batch.count(), list];
    Ok(u64::try_from(tx.count(&sql, values).await?).unwrap_or(0))
}

/// Takes a batch back; those that are not on the list are remembered if `remember`.
pub async fn take_back_batch(
    tx: &Tx,
    act: &Act,
    list: i64,
    batch: &Batch,
    remember: bool,
) -> Result<Taken, DbError> {
    let (count, kind) = (batch.count(), batch.kind);
    if count == 0 {
        return Ok(Taken::default());
    }
    let (change, first) = next(tx, if remember { count } else { 0 }).await?;
    let digests = digests(tx, kind);
    let withdrawn = tx
        .execute(
            &format!(
                "{digests}
                 update hash_entry set withdrawn_at_ms = $3, changed = $4
                 where list_no = $5 and kind = '{kind}' and withdrawn_at_ms is null
                     and digest in (select d.digest from d)"
            ),
            values![batch.bytes.clone(), count, act.at, change, list],
        )
        .await?;
    let gone = i64::try_from(withdrawn).unwrap_or(i64::MAX);
    count_on(tx, list, (-gone, gone)).await?;
    if !remember {
        return Ok(Taken {
            withdrawn,
            remembered: 0,
        });
    }
    let remembered = tx
        .execute(
            &format!(
                "{digests}
                 insert into hash_entry
                     (entry, list_no, kind, digest, category, withdrawn_at_ms, changed)
                 select cast($3 as bigint) + d.i, cast($4 as bigint), '{kind}', d.digest,
                     cast($5 as text), cast($6 as bigint), cast($7 as bigint)
                 from d where true on conflict (list_no, kind, digest) do nothing"
            ),
            values![
                batch.bytes.clone(),
                count,
                first + 1,
                list,
                Category::unnamed().as_str(),
                act.at,
                change
            ],
        )
        .await?;
    let only = i64::try_from(remembered).unwrap_or(i64::MAX);
    count_on(tx, list, (0, only)).await?;
    Ok(Taken {
        withdrawn,
        remembered,
    })
}

/// Puts entries on a list, each key once: new ones and those with another category. What had been taken
/// back stays so unless `revive`.
///
/// # Errors
/// [`DbError`].
pub async fn put(
    tx: &Tx,
    list: i64,
    entries: &[(Key, Category)],
    revive: bool,
) -> Result<Put, DbError> {
    let mut by_category: BTreeMap<&Category, Vec<&Key>> = BTreeMap::new();
    for (key, category) in entries {
        by_category.entry(category).or_default().push(key);
    }
    let mut done = Put::default();
    for (category, keys) in by_category {
        for batch in Batch::gather(keys.into_iter()) {
            let put = put_batch(tx, list, &batch, category, revive).await?;
            done.changed += put.changed;
            done.kept += put.kept;
        }
    }
    Ok(done)
}

/// Takes entries back, each key once; those that are not on the list are remembered, so that no later
/// file puts them there.
///
/// # Errors
/// [`DbError`].
pub async fn take_back(tx: &Tx, act: &Act, list: i64, keys: &[Key]) -> Result<Taken, DbError> {
    let mut done = Taken::default();
    for batch in Batch::gather(keys.iter()) {
        let taken = take_back_batch(tx, act, list, &batch, true).await?;
        done.withdrawn += taken.withdrawn;
        done.remembered += taken.remembered;
    }
    Ok(done)
}
