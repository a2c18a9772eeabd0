//! Judging one item, and taking a judgement back.

use assessment::store::{self, Given};
use assessment::{Answers, Judging};
use ground::{ItemId, ReportId, StaffId};

use super::DeskError;
use crate::{Casework, read};

impl Casework {
    /// Judges an item of a report that `by` holds; every item with the same content has the verdict
    /// then (law 7).
    ///
    /// # Errors
    /// [`DeskError::Report`] when they do not hold it; [`DeskError::Assessment`] when the answers
    /// make no judgement, or a colleague judged the content before.
    pub async fn judge(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
        answers: Answers,
    ) -> Result<Given, DeskError> {
        let tx = self.db.act(&self.act(by), "judge an item").await?;
        report::extend(&tx, report).await?;
        let content = self.item_in(&tx, report, item).await?.content_id;
        let items = read::items_with(&tx, content).await?;
        let acted_on = read::acted_on(&tx, content).await?;
        let judging = Judging {
            content,
            item,
            report,
            answers,
        };
        let scheme = self.scheme();
        let given = store::judge(&tx, &self.chance, scheme, judging, &items, acted_on).await?;
        self.settle_own(&tx, content).await?;
        tx.commit().await?;
        Ok(given)
    }

    /// Takes back the last own judgement in a report; gives the item that was looked at, so that it
    /// can be shown again. None when there is none.
    ///
    /// # Errors
    /// [`DeskError::Report`] when `by` does not hold it; [`DeskError::Assessment`] when work has
    /// begun because of it.
    pub async fn undo(&self, by: StaffId, report: ReportId) -> Result<Option<ItemId>, DeskError> {
        let tx = self.db.act(&self.act(by), "undo a judgement").await?;
        report::extend(&tx, report).await?;
        let Some(last) = store::last_in(&tx, report, by).await? else {
            return Ok(None);
        };
        let content = last.judging.content;
        let acted_on = read::acted_on(&tx, content).await?;
        store::undo(&tx, content, report, acted_on).await?;
        self.settle_own(&tx, content).await?;
        if last.from.is_some() {
            // What one act confirmed, one act takes back.
            while let Some(other) = store::last_in(&tx, report, by).await?
                && (other.from, other.at) == (last.from, last.at)
            {
                let content = other.judging.content;
                let acted_on = read::acted_on(&tx, content).await?;
                store::undo(&tx, content, report, acted_on).await?;
                self.settle_own(&tx, content).await?;
            }
        }
        tx.commit().await?;
        Ok(Some(last.judging.item))
    }
}
