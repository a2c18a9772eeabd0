//! What an administrator does with an account: other roles, new credentials, closing it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ground::{Act, ReasonFault, StaffId};
use staff::{Credential, Refusal, StaffError};

use super::{Again, handed_over, person_page, roles_fault, ticked};
use crate::who::Administrator;
use crate::{Desk, DeskError, Fields};

pub(super) const fn reason_fault(fault: ReasonFault) -> &'static str {
    match fault {
        ReasonFault::Empty => "reason-fault-empty",
        ReasonFault::TooLong => "reason-fault-long",
    }
}

/// A form about one account, with its reason; or the page again with what is wrong.
struct Asked {
    desk: Desk,
    person: Administrator,
    id: StaffId,
    form: &'static str,
    fields: Fields,
}

impl Asked {
    /// The act with its reason, from the field `reason-…` of the form; or what is wrong with it.
    fn act(&self, field: &'static str) -> Result<Act, (&'static str, &'static str)> {
        let reason = ground::Reason::parse(self.fields.one(field));
        let reason = reason.map_err(|fault| (field, reason_fault(fault)))?;
        Ok(self.person.act(&self.desk.clock).because(reason))
    }

    async fn again(
        &self,
        reason: &'static str,
        fault: (&'static str, &'static str),
    ) -> Result<Response, DeskError> {
        let account = self.desk.staff.person(self.id).await?;
        let again = Again {
            form: self.form,
            fault: Some(fault),
            reason: self.fields.one(reason).to_owned(),
            ticked: self.fields.all("roles").map(str::to_owned).collect(),
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(person_page(
            &self.desk,
            &self.person,
            account,
            status,
            &again,
        ))
    }

    /// A refused move shown beside the reason; anything else as it is.
    async fn refused(
        &self,
        reason: &'static str,
        fault: StaffError,
    ) -> Result<Response, DeskError> {
        let phrase = match fault {
            StaffError::Refused(Refusal::LastAdministrator) => "people-fault-last",
            StaffError::Refused(Refusal::Closed) => "people-fault-closed",
            StaffError::Refused(Refusal::Roles(fault)) => roles_fault(fault),
            other => return Err(other.into()),
        };
        self.again(reason, (reason, phrase)).await
    }
}

/// `POST /people/{id}/roles`.
pub(super) async fn roles(
    State(desk): State<Desk>,
    person: Administrator,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    const REASON: &str = "reason-roles";
    let (id, seen) = (id.parse()?, fields.seen()?);
    let asked = Asked {
        desk,
        person,
        id,
        form: "roles",
        fields,
    };
    let names: Vec<String> = asked.fields.all("roles").map(str::to_owned).collect();
    let roles = match ticked(&names) {
        Ok(roles) => roles,
        Err(phrase) => return asked.again(REASON, ("roles", phrase)).await,
    };
    let act = match asked.act(REASON) {
        Ok(act) => act,
        Err(fault) => return asked.again(REASON, fault).await,
    };
    match asked.desk.staff.change_roles(&act, id, seen, roles).await {
        Ok(()) => Ok(Redirect::to(&format!("/people/{id}?told=people-roles")).into_response()),
        Err(fault) => asked.refused(REASON, fault).await,
    }
}

/// `POST /people/{id}/reset`: shows the new password to hand over, once.
pub(super) async fn reset(
    State(desk): State<Desk>,
    person: Administrator,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    const REASON: &str = "reason-reset";
    let (id, seen) = (id.parse()?, fields.seen()?);
    let which = match fields.one("which") {
        "password" => Credential::Password,
        "both" => Credential::Both,
        _ => return Err(DeskError::BadForm),
    };
    let asked = Asked {
        desk,
        person,
        id,
        form: "reset",
        fields,
    };
    let act = match asked.act(REASON) {
        Ok(act) => act,
        Err(fault) => return asked.again(REASON, fault).await,
    };
    match asked.desk.staff.reset(&act, id, seen, which).await {
        Ok(password) => {
            let name = asked.desk.staff.person(id).await?.name;
            let account = (name.as_str(), id);
            Ok(handed_over(
                &asked.desk,
                &asked.person,
                account,
                password.reveal(),
            ))
        }
        Err(fault) => asked.refused(REASON, fault).await,
    }
}

/// `POST /people/{id}/close`.
pub(super) async fn close(
    State(desk): State<Desk>,
    person: Administrator,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    const REASON: &str = "reason-close";
    let (id, seen) = (id.parse()?, fields.seen()?);
    let asked = Asked {
        desk,
        person,
        id,
        form: "close",
        fields,
    };
    let act = match asked.act(REASON) {
        Ok(act) => act,
        Err(fault) => return asked.again(REASON, fault).await,
    };
    match asked.desk.staff.close(&act, id, seen).await {
        Ok(()) => Ok(Redirect::to("/people?told=people-closed").into_response()),
        Err(fault) => asked.refused(REASON, fault).await,
    }
}
