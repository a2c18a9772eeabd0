//! Servers that do to a connection what no framework would.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64;
use sha1::{Digest as _, Sha1};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::site::picture;

/// Listens on an address of loopback of its own and gives each connection, with the head of its
/// first request, to `serve`.
async fn serving<F, W>(last: u8, serve: F) -> SocketAddr
where
    F: Fn(TcpStream, String) -> W + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, last), 0));
    let listener = listener.await.unwrap();
    let at = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let serve = Arc::clone(&serve);
            tokio::spawn(async move {
                let head = read_head(&mut stream).await;
                serve(stream, head).await;
            });
        }
    });
    at
}

pub async fn read_head(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16_384 {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// An answer of this length and kind, of which only so much comes.
pub fn begun(kind: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n")
            .into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// Breaks every promise of a connection, by the path that is asked for.
pub async fn broken() -> SocketAddr {
    serving(31, |mut stream, head| async move {
        let whole = picture("72.jpg");
        let path = head.split(' ').nth(1).unwrap_or_default();
        let path = path.rsplit('/').next().unwrap_or_default();
        match path {
            "page" => {
                let page = "<title>Broken</title><img src=/p/shut><img src=/p/half><img src=/p/reset>\
                    <img src=/p/mute><img src=/p/drip><img src=/p/nonsense><img src='http://a.example/p/71.png'>";
                let _ = stream.write_all(&begun("text/html", page.len(), page.as_bytes())).await;
            }
            // Our half is shut before a word; the other stays open.
            "shut" => {
                let _ = stream.shutdown().await;
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            "half" => {
                let _ = stream.write_all(&begun("image/jpeg", whole.len(), &whole[..600])).await;
                let _ = stream.shutdown().await;
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            "reset" => {
                let _ = stream.write_all(&begun("image/jpeg", whole.len(), &whole[..600])).await;
                let _ = stream.set_zero_linger();
            }
            "mute" => tokio::time::sleep(Duration::from_secs(60)).await,
            "drip" => {
                let _ = stream.write_all(&begun("image/jpeg", whole.len(), &[])).await;
                for byte in whole {
                    if stream.write_all(&[byte]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            _ => {
                let _ = stream.write_all(b"\x16\x03\x01 this is no answer\r\n").await;
            }
        }
    })
    .await
}

/// Speaks WebSocket (RFC 6455): hands over a picture, then talks without end.
pub async fn sockets() -> SocketAddr {
    serving(32, |mut stream, head| async move {
        let key = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("sec-websocket-key")
                .then(|| value.trim().to_owned())
        });
        let accepted = format!(
            "{}258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
            key.unwrap_or_default()
        );
        let accepted = BASE64.encode(&Sha1::digest(accepted.as_bytes()));
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accepted}\r\n\r\n"
        );
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.write_all(&frame(&picture("73.png"))).await;
        let noise = frame(&[b'n'; 60_000]);
        while stream.write_all(&noise).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await
}

/// One binary message.
fn frame(message: &[u8]) -> Vec<u8> {
    let mut framed = vec![0x82, 126];
    framed.extend(u16::try_from(message.len()).unwrap().to_be_bytes());
    framed.extend_from_slice(message);
    framed
}
