//! One's own account: language, password, sessions.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use pages::{ConsolePage, ErrorSummary, Field, FieldFault, FieldKind, Language};
use staff::{PasswordFault, Session, StaffError};

use crate::sign_in::kept;
use crate::who::{Person, spoken};
use crate::{Desk, DeskError, Fields, Routes};

/// The pages of one's own account.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/me", show)
        .post("/me/language", language)
        .post("/me/password", password)
        .post("/me/sessions", end_session)
}

#[derive(Template)]
#[template(path = "me/me.html")]
struct MePage {
    page: ConsolePage,
    /// The report last worked on that is still theirs.
    left_at: Option<casework::desk::Mine>,
    summary: ErrorSummary,
    fields: [Field; 3],
    languages: Vec<LanguageChoice>,
    sessions: Vec<Session>,
    here: String,
}

/// A language one can choose.
struct LanguageChoice {
    stored: staff::Language,
    spoken: Language,
}

/// `GET /me`.
async fn show(State(desk): State<Desk>, person: Person) -> Result<Response, DeskError> {
    page(&desk, &person, StatusCode::OK, None).await
}

/// The page, with a fault at one of the password's fields when there is one.
async fn page(
    desk: &Desk,
    person: &Person,
    status: StatusCode,
    fault: Option<(&'static str, &'static str)>,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let field = |name: &'static str, label: &str, token| {
        let says = fault
            .filter(|(at, _)| *at == name)
            .map(|(_, phrase)| lang.t(phrase));
        Field::new(name, FieldKind::Secret, lang.t(label))
            .autocomplete(token)
            .fault(says)
    };
    let fields = [
        field("present", "password-present", "current-password"),
        field("chosen", "password-chosen", "new-password").hint(lang.t("password-hint")),
        field("again", "password-again", "new-password"),
    ];
    let faults = fault.map(|(field, phrase)| FieldFault {
        field,
        says: lang.t(phrase),
    });
    let me = MePage {
        page: desk.page(person),
        left_at: desk.work.mine(person.id()).await?.into_iter().next(),
        summary: ErrorSummary::new(lang.t("desk-summary"), faults.into_iter().collect()),
        fields,
        languages: staff::Language::ALL
            .iter()
            .map(|stored| LanguageChoice {
                stored: *stored,
                spoken: spoken(*stored),
            })
            .collect(),
        sessions: desk.staff.sessions(person.session()).await?,
        here: person.session().key.to_string(),
    };
    Ok(pages::answer(status, &me))
}

/// The phrase that says what is wrong with a password.
pub(crate) const fn password_fault(fault: PasswordFault) -> &'static str {
    match fault {
        PasswordFault::TooShort => "password-too-short",
        PasswordFault::TooLong => "password-too-long",
        PasswordFault::IsName => "password-is-name",
        PasswordFault::Repetitive => "password-repetitive",
        PasswordFault::Unchanged => "password-unchanged",
    }
}

/// `POST /me/language`.
async fn language(
    State(desk): State<Desk>,
    person: Person,
    fields: Fields,
) -> Result<Redirect, DeskError> {
    let language = fields
        .one("language")
        .parse()
        .map_err(|_| DeskError::BadForm)?;
    desk.staff.set_language(person.id(), language).await?;
    Ok(Redirect::to("/me?told=me-language"))
}

/// `POST /me/password`: the present one, and a new one typed twice. All other sessions end.
async fn password(
    State(desk): State<Desk>,
    person: Person,
    fields: Fields,
) -> Result<Response, DeskError> {
    let (present, chosen) = (fields.one("present"), fields.one("chosen"));
    let fault = if chosen == fields.one("again") {
        match desk
            .staff
            .change_password(person.session(), present, chosen)
            .await
        {
            Ok(entered) => {
                let on = Redirect::to("/me?told=me-password");
                return Ok((kept(&entered.token), on).into_response());
            }
            Err(StaffError::Password(fault)) => ("chosen", password_fault(fault)),
            Err(StaffError::WrongPassword) => ("present", "password-wrong"),
            Err(StaffError::SignInRefused) => ("present", "password-too-soon"),
            Err(fault) => return Err(fault.into()),
        }
    } else {
        ("again", "password-differs")
    };
    page(
        &desk,
        &person,
        StatusCode::UNPROCESSABLE_ENTITY,
        Some(fault),
    )
    .await
}

/// `POST /me/sessions`: ends one of one's own sessions.
async fn end_session(
    State(desk): State<Desk>,
    person: Person,
    fields: Fields,
) -> Result<Redirect, DeskError> {
    let key = fields
        .one("session")
        .parse()
        .map_err(|_| DeskError::BadForm)?;
    match desk.staff.end_session(person.session(), key).await {
        Ok(()) | Err(StaffError::NotFound) => Ok(Redirect::to("/me?told=me-session")),
        Err(fault) => Err(fault.into()),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
