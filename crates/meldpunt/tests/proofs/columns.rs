//! The schema walker (T15): every column that can hold text or bytes is listed in `columns.txt` as
//! sealed, or as readable for a written reason; and both engines have the same columns.

use std::collections::{BTreeMap, BTreeSet};

use ground::migrate::{self, Step};
use ground::{Ask as _, Db, testing};

use crate::{Fault, Shown};

/// What a column can hold, whatever the engine calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Bytes,
    Number,
}

impl Holds {
    fn of(engine_type: &str) -> Shown<Self> {
        match engine_type.to_lowercase().as_str() {
            "text" => Ok(Self::Text),
            "blob" | "bytea" => Ok(Self::Bytes),
            "integer" | "bigint" => Ok(Self::Number),
            other => Err(format!("a column of the type {other} is not foreseen").into()),
        }
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Column {
    name: String,
    kind: String,
}

const OF_SQLITE: &str = "select m.name || '.' || c.name as name, c.type as kind
    from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'";
const OF_POSTGRES: &str = "select table_name || '.' || column_name as name, data_type as kind
    from information_schema.columns where table_schema = 'public'";

/// Every column of a database but those of the migrations' own table.
async fn columns(db: &Db) -> Shown<BTreeMap<String, Holds>> {
    let sql = match db.backend() {
        sea_orm::DbBackend::Postgres => OF_POSTGRES,
        _ => OF_SQLITE,
    };
    let rows = db.rows::<Column>(sql, vec![]).await?;
    rows.into_iter()
        .filter(|column| !column.name.contains("_migrations."))
        .map(|column| Ok((column.name, Holds::of(&column.kind)?)))
        .collect()
}

/// The list as written: column, class, reason.
fn listed() -> BTreeMap<String, (String, String)> {
    include_str!("columns.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let mut parts = line.splitn(3, ' ').map(str::trim);
            let mut part = || parts.next().unwrap_or_default().to_owned();
            (part(), (part(), part()))
        })
        .collect()
}

fn scratch_fault(fault: Box<dyn std::error::Error>) -> Fault {
    fault.to_string().into()
}

async fn all_columns() -> Shown<BTreeMap<String, Holds>> {
    let mut all = BTreeMap::new();
    for steps in [migrate::RECORDS, migrate::LETTERBOX] {
        let scratch = testing::sqlite(steps).await.map_err(scratch_fault)?;
        all.extend(columns(&scratch.db).await?);
    }
    Ok(all)
}

#[tokio::test]
async fn every_column_of_text_or_bytes_is_sealed_or_readable_for_a_reason() -> Shown {
    let (columns, listed) = (all_columns().await?, listed());
    let mut wrong = Vec::new();
    for (name, holds) in columns.iter().filter(|(_, holds)| **holds != Holds::Number) {
        let Some((class, reason)) = listed.get(name) else {
            wrong.push(format!("{name} is not listed"));
            continue;
        };
        match (class.as_str(), holds) {
            ("sealed" | "blind" | "hash", Holds::Bytes) | ("hash", Holds::Text) => {}
            ("plain", _) if !reason.is_empty() => {}
            ("plain", _) => wrong.push(format!("{name} is readable without a reason")),
            _ => wrong.push(format!(
                "{name} cannot be '{class}' in a column of {holds:?}"
            )),
        }
    }
    let gone = listed.keys().filter(|name| !columns.contains_key(*name));
    wrong.extend(gone.map(|name| format!("{name} is listed and does not exist")));
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[tokio::test]
async fn no_column_can_hold_who_sent_a_report() -> Shown {
    let telling = [
        "user_agent",
        "agent",
        "cookie",
        "referer",
        "sender_ip",
        "remote",
        "fingerprint",
    ];
    for name in all_columns().await?.into_keys() {
        assert!(!telling.iter().any(|sign| name.contains(sign)), "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn whatever_tells_when_a_letter_came_is_exact_to_the_hour_only() -> Shown {
    // The tables that a letter touches before anybody works on it (IN-9).
    let tables = ["letter.", "answer.", "report.", "address.", "sighting."];
    let of_work = [
        "lease_until_ms",
        "not_before_ms",
        "held_until_ms",
        "closed_at_ms",
        "shredded_at_ms",
    ];
    let wrong: BTreeSet<String> = all_columns()
        .await?
        .into_keys()
        .filter(|name| tables.iter().any(|table| name.starts_with(table)))
        .filter(|name| name.ends_with("_ms") && !name.ends_with("_hour_ms"))
        .filter(|name| !of_work.iter().any(|work| name.ends_with(work)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

async fn same_on_both(steps: &'static [Step]) -> Shown {
    let sqlite = testing::sqlite(steps).await.map_err(scratch_fault)?;
    if let Some(postgres) = testing::postgres(steps).await.map_err(scratch_fault)? {
        assert_eq!(columns(&sqlite.db).await?, columns(&postgres.db).await?);
    }
    Ok(())
}

#[tokio::test]
async fn both_engines_have_the_same_columns() -> Shown {
    same_on_both(migrate::RECORDS).await?;
    same_on_both(migrate::LETTERBOX).await
}
