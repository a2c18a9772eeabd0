//! Beginning, writing, putting in force and throwing away.

use assessment::{AssessmentError, SchemeRefusal};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::DeskError as NotDone;

use super::{REASON, TEXT, one};
use crate::reasoned::{Again, reason_in};
use crate::who::Administrator;
use crate::{Desk, DeskError, Fields};

/// `POST /schemes`: a draft of the next version of the one in force.
pub(super) async fn begin(
    State(desk): State<Desk>,
    person: Administrator,
) -> Result<Redirect, DeskError> {
    let no = desk.work.begin_scheme(person.id()).await?;
    Ok(Redirect::to(&format!("/schemes/{no}")))
}

/// What the page says about a refusal, at its field; the failure itself when there is nothing to say.
fn wrong(fault: NotDone) -> Result<(StatusCode, (&'static str, &'static str)), DeskError> {
    let NotDone::Assessment(fault) = fault else {
        return Err(fault.into());
    };
    let (status, phrase) = match fault {
        AssessmentError::NoSuchScheme => return Err(DeskError::NotFound),
        AssessmentError::Stale => (StatusCode::CONFLICT, "scheme-fault-stale"),
        AssessmentError::Scheme(SchemeRefusal::NoDraft) => {
            (StatusCode::CONFLICT, "scheme-fault-no-draft")
        }
        AssessmentError::Scheme(SchemeRefusal::NotHigher { .. }) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "scheme-fault-version")
        }
        AssessmentError::Scheme(SchemeRefusal::Fault(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "scheme-fault-first")
        }
        other => return Err(NotDone::Assessment(other).into()),
    };
    Ok((status, (TEXT, phrase)))
}

/// `POST /schemes/{no}/text`: what was written is kept even with faults, and the page says which.
pub(super) async fn rewrite(
    State(desk): State<Desk>,
    person: Administrator,
    Path(no): Path<i64>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (seen, text) = (fields.seen()?, fields.one(TEXT).to_owned());
    match desk.work.rewrite_scheme(person.id(), no, seen, text).await {
        Ok(()) => Ok(Redirect::to(&format!("/schemes/{no}?told=scheme-kept")).into_response()),
        Err(fault) => {
            let (status, wrong) = wrong(fault)?;
            one(&desk, &person, no, status, &Again::because(wrong, &fields)).await
        }
    }
}

/// `POST /schemes/{no}/activate`: with a reason.
pub(super) async fn activate(
    State(desk): State<Desk>,
    person: Administrator,
    Path(no): Path<i64>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let seen = fields.seen()?;
    let refused = match reason_in(&fields, REASON) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(why) => match desk.work.activate_scheme(person.id(), no, seen, why).await {
            Ok(()) => {
                let then = format!("/schemes/{no}?told=scheme-active");
                return Ok(Redirect::to(&then).into_response());
            }
            Err(fault) => wrong(fault)?,
        },
    };
    let (status, wrong) = refused;
    one(&desk, &person, no, status, &Again::because(wrong, &fields)).await
}

/// `POST /schemes/{no}/drop`.
pub(super) async fn throw_away(
    State(desk): State<Desk>,
    person: Administrator,
    Path(no): Path<i64>,
    fields: Fields,
) -> Result<Response, DeskError> {
    match desk.work.drop_scheme(person.id(), no, fields.seen()?).await {
        Ok(()) => Ok(Redirect::to("/schemes?told=scheme-dropped").into_response()),
        Err(fault) => {
            let (status, wrong) = wrong(fault)?;
            one(&desk, &person, no, status, &Again::because(wrong, &fields)).await
        }
    }
}
