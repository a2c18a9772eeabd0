//! A plain HTTP/1.1 sender for the proofs: one connection for each request, from an address of choice.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;

use crate::Shown;

/// An answer, read to its end.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: String,
}

/// Who sends, and what goes along.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    /// Where to.
    pub to: SocketAddr,
    /// From which address of this machine (all of 127.0.0.0/8 are).
    pub from: Ipv4Addr,
    /// Headers of the sender's own.
    pub headers: &'a [(&'static str, &'a str)],
}

impl Sender<'_> {
    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown<Answer> {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        self.send(
            "POST",
            path,
            Some("application/x-www-form-urlencoded"),
            body.join("&"),
        )
        .await
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Shown<Answer> {
        self.send("GET", path, None, String::new()).await
    }

    /// Sends anything.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        kind: Option<&str>,
        body: String,
    ) -> Shown<Answer> {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, self.to.to_string());
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        let (status, body) =
            tokio::time::timeout(Duration::from_secs(30), self.exchange(request)).await??;
        Ok(Answer {
            status,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a sender is outside the program and connects to it"
    )]
    async fn exchange(&self, request: Request<Full<Bytes>>) -> Shown<(u16, Bytes)> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::new(IpAddr::V4(self.from), 0))?;
        let stream = socket.connect(self.to).await?;
        let (mut send, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let driver = tokio::spawn(connection);
        let answer = send.send_request(request).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await?.to_bytes();
        driver.abort();
        Ok((status, body))
    }
}

/// The text as it stands in a form's body.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The receipt shown on a page, if one is.
pub fn receipt_on(page: &str) -> Option<String> {
    let mut text = String::new();
    let mut in_tag = false;
    for sign in page.chars() {
        match sign {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag && !sign.is_whitespace() => text.push(sign),
            _ => {}
        }
    }
    (0..text.len())
        .filter_map(|at| text.get(at..at + 26))
        .find(|part| in_groups(part) && letterbox::Receipt::parse(part).is_ok())
        .map(str::to_owned)
}

/// Whether the text has the form `XXXX-XXXX-XXXX-XXXX-XXXX-X`.
fn in_groups(part: &str) -> bool {
    part.bytes()
        .enumerate()
        .all(|(at, byte)| (byte == b'-') == (at % 5 == 4))
}
