//! Where reports stand in the queue: reckoned again whenever something becomes known of them, and once an
//! hour for what changes beside them (a list is taken back).

use std::sync::atomic::{AtomicBool, Ordering};

use ground::{AddressId, Ask as _, ContentId, ReportId, Tx, sea_orm};
use report::{Signals, Unranked};
use sea_orm::FromQueryResult;

use crate::{Casework, WorkError, matches, read};

/// Whether all places were reckoned since this process began: the head starts may have changed.
#[derive(Default)]
pub struct Ranked(AtomicBool);

/// The condition that a report names an address with an item of this content.
const SHOWS: &str = "id in (select s.report_id from item i
     join sighting s on s.address_id = i.address_id where i.content_id = $1)";

#[derive(FromQueryResult)]
struct Known {
    id: ReportId,
    on_list: i64,
    captured: i64,
    named_by: i64,
}

impl Casework {
    /// Reckons the places of the open reports that name an address.
    pub(crate) async fn rank_naming(&self, tx: &Tx, address: AddressId) -> Result<(), WorkError> {
        let open = report::to_rank(tx, report::NAMES, address.into()).await?;
        self.rank(tx, &open).await
    }

    /// Reckons the place of a report that was received in this transaction.
    pub(crate) async fn rank_received(&self, tx: &Tx, report: ReportId) -> Result<(), WorkError> {
        let open = report::to_rank(tx, "id = $1", report.into()).await?;
        self.rank(tx, &open).await
    }

    /// Reckons the places of the open reports at whose addresses a content was found.
    pub(crate) async fn rank_showing(&self, tx: &Tx, content: ContentId) -> Result<(), WorkError> {
        let open = report::to_rank(tx, SHOWS, content.into()).await?;
        self.rank(tx, &open).await
    }

    /// Reckons the places that were not reckoned in this hour; false when there are none.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub async fn rank_some(&self) -> Result<bool, WorkError> {
        let hour = self.clock.now().start_of_hour();
        let ranked = &self.0.ranked.0;
        if !ranked.load(Ordering::Relaxed) {
            let tx = self.db.upkeep("rank all reports again").await?;
            report::rank_all_again(&tx).await?;
            tx.commit().await?;
            ranked.store(true, Ordering::Relaxed);
        }
        if !report::ranked_before(&self.db, hour).await? {
            return Ok(false);
        }
        let tx = self.db.upkeep("rank reports").await?;
        let open = report::to_rank(&tx, report::RANKED_BEFORE, hour.into()).await?;
        self.rank(&tx, &open).await?;
        tx.commit().await?;
        // None was free to be reckoned: a colleague has them in hand at this moment.
        Ok(!open.is_empty())
    }

    async fn rank(&self, tx: &Tx, open: &[Unranked]) -> Result<(), WorkError> {
        let now = self.clock.now();
        for some in open.chunks(read::MOST_IDS) {
            let ids: Vec<ReportId> = some.iter().map(|report| report.id).collect();
            for known in known(tx, &ids).await? {
                let Some(report) = some.iter().find(|report| report.id == known.id) else {
                    continue;
                };
                let signals = Signals {
                    channel: report.channel,
                    on_list: known.on_list != 0,
                    captured: known.captured != 0,
                    named_by: u32::try_from(known.named_by).unwrap_or(u32::MAX),
                };
                report::rank(tx, report, &signals, (&self.settings.head_starts, now)).await?;
            }
        }
        Ok(())
    }
}

/// What is known of these reports, read in the transaction that has them in hand.
async fn known(tx: &Tx, ids: &[ReportId]) -> Result<Vec<Known>, WorkError> {
    let (places, values) = read::listed_as(ids);
    let sql = format!(
        "select r.id,
             case when exists (select 1 from sighting s
                 join item i on i.address_id = s.address_id {} where s.report_id = r.id)
                 then cast(1 as bigint) else 0 end as on_list,
             case when exists (select 1 from sighting s join visit v on v.address_id = s.address_id
                 where s.report_id = r.id and v.state = 'captured' and not exists (
                     select 1 from visit o where o.address_id = v.address_id
                         and o.ended_at_ms > v.ended_at_ms))
                 then cast(1 as bigint) else 0 end as captured,
             coalesce((select count(*) from sighting s join sighting o on o.address_id = s.address_id
                 where s.report_id = r.id group by s.address_id order by count(*) desc limit 1), 1)
                 as named_by
         from report r where r.id in ({places})",
        matches::MATCHING
    );
    Ok(tx.rows(&sql, values).await?)
}

#[cfg(test)]
#[path = "ranking_tests.rs"]
mod tests;
