//! What the hotline asks of the platforms.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{App, Meet, Platforms};

pub(super) fn router(platforms: Platforms) -> Router {
    Router::new().fallback(answer).with_state(platforms)
}

async fn answer(
    State(platforms): State<Platforms>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let said = String::from_utf8_lossy(&body);
    platforms
        .world()
        .calls
        .push(format!("{method} {path} {said}"));
    if let Some(of_bot) = path.strip_prefix("/bot") {
        let Some(asked) = of_bot.strip_prefix(platforms.secrets.telegram_token.as_str()) else {
            return told(401, &json!({ "ok": false, "error_code": 401 }));
        };
        return bot(&platforms, asked, &body);
    }
    if path.starts_with("/file/bot") {
        platforms.world().downloads += 1;
        return StatusCode::NOT_FOUND.into_response();
    }
    let bearer = format!("Bearer {}", platforms.secrets.whatsapp_token);
    let known = headers
        .get(header::AUTHORIZATION)
        .is_some_and(|given| given.as_bytes() == bearer.as_bytes());
    if !known {
        return told(401, &json!({ "error": { "code": 190 } }));
    }
    let messages = format!("/{}/messages", platforms.secrets.number);
    match method {
        Method::POST if path.ends_with(&messages) => graph_send(&platforms, &body),
        Method::DELETE => told(200, &json!({ "success": true })),
        _ => {
            platforms.world().downloads += 1;
            told(404, &json!({ "error": { "code": 100 } }))
        }
    }
}

fn told(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

/// An answer that breaks off: the connection is cut before it is whole.
fn cut() -> Response {
    let broken = futures_util::stream::once(async {
        Err::<Bytes, std::io::Error>(std::io::ErrorKind::ConnectionReset.into())
    });
    Body::from_stream(broken).into_response()
}

/// Says a text on a telephone, unless something else was asked for.
fn said(platforms: &Platforms, app: App, who: &str, text: &str, taken: &Value) -> Response {
    let meet = platforms.world().meets.pop_front();
    match meet {
        Some(Meet::Answer(status, body)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, body).into_response()
        }
        Some(Meet::SayAndCut) => {
            platforms.note(app, who, true, text);
            cut()
        }
        None => {
            platforms.note(app, who, true, text);
            told(200, taken)
        }
    }
}

fn graph_send(platforms: &Platforms, body: &[u8]) -> Response {
    let message: Value = serde_json::from_slice(body).unwrap_or_default();
    let to = message.get("to").or_else(|| message.get("recipient"));
    let (to, text) = (
        to.and_then(Value::as_str),
        message.pointer("/text/body").and_then(Value::as_str),
    );
    let no_preview = message.pointer("/text/preview_url") == Some(&Value::Bool(false));
    let (Some(to), Some(text), true) = (to, text, no_preview) else {
        return told(400, &json!({ "error": { "code": 100 } }));
    };
    let id = format!("wamid.out.{}", platforms.fresh());
    let taken = json!({ "messaging_product": "whatsapp", "messages": [{ "id": id }] });
    said(platforms, App::WhatsApp, to, text, &taken)
}

fn bot(platforms: &Platforms, asked: &str, body: &[u8]) -> Response {
    let asking: Value = serde_json::from_slice(body).unwrap_or_default();
    match asked {
        "/sendMessage" => {
            let chat = asking.get("chat_id").and_then(Value::as_i64);
            let text = asking.get("text").and_then(Value::as_str);
            let no_preview =
                asking.pointer("/link_preview_options/is_disabled") == Some(&Value::Bool(true));
            let (Some(chat), Some(text), true) = (chat, text, no_preview) else {
                return told(400, &json!({ "ok": false, "error_code": 400 }));
            };
            let taken = json!({ "ok": true, "result": { "message_id": platforms.fresh() } });
            said(platforms, App::Telegram, &chat.to_string(), text, &taken)
        }
        "/getUpdates" => {
            let from = asking.get("offset").and_then(Value::as_i64).unwrap_or(0);
            let mut world = platforms.world();
            world
                .updates
                .retain(|update| update["update_id"].as_i64() >= Some(from));
            let updates: Vec<Value> = world.updates.iter().take(100).cloned().collect();
            told(200, &json!({ "ok": true, "result": updates }))
        }
        _ => {
            platforms.world().downloads += u64::from(asked == "/getFile");
            told(404, &json!({ "ok": false, "error_code": 404 }))
        }
    }
}
