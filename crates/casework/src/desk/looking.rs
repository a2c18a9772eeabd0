//! Judging one item, and taking a judgement back.

use assessment::store::{self, Given};
use assessment::{Answers, Judging, Like};
use ground::{Basis, ContentId, Fact, ItemId, ReportId, StaffId, Tx};

use super::DeskError;
use crate::likeness::{house, same};
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
        let scheme = self.scheme_in_force(&tx).await?;
        let given = store::judge(&tx, &self.chance, &scheme, judging, &items, acted_on).await?;
        house::answer(&tx, content, given.judgement.verdict, given.judgement.at).await?;
        self.judge_copies(&tx, content, (item, report)).await?;
        self.settle_own(&tx, content).await?;
        let illegal = given.judgement.verdict.is_illegal();
        let what = if illegal {
            staff::Looked::Hard
        } else {
            staff::Looked::Judged
        };
        self.count_look(&tx, by, what).await?;
        tx.commit().await?;
        Ok(given)
    }

    /// Gives the verdict of a content that was just judged to what stood under one tile with it, each
    /// with a fact of its own.
    async fn judge_copies(
        &self,
        tx: &Tx,
        from: ContentId,
        (looked, report): (ItemId, ReportId),
    ) -> Result<(), DeskError> {
        let rule = self.settings.likeness;
        let pictures = same::pictures(tx, report, rule).await?;
        for copy in pictures.copies(from, rule.same) {
            let items = read::items_with(tx, copy.content).await?;
            let item = read::item_of(tx, report, copy.content).await?;
            let like = Like {
                content: copy.content,
                distance: copy.distance,
                turned: false,
                rule: same::RULE.to_owned(),
                basis: Basis::SamePicture,
            };
            let at = (item.unwrap_or(looked), report);
            assessment::likeness::confirm(tx, &self.chance, from, &like, at, &items).await?;
        }
        Ok(())
    }

    /// Says that an item is not the same picture as the one whose tile it stands under: it is judged
    /// by itself from then on, and a verdict it had from that tile is taken back.
    ///
    /// # Errors
    /// [`DeskError::Report`] when `by` does not hold the report; [`DeskError::NotFound`] when it
    /// stands under no other's tile; [`DeskError::Assessment`] when its verdict cannot be taken back.
    pub async fn tell_apart(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
    ) -> Result<(), DeskError> {
        let act = self.act(by);
        let tx = self.db.act(&act, "tell a picture apart").await?;
        report::extend(&tx, report).await?;
        let content = self.item_in(&tx, report, item).await?.content_id;
        let pictures = same::pictures(&tx, report, self.settings.likeness).await?;
        let place = pictures.place(content);
        if place.first == content {
            return Err(DeskError::NotFound);
        }
        if store::in_force(&tx, content).await?.is_some() {
            let acted_on = read::acted_on(&tx, content).await?;
            store::undo(&tx, content, report, acted_on).await?;
            self.settle_own(&tx, content).await?;
        }
        same::tell_apart(&tx, content, place.first, place.distance, act.at).await?;
        let fact = Fact::LikenessRefused {
            from: place.first,
            report,
            distance: place.distance,
            rule: same::RULE.to_owned(),
        };
        tx.record(content, &fact);
        Ok(tx.commit().await?)
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
        let Some(mut last) = store::last_in(&tx, report, by).await? else {
            return Ok(None);
        };
        if let Some(from) = last.from.filter(|_| last.basis == Basis::SamePicture)
            && let Some(looked) = store::in_force(&tx, from).await?
            && (looked.judging.report, looked.by, looked.at) == (report, by, last.at)
        {
            // Judged together, taken back together: the rest falls with the one that was looked at.
            last = looked;
        }
        let content = last.judging.content;
        let acted_on = read::acted_on(&tx, content).await?;
        store::undo(&tx, content, report, acted_on).await?;
        house::reopen(&tx, content).await?;
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
