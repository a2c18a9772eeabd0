//! The evidence of a visit: what its signed manifest says, the file without a byte of what was seen,
//! and the hand-over of everything to the police, which one person asks for and another decides.

mod evidence;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::{HandOverError, OpenHandOver};
use ground::HandOverId;
use pages::ConsolePage;

use crate::reasoned::reason_in;
use crate::who::{Caseworker, Releaser};
use crate::{Desk, DeskError, Fields, Routes};
use ::evidence::HandOverState;

/// The pages about evidence.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/hand-over", list)
        .post("/hand-over/{id}/decide", decide)
        .post("/hand-over/{id}/file", file)
        .get("/reports/{report}/visits/{visit}/evidence", evidence::show)
        .post("/reports/{report}/visits/{visit}/evidence", evidence::take)
        .post("/reports/{report}/visits/{visit}/hand-over", evidence::ask)
}

const REASON: &str = "reason-decide";

#[derive(Template)]
#[template(path = "hand_over/list.html")]
struct ListPage {
    page: ConsolePage,
    key: Option<String>,
    /// Those that wait for this person, who did not ask.
    asked: Vec<OpenHandOver>,
    /// Those that wait for somebody else.
    own: Vec<OpenHandOver>,
    /// Those that can be taken.
    approved: Vec<OpenHandOver>,
    decides: bool,
}

/// `GET /hand-over`.
async fn list(State(desk): State<Desk>, person: Caseworker) -> Result<Response, DeskError> {
    let decides = person
        .roles()
        .any(&[staff::Role::Senior, staff::Role::Liaison]);
    let open = desk.work.hand_overs().await?;
    let (approved, asked): (Vec<_>, Vec<_>) = open
        .into_iter()
        .partition(|one| one.hand_over.state == HandOverState::Approved);
    let (asked, own) = asked
        .into_iter()
        .partition(|one| decides && one.hand_over.asked_by != person.id());
    let shown = ListPage {
        key: desk.work.police_key(),
        asked,
        own,
        approved,
        decides,
        page: desk.page(&person),
    };
    Ok(pages::answer(StatusCode::OK, &shown))
}

/// `POST /hand-over/{id}/decide`: with a reason.
async fn decide(
    State(desk): State<Desk>,
    person: Releaser,
    Path(id): Path<HandOverId>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let agrees = match fields.one("decision") {
        "approve" => true,
        "refuse" => false,
        _ => return Err(DeskError::BadForm),
    };
    // The browser asks for a reason by itself; who gets round it is told on a page of its own.
    let why = reason_in(&fields, REASON)
        .map_err(|(_, says)| DeskError::Told(StatusCode::UNPROCESSABLE_ENTITY, says))?;
    desk.work
        .decide_hand_over(person.id(), id, agrees, why)
        .await?;
    let told = if agrees { "approved" } else { "refused" };
    Ok(Redirect::to(&format!("/hand-over?told=hand-over-{told}")).into_response())
}

/// `POST /hand-over/{id}/file`: sealed to the police; in the ledger before it is sent.
async fn file(
    State(desk): State<Desk>,
    person: Releaser,
    Path(id): Path<HandOverId>,
) -> Result<Response, DeskError> {
    let sealed = desk.work.hand_over_file(person.id(), id).await?;
    Ok(attached(
        "application/octet-stream",
        &format!("{id}.wacz.age"),
        sealed,
    ))
}

/// A file that the browser keeps and does not open.
fn attached(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, bytes).into_response()
}

impl From<HandOverError> for DeskError {
    fn from(fault: HandOverError) -> Self {
        match fault {
            HandOverError::NotFound => Self::NotFound,
            HandOverError::NotHeld => Self::Told(StatusCode::CONFLICT, "hand-over-fault-held"),
            HandOverError::NoKey => Self::Told(StatusCode::CONFLICT, "hand-over-fault-key"),
            HandOverError::AskedAlready => {
                Self::Told(StatusCode::CONFLICT, "hand-over-fault-asked")
            }
            HandOverError::Refused(_) => {
                Self::Told(StatusCode::CONFLICT, "hand-over-fault-refused")
            }
            HandOverError::Stale => Self::Stale,
            HandOverError::Work(casework::WorkError::Vault(fault)) => fault.into(),
            HandOverError::Work(casework::WorkError::Db(fault)) => fault.into(),
            HandOverError::Work(fault) => Self::broken(fault),
        }
    }
}

#[cfg(test)]
mod tests;
