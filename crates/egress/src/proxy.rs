//! The forward proxy for browsers and other programs: tunnels (`CONNECT`) and plain requests.
//!
//! Every connection goes through the [`Pass`], so through the guard. Answers of our own carry
//! [`FAULT_HEADER`] with the reason and [`SIDE_HEADER`] (`ours` or `theirs`); neither is let
//! through from a server, so an answer without them is the server's own (law 6):
//! 403 we refused · 502 no connection or no sensible answer · 504 no answer in time.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, Uri, Version};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::duplex::Duplex;
use crate::{Metered, NotReached, Pass, Refusal, Target};

/// Names the reason on every answer that is the proxy's own.
pub const FAULT_HEADER: &str = "x-egress-refused";
/// Says `ours` or `theirs` on every answer that is the proxy's own.
pub const SIDE_HEADER: &str = "x-egress-side";

/// Most connections of programs at the same time.
const SEATS: usize = 256;
/// Longest time for a program to send its request's head, in seconds.
const HEAD_SECONDS: u64 = 30;

type Body = UnsyncBoxBody<Bytes, hyper::Error>;

/// Where programs come in.
#[derive(Debug)]
pub enum Entrance {
    /// A Unix socket: for programs in a network namespace of their own.
    Unix(UnixListener),
    /// A TCP port of this machine.
    Tcp(TcpListener),
}

impl From<UnixListener> for Entrance {
    fn from(listener: UnixListener) -> Self {
        Self::Unix(listener)
    }
}

impl From<TcpListener> for Entrance {
    fn from(listener: TcpListener) -> Self {
        Self::Tcp(listener)
    }
}

impl Entrance {
    async fn accept(&self) -> std::io::Result<Box<dyn Duplex>> {
        Ok(match self {
            Self::Unix(listener) => Box::new(listener.accept().await?.0),
            Self::Tcp(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

/// One program's connection, and what its requests need.
#[derive(Clone)]
struct Visitor {
    pass: Pass,
    tasks: TaskTracker,
    stop: CancellationToken,
    _seat: Arc<OwnedSemaphorePermit>,
}

/// Serves programs until the pass ends, then drops every connection and returns when the last
/// task is gone. Dropping the future stops them too.
pub async fn serve_proxy(entrance: impl Into<Entrance>, pass: Pass) {
    let entrance = entrance.into();
    let stop = pass.stop().child_token();
    let _stops_with_us = stop.clone().drop_guard();
    let tasks = TaskTracker::new();
    let seats = Arc::new(Semaphore::new(SEATS));
    loop {
        let next = async {
            let seat = Arc::clone(&seats).acquire_owned().await.ok()?;
            Some((entrance.accept().await, seat))
        };
        let next = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        match next {
            Some((Ok(stream), seat)) => {
                let visitor = Visitor {
                    pass: pass.clone(),
                    tasks: tasks.clone(),
                    stop: stop.clone(),
                    _seat: Arc::new(seat),
                };
                visitor.clone().run(serve_one(stream, visitor));
            }
            Some((Err(_), _)) => {
                // Out of file descriptors: those in use will come back.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            None => break,
        }
    }
    tasks.close();
    tasks.wait().await;
}

impl Visitor {
    /// Runs something that ends with the pass at the latest.
    fn run(&self, work: impl Future<Output = ()> + Send + 'static) {
        let until = self.stop.clone();
        self.tasks.spawn(async move {
            let _ = until.run_until_cancelled_owned(work).await;
        });
    }
}

async fn serve_one(stream: Box<dyn Duplex>, visitor: Visitor) {
    let service = service_fn(move |request| answer(request, visitor.clone()));
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEAD_SECONDS))
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
    if let Err(fault) = served {
        tracing::debug!(%fault, "a proxied connection ended early");
    }
}

async fn answer(
    request: Request<Incoming>,
    visitor: Visitor,
) -> Result<Response<Body>, Infallible> {
    let answered = if request.method() == Method::CONNECT {
        tunnel(request, &visitor).await
    } else {
        forward(request, &visitor).await
    };
    Ok(answered.unwrap_or_else(|fault| fault.into_answer()))
}

/// Why the proxy answers itself.
struct Fault {
    status: StatusCode,
    reason: String,
    ours: bool,
}

impl From<NotReached> for Fault {
    fn from(fault: NotReached) -> Self {
        let status = match &fault {
            NotReached::Refused(_) => StatusCode::FORBIDDEN,
            other if other.is_timeout() => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        };
        Self {
            status,
            reason: fault.to_string(),
            ours: fault.is_ours(),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        NotReached::Refused(refusal).into()
    }
}

impl Fault {
    /// The server spoke nonsense or went away – unless it was the pass that ended.
    fn of_server(fault: &hyper::Error, pass: &Pass) -> Self {
        pass.ended().map_or_else(
            || Self {
                status: StatusCode::BAD_GATEWAY,
                reason: format!("the server gave no proper answer: {fault}"),
                ours: false,
            },
            Self::from,
        )
    }

    fn into_answer(self) -> Response<Body> {
        let reason: String = self
            .reason
            .chars()
            .map(|c| if (' '..='~').contains(&c) { c } else { '?' })
            .take(300)
            .collect();
        let reason = HeaderValue::from_str(&reason)
            .unwrap_or_else(|_| HeaderValue::from_static("the reason cannot be written down"));
        let mut answer = Response::new(nothing());
        *answer.status_mut() = self.status;
        let headers = answer.headers_mut();
        headers.insert(FAULT_HEADER, reason);
        let side = if self.ours { "ours" } else { "theirs" };
        headers.insert(SIDE_HEADER, HeaderValue::from_static(side));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }
}

fn nothing() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

async fn tunnel(request: Request<Incoming>, visitor: &Visitor) -> Result<Response<Body>, Fault> {
    let (host, port) = match request.uri().authority() {
        Some(authority) => (authority.host().to_owned(), authority.port_u16()),
        None => return Err(Refusal::NotAHost.into()),
    };
    let port = port.ok_or(Refusal::NotAHost)?;
    let mut there = visitor.pass.connect(&host, port).await?;
    let kept = visitor.clone();
    visitor.run(async move {
        if let Ok(here) = hyper::upgrade::on(request).await {
            // Either side going away ends the tunnel; a half-closed one goes on the other way.
            let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(here), &mut there).await;
        }
        drop(kept);
    });
    Ok(Response::new(nothing()))
}

async fn forward(
    mut request: Request<Incoming>,
    visitor: &Visitor,
) -> Result<Response<Body>, Fault> {
    let target = plain_target(request.uri(), &visitor.pass)?;
    let there = visitor
        .pass
        .connect(&target.host.to_string(), target.port)
        .await?;
    let host = host_header(request.uri()).ok_or(Refusal::NotAHost)?;
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse().map_err(|_| Refusal::NotAHost)?;
    *request.version_mut() = Version::HTTP_11;
    let headers = request.headers_mut();
    strip_hop_by_hop(headers);
    headers.remove(header::EXPECT);
    headers.insert(header::HOST, host);
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    let answered = exchange(there, request, visitor).await;
    let mut answer = answered.map_err(|fault| Fault::of_server(&fault, &visitor.pass))?;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Err(Fault {
            status: StatusCode::BAD_GATEWAY,
            reason: "the server changed the protocol without being asked".into(),
            ours: false,
        });
    }
    strip_hop_by_hop(answer.headers_mut());
    answer.headers_mut().remove(FAULT_HEADER);
    answer.headers_mut().remove(SIDE_HEADER);
    Ok(answer.map(BodyExt::boxed_unsync))
}

/// What a plain request asks for; refusals are written into the pass.
fn plain_target(uri: &Uri, pass: &Pass) -> Result<Target, Refusal> {
    let host = uri.host().unwrap_or_default();
    let port = uri.port_u16().unwrap_or(80);
    let target = match uri.scheme_str() {
        Some("http") => Target::parse(host, port),
        Some(other) => Err(Refusal::Scheme(format!("{other} without a tunnel"))),
        None => Err(Refusal::NotAHost),
    };
    target.inspect_err(|why| pass.refuse(host, port, why))
}

async fn exchange(
    there: Metered,
    request: Request<Incoming>,
    visitor: &Visitor,
) -> Result<Response<Incoming>, hyper::Error> {
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
        .preserve_header_case(true)
        .handshake(TokioIo::new(there))
        .await?;
    visitor.run(async move {
        // Its fault, if any, comes out of the answer or its body.
        let _ = connection.await;
    });
    sender.send_request(request).await
}

/// The host of the address as it was written, without a user name.
fn host_header(uri: &Uri) -> Option<HeaderValue> {
    let authority = uri.authority()?;
    let host = authority.host();
    let written = match authority.port_u16() {
        Some(port) if port != 80 => format!("{host}:{port}"),
        _ => host.to_owned(),
    };
    HeaderValue::from_str(&written).ok()
}

/// Takes away what is meant for one connection only (RFC 9110, 7.6.1).
fn strip_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in [
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ] {
        headers.remove(name);
    }
}
