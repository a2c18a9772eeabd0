//! Previews, and original bytes: never part of a page, fetched once, as an image only (law 3).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::desk::{DeskError as NotDone, RevealToken};
use ground::{ItemId, ReportId, VisitId};

use super::faults::says;
use crate::who::Analyst;
use crate::{Desk, DeskError};

/// `GET /reports/{report}/items/{item}/veiled`: grey and blurred, made where it was decoded.
pub(super) async fn veiled(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
) -> Result<Response, DeskError> {
    let preview = desk.work.veiled(person.id(), report, item).await?;
    let kind = [(header::CONTENT_TYPE, preview.media_type)];
    Ok((kind, preview.bytes.to_vec()).into_response())
}

/// Where revealed material is fetched, or why it is not shown; and whether a limit is near.
#[derive(Default, serde::Serialize)]
struct Revealed {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    near: Option<String>,
}

/// Where the material of a reveal is fetched; or, when the report is not held any more, something comes
/// first, or a limit says no, the words that say so.
pub(super) async fn told(
    desk: &Desk,
    person: &Analyst,
    token: Result<RevealToken, NotDone>,
    under: &str,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let refused = |status: StatusCode, says: Option<String>| {
        let revealed = Revealed {
            says,
            ..Revealed::default()
        };
        Ok((status, Json(revealed)).into_response())
    };
    match token {
        Ok(RevealToken(token)) => Ok(Json(Revealed {
            path: Some(format!("{under}{token}")),
            says: None,
            near: crate::rest::near(desk, lang, person.id()).await?,
        })
        .into_response()),
        Err(NotDone::SheetFirst) => {
            refused(StatusCode::CONFLICT, Some(lang.t("report-sheet-first")))
        }
        Err(NotDone::Stop(stop)) => refused(
            StatusCode::FORBIDDEN,
            Some(crate::rest::stop_in(lang, stop)),
        ),
        Err(fault) if super::faults::is_not_held(&fault) => {
            refused(StatusCode::CONFLICT, says(lang, "lapsed"))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /reports/{report}/items/{item}/reveal`: recorded before anything is shown.
pub(super) async fn reveal(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
) -> Result<Response, DeskError> {
    let token = desk.work.reveal(person.id(), report, item).await;
    told(&desk, &person, token, "/revealed/").await
}

/// `POST /reports/{report}/visits/{visit}/reveal`: the screenshot of a visit.
pub(super) async fn reveal_screenshot(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, visit)): Path<(ReportId, VisitId)>,
) -> Result<Response, DeskError> {
    let token = desk
        .work
        .reveal_screenshot(person.id(), report, visit)
        .await;
    told(&desk, &person, token, "/revealed/").await
}

/// The kinds of image a browser draws and never runs.
const DRAWN: [&str; 7] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/bmp",
    "image/avif",
    "image/tiff",
];

/// `GET /revealed/{token}`: once, to the one who revealed it, into an image on the page. Opened in a
/// tab of its own it is not there, and the token is not used up.
pub(super) async fn revealed(
    State(desk): State<Desk>,
    person: Analyst,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, DeskError> {
    let wanted = headers.get("sec-fetch-dest");
    if wanted.is_some_and(|wanted| wanted.as_bytes() != b"image") {
        return Err(DeskError::NotFound);
    }
    let shown = desk.work.revealed(person.id(), &token).await?;
    let kind = DRAWN
        .into_iter()
        .find(|kind| *kind == shown.media_type)
        .unwrap_or("application/octet-stream");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((headers, shown.bytes.to_vec()).into_response())
}
