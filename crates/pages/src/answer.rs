//! From a template to an answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// The page as an answer with this status. A page that cannot be written is a plain 500, because
/// nothing better can be promised then.
#[must_use]
pub fn answer(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
