//! Serves one face over plain HTTP, patient with people and not with machines: whoever is slow to
//! ask or holds on for too long is let go, and no more are let in at once than can be served.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// How long connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To say what they want, or to want something again.
    to_ask: Duration,
    /// In all.
    longest: Duration,
    /// For an answer that is under way when that time is over.
    to_end: Duration,
}

impl Patience {
    /// With the public page: a form that is sent slowly through Tor has time enough.
    pub const DOOR: Self = Self {
        to_ask: Duration::from_secs(30),
        longest: Duration::from_secs(120),
        to_end: Duration::from_secs(30),
    };
    /// With the desk.
    pub const DESK: Self = Self {
        longest: Duration::from_secs(3_600),
        ..Self::DOOR
    };
}

/// Connections at once; others wait outside. Well below the 1,024 files that a process usually has.
const AT_ONCE: usize = 400;
/// How long to wait when the system gives no connection, as when files have run out.
const BREATH: Duration = Duration::from_millis(200);

/// Serves one face until the process ends. A connection lasts only so long, so that a form sent one
/// byte a minute keeps nobody out for good.
///
/// # Errors
/// When nobody can be let in any more.
pub async fn face(
    listener: TcpListener,
    router: axum::Router,
    patience: Patience,
) -> anyhow::Result<()> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let place = Arc::clone(&places).acquire_owned().await?;
        let Ok((stream, from)) = listener.accept().await else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let router = router.clone();
        tokio::spawn(async move {
            converse(stream, from, router, patience).await;
            drop(place);
        });
    }
}

/// Answers what one connection asks. How it ends is nobody's business: who was at the other side is
/// not written down.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    from: SocketAddr,
    router: axum::Router,
    patience: Patience,
) {
    let answering = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        router.clone().oneshot(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.to_ask)
        .serve_connection(TokioIo::new(stream), answering);
    tokio::pin!(connection);
    if tokio::time::timeout(patience.longest, connection.as_mut())
        .await
        .is_err()
    {
        connection.as_mut().graceful_shutdown();
        let _ = tokio::time::timeout(patience.to_end, connection).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const SHORT: Patience = Patience {
        to_ask: Duration::from_millis(200),
        longest: Duration::from_millis(200),
        to_end: Duration::from_millis(100),
    };
    const ENOUGH: Duration = Duration::from_secs(10);

    /// What somebody at 192.0.2.7 hears who says this and then waits; none when it never ends.
    async fn heard(said: &[u8], patience: Patience) -> std::io::Result<Option<String>> {
        let echo = |ConnectInfo(from): ConnectInfo<SocketAddr>, said: String| async move {
            format!("{} {said}", from.ip())
        };
        let router = axum::Router::new().route("/", axum::routing::post(echo));
        let (mut visitor, stream) = tokio::io::duplex(64 * 1024);
        let from = SocketAddr::from(([192, 0, 2, 7], 40_000));
        tokio::spawn(converse(stream, from, router, patience));
        visitor.write_all(said).await?;
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(ENOUGH, visitor.read_to_end(&mut answer)).await;
        Ok(ended
            .is_ok()
            .then(|| String::from_utf8_lossy(&answer).into_owned()))
    }

    #[tokio::test]
    async fn who_asks_is_answered_and_the_brake_knows_where_they_come_from() -> std::io::Result<()>
    {
        let form =
            b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
        let answer = heard(form, Patience::DOOR).await?.unwrap_or_default();
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with("192.0.2.7 hi"),
            "{answer}"
        );
        Ok(())
    }

    #[tokio::test]
    async fn who_never_finishes_a_form_is_let_go() -> std::io::Result<()> {
        let begun = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nh";
        assert!(heard(begun, SHORT).await?.is_some(), "still connected");
        Ok(())
    }

    #[tokio::test]
    async fn who_never_asks_is_let_go() -> std::io::Result<()> {
        let patience = Patience {
            longest: Patience::DESK.longest,
            ..SHORT
        };
        assert!(
            heard(b"POST / HT", patience).await?.is_some(),
            "still connected"
        );
        Ok(())
    }
}
