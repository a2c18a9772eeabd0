//! The page with the received messages, their list as JSON, and the switches for misbehaving.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use super::{Letter, MailFaults, Mailbox};
use crate::rendered;

/// The routes: `/`, `/messages.json`, `/messages/{number}/raw`, `/faults` (GET as JSON, POST as form).
pub fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/messages.json", get(messages))
        .route("/messages/{number}/raw", get(raw))
        .route("/faults", get(faults).post(set_faults))
        .with_state(mailbox)
}

#[derive(Template)]
#[template(path = "notices.html")]
struct Notices {
    letters: Vec<Arc<Letter>>,
    faults: MailFaults,
    still: bool,
}

#[derive(Debug, Deserialize)]
struct Look {
    #[serde(default)]
    still: bool,
}

/// Renewing itself is asked for in a header, so that the page can also be had standing still.
const RENEW: (HeaderName, &str) = (header::REFRESH, "5");

async fn list(State(mailbox): State<Mailbox>, Query(look): Query<Look>) -> Response {
    let page = Notices {
        letters: mailbox.letters(),
        faults: mailbox.faults(),
        still: look.still,
    };
    let page = rendered(&page);
    if look.still {
        page.into_response()
    } else {
        ([RENEW], page).into_response()
    }
}

async fn messages(State(mailbox): State<Mailbox>) -> Response {
    let letters = mailbox.letters();
    Json(letters.iter().map(Arc::as_ref).collect::<Vec<_>>()).into_response()
}

async fn raw(State(mailbox): State<Mailbox>, Path(number): Path<u64>) -> Response {
    let found = mailbox
        .letters()
        .into_iter()
        .find(|letter| letter.number == number);
    match found {
        Some(letter) => (
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            letter.raw.clone(),
        )
            .into_response(),
        None => (
            StatusCode::NOT_FOUND,
            "there is no message of that number\n",
        )
            .into_response(),
    }
}

async fn faults(State(mailbox): State<Mailbox>) -> Json<MailFaults> {
    Json(mailbox.faults())
}

/// Sets all faults at once: a switch that is not in the form is off.
async fn set_faults(State(mailbox): State<Mailbox>, Form(faults): Form<MailFaults>) -> Redirect {
    mailbox.set_faults(faults);
    Redirect::to("/?still=true")
}
