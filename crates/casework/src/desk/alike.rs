//! Confirming that a picture is the same as one that was judged, or saying that it is not.

use assessment::Like;
use ground::{Basis, Fact, Instant, ItemId, NotIllegalReason, ReportId, StaffId, Verdict};

use super::{DeskError, Preview};
use crate::likeness::{self, Proposal};
use crate::{Casework, read};

/// A picture that was judged before and looks like an item without a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alike {
    /// Its verdict.
    pub verdict: Verdict,
    /// Why it is not illegal, when it is not.
    pub why: Option<NotIllegalReason>,
    /// When it was judged.
    pub judged_at: Instant,
    /// In how many bits of 256 the two differ.
    pub distance: u32,
    /// Whether so few that it is called the same picture.
    pub same: bool,
    /// Whether only when turned or mirrored.
    pub turned: bool,
    /// Of a video, how many of a hundred frames of the one are in the other.
    pub share: Option<u8>,
    /// How many contents of the report are proposed from it; one act confirms all.
    pub group: usize,
}

impl Alike {
    pub(super) fn of(proposal: &Proposal, all: &[Proposal], same: u32) -> Self {
        let distance = u32::try_from(proposal.distance).unwrap_or(u32::MAX);
        let group = all.iter().filter(|one| one.like_id == proposal.like_id);
        Self {
            verdict: proposal.verdict,
            why: proposal.why,
            judged_at: proposal.at_ms,
            distance,
            same: distance <= same && proposal.share.is_none(),
            turned: proposal.turned == 1,
            share: proposal.share.and_then(|share| u8::try_from(share).ok()),
            group: group.count(),
        }
    }
}

impl Casework {
    /// Confirms that the verdict of the judged picture holds for an item of a report that `by` holds,
    /// and for everything in the report that is proposed from the same picture. Gives the item of
    /// each content that has the verdict now.
    ///
    /// # Errors
    /// [`DeskError::Report`] when they do not hold it; [`DeskError::NotFound`] when nothing is proposed
    /// (any more).
    pub async fn confirm_alike(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
    ) -> Result<Vec<ItemId>, DeskError> {
        let tx = self.db.act(&self.act(by), "confirm a likeness").await?;
        report::extend(&tx, report).await?;
        let content = self.item_in(&tx, report, item).await?.content_id;
        let all = likeness::proposals(&tx, report, self.settings.likeness).await?;
        let asked = all.iter().find(|one| one.content_id == content);
        let from = asked.ok_or(DeskError::NotFound)?.like_id;
        let mut confirmed = Vec::new();
        for one in all.iter().filter(|one| one.like_id == from) {
            let like = Like {
                content: one.content_id,
                distance: u32::try_from(one.distance).unwrap_or(u32::MAX),
                turned: one.turned == 1,
                rule: one.rule(),
                basis: Basis::Likeness,
            };
            let looked = if one.content_id == content {
                item
            } else {
                one.item_id
            };
            let items = read::items_with(&tx, one.content_id).await?;
            let at = (looked, report);
            assessment::likeness::confirm(&tx, &self.chance, from, &like, at, &items).await?;
            self.settle_own(&tx, one.content_id).await?;
            confirmed.push(looked);
        }
        tx.commit().await?;
        Ok(confirmed)
    }

    /// Says that an item is not the same as the judged picture proposed for it: it is an ordinary item
    /// from then on.
    ///
    /// # Errors
    /// As [`Casework::confirm_alike`].
    pub async fn refuse_alike(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
    ) -> Result<(), DeskError> {
        let act = self.act(by);
        let tx = self.db.act(&act, "refuse a likeness").await?;
        report::extend(&tx, report).await?;
        let content = self.item_in(&tx, report, item).await?.content_id;
        let all = likeness::proposals(&tx, report, self.settings.likeness).await?;
        let asked = all.into_iter().find(|one| one.content_id == content);
        let asked = asked.ok_or(DeskError::NotFound)?;
        likeness::refuse(&tx, content, act.at).await?;
        let fact = Fact::LikenessRefused {
            from: asked.like_id,
            report,
            distance: u32::try_from(asked.distance).unwrap_or(u32::MAX),
            rule: asked.rule(),
        };
        tx.record(content, &fact);
        Ok(tx.commit().await?)
    }

    /// The veiled preview of the judged picture that is proposed for an item; as [`Casework::veiled`],
    /// shown only to who has opened the report.
    ///
    /// # Errors
    /// As [`Casework::veiled`].
    pub async fn veiled_alike(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
    ) -> Result<Preview, DeskError> {
        self.may_see_previews(by, report).await?;
        let content = self.item_in(&self.db, report, item).await?.content_id;
        let all = likeness::proposals(&self.db, report, self.settings.likeness).await?;
        let asked = all.into_iter().find(|one| one.content_id == content);
        let like = asked.ok_or(DeskError::NotFound)?.like_id;
        self.preview_of(like).await
    }
}
