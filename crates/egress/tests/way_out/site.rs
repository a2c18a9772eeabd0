//! A server that answers as a test tells it, and the guards and passes tests use.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use egress::{Entrance, Guard, Limits, Pass, Policy, Resolver, serve_proxy};
use ground::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub const OPEN: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// A server on a port of its own; it counts the requests whose head it has read.
pub struct Site {
    pub at: SocketAddr,
    hits: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Site {
    /// Calls `serve` with each connection and the head of its first request.
    pub async fn serving<F, W>(ip: IpAddr, serve: F) -> Self
    where
        F: Fn(TcpStream, String) -> W + Send + Sync + 'static,
        W: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let hits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&hits);
        let serve = Arc::new(serve);
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (serve, counted) = (Arc::clone(&serve), Arc::clone(&counted));
                tokio::spawn(async move {
                    let head = read_head(&mut stream).await;
                    counted.fetch_add(1, Ordering::SeqCst);
                    serve(stream, head).await;
                });
            }
        });
        Self { at, hits, serving }
    }

    /// Answers every request with what `answer` makes of its head.
    pub async fn answering(
        ip: IpAddr,
        answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let answer = Arc::new(answer);
        Self::serving(ip, move |mut stream, head| {
            let answer = Arc::clone(&answer);
            async move {
                let _ = stream.write_all(&answer(&head)).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    /// Takes every request and never says anything.
    pub async fn silent(ip: IpAddr) -> Self {
        Self::serving(ip, |stream, _| async move {
            std::future::pending::<()>().await;
            drop(stream);
        })
        .await
    }

    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }

    pub fn port(&self) -> u16 {
        self.at.port()
    }
}

/// Reads up to the empty line, or the end.
pub async fn read_head(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

pub fn page(body: &str) -> Vec<u8> {
    with_headers("", body.as_bytes())
}

pub fn with_headers(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut answer =
        format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {length}\r\n\r\n").into_bytes();
    answer.extend_from_slice(body);
    answer
}

pub fn sent_on(place: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

/// A policy that opens 127.0.0.1 and the ports of these sites.
pub fn policy(sites: &[&Site]) -> Policy {
    Policy::public()
        .with_ports(sites.iter().map(|site| site.port()))
        .with_test_networks(["127.0.0.1/32".parse().unwrap()])
}

/// `site.example` is on the open address, `inside.example` on the private one.
pub fn names() -> Resolver {
    Resolver::table([
        ("site.example", Ok(vec![OPEN])),
        ("inside.example", Ok(vec![PRIVATE])),
        ("mixed.example", Ok(vec![PRIVATE, OPEN])),
        (
            "broken.example",
            Err(egress::DnsFault::ServerFailure("SERVFAIL".into())),
        ),
    ])
}

pub fn guard(sites: &[&Site]) -> Guard {
    Guard::new(policy(sites), names())
}

/// A proxy on a TCP port, and the pass behind it.
pub struct Proxied {
    pub at: SocketAddr,
    pub pass: Pass,
    pub serving: JoinHandle<()>,
}

impl Proxied {
    pub async fn start(guard: Guard, limits: Limits) -> Self {
        let listener = TcpListener::bind((OPEN, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let pass = Pass::new(guard, Clock::system(), limits);
        let serving = tokio::spawn(serve_proxy(Entrance::Tcp(listener), pass.clone()));
        Self { at, pass, serving }
    }

    pub async fn over(sites: &[&Site]) -> Self {
        Self::start(guard(sites), Limits::default()).await
    }

    /// A connection to the proxy on which this was said.
    pub async fn say(&self, text: &str) -> TcpStream {
        let mut stream = reach(self.at).await;
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// All that the proxy answers to this.
    pub async fn ask(&self, text: &str) -> String {
        let mut answer = Vec::new();
        let mut stream = self.say(text).await;
        let reading = stream.read_to_end(&mut answer);
        let _ = tokio::time::timeout(Duration::from_secs(10), reading).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Closes the pass; fails when a task of the proxy outlives it.
    pub async fn ends(self) {
        self.pass.close();
        tokio::time::timeout(Duration::from_secs(3), self.serving)
            .await
            .expect("no task outlives the pass")
            .unwrap();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test's own client of the proxy"
)]
pub async fn reach(at: SocketAddr) -> TcpStream {
    TcpStream::connect(at).await.unwrap()
}
