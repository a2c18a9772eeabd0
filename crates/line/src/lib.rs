//! The line: the face to which chat platforms bring what people wrote.
//!
//! Like the door it can write and not read: it makes sure that the platform sent it, seals the bytes
//! unread to the hotline's public key, stores them, and only then acknowledges (CH-1). It parses
//! nothing of what people wrote and knows no conversation. Of secrets it holds only those by which it
//! knows the platforms; the tokens with which the hotline speaks are on the staff side.
//!
//! Its answers are empty, whatever came: what is in an answer to Telegram would be carried out as a
//! command.

mod secret;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ground::Platform;
use letterbox::{Inlet, MAX_ENVELOPE_BYTES};

pub use secret::Secret;

/// Where WhatsApp brings what people wrote.
pub const WHATSAPP: &str = "/chat/whatsapp";
/// Where Telegram brings what people wrote.
pub const TELEGRAM: &str = "/chat/telegram";
/// Where a watcher may ask whether the line is open.
pub const HEALTH: &str = "/chat/health";

/// By what WhatsApp is known.
pub struct WhatsApp {
    /// The secret of the app, which signs every delivery.
    pub app_secret: Secret,
    /// The word that was agreed on when the webhook was set up.
    pub verify_token: Secret,
}

/// The platforms that are let in.
#[derive(Default)]
pub struct Platforms {
    /// WhatsApp, when there is a number.
    pub whatsapp: Option<WhatsApp>,
    /// The word in the header of every delivery of Telegram, when there is a bot with a webhook.
    pub telegram: Option<Secret>,
}

struct Line {
    inlet: Inlet,
    platforms: Platforms,
}

/// The face.
pub fn router(inlet: Inlet, platforms: Platforms) -> Router {
    let line = Arc::new(Line { inlet, platforms });
    Router::new()
        .route(WHATSAPP, get(shake_hands).post(from_whatsapp))
        .route(TELEGRAM, post(from_telegram))
        .route(HEALTH, get(health))
        .layer(DefaultBodyLimit::max(MAX_ENVELOPE_BYTES))
        .with_state(line)
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Handshake {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
    #[serde(rename = "hub.verify_token")]
    token: String,
}

/// WhatsApp asks once whether this is the right place; what it asks with is given back.
async fn shake_hands(State(line): State<Arc<Line>>, Query(asked): Query<Handshake>) -> Response {
    let Some(whatsapp) = &line.platforms.whatsapp else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let known = whatsapp.verify_token.is(&asked.token);
    // The challenge is a number; nothing else is ever given back.
    let number = asked.challenge.len() <= 40 && asked.challenge.bytes().all(|b| b.is_ascii_digit());
    if asked.mode == "subscribe" && known && number {
        let plain = HeaderValue::from_static("text/plain");
        ([(header::CONTENT_TYPE, plain)], asked.challenge).into_response()
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

async fn from_whatsapp(
    State(line): State<Arc<Line>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(whatsapp) = &line.platforms.whatsapp else {
        return StatusCode::NOT_FOUND;
    };
    let signature = text(&headers, "x-hub-signature-256");
    if whatsapp.app_secret.signed(&body, signature) {
        line.take(Platform::Whatsapp, &body).await
    } else {
        StatusCode::UNAUTHORIZED
    }
}

async fn from_telegram(
    State(line): State<Arc<Line>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(secret) = &line.platforms.telegram else {
        return StatusCode::NOT_FOUND;
    };
    if secret.is(text(&headers, "x-telegram-bot-api-secret-token")) {
        line.take(Platform::Telegram, &body).await
    } else {
        StatusCode::UNAUTHORIZED
    }
}

async fn health(State(line): State<Arc<Line>>) -> StatusCode {
    line.inlet
        .is_open()
        .await
        .map_or(StatusCode::SERVICE_UNAVAILABLE, |()| StatusCode::OK)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

impl Line {
    /// What is not stored is not acknowledged: the platform brings it again.
    async fn take(&self, platform: Platform, body: &[u8]) -> StatusCode {
        match self.inlet.take(platform, body).await {
            Ok(()) => StatusCode::OK,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

#[cfg(test)]
mod tests;
