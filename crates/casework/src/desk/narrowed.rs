//! The part of the queue that somebody wants to see.

use ground::{Ask, Channel, DbError, Instant, Origin, ReportId, StaffId, sea_orm};
use report::Spot;
use sea_orm::{FromQueryResult, Value};

/// What of the queue is asked for; all of it by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Narrowed {
    /// Only what came through this door.
    pub channel: Option<Channel>,
    /// Only what came from within the country, or only from abroad.
    pub origin: Option<Origin>,
    /// Only what is held so.
    pub holding: Option<Holding>,
    /// Only where something is on a hash list.
    pub on_list: bool,
    /// Only where this is to be done.
    pub to_do: Option<ToDo>,
}

/// Who has a report in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// Nobody.
    Nobody,
    /// Somebody else than this one.
    NotBy(StaffId),
    /// This one.
    By(StaffId),
}

/// What is to be done in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToDo {
    /// There are items to judge.
    Judge,
    /// There is none (yet), and addresses are still to be visited.
    AwaitVisits,
}

#[derive(FromQueryResult)]
struct Row {
    id: ReportId,
}

/// Conditions and their values, as they are put together.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// Adds a value; its place in the statement.
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(" and ");
        self.sql.push_str(condition);
    }

    fn holding(&mut self, holding: Holding, now: Instant) {
        let now = self.value(now);
        match holding {
            Holding::Nobody => {
                self.and(&format!(
                    "(r.state = 'waiting' or r.held_until_ms <= {now})"
                ));
            }
            Holding::NotBy(id) => {
                let id = self.value(id);
                self.and(&format!(
                    "r.state = 'held' and r.held_until_ms > {now} and r.held_by <> {id}"
                ));
            }
            Holding::By(id) => {
                let id = self.value(id);
                self.and(&format!(
                    "r.state = 'held' and r.held_until_ms > {now} and r.held_by = {id}"
                ));
            }
        }
    }

    fn where_to_do(&mut self, to_do: ToDo) {
        const ITEMS: &str =
            "exists (select 1 from sighting s join item i on i.address_id = s.address_id
             left join item_verdict v on v.item_id = i.id
             where s.report_id = r.id and v.item_id is null and i.set_apart = 0)";
        const VISITS: &str = "exists (select 1 from sighting s
             join visit v on v.address_id = s.address_id
             where s.report_id = r.id and v.state = 'wanted')";
        match to_do {
            ToDo::Judge => self.and(ITEMS),
            ToDo::AwaitVisits => self.and(&format!("{VISITS} and not {ITEMS}")),
        }
    }
}

/// The open reports that are asked for, by their place in the queue, at most `limit` after a spot.
pub(super) async fn waiting(
    ask: &impl Ask,
    narrowed: &Narrowed,
    (after, now): (Spot, Instant),
    limit: u32,
) -> Result<Vec<ReportId>, DbError> {
    let mut asked = Conditions {
        sql: "select r.id from report r where r.state <> 'closed' and r.rank_hour_ms >= $1
             and (r.rank_hour_ms > $1 or r.id > $2)"
            .to_owned(),
        values: ground::values![after.rank, after.id],
    };
    if let Some(channel) = narrowed.channel {
        let place = asked.value(channel);
        asked.and(&format!("r.channel = {place}"));
    }
    if let Some(origin) = narrowed.origin {
        let place = asked.value(origin);
        asked.and(&format!("r.origin = {place}"));
    }
    if let Some(holding) = narrowed.holding {
        asked.holding(holding, now);
    }
    if narrowed.on_list {
        asked.and("r.on_list = 1");
    }
    if let Some(to_do) = narrowed.to_do {
        asked.where_to_do(to_do);
    }
    let limit = asked.value(i64::from(limit));
    let sql = format!("{} order by r.rank_hour_ms, r.id limit {limit}", asked.sql);
    let rows = ask.rows::<Row>(&sql, asked.values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
