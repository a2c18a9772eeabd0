//! The hatch: the page of a provider's abuse desk, opened by a signed link, without an account.
//!
//! It shows what that provider was told of and what of it is still there, takes down what the
//! provider says (removed, not ours, we object), and gives the same list as CSV and JSON. Like the
//! public page it works without script and cookie; unlike it, it opens addresses, and so it runs on
//! the staff side. The link is the only key: it stands in no log, `Referrer` is off, and every
//! reading and every response is a line in the ledger (see `casework::provider_page`).

mod export;
mod page;
mod pressure;
mod said;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use casework::Casework;
use casework::provider_page::PageFault;
use pages::{Language, headers};

use page::Sorry;
use pressure::Pressure;

/// Most bytes of a form: 200 ids and the longest words, percent-encoded.
const MOST_BYTES: usize = 64 * 1024;

/// Everything this face needs; cheap to clone.
#[derive(Clone)]
pub struct Hatch {
    work: Casework,
    pressure: Arc<Pressure>,
    https: bool,
    demonstration: bool,
}

impl Hatch {
    /// A hatch before this casework. `https` says that browsers reach it by TLS.
    #[must_use]
    pub fn new(work: Casework, https: bool, demonstration: bool) -> Self {
        Self {
            work,
            pressure: Arc::new(Pressure::new()),
            https,
            demonstration,
        }
    }
}

/// The face, ready to be served.
pub fn router(hatch: Hatch) -> Router {
    let face = headers::Face::provider(hatch.https);
    let router = Router::new()
        .route("/p/{link}", get(page::show).post(said::say))
        .route("/p/{link}/again", post(said::again))
        .route("/p/{link}/items.csv", get(export::csv))
        .route("/p/{link}/items.json", get(export::json))
        .layer(middleware::from_fn_with_state(
            hatch.clone(),
            pressure::hold_back,
        ))
        .merge(pages::asset::router())
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(hatch);
    headers::guard(router, face)
}

async fn nothing_here(State(hatch): State<Hatch>) -> Response {
    sorry(&hatch, StatusCode::NOT_FOUND, "hatch-no-link", None)
}

/// A page that says why nothing is shown, in both languages, for nobody knows who reads it.
fn sorry(hatch: &Hatch, status: StatusCode, phrase: &str, ended: Option<&str>) -> Response {
    let page = Sorry {
        lang: Language::En,
        site: hatch.work.settings.hotline_name.clone(),
        demonstration: hatch.demonstration,
        says: [Language::En, Language::Nl].map(|lang| (lang, lang.t(phrase))),
        ended: ended.map(str::to_owned),
    };
    pages::answer(status, &page)
}

/// What a fault looks like to the provider. A wrong link is never told from one that never was.
fn fault(hatch: &Hatch, link: &str, fault: &PageFault) -> Response {
    match fault {
        PageFault::NoLink => sorry(hatch, StatusCode::NOT_FOUND, "hatch-no-link", None),
        PageFault::Ended => sorry(hatch, StatusCode::GONE, "hatch-ended", Some(link)),
        PageFault::Work(why) => {
            tracing::error!(%why, "a provider's page was not shown");
            let busy = sorry(hatch, StatusCode::SERVICE_UNAVAILABLE, "hatch-out", None);
            ([("retry-after", "60")], busy).into_response()
        }
    }
}

#[cfg(test)]
mod tests;
