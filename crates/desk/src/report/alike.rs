//! The judged picture beside one that looks like it: shown veiled, confirmed or refused with one key.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use casework::desk::{Alike, OpenItem};
use ground::{ItemId, ReportId};
use pages::Tone;

use super::faults::back;
use super::judging::{after_likeness, moved};
use super::view::{Seen, tone};
use crate::who::Analyst;
use crate::{Desk, DeskError};

/// What is proposed for the image at hand, in words.
pub(super) struct Proposed {
    /// Its veiled preview.
    pub picture: String,
    /// Where it is confirmed.
    pub confirm: String,
    /// Where it is refused.
    pub refuse: String,
    /// Same picture or alike, and in how many bits they differ.
    pub says: String,
    /// The verdict.
    pub verdict: String,
    /// How the verdict looks.
    pub tone: Tone,
    /// The words of the button that confirms.
    pub button: String,
}

impl Proposed {
    pub fn of(seen: &Seen, item: &OpenItem, alike: &Alike) -> Self {
        let lang = seen.lang;
        let how = match (alike.same, alike.turned) {
            (_, true) => "report-alike-turned",
            (true, false) => "report-alike-same",
            (false, false) => "report-alike-like",
        };
        let day = lang.day(alike.judged_at.ms());
        let says = match alike.share {
            Some(share) => lang.t_2("report-alike-film", "share", share, "day", day),
            None => lang.t_2(how, "distance", alike.distance, "day", day),
        };
        Self {
            picture: seen.path(item, "/alike"),
            confirm: seen.path(item, "/alike"),
            refuse: seen.path(item, "/not-alike"),
            says,
            verdict: seen.named(alike.verdict, alike.why),
            tone: tone(alike.verdict),
            button: lang.t_n("report-alike-confirm", "n", alike.group),
        }
    }
}

/// `GET /reports/{report}/items/{item}/alike`: the veiled preview of the judged picture.
pub(super) async fn picture(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
) -> Result<Response, DeskError> {
    let preview = desk.work.veiled_alike(person.id(), report, item).await?;
    let kind = [(header::CONTENT_TYPE, preview.media_type)];
    Ok((kind, preview.bytes.to_vec()).into_response())
}

/// `POST /reports/{report}/items/{item}/alike`.
pub(super) async fn confirm(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
    headers: HeaderMap,
) -> Result<Response, DeskError> {
    match desk.work.confirm_alike(person.id(), report, item).await {
        Ok(confirmed) => after_likeness(&desk, &person, (report, item), &confirmed, &headers).await,
        Err(fault) => Ok(moved(&headers, &back(report, fault)?)),
    }
}

/// `POST /reports/{report}/items/{item}/not-alike`.
pub(super) async fn refuse(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
    headers: HeaderMap,
) -> Result<Response, DeskError> {
    match desk.work.refuse_alike(person.id(), report, item).await {
        Ok(()) => after_likeness(&desk, &person, (report, item), &[], &headers).await,
        Err(fault) => Ok(moved(&headers, &back(report, fault)?)),
    }
}
