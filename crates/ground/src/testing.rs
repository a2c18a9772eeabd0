//! Scratch records for tests: every test of records runs on both engines.
//!
//! SQLite always runs. PostgreSQL runs when `MELDPUNT_TEST_POSTGRES` names a server (the test
//! script starts one); a test that had to leave it out says so on standard error.

use crate::db::{Db, DbError, Durability};
use crate::migrate::{self, Step};

/// A fresh database that is thrown away with the value.
pub struct Scratch {
    /// The open records.
    pub db: Db,
    _folder: Option<tempfile::TempDir>,
}

/// A fresh SQLite database, brought up to date with `steps`.
///
/// # Errors
/// When the temporary folder or the database cannot be made.
pub async fn sqlite(steps: &'static [Step]) -> Result<Scratch, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let db = Db::open_sqlite(&folder.path().join("scratch.db"), Durability::Normal).await?;
    migrate::run(&db, steps).await?;
    Ok(Scratch {
        db,
        _folder: Some(folder),
    })
}

/// A fresh PostgreSQL database, or none when no server is named.
///
/// # Errors
/// When the server is named and cannot be used.
pub async fn postgres(
    steps: &'static [Step],
) -> Result<Option<Scratch>, Box<dyn std::error::Error>> {
    let Ok(server) = std::env::var("MELDPUNT_TEST_POSTGRES") else {
        eprintln!("left out on PostgreSQL: MELDPUNT_TEST_POSTGRES is not set (./test sets it)");
        return Ok(None);
    };
    let name = format!(
        "t{:032x}",
        u128::from_be_bytes(crate::Chance::system().bytes())
    );
    let admin = Db::open_postgres(&server).await?;
    make_database(&admin, &name).await?;
    admin.close().await;
    let cut = server.rfind('/').unwrap_or(server.len());
    let db = Db::open_postgres(&format!("{}/{name}", &server[..cut])).await?;
    migrate::run(&db, steps).await?;
    Ok(Some(Scratch { db, _folder: None }))
}

async fn make_database(admin: &Db, name: &str) -> Result<(), DbError> {
    use sea_orm::ConnectionTrait;
    // The name is made above of hex digits; a database name cannot be a parameter.
    admin
        .writer()
        .execute_unprepared(&format!("create database {name}"))
        .await?;
    Ok(())
}

/// Runs one async test on both engines: `both_engines! { async fn sentence(db: Db) { … } }`.
#[macro_export]
macro_rules! both_engines {
    ($(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block) => {
        $crate::both_engines! { @steps $crate::migrate::RECORDS; $(#[$meta])* async fn $name($db: Db) $body }
    };
    (@steps $steps:expr; $(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a body may need nothing from outside")]
            use super::*;

            async fn body($db: $crate::Db) -> Result<(), Box<dyn std::error::Error>> {
                $body
                #[allow(unreachable_code, reason = "a body may end by returning")]
                Ok(())
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() -> Result<(), Box<dyn std::error::Error>> {
                let scratch = $crate::testing::sqlite($steps).await?;
                body(scratch.db.clone()).await
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() -> Result<(), Box<dyn std::error::Error>> {
                match $crate::testing::postgres($steps).await? {
                    Some(scratch) => body(scratch.db.clone()).await,
                    None => Ok(()),
                }
            }
        }
    };
}
