//! What is done about a notice that failed or is unsure: sending it again, or taking down that it
//! did arrive.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::RemovalError;
use ground::NoticeId;

use super::one;
use crate::reasoned::{Again, Wrong, reason_in};
use crate::takedown::phrase_of;
use crate::who::{Caseworker, Person};
use crate::{Desk, DeskError, Fields};

/// The reason of each form.
pub(super) const RETRY: &str = "reason-retry";
pub(super) const ARRIVED: &str = "reason-arrived";

/// `POST /notices/{id}/retry`.
pub(super) async fn retry(
    State(desk): State<Desk>,
    person: Caseworker,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (NoticeId, _) = (id.parse()?, fields.seen()?);
    let why = match reason_in(&fields, RETRY) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk.work.retry_notice(person.id(), id, seen, why).await;
    answered(&desk, &person, id, (RETRY, "notice-retried"), &fields, done).await
}

/// `POST /notices/{id}/arrived`.
pub(super) async fn arrived(
    State(desk): State<Desk>,
    person: Caseworker,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (NoticeId, _) = (id.parse()?, fields.seen()?);
    let why = match reason_in(&fields, ARRIVED) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk.work.notice_arrived(person.id(), id, seen, why).await;
    answered(
        &desk,
        &person,
        id,
        (ARRIVED, "notice-arrived"),
        &fields,
        done,
    )
    .await
}

async fn again(
    desk: &Desk,
    person: &Person,
    id: NoticeId,
    wrong: Wrong,
    fields: &Fields,
) -> Result<Response, DeskError> {
    let again = Again::because(wrong, fields);
    one(desk, person, id, StatusCode::UNPROCESSABLE_ENTITY, &again).await
}

async fn answered(
    desk: &Desk,
    person: &Person,
    id: NoticeId,
    (field, told): (&'static str, &'static str),
    fields: &Fields,
    done: Result<(), RemovalError>,
) -> Result<Response, DeskError> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/notices/{id}?told={told}")).into_response()),
        // Its forms are gone from the page by now, so there is no field to say it beside.
        Err(RemovalError::Notice(_)) => Err(DeskError::Stale),
        Err(fault) => match phrase_of(&fault) {
            Some(phrase) => again(desk, person, id, (field, phrase), fields).await,
            None => Err(fault.into()),
        },
    }
}
