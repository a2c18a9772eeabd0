//! People: who works here, for the administrator. Every act takes a reason.

mod acts;
mod add;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ground::StaffId;
use pages::{ConsolePage, Crumb, ErrorSummary, Field, FieldFault, FieldKind, Language, Tone};
use staff::{Account, Role, Roles, SecondFactor};

use crate::navigation::role_in;
use crate::who::{Administrator, Person};
use crate::{Desk, DeskError, Routes};

/// The pages about people.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/people", list)
        .get("/people/new", add::show)
        .post("/people/new", add::send)
        .get("/people/{id}", show)
        .post("/people/{id}/roles", acts::roles)
        .post("/people/{id}/reset", acts::reset)
        .post("/people/{id}/close", acts::close)
}

/// An account with how it stands, in words.
struct Line {
    account: Account,
    roles: String,
    tone: Tone,
    state: String,
}

impl Line {
    fn of(lang: Language, account: Account) -> Self {
        let roles: Vec<String> = account
            .roles
            .iter()
            .map(|role| role_in(lang, role))
            .collect();
        let (tone, state) = match &account {
            closed if !closed.is_open() => (Tone::Quiet, "people-state-closed"),
            due if due.change_by_ms.is_some() => (Tone::Warn, "people-state-handed-over"),
            due if due.second_factor == SecondFactor::Due => (Tone::Warn, "people-state-factor"),
            waived if waived.second_factor == SecondFactor::Waived => {
                (Tone::Warn, "people-state-waived")
            }
            _ => (Tone::Good, "people-state-open"),
        };
        Self {
            roles: roles.join(", "),
            tone,
            state: lang.t(state),
            account,
        }
    }
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage {
    page: ConsolePage,
    lines: Vec<Line>,
}

/// `GET /people`: everybody, who left last.
async fn list(State(desk): State<Desk>, person: Administrator) -> Result<Response, DeskError> {
    let people = desk.staff.people().await?;
    let list = ListPage {
        page: desk.page(&person),
        lines: people
            .into_iter()
            .map(|account| Line::of(person.lang(), account))
            .collect(),
    };
    Ok(pages::answer(StatusCode::OK, &list))
}

/// A role to be ticked.
struct Choice {
    role: Role,
    name: String,
    about: String,
    ticked: bool,
}

fn choices(lang: Language, ticked: impl Fn(Role) -> bool) -> Vec<Choice> {
    let choice = |role: &Role| Choice {
        role: *role,
        name: role_in(lang, *role),
        about: lang.t(&format!("role-about-{role}")),
        ticked: ticked(*role),
    };
    Role::ALL.iter().map(choice).collect()
}

/// The roles that were ticked, or the phrase that says what is wrong with them.
fn ticked(names: &[String]) -> Result<Roles, &'static str> {
    let roles: Result<Vec<Role>, _> = names.iter().map(|name| name.parse()).collect();
    let roles = roles.map_err(|_| "desk-fault-form")?;
    Roles::of(roles).map_err(roles_fault)
}

const fn roles_fault(fault: staff::RolesFault) -> &'static str {
    match fault {
        staff::RolesFault::None => "roles-fault-none",
        staff::RolesFault::AdministratorSeesMaterial => "roles-fault-material",
    }
}

/// Which form of the person's page was refused, and what to show again.
#[derive(Default)]
struct Again {
    /// `roles`, `reset` or `close`; empty when none was refused.
    form: &'static str,
    /// The field and the phrase at fault.
    fault: Option<(&'static str, &'static str)>,
    /// The reason as it was typed.
    reason: String,
    /// The roles as they were ticked.
    ticked: Vec<String>,
}

#[derive(Template)]
#[template(path = "people/person.html")]
struct PersonPage {
    page: ConsolePage,
    line: Line,
    summary: ErrorSummary,
    choices: Vec<Choice>,
    roles_fault: Option<String>,
    roles_reason: Field,
    reset_reason: Field,
    close_reason: Field,
}

/// `GET /people/{id}`: one account, and what can be done with it.
async fn show(
    State(desk): State<Desk>,
    person: Administrator,
    Path(id): Path<String>,
) -> Result<Response, DeskError> {
    let account = desk.staff.person(id.parse::<StaffId>()?).await?;
    Ok(person_page(
        &desk,
        &person,
        account,
        StatusCode::OK,
        &Again::default(),
    ))
}

fn person_page(
    desk: &Desk,
    person: &Person,
    account: Account,
    status: StatusCode,
    again: &Again,
) -> Response {
    let lang = person.lang();
    let says = |form: &str, at: &str| {
        let (field, phrase) = again.fault?;
        (again.form == form && field == at).then(|| lang.t(phrase))
    };
    let reason = |form: &str, name: &'static str| {
        let typed = if again.form == form {
            again.reason.as_str()
        } else {
            ""
        };
        reason_field(lang, name, typed, says(form, name))
    };
    let refused = again.form == "roles";
    let faults = again.fault.map(|(field, phrase)| FieldFault {
        field,
        says: lang.t(phrase),
    });
    let shown = PersonPage {
        page: ConsolePage {
            crumbs: crumbs(lang),
            ..desk.page(person)
        },
        summary: ErrorSummary::new(lang.t("desk-summary"), faults.into_iter().collect()),
        choices: choices(lang, |role| {
            if refused {
                again.ticked.iter().any(|name| name == role.as_str())
            } else {
                account.roles.has(role)
            }
        }),
        roles_fault: says("roles", "roles"),
        roles_reason: reason("roles", "reason-roles"),
        reset_reason: reason("reset", "reason-reset"),
        close_reason: reason("close", "reason-close"),
        line: Line::of(lang, account),
    };
    pages::answer(status, &shown)
}

fn crumbs(lang: Language) -> Vec<Crumb> {
    vec![Crumb {
        href: "/people".to_owned(),
        label: lang.t("people-title"),
    }]
}

fn reason_field(lang: Language, name: &'static str, typed: &str, fault: Option<String>) -> Field {
    Field::new(name, FieldKind::Line, lang.t("people-reason"))
        .hint(lang.t("people-reason-hint"))
        .value(typed)
        .fault(fault)
}

#[derive(Template)]
#[template(path = "people/handed_over.html")]
struct HandedOverPage {
    page: ConsolePage,
    name: String,
    password: String,
    href: String,
}

/// The one page that shows a password to hand over. It is not kept and cannot be shown again.
fn handed_over(desk: &Desk, person: &Person, account: (&str, StaffId), password: &str) -> Response {
    let shown = HandedOverPage {
        page: ConsolePage {
            crumbs: crumbs(person.lang()),
            ..desk.page(person)
        },
        name: account.0.to_owned(),
        password: password.to_owned(),
        href: format!("/people/{}", account.1),
    };
    pages::answer(StatusCode::OK, &shown)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
