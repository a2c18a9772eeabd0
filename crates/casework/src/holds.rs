//! Holds that end by themselves: an analyst's hold on a report frees it; a police hold whose
//! deadline passed goes to the liaison's list, and never on.

use ground::clock::MINUTE_MS;
use ground::{Act, TakedownId};
use takedown::HOLDS;

use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const KEEPER: &str = "holds";

impl Casework {
    /// Ends what is due; false when nothing is.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub async fn lapse_one(&self) -> Result<bool, WorkError> {
        let now = self.clock.now();
        let act = Act::by_worker(KEEPER, now);
        if let Some(report) = report::lapsed(&self.db, now).await?.first() {
            let tx = self.db.act(&act, "lapse a hold").await?;
            report::lapse(&tx, *report).await?;
            tx.commit().await?;
            return Ok(true);
        }
        let taken = HOLDS.take(&self.db, &self.chance, now, MINUTE_MS).await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: TakedownId = lease.id.parse().map_err(WorkError::unreadable)?;
        let held = takedown::load(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let (lapsed, facts) = held.hold_lapsed(now)?;
        let tx = self.db.act(&act, "lapse a police hold").await?;
        if HOLDS.settle(&tx, &lease).await? {
            takedown::save(&tx, &lapsed, &facts).await?;
            tx.commit().await?;
        }
        Ok(true)
    }
}
