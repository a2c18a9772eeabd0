//! *Done*: closes a report when everything is judged, and begins the removal of what is illegal.

use ground::{Act, ItemId, Outcome, PoliceReason, ReportId, StaffId, TakedownId, Tx};
use report::Closing;
use takedown::{Hold, Opening, Takedown, Watch};

use super::DeskError;
use crate::{Casework, WorkError, read};

/// What the analyst says when finishing a report.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// How it ended, for a report without anything to judge; otherwise the verdicts say.
    pub outcome: Option<Outcome>,
    /// The police are asked before the provider is told.
    pub police: Option<PoliceReason>,
    /// A note.
    pub note: Option<String>,
}

impl Casework {
    /// Closes a report that `by` holds, if everything in it is judged; gives its outcome.
    ///
    /// # Errors
    /// [`DeskError::VisitsUnderWay`], [`DeskError::NotAllJudged`] or [`DeskError::NoOutcome`], when
    /// it is not finished; [`DeskError::Report`] when `by` does not hold it.
    pub async fn done(&self, by: StaffId, id: ReportId, done: Done) -> Result<Outcome, DeskError> {
        let act = &self.act(by);
        let tx = self.db.act(act, "finish a report").await?;
        report::extend(&tx, id).await?;
        let counts = read::counts(&tx, id).await?;
        let outcome = outcome(&counts, done.outcome)?;
        let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let closing = Closing {
            outcome,
            items: number(counts.judged),
            illegal: number(counts.illegal),
            police: done.police.filter(|_| counts.illegal > 0),
            note: done.note,
        };
        report::close(&tx, &self.vault, id, &closing).await?;
        for item in read::illegal_items(&tx, id).await? {
            self.begin_removal(&tx, act, id, item, closing.police)
                .await?;
        }
        let report = report::find(&tx, id).await?.ok_or(DeskError::NotFound)?;
        let removals = read::removals(&tx, id).await?;
        report::set_answer(
            &tx,
            id,
            report::Answer::of(&report.state, removals, report.answer),
        )
        .await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(outcome)
    }

    /// Opens the takedown of an item; one that a human had closed is opened again, and one
    /// that is under way goes on.
    async fn begin_removal(
        &self,
        tx: &Tx,
        act: &Act,
        report: ReportId,
        item: read::IllegalItem,
        police: Option<PoliceReason>,
    ) -> Result<(), DeskError> {
        if let Some(known) = takedown::of_item(tx, item.item_id).await? {
            return self.reopen(tx, act, known, report, &item).await;
        }
        let opening = Opening {
            id: TakedownId::fresh(&self.chance),
            item: item.item_id,
            content: item.content_id,
            address: item.address_id,
            report,
            verdict: item.verdict,
        };
        let hold = police.map(|why| Hold {
            why,
            deadline: act.at.plus_ms(self.settings.police_hold_ms),
        });
        let (takedown, facts) = Takedown::open(opening, hold, act.at)?;
        let watch = Watch::begin(takedown.id, act.at, &self.settings.pace);
        takedown::open(tx, &takedown, &watch, &facts).await?;
        Ok(())
    }

    async fn reopen(
        &self,
        tx: &Tx,
        act: &Act,
        known: Takedown,
        report: ReportId,
        item: &read::IllegalItem,
    ) -> Result<(), DeskError> {
        if known.stage != takedown::Stage::Ended {
            return Ok(());
        }
        let watch = takedown::load_watch(tx, known.id)
            .await?
            .ok_or(DeskError::NotFound)?;
        let (again, facts) = known.reopened(report, item.verdict, act.at)?;
        takedown::save(tx, &again, &facts).await?;
        takedown::save_watch(tx, &watch.begun_anew(act.at, &self.settings.pace), &[]).await?;
        Ok(())
    }

    /// A visit found an item again whose removal was concluded: it is back.
    pub(crate) async fn seen_by_visit(&self, tx: &Tx, item: ItemId) -> Result<(), WorkError> {
        let Some(known) = takedown::of_item(tx, item).await? else {
            return Ok(());
        };
        let Some(watch) = takedown::load_watch(tx, known.id).await? else {
            return Ok(());
        };
        if watch.presence == takedown::Presence::There || watch.removed_at_ms.is_none() {
            return Ok(());
        }
        let now = self.clock.now();
        let seen = takedown::Seen {
            observation: ground::Observation::Present,
            at: now,
            canary_healthy: true,
        };
        let (watch, conclusion, facts) = watch.observe(seen, &known, &self.settings.pace)?;
        takedown::save_watch(tx, &watch, &facts).await?;
        if conclusion == takedown::Conclusion::Reappeared {
            takedown::save(tx, &known.reappeared(now)?, &[]).await?;
        }
        Ok(())
    }
}

fn outcome(counts: &read::Counts, chosen: Option<Outcome>) -> Result<Outcome, DeskError> {
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    if counts.wanted > 0 {
        return Err(DeskError::VisitsUnderWay {
            addresses: number(counts.wanted),
        });
    }
    if counts.to_judge > 0 {
        return Err(DeskError::NotAllJudged {
            to_judge: number(counts.to_judge),
        });
    }
    match chosen {
        _ if counts.illegal > 0 => Ok(Outcome::Illegal),
        _ if counts.judged > 0 => Ok(Outcome::NotIllegal),
        None | Some(Outcome::Illegal) => Err(DeskError::NoOutcome),
        Some(outcome) => Ok(outcome),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_done_only_when_everything_is_visited_and_judged() {
        let of = |wanted, to_judge, judged, illegal, chosen| {
            let counts = read::Counts {
                wanted,
                to_judge,
                judged,
                illegal,
                ..read::Counts::default()
            };
            outcome(&counts, chosen).map_err(|fault| fault.to_string())
        };
        assert!(of(1, 0, 0, 0, Some(Outcome::Read)).is_err());
        assert!(of(0, 2, 3, 1, None).is_err());
        assert_eq!(of(0, 0, 3, 1, Some(Outcome::Junk)), Ok(Outcome::Illegal));
        assert_eq!(of(0, 0, 3, 0, None), Ok(Outcome::NotIllegal));
        assert_eq!(of(0, 0, 0, 0, Some(Outcome::Read)), Ok(Outcome::Read));
        assert!(of(0, 0, 0, 0, None).is_err());
    }
}
