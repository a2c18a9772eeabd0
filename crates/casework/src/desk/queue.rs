//! The queue: reports that are not closed, by priority.

use std::collections::HashMap;

use ground::{ReportId, StaffId};
use report::{Listed, ReportNumber, Spot, Why};

use super::DeskError;
use super::narrowed::{Narrowed, waiting};
use crate::{Casework, read};

/// A page of the queue.
#[derive(Debug)]
pub struct Queue {
    /// The lines.
    pub rows: Vec<QueueRow>,
    /// How many reports are not closed, in reports.
    pub length: i64,
    /// Where the next page begins; none on the last.
    pub next: Option<Spot>,
}

/// One line of the queue.
#[derive(Debug)]
pub struct QueueRow {
    /// The report.
    pub report: Listed,
    /// Why it stands before those that came at the same time, the weightiest first.
    pub why: Vec<Why>,
    /// Who holds it; nobody once the hold has lapsed.
    pub holder: Option<Holder>,
    /// How far its addresses have been visited.
    pub visits: VisitCounts,
    /// Items to be judged that are not set apart.
    pub to_judge: i64,
    /// Items judged.
    pub judged: i64,
    /// Items on hash lists, by list and category; at most three lines.
    pub known: Vec<crate::matches::KnownCount>,
}

/// Who holds a report.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Who.
    pub id: StaffId,
    /// Under which name.
    pub name: String,
    /// Until when, unless they go on.
    pub until: ground::Instant,
}

/// How far the addresses of a report have been visited, in addresses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VisitCounts {
    /// Still to be visited.
    pub wanted: i64,
    /// Captured.
    pub captured: i64,
    /// Tried to the end and not captured.
    pub not_captured: i64,
}

impl From<&read::Counts> for VisitCounts {
    fn from(counts: &read::Counts) -> Self {
        Self {
            wanted: counts.wanted,
            captured: counts.captured,
            not_captured: counts.not_captured,
        }
    }
}

impl Casework {
    /// A page of the queue, by priority; asked for in the same few statements however long it is.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn queue(
        &self,
        narrowed: &Narrowed,
        after: Spot,
        limit: u32,
    ) -> Result<Queue, DeskError> {
        let length = report::queue_length(&self.db).await?;
        let ids = waiting(&self.db, narrowed, (after, self.clock.now()), limit).await?;
        let full = ids.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        let listed = report::listed(&self.db, &ids).await?;
        let next = listed.last().filter(|_| full).map(|last| Spot {
            rank: last.rank,
            id: last.id,
        });
        let counts = read::counts_of(&self.db, &ids).await?;
        let mut known = crate::matches::counts(&self.db, &ids).await?;
        let mut holders = self.holders(&listed).await?;
        let rows = listed
            .into_iter()
            .map(|report| {
                let counts = counts.get(&report.id).copied().unwrap_or_default();
                QueueRow {
                    why: report::priority(&report.signals, &self.settings.head_starts).why,
                    holder: holders.remove(&report.id),
                    visits: VisitCounts::from(&counts),
                    to_judge: counts.to_judge,
                    judged: counts.judged,
                    known: known.remove(&report.id).unwrap_or_default(),
                    report,
                }
            })
            .collect();
        Ok(Queue { rows, length, next })
    }

    /// Who holds which of these reports, in one statement.
    pub(super) async fn holders(
        &self,
        listed: &[Listed],
    ) -> Result<HashMap<ReportId, Holder>, DeskError> {
        let now = self.clock.now();
        let held: Vec<_> = listed
            .iter()
            .filter_map(|report| Some((report.id, report.state.holder(now)?)))
            .collect();
        let mut who: Vec<StaffId> = held.iter().map(|(_, (id, _))| *id).collect();
        who.sort_unstable();
        who.dedup();
        let names = read::staff_names(&self.db, &who).await?;
        let holder = |id: StaffId, until| Holder {
            id,
            name: names.get(&id).cloned().unwrap_or_default(),
            until,
        };
        Ok(held
            .into_iter()
            .map(|(report, (id, until))| (report, holder(id, until)))
            .collect())
    }

    pub(super) async fn holder(&self, state: &report::State) -> Result<Option<Holder>, DeskError> {
        match state.holder(self.clock.now()) {
            Some((id, until)) => {
                let name = read::staff_name(&self.db, id).await?.unwrap_or_default();
                Ok(Some(Holder { id, name, until }))
            }
            None => Ok(None),
        }
    }

    /// The report with this number, as people write it.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail; a text that is no number finds nothing.
    pub async fn find_report(&self, text: &str) -> Result<Option<ReportId>, DeskError> {
        let Ok(number) = text.parse::<ReportNumber>() else {
            return Ok(None);
        };
        Ok(report::by_number(&self.db, number)
            .await?
            .map(|report| report.id))
    }

    /// Takes a report; what `by` holds already is held for longer.
    ///
    /// # Errors
    /// [`DeskError::Report`] when a colleague holds it or it is closed.
    pub async fn take(&self, by: StaffId, id: ReportId) -> Result<(), DeskError> {
        self.may_look(by).await?;
        let act = self.act(by);
        let held = report::find(&self.db, id)
            .await?
            .ok_or(DeskError::NotFound)?;
        if held
            .state
            .holder(act.at)
            .is_some_and(|(holder, _)| holder == by)
        {
            let tx = self.db.upkeep("keep a hold").await?;
            read::keep_hold(&tx, id, by, act.at).await?;
            return Ok(tx.commit().await?);
        }
        let tx = self.db.act(&act, "take a report").await?;
        report::take(&tx, id).await?;
        tx.commit().await?;
        self.bell.ring();
        if let Err(fault) = self.look_around(id).await {
            // It is taken; what was judged since it was visited is proposed all the same, where it was noted.
            tracing::warn!(%fault, "a report was taken without looking around");
        }
        Ok(())
    }

    /// Gives a report back to the queue, without a reason; it is not offered to `by` again.
    ///
    /// # Errors
    /// [`DeskError::Report`] when `by` does not hold it.
    pub async fn give_back(&self, by: StaffId, id: ReportId) -> Result<(), DeskError> {
        let tx = self.db.act(&self.act(by), "give a report back").await?;
        report::give_back(&tx, id).await?;
        // Who gives back what is still being visited says nothing of what is in it.
        if read::visits_under_way(&tx, id).await? == 0 {
            staff::exposure::pass_over(&tx, by, id, self.clock.now()).await?;
        }
        Ok(tx.commit().await?)
    }
}
