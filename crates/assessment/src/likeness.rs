//! Verdicts confirmed because a picture looks like one that was judged.
//!
//! A human confirms each: likeness proposes and never judges. Only a content that was judged by
//! looking can be a source, so that one likeness is never taken from another and verdicts do not
//! drift from picture to picture.

use ground::id::JudgementId;
use ground::{Act, Chance, ContentId, Fact, ItemId, ReportId, Tx};

use crate::rules::{self, InForce, Like, Refusal};
use crate::{AssessmentError, store};

/// Confirms that the verdict of `from` holds for a content that looks like it; every one of `items`,
/// all items known to carry the content, has it then. That the acting analyst holds the report, the
/// caller has made sure of.
///
/// # Errors
/// [`AssessmentError::Refused`] when the source has no verdict (any more), has it only for its own
/// likeness, or the content was judged before.
pub async fn confirm(
    tx: &Tx,
    chance: &Chance,
    from: ContentId,
    like: &Like,
    at: (ItemId, ReportId),
    items: &[ItemId],
) -> Result<InForce, AssessmentError> {
    given(tx, chance, from, like, at, items, rules::confirm).await
}

/// Gives a content the verdict of `from` without anybody looking; otherwise as [`confirm`].
///
/// # Errors
/// As [`confirm`].
pub async fn by_itself(
    tx: &Tx,
    chance: &Chance,
    from: ContentId,
    like: &Like,
    at: (ItemId, ReportId),
    items: &[ItemId],
) -> Result<InForce, AssessmentError> {
    given(tx, chance, from, like, at, items, rules::by_itself).await
}

type Rule =
    fn(&Act, JudgementId, &InForce, &Like, (ItemId, ReportId)) -> Result<(InForce, Fact), Refusal>;

async fn given(
    tx: &Tx,
    chance: &Chance,
    from: ContentId,
    like: &Like,
    at: (ItemId, ReportId),
    items: &[ItemId],
    rule: Rule,
) -> Result<InForce, AssessmentError> {
    let act = tx.act().ok_or(Refusal::NotStaff)?;
    let source = store::in_force(tx, from)
        .await?
        .ok_or(Refusal::NothingToUndo)?;
    if let Some(before) = store::in_force(tx, like.content).await? {
        let verdict = before.verdict;
        return Err(Refusal::JudgedBefore { verdict }.into());
    }
    let id = JudgementId::fresh(chance);
    let (judgement, fact) = rule(act, id, &source, like, at)?;
    tx.record(like.content, &fact);
    store::insert(tx, &judgement).await?;
    for item in items {
        store::give(tx, &judgement, *item, at.1, judgement.basis).await?;
    }
    Ok(judgement)
}
