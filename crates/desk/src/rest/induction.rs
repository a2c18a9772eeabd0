//! Who is new, how far they have come, and that the next level may come. What they looked at is not told.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ground::StaffId;
use pages::{ConsolePage, ErrorSummary, Field, Language};
use staff::induction::{Level, Newcomer};

use super::level_in;
use crate::reasoned::{Again, reason_in};
use crate::who::Inductor;
use crate::{Desk, DeskError, Fields};

/// The field of the reason why somebody may go on.
const REASON: &str = "reason-level";

#[derive(Template)]
#[template(path = "rest/induction.html")]
struct InductionPage {
    page: ConsolePage,
    people: Vec<Line>,
    summary: ErrorSummary,
    reason: Field,
}

/// Somebody new, in words.
struct Line {
    of: Newcomer,
    level: String,
    next: String,
}

impl Line {
    fn of(lang: Language, of: Newcomer) -> Self {
        Self {
            level: level_in(lang, of.level),
            next: of
                .level
                .next()
                .map_or_else(String::new, |next| level_in(lang, next)),
            of,
        }
    }
}

/// `GET /induction`.
pub(super) async fn show(
    State(desk): State<Desk>,
    person: Inductor,
) -> Result<Response, DeskError> {
    whole(&desk, &person, StatusCode::OK, &Again::default()).await
}

async fn whole(
    desk: &Desk,
    person: &Inductor,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let people = desk.work.newcomers().await?;
    let page = InductionPage {
        page: desk.page(person),
        people: people.into_iter().map(|one| Line::of(lang, one)).collect(),
        summary: again.summary(lang),
        reason: again.reason(lang, REASON),
    };
    Ok(pages::answer(status, &page))
}

/// Who was chosen, and at which level they were seen: `sta_… first`.
fn chosen(fields: &Fields) -> Option<(StaffId, Level)> {
    let (person, level) = fields.one("person").split_once(' ')?;
    Some((person.parse().ok()?, level.parse().ok()?))
}

/// `POST /induction`: the next level, with a reason.
pub(super) async fn raise(
    State(desk): State<Desk>,
    person: Inductor,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (newcomer, seen) = chosen(&fields).ok_or(DeskError::BadForm)?;
    let why = match reason_in(&fields, REASON) {
        Ok(why) => why,
        Err(wrong) => {
            let again = Again::because(wrong, &fields);
            return whole(&desk, &person, StatusCode::UNPROCESSABLE_ENTITY, &again).await;
        }
    };
    if desk
        .work
        .raise_level(person.id(), newcomer, seen, why)
        .await?
    {
        Ok(Redirect::to("/induction?told=rest-level").into_response())
    } else {
        Err(DeskError::Stale)
    }
}
