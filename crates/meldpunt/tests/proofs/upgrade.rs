//! Upgrading (T16): a database made by an older Meldpunt is brought up to date with nothing lost, and
//! one made by a newer Meldpunt is refused in a clear sentence.
//!
//! `old/` holds databases as older versions left them, one row at least in every table: an SQLite file
//! and what `pg_dump --inserts` wrote. They are never made anew for a schema that was released; a new
//! schema adds a new pair. `old/rows.sql` is what they were filled with.

use ground::db::{Durability, Tx};
use ground::migrate::{self, Step};
use ground::{Act, Ask as _, Db, Fact, Instant, ledger, testing, values};
use sea_orm::ConnectionTrait as _;

use crate::program::scratch_postgres;
use crate::{Fault, Shown};

/// Lines in the ledger of the databases in `old/`.
const OLD_LINES: i64 = 2;

#[derive(sea_orm::FromQueryResult)]
struct Name {
    name: String,
}

fn plain(fault: Box<dyn std::error::Error>) -> Fault {
    fault.to_string().into()
}

/// The tables of a database, but those of the migrations themselves.
async fn tables(db: &Db) -> Shown<Vec<String>> {
    let sql = match db.backend() {
        sea_orm::DbBackend::Postgres => {
            "select table_name as name from information_schema.tables where table_schema = 'public'"
        }
        _ => "select name from sqlite_master where type = 'table'",
    };
    let rows = db.rows::<Name>(sql, vec![]).await?;
    Ok(rows
        .into_iter()
        .map(|row| row.name)
        .filter(|name| !name.ends_with("_migrations"))
        .collect())
}

async fn rows_of(db: &Db, table: &str) -> Shown<i64> {
    let counted = format!("select count(*) as n from {table}");
    Ok(db.count(&counted, vec![]).await?)
}

async fn nothing_was_lost(db: &Db) -> Shown {
    // Tables that came later are empty, rightly; each that was there keeps every row.
    let mut before = Vec::new();
    for table in tables(db).await? {
        let rows = rows_of(db, &table).await?;
        assert!(
            rows > 0,
            "{table} was empty before the upgrade and shows nothing"
        );
        before.push((table, rows));
    }
    assert!(before.len() > 20, "{before:?}");
    migrate::run(db, migrate::RECORDS).await?;
    for (table, rows) in before {
        assert_eq!(rows_of(db, &table).await?, rows, "{table}");
    }
    let walked = ledger::verify(db, &[], None).await?;
    assert_eq!((walked.lines, walked.damage), (OLD_LINES, None));
    let act = Act::by_worker("proof", Instant::from_ms(1_790_000_000_000));
    let tx = db.act(&act, "go on after the upgrade").await?;
    tx.record("site", &Fact::Canary { healthy: true });
    tx.commit().await?;
    assert_eq!(ledger::verify(db, &[], None).await?.lines, OLD_LINES + 1);
    Ok(())
}

#[tokio::test]
async fn an_old_database_is_brought_up_to_date_on_sqlite() -> Shown {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("records.db");
    std::fs::write(&path, include_bytes!("old/records_0009.db"))?;
    nothing_was_lost(&Db::open_sqlite(&path, Durability::Normal).await?).await
}

#[tokio::test]
async fn an_old_database_is_brought_up_to_date_on_postgres() -> Shown {
    let Some(place) = scratch_postgres().await? else {
        return Ok(());
    };
    let loading = sea_orm::Database::connect(&place).await?;
    // Lines with a backslash speak to psql, not to the server.
    let dump = include_str!("old/records_0009.postgres.sql");
    let sql: Vec<&str> = dump
        .lines()
        .filter(|line| !line.starts_with('\\'))
        .collect();
    loading
        .execute_unprepared("drop table if exists _migrations")
        .await?;
    loading.execute_unprepared(&sql.join("\n")).await?;
    loading.close().await?;
    nothing_was_lost(&Db::open_postgres(&place).await?).await
}

/// Stops at every step of the schema in turn, leaves a line in the ledger, and goes on to the last.
async fn from_every_step(
    fresh: impl AsyncFn(&'static [Step]) -> Shown<Option<testing::Scratch>>,
) -> Shown {
    for steps in 1..=migrate::RECORDS.len() {
        let Some(scratch) = fresh(&migrate::RECORDS[..steps]).await? else {
            return Ok(());
        };
        let tx = scratch
            .db
            .act(&Act::by_worker("proof", Instant::from_ms(1)), "line")
            .await?;
        tx.record("site", &Fact::Canary { healthy: true });
        tx.commit().await?;
        migrate::run(&scratch.db, migrate::RECORDS).await?;
        migrate::run(&scratch.db, migrate::RECORDS).await?;
        let walked = ledger::verify(&scratch.db, &[], None).await?;
        assert_eq!(
            (walked.lines, walked.damage),
            (1, None),
            "from step {steps}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_database_of_any_earlier_step_is_brought_up_to_date() -> Shown {
    from_every_step(async |steps| Ok(Some(testing::sqlite(steps).await.map_err(plain)?))).await?;
    from_every_step(async |steps| testing::postgres(steps).await.map_err(plain)).await
}

async fn refused_when_newer(db: &Db) -> Shown {
    let tx: Tx = db.upkeep("pretend").await?;
    let now = match tx.backend() {
        sea_orm::DbBackend::Postgres => "now()",
        _ => "current_timestamp",
    };
    let sql = format!(
        "insert into _migrations (version, description, installed_on, success, checksum, execution_time)
         values (9999, 'from the future', {now}, true, $1, 0)"
    );
    tx.execute(&sql, values![vec![0_u8; 48]]).await?;
    tx.commit().await?;
    let refused = migrate::run(db, migrate::RECORDS)
        .await
        .err()
        .map(|fault| fault.to_string());
    let says = refused.unwrap_or_default();
    assert!(says.contains("newer Meldpunt"), "{says}");
    Ok(())
}

#[tokio::test]
async fn a_database_made_by_a_newer_meldpunt_is_refused_in_a_clear_sentence() -> Shown {
    let sqlite = testing::sqlite(migrate::RECORDS).await.map_err(plain)?;
    refused_when_newer(&sqlite.db).await?;
    if let Some(postgres) = testing::postgres(migrate::RECORDS).await.map_err(plain)? {
        refused_when_newer(&postgres.db).await?;
    }
    Ok(())
}

/// Fills a database of today's schema for `old/`; run by hand when a schema is about to be released:
/// `cargo test -p meldpunt --test proofs -- --ignored fills_the_databases_of_old` with
/// `MELDPUNT_FILL_SQLITE` or `MELDPUNT_FILL_POSTGRES` naming an empty database.
#[tokio::test]
#[ignore = "makes what the tests above read"]
async fn fills_the_databases_of_old() -> Shown {
    for name in ["MELDPUNT_FILL_SQLITE", "MELDPUNT_FILL_POSTGRES"] {
        let Ok(place) = std::env::var(name) else {
            continue;
        };
        let db = Db::open(&place, Durability::Full).await?;
        migrate::run(&db, migrate::RECORDS).await?;
        let bytes = match db.backend() {
            sea_orm::DbBackend::Postgres => "decode('00ff', 'hex')",
            _ => "x'00ff'",
        };
        let tx = db
            .act(
                &Act::by_worker("proof", Instant::from_ms(1_780_000_000_000)),
                "fill",
            )
            .await?;
        for statement in include_str!("old/rows.sql")
            .split(";\n")
            .filter(|s| !s.trim().is_empty())
        {
            tx.execute(&statement.replace("{bytes}", bytes), vec![])
                .await?;
        }
        tx.record("site", &Fact::Canary { healthy: false });
        tx.record("site", &Fact::Canary { healthy: true });
        tx.commit().await?;
        db.close().await;
    }
    Ok(())
}
