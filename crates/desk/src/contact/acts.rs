//! Deciding about a contact: approving or refusing it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::RemovalError;
use ground::ContactId;

use super::one;
use crate::reasoned::{Again, Wrong, reason_in};
use crate::takedown::phrase_of;
use crate::who::{Analyst, Person};
use crate::{Desk, DeskError, Fields};

/// The reason of each form.
pub(super) const APPROVE: &str = "reason-approve";
pub(super) const REFUSE: &str = "reason-refuse";

/// `POST /contacts/{id}/approve`: what waited for it moves on.
pub(super) async fn approve(
    State(desk): State<Desk>,
    person: Analyst,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (ContactId, _) = (id.parse()?, fields.seen()?);
    let why = match reason_in(&fields, APPROVE) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk.work.approve_contact(person.id(), id, seen, why).await;
    answered(
        &desk,
        &person,
        id,
        (APPROVE, "contact-approved"),
        &fields,
        done.map(|_| ()),
    )
    .await
}

/// `POST /contacts/{id}/refuse`.
pub(super) async fn refuse(
    State(desk): State<Desk>,
    person: Analyst,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (ContactId, _) = (id.parse()?, fields.seen()?);
    let why = match reason_in(&fields, REFUSE) {
        Ok(why) => why,
        Err(wrong) => return again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk.work.refuse_contact(person.id(), id, seen, why).await;
    answered(
        &desk,
        &person,
        id,
        (REFUSE, "contact-refused"),
        &fields,
        done,
    )
    .await
}

pub(super) async fn again(
    desk: &Desk,
    person: &Person,
    id: ContactId,
    wrong: Wrong,
    fields: &Fields,
) -> Result<Response, DeskError> {
    let again = Again::because(wrong, fields);
    one(desk, person, id, StatusCode::UNPROCESSABLE_ENTITY, &again).await
}

/// Back to the contact with what was done; a refusal is told beside the field at fault.
pub(super) async fn answered(
    desk: &Desk,
    person: &Person,
    id: ContactId,
    (field, told): (&'static str, &'static str),
    fields: &Fields,
    done: Result<(), RemovalError>,
) -> Result<Response, DeskError> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/contacts/{id}?told={told}")).into_response()),
        Err(RemovalError::Contact(::provider::Refused::Already(_))) => Err(DeskError::Stale),
        Err(fault) => match phrase_of(&fault) {
            Some(phrase) => again(desk, person, id, (field, phrase), fields).await,
            None => Err(fault.into()),
        },
    }
}
