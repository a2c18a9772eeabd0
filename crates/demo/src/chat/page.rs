//! Two telephones in a browser: on each a visitor can write to the hotline's chat line.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{App, Bubble, Platforms};
use crate::rendered;

/// The routes: `/` with the telephone, `/said` with what stands on it, `/write`.
pub fn router(platforms: Platforms) -> Router {
    Router::new()
        .route("/", get(phone))
        .route("/said", get(said))
        .route("/write", post(write))
        .with_state(platforms)
}

/// Whose telephone it is unless the address says another: numbers nobody has.
const USUAL: &str = "31970000000001";

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    app: String,
    #[serde(default)]
    who: String,
}

impl Which {
    fn app(&self) -> App {
        App::named(&self.app)
    }

    /// Digits only: the id stands in addresses and in what the platforms send.
    fn who(&self) -> String {
        let digits: String = self
            .who
            .chars()
            .filter(char::is_ascii_digit)
            .take(15)
            .collect();
        if digits.is_empty() {
            USUAL.to_owned()
        } else {
            digits
        }
    }
}

#[derive(Template)]
#[template(path = "phone.html")]
struct Phone {
    app: App,
    who: String,
    another: String,
}

async fn phone(Query(which): Query<Which>) -> Response {
    let who = which.who();
    let another = who.parse::<u64>().map_or(0, |number| number + 1);
    rendered(&Phone {
        app: which.app(),
        who,
        another: another.to_string(),
    })
    .into_response()
}

#[derive(Template)]
#[template(path = "said.html")]
struct Said {
    bubbles: Vec<Bubble>,
}

const RENEW: (HeaderName, &str) = (header::REFRESH, "1");

async fn said(State(platforms): State<Platforms>, Query(which): Query<Which>) -> Response {
    let (app, who) = (which.app(), which.who());
    let mut bubbles = platforms.bubbles();
    bubbles.retain(|bubble| bubble.app == app && bubble.who == who);
    // The newest stands first, where it is seen without scrolling.
    bubbles.reverse();
    ([RENEW], rendered(&Said { bubbles })).into_response()
}

#[derive(Debug, Deserialize)]
struct Written {
    app: String,
    who: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    picture: Option<String>,
}

async fn write(State(platforms): State<Platforms>, Form(written): Form<Written>) -> Response {
    let which = Which {
        app: written.app,
        who: written.who,
    };
    let (app, who) = (which.app(), which.who());
    let back = format!("/?app={}&who={who}", app.name());
    if written.text.trim().is_empty() && written.picture.is_none() {
        return Redirect::to(&back).into_response();
    }
    let picture = written.picture.is_some();
    match platforms
        .write(app, &who, written.text.trim(), picture, now_s())
        .await
    {
        Ok(()) => Redirect::to(&back).into_response(),
        Err(fault) => (
            StatusCode::BAD_GATEWAY,
            format!("Not delivered: {fault}.\n"),
        )
            .into_response(),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the platforms have a clock of their own"
)]
fn now_s() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}
