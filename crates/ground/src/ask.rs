//! Reading the records: one way to ask, at rest and inside a transaction.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, FromQueryResult,
    Statement, Value,
};

use crate::db::DbError;

/// Reading: the same calls on the records at rest ([`Db`]) and inside a transaction ([`Tx`]).
pub trait Ask: Sync {
    /// The connection to ask.
    #[doc(hidden)]
    fn connection(&self) -> Either<'_>;

    /// All rows of a statement.
    ///
    /// # Errors
    /// [`DbError`] when the engine fails or a row cannot be read.
    fn rows<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<T>, DbError>> + Send {
        let either = self.connection();
        let statement = Statement::from_sql_and_values(either.backend(), sql, values);
        async move {
            let rows = match either {
                Either::Pool(pool) => pool.query_all_raw(statement).await?,
                Either::Tx(tx) => tx.query_all_raw(statement).await?,
            };
            rows.iter()
                .map(|row| T::from_query_result(row, "").map_err(unreadable))
                .collect()
        }
    }

    /// The first row of a statement, if there is one.
    ///
    /// # Errors
    /// As [`Ask::rows`].
    fn one<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Option<T>, DbError>> + Send {
        let all = self.rows::<T>(sql, values);
        async move { Ok(all.await?.into_iter().next()) }
    }

    /// The integer in column `n` of the first row; 0 when there is no row. For `count(*) as n`.
    ///
    /// # Errors
    /// As [`Ask::rows`].
    fn count(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<i64, DbError>> + Send {
        let one = self.one::<Counted>(sql, values);
        async move { Ok(one.await?.map_or(0, |row| row.n)) }
    }
}

/// The parameters of `rows` rows of `columns` values each, as they stand after `values`:
/// `($1, $2), ($3, $4)`.
#[must_use]
pub fn tuples(rows: usize, columns: usize) -> String {
    let row = |at: usize| {
        let first = at * columns + 1;
        let places: Vec<String> = (first..first + columns).map(|n| format!("${n}")).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// The parameters of a list of `many` values, as they stand after `in`: `($1, $2, $3)`.
#[must_use]
pub fn places(many: usize) -> String {
    tuples(1, many)
}

#[derive(FromQueryResult)]
struct Counted {
    n: i64,
}

fn unreadable(fault: DbErr) -> DbError {
    DbError::Unreadable {
        what: fault.to_string(),
    }
}

/// A pool or a transaction.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum Either<'a> {
    /// Outside a transaction.
    Pool(&'a DatabaseConnection),
    /// Inside one.
    Tx(&'a DatabaseTransaction),
}

impl Either<'_> {
    fn backend(&self) -> DbBackend {
        match self {
            Self::Pool(pool) => pool.get_database_backend(),
            Self::Tx(tx) => tx.get_database_backend(),
        }
    }
}
