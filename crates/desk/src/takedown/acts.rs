//! What is done about a takedown: looking now, another look-up, ending it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::RemovalError;
use ground::TakedownId;

use super::{one, phrase_of};
use crate::reasoned::{Again, Wrong, reason_in};
use crate::who::{Caseworker, Person};
use crate::{Desk, DeskError, Fields};

/// The reason of each form.
pub(super) const CHECK: &str = "reason-check";
pub(super) const LOOK_UP: &str = "reason-look-up";
pub(super) const END: &str = "reason-end";

/// `POST /takedowns/{id}/check`.
pub(super) async fn check(
    State(desk): State<Desk>,
    person: Caseworker,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let id: TakedownId = id.parse()?;
    let why = match reason_in(&fields, CHECK) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk.work.check_now(person.id(), id, why).await;
    answered(&desk, &person, id, (CHECK, "takedown-check"), &fields, done).await
}

/// `POST /takedowns/{id}/look-up`.
pub(super) async fn look_up(
    State(desk): State<Desk>,
    person: Caseworker,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (TakedownId, _) = (id.parse()?, fields.seen()?);
    let why = match reason_in(&fields, LOOK_UP) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk.work.look_up_again(person.id(), id, seen, why).await;
    answered(
        &desk,
        &person,
        id,
        (LOOK_UP, "takedown-look-up"),
        &fields,
        done,
    )
    .await
}

/// `POST /takedowns/{id}/end`.
pub(super) async fn end(
    State(desk): State<Desk>,
    person: Caseworker,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (TakedownId, _) = (id.parse()?, fields.seen()?);
    let why = match reason_in(&fields, END) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk.work.end_takedown(person.id(), id, seen, why).await;
    answered(&desk, &person, id, (END, "takedown-end"), &fields, done).await
}

async fn again(
    desk: &Desk,
    person: &Person,
    id: TakedownId,
    wrong: Wrong,
    fields: &Fields,
) -> Result<Response, DeskError> {
    let again = Again::because(wrong, fields);
    one(desk, person, id, StatusCode::UNPROCESSABLE_ENTITY, &again).await
}

/// Back to the page with what was done; a refusal is told beside the reason of its form.
async fn answered(
    desk: &Desk,
    person: &Person,
    id: TakedownId,
    (field, told): (&'static str, &'static str),
    fields: &Fields,
    done: Result<(), RemovalError>,
) -> Result<Response, DeskError> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/takedowns/{id}?told={told}")).into_response()),
        Err(fault) => match phrase_of(&fault) {
            Some(phrase) => again(desk, person, id, (field, phrase), fields).await,
            None => Err(fault.into()),
        },
    }
}
