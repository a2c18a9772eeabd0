//! The pages for what went wrong, in style and in the language of the path.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use letterbox::SlotError;
use pages::{Language, PublicPage, answer};

use crate::{Door, paths};

#[derive(Template)]
#[template(path = "sorry.html")]
struct SorryPage {
    page: PublicPage,
    title: String,
    says: String,
    show_ways: bool,
}

fn page(door: &Door, language: Language, status: StatusCode, word: &str) -> Response {
    let sorry = SorryPage {
        page: door.page(language, paths::HOME),
        title: language.t(&format!("door-sorry-{word}")),
        says: language.t(&format!("door-sorry-{word}-says")),
        show_ways: status.is_server_error(),
    };
    answer(status, &sorry)
}

pub(crate) async fn not_found(State(door): State<Door>, uri: Uri) -> Response {
    page(
        &door,
        paths::language_of(uri.path()),
        StatusCode::NOT_FOUND,
        "not-found",
    )
}

pub(crate) async fn wrong_method(State(door): State<Door>, uri: Uri) -> Response {
    page(
        &door,
        paths::language_of(uri.path()),
        StatusCode::METHOD_NOT_ALLOWED,
        "method",
    )
}

/// The answer to a form that is no form, or is too big to be one.
pub(crate) fn unreadable(door: &Door, language: Language, status: StatusCode) -> Response {
    let word = if status == StatusCode::PAYLOAD_TOO_LARGE {
        "too-big"
    } else {
        "unreadable"
    };
    page(door, language, status, word)
}

/// Runs the handler to its end even when the sender is gone meanwhile, so that no commit is cut in
/// half, and turns a panic into the page for our own fault.
pub(crate) async fn see_through(
    State(door): State<Door>,
    request: Request,
    next: Next,
) -> Response {
    let language = paths::language_of(request.uri().path());
    match tokio::spawn(next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => page(&door, language, StatusCode::INTERNAL_SERVER_ERROR, "fault"),
    }
}

/// Why a report could not be stored.
pub(crate) const fn phrase_of(fault: SlotError) -> &'static str {
    match fault {
        SlotError::DiskFull => "door-not-stored-full",
        SlotError::OutOfOrder => "door-not-stored-broken",
        SlotError::TooBusy => "door-not-stored-busy",
    }
}

/// Why a receipt could not be looked up.
pub(crate) const fn phrase_of_asking(fault: SlotError) -> &'static str {
    match fault {
        SlotError::DiskFull | SlotError::OutOfOrder => "door-not-asked-broken",
        SlotError::TooBusy => "door-not-asked-busy",
    }
}
