//! Police holds: what is held before the provider is told, until when, and letting it go on. A
//! hold whose deadline passed stays here until a human decides; it never goes on by itself.

mod acts;

use ::takedown::{Stage, Which};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::desk::{ListedRemoval, OpenRemoval};
use ground::clock::{DAY_MS, HOUR_MS};
use ground::{Instant, TakedownId};
use pages::{ConsolePage, Crumb, ErrorSummary, Field, Language, Tone};

use crate::reasoned::Again;
use crate::takedown::{Chapter, Chip, age, police_reason, verdict_in, with_removal};
use crate::who::{Person, Releaser};
use crate::{Desk, DeskError, Routes};

/// The pages about police holds.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/holds", list)
        .get("/holds/{id}", show)
        .post("/holds/{id}/release", acts::release)
        .post("/holds/{id}/extend", acts::extend)
}

/// Most holds of one kind that are shown; there are never so many.
const MOST: i64 = 500;

/// By how much a hold can be prolonged: the name of the choice and the time from now, in
/// milliseconds.
const CHOICES: &[(&str, i64)] = &[
    ("4h", 4 * HOUR_MS),
    ("1d", DAY_MS),
    ("3d", 3 * DAY_MS),
    ("7d", 7 * DAY_MS),
    ("14d", 14 * DAY_MS),
];

/// One hold in words.
struct Line {
    removal: ListedRemoval,
    why: String,
    verdict: String,
    deadline: Deadline,
}

/// When somebody must have decided, and how far away that is.
struct Deadline {
    at: Option<i64>,
    chip: Chip,
}

impl Deadline {
    fn of(lang: Language, deadline: Option<Instant>, now: Instant) -> Self {
        let left = deadline.map_or(0, |at| at.since_ms(now));
        let (tone, phrase) = match left {
            ..=0 => (Tone::Bad, "hold-passed"),
            1..DAY_MS => (Tone::Warn, "hold-left"),
            _ => (Tone::Info, "hold-left"),
        };
        let says = lang.t_n(phrase, "age", age(lang, left.abs()));
        Self {
            at: deadline.map(Instant::ms),
            chip: Chip { tone, says },
        }
    }
}

#[derive(Template)]
#[template(path = "holds/list.html")]
struct ListPage {
    page: ConsolePage,
    lapsed: Vec<Line>,
    held: Vec<Line>,
}

/// `GET /holds`: those whose deadline passed first, then by deadline.
async fn list(State(desk): State<Desk>, person: Releaser) -> Result<Response, DeskError> {
    let page = ListPage {
        lapsed: lines(&desk, person.lang(), Stage::HoldLapsed).await?,
        held: lines(&desk, person.lang(), Stage::Held).await?,
        page: desk.page(&person),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

async fn lines(desk: &Desk, lang: Language, stage: Stage) -> Result<Vec<Line>, DeskError> {
    let which = Which {
        stage: Some(stage),
        ..Which::default()
    };
    let mut found = desk.work.removals(which, MOST, 0).await?;
    found.sort_by_key(|removal| removal.listed.hold_deadline_ms);
    let (now, scheme) = (desk.clock.now(), desk.work.scheme().await?);
    let line = |removal: ListedRemoval| Line {
        why: removal
            .listed
            .police_reason
            .map(|why| police_reason(lang, &scheme, why))
            .unwrap_or_default(),
        verdict: verdict_in(lang, removal.listed.verdict),
        deadline: Deadline::of(lang, removal.listed.hold_deadline_ms, now),
        removal,
    };
    Ok(found.into_iter().map(line).collect())
}

/// One choice of a new deadline.
struct Choice {
    name: &'static str,
    label: String,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "holds/one.html")]
struct OnePage {
    page: ConsolePage,
    removal: OpenRemoval,
    lapsed: bool,
    why: String,
    verdict: String,
    deadline: Deadline,
    chapters: Vec<Chapter>,
    choices: Vec<Choice>,
    summary: ErrorSummary,
    deadline_fault: Option<String>,
    release_reason: Field,
    extend_reason: Field,
}

/// `GET /holds/{id}`: one hold, and the two ways to decide. What is not held any more is shown as
/// a hold that was.
async fn show(
    State(desk): State<Desk>,
    person: Releaser,
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
    let (Stage::Held | Stage::HoldLapsed, Some(why)) = (takedown.stage, takedown.police_reason)
    else {
        return Err(DeskError::Told(StatusCode::NOT_FOUND, "hold-fault-none"));
    };
    let now = desk.clock.now();
    let chosen = again.typed("until").unwrap_or("1d");
    let choices = CHOICES.iter().map(|(name, ms)| Choice {
        name,
        label: lang.t_2(
            "hold-choice",
            "age",
            age(lang, *ms),
            "at",
            lang.minute(now.plus_ms(*ms).ms()),
        ),
        ticked: *name == chosen,
    });
    let crumb = Crumb {
        href: "/holds".to_owned(),
        label: lang.t("hold-title"),
    };
    let scheme = desk.work.scheme().await?;
    let shown = OnePage {
        page: ConsolePage {
            crumbs: vec![crumb],
            ..desk.page(person)
        },
        lapsed: takedown.stage == Stage::HoldLapsed,
        why: police_reason(lang, &scheme, why),
        verdict: verdict_in(lang, takedown.verdict),
        deadline: Deadline::of(lang, takedown.hold_deadline_ms, now),
        chapters: with_removal(lang, &scheme, &removal),
        choices: choices.collect(),
        summary: again.summary(lang),
        deadline_fault: again.says(lang, "until"),
        release_reason: again.reason(lang, acts::RELEASE),
        extend_reason: again.reason(lang, acts::EXTEND),
        removal,
    };
    Ok(pages::answer(status, &shown))
}

#[cfg(test)]
mod tests;
