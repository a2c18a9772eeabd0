//! The end of a day: what went well, and what is still in one's hands. For the person alone.

use ground::clock::DAY_MS;
use ground::{Actor, Ask as _, DbError, Instant, ReportId, StaffId, sea_orm, values};
use report::ReportNumber;

use super::DeskError;
use super::rest::day_and_minute;
use crate::Casework;

/// A report that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Mine {
    /// Which.
    pub id: ReportId,
    /// Its number.
    pub number: ReportNumber,
    /// Until when, unless they go on.
    pub held_until_ms: Instant,
}

/// What went well, and what is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayEnd {
    /// Reports they closed today.
    pub closed: i64,
    /// Items they judged today, in judgements that stand.
    pub judged: i64,
    /// Items they judged illegal that were removed today, whenever they were judged.
    pub removed: i64,
    /// The same in the last seven days.
    pub removed_week: i64,
    /// The reports they hold.
    pub mine: Vec<Mine>,
}

impl Casework {
    /// The reports that `by` holds, the one last worked on first: every act on a report prolongs its hold.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn mine(&self, by: StaffId) -> Result<Vec<Mine>, DeskError> {
        let rows = self
            .db
            .rows(
                "select id, number, held_until_ms from report
                 where state = 'held' and held_by = $1 and held_until_ms > $2
                 order by held_until_ms desc, number",
                values![by, self.clock.now()],
            )
            .await?;
        Ok(rows)
    }

    /// What went well today; to be shown to nobody but `by`.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn day_end(&self, by: StaffId) -> Result<DayEnd, DeskError> {
        let now = self.clock.now();
        let midnight = now.plus_ms(-day_and_minute(now).1 * ground::clock::MINUTE_MS);
        let closed = "select count(*) as n from ledger
            where kind = 'report_closed' and actor = $1 and at_ms >= $2";
        let judged = "select count(*) as n from judgement
            where by_staff = $1 and at_ms >= $2 and undone_at_ms is null";
        Ok(DayEnd {
            closed: self
                .db
                .count(closed, values![Actor::Staff(by).to_string(), midnight])
                .await?,
            judged: self.db.count(judged, values![by, midnight]).await?,
            removed: self.removed_thanks_to(by, midnight).await?,
            removed_week: self.removed_thanks_to(by, now.plus_ms(-7 * DAY_MS)).await?,
            mine: self.mine(by).await?,
        })
    }

    async fn removed_thanks_to(&self, by: StaffId, since: Instant) -> Result<i64, DbError> {
        self.db
            .count(
                "select count(*) as n from judgement j join takedown t on t.content_id = j.content_id
                 join watch w on w.id = t.id
                 where j.by_staff = $1 and j.undone_at_ms is null
                     and w.presence = 'gone' and w.removed_at_ms >= $2",
                values![by, since],
            )
            .await
    }

    /// The day of `by` is over: what they hold goes back to the queue, for whoever comes next, and
    /// nothing is shown to them until they are back. Gives how many reports went back.
    ///
    /// # Errors
    /// [`DeskError::Report`] when one of them cannot be given back (any more).
    pub async fn end_day(&self, by: StaffId) -> Result<usize, DeskError> {
        let mine = self.mine(by).await?;
        for one in &mine {
            let tx = self.db.act(&self.act(by), "end the day").await?;
            report::give_back(&tx, one.id).await?;
            tx.commit().await?;
        }
        self.take_break(by).await?;
        Ok(mine.len())
    }
}
