//! Contents found before it was kept what they look like.
//!
//! They stand in a table of their own, written by the migration that brought it. Each original is
//! opened, handed to a child in the visit's box that has no key and no way out, and what that says is
//! written down as a visit does: likeness, neighbours, hash lists, with a line in the ledger. Then its
//! row is gone.

use capture::{Decode, Digests, ExamineError, Examined, Likeness};
use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::lease::{Lease, Work, back_off_ms};
use ground::{Act, AddressId, Ask, ContentId, DbError, Fact, ItemId, Tx, sea_orm, values};
use sea_orm::FromQueryResult;
use vault::{ObjectName, Owner, VaultError};
use zeroize::Zeroizing;

use super::{Live, Recent};
use crate::{Casework, WorkError};

/// Contents that are still to be looked into.
const OLDER: Work = Work {
    table: "unlooked",
    open: "1 = 1",
    order: "not_before_ms, id",
};

/// The name under which this stands in the ledger.
const LIKENESS: &str = "likeness";
/// How long a content is leased for beyond the deadline of the child: sealing takes time.
const MARGIN_MS: i64 = 2 * MINUTE_MS;
/// How often a content is tried that the child breaks off on: it may be made for that.
const TRIES: u32 = 3;

#[derive(FromQueryResult)]
struct Carried {
    id: ItemId,
    address_id: AddressId,
    set_apart: i64,
}

/// The items that carry a content, those that are looked at first.
async fn carried(ask: &impl Ask, content: ContentId) -> Result<Vec<Carried>, DbError> {
    ask.rows(
        "select id, address_id, set_apart from item where content_id = $1 order by set_apart, id",
        values![content],
    )
    .await
}

async fn done_with(tx: &Tx, content: ContentId) -> Result<(), DbError> {
    tx.execute("delete from unlooked where id = $1", values![content])
        .await?;
    Ok(())
}

impl Casework {
    /// Looks into one content found before it was kept what it looks like; false when none is left.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail; the lease then lapses by itself.
    pub async fn look_into_older(&self) -> Result<bool, WorkError> {
        let deadline = i64::try_from(self.visitor.deadline.as_millis()).unwrap_or(MINUTE_MS);
        let now = self.clock.now();
        let taken = OLDER
            .take(&self.db, &self.chance, now, deadline + MARGIN_MS)
            .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: ContentId = lease.id.parse().map_err(WorkError::unreadable)?;
        let Some(bytes) = self.original_of(id).await? else {
            let tx = self.db.upkeep("leave out what was shredded").await?;
            done_with(&tx, id).await?;
            tx.commit().await?;
            return Ok(true);
        };
        match capture::examine(&self.visitor, &bytes).await {
            Ok(seen) => self.looked_into(&lease, id, &bytes, &seen).await?,
            Err(fault) => self.not_looked_into(&lease, id, &fault).await?,
        }
        Ok(true)
    }

    /// The bytes of a content; none when they were shredded.
    async fn original_of(&self, id: ContentId) -> Result<Option<Zeroizing<Vec<u8>>>, WorkError> {
        let row = capture::store::content(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let opener = match self.vault.opener(&self.db, Owner::Content(id)).await {
            Ok(opener) => opener,
            Err(VaultError::Shredded) => return Ok(None),
            Err(fault) => return Err(fault.into()),
        };
        match opener.get(&ObjectName::stored(&row.original)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(VaultError::NoSuchObject) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    async fn looked_into(
        &self,
        lease: &Lease,
        id: ContentId,
        bytes: &[u8],
        seen: &Examined,
    ) -> Result<(), WorkError> {
        let sheet = self.keep_sheet(id, seen).await?;
        let carried = carried(&self.db, id).await?;
        let small = carried.iter().all(|one| one.set_apart == 1);
        let mut live = self.live().await?;
        self.refresh_lists().await?;
        let on_lists = self.on_lists(
            &Digests::of(bytes),
            (
                seen.likeness.as_ref().filter(|_| !small),
                seen.film.as_ref(),
            ),
        );
        let act = Act::by_worker(LIKENESS, self.clock.now());
        let tx = self.db.act(&act, "look into an older content").await?;
        if !OLDER.settle(&tx, lease).await? {
            drop(tx);
            return self.drop_sheet(sheet).await;
        }
        done_with(&tx, id).await?;
        let mut recent = Recent::default();
        let of = (id, sheet.as_deref());
        let near = self.liken_older(&tx, &live, &mut recent, of, seen).await?;
        if let Some(first) = carried.first() {
            for found in &on_lists {
                hashlist::note_match(&tx, id, first.id, found).await?;
            }
            if !on_lists.is_empty() {
                self.rank_showing(&tx, id).await?;
            }
        }
        let hashed = seen
            .likeness
            .as_ref()
            .is_some_and(|of| of.looks().is_some());
        let fact = Fact::LookedIntoLater {
            hashed,
            frames: count(seen.film.as_ref().map_or(0, |film| film.frames.len())),
            near: count(near),
            failed: matches!(seen.decode, Decode::Failed(_)),
        };
        tx.record(id, &fact);
        tx.commit().await?;
        live.admit(recent);
        drop(live);
        for one in carried {
            self.confirm_by_itself_at(one.address_id).await?;
        }
        self.bell.ring();
        Ok(())
    }

    /// Writes down what it looks like; how many contents are like it.
    async fn liken_older(
        &self,
        tx: &Tx,
        live: &Live,
        recent: &mut Recent,
        (id, sheet): (ContentId, Option<&str>),
        seen: &Examined,
    ) -> Result<usize, WorkError> {
        let failed = match &seen.decode {
            Decode::Decoded => None,
            Decode::Failed(why) => Some(Likeness::NotHashable(why.clone())),
        };
        let mut near = 0;
        if let Some(likeness) = seen.likeness.as_ref().or(failed.as_ref()) {
            near += self.liken(tx, live, recent, id, likeness).await?;
        }
        if let Some(film) = &seen.film {
            near += self.liken_film(tx, live, recent, (id, sheet), film).await?;
        }
        Ok(near)
    }

    async fn keep_sheet(
        &self,
        id: ContentId,
        seen: &Examined,
    ) -> Result<Option<String>, WorkError> {
        let Some(sheet) = &seen.sheet else {
            return Ok(None);
        };
        let sealer = self.vault.ready(&self.db, Owner::Content(id)).await?;
        Ok(Some(sealer.put(sheet).await?.as_str().to_owned()))
    }

    async fn drop_sheet(&self, sheet: Option<String>) -> Result<(), WorkError> {
        if let Some(name) = sheet {
            let name = ObjectName::stored(&name);
            self.vault.objects().remove(&name).await?;
        }
        Ok(())
    }

    /// Our own failure is tried again for as long as it lasts; a content on which the child breaks
    /// off every time is left as it is.
    async fn not_looked_into(
        &self,
        lease: &Lease,
        id: ContentId,
        fault: &ExamineError,
    ) -> Result<(), WorkError> {
        tracing::warn!(%fault, content = %id, "an older content was not looked into");
        let ours = matches!(fault, ExamineError::Begin(_) | ExamineError::NotBegun(_));
        let now = self.clock.now();
        if ours || lease.attempts < TRIES {
            let wait = back_off_ms(lease.attempts, MINUTE_MS, HOUR_MS, &self.chance);
            let tx = self
                .db
                .upkeep("put a look into an older content off")
                .await?;
            OLDER.put_off(&tx, lease, now.plus_ms(wait)).await?;
            return Ok(tx.commit().await?);
        }
        let act = Act::by_worker(LIKENESS, now);
        let tx = self.db.act(&act, "give an older content up").await?;
        if !OLDER.settle(&tx, lease).await? {
            return Ok(());
        }
        done_with(&tx, id).await?;
        let fact = Fact::LookedIntoLater {
            hashed: false,
            frames: 0,
            near: 0,
            failed: true,
        };
        tx.record(id, &fact);
        Ok(tx.commit().await?)
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "older_tests.rs"]
mod tests;
