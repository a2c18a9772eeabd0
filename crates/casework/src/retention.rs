//! Retention: destroys the keys of what has been kept for long enough (law 9), and the screenshots,
//! which show the same pictures as the contents that are destroyed.

use std::sync::atomic::{AtomicI64, Ordering};

use ground::clock::MINUTE_MS;
use ground::{
    Act, AddressId, Ask, ContentId, DbError, Fact, Instant, ReportId, VisitId, sea_orm, values,
};
use vault::{ObjectName, Owner};

use crate::{Casework, WorkError, read};

mod addresses;

/// The name under which this stands in the ledger.
const RETENTION: &str = "retention";

/// How long retention rests once nothing is due, ms: what is kept for months need not go to the
/// minute, and looking for it reads much.
const REST_MS: i64 = 10 * MINUTE_MS;

/// When retention last found nothing to do, ms since 1970; nought when it never looked.
#[derive(Default)]
pub(crate) struct Rest(AtomicI64);

impl Casework {
    /// As [`Casework::shred_one`], but rests for ten minutes once nothing is due.
    ///
    /// # Errors
    /// As [`Casework::shred_one`].
    pub(crate) async fn shred_in_time(&self) -> Result<bool, WorkError> {
        let now = self.clock.now();
        let rested = Instant::from_ms(self.0.rest.0.load(Ordering::Relaxed));
        if now.since_ms(rested) < REST_MS {
            return Ok(false);
        }
        let did = self.shred_one().await?;
        if !did {
            self.forget_exposure().await?;
            self.0.rest.0.store(now.ms(), Ordering::Relaxed);
        }
        Ok(did)
    }

    /// Shreds one thing whose time is over; false when nothing is due.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the store fail.
    pub async fn shred_one(&self) -> Result<bool, WorkError> {
        let now = self.clock.now();
        let kept = &self.settings;
        if let Some(report) =
            read::report_to_shred(&self.db, now.plus_ms(-kept.keep_report_ms)).await?
        {
            self.shred_report(report).await?;
            return Ok(true);
        }
        let not_illegal = now.plus_ms(-kept.keep_not_illegal_ms);
        let illegal = now.plus_ms(-kept.keep_illegal_ms);
        if let Some(content) = read::content_to_shred(&self.db, not_illegal, illegal).await? {
            self.shred_content(content).await?;
            return Ok(true);
        }
        if let Some(screenshot) = screenshot_to_destroy(&self.db, not_illegal, illegal).await? {
            self.destroy_screenshot(screenshot).await?;
            return Ok(true);
        }
        if let Some(pieces) = pieces_to_destroy(&self.db, not_illegal, illegal).await? {
            self.destroy_pieces(pieces).await?;
            return Ok(true);
        }
        self.forget_one(not_illegal, illegal).await
    }

    /// That it is gone goes into the ledger first; then the object, which nothing names any more.
    async fn destroy_screenshot(&self, due: Screenshot) -> Result<(), WorkError> {
        let act = Act::by_worker(RETENTION, self.clock.now());
        let tx = self.db.act(&act, "destroy a screenshot").await?;
        if capture::store::forget_screenshot(&tx, due.id).await? {
            let address = due.address_id;
            tx.record(due.id, &Fact::ScreenshotDestroyed { address });
            tx.commit().await?;
        }
        let object = ObjectName::stored(&due.object);
        Ok(self.vault.objects().remove(&object).await?)
    }

    /// As a screenshot: a page may hold its pictures in itself.
    async fn destroy_pieces(&self, due: Screenshot) -> Result<(), WorkError> {
        let act = Act::by_worker(RETENTION, self.clock.now());
        let tx = self.db.act(&act, "destroy the pieces of a page").await?;
        if evidence::store::forget_pieces(&tx, due.id).await? {
            let address = due.address_id;
            tx.record(due.id, &Fact::PiecesDestroyed { address });
            tx.commit().await?;
        }
        let object = ObjectName::stored(&due.object);
        Ok(self.vault.objects().remove(&object).await?)
    }

    async fn shred_report(&self, id: ReportId) -> Result<(), WorkError> {
        let now = self.clock.now();
        let tx = self
            .db
            .act(&Act::by_worker(RETENTION, now), "shred a report")
            .await?;
        self.vault.shred(&tx, Owner::Report(id)).await?;
        read::mark_report_shredded(&tx, id, now).await?;
        Ok(tx.commit().await?)
    }

    /// The key first, in the ledger; then the objects, which nobody can open any more.
    async fn shred_content(&self, id: ContentId) -> Result<(), WorkError> {
        let row = capture::store::content(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let film = crate::likeness::sheet(&self.db, id).await?;
        let sheet = film.and_then(|film| film.sheet);
        let now = self.clock.now();
        let tx = self
            .db
            .act(&Act::by_worker(RETENTION, now), "shred a content")
            .await?;
        self.vault.shred(&tx, Owner::Content(id)).await?;
        tx.commit().await?;
        self.live().await?.withdraw(id);
        let objects = [
            Some(&row.original),
            row.veiled.as_ref(),
            row.soft.as_ref(),
            sheet.as_ref(),
        ];
        for name in objects.into_iter().flatten() {
            self.vault
                .objects()
                .remove(&ObjectName::stored(name))
                .await?;
        }
        Ok(())
    }
}

/// A screenshot, or the pieces of a page, whose time is over.
#[derive(sea_orm::FromQueryResult)]
struct Screenshot {
    id: VisitId,
    address_id: AddressId,
    object: String,
}

/// The oldest screenshot that is due. Every report that names its address is closed since before
/// `not_illegal`. Where something illegal was found, the visit was before `illegal`, and so was the
/// removal of all of it.
async fn screenshot_to_destroy(
    ask: &impl Ask,
    not_illegal: Instant,
    illegal: Instant,
) -> Result<Option<Screenshot>, DbError> {
    let sql = format!(
        "select v.id, v.address_id, v.screenshot as object from visit v
         where v.screenshot is not null and {NO_LONGER_SHOWN} order by v.ended_at_ms limit 1"
    );
    ask.one(&sql, values![not_illegal, illegal]).await
}

/// The oldest pieces of a page that are due, by the rule of its screenshot.
async fn pieces_to_destroy(
    ask: &impl Ask,
    not_illegal: Instant,
    illegal: Instant,
) -> Result<Option<Screenshot>, DbError> {
    let sql = format!(
        "select v.id, v.address_id, e.pieces as object from evidence e join visit v on v.id = e.id
         where e.pieces is not null and {NO_LONGER_SHOWN} order by v.ended_at_ms limit 1"
    );
    ask.one(&sql, values![not_illegal, illegal]).await
}

/// That what visit `v` saw need not be seen any more.
const NO_LONGER_SHOWN: &str = "v.ended_at_ms < $1
    and not exists (select 1 from sighting s join report r on r.id = s.report_id
        where s.address_id = v.address_id
          and (r.closed_at_ms is null or r.closed_at_ms >= $1))
    and (v.ended_at_ms < $2
        or not exists (select 1 from takedown t where t.address_id = v.address_id))
    and not exists (select 1 from takedown t join watch w on w.id = t.id
        where t.address_id = v.address_id
          and (w.presence = 'there' or w.removed_at_ms >= $2))";

#[cfg(test)]
#[path = "retention_tests.rs"]
mod tests;
