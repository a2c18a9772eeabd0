//! The ledger, for the auditor: reading it, holding it against its own chain, taking it along.

mod export;
mod filter;
mod reading;
mod verify;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use ground::ledger::Entry;
use pages::{ConsolePage, Language};

use crate::who::{Auditor, Person};
use crate::{Desk, DeskError, Fields, Routes};
use filter::Filter;

/// The pages of the ledger.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/ledger", show)
        .post("/ledger/verify", verify::verify)
        .post("/ledger/export", export::export)
}

/// Lines on one page.
const PAGE: i64 = 100;

/// A line in words.
struct Line {
    entry: Entry,
    /// The name behind the actor's id, when it is a member of staff.
    actor: Option<String>,
    /// The name behind the subject's id, when it is a member of staff.
    subject: Option<String>,
    kind: String,
    details: Vec<(String, String)>,
}

impl Line {
    fn of(lang: Language, names: &BTreeMap<String, String>, entry: Entry) -> Self {
        Self {
            actor: names.get(&entry.actor).cloned(),
            subject: names.get(&entry.subject).cloned(),
            kind: kind_in(lang, &entry.kind),
            details: details(&entry.detail),
            entry,
        }
    }
}

/// The kind of a fact in words; the kind itself when it has none.
fn kind_in(lang: Language, kind: &str) -> String {
    let id = format!("fact-{}", kind.replace('_', "-"));
    if lang.has(&id) {
        lang.t(&id)
    } else {
        kind.to_owned()
    }
}

/// The fields of a fact, as they stand in the ledger.
fn details(detail: &str) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(map)) = serde_json::from_str(detail) else {
        return Vec::new();
    };
    map.into_iter()
        .filter(|(name, value)| name != "fact" && !value.is_null())
        .map(|(name, value)| (name, plainly(value)))
        .collect()
}

/// A value without the quotes and brackets of JSON.
fn plainly(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Array(values) => {
            let parts: Vec<String> = values.into_iter().map(plainly).collect();
            parts.join(", ")
        }
        other => other.to_string(),
    }
}

#[derive(Template)]
#[template(path = "ledger/list.html")]
struct ListPage {
    page: ConsolePage,
    filter: Filter,
    bad_day: bool,
    kinds: Vec<(String, String)>,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
    verdict: Option<verify::Verdict>,
}

/// `GET /ledger`: the latest lines first.
async fn show(
    State(desk): State<Desk>,
    person: Auditor,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let asked = query.unwrap_or_default();
    let fields = Fields::read(asked.as_bytes()).ok_or(DeskError::BadForm)?;
    list(&desk, &person, &fields, None).await
}

async fn list(
    desk: &Desk,
    person: &Person,
    fields: &Fields,
    verdict: Option<verify::Verdict>,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let (filter, bad_day) = Filter::read(fields);
    let before = fields.one("before").parse().ok();
    let mut entries = reading::latest(&desk.db, &filter, before, PAGE + 1).await?;
    let more = entries.len() > usize::try_from(PAGE).unwrap_or(0);
    entries.truncate(usize::try_from(PAGE).unwrap_or(0));
    let older = entries
        .last()
        .filter(|_| more)
        .map(|entry| filter.path(Some(entry.seq)));
    let mut kinds: Vec<(String, String)> = reading::kinds(&desk.db)
        .await?
        .into_iter()
        .map(|kind| (kind_in(lang, &kind), kind))
        .collect();
    kinds.sort();
    let names = names(desk).await?;
    let page = ListPage {
        page: desk.page(person),
        newer: before.map(|_| filter.path(None)),
        older,
        lines: entries
            .into_iter()
            .map(|entry| Line::of(lang, &names, entry))
            .collect(),
        kinds,
        bad_day,
        filter,
        verdict,
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

async fn names(desk: &Desk) -> Result<BTreeMap<String, String>, DeskError> {
    let people = desk.staff.people().await?;
    Ok(people
        .into_iter()
        .map(|account| (account.id.to_string(), account.name.to_string()))
        .collect())
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
