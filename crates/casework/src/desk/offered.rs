//! Which report comes next for whom: nothing of a kind that they do not want to be offered, nothing that
//! they gave back, no video while they are new, and something lighter after much in a row.

use std::collections::BTreeSet;

use assessment::{About, Answers, Scheme};
use ground::{Ask, DbError, ReportId, StaffId, Verdict, sea_orm, values};
use staff::exposure;
use staff::induction::Level;
use staff::opt_out::{self, Category, OptOut, Period};

use super::DeskError;
use super::rest::day_and_minute;
use crate::{Casework, matches, read};

/// Most categories of hash lists that one can choose from.
const MOST_LISTED: u32 = 50;

/// Categories of which one can choose not to be offered them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choosable {
    /// The categories under which hash lists knew something found here.
    pub listed: Vec<String>,
    /// What is not offered to them now.
    pub chosen: Vec<OptOut>,
}

/// So many of the first free reports are looked at for somebody who does not want everything.
const MOST_FREE: i64 = 400;

/// What is known of the material of a report before anybody looks.
#[derive(Debug, Default)]
struct Foreseen {
    categories: BTreeSet<Category>,
    /// Something is on a list, or is or looks like something judged illegal.
    hard: bool,
}

/// What is not offered to somebody.
struct Choice {
    not: BTreeSet<Category>,
    lighter: bool,
}

impl Choice {
    fn is_free(&self) -> bool {
        self.not.is_empty() && !self.lighter
    }

    fn refuses(&self, foreseen: &Foreseen) -> bool {
        !self.not.is_disjoint(&foreseen.categories)
    }
}

#[derive(sea_orm::FromQueryResult)]
struct JudgedSo {
    verdict: Verdict,
    answers: String,
}

impl Casework {
    /// Takes the next report that is free and offered to `by`, one whose visits are over before others,
    /// then by priority; none when there is none.
    ///
    /// # Errors
    /// [`DeskError::Stop`] when a limit says no.
    pub async fn take_next(&self, by: StaffId) -> Result<Option<ReportId>, DeskError> {
        self.may_look(by).await?;
        let choice = self.choice(by).await?;
        let mut after = 0;
        while after < MOST_FREE {
            let free = read::free_reports(&self.db, self.clock.now(), by, after).await?;
            if free.is_empty() {
                break;
            }
            after += i64::try_from(free.len()).unwrap_or(i64::MAX);
            for id in self.offered(free, &choice).await? {
                // A colleague may be quicker for the first one; the second or third is free then.
                match self.take(by, id).await {
                    Ok(()) => return Ok(Some(id)),
                    Err(DeskError::Report(_)) => {}
                    Err(fault) => return Err(fault),
                }
            }
        }
        Ok(None)
    }

    /// Of these reports those that are offered, in order; the lighter ones first when that is wanted.
    async fn offered(
        &self,
        free: Vec<ReportId>,
        choice: &Choice,
    ) -> Result<Vec<ReportId>, DbError> {
        if choice.is_free() {
            return Ok(free);
        }
        let (mut light, mut hard) = (vec![], vec![]);
        for id in free {
            let foreseen = self.foreseen(id).await?;
            if choice.refuses(&foreseen) {
                continue;
            }
            if foreseen.hard && choice.lighter {
                hard.push(id);
            } else {
                light.push(id);
            }
        }
        light.append(&mut hard);
        Ok(light)
    }

    async fn choice(&self, by: StaffId) -> Result<Choice, DbError> {
        let now = self.clock.now();
        let standing = exposure::standing(&self.db, by, day_and_minute(now).0).await?;
        let opted = opt_out::of(&self.db, by, now).await?;
        let mut not: BTreeSet<Category> = opted.into_iter().map(|one| one.category).collect();
        if standing.level == Level::First {
            not.insert(Category::Film);
        }
        let limits = standing.limits(self.settings.limits);
        Ok(Choice {
            not,
            lighter: standing.day.wants_lighter(&limits, now),
        })
    }

    async fn foreseen(&self, report: ReportId) -> Result<Foreseen, DbError> {
        let mut foreseen = Foreseen::default();
        let films =
            "select count(*) as n from sighting s join item i on i.address_id = s.address_id
             join content c on c.id = i.content_id
             where s.report_id = $1 and c.media_type like 'video/%'";
        if self.db.count(films, values![report]).await? > 0 {
            foreseen.categories.insert(Category::Film);
        }
        for category in matches::categories(&self.db, report).await? {
            foreseen.hard = true;
            foreseen.categories.insert(Category::List(category));
        }
        let judged: Vec<JudgedSo> = self
            .db
            .rows(
                "select j.verdict, j.answers from sighting s join item i on i.address_id = s.address_id
                 join judgement j on j.content_id = i.content_id and j.undone_at_ms is null
                 where s.report_id = $1
                 union
                 select j.verdict, j.answers from sighting s join item i on i.address_id = s.address_id
                 join near n on n.content_id = i.content_id and n.refused_at_ms is null
                     and n.distance <= $2
                 join judgement j on j.content_id = n.like_id and j.undone_at_ms is null
                 where s.report_id = $1",
                values![report, i64::from(self.settings.likeness.distance)],
            )
            .await?;
        for one in judged {
            foreseen.hard |= one.verdict.is_illegal();
            let answers: Answers =
                serde_json::from_str(&one.answers).map_err(|fault| DbError::Unreadable {
                    what: format!("judgement.answers: {fault}"),
                })?;
            foreseen.categories.extend(categories(&answers));
        }
        Ok(foreseen)
    }

    /// What `by` can choose not to be offered; to be shown to nobody else.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn choosable(&self, by: StaffId) -> Result<Choosable, DeskError> {
        Ok(Choosable {
            listed: matches::categories_met(&self.db, MOST_LISTED).await?,
            chosen: opt_out::of(&self.db, by, self.clock.now()).await?,
        })
    }

    /// From now on this is not offered to `by`; nobody is told.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the scheme in force has no such answer; [`DeskError::Db`].
    pub async fn opt_out(
        &self,
        by: StaffId,
        category: &Category,
        period: Period,
    ) -> Result<(), DeskError> {
        if let Category::Answer { question, option } = category
            && !answerable(&*self.scheme().await?, question, option)
        {
            return Err(DeskError::NotFound);
        }
        let until = period.until(self.clock.now());
        let tx = self.db.upkeep("opt out").await?;
        opt_out::add(&tx, by, category, until).await?;
        Ok(tx.commit().await?)
    }

    /// This is offered to `by` again.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn opt_in(&self, by: StaffId, category: &Category) -> Result<(), DeskError> {
        let tx = self.db.upkeep("opt in").await?;
        opt_out::remove(&tx, by, category).await?;
        Ok(tx.commit().await?)
    }
}

fn categories(answers: &Answers) -> impl Iterator<Item = Category> + '_ {
    answers.iter().flat_map(|(question, options)| {
        options.iter().map(|option| Category::Answer {
            question: question.to_owned(),
            option: option.clone(),
        })
    })
}

fn answerable(scheme: &Scheme, question: &str, option: &str) -> bool {
    scheme
        .question(question)
        .filter(|asked| asked.about == About::Content)
        .is_some_and(|asked| asked.options.iter().any(|one| one.id == option))
}
