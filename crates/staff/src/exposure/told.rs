//! What is told of it: to the person their days, to who looks after the staff all together and who
//! reached the limit again and again (WB-18).

use ground::{Ask, DbError, StaffId, sea_orm, values};

use crate::rules::Name;

/// Fewer people than this are never told about together (WB-18).
pub const FEWEST: i64 = 5;
/// On so many days of [`ALARM_OF`] somebody reached the limit of the day before it is told.
pub const ALARM_DAYS: i64 = 3;
/// The days in which [`ALARM_DAYS`] are counted.
pub const ALARM_OF: i64 = 7;

/// One of somebody's days, for their eyes only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct DayOf {
    /// Days since 1970, in the hotline's own time zone.
    pub day: i64,
    /// Time with material, ms.
    pub material_ms: i64,
    /// Reveals.
    pub reveals: i64,
    /// Items judged illegal.
    pub hard: i64,
    /// Breaks.
    pub breaks: i64,
}

/// Somebody's days from this one on, the latest first.
///
/// # Errors
/// When the records fail.
pub async fn week(ask: &impl Ask, staff: StaffId, from_day: i64) -> Result<Vec<DayOf>, DbError> {
    ask.rows(
        "select day, material_ms, reveals, hard, breaks from exposure
         where staff_id = $1 and day >= $2 and material_ms + reveals + hard + breaks > 0
         order by day desc",
        values![staff, from_day],
    )
    .await
}

/// What the wellbeing lead is told about everybody together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Together {
    /// Distinct people who looked at material.
    pub people: i64,
    /// Days of one person with material.
    pub days: i64,
    /// Time with material, ms, in all of them.
    pub material_ms: i64,
    /// Reveals in all of them.
    pub reveals: i64,
    /// Breaks in all of them.
    pub breaks: i64,
    /// Of these days, how many reached the limit of the day.
    pub full_days: i64,
}

/// Everybody together from this day on; none when they are fewer than [`FEWEST`].
///
/// # Errors
/// When the records fail.
pub async fn together(ask: &impl Ask, from_day: i64) -> Result<Option<Together>, DbError> {
    let all = ask
        .one::<Together>(
            "select count(distinct staff_id) as people, count(*) as days,
                 cast(coalesce(sum(material_ms), 0) as bigint) as material_ms,
                 cast(coalesce(sum(reveals), 0) as bigint) as reveals,
                 cast(coalesce(sum(breaks), 0) as bigint) as breaks,
                 cast(coalesce(sum(reached), 0) as bigint) as full_days
             from exposure where day >= $1 and material_ms + reveals + hard > 0",
            values![from_day],
        )
        .await?;
    Ok(all.filter(|all| all.people >= FEWEST))
}

#[derive(sea_orm::FromQueryResult)]
struct Named {
    staff_id: StaffId,
    name: Name,
}

/// Who works here and reached the limit of the day on [`ALARM_DAYS`] of the [`ALARM_OF`] days that end
/// today, by name. No count stands beside it: that somebody should be spoken with is all that is told.
///
/// # Errors
/// When the records fail.
pub async fn alarms(ask: &impl Ask, today: i64) -> Result<Vec<(StaffId, Name)>, DbError> {
    let rows = ask
        .rows::<Named>(
            "select e.staff_id, a.name from exposure e join account a on a.id = e.staff_id
             where e.day > $1 and e.reached = 1 and a.closed_at_ms is null
             group by e.staff_id, a.name having count(*) >= $2 order by a.name",
            values![today - ALARM_OF, ALARM_DAYS],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.staff_id, row.name))
        .collect())
}
