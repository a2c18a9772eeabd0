//! When a content may be judged, and when a judgement may be taken back.

use ground::id::JudgementId;
use ground::{
    Act, Actor, Basis, ContentId, Fact, Instant, ItemId, NotIllegalReason, ReportId, StaffId,
    Verdict,
};

use crate::{Answers, Judged};

/// What is about to be judged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judging {
    /// The content.
    pub content: ContentId,
    /// The item that was looked at.
    pub item: ItemId,
    /// In which report.
    pub report: ReportId,
    /// The answers.
    pub answers: Answers,
}

/// The judgement of a content that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Its id.
    pub id: JudgementId,
    /// What was judged, and the answers.
    pub judging: Judging,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not illegal, when it is not.
    pub why: Option<NotIllegalReason>,
    /// Under which scheme.
    pub scheme: String,
    /// Who judged.
    pub by: StaffId,
    /// When.
    pub at: Instant,
    /// Of which content it is the verdict, when it was not given by looking at this one alone but
    /// confirmed because it looks like that one.
    pub from: Option<ContentId>,
    /// By what it came to be: *looked* when it has no `from`.
    pub basis: Basis,
    /// By which rule and version, when it has a `from`.
    pub rule: Option<String>,
}

/// A content that looks like a judged one, and how that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    /// The content that has no verdict yet.
    pub content: ContentId,
    /// Bits of 256 in which the two differ.
    pub distance: u32,
    /// Whether only when turned or mirrored.
    pub turned: bool,
    /// The rule that found it, with its version.
    pub rule: String,
    /// What the verdict rests on: *likeness* or *same picture*.
    pub basis: Basis,
}

/// Why a judgement was refused; reads on from "not judged: " or "not undone: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A human judged this content before; that judgement holds everywhere (law 7).
    #[error("this content was judged before, and a content is judged once")]
    JudgedBefore {
        /// What the verdict is.
        verdict: Verdict,
    },
    /// There is no judgement to take back.
    #[error("there is no judgement to undo")]
    NothingToUndo,
    /// Somebody else gave it, or it was given in another report.
    #[error("only the one who judged can undo it, in the same report")]
    NotYours,
    /// Something was done because of it: a removal was begun.
    #[error("work has begun because of it")]
    ActedOn,
    /// Only a member of staff can judge.
    #[error("only a member of staff can judge")]
    NotStaff,
}

/// Judges a content. When the same analyst judged it in the same report, the earlier judgement is
/// taken back first; any other judgement in force stands (law 7). `acted_on` says whether work has
/// begun because of the earlier one.
///
/// # Errors
/// [`Refusal::JudgedBefore`] or [`Refusal::NotStaff`]; [`Refusal::ActedOn`] as for [`undo`].
pub fn judge(
    before: Option<&InForce>,
    acted_on: bool,
    act: &Act,
    id: JudgementId,
    judging: Judging,
    judged: Judged,
    scheme: String,
) -> Result<(InForce, Vec<Fact>), Refusal> {
    let by = staff(act)?;
    let mut facts = Vec::with_capacity(2);
    if let Some(before) = before {
        let undone = undo(Some(before), acted_on, act, judging.report);
        let verdict = before.verdict;
        facts.push(undone.map_err(|refusal| match refusal {
            Refusal::NotYours => Refusal::JudgedBefore { verdict },
            other => other,
        })?);
    }
    facts.push(Fact::ContentJudged {
        item: judging.item,
        report: judging.report,
        verdict: judged.verdict,
        why: judged.why,
        answers: judging.answers.to_json(),
        scheme: scheme.clone(),
    });
    let in_force = InForce {
        id,
        judging,
        verdict: judged.verdict,
        why: judged.why,
        scheme,
        by,
        at: act.at,
        from: None,
        basis: Basis::Looked,
        rule: None,
    };
    Ok((in_force, facts))
}

/// Confirms that the verdict of `source` holds for a content that looks like it. The answers and
/// their scheme are those of the source.
///
/// # Errors
/// [`Refusal::NotStaff`]; [`Refusal::JudgedBefore`] when the content has a judgement, or the source
/// has its own only for its likeness: likeness is not handed on.
pub fn confirm(
    act: &Act,
    id: JudgementId,
    source: &InForce,
    like: &Like,
    at: (ItemId, ReportId),
) -> Result<(InForce, Fact), Refusal> {
    let by = staff(act)?;
    let verdict = source.verdict;
    if source.from.is_some() {
        return Err(Refusal::JudgedBefore { verdict });
    }
    let (item, report) = at;
    let from = source.judging.content;
    let fact = Fact::LikenessConfirmed {
        from,
        item,
        report,
        verdict,
        distance: like.distance,
        turned: like.turned,
        rule: like.rule.clone(),
    };
    let judging = Judging {
        content: like.content,
        item,
        report,
        answers: source.judging.answers.clone(),
    };
    let in_force = InForce {
        id,
        judging,
        verdict,
        why: source.why,
        scheme: source.scheme.clone(),
        by,
        at: act.at,
        from: Some(from),
        basis: like.basis,
        rule: Some(like.rule.clone()),
    };
    Ok((in_force, fact))
}

/// Gives a content the verdict of `source` without anybody looking at it, by a worker, as the senior
/// analyst allowed it. It stays the judgement of who judged the source.
///
/// # Errors
/// [`Refusal::JudgedBefore`] when the source has its own verdict only for its likeness.
pub fn by_itself(
    act: &Act,
    id: JudgementId,
    source: &InForce,
    like: &Like,
    at: (ItemId, ReportId),
) -> Result<(InForce, Fact), Refusal> {
    let on_behalf = Act::by_staff(source.by, act.at);
    let (in_force, _) = confirm(&on_behalf, id, source, like, at)?;
    let (item, report) = at;
    let fact = Fact::LikenessByItself {
        from: source.judging.content,
        item,
        report,
        verdict: source.verdict,
        distance: like.distance,
        rule: like.rule.clone(),
    };
    Ok((in_force, fact))
}

/// What is recorded when a judgement is taken back.
pub fn taken_back(before: &InForce) -> Fact {
    match before.from {
        Some(from) => Fact::LikenessTakenBack {
            from,
            was: before.verdict,
        },
        None => Fact::JudgementUndone {
            item: before.judging.item,
            report: before.judging.report,
            was: before.verdict,
            answers: before.judging.answers.to_json(),
        },
    }
}

/// Takes a judgement back: by the one who gave it, in the same report, before work has begun
/// because of it. That the report is still held, the caller knows.
///
/// # Errors
/// [`Refusal`] that says why not.
pub fn undo(
    before: Option<&InForce>,
    acted_on: bool,
    act: &Act,
    report: ReportId,
) -> Result<Fact, Refusal> {
    let by = staff(act)?;
    let before = before.ok_or(Refusal::NothingToUndo)?;
    // What nobody looked at, whoever looks at it may replace.
    let own = before.by == by && before.judging.report == report;
    if !own && before.basis != Basis::ByItself {
        return Err(Refusal::NotYours);
    }
    if acted_on {
        return Err(Refusal::ActedOn);
    }
    Ok(taken_back(before))
}

const fn staff(act: &Act) -> Result<StaffId, Refusal> {
    match act.who {
        Actor::Staff(id) => Ok(id),
        Actor::Worker(_) | Actor::Provider(_) | Actor::Operator => Err(Refusal::NotStaff),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Progress;

    const ANN: StaffId = StaffId::from_bits(1);
    const BOB: StaffId = StaffId::from_bits(2);
    const REPORT: ReportId = ReportId::from_bits(1);
    const OTHER: ReportId = ReportId::from_bits(2);

    const fn act(by: StaffId) -> Act {
        Act::by_staff(by, Instant::from_ms(7))
    }

    fn judging(report: ReportId) -> Judging {
        Judging {
            content: ContentId::from_bits(1),
            item: ItemId::from_bits(1),
            report,
            answers: Answers::from_pairs([("finding", "ignore")]),
        }
    }

    fn ignored(
        before: Option<&InForce>,
        by: StaffId,
        report: ReportId,
    ) -> Result<(InForce, Vec<Fact>), Refusal> {
        let judged = Judged {
            verdict: Verdict::Ignore,
            why: None,
        };
        let id = JudgementId::from_bits(1);
        judge(
            before,
            false,
            &act(by),
            id,
            judging(report),
            judged,
            "standard-1".into(),
        )
    }

    #[test]
    fn a_content_is_judged_once_by_a_human() {
        let (first, facts) = ignored(None, ANN, REPORT).unwrap();
        assert_eq!(facts.len(), 1);
        let verdict = Verdict::Ignore;
        let refused = Err(Refusal::JudgedBefore { verdict });
        assert_eq!(ignored(Some(&first), BOB, REPORT), refused);
        assert_eq!(ignored(Some(&first), ANN, OTHER), refused);
        let worker = Act::by_worker("collector", Instant::from_ms(1));
        assert_eq!(
            undo(Some(&first), false, &worker, REPORT),
            Err(Refusal::NotStaff)
        );
    }

    #[test]
    fn judging_again_takes_the_own_judgement_back_first() {
        let (first, _) = ignored(None, ANN, REPORT).unwrap();
        let (_, facts) = ignored(Some(&first), ANN, REPORT).unwrap();
        assert!(matches!(
            facts.as_slice(),
            [Fact::JudgementUndone { .. }, Fact::ContentJudged { .. }]
        ));
    }

    #[test]
    fn a_judgement_is_undone_by_the_one_who_gave_it_before_work_began() {
        let (first, _) = ignored(None, ANN, REPORT).unwrap();
        assert!(undo(Some(&first), false, &act(ANN), REPORT).is_ok());
        assert_eq!(
            undo(Some(&first), false, &act(BOB), REPORT),
            Err(Refusal::NotYours)
        );
        assert_eq!(
            undo(Some(&first), false, &act(ANN), OTHER),
            Err(Refusal::NotYours)
        );
        assert_eq!(
            undo(Some(&first), true, &act(ANN), REPORT),
            Err(Refusal::ActedOn)
        );
        assert_eq!(
            undo(None, false, &act(ANN), REPORT),
            Err(Refusal::NothingToUndo)
        );
    }

    #[test]
    fn a_report_is_done_only_when_no_item_waits_for_a_verdict() {
        let illegal = Some(Verdict::IllegalNational);
        let progress = Progress::of([(false, illegal), (false, None), (true, None)]);
        let (judged, to_judge, set_apart) = (1, 1, 1);
        assert_eq!(
            progress,
            Progress {
                judged,
                illegal: 1,
                to_judge,
                set_apart
            }
        );
        assert!(!progress.is_done());
        assert!(Progress::of([(false, illegal), (true, None)]).is_done());
        assert!(Progress::of([]).is_done());
    }
}
