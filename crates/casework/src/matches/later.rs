//! Lists that come after the contents: what is known already and is on a list since is told as if it
//! had been when it was captured.
//!
//! The index of likeness is held from the look until it is durable, as a visit holds it from its own
//! look-up on: whichever comes second finds what the first wrote.

use ground::{Act, Ask, ContentId, DbError, ItemId, Tx, sea_orm, values};
use hashlist::{Digest, Key, Later, LaterEntry, Match};
use pdq::Hash256;
use sea_orm::FromQueryResult;

use crate::desk::BY_HAND;
use crate::likeness::Live;
use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const LISTS: &str = "lists";
/// Most digests asked for in one statement.
const STRIDE: usize = 250;

#[derive(FromQueryResult)]
struct Row {
    id: ContentId,
    digest: String,
}

#[derive(FromQueryResult)]
struct First {
    id: Option<ItemId>,
}

/// The contents that have one of these digests, with the place of each in `asked`.
async fn with_digests(
    ask: &impl Ask,
    column: &'static str,
    asked: &[(usize, String)],
) -> Result<Vec<(ContentId, usize)>, DbError> {
    let mut found = Vec::new();
    for some in asked.chunks(STRIDE) {
        let places: Vec<String> = (2..some.len() + 2).map(|at| format!("${at}")).collect();
        let sql = format!(
            "select id, {column} as digest from content where media_type <> $1 and {column} in ({})",
            places.join(", ")
        );
        let mut values = values![BY_HAND];
        values.extend(
            some.iter()
                .map(|(_, digest)| sea_orm::Value::from(digest.clone())),
        );
        for row in ask.rows::<Row>(&sql, values).await? {
            let same = some.iter().filter(|(_, digest)| *digest == row.digest);
            found.extend(same.map(|(place, _)| (row.id, *place)));
        }
    }
    Ok(found)
}

/// What is known and has the same bytes as one of these entries.
async fn same_bytes(
    ask: &impl Ask,
    entries: &[LaterEntry],
) -> Result<Vec<(ContentId, Match)>, DbError> {
    let mut found = Vec::new();
    for column in ["sha256", "md5", "sha1"] {
        let of = |digest: &Digest| match digest {
            Digest::Sha256(_) => column == "sha256",
            Digest::Md5(_) => column == "md5",
            Digest::Sha1(_) => column == "sha1",
        };
        let asked = entries.iter().enumerate();
        let asked: Vec<(usize, String)> = asked
            .filter_map(|(place, entry)| match &entry.key {
                Key::Bytes(digest) if of(digest) => Some((place, digest.to_string())),
                _ => None,
            })
            .collect();
        for (content, place) in with_digests(ask, column, &asked).await? {
            if let Some(entry) = entries.get(place) {
                found.push((content, entry.found.clone()));
            }
        }
    }
    Ok(found)
}

/// What is known and looks like one of these entries, the nearest first.
fn alike(live: &Live, entries: &[LaterEntry], radius: u32) -> Vec<(ContentId, Match)> {
    let mut found = Vec::new();
    for entry in entries {
        let (Key::Look(hash) | Key::Reduced(hash)) = entry.key else {
            continue;
        };
        for (content, distance, frame_ms) in live.like(&Hash256::from_bytes(hash), radius) {
            let one = Match {
                distance,
                frame_ms,
                ..entry.found.clone()
            };
            found.push((content, one));
        }
    }
    found.sort_by_key(|(content, one)| (one.distance, *content, one.entry));
    found
}

/// Whether this list tells of the content already, or only since it is itself on our own list.
async fn told(ask: &impl Ask, content: ContentId, found: &Match) -> Result<bool, DbError> {
    let entry = i64::try_from(found.entry).unwrap_or(i64::MAX);
    let sql = "select count(*) as n from hash_entry new where new.entry = $2 and (
            exists (select 1 from own_hash o where o.entry = new.entry and o.content_id = $1)
            or exists (select 1 from list_match m join hash_entry e on e.entry = m.entry
                where m.content_id = $1 and e.list_no = new.list_no
                    and e.withdrawn_at_ms is null))";
    Ok(ask.count(sql, values![content, entry]).await? > 0)
}

/// Notes that a content is on a list; false when that is told already or nothing shows it.
async fn note(tx: &Tx, content: ContentId, found: &Match) -> Result<bool, DbError> {
    if told(tx, content, found).await? {
        return Ok(false);
    }
    let sql = "select min(id) as id from item where content_id = $1";
    let first = tx.one::<First>(sql, values![content]).await?;
    match first.and_then(|first| first.id) {
        Some(item) => hashlist::note_match(tx, content, item, found).await,
        None => Ok(false),
    }
}

impl Casework {
    /// Looks for the next entries of a list among all contents that are known; false when there are
    /// none.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub async fn look_for_later_entries(&self) -> Result<bool, WorkError> {
        // Without holding anything: nearly always there is nothing to do.
        if hashlist::later(&self.db).await?.is_none() {
            return Ok(false);
        }
        let live = self.live().await?;
        let Some(list) = hashlist::later(&self.db).await? else {
            return Ok(false);
        };
        let page = hashlist::later_page(&self.db, &list).await?;
        let mut found = same_bytes(&self.db, &page.entries).await?;
        let radius = self.settings.likeness.distance;
        found.extend(alike(&live, &page.entries, radius));
        if !self.note_later(&list, &page, &found).await? {
            let tx = self.db.upkeep("pass over entries of a list").await?;
            hashlist::note_later(&tx, &list, &page).await?;
            tx.commit().await?;
        }
        drop(live);
        self.bell.ring();
        Ok(true)
    }

    /// Writes down what was found together with how far the list has been gone through; false when
    /// nothing of it is new.
    async fn note_later(
        &self,
        list: &Later,
        page: &hashlist::LaterPage,
        found: &[(ContentId, Match)],
    ) -> Result<bool, WorkError> {
        if found.is_empty() {
            return Ok(false);
        }
        let act = Act::by_worker(LISTS, self.clock.now());
        let tx = self
            .db
            .act(&act, "look for a list among what is known")
            .await?;
        let mut noted = false;
        for (content, one) in found {
            if note(&tx, *content, one).await? {
                noted = true;
                self.rank_showing(&tx, *content).await?;
            }
        }
        if noted {
            hashlist::note_later(&tx, list, page).await?;
            tx.commit().await?;
        }
        Ok(noted)
    }
}

#[cfg(test)]
#[path = "later_tests.rs"]
mod tests;
