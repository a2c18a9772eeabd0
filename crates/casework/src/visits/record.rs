//! What is kept of a visit beside its pictures.

use capture::Visited;
use serde::Serialize;

use crate::WorkError;

/// What is kept of a visit beside its pictures; sealed under the address.
#[derive(Serialize)]
pub(super) struct Record<'a> {
    asked: &'a str,
    ended_at: Option<&'a str>,
    redirects: &'a [capture::Redirect],
    status: Option<u16>,
    headers: &'a [(String, String)],
    title: Option<&'a str>,
    gate: Option<&'a str>,
    remark: Option<&'static str>,
    links: &'a [String],
    missed: usize,
    left_out: u32,
    complete: bool,
    sandboxed: bool,
    browser: Option<&'a str>,
    connections: Vec<String>,
}

impl<'a> Record<'a> {
    pub(super) fn of(visited: &'a Visited) -> Self {
        Self {
            asked: &visited.address,
            ended_at: visited.final_address.as_deref(),
            redirects: &visited.redirects,
            status: visited.status,
            headers: &visited.headers,
            title: visited.title.as_deref(),
            gate: visited.gate.as_deref(),
            remark: visited.remark.map(capture::Remark::key),
            links: &visited.links,
            missed: visited.missed.len(),
            left_out: visited.left_out,
            complete: visited.complete,
            sandboxed: visited.sandboxed,
            browser: visited.browser_version.as_deref(),
            connections: visited
                .connections
                .iter()
                .map(|made| format!("{made:?}"))
                .collect(),
        }
    }
}

/// The word by which a value of the capture room is stored: its serialised form.
pub(crate) fn word(value: &impl Serialize) -> Result<String, WorkError> {
    match serde_json::to_value(value).map_err(WorkError::json)? {
        serde_json::Value::String(word) => Ok(word),
        other => Ok(other.to_string()),
    }
}
