//! Letting a provider in, and taking its key away.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ground::{Chance, Reason};
use hashcheck::{CheckError, ClientId, Name, Quota};
use pages::ConsolePage;

use super::{crumbs, new_page, one};
use crate::reasoned::{Again, Wrong, reason_in};
use crate::who::Administrator;
use crate::{Desk, DeskError, Fields};

/// The reason of each form.
pub(super) const ADD: &str = "reason-add";
pub(super) const REVOKE: &str = "reason-revoke";

impl From<CheckError> for DeskError {
    fn from(fault: CheckError) -> Self {
        match fault {
            CheckError::NotFound => Self::NotFound,
            CheckError::Stale | CheckError::Refused(_) => Self::Stale,
            CheckError::Db(fault) => fault.into(),
            other @ CheckError::NameTaken => Self::broken(other),
        }
    }
}

fn parse(fields: &Fields) -> Result<(Name, Quota, Reason), Wrong> {
    let number = |name: &'static str| {
        let typed: Result<u32, _> = fields.trimmed(name).parse();
        let typed = typed.ok().filter(|n| *n > 0);
        typed.ok_or((name, "hash-check-fault-quota"))
    };
    let name = fields.one("name").parse();
    let name = name.map_err(|_| ("name", "hash-check-fault-name"))?;
    let quota = Quota {
        per_minute: number("per-minute")?,
        per_day: number("per-day")?,
    };
    Ok((name, quota, reason_in(fields, ADD)?))
}

#[derive(Template)]
#[template(path = "hash_check/handed_over.html")]
struct HandedOverPage {
    page: ConsolePage,
    name: String,
    key: String,
    href: String,
}

/// `POST /hash-check/new`: lets a provider in and shows its key to hand over, once.
pub(super) async fn add(
    State(desk): State<Desk>,
    person: Administrator,
    fields: Fields,
) -> Result<Response, DeskError> {
    let again = |wrong: Wrong| {
        let again = Again::because(wrong, &fields);
        Ok(new_page(
            &desk,
            &person,
            StatusCode::UNPROCESSABLE_ENTITY,
            &again,
        ))
    };
    let (name, quota, reason) = match parse(&fields) {
        Ok(parsed) => parsed,
        Err(wrong) => return again(wrong),
    };
    let act = person.act(&desk.clock).because(reason);
    let under = desk.vault.keys().hash_check();
    let from: (&Chance, _) = (&desk.chance, &*under);
    let (id, key) = match hashcheck::add(&desk.db, &act, (&name, quota), from).await {
        Err(CheckError::NameTaken) => return again(("name", "hash-check-fault-taken")),
        added => added?,
    };
    let shown = HandedOverPage {
        page: ConsolePage {
            crumbs: crumbs(person.lang()),
            ..desk.page(&person)
        },
        name: name.to_string(),
        key: key.reveal().to_string(),
        href: format!("/hash-check/{id}"),
    };
    Ok(pages::answer(StatusCode::OK, &shown))
}

/// `POST /hash-check/{id}/revoke`.
pub(super) async fn revoke(
    State(desk): State<Desk>,
    person: Administrator,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let id: ClientId = id.parse()?;
    let reason = match reason_in(&fields, REVOKE) {
        Ok(reason) => reason,
        Err(wrong) => {
            let again = Again::because(wrong, &fields);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return one(&desk, &person, id, status, &again).await;
        }
    };
    let act = person.act(&desk.clock).because(reason);
    hashcheck::revoke(&desk.db, &act, id).await?;
    Ok(Redirect::to("/hash-check?told=hash-check-revoked").into_response())
}
