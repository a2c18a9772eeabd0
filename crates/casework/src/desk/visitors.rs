//! The visitors' room: what waits, what is under way, what failed and why, and whether our own line
//! works. Addresses are not in it; a line leads to a report that names one.

use ground::{
    AddressId, Ask as _, DbError, Fact, Instant, Reason, ReportId, StaffId, Tx, VisitId, sea_orm,
    values,
};
use report::ReportNumber;
use sea_orm::FromQueryResult;

use super::DeskError;
use crate::Casework;

/// Failures older than this are not shown, ms: a week.
const SHOWN_MS: i64 = 7 * ground::clock::DAY_MS;
/// Lines shown of each kind.
const LINES: i64 = 100;

/// What the visitors' room shows.
#[derive(Debug)]
pub struct VisitorsRoom {
    /// What the last test of our own line said; none when it never failed.
    pub line: Option<LineTest>,
    /// Visits that wait, in visits; those under way are not counted.
    pub waiting: i64,
    /// Of these, put off after a failure.
    pub put_off: i64,
    /// When the oldest of them was wanted: by a report, the hour it was left.
    pub oldest: Option<Instant>,
    /// Under way, the longest first.
    pub running: Vec<VisitLine>,
    /// Waiting, in the order in which they are made.
    pub next: Vec<VisitLine>,
    /// Tried to the end in the last week and not captured, newest first.
    pub failed: Vec<VisitLine>,
    /// Those failures by cause, most first.
    pub causes: Vec<CauseCount>,
}

/// A test of our own line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineTest {
    /// Whether it works.
    pub works: bool,
    /// Since when.
    pub since: Instant,
}

/// So many visits of one cause.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct CauseCount {
    /// The cause, as stored.
    pub cause: Option<String>,
    /// In visits.
    pub n: i64,
}

/// One visit in the room.
#[derive(Debug, Clone, FromQueryResult)]
pub struct VisitLine {
    /// The visit.
    pub id: VisitId,
    /// How far it has come.
    pub state: capture::rules::VisitState,
    /// The newest report that names its address.
    pub report_id: Option<ReportId>,
    /// Its number.
    pub number: Option<ReportNumber>,
    /// Why it is wanted.
    pub wish: capture::Wish,
    /// Why it was put off or nothing was captured.
    pub cause: Option<String>,
    /// How often it was tried, while it waits.
    pub attempts: i64,
    /// When it was wanted.
    pub wanted_at_ms: Instant,
    /// No attempt before this.
    pub not_before_ms: Instant,
    /// When the last attempt began; 0 when there was none.
    pub looked_at_ms: Instant,
    /// When it ended.
    pub ended_at_ms: Option<Instant>,
}

#[derive(FromQueryResult)]
struct Counted {
    waiting: i64,
    put_off: i64,
    oldest: Option<Instant>,
}

#[derive(FromQueryResult)]
struct CanaryLine {
    detail: String,
    at_ms: Instant,
}

impl Casework {
    /// What the visitors' room shows now.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn visitors_room(&self) -> Result<VisitorsRoom, DeskError> {
        let now = self.clock.now();
        let week = now.plus_ms(-SHOWN_MS);
        let counted: Option<Counted> = self
            .db
            .one(
                "select count(*) as waiting, min(wanted_at_ms) as oldest,
                     cast(coalesce(sum(case when not_before_ms > $1 then 1 else 0 end), 0)
                         as bigint) as put_off
                 from visit where state = 'wanted' and lease_until_ms <= $1",
                values![now],
            )
            .await?;
        let (waiting, put_off, oldest) =
            counted.map_or((0, 0, None), |row| (row.waiting, row.put_off, row.oldest));
        let running = "v.state = 'wanted' and v.lease_until_ms > $1";
        let next = "v.state = 'wanted' and v.lease_until_ms <= $1";
        let failed = "v.state = 'not-captured' and v.ended_at_ms >= $1";
        Ok(VisitorsRoom {
            line: self.line_test().await?,
            waiting,
            put_off,
            oldest,
            running: self.visit_lines(running, "v.looked_at_ms", now).await?,
            next: self
                .visit_lines(
                    next,
                    "case when v.not_before_ms > $1 then 1 else 0 end, v.due_ms",
                    now,
                )
                .await?,
            failed: self.visit_lines(failed, "v.ended_at_ms desc", week).await?,
            causes: self
                .db
                .rows(
                    "select cause, count(*) as n from visit
                     where state = 'not-captured' and ended_at_ms >= $1
                     group by cause order by count(*) desc, cause",
                    values![week],
                )
                .await?,
        })
    }

    /// Since when no visit begins, because our own line does not pass its test; none while they go on.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn visits_paused_since(&self) -> Result<Option<Instant>, DeskError> {
        let failed = self.line_test().await?.filter(|test| !test.works);
        Ok(failed.map(|test| test.since))
    }

    /// One visit of the room.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError`] when the records fail.
    pub async fn visit_line(&self, id: VisitId) -> Result<VisitLine, DeskError> {
        let lines: Vec<VisitLine> = self
            .db
            .rows(&lines_sql("v.id = $1", "v.id"), values![id])
            .await?;
        lines.into_iter().next().ok_or(DeskError::NotFound)
    }

    async fn visit_lines(
        &self,
        which: &str,
        order: &str,
        at: Instant,
    ) -> Result<Vec<VisitLine>, DbError> {
        self.db.rows(&lines_sql(which, order), values![at]).await
    }

    /// What the last test of our own line said: only changes are in the ledger.
    pub(crate) async fn line_test(&self) -> Result<Option<LineTest>, DbError> {
        let last: Option<CanaryLine> = self
            .db
            .one(
                "select detail, at_ms from ledger where kind = 'canary'
                 order by at_ms desc, seq desc limit 1",
                vec![],
            )
            .await?;
        Ok(
            last.and_then(|line| match ground::fact::read(&line.detail) {
                Ok(Fact::Canary { healthy }) => Some(LineTest {
                    works: healthy,
                    since: line.at_ms,
                }),
                _ => None,
            }),
        )
    }

    /// Looks at the address of a visit again: what waits is made before all others, what ended is made
    /// anew. The reason is in the ledger.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when there is no such visit or its address was forgotten; [`DeskError`]
    /// when the records fail.
    pub async fn visit_again(
        &self,
        by: StaffId,
        id: VisitId,
        why: Reason,
    ) -> Result<(), DeskError> {
        let act = self.act(by).because(why);
        let row = capture::store::visit(&self.db, id)
            .await?
            .ok_or(DeskError::NotFound)?;
        // Nobody can look at what is forgotten.
        report::address(&self.db, &self.vault, row.address_id)
            .await?
            .ok_or(DeskError::NotFound)?;
        let tx = self.db.act(&act, "look again").await?;
        self.want_now(&tx, row.address_id, act.at).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }

    /// Wants a visit for a person who waits for it.
    pub(super) async fn want_now(
        &self,
        tx: &Tx,
        address: AddressId,
        now: Instant,
    ) -> Result<(), DbError> {
        let id = VisitId::fresh(&self.chance);
        if !capture::order::want(tx, id, address, capture::Wish::Asked, now).await? {
            capture::order::hasten(tx, address, now).await?;
        }
        tx.record(address, &Fact::VisitWanted);
        Ok(())
    }
}

fn lines_sql(which: &str, order: &str) -> String {
    format!(
        "select v.id, v.state, v.wish, v.cause, v.attempts, v.wanted_at_ms, v.not_before_ms,
             v.looked_at_ms, v.ended_at_ms, r.id as report_id, r.number
         from visit v left join report r on r.id = (select q.id from sighting s
             join report q on q.id = s.report_id where s.address_id = v.address_id
             order by case when q.state = 'closed' then 1 else 0 end, q.received_hour_ms desc, q.id
             limit 1)
         where {which} order by {order}, v.id limit {LINES}"
    )
}

#[cfg(test)]
#[path = "visitors_tests.rs"]
mod tests;
