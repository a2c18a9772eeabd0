//! Brings the records up to date: plain SQL files, in one order, from day one.
//!
//! The files are written once for both engines. Four marks stand for what differs: `{int}` (64-bit
//! integer), `{bytes}` (byte string), `{strict}` (SQLite's strict tables) and `{genesis}` (32 zero bytes). An applied file may
//! never change; sqlx refuses to start when its checksum does.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::ask::Ask as _;
use crate::db::{Db, DbError};

/// One migration: its number, its name and its SQL with marks.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Its place, from 1.
    pub number: i64,
    /// The word it belongs to, and what it does.
    pub name: &'static str,
    /// The SQL, with `{int}`, `{bytes}` and `{strict}`.
    pub sql: &'static str,
}

macro_rules! steps {
    ($($number:literal $name:literal),+ $(,)?) => {
        &[$(Step {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../../../migrations/", $name, ".sql")),
        }),+]
    };
}

/// The records of the hotline.
pub const RECORDS: &[Step] = steps! {
    1 "0001_ledger",
    2 "0002_vault",
    3 "0003_staff",
    4 "0004_report",
    5 "0005_capture",
    6 "0006_assessment",
    7 "0007_provider",
    8 "0008_takedown",
    9 "0009_notice",
    10 "0010_screenshot",
    12 "0012_likeness",
    13 "0013_hashlist",
    14 "0014_hashcheck",
    15 "0015_lists",
    16 "0016_flow",
    22 "0022_video",
    23 "0023_unlooked",
    24 "0024_later_lists",
    27 "0027_evidence",
    32 "0032_reminder",
    33 "0033_visit_order",
    34 "0034_hand_over",
    37 "0037_list_counts",
    45 "0045_chat",
    55 "0055_scheme",
    56 "0056_exposure",
    57 "0057_handover",
    65 "0065_response",
    75 "0075_queue",
    80 "0080_notice_format",
    81 "0081_notice_returned",
};

/// The letterbox: its own database, so that a stolen door reads nothing and a flood of letters
/// cannot hold up the analysts.
pub const LETTERBOX: &[Step] = steps! { 1 "letterbox_0001", 2 "letterbox_0002" };

fn for_engine(sql: &str, postgres: bool) -> String {
    let (bytes, int, strict) = if postgres {
        ("bytea", "bigint", "")
    } else {
        ("blob", "integer", "strict")
    };
    let zeros = "0".repeat(64);
    let genesis = if postgres {
        format!("decode('{zeros}', 'hex')")
    } else {
        format!("x'{zeros}'")
    };
    sql.replace("{int}", int)
        .replace("{bytes}", bytes)
        .replace("{strict}", strict)
        .replace("{genesis}", &genesis)
}

fn migrator(steps: &[Step], postgres: bool, table: &'static str) -> Migrator {
    let migrations = steps
        .iter()
        .map(|step| {
            Migration::new(
                step.number,
                step.name.into(),
                MigrationType::Simple,
                AssertSqlSafe(for_engine(step.sql, postgres)).into_sql_str(),
                false,
            )
        })
        .collect();
    let mut migrator = Migrator::with_migrations(migrations);
    migrator.dangerous_set_table_name(table);
    migrator
}

/// Refuses records that are not those of this program, and changes nothing: for a process whose database
/// user may not change the schema.
///
/// # Errors
/// [`DbError::Migration`] when the records are older or newer than this program.
pub async fn check(db: &Db) -> Result<(), DbError> {
    let last = RECORDS.last().map_or(0, |step| step.number);
    let sql = "select cast(coalesce(max(version), 0) as bigint) as n from _migrations";
    let there = db.count(sql, vec![]).await.unwrap_or(0);
    let sql = "select count(*) as n from _migrations";
    let steps = db.count(sql, vec![]).await.unwrap_or(0);
    // Steps are not all of one age: one in the middle may be newer than the last.
    let all = usize::try_from(steps).is_ok_and(|steps| steps >= RECORDS.len());
    if there < last || there == last && !all {
        let told = format!(
            "it is at step {there} of {last}: start the desk or the workers of this version first, or run \
             `meldpunt client list` where all keys are"
        );
        Err(DbError::Migration(told))
    } else if there > last {
        Err(DbError::Migration(told(&MigrateError::VersionMissing(
            there,
        ))))
    } else {
        Ok(())
    }
}

/// Applies what is missing of `steps`.
///
/// # Errors
/// [`DbError::Migration`] when a file was altered after it was applied, the database is newer than
/// this program, or a statement fails; what was applied before stays applied.
pub async fn run(db: &Db, steps: &'static [Step]) -> Result<(), DbError> {
    let table = if std::ptr::eq(steps, LETTERBOX) {
        "_letterbox_migrations"
    } else {
        "_migrations"
    };
    let ran = match db.backend() {
        sea_orm::DbBackend::Postgres => {
            let pool = db.writer().get_postgres_connection_pool();
            migrator(steps, true, table).run(pool).await
        }
        _ => {
            let pool = db.writer().get_sqlite_connection_pool();
            migrator(steps, false, table).run(pool).await
        }
    };
    ran.map_err(|fault| DbError::Migration(told(&fault)))
}

/// The refusal in words for the person who upgrades.
fn told(fault: &MigrateError) -> String {
    match fault {
        MigrateError::VersionMissing(step) => {
            format!("it was made by a newer Meldpunt (step {step}); start that version instead")
        }
        MigrateError::VersionMismatch(step) => format!(
            "step {step} of its schema is not the one that this version of Meldpunt applies"
        ),
        other => other.to_string(),
    }
}
