//! The hash-check: which providers may ask, how much each asked, and who asked in an unusual way. Never
//! what was asked: that is kept nowhere.

mod acts;

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ground::clock::DAY_MS;
use hashcheck::{Client, ClientId, Quota, day_of};
use pages::{ConsolePage, Crumb, ErrorSummary, Field, FieldKind, Language, Tone};

use crate::reasoned::Again;
use crate::who::{Administrator, Overseer, Person};
use crate::{Desk, DeskError, Routes};

/// The pages about providers that ask.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/hash-check", list)
        .get("/hash-check/new", new)
        .post("/hash-check/new", acts::add)
        .get("/hash-check/{id}", show)
        .post("/hash-check/{id}/revoke", acts::revoke)
}

/// Days of counts that are shown.
const DAYS: i64 = 14;
/// Alarms that are shown.
const ALARMS: i64 = 50;

/// A client with how it stands, in words.
struct Line {
    client: Client,
    tone: Tone,
    state: String,
}

impl Line {
    fn of(lang: Language, client: Client) -> Self {
        let (tone, state) = match client.revoked_at {
            Some(_) => (Tone::Quiet, "hash-check-revoked"),
            None => (Tone::Good, "hash-check-open"),
        };
        Self {
            tone,
            state: lang.t(state),
            client,
        }
    }
}

/// What one client asked on one day.
struct Asked {
    at_ms: i64,
    id: ClientId,
    name: String,
    checks: i64,
    matches: i64,
    not_checked: i64,
}

/// An unusual way of asking.
struct Alarm {
    at_ms: i64,
    id: ClientId,
    name: String,
    says: String,
}

/// What is told of all clients, or of one.
struct Told {
    days: Vec<Asked>,
    alarms: Vec<Alarm>,
}

async fn told(desk: &Desk, lang: Language, all: &[Client]) -> Result<Told, DeskError> {
    let names: HashMap<ClientId, &str> = all
        .iter()
        .map(|client| (client.id, client.name.as_str()))
        .collect();
    let since = day_of(desk.clock.now()) - DAYS + 1;
    let days = hashcheck::days(&desk.db, since).await?;
    let alarms = hashcheck::alarms(&desk.db, ALARMS).await?;
    let days = days.into_iter().filter_map(|day| {
        Some(Asked {
            at_ms: day.day * DAY_MS,
            id: day.client_id,
            name: (*names.get(&day.client_id)?).to_owned(),
            checks: day.checks,
            matches: day.matches,
            not_checked: day.not_checked,
        })
    });
    let alarms = alarms.into_iter().filter_map(|alarm| {
        Some(Alarm {
            at_ms: alarm.raised_at_ms.ms(),
            id: alarm.client_id,
            name: (*names.get(&alarm.client_id)?).to_owned(),
            says: lang.t(&format!("hash-check-alarm-{}", alarm.kind)),
        })
    });
    Ok(Told {
        days: days.collect(),
        alarms: alarms.collect(),
    })
}

async fn clients(desk: &Desk) -> Result<Vec<Client>, DeskError> {
    let all = hashcheck::clients(&desk.db).await?;
    Ok(all.into_iter().map(|(client, _)| client).collect())
}

#[derive(Template)]
#[template(path = "hash_check/list.html")]
struct ListPage {
    page: ConsolePage,
    decides: bool,
    lines: Vec<Line>,
    told: Told,
}

/// `GET /hash-check`: who may ask, how much was asked, and alarms.
async fn list(State(desk): State<Desk>, person: Overseer) -> Result<Response, DeskError> {
    let lang = person.lang();
    let all = clients(&desk).await?;
    let list = ListPage {
        page: desk.page(&person),
        decides: person.roles().has(staff::Role::Administrator),
        told: told(&desk, lang, &all).await?,
        lines: all
            .into_iter()
            .map(|client| Line::of(lang, client))
            .collect(),
    };
    Ok(pages::answer(StatusCode::OK, &list))
}

#[derive(Template)]
#[template(path = "hash_check/one.html")]
struct OnePage {
    page: ConsolePage,
    line: Line,
    decides: bool,
    summary: ErrorSummary,
    reason: Field,
    told: Told,
}

/// `GET /hash-check/{id}`: one client, and taking its key away.
async fn show(
    State(desk): State<Desk>,
    person: Overseer,
    Path(id): Path<String>,
) -> Result<Response, DeskError> {
    one(
        &desk,
        &person,
        id.parse()?,
        StatusCode::OK,
        &Again::default(),
    )
    .await
}

async fn one(
    desk: &Desk,
    person: &Person,
    id: ClientId,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let mut all = clients(desk).await?;
    all.retain(|client| client.id == id);
    let told = told(desk, lang, &all).await?;
    let client = all.pop().ok_or(DeskError::NotFound)?;
    let shown = OnePage {
        page: ConsolePage {
            crumbs: crumbs(lang),
            ..desk.page(person)
        },
        line: Line::of(lang, client),
        decides: person.roles().has(staff::Role::Administrator),
        summary: again.summary(lang),
        reason: again
            .reason(lang, acts::REVOKE)
            .hint(lang.t("people-reason-hint")),
        told,
    };
    Ok(pages::answer(status, &shown))
}

fn crumbs(lang: Language) -> Vec<Crumb> {
    vec![Crumb {
        href: "/hash-check".to_owned(),
        label: lang.t("hash-check-title"),
    }]
}

#[derive(Template)]
#[template(path = "hash_check/new.html")]
struct NewPage {
    page: ConsolePage,
    summary: ErrorSummary,
    name: Field,
    per_minute: Field,
    per_day: Field,
    reason: Field,
}

/// `GET /hash-check/new`.
async fn new(State(desk): State<Desk>, person: Administrator) -> Response {
    new_page(&desk, &person, StatusCode::OK, &Again::default())
}

fn new_page(desk: &Desk, person: &Person, status: StatusCode, again: &Again) -> Response {
    let lang = person.lang();
    let number = |name: &'static str, usual: u32| {
        let usual = usual.to_string();
        Field::new(name, FieldKind::Line, lang.t(&format!("hash-check-{name}")))
            .hint(lang.t("hash-check-quota-hint"))
            .value(again.typed(name).unwrap_or(&usual))
            .fault(again.says(lang, name))
    };
    let shown = NewPage {
        page: ConsolePage {
            crumbs: crumbs(lang),
            ..desk.page(person)
        },
        summary: again.summary(lang),
        name: Field::new("name", FieldKind::Line, lang.t("hash-check-name"))
            .hint(lang.t("hash-check-name-hint"))
            .longest(60)
            .value(again.typed("name").unwrap_or_default())
            .fault(again.says(lang, "name")),
        per_minute: number("per-minute", Quota::USUAL.per_minute),
        per_day: number("per-day", Quota::USUAL.per_day),
        reason: again
            .reason(lang, acts::ADD)
            .hint(lang.t("people-reason-hint")),
    };
    pages::answer(status, &shown)
}

#[cfg(test)]
mod tests;
