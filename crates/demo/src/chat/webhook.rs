//! What the platforms bring to the hotline, signed.

use std::error::Error;
use std::net::SocketAddr;

use axum::body::Bytes;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpStream;

use super::{App, Secrets};

/// What WhatsApp's webhook sends, with these messages in it.
pub(super) fn whatsapp(messages: &[Value]) -> Value {
    let contacts: Vec<Value> = messages
        .iter()
        .filter_map(|message| message.get("from"))
        .map(|from| json!({ "profile": { "name": "A visitor" }, "wa_id": from }))
        .collect();
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{
        "field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "31200000000", "phone_number_id": "1" },
            "contacts": contacts, "messages": messages } }] }] })
}

/// Posts to the webhook of one platform.
#[expect(
    clippy::disallowed_methods,
    reason = "the platforms are outside the program and connect to it"
)]
pub(super) async fn post(
    to: SocketAddr,
    app: App,
    secrets: &Secrets,
    body: Vec<u8>,
) -> Result<(u16, Vec<u8>), Box<dyn Error + Send + Sync>> {
    let (name, value) = match app {
        App::WhatsApp => {
            let mut mac = Hmac::<Sha256>::new_from_slice(secrets.app_secret.as_bytes())?;
            mac.update(&body);
            let hex = HEXLOWER.encode(&mac.finalize().into_bytes());
            ("x-hub-signature-256", format!("sha256={hex}"))
        }
        App::Telegram => {
            let word = secrets.telegram_secret.clone();
            ("x-telegram-bot-api-secret-token", word)
        }
    };
    let request = Request::post(format!("/chat/{}", app.name()))
        .header(header::HOST, to.to_string())
        .header(header::CONTENT_TYPE, "application/json")
        .header(name, value)
        .body(Full::new(Bytes::from(body)))?;
    let stream = TcpStream::connect(to).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await?.to_bytes().to_vec();
    connection.abort();
    Ok((status, body))
}
