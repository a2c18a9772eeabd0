//! Questions about many rows in one statement, so that a page asks no more for fifty reports than for one.

use std::collections::HashMap;

use ground::{Ask, DbError, ReportId, StaffId, sea_orm};
use sea_orm::{FromQueryResult, Value};

use super::Counts;

/// Most ids in one statement.
pub(crate) const MOST_IDS: usize = 100;

/// The places of these ids in a statement, from `$1` on, and their values.
pub(crate) fn listed_as<T: Copy + Into<Value>>(ids: &[T]) -> (String, Vec<Value>) {
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let values = ids.iter().map(|id| (*id).into()).collect();
    (places.join(", "), values)
}

#[derive(FromQueryResult)]
struct Items {
    report_id: ReportId,
    to_judge: i64,
    judged: i64,
    illegal: i64,
}

#[derive(FromQueryResult)]
struct Visits {
    report_id: ReportId,
    wanted: i64,
    captured: i64,
    not_captured: i64,
}

/// What there is to do in each of these reports, in two statements; a report of which there is nothing to
/// count is absent.
pub(crate) async fn counts_of(
    ask: &impl Ask,
    reports: &[ReportId],
) -> Result<HashMap<ReportId, Counts>, DbError> {
    let mut found: HashMap<ReportId, Counts> = HashMap::new();
    for some in reports.chunks(MOST_IDS) {
        let (places, values) = listed_as(some);
        let sql = format!(
            "select s.report_id,
                 cast(sum(case when v.item_id is null and i.set_apart = 0
                     then 1 else 0 end) as bigint) as to_judge,
                 count(v.item_id) as judged,
                 cast(sum(case when v.verdict like 'illegal-%' then 1 else 0 end) as bigint)
                     as illegal
             from sighting s join item i on i.address_id = s.address_id
             left join item_verdict v on v.item_id = i.id
             where s.report_id in ({places}) group by s.report_id"
        );
        for row in ask.rows::<Items>(&sql, values.clone()).await? {
            let counts = found.entry(row.report_id).or_default();
            counts.to_judge = row.to_judge;
            counts.judged = row.judged;
            counts.illegal = row.illegal;
        }
        let sql = format!(
            "select w.report_id, cast(sum(w.wanted) as bigint) as wanted,
                 cast(sum((1 - w.wanted) * w.captured) as bigint) as captured,
                 cast(sum((1 - w.wanted) * (1 - w.captured)) as bigint) as not_captured
             from (select s.report_id, v.address_id,
                     max(case when v.state = 'wanted' then 1 else 0 end) as wanted,
                     max(case when v.state = 'captured' then 1 else 0 end) as captured
                   from sighting s join visit v on v.address_id = s.address_id
                   where s.report_id in ({places}) group by s.report_id, v.address_id) w
             group by w.report_id"
        );
        for row in ask.rows::<Visits>(&sql, values).await? {
            let counts = found.entry(row.report_id).or_default();
            counts.wanted = row.wanted;
            counts.captured = row.captured;
            counts.not_captured = row.not_captured;
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Named {
    id: StaffId,
    name: String,
}

/// Under which names these members of staff work.
pub(crate) async fn staff_names(
    ask: &impl Ask,
    ids: &[StaffId],
) -> Result<HashMap<StaffId, String>, DbError> {
    let mut names = HashMap::new();
    for some in ids.chunks(MOST_IDS) {
        let (places, values) = listed_as(some);
        let sql = format!("select id, name from account where id in ({places})");
        let rows = ask.rows::<Named>(&sql, values).await?;
        names.extend(rows.into_iter().map(|row| (row.id, row.name)));
    }
    Ok(names)
}
