//! What the senior analyst lets the house confirm by itself, and the second looks that watch over it.
//!
//! Off unless somebody switched it on. A picture so near to a judged one then has its verdict without
//! anybody looking; of these a share is asked of a person all the same, who is not told what would
//! have been filled in. Where the two differ, the senior analyst is shown it.

use assessment::Like;
use ground::{
    Act, Ask, Basis, ContentId, DbError, Fact, Instant, ItemId, ReportId, StaffId, Tx, Verdict,
    sea_orm, values,
};
use sea_orm::FromQueryResult;

use super::{LikenessRule, Proposal, proposals};
use crate::{Casework, WorkError, read};

/// The name under which the house confirms.
const HOUSE: &str = "likeness";

/// What the house confirms by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Setting {
    /// Its version.
    pub no: i64,
    /// Up to so many bits of 256; none when a person confirms everything.
    pub by_itself: Option<i64>,
    /// Of a hundred, so many are asked of a person.
    pub sample: i64,
    pub set_at_ms: Instant,
    pub set_by: StaffId,
}

/// The setting in force.
pub(crate) async fn setting(ask: &impl Ask) -> Result<Option<Setting>, DbError> {
    ask.one(
        "select no, by_itself, sample, set_at_ms, set_by from likeness_setting
         order by no desc limit 1",
        values![],
    )
    .await
}

/// Sets it anew; gives its version.
pub(crate) async fn set(
    tx: &Tx,
    by: StaffId,
    at: Instant,
    by_itself: Option<u32>,
    sample: u32,
) -> Result<i64, DbError> {
    let no = setting(tx).await?.map_or(1, |before| before.no + 1);
    tx.execute(
        "insert into likeness_setting (no, by_itself, sample, set_by, set_at_ms)
         values ($1, $2, $3, $4, $5)",
        values![no, by_itself.map(i64::from), i64::from(sample), by, at],
    )
    .await?;
    Ok(no)
}

/// A second look that was asked.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct SecondLook {
    pub from_id: ContentId,
    pub expected: Verdict,
}

/// The second look of a content, when one was asked.
pub(crate) async fn second_look(
    ask: &impl Ask,
    content: ContentId,
) -> Result<Option<SecondLook>, DbError> {
    let sql = "select from_id, expected from second_look where content_id = $1";
    ask.one(sql, values![content]).await
}

/// Notes what a person said, when a second look was asked of them.
pub(crate) async fn answer(
    tx: &Tx,
    content: ContentId,
    verdict: Verdict,
    at: Instant,
) -> Result<(), DbError> {
    let Some(asked) = second_look(tx, content).await? else {
        return Ok(());
    };
    tx.execute(
        "update second_look set verdict = $2, answered_at_ms = $3, settled_at_ms = null
         where content_id = $1",
        values![content, verdict, at],
    )
    .await?;
    tx.record(
        content,
        &Fact::SecondLookAnswered {
            from: asked.from_id,
            expected: asked.expected,
            verdict,
            agrees: asked.expected == verdict,
        },
    );
    Ok(())
}

/// The answer of a second look was taken back: it is asked again.
pub(crate) async fn reopen(tx: &Tx, content: ContentId) -> Result<(), DbError> {
    tx.execute(
        "update second_look set verdict = null, answered_at_ms = null, settled_at_ms = null
         where content_id = $1",
        values![content],
    )
    .await?;
    Ok(())
}

async fn ask_a_person(
    tx: &Tx,
    one: &Proposal,
    setting: &Setting,
    at: Instant,
) -> Result<(), DbError> {
    tx.execute(
        "insert into second_look (content_id, from_id, expected, distance, rule, setting_no,
             asked_at_ms) values ($1, $2, $3, $4, $5, $6, $7)",
        values![
            one.content_id,
            one.like_id,
            one.verdict,
            one.distance,
            one.rule.as_str(),
            setting.no,
            at
        ],
    )
    .await?;
    tx.record(
        one.content_id,
        &Fact::SecondLookAsked {
            from: one.like_id,
            expected: one.verdict,
            distance: bits(one.distance),
            rule: one.rule.clone(),
            setting: setting.no,
        },
    );
    Ok(())
}

fn bits(distance: i64) -> u32 {
    u32::try_from(distance).unwrap_or(u32::MAX)
}

/// What the house may confirm by itself of a report: pictures as they are stored, near enough. Of a
/// video a share of the frames says little of the rest, so that a person confirms it.
async fn due(
    ask: &impl Ask,
    report: ReportId,
    rule: LikenessRule,
    upto: i64,
) -> Result<Vec<Proposal>, DbError> {
    let mut all = proposals(ask, report, rule).await?;
    all.retain(|one| one.turned == 0 && one.share.is_none() && one.distance <= upto);
    Ok(all)
}

impl Casework {
    /// Confirms by itself what the senior analyst lets the house confirm in a report; nothing while
    /// that is switched off.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub(crate) async fn confirm_by_itself(&self, report: ReportId) -> Result<(), WorkError> {
        let rule = self.settings.likeness;
        let Some(setting) = setting(&self.db).await? else {
            return Ok(());
        };
        let Some(upto) = setting.by_itself else {
            return Ok(());
        };
        if due(&self.db, report, rule, upto).await?.is_empty() {
            return Ok(());
        }
        let act = Act::by_worker(HOUSE, self.clock.now());
        let tx = self.db.act(&act, "confirm a likeness by itself").await?;
        let all = due(&tx, report, rule, upto).await?;
        for one in &all {
            if i64::try_from(self.chance.below(100)).unwrap_or(0) < setting.sample {
                ask_a_person(&tx, one, &setting, act.at).await?;
            } else {
                self.confirm_one(&tx, one, report, &setting).await?;
            }
        }
        if all.is_empty() {
            return Ok(());
        }
        Ok(tx.commit().await?)
    }

    async fn confirm_one(
        &self,
        tx: &Tx,
        one: &Proposal,
        report: ReportId,
        setting: &Setting,
    ) -> Result<(), WorkError> {
        let like = Like {
            content: one.content_id,
            distance: bits(one.distance),
            turned: false,
            rule: format!("{} by setting {}", one.rule, setting.no),
            basis: Basis::ByItself,
        };
        let items: Vec<ItemId> = read::items_with(tx, one.content_id).await?;
        let at = (one.item_id, report);
        let done =
            assessment::likeness::by_itself(tx, &self.chance, one.like_id, &like, at, &items).await;
        done.map_err(WorkError::refused)?;
        Ok(self.settle_own(tx, one.content_id).await?)
    }

    /// As [`Casework::confirm_by_itself`], for every report that names an address.
    pub(crate) async fn confirm_by_itself_at(
        &self,
        address: ground::AddressId,
    ) -> Result<(), WorkError> {
        for report in read::reports_naming(&self.db, address).await? {
            self.confirm_by_itself(report).await?;
        }
        Ok(())
    }
}
