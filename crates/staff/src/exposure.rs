//! The tables of what somebody looked at. Private to them: no other page reads a row of it, and no
//! line of the ledger tells of it. [`forget`] keeps it to 90 days. What others are told is in [`told`].

use ground::{Ask, DbError, Instant, ReportId, StaffId, Tx, sea_orm, values};

use crate::induction::Level;
use crate::limits::{Day, Limits, OwnLimits};
use crate::opt_out;

mod told;

pub use told::{ALARM_DAYS, ALARM_OF, DayOf, FEWEST, Together, alarms, together, week};

/// How long it is kept, days.
pub const KEPT_DAYS: i64 = 90;

/// Somebody's day, and the limits that hold for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The day so far.
    pub day: Day,
    /// The limits of the site; none when none were set at the desk.
    pub site: Option<Limits>,
    /// What they set for themselves.
    pub own: OwnLimits,
    /// How far they have come, when they are new.
    pub level: Level,
}

impl Standing {
    /// The limits that hold for them; `usual` where none were set.
    #[must_use]
    pub fn limits(&self, usual: Limits) -> Limits {
        self.unnarrowed(usual).narrowed(self.own)
    }

    /// The limits that hold for them but for what they narrowed themselves.
    #[must_use]
    pub fn unnarrowed(&self, usual: Limits) -> Limits {
        self.level.limits(self.site.unwrap_or(usual))
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    material_ms: Option<i64>,
    since_break_ms: Option<i64>,
    last_at_ms: Option<Instant>,
    break_from_ms: Option<Instant>,
    reveals: Option<i64>,
    hard: Option<i64>,
    hard_in_row: Option<i64>,
    breaks: Option<i64>,
    level: Option<Level>,
    own_day: Option<i64>,
    own_stretch: Option<i64>,
    own_break: Option<i64>,
    own_until: Option<i64>,
    own_run: Option<i64>,
    site_day: Option<i64>,
    site_stretch: Option<i64>,
    site_break: Option<i64>,
    site_until: Option<i64>,
    site_run: Option<i64>,
}

/// Somebody's day with this number, with the limits that hold for them. A row of hard items, an hour
/// and a break that began before midnight go on after it.
///
/// # Errors
/// When the records fail.
pub async fn standing(ask: &impl Ask, staff: StaffId, day: i64) -> Result<Standing, DbError> {
    let row = ask
        .one::<Row>(
            "select e.material_ms, e.reveals, e.hard, e.breaks, n.level,
                 coalesce(e.since_break_ms, y.since_break_ms) as since_break_ms,
                 coalesce(e.last_at_ms, y.last_at_ms) as last_at_ms,
                 case when e.day is null then y.break_from_ms else e.break_from_ms end
                     as break_from_ms,
                 coalesce(e.hard_run, y.hard_run) as hard_in_row,
                 o.day_ms as own_day, o.stretch_ms as own_stretch, o.break_ms as own_break,
                 o.until_minute as own_until, o.hard_run as own_run,
                 s.day_ms as site_day, s.stretch_ms as site_stretch, s.break_ms as site_break,
                 s.until_minute as site_until, s.hard_run as site_run
             from (select 1 as one) x
             left join exposure e on e.staff_id = $1 and e.day = $2
             left join exposure y on y.staff_id = $1 and y.day = $3
             left join own_limits o on o.staff_id = $1
             left join induction n on n.staff_id = $1
             left join site_limits s on s.no = (select max(no) from site_limits)",
            values![staff, day, day - 1],
        )
        .await?;
    let row = row.ok_or(DbError::Unreadable {
        what: "exposure: no row".into(),
    })?;
    let site = |row: &Row| {
        Some(Limits {
            day_ms: row.site_day?,
            stretch_ms: row.site_stretch?,
            break_ms: row.site_break?,
            until_minute: row.site_until,
            hard_run: row.site_run?,
        })
    };
    Ok(Standing {
        site: site(&row),
        level: row.level.unwrap_or(Level::Full),
        own: OwnLimits {
            day_ms: row.own_day,
            stretch_ms: row.own_stretch,
            break_ms: row.own_break,
            until_minute: row.own_until,
            hard_run: row.own_run,
        },
        day: Day {
            material_ms: row.material_ms.unwrap_or_default(),
            since_break_ms: row.since_break_ms.unwrap_or_default(),
            last_at: row.last_at_ms,
            break_from: row.break_from_ms,
            reveals: row.reveals.unwrap_or_default(),
            hard: row.hard.unwrap_or_default(),
            hard_run: row.hard_in_row.unwrap_or_default(),
            breaks: row.breaks.unwrap_or_default(),
        },
    })
}

/// As [`standing`], keeping everybody else from changing this day until the transaction ends: two
/// requests sent at once are counted one after the other.
///
/// # Errors
/// When the records fail.
pub async fn hold_standing(tx: &Tx, staff: StaffId, day: i64) -> Result<Standing, DbError> {
    tx.execute(
        "insert into exposure (staff_id, day, material_ms, since_break_ms, last_at_ms,
                               break_from_ms, reveals, hard, hard_run, breaks, reached)
         select $1, $2, 0, coalesce(y.since_break_ms, 0), y.last_at_ms, y.break_from_ms, 0, 0,
                coalesce(y.hard_run, 0), 0, 0
         from (select 1 as one) x left join exposure y on y.staff_id = $1 and y.day = $3
         where true
         on conflict (staff_id, day) do update set reveals = exposure.reveals",
        values![staff, day, day - 1],
    )
    .await?;
    standing(tx, staff, day).await
}

/// Keeps a day that was held. `day_ms` is the time with material that is allowed in a day but for what
/// they narrowed themselves; whether it was reached is kept, so that later limits do not change it.
///
/// # Errors
/// When the records fail.
pub async fn keep(
    tx: &Tx,
    staff: StaffId,
    number: i64,
    day: &Day,
    day_ms: i64,
) -> Result<(), DbError> {
    tx.execute(
        "update exposure set material_ms = $3, since_break_ms = $4, last_at_ms = $5,
             break_from_ms = $6, reveals = $7, hard = $8, hard_run = $9, breaks = $10, reached = $11
         where staff_id = $1 and day = $2",
        values![
            staff,
            number,
            day.material_ms,
            day.since_break_ms,
            day.last_at,
            day.break_from,
            day.reveals,
            day.hard,
            day.hard_run,
            day.breaks,
            i64::from(day.material_ms >= day_ms)
        ],
    )
    .await?;
    Ok(())
}

/// Sets somebody's own limits.
///
/// # Errors
/// When the records fail.
pub async fn set_own(tx: &Tx, staff: StaffId, own: OwnLimits) -> Result<(), DbError> {
    tx.execute(
        "insert into own_limits (staff_id, day_ms, stretch_ms, break_ms, until_minute, hard_run)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (staff_id) do update set day_ms = excluded.day_ms,
             stretch_ms = excluded.stretch_ms, break_ms = excluded.break_ms,
             until_minute = excluded.until_minute, hard_run = excluded.hard_run",
        values![
            staff,
            own.day_ms,
            own.stretch_ms,
            own.break_ms,
            own.until_minute,
            own.hard_run
        ],
    )
    .await?;
    Ok(())
}

/// Sets the limits of the site; gives their version, counted from 1.
///
/// # Errors
/// When the records fail.
pub async fn set_site(tx: &Tx, by: StaffId, at: Instant, new: Limits) -> Result<i64, DbError> {
    let no = tx
        .count(
            "select coalesce(max(no), 0) + 1 as n from site_limits",
            values![],
        )
        .await?;
    tx.execute(
        "insert into site_limits (no, day_ms, stretch_ms, break_ms, until_minute, hard_run, set_by,
                                  set_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            no,
            new.day_ms,
            new.stretch_ms,
            new.break_ms,
            new.until_minute,
            new.hard_run,
            by,
            at
        ],
    )
    .await?;
    Ok(no)
}

/// Remembers that somebody gave a report back, so that it is not offered to them again.
///
/// # Errors
/// When the records fail.
pub async fn pass_over(
    tx: &Tx,
    staff: StaffId,
    report: ReportId,
    at: Instant,
) -> Result<(), DbError> {
    tx.execute(
        "insert into passed_over (staff_id, report_id, at_ms) values ($1, $2, $3)
         on conflict (staff_id, report_id) do update set at_ms = excluded.at_ms",
        values![staff, report, at],
    )
    .await?;
    Ok(())
}

/// Destroys everything that is private to somebody who leaves: what they looked at and what they chose.
///
/// # Errors
/// When the records fail.
pub(crate) async fn forget_person(tx: &Tx, staff: StaffId) -> Result<(), DbError> {
    for table in ["exposure", "own_limits", "passed_over", "opted_out"] {
        let sql = format!("delete from {table} where staff_id = $1");
        tx.execute(&sql, values![staff]).await?;
    }
    Ok(())
}

/// Destroys what is older than [`KEPT_DAYS`]; gives how many rows.
///
/// # Errors
/// When the records fail.
pub async fn forget(tx: &Tx, today: i64, now: Instant) -> Result<u64, DbError> {
    let days = tx
        .execute(
            "delete from exposure where day < $1",
            values![today - KEPT_DAYS],
        )
        .await?;
    let before = now.plus_ms(-KEPT_DAYS * ground::clock::DAY_MS);
    let passed = tx
        .execute("delete from passed_over where at_ms < $1", values![before])
        .await?;
    Ok(days + passed + opt_out::forget(tx, now).await?)
}

#[cfg(test)]
#[path = "exposure_tests.rs"]
mod tests;
