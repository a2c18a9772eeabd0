//! Adding somebody.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ground::Reason;
use pages::{ConsolePage, ErrorSummary, Field, FieldFault, FieldKind, Language};
use staff::{Name, NewAccount, Roles, StaffError};

use super::{Choice, choices, crumbs, handed_over, reason_field, ticked};
use crate::who::{Administrator, Person};
use crate::{Desk, DeskError, Fields};

#[derive(Template)]
#[template(path = "people/add.html")]
struct AddPage {
    page: ConsolePage,
    summary: ErrorSummary,
    name: Field,
    choices: Vec<Choice>,
    roles_fault: Option<String>,
    english: bool,
    reason: Field,
}

/// What is wrong with which field.
type Faults = Vec<(&'static str, &'static str)>;

/// `GET /people/new`.
pub(super) async fn show(State(desk): State<Desk>, person: Administrator) -> Response {
    page(
        &desk,
        &person,
        StatusCode::OK,
        &Fields::default(),
        &Vec::new(),
    )
}

fn page(
    desk: &Desk,
    person: &Person,
    status: StatusCode,
    typed: &Fields,
    faults: &Faults,
) -> Response {
    let lang = person.lang();
    let says = |at: &str| {
        let fault = faults.iter().find(|(field, _)| *field == at);
        fault.map(|(_, phrase)| lang.t(phrase))
    };
    let summary = faults.iter().map(|(field, phrase)| FieldFault {
        field,
        says: lang.t(phrase),
    });
    let shown = AddPage {
        page: ConsolePage {
            crumbs: crumbs(lang),
            ..desk.page(person)
        },
        summary: ErrorSummary::new(lang.t("desk-summary"), summary.collect()),
        name: Field::new("name", FieldKind::Line, lang.t("people-name"))
            .hint(lang.t("people-name-hint"))
            .longest(Name::MAX_CHARACTERS)
            .value(typed.one("name"))
            .fault(says("name")),
        choices: choices(lang, |role| {
            typed.all("roles").any(|name| name == role.as_str())
        }),
        roles_fault: says("roles"),
        english: match typed.one("language") {
            "" => lang == Language::En,
            tag => tag == "en",
        },
        reason: reason_field(lang, "reason", typed.one("reason"), says("reason")),
    };
    pages::answer(status, &shown)
}

fn parse(fields: &Fields) -> Result<(NewAccount, Reason), Faults> {
    let mut faults = Faults::new();
    let name = Name::parse(fields.one("name"));
    if name.is_err() {
        faults.push(("name", "people-fault-name"));
    }
    let names: Vec<String> = fields.all("roles").map(str::to_owned).collect();
    let roles: Result<Roles, _> = ticked(&names);
    if let Err(phrase) = &roles {
        faults.push(("roles", phrase));
    }
    let reason = fields.reason();
    if let Err(fault) = &reason {
        faults.push(("reason", super::acts::reason_fault(*fault)));
    }
    let language = fields
        .one("language")
        .parse()
        .unwrap_or(staff::Language::Dutch);
    match (name, roles, reason) {
        (Ok(name), Ok(roles), Ok(reason)) => Ok((
            NewAccount {
                name,
                roles,
                language,
            },
            reason,
        )),
        _ => Err(faults),
    }
}

/// `POST /people/new`: makes the account and shows the password to hand over, once.
pub(super) async fn send(
    State(desk): State<Desk>,
    person: Administrator,
    fields: Fields,
) -> Result<Response, DeskError> {
    let again = |faults: &Faults| {
        Ok(page(
            &desk,
            &person,
            StatusCode::UNPROCESSABLE_ENTITY,
            &fields,
            faults,
        ))
    };
    let (new, reason) = match parse(&fields) {
        Ok(parsed) => parsed,
        Err(faults) => return again(&faults),
    };
    let name = new.name.clone();
    let act = person.act(&desk.clock).because(reason);
    match desk.staff.add(&act, new).await {
        Ok((id, password)) => Ok(handed_over(
            &desk,
            &person,
            (name.as_str(), id),
            password.reveal(),
        )),
        Err(StaffError::NameTaken) => again(&vec![("name", "people-fault-taken")]),
        Err(fault) => Err(fault.into()),
    }
}
