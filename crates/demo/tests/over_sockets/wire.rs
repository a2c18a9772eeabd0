//! HTTP by hand, so that nothing stands between the test and what the demo sends.

use std::net::SocketAddr;
use std::time::Duration;

use demo::{DemoSettings, Running};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer over HTTP.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

async fn asked(at: SocketAddr, request: String) -> Answer {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(all[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head,
        body: all[end + 4..].to_vec(),
    }
}

pub async fn get(at: SocketAddr, host: &str, path: &str) -> Answer {
    asked(
        at,
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
    )
    .await
}

pub async fn post(at: SocketAddr, path: &str, form: &str) -> Answer {
    let length = form.len();
    asked(
        at,
        format!(
            "POST {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        ),
    )
    .await
}

pub async fn running() -> Running {
    let settings = DemoSettings {
        slow_answer: Duration::from_millis(300),
        outage: Duration::from_millis(400),
        ..DemoSettings::default()
    };
    demo::serve(settings).await.unwrap()
}
