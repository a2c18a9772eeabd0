//! The list for machines: CSV (RFC 4180) and JSON, one page of items at a time.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::provider_page::{ProviderPage, TheirItem};
use ground::Instant;
use serde::Serialize;

use crate::page::Asked;
use crate::{Hatch, fault};

const HEAD: &str = "id,notice,address,found on,ip,sha-256,told (UTC),last seen (UTC),removed (UTC),\
    there,said,outcome\r\n";

/// One item as machines read it; text and times only (law 3).
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: String,
    notice: Option<&'a str>,
    address: Option<&'a str>,
    found_on: Option<&'a str>,
    ip: Option<&'a str>,
    sha256: Option<&'a str>,
    told_at: Option<String>,
    last_seen_at: Option<String>,
    removed_at: Option<String>,
    there: bool,
    said: Option<&'static str>,
    outcome: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Feed<'a> {
    provider: &'a str,
    link_ends_at: String,
    items: Vec<Row<'a>>,
    /// From where to ask on; none when this was all.
    next: Option<i64>,
}

fn row(item: &TheirItem) -> Row<'_> {
    let time = |at: Option<Instant>| at.map(Instant::rfc3339);
    Row {
        id: item.id.to_string(),
        notice: item.notice.as_deref(),
        address: item.address.as_deref(),
        found_on: item.page.as_deref(),
        ip: item.ip.as_deref(),
        sha256: item.sha256.as_deref(),
        told_at: time(item.told_at),
        last_seen_at: time(item.last_seen_at),
        removed_at: time(item.removed_at),
        there: item.is_there,
        said: item.said.map(|said| said.kind.as_str()),
        outcome: item
            .said
            .and_then(|said| said.outcome)
            .map(|outcome| outcome.as_str()),
    }
}

fn table(page: &ProviderPage) -> String {
    let mut table = HEAD.to_owned();
    for item in &page.items {
        let row = row(item);
        let cells = [
            row.id.as_str(),
            row.notice.unwrap_or(""),
            row.address.unwrap_or(""),
            row.found_on.unwrap_or(""),
            row.ip.unwrap_or(""),
            row.sha256.unwrap_or(""),
            row.told_at.as_deref().unwrap_or(""),
            row.last_seen_at.as_deref().unwrap_or(""),
            row.removed_at.as_deref().unwrap_or(""),
            if row.there { "yes" } else { "no" },
            row.said.unwrap_or(""),
            row.outcome.unwrap_or(""),
        ];
        table.push_str(&cells.map(notice::cell).join(","));
        table.push_str("\r\n");
    }
    table
}

/// `GET /p/{link}/items.csv?from=N`.
pub(crate) async fn csv(
    State(hatch): State<Hatch>,
    Path(link): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match hatch.work.provider_page(&link, asked.from).await {
        Ok(page) => {
            let kind = "text/csv; charset=utf-8; header=present";
            let name = "attachment; filename=\"items.csv\"";
            let head = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_DISPOSITION, name),
            ];
            (head, table(&page)).into_response()
        }
        Err(why) => fault(&hatch, &link, &why),
    }
}

/// `GET /p/{link}/items.json?from=N`.
pub(crate) async fn json(
    State(hatch): State<Hatch>,
    Path(link): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match hatch.work.provider_page(&link, asked.from).await {
        Ok(page) => {
            let shown = i64::try_from(page.items.len()).unwrap_or(0);
            let feed = Feed {
                provider: &page.provider,
                link_ends_at: page.until.rfc3339(),
                items: page.items.iter().map(row).collect(),
                next: page.more.then_some(asked.from.max(0) + shown),
            };
            axum::Json(feed).into_response()
        }
        Err(why) => fault(&hatch, &link, &why),
    }
}
