//! The records: one code base on SQLite and PostgreSQL.
//!
//! SeaORM is used as a thin layer that chooses the engine at run time; statements are SQL in the
//! subset both engines share, with `$1` parameters. House rules:
//!
//! * SQLite has one writer connection, begun `IMMEDIATE`, and a few readers (WAL).
//! * A transaction that changes state is begun with [`Db::act`] and cannot be committed without a
//!   ledger line (law 5). Leases, sessions and other upkeep that is no act use [`Db::upkeep`].
//! * Never a network call while a [`Tx`] is alive.
//! * No floats in the records; times are `…_ms` integers, states are text.
//!
//! `BEGIN` runs in its own task: sqlx 0.9.0 leaves a pooled PostgreSQL session inside a transaction
//! when the future that begins it is dropped, and axum drops handlers when a client goes away (P1).

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
    TransactionOptions, TransactionTrait, Value,
};
use sqlx::Executor as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::ask::{Ask, Either};
use crate::ledger::{self, Line};
use crate::{Act, Fact};

/// Makes the parameter list of a statement; each value must have a column form.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::sea_orm::Value::from($value)),*] };
}

/// Why the records could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The engine refused or was out of reach.
    #[error("the database failed")]
    Engine(#[source] DbErr),
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull(#[source] DbErr),
    /// The path or address in the configuration cannot be used.
    #[error("the database at {place} cannot be opened: {why}")]
    CannotOpen {
        /// Where it should be; without password.
        place: String,
        /// What the engine says.
        why: String,
    },
    /// State was about to change without a line in the ledger. A defect of ours.
    #[error("the transaction '{name}' changed state without a ledger line")]
    Unrecorded {
        /// The name of the transaction.
        name: &'static str,
    },
    /// A stored value cannot be read back. A defect of ours, or a damaged database.
    #[error("a stored value cannot be read: {what}")]
    Unreadable {
        /// Table, column and what was wrong; never the value.
        what: String,
    },
    /// A fact was recorded in upkeep, where it would be lost. A defect of ours.
    #[error("the transaction '{name}' recorded a fact without an act")]
    FactInUpkeep {
        /// The name of the transaction.
        name: &'static str,
    },
    /// The database was made by a newer Meldpunt, or a migration was altered.
    #[error("the database cannot be brought up to date: {0}")]
    Migration(String),
}

impl From<DbErr> for DbError {
    fn from(fault: DbErr) -> Self {
        let text = fault.to_string();
        let full = [
            "database or disk is full",
            "No space left on device",
            "could not extend file",
        ];
        if full.iter().any(|sign| text.contains(sign)) {
            Self::DiskFull(fault)
        } else {
            Self::Engine(fault)
        }
    }
}

impl DbError {
    /// Whether a unique constraint was hit: somebody else was first.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        match self {
            Self::Engine(fault) => {
                matches!(
                    fault.sql_err(),
                    Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
                )
            }
            _ => false,
        }
    }
}

/// Makes a PostgreSQL session wait for its commits; what already waits for more is left alone.
const DURABLE: &str = "select set_config('synchronous_commit', 'on', false)
     where current_setting('synchronous_commit') = 'off'";

/// How hard a commit on SQLite presses the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `synchronous=NORMAL`: safe against a crash of the program.
    Normal,
    /// `synchronous=FULL`: safe against a power cut after every commit (law 1).
    Full,
}

/// The records, open; cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Db {
    /// Opens (and makes, when missing) an SQLite database file.
    ///
    /// # Errors
    /// [`DbError::CannotOpen`] with the path and what is wrong.
    pub async fn open_sqlite(path: &Path, durability: Durability) -> Result<Self, DbError> {
        let cannot = |fault: sqlx::Error| DbError::CannotOpen {
            place: path.display().to_string(),
            why: fault.to_string(),
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(match durability {
                Durability::Normal => SqliteSynchronous::Normal,
                Durability::Full => SqliteSynchronous::Full,
            })
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF");
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(cannot)?;
        let reader = SqlitePoolOptions::new()
            .max_connections(4)
            .min_connections(0)
            .connect_with(options.pragma("query_only", "ON"))
            .await
            .map_err(cannot)?;
        Ok(Self {
            writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
            reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
        })
    }

    /// Opens a PostgreSQL database by its address (`postgres://user@host/name`). A server, role or
    /// address that says `synchronous_commit=off` is overruled, so that a commit is durable (law 1).
    ///
    /// # Errors
    /// [`DbError::CannotOpen`] with the host and what is wrong; never the password.
    pub async fn open_postgres(address: &str) -> Result<Self, DbError> {
        let options: PgConnectOptions =
            address
                .parse()
                .map_err(|fault: sqlx::Error| DbError::CannotOpen {
                    place: "the address given".into(),
                    why: fault.to_string(),
                })?;
        let place = format!("{}:{}", options.get_host(), options.get_port());
        let options = options.options([("idle_in_transaction_session_timeout", "30s")]);
        let pool = PgPoolOptions::new()
            .max_connections(12)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute(DURABLE).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(|fault| DbError::CannotOpen {
                place,
                why: fault.to_string(),
            })?;
        let both = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self {
            writer: both.clone(),
            reader: both,
        })
    }

    /// Opens either engine: an address starting with `postgres` or the path of an SQLite file.
    ///
    /// # Errors
    /// As [`Db::open_sqlite`] and [`Db::open_postgres`].
    pub async fn open(place: &str, durability: Durability) -> Result<Self, DbError> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            Self::open_postgres(place).await
        } else {
            Self::open_sqlite(Path::new(place), durability).await
        }
    }

    /// Which engine this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    pub(crate) const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that changes state under `act`; it cannot be committed before at
    /// least one [`Tx::record`].
    ///
    /// # Errors
    /// [`DbError`] when the engine is out of reach.
    pub async fn act(&self, act: &Act, name: &'static str) -> Result<Tx, DbError> {
        Ok(Tx::new(self.begin(name).await?, name, Some(act.clone())))
    }

    /// Begins a transaction for upkeep that is no act: leases, sessions, caches, letters.
    ///
    /// # Errors
    /// [`DbError`] when the engine is out of reach.
    pub async fn upkeep(&self, name: &'static str) -> Result<Tx, DbError> {
        Ok(Tx::new(self.begin(name).await?, name, None))
    }

    async fn begin(&self, name: &'static str) -> Result<DatabaseTransaction, DbError> {
        let writer = self.writer.clone();
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        let begun = tokio::spawn(async move { writer.begin_with_options(options).await }).await;
        match begun {
            Ok(tx) => Ok(tx?),
            Err(_) => Err(DbError::Engine(DbErr::Custom(format!(
                "beginning '{name}' was cut off"
            )))),
        }
    }

    /// Closes the connections after what is under way has ended.
    pub async fn close(self) {
        // Both pools may be the same one (PostgreSQL); closing twice is harmless.
        let _ = self.writer.close().await;
        let _ = self.reader.close().await;
    }
}

impl Ask for Db {
    fn connection(&self) -> Either<'_> {
        Either::Pool(&self.reader)
    }
}

/// A transaction; dropped without [`Tx::commit`] it never happened.
pub struct Tx {
    inner: DatabaseTransaction,
    name: &'static str,
    act: Option<Act>,
    lines: Mutex<Vec<Line>>,
    /// A fact was recorded in upkeep.
    misplaced: AtomicBool,
}

impl Ask for Tx {
    fn connection(&self) -> Either<'_> {
        Either::Tx(&self.inner)
    }
}

impl Tx {
    const fn new(inner: DatabaseTransaction, name: &'static str, act: Option<Act>) -> Self {
        Self {
            inner,
            name,
            act,
            lines: Mutex::new(Vec::new()),
            misplaced: AtomicBool::new(false),
        }
    }

    /// Which engine this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    /// The act under which this transaction was begun; none for upkeep.
    #[must_use]
    pub const fn act(&self) -> Option<&Act> {
        self.act.as_ref()
    }

    /// Runs a statement; the number of rows it changed.
    ///
    /// # Errors
    /// [`DbError`] when the engine refuses.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, DbError> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        Ok(self.inner.execute_raw(statement).await?.rows_affected())
    }

    /// Adds a line to the ledger, written when the transaction commits: what happened to which
    /// thing. Actor, time and reason are the act's; in upkeep, which has none, the commit is then
    /// refused.
    pub fn record(&self, subject: impl std::fmt::Display, fact: &Fact) {
        let Some(act) = &self.act else {
            self.misplaced.store(true, Ordering::Relaxed);
            return;
        };
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Line::new(act, subject.to_string(), fact));
    }

    /// Writes the ledger lines and makes everything durable together.
    ///
    /// # Errors
    /// [`DbError::Unrecorded`] when state was to change without a line; [`DbError::FactInUpkeep`]
    /// when a line had no act to stand under; [`DbError`] when the engine fails. Nothing happened
    /// then.
    pub async fn commit(self) -> Result<(), DbError> {
        let lines = std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner));
        if self.act.is_some() {
            if lines.is_empty() {
                return Err(DbError::Unrecorded { name: self.name });
            }
            ledger::append(&self, &lines).await?;
        }
        if self.misplaced.load(Ordering::Relaxed) {
            return Err(DbError::FactInUpkeep { name: self.name });
        }
        Ok(self.inner.commit().await?)
    }
}

#[cfg(test)]
#[path = "db_tests.rs"]
mod tests;
