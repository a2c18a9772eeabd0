//! The page that explains what happens with a report and what we know about who sends it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get};
use pages::{Language, PublicPage, answer};

use crate::{Door, paths};

#[derive(Template)]
#[template(path = "explain.html")]
struct ExplainPage {
    page: PublicPage,
}

pub(crate) fn at(language: Language) -> MethodRouter<Door> {
    get(move |State(door): State<Door>| async move {
        answer(
            StatusCode::OK,
            &ExplainPage {
                page: door.page(language, paths::EXPLAIN),
            },
        )
    })
}
