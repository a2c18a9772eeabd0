//! The two decisions about a police hold: let it go on, or give it more time.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::RemovalError;
use ground::TakedownId;

use super::{CHOICES, one};
use crate::reasoned::{Again, Wrong, reason_in};
use crate::takedown::phrase_of;
use crate::who::{Person, Releaser};
use crate::{Desk, DeskError, Fields};

/// The reason of each form.
pub(super) const RELEASE: &str = "reason-release";
pub(super) const EXTEND: &str = "reason-extend";

/// `POST /holds/{id}/release`.
pub(super) async fn release(
    State(desk): State<Desk>,
    person: Releaser,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (TakedownId, _) = (id.parse()?, fields.seen()?);
    let why = match reason_in(&fields, RELEASE) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk.work.release_hold(person.id(), id, seen, why).await;
    answered(
        &desk,
        &person,
        id,
        (RELEASE, "hold-released"),
        &fields,
        done,
    )
    .await
}

/// `POST /holds/{id}/extend`: the deadline is one of a few, counted from now.
pub(super) async fn extend(
    State(desk): State<Desk>,
    person: Releaser,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (TakedownId, _) = (id.parse()?, fields.seen()?);
    let chosen = CHOICES
        .iter()
        .find(|(name, _)| *name == fields.one("until"));
    let Some((_, ms)) = chosen else {
        let wrong = ("until", "hold-fault-until");
        return again(&desk, &person, id, wrong, &fields).await;
    };
    let why = match reason_in(&fields, EXTEND) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let deadline = desk.clock.now().plus_ms(*ms);
    let done = desk
        .work
        .extend_hold(person.id(), id, seen, deadline, why)
        .await;
    answered(&desk, &person, id, (EXTEND, "hold-extended"), &fields, done).await
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

async fn answered(
    desk: &Desk,
    person: &Person,
    id: TakedownId,
    (field, told): (&'static str, &'static str),
    fields: &Fields,
    done: Result<(), RemovalError>,
) -> Result<Response, DeskError> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/holds?told={told}")).into_response()),
        Err(RemovalError::Move(_)) => Err(DeskError::Stale),
        Err(fault) => match phrase_of(&fault) {
            Some(phrase) => again(desk, person, id, (field, phrase), fields).await,
            None => Err(fault.into()),
        },
    }
}
