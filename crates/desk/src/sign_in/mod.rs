//! Signing in: password, then code; at the first time a second factor and a password of one's own.
//! And signing out.

mod card;
mod cookie;
mod first_time;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use pages::{Field, FieldKind, Language};
use staff::{Entered, StaffError};

use crate::gate::step_path;
use crate::who::{HalfWay, Person, language_of, token_of};
use crate::{Desk, DeskError, Fields, Routes};
use card::Card;
pub(crate) use cookie::{kept, signed_out};

/// The pages of signing in and out.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in", show)
        .post("/sign-in", send)
        .get("/sign-in/code", show_code)
        .post("/sign-in/code", send_code)
        .get("/sign-in/second-factor", first_time::show_second_factor)
        .post("/sign-in/second-factor", first_time::send_second_factor)
        .get("/sign-in/password", first_time::show_password)
        .post("/sign-in/password", first_time::send_password)
        .post("/sign-in/stop", stop)
        .post("/sign-out", sign_out)
}

/// On to the next step, with the session's new token.
fn on(entered: &Entered) -> Response {
    (kept(&entered.token), Redirect::to(step_path(entered.step))).into_response()
}

/// `GET /sign-in`: name and password; who has a session is led on.
async fn show(
    State(desk): State<Desk>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    if let Some(token) = token_of(&headers)
        && let Some(session) = desk.staff.present(&token).await?
    {
        return Ok(Redirect::to(step_path(session.step())).into_response());
    }
    let lang = language_of(query.as_deref(), &headers);
    Ok(password_card(&desk, lang, "").answer(StatusCode::OK))
}

fn password_card(desk: &Desk, lang: Language, name: &str) -> Card {
    let mut card = Card::new(desk.bare_page(lang, Some("/sign-in")), "sign-in");
    card.action = format!("/sign-in?lang={}", lang.tag());
    card.field(
        "name",
        Field::new("name", FieldKind::Line, lang.t("sign-in-name"))
            .autocomplete("username")
            .value(name),
    )
    .field(
        "password",
        Field::new("password", FieldKind::Secret, lang.t("sign-in-password"))
            .autocomplete("current-password"),
    )
}

/// `POST /sign-in`. One answer for every cause of refusal.
async fn send(
    State(desk): State<Desk>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    fields: Fields,
) -> Result<Response, DeskError> {
    let before = token_of(&headers);
    let (name, password) = (fields.trimmed("name"), fields.one("password"));
    match desk.staff.sign_in(name, password, before.as_ref()).await {
        Ok(entered) => Ok(on(&entered)),
        Err(StaffError::SignInRefused) => {
            let lang = language_of(query.as_deref(), &headers);
            let card = password_card(&desk, lang, name).fault("name", "sign-in-refused");
            Ok(card.answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /sign-in/code`.
async fn show_code(State(desk): State<Desk>, HalfWay(person): HalfWay) -> Response {
    code_card(&desk, &person).answer(StatusCode::OK)
}

fn code_card(desk: &Desk, person: &Person) -> Card {
    let lang = person.lang();
    let mut card = Card::new(desk.half_page(person), "sign-in-code");
    card.action = "/sign-in/code".to_owned();
    card.can_stop = true;
    card.field("code", code_field(lang))
}

fn code_field(lang: Language) -> Field {
    Field::new("code", FieldKind::Digits, lang.t("sign-in-code-field"))
        .autocomplete("one-time-code")
        .longest(7)
}

/// `POST /sign-in/code`.
async fn send_code(
    State(desk): State<Desk>,
    HalfWay(person): HalfWay,
    fields: Fields,
) -> Result<Response, DeskError> {
    match desk
        .staff
        .give_code(person.session(), fields.trimmed("code"))
        .await
    {
        Ok(entered) => Ok(on(&entered)),
        Err(StaffError::SignInRefused) => Ok(code_card(&desk, &person)
            .fault("code", "sign-in-code-refused")
            .answer(StatusCode::UNPROCESSABLE_ENTITY)),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /sign-in/stop`: gives up half a sign-in.
async fn stop(State(desk): State<Desk>, HalfWay(person): HalfWay) -> Result<Response, DeskError> {
    desk.staff.sign_out(person.session()).await?;
    Ok((signed_out(), Redirect::to("/sign-in")).into_response())
}

/// `POST /sign-out`: ends the session here and clears what the browser may have kept (T9).
async fn sign_out(State(desk): State<Desk>, person: Person) -> Result<Response, DeskError> {
    desk.staff.sign_out(person.session()).await?;
    Ok((signed_out(), Redirect::to("/sign-in")).into_response())
}

impl Desk {
    /// The frame of a page for somebody whose sign-in is not finished.
    fn half_page(&self, person: &Person) -> pages::ConsolePage {
        pages::ConsolePage {
            form_token: self.form_token(person),
            ..self.bare_page(person.lang(), None)
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
