//! The door: the public face, where anybody can leave a letter without saying who they are.
//!
//! It reaches the letterbox and the pages and nothing else: it cannot name a report, an item or an
//! analyst. Every page works without script and cookie, in Dutch and in English (the path decides);
//! a report is taken at `/` and answered there with its receipt, which is never part of an address
//! (IN-2, IN-3, IN-6, IN-8). Nothing about a visitor is written down (IN-1): the only thing counted,
//! in memory and under a key that changes every hour, is how fast reports come from one
//! neighbourhood of the network, and too fast means slower, never refused ([`brake`], IN-11).

pub mod brake;
mod explain;
mod follow;
mod form;
mod paths;
mod settings;
mod sorry;
mod wording;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ground::{Chance, Clock};
use letterbox::Slot;
use pages::{Language, PublicPage, PublicSite, headers};
use zeroize::Zeroizing;

pub use pages::{HelpKind, HelpLine, OtherWay};
pub use settings::DoorSettings;

use brake::Brake;

/// Most bytes of a form: 50 of the longest addresses and three full fields, percent-encoded.
const MOST_BYTES: usize = 1_000_000;

/// Everything the public face needs; cheap to clone.
#[derive(Clone)]
pub struct Door {
    slot: Slot,
    token_key: Arc<Zeroizing<[u8; 32]>>,
    clock: Clock,
    chance: Chance,
    site: Arc<PublicSite>,
    brake: Arc<Brake>,
    exit_to: HeaderValue,
    https: bool,
}

impl Door {
    /// A door in front of this slot. `token_key` seals the hidden field of the form; it must stay the
    /// same over a restart, or a form that was open then gives a second receipt for the same letter.
    #[must_use]
    pub fn new(
        slot: Slot,
        token_key: Zeroizing<[u8; 32]>,
        settings: DoorSettings,
        clock: Clock,
        chance: Chance,
    ) -> Self {
        let brake = Brake::new(clock.clone(), chance.clone(), settings.behind_proxy);
        let exit_to = HeaderValue::from_str(&settings.exit_to)
            .unwrap_or(HeaderValue::from_static(settings::NEUTRAL_SITE));
        Self {
            slot,
            token_key: Arc::new(token_key),
            clock,
            chance,
            https: settings.https,
            site: Arc::new(settings.into_site()),
            brake: Arc::new(brake),
            exit_to,
        }
    }

    fn page(&self, language: Language, paths: [&'static str; 2]) -> PublicPage {
        PublicPage::new(language, Arc::clone(&self.site), paths)
    }
}

/// The public face. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that the
/// brake knows neighbours apart; without that all share one.
pub fn router(door: Door) -> Router {
    let face = headers::Face::public(door.https);
    let mut router = Router::new().route(paths::EXIT, get(leave));
    for language in Language::ALL {
        router = router
            .route(paths::of(paths::HOME, language), form::at(language))
            .route(paths::of(paths::FOLLOW, language), follow::at(language))
            .route(paths::of(paths::EXPLAIN, language), explain::at(language));
    }
    let router = router
        .route(
            "/en/",
            get(async || axum::response::Redirect::permanent("/en")),
        )
        .merge(pages::asset::router())
        .fallback(sorry::not_found)
        .method_not_allowed_fallback(sorry::wrong_method)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(
            door.clone(),
            brake::slow_down,
        ))
        .layer(middleware::from_fn_with_state(
            door.clone(),
            sorry::see_through,
        ))
        .with_state(door);
    headers::guard(router, face)
}

const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");

/// Clears what the browser kept of this site and leaves for the neutral one (IN-8).
async fn leave(State(door): State<Door>) -> Response {
    let clear = HeaderValue::from_static("\"*\"");
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, door.exit_to.clone()), (CLEAR, clear)],
    )
        .into_response()
}

#[cfg(test)]
mod journey_house;
#[cfg(test)]
mod journey_tests;
