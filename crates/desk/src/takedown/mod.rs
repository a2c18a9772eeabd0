//! Takedowns: every illegal item on its way to removal; what stands still, and what to do about it.

mod acts;
mod fault;
mod filter;
mod next;
mod story;
mod words;

use ::takedown::{Observed, Presence, Stage, StageCount};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::desk::{ListedRemoval, OpenRemoval, ShownResponse};
use ground::TakedownId;
use pages::{ConsolePage, Crumb, ErrorSummary, Field, Tone};
use staff::Role;

use crate::reasoned::Again;
use crate::who::{Caseworker, Person};
use crate::{Desk, DeskError, Fields, Routes, response};
use filter::Filter;
use next::Next;

pub(crate) use fault::phrase_of;
pub(crate) use story::{Chapter, chapters, with_removal};
pub(crate) use words::{age, cause_in, police_reason, stage_chip, verdict_in};

/// The pages about takedowns.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/takedowns", list)
        .get("/takedowns/{id}", show)
        .post("/takedowns/{id}/check", acts::check)
        .post("/takedowns/{id}/look-up", acts::look_up)
        .post("/takedowns/{id}/end", acts::end)
}

/// A word with its colour.
pub(crate) struct Chip {
    pub tone: Tone,
    pub says: String,
}

/// One takedown of the list, in words.
struct Line {
    removal: ListedRemoval,
    stage: Chip,
    cause: String,
    age: String,
    seen: String,
}

/// One number above the list.
struct Stat {
    href: &'static str,
    number: i64,
    label: String,
    note: String,
}

#[derive(Template)]
#[template(path = "takedown/list.html")]
struct ListPage {
    page: ConsolePage,
    stats: Vec<Stat>,
    filter: Filter,
    stages: Vec<(Stage, String)>,
    presences: Vec<(Presence, String)>,
    providers: Vec<(String, String)>,
    lines: Vec<Line>,
    earlier: Option<String>,
    later: Option<String>,
}

/// Takedowns on one page.
const PAGE: i64 = 50;

/// `GET /takedowns`: the oldest first, as asked for.
async fn list(
    State(desk): State<Desk>,
    person: Caseworker,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let asked = query.unwrap_or_default();
    let fields = Fields::read(asked.as_bytes()).ok_or(DeskError::BadForm)?;
    let filter = Filter::read(&fields);
    let mut found = desk
        .work
        .removals(filter.which(), PAGE + 1, filter.from)
        .await?;
    let more = found.len() > usize::try_from(PAGE).unwrap_or(0);
    found.truncate(usize::try_from(PAGE).unwrap_or(0));
    let now = desk.clock.now();
    let lines = found.into_iter().map(|removal| {
        let listed = &removal.listed;
        Line {
            stage: stage_chip(lang, listed.stage, listed.presence),
            cause: cause_in(lang, listed.stage, listed.cause),
            age: age(lang, now.since_ms(listed.opened_at_ms)),
            seen: words::seen_in(lang, listed.last_seen),
            removal,
        }
    });
    let providers = ::provider::all(&desk.db).await?;
    let page = ListPage {
        lines: lines.collect(),
        stats: stats(&desk, &person).await?,
        earlier: (filter.from > 0).then(|| filter.path((filter.from - PAGE).max(0))),
        later: more.then(|| filter.path(filter.from + PAGE)),
        stages: Stage::ALL
            .iter()
            .map(|stage| (*stage, words::stage_in(lang, *stage)))
            .collect(),
        presences: Presence::ALL
            .iter()
            .map(|presence| (*presence, words::presence_in(lang, *presence)))
            .collect(),
        providers: providers
            .into_iter()
            .map(|row| (row.id.to_string(), row.name))
            .collect(),
        filter,
        page: desk.page(&person),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

/// What is open, what waits for a human, what waits for the police and for the provider.
async fn stats(desk: &Desk, person: &Person) -> Result<Vec<Stat>, DeskError> {
    let lang = person.lang();
    let counts = ::takedown::by_stage(&desk.db).await?;
    let now = desk.clock.now();
    let number = |wanted: fn(Stage) -> bool| {
        counts
            .iter()
            .filter(|count| wanted(count.stage))
            .map(|count| count.n)
            .sum()
    };
    let oldest = |wanted: fn(Stage) -> bool| {
        let fitting = counts
            .iter()
            .filter(|count: &&StageCount| wanted(count.stage));
        let first = fitting.map(|count| count.oldest_ms).min();
        first.map_or_else(
            || lang.t("takedown-stat-none"),
            |at| lang.t_n("takedown-stat-oldest", "age", age(lang, now.since_ms(at))),
        )
    };
    let stat = |href, label: &str, wanted: fn(Stage) -> bool| Stat {
        href,
        number: number(wanted),
        label: lang.t(label),
        note: oldest(wanted),
    };
    Ok(vec![
        stat("/takedowns?presence=there", "takedown-stat-open", |_| true),
        stat(
            "/takedowns?stage=awaiting-contact&presence=there",
            "takedown-stat-contact",
            |stage| stage == Stage::AwaitingContact,
        ),
        stat(
            "/takedowns?stage=held&presence=there",
            "takedown-stat-held",
            |stage| stage == Stage::Held,
        ),
        stat(
            "/takedowns?stage=hold-lapsed&presence=there",
            "takedown-stat-lapsed",
            |stage| stage == Stage::HoldLapsed,
        ),
        stat(
            "/takedowns?stage=told&presence=there",
            "takedown-stat-told",
            |stage| stage == Stage::Told,
        ),
    ])
}

/// One check in words.
struct CheckLine {
    check: Observed,
    chip: Chip,
    why: String,
}

#[derive(Template)]
#[template(path = "takedown/one.html")]
struct OnePage {
    page: ConsolePage,
    removal: OpenRemoval,
    stage: Chip,
    cause: String,
    verdict: String,
    age: String,
    /// Whether this person may open the report it was judged in.
    may_read_report: bool,
    next: Next,
    chapters: Vec<Chapter>,
    checks: Vec<CheckLine>,
    /// What its provider said, and what came of it, newest first.
    responses: Vec<(ShownResponse, String, String)>,
    summary: ErrorSummary,
    check_reason: Option<Field>,
    look_up_reason: Option<Field>,
    end_reason: Option<Field>,
}

/// `GET /takedowns/{id}`: one takedown as a time line, and what to do next.
async fn show(
    State(desk): State<Desk>,
    person: Caseworker,
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
    id: TakedownId,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let removal = desk.work.open_removal(id).await?;
    let takedown = &removal.takedown;
    let (stage, presence) = (takedown.stage, removal.watch.presence);
    let ended = stage == Stage::Ended;
    let stuck = matches!(
        stage,
        Stage::AwaitingContact | Stage::ToForward | Stage::NotAttributable
    );
    let reason = |wanted: bool, name| wanted.then(|| again.reason(lang, name));
    let checks = removal.checks.iter().map(|check| CheckLine {
        chip: words::observation_chip(lang, check.observation),
        why: words::why_in(lang, check.detail.as_deref()),
        check: check.clone(),
    });
    let given = desk.work.responses_to(id).await?;
    let responses = given.into_iter().map(|given| {
        let said = lang.t(response::said(given.kind));
        let came = response::outcome_in(lang, &given);
        (given, said, came)
    });
    let scheme = desk.work.scheme().await?;
    let shown = OnePage {
        page: ConsolePage {
            crumbs: crumbs(lang),
            ..desk.page(person)
        },
        stage: stage_chip(lang, stage, presence),
        cause: cause_in(lang, stage, takedown.cause),
        verdict: verdict_in(lang, takedown.verdict),
        age: age(lang, desk.clock.now().since_ms(takedown.opened_at_ms)),
        may_read_report: person.roles().any(&[Role::Analyst, Role::Senior]),
        next: Next::of(lang, &removal, person.roles()),
        chapters: with_removal(lang, &scheme, &removal),
        checks: checks.collect(),
        responses: responses.collect(),
        summary: again.summary(lang),
        check_reason: reason(presence != Presence::Ended, acts::CHECK),
        look_up_reason: reason(stuck, acts::LOOK_UP),
        end_reason: reason(!ended, acts::END),
        removal,
    };
    Ok(pages::answer(status, &shown))
}

fn crumbs(lang: pages::Language) -> Vec<Crumb> {
    vec![Crumb {
        href: "/takedowns".to_owned(),
        label: lang.t("takedown-title"),
    }]
}

#[cfg(test)]
mod tests;
