//! What the senior analyst decides about likeness, and what the second looks showed.

use ground::{Ask as _, ContentId, Fact, Instant, Reason, ReportId, StaffId, Verdict};
use ground::{fact, sea_orm, values};
use sea_orm::FromQueryResult;

use super::DeskError;
use crate::likeness::{LikenessRule, house};
use crate::{Casework, read};

/// What the house confirms by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HouseConfirms {
    /// The version of the setting; 0 while nobody has set it.
    pub version: i64,
    /// Up to so many bits of 256; none when a person confirms everything.
    pub by_itself: Option<u32>,
    /// Of a hundred of these, so many are asked of a person.
    pub sample: u32,
}

/// One setting as the ledger tells it.
#[derive(Debug, Clone)]
pub struct SetOnce {
    /// When.
    pub at: Instant,
    /// By whom, by name.
    pub by: String,
    /// What was set.
    pub confirms: HouseConfirms,
    /// Why.
    pub why: String,
}

/// A second look that came to another verdict than the house would have filled in.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Disagreement {
    /// The content that was looked at.
    pub content_id: ContentId,
    /// The report in which a person judged it.
    pub report_id: ReportId,
    /// The number of that report.
    pub number: String,
    /// What the house would have filled in.
    pub expected: Verdict,
    /// What the person said.
    pub verdict: Verdict,
    /// In how many bits of 256 the pictures differ.
    pub distance: i64,
    /// When the person said so.
    pub answered_at_ms: Instant,
}

/// How many second looks there were, in looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromQueryResult)]
pub struct SecondLooks {
    /// Asked of a person.
    pub asked: i64,
    /// Answered.
    pub answered: i64,
    /// Of these, answered otherwise than the house would have.
    pub differed: i64,
}

/// Why a setting is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HouseFault {
    /// Farther than pictures are proposed at all.
    #[error("farther than pictures are proposed")]
    TooFar,
    /// Not a number from 0 to 100.
    #[error("a share is from 0 to 100")]
    NoShare,
}

impl HouseConfirms {
    /// Reads a new setting.
    ///
    /// # Errors
    /// [`HouseFault`].
    pub fn checked(
        by_itself: Option<u32>,
        sample: u32,
        rule: LikenessRule,
    ) -> Result<Self, HouseFault> {
        if by_itself.is_some_and(|upto| upto > rule.distance) {
            return Err(HouseFault::TooFar);
        }
        if sample > 100 {
            return Err(HouseFault::NoShare);
        }
        Ok(Self {
            version: 0,
            by_itself,
            sample,
        })
    }
}

impl Casework {
    /// What counts as alike, by the configuration.
    #[must_use]
    pub fn likeness_rule(&self) -> LikenessRule {
        self.settings.likeness
    }

    /// What the house confirms by itself now.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn house_confirms(&self) -> Result<HouseConfirms, DeskError> {
        let setting = house::setting(&self.db).await?;
        let number = |n: i64| u32::try_from(n).unwrap_or_default();
        Ok(
            setting.map_or_else(HouseConfirms::default, |setting| HouseConfirms {
                version: setting.no,
                by_itself: setting.by_itself.map(number),
                sample: number(setting.sample),
            }),
        )
    }

    /// Sets what the house confirms by itself from now on. Verdicts that were given stay.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn let_house_confirm(
        &self,
        by: StaffId,
        new: HouseConfirms,
        why: Reason,
    ) -> Result<(), DeskError> {
        let act = self.act(by).because(why);
        let tx = self.db.act(&act, "set what the house confirms").await?;
        let version = house::set(&tx, by, act.at, new.by_itself, new.sample).await?;
        let fact = Fact::HouseConfirms {
            version,
            by_itself: new.by_itself,
            sample: new.sample,
        };
        tx.record("likeness", &fact);
        Ok(tx.commit().await?)
    }

    /// The last settings, newest first, as the ledger tells them.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn settings_before(&self) -> Result<Vec<SetOnce>, DeskError> {
        #[derive(FromQueryResult)]
        struct Line {
            at_ms: Instant,
            actor: String,
            reason: Option<String>,
            detail: String,
        }
        let sql = "select at_ms, actor, reason, detail from ledger where kind = 'house_confirms'
            order by at_ms desc, seq desc limit 10";
        let mut told = Vec::new();
        for line in self.db.rows::<Line>(sql, values![]).await? {
            let Ok(Fact::HouseConfirms {
                version,
                by_itself,
                sample,
            }) = fact::read(&line.detail)
            else {
                continue;
            };
            let name = match line.actor.parse() {
                Ok(id) => read::staff_name(&self.db, id).await?,
                Err(_) => None,
            };
            told.push(SetOnce {
                at: line.at_ms,
                by: name.unwrap_or(line.actor),
                confirms: HouseConfirms {
                    version,
                    by_itself,
                    sample,
                },
                why: line.reason.unwrap_or_default(),
            });
        }
        Ok(told)
    }

    /// How the second looks went.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn second_looks(&self) -> Result<SecondLooks, DeskError> {
        let counted = self
            .db
            .one(
                "select count(*) as asked, count(verdict) as answered,
                     cast(coalesce(sum(case when verdict <> expected then 1 else 0 end), 0)
                         as bigint) as differed
                 from second_look",
                values![],
            )
            .await?;
        Ok(counted.unwrap_or_default())
    }

    /// Disagreements that no senior analyst has taken notice of yet, oldest first.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn disagreements(&self) -> Result<Vec<Disagreement>, DeskError> {
        let rows = self
            .db
            .rows(
                "select k.content_id, j.report_id, r.number, k.expected, k.verdict, k.distance,
                     k.answered_at_ms
                 from second_look k
                 join judgement j on j.content_id = k.content_id and j.undone_at_ms is null
                 join report r on r.id = j.report_id
                 where k.verdict is not null and k.settled_at_ms is null
                     and k.verdict <> k.expected
                 order by k.answered_at_ms, k.content_id limit 200",
                values![],
            )
            .await?;
        Ok(rows)
    }

    /// Takes notice of a disagreement.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when there is none (any more).
    pub async fn saw_disagreement(&self, by: StaffId, content: ContentId) -> Result<(), DeskError> {
        let act = self.act(by);
        let tx = self.db.act(&act, "take notice of a disagreement").await?;
        let asked = house::second_look(&tx, content).await?;
        let asked = asked.ok_or(DeskError::NotFound)?;
        let settled = tx
            .execute(
                "update second_look set settled_at_ms = $2 where content_id = $1
                     and settled_at_ms is null and verdict is not null and verdict <> expected",
                values![content, act.at],
            )
            .await?;
        if settled == 0 {
            return Err(DeskError::NotFound);
        }
        tx.record(
            content,
            &Fact::DisagreementSeen {
                from: asked.from_id,
            },
        );
        Ok(tx.commit().await?)
    }
}
