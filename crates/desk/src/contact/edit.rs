//! A contact's mail address and how it is written to: altered, or typed for a new one.

use ::provider::{MailAddress, MailAddressFault, Manner};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ground::{ContactId, ProviderId};

use super::{acts, provider_page};
use crate::reasoned::{Again, Wrong, reason_in};
use crate::takedown::phrase_of;
use crate::who::Analyst;
use crate::{Desk, DeskError, Fields};

/// The fields and the reason of each form.
pub(super) const EMAIL: &str = "email";
pub(super) const LANGUAGE: &str = "language";
pub(super) const FORMAT: &str = "format";
pub(super) const CHANGE: &str = "reason-change";
pub(super) const ADD: &str = "reason-add";

/// The mail address and the manner that were chosen; or what is wrong with them.
fn typed(fields: &Fields) -> Result<(MailAddress, Manner), Wrong> {
    let email = MailAddress::parse(fields.one(EMAIL)).map_err(|fault| match fault {
        MailAddressFault::NotAnAddress => (EMAIL, "contact-fault-email"),
        MailAddressFault::Placeholder => (EMAIL, "contact-fault-placeholder"),
    })?;
    let language = fields.one(LANGUAGE).parse();
    let format = fields.one(FORMAT).parse();
    let manner = Manner {
        language: language.map_err(|_| (LANGUAGE, "contact-fault-language"))?,
        format: format.map_err(|_| (FORMAT, "contact-fault-format"))?,
    };
    Ok((email, manner))
}

/// `POST /contacts/{id}/change`: another address must be approved again.
pub(super) async fn change(
    State(desk): State<Desk>,
    person: Analyst,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (ContactId, _) = (id.parse()?, fields.seen()?);
    let read = typed(&fields).and_then(|to| Ok((to, reason_in(&fields, CHANGE)?)));
    let (to, why) = match read {
        Ok(read) => read,
        Err(wrong) => return acts::again(&desk, &person, id, wrong, &fields).await,
    };
    let done = desk
        .work
        .change_contact(person.id(), id, seen, to, why)
        .await;
    acts::answered(
        &desk,
        &person,
        id,
        (EMAIL, "contact-changed"),
        &fields,
        done,
    )
    .await
}

/// `POST /providers/{id}/contacts`: a contact that a human found.
pub(super) async fn add(
    State(desk): State<Desk>,
    person: Analyst,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let id: ProviderId = id.parse()?;
    let read = typed(&fields).and_then(|to| Ok((to, reason_in(&fields, ADD)?)));
    let wrong = match read {
        Ok(((email, manner), why)) => {
            match desk
                .work
                .add_contact(person.id(), id, email, manner, why)
                .await
            {
                Ok(made) => {
                    let to = format!("/contacts/{made}?told=contact-added");
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(fault) => match phrase_of(&fault) {
                    Some(phrase) => (EMAIL, phrase),
                    None => return Err(fault.into()),
                },
            }
        }
        Err(wrong) => wrong,
    };
    let again = Again::because(wrong, &fields);
    provider_page(&desk, &person, id, StatusCode::UNPROCESSABLE_ENTITY, &again).await
}
