//! Taking the ledger along: JSON lines, with the hash of each, so that others can walk the chain.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures_util::stream;
use ground::ledger::Entry;
use ground::{Db, Fact};

use super::filter::Filter;
use super::reading;
use crate::who::Auditor;
use crate::{Desk, DeskError, Fields};

/// Lines read at a time.
const STRIDE: i64 = 1_000;

#[derive(serde::Serialize)]
struct Exported<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    at: String,
    hash: String,
}

/// `POST /ledger/export`: the lines that fit the filter, oldest first; the export itself is recorded
/// before the first line is sent, and is the last line of a whole export.
pub(super) async fn export(
    State(desk): State<Desk>,
    person: Auditor,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (filter, bad_day) = Filter::read(&fields);
    if bad_day {
        return Err(DeskError::BadForm);
    }
    let tx = desk
        .db
        .act(&person.act(&desk.clock), "export the ledger")
        .await?;
    tx.record(
        "site",
        &Fact::Exported {
            what: what(&filter),
        },
    );
    tx.commit().await?;
    let (last, _) = ground::ledger::head(&desk.db).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"ledger.jsonl\"",
        ),
    ];
    Ok((headers, Body::from_stream(lines(desk.db, filter, last))).into_response())
}

/// What the ledger says was exported.
fn what(filter: &Filter) -> String {
    let mut said = vec!["ledger".to_owned()];
    for (name, value) in [
        ("kind", filter.kind.clone()),
        ("subject", filter.subject.clone()),
        ("day", filter.day_typed()),
    ] {
        if !value.is_empty() {
            said.push(format!("{name}={value}"));
        }
    }
    said.join(" ")
}

/// The lines up to `last` as a stream; a failure cuts it off, so that it is not taken for whole.
fn lines(
    db: Db,
    filter: Filter,
    last: i64,
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold(Some(0), move |at| {
        let (db, filter) = (db.clone(), filter.clone());
        async move {
            let Some(after) = at else { return Ok(None) };
            let mut entries = reading::onward(&db, &filter, after, STRIDE)
                .await
                .map_err(std::io::Error::other)?;
            entries.retain(|entry| entry.seq <= last);
            let next = entries.last().map(|entry| entry.seq);
            let mut text = Vec::new();
            for entry in &entries {
                let line = Exported {
                    entry,
                    at: ground::Instant::from_ms(entry.at_ms).rfc3339(),
                    hash: HEXLOWER.encode(&entry.hash),
                };
                serde_json::to_writer(&mut text, &line).map_err(std::io::Error::other)?;
                text.push(b'\n');
            }
            Ok((!text.is_empty()).then(|| (Bytes::from(text), next)))
        }
    })
}
