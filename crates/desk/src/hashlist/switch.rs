//! Switching a list off or on, with a reason.

use ::hashlist::ListFault;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ground::{Act, HashListId};

use super::one_page;
use crate::reasoned::{Again, reason_in};
use crate::who::Administrator;
use crate::{Desk, DeskError, Fields};

/// The field of the reason.
pub(super) const REASON: &str = "reason-switch";

/// `POST /lists/{id}/switch`: the list matches from now on, or no longer.
pub(super) async fn switch(
    State(desk): State<Desk>,
    person: Administrator,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let id: HashListId = id.parse()?;
    let (enabled, told) = match fields.one("to") {
        "on" => (true, "hashlist-switched-on"),
        "off" => (false, "hashlist-switched-off"),
        _ => return Err(DeskError::BadForm),
    };
    let why = match reason_in(&fields, REASON) {
        Ok(why) => why,
        Err(wrong) => {
            let again = Again::because(wrong, &fields);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return one_page(&desk, &person, id, status, &again).await;
        }
    };
    let act = Act::by_staff(person.id(), desk.clock.now()).because(why);
    match ::hashlist::set_enabled(&desk.db, &act, id, enabled).await {
        Ok(()) => Ok(Redirect::to(&format!("/lists/{id}?told={told}")).into_response()),
        Err(ListFault::NotFound) => Err(DeskError::NotFound),
        Err(ListFault::Db(fault)) => Err(fault.into()),
    }
}
