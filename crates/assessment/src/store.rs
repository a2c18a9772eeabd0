//! The tables of judgements and of the verdicts of items.

use std::collections::HashMap;

use ground::id::JudgementId;
use ground::{
    Ask, Basis, Chance, ContentId, DbError, Fact, Instant, ItemId, NotIllegalReason, ReportId,
    StaffId, Tx, Verdict, sea_orm, values,
};

use crate::rules::{self, InForce, Judging, Refusal};
use crate::{Answers, AssessmentError, Scheme};

#[derive(sea_orm::FromQueryResult)]
struct Row {
    id: JudgementId,
    content_id: ContentId,
    item_id: ItemId,
    report_id: ReportId,
    verdict: Verdict,
    why: Option<NotIllegalReason>,
    answers: String,
    scheme: String,
    by_staff: StaffId,
    at_ms: Instant,
    from_content: Option<ContentId>,
    basis: Option<Basis>,
    rule: Option<String>,
}

const COLUMNS: &str = "id, content_id, item_id, report_id, verdict, why, answers, scheme, by_staff,
    at_ms, from_content, basis, rule";

impl Row {
    fn read(self) -> Result<InForce, DbError> {
        let answers: Answers =
            serde_json::from_str(&self.answers).map_err(|fault| DbError::Unreadable {
                what: format!("judgement.answers: {fault}"),
            })?;
        Ok(InForce {
            id: self.id,
            judging: Judging {
                content: self.content_id,
                item: self.item_id,
                report: self.report_id,
                answers,
            },
            verdict: self.verdict,
            why: self.why,
            scheme: self.scheme,
            by: self.by_staff,
            at: self.at_ms,
            from: self.from_content,
            basis: match (self.basis, self.from_content) {
                (Some(basis), _) => basis,
                (None, Some(_)) => Basis::Likeness,
                (None, None) => Basis::Looked,
            },
            rule: self.rule,
        })
    }
}

/// The judgement of a content that is in force, if there is one.
///
/// # Errors
/// [`AssessmentError::Db`].
pub async fn in_force(
    ask: &impl Ask,
    content: ContentId,
) -> Result<Option<InForce>, AssessmentError> {
    let sql =
        format!("select {COLUMNS} from judgement where content_id = $1 and undone_at_ms is null");
    let row = ask.one::<Row>(&sql, values![content]).await?;
    Ok(row.map(Row::read).transpose()?)
}

/// The judgement that was given last in a report by this analyst and is in force: what *undo*
/// takes back.
///
/// # Errors
/// [`AssessmentError::Db`].
pub async fn last_in(
    ask: &impl Ask,
    report: ReportId,
    by: StaffId,
) -> Result<Option<InForce>, AssessmentError> {
    let sql = format!(
        "select {COLUMNS} from judgement
         where report_id = $1 and by_staff = $2 and undone_at_ms is null
             and (basis is null or basis <> 'by-itself')
         order by at_ms desc, id desc limit 1"
    );
    let row = ask.one::<Row>(&sql, values![report, by]).await?;
    Ok(row.map(Row::read).transpose()?)
}

/// What came of judging a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The judgement, now in force.
    pub judgement: InForce,
    /// The items that have the verdict now, the one looked at first.
    pub items: Vec<ItemId>,
}

/// Judges a content: the item looked at and every other of `items`, all items known to carry the
/// same content, get the verdict (law 7). An own earlier judgement in the same report is taken back
/// first; `acted_on` says whether work has begun because of it. That the acting analyst holds the
/// report, the caller has made sure of.
///
/// # Errors
/// [`AssessmentError::Answers`] or [`AssessmentError::Refused`].
pub async fn judge(
    tx: &Tx,
    chance: &Chance,
    scheme: &Scheme,
    judging: Judging,
    items: &[ItemId],
    acted_on: bool,
) -> Result<Given, AssessmentError> {
    let act = tx.act().ok_or(Refusal::NotStaff)?;
    let judged = scheme.judge(&judging.answers)?;
    let before = in_force(tx, judging.content).await?;
    let id = JudgementId::fresh(chance);
    let (item, content) = (judging.item, judging.content);
    let (judgement, facts) = rules::judge(
        before.as_ref(),
        acted_on,
        act,
        id,
        judging,
        judged,
        scheme.id(),
    )?;
    if let Some(before) = &before {
        take_back(tx, before, act.at).await?;
    }
    for fact in &facts {
        tx.record(content, fact);
    }
    insert(tx, &judgement).await?;
    let mut given = vec![item];
    give(
        tx,
        &judgement,
        item,
        judgement.judging.report,
        Basis::Looked,
    )
    .await?;
    for other in items.iter().filter(|other| **other != item) {
        let report = judgement.judging.report;
        if give(tx, &judgement, *other, report, Basis::SameBytes).await? {
            given.push(*other);
        }
    }
    Ok(Given {
        judgement,
        items: given,
    })
}

pub(crate) async fn insert(tx: &Tx, new: &InForce) -> Result<(), AssessmentError> {
    let inserted = tx
        .execute(
            "insert into judgement (id, content_id, item_id, report_id, verdict, why, answers,
                                    scheme, by_staff, at_ms, from_content, basis, rule)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             on conflict (content_id) where undone_at_ms is null do nothing",
            values![
                new.id,
                new.judging.content,
                new.judging.item,
                new.judging.report,
                new.verdict,
                new.why,
                new.judging.answers.to_json().to_string(),
                new.scheme.as_str(),
                new.by,
                new.at,
                new.from,
                new.from.map(|_| new.basis),
                new.rule.clone(),
            ],
        )
        .await?;
    if inserted == 1 {
        return Ok(());
    }
    // A colleague judged the same content in another report at this very moment.
    let first = in_force(tx, new.judging.content).await?;
    let verdict = first.map_or(new.verdict, |first| first.verdict);
    Err(Refusal::JudgedBefore { verdict }.into())
}

/// Gives one item its verdict; false when it has one.
pub(crate) async fn give(
    tx: &Tx,
    judgement: &InForce,
    item: ItemId,
    report: ReportId,
    basis: Basis,
) -> Result<bool, AssessmentError> {
    let at = tx.act().map_or(judgement.at, |act| act.at);
    let given = tx
        .execute(
            "insert into item_verdict (item_id, report_id, judgement_id, verdict, basis, at_ms)
             values ($1, $2, $3, $4, $5, $6) on conflict (item_id) do nothing",
            values![item, report, judgement.id, judgement.verdict, basis, at],
        )
        .await?;
    if given == 1 {
        tx.record(
            item,
            &Fact::ItemJudged {
                report,
                content: judgement.judging.content,
                verdict: judgement.verdict,
                basis,
            },
        );
    }
    Ok(given == 1)
}

/// Gives a newly found item the verdict of its content, when that was judged; none when it waits
/// for a human. `report` is the report for which it was found. Harmless when done twice.
///
/// # Errors
/// [`AssessmentError::Db`].
pub async fn inherit(
    tx: &Tx,
    item: ItemId,
    content: ContentId,
    report: ReportId,
) -> Result<Option<Verdict>, AssessmentError> {
    let Some(judgement) = in_force(tx, content).await? else {
        return Ok(None);
    };
    let basis = match judgement.basis {
        Basis::Looked => Basis::SameBytes,
        inherited => inherited,
    };
    give(tx, &judgement, item, report, basis).await?;
    Ok(Some(judgement.verdict))
}

/// Takes the judgement of a content back; gives the items that lost their verdict. `acted_on` says
/// whether work has begun because of it. That the acting analyst holds the report, the caller has
/// made sure of.
///
/// # Errors
/// [`AssessmentError::Refused`].
pub async fn undo(
    tx: &Tx,
    content: ContentId,
    report: ReportId,
    acted_on: bool,
) -> Result<Vec<ItemId>, AssessmentError> {
    let act = tx.act().ok_or(Refusal::NotStaff)?;
    let before = in_force(tx, content).await?;
    let fact = rules::undo(before.as_ref(), acted_on, act, report)?;
    let before = before.ok_or(Refusal::NothingToUndo)?;
    tx.record(content, &fact);
    take_back(tx, &before, act.at).await
}

/// Takes a judgement back, and with it every verdict that was confirmed because a picture looks
/// like this one: none of them stands without its source.
async fn take_back(tx: &Tx, before: &InForce, at: Instant) -> Result<Vec<ItemId>, AssessmentError> {
    let mut lost = take_one(tx, before, at).await?;
    let sql = format!(
        "select {COLUMNS} from judgement where from_content = $1 and undone_at_ms is null order by id"
    );
    let content = before.judging.content;
    for row in tx.rows::<Row>(&sql, values![content]).await? {
        let inherited = row.read()?;
        tx.record(inherited.judging.content, &rules::taken_back(&inherited));
        lost.extend(take_one(tx, &inherited, at).await?);
    }
    Ok(lost)
}

async fn take_one(tx: &Tx, before: &InForce, at: Instant) -> Result<Vec<ItemId>, AssessmentError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Lost {
        item_id: ItemId,
        basis: Basis,
    }
    tx.execute(
        "update judgement set undone_at_ms = $2 where id = $1",
        values![before.id, at],
    )
    .await?;
    let lost = tx
        .rows::<Lost>(
            "delete from item_verdict where judgement_id = $1 returning item_id, basis",
            values![before.id],
        )
        .await?;
    for one in &lost {
        tx.record(
            one.item_id,
            &Fact::ItemUnjudged {
                content: before.judging.content,
                was: before.verdict,
                basis: one.basis,
            },
        );
    }
    Ok(lost.into_iter().map(|one| one.item_id).collect())
}

/// The items that have their verdict from this judgement.
///
/// # Errors
/// [`AssessmentError::Db`].
pub async fn items_of(
    ask: &impl Ask,
    judgement: JudgementId,
) -> Result<Vec<ItemId>, AssessmentError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Judged {
        item_id: ItemId,
    }
    let rows = ask
        .rows::<Judged>(
            "select item_id from item_verdict where judgement_id = $1 order by item_id",
            values![judgement],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.item_id).collect())
}

/// The verdict of an item, as its tile shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct ItemVerdict {
    /// The item.
    pub item_id: ItemId,
    /// The verdict.
    pub verdict: Verdict,
    /// By what it came to it.
    pub basis: Basis,
    /// Why it is not illegal, when it is not.
    pub why: Option<NotIllegalReason>,
    /// Who judged its content.
    pub by_staff: StaffId,
    /// In which report its content was judged.
    pub judged_in: ReportId,
    /// When its content was judged.
    pub judged_at_ms: Instant,
}

/// Most items asked for in one statement.
const STRIDE: usize = 400;

/// The verdicts of these items; an item without one is absent.
///
/// # Errors
/// [`AssessmentError::Db`].
pub async fn verdicts(
    ask: &impl Ask,
    items: &[ItemId],
) -> Result<HashMap<ItemId, ItemVerdict>, AssessmentError> {
    let mut found = HashMap::with_capacity(items.len());
    for some in items.chunks(STRIDE) {
        let places: Vec<String> = (1..=some.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "select v.item_id, v.verdict, v.basis, j.why, j.by_staff, j.report_id as judged_in,
                    j.at_ms as judged_at_ms
             from item_verdict v join judgement j on j.id = v.judgement_id
             where v.item_id in ({})",
            places.join(", ")
        );
        let values = some
            .iter()
            .map(|item| sea_orm::Value::from(*item))
            .collect();
        let rows = ask.rows::<ItemVerdict>(&sql, values).await?;
        found.extend(rows.into_iter().map(|row| (row.item_id, row)));
    }
    Ok(found)
}
