//! Our own list: the hashes of what was judged illegal here. An entry stands as long as the judgement of
//! at least one content that has it.

use ground::{Act, Ask, Chance, ContentId, DbError, Fact, HashFact, Tx, values};

use crate::digest::Key;
use crate::entries::{count_on, next, put};
use crate::rules::{Category, ListName};
use crate::store::{HashList, insert, named};

/// What our own list is called.
pub const NAME: &str = "own list";

/// Our own list, if there is one yet.
///
/// # Errors
/// [`DbError`].
pub async fn own(ask: &impl Ask) -> Result<Option<HashList>, DbError> {
    match NAME.parse::<ListName>() {
        Ok(name) => named(ask, &name).await,
        Err(_) => Ok(None),
    }
}

/// Our own list; made when there is none.
async fn made(tx: &Tx, chance: &Chance) -> Result<HashList, DbError> {
    if let Some(list) = own(tx).await? {
        return Ok(list);
    }
    // The lock, then a second look: a colleague may have made it at this moment.
    next(tx, 0).await?;
    if let Some(list) = own(tx).await? {
        return Ok(list);
    }
    let name = NAME.parse().map_err(|_| DbError::Unreadable {
        what: "the name of the own list".into(),
    })?;
    insert(tx, &name, true, chance).await
}

/// Puts the hashes of a content on our own list, even if they had been taken back.
///
/// # Errors
/// [`DbError`].
pub async fn list_own(
    tx: &Tx,
    chance: &Chance,
    content: ContentId,
    keys: &[Key],
    category: &Category,
) -> Result<(), DbError> {
    let list = made(tx, chance).await?;
    let mut entries: Vec<(Key, Category)> =
        keys.iter().map(|key| (*key, category.clone())).collect();
    entries.sort_unstable_by_key(|entry| entry.0);
    entries.dedup_by_key(|entry| entry.0);
    let changed = put(tx, list.no, &entries, true).await?.changed;
    let mut new = 0;
    for (key, _) in &entries {
        let kind = key.kind().as_str();
        new += tx
            .execute(
                "insert into own_hash (content_id, entry)
                 select cast($1 as text), entry from hash_entry
                 where list_no = $2 and kind = $3 and digest = $4 on conflict do nothing",
                values![content, list.no, kind, key.as_bytes().to_vec()],
            )
            .await?;
    }
    if changed > 0 || new > 0 {
        let fact = Fact::Hash(HashFact::OwnHashesListed {
            hashes: u32::try_from(entries.len()).unwrap_or(u32::MAX),
            category: category.to_string(),
        });
        tx.record(content, &fact);
    }
    Ok(())
}

/// Takes the hashes of a content back from our own list, but for those that another content has as well.
/// Does nothing for a content that is not on it.
///
/// # Errors
/// [`DbError`].
pub async fn unlist_own(tx: &Tx, act: &Act, content: ContentId) -> Result<(), DbError> {
    let sql = "select count(*) as n from own_hash where content_id = $1";
    if tx.count(sql, values![content]).await? == 0 {
        return Ok(());
    }
    let (change, _) = next(tx, 0).await?;
    let taken = tx
        .execute(
            "update hash_entry set withdrawn_at_ms = $1, changed = $2
             where withdrawn_at_ms is null
                 and entry in (select entry from own_hash where content_id = $3)
                 and not exists (select 1 from own_hash o
                     where o.entry = hash_entry.entry and o.content_id <> $3)",
            values![act.at, change, content],
        )
        .await?;
    // What is in `own_hash` is on our own list, and on no other.
    if let Some(list) = own(tx).await? {
        let gone = i64::try_from(taken).unwrap_or(i64::MAX);
        count_on(tx, list.no, (-gone, gone)).await?;
    }
    tx.execute(
        "delete from own_hash where content_id = $1",
        values![content],
    )
    .await?;
    let fact = Fact::Hash(HashFact::OwnHashesTakenBack {
        hashes: u32::try_from(taken).unwrap_or(u32::MAX),
    });
    tx.record(content, &fact);
    Ok(())
}
