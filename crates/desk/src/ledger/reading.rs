//! Reading the ledger by filter.

use ground::ledger::Entry;
use ground::sea_orm::{self, FromQueryResult, Value};
use ground::{Ask, Db, DbError, values};

use super::filter::Filter;

const LINE: &str = "select seq, at_ms, actor, kind, subject, reason, detail, hash from ledger";

/// The conditions of a filter, which leave out what was not asked so that the indexes serve.
fn conditions(filter: &Filter) -> (Vec<String>, Vec<Value>) {
    let (mut said, mut values) = (Vec::new(), values![]);
    if !filter.kind.is_empty() {
        values.push(filter.kind.clone().into());
        said.push(format!("kind = ${}", values.len()));
    }
    if !filter.subject.is_empty() {
        values.push(filter.subject.clone().into());
        said.push(format!(
            "(subject = ${n} or actor = ${n})",
            n = values.len()
        ));
    }
    if let Some((from, until)) = filter.span() {
        values.push(from.into());
        said.push(format!("at_ms >= ${}", values.len()));
        values.push(until.into());
        said.push(format!("at_ms < ${}", values.len()));
    }
    (said, values)
}

fn statement(said: &[String], order: &str, limit: usize) -> String {
    let such = if said.is_empty() {
        String::new()
    } else {
        format!("where {}", said.join(" and "))
    };
    format!("{LINE} {such} order by seq {order} limit ${limit}")
}

/// The latest lines that fit, before line `before` when given, at most `limit`.
pub(super) async fn latest(
    db: &Db,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let (mut said, mut values) = conditions(filter);
    if let Some(before) = before {
        values.push(before.into());
        said.push(format!("seq < ${}", values.len()));
    }
    values.push(limit.into());
    db.rows(&statement(&said, "desc", values.len()), values)
        .await
}

/// The lines that fit after line `after`, in order, at most `limit`.
pub(super) async fn onward(
    db: &Db,
    filter: &Filter,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let (mut said, mut values) = conditions(filter);
    values.push(after.into());
    said.push(format!("seq > ${}", values.len()));
    values.push(limit.into());
    db.rows(&statement(&said, "asc", values.len()), values)
        .await
}

#[derive(FromQueryResult)]
struct Kind {
    kind: String,
}

/// The kinds of facts that the ledger holds.
pub(super) async fn kinds(db: &Db) -> Result<Vec<String>, DbError> {
    let rows: Vec<Kind> = db
        .rows("select distinct kind from ledger", values![])
        .await?;
    Ok(rows.into_iter().map(|row| row.kind).collect())
}
