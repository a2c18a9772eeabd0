//! What providers say that a human must decide about: objections, and hosts that say they are not.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::{RemovalError, ShownResponse};
use ground::{ResponseId, ResponseKind};
use pages::{ConsolePage, ErrorSummary, Field, Language};

use crate::reasoned::{Again, Wrong, reason_in};
use crate::takedown::phrase_of;
use crate::who::{Person, Releaser};
use crate::{Desk, DeskError, Fields, Routes};

/// The reason of the forms.
const REASON: &str = "reason-response";

/// The pages about responses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/responses", list)
        .post("/responses/{id}", decide)
}

/// One response in words.
struct Card {
    response: ShownResponse,
    says: String,
    upheld: String,
    reason: Field,
}

#[derive(Template)]
#[template(path = "response/list.html")]
struct ListPage {
    page: ConsolePage,
    cards: Vec<Card>,
    summary: ErrorSummary,
}

/// `GET /responses`: what waits for a decision, oldest first.
async fn list(State(desk): State<Desk>, person: Releaser) -> Result<Response, DeskError> {
    shown(&desk, &person, StatusCode::OK, None, &Again::default()).await
}

async fn shown(
    desk: &Desk,
    person: &Person,
    status: StatusCode,
    refused: Option<ResponseId>,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let waiting = desk.work.responses_waiting().await?;
    let cards = waiting.into_iter().map(|response| {
        let typed = Again::default();
        let again = if refused == Some(response.id) {
            again
        } else {
            &typed
        };
        Card {
            says: lang.t(said(response.kind)),
            upheld: lang.t(upheld(response.kind)),
            reason: again.reason(lang, REASON),
            response,
        }
    });
    let page = ListPage {
        cards: cards.collect(),
        summary: again.summary(lang),
        page: desk.page(person),
    };
    Ok(pages::answer(status, &page))
}

/// What a provider says, as a phrase.
pub(crate) const fn said(kind: ResponseKind) -> &'static str {
    match kind {
        ResponseKind::Removed => "response-said-removed",
        ResponseKind::NotHost => "response-said-not-host",
        ResponseKind::Objection => "response-said-objection",
    }
}

const fn upheld(kind: ResponseKind) -> &'static str {
    match kind {
        ResponseKind::NotHost => "response-uphold-not-host",
        ResponseKind::Removed | ResponseKind::Objection => "response-uphold",
    }
}

/// `POST /responses/{id}`: with `upheld` the provider is right, without it the request stands.
async fn decide(
    State(desk): State<Desk>,
    person: Releaser,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (id, seen): (ResponseId, _) = (id.parse()?, fields.seen()?);
    let why = match reason_in(&fields, REASON) {
        Ok(why) => why,
        Err(wrong) => return refused(&desk, &person, id, wrong, &fields).await,
    };
    let upheld = match fields.one("decision") {
        "uphold" => true,
        "dismiss" => false,
        _ => return Err(DeskError::BadForm),
    };
    let done = desk
        .work
        .decide_response(person.id(), (id, seen), upheld, why)
        .await;
    match done {
        Ok(()) => Ok(Redirect::to("/responses?told=response-decided").into_response()),
        Err(RemovalError::Move(_)) => Err(DeskError::Stale),
        Err(fault) => match phrase_of(&fault) {
            Some(phrase) => refused(&desk, &person, id, (REASON, phrase), &fields).await,
            None => Err(fault.into()),
        },
    }
}

async fn refused(
    desk: &Desk,
    person: &Person,
    id: ResponseId,
    wrong: Wrong,
    fields: &Fields,
) -> Result<Response, DeskError> {
    let again = Again::because(wrong, fields);
    shown(
        desk,
        person,
        StatusCode::UNPROCESSABLE_ENTITY,
        Some(id),
        &again,
    )
    .await
}

/// What came of a response, in words.
pub(crate) fn outcome_in(lang: Language, response: &ShownResponse) -> String {
    use ground::ResponseOutcome as Outcome;
    lang.t(match response.outcome {
        None => "response-outcome-open",
        Some(Outcome::Checked) => "response-outcome-checked",
        Some(Outcome::OtherHost) => "response-outcome-other-host",
        Some(Outcome::SameHost) => "response-outcome-same-host",
        Some(Outcome::Upheld) => "response-outcome-upheld",
        Some(Outcome::Dismissed) => "response-outcome-dismissed",
    })
}

#[cfg(test)]
mod tests;
