//! Retention: destroys the keys of what has been kept for long enough (law 9).

use ground::{Act, ContentId, ReportId};
use vault::{ObjectName, Owner};

use crate::{Casework, WorkError, read};

/// The name under which this stands in the ledger.
const RETENTION: &str = "retention";

impl Casework {
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
        match read::content_to_shred(&self.db, not_illegal, illegal).await? {
            Some(content) => {
                self.shred_content(content).await?;
                Ok(true)
            }
            None => Ok(false),
        }
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
        let now = self.clock.now();
        let tx = self
            .db
            .act(&Act::by_worker(RETENTION, now), "shred a content")
            .await?;
        self.vault.shred(&tx, Owner::Content(id)).await?;
        tx.commit().await?;
        for name in [Some(&row.original), row.veiled.as_ref(), row.soft.as_ref()]
            .into_iter()
            .flatten()
        {
            self.vault
                .objects()
                .remove(&ObjectName::stored(name))
                .await?;
        }
        Ok(())
    }
}
