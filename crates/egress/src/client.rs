//! Our own fetching: register look-ups, checks, the plain visitor.
//!
//! Redirects are followed by hand, and each one passes the policy and the guard again, so that a
//! public address cannot send us on into a private network, by name or by number (T18, P15).
//! There are no proxies from the environment, no cookies, no credentials and no pool.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Method;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, timeout};
use tokio_util::task::AbortOnDropHandle;
use url::Url;

use crate::body::{self, Bounds, refusal_in};
use crate::duplex::Duplex;
use crate::tls::chain_digest;
use crate::{
    FetchError, Fetched, Guard, Metered, NotReached, Pass, Played, Refusal, Request, Stage, Target,
    TlsSetup,
};

/// Our own fetching over the guard; cheap to clone.
#[derive(Clone)]
pub struct HttpClient {
    guard: Guard,
    tls: TlsSetup,
    user_agent: HeaderValue,
    played: Option<Arc<dyn Played>>,
}

impl std::fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpClient")
    }
}

/// One open connection, ready for one request.
struct Line {
    stream: Box<dyn Duplex>,
    ip: IpAddr,
    certificates: Option<String>,
}

/// One answer whose body is still to be read; dropping it ends the connection.
struct Answer {
    response: hyper::Response<Incoming>,
    ip: IpAddr,
    certificates: Option<String>,
    _connection: AbortOnDropHandle<()>,
}

impl HttpClient {
    /// A client that goes through this guard and names itself so.
    #[must_use]
    pub const fn new(guard: Guard, tls: TlsSetup, user_agent: HeaderValue) -> Self {
        Self {
            guard,
            tls,
            user_agent,
            played: None,
        }
    }

    /// The same before a played outside: nothing is asked of the real one any more.
    #[must_use]
    pub fn before(mut self, played: Arc<dyn Played>) -> Self {
        self.played = Some(played);
        self
    }

    /// All addresses of a name that may be reached.
    ///
    /// # Errors
    /// [`NotReached`], as [`Guard::resolve`].
    pub async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, NotReached> {
        match &self.played {
            Some(played) => Ok(played.resolve(host)?),
            None => self.guard.resolve(host).await,
        }
    }

    /// The guard this client goes through.
    #[must_use]
    pub const fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Fetches.
    ///
    /// # Errors
    /// [`FetchError`], never later than the request's time.
    pub async fn fetch(&self, request: Request) -> Result<Fetched, FetchError> {
        self.bounded(None, request).await
    }

    /// Fetches within a pass, which bounds and records its connections.
    ///
    /// # Errors
    /// [`FetchError`], never later than the request's time.
    pub async fn fetch_within(&self, pass: &Pass, request: Request) -> Result<Fetched, FetchError> {
        self.bounded(Some(pass), request).await
    }

    async fn bounded(&self, pass: Option<&Pass>, request: Request) -> Result<Fetched, FetchError> {
        if let Some(played) = &self.played {
            return played.fetch(&request.url).await;
        }
        let whole = request.whole;
        timeout(whole, self.follow(pass, request))
            .await
            .unwrap_or(Err(FetchError::Timeout(Stage::Whole)))
    }

    async fn follow(&self, pass: Option<&Pass>, request: Request) -> Result<Fetched, FetchError> {
        let started = Instant::now();
        let mut url = request.url.clone();
        let mut redirects = Vec::new();
        loop {
            let answer = self.ask(pass, &request, &url).await?;
            if let Some(next) = followed(&request, &answer, &url)? {
                redirects.push(std::mem::replace(&mut url, next));
                if redirects.len() > request.redirects {
                    return Err(FetchError::TooManyRedirects(request.redirects));
                }
                continue;
            }
            let (parts, incoming) = answer.response.into_parts();
            let bounds = Bounds {
                most_bytes: request.most_bytes,
                keep: request.keep,
                over: request.over,
                silence: request.silence,
            };
            let coding = coding(&request.method, parts.status.as_u16(), &parts.headers);
            let body = body::read(incoming, &coding, &bounds).await?;
            return Ok(Fetched {
                status: parts.status.as_u16(),
                headers: parts.headers,
                sha256: body.sha256,
                length: body.length,
                cut: body.cut,
                body: body.kept,
                ip: answer.ip,
                final_url: url,
                redirects,
                took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
                certificates_sha256: answer.certificates,
            });
        }
    }

    /// Sends the request to one address and waits for the head of the answer.
    async fn ask(
        &self,
        pass: Option<&Pass>,
        request: &Request,
        url: &Url,
    ) -> Result<Answer, FetchError> {
        let line = self.open(pass, url, request.silence).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(line.stream))
                .await
                .map_err(|fault| improper(&fault))?;
        // Its fault, if any, comes out of the answer or its body.
        let connection = AbortOnDropHandle::new(tokio::spawn(async move {
            let _ = connection.await;
        }));
        let wish = self.wish(request, url)?;
        let response = timeout(request.silence, sender.send_request(wish))
            .await
            .map_err(|_| FetchError::Timeout(Stage::Waiting))?
            .map_err(|fault| improper(&fault))?;
        Ok(Answer {
            response,
            ip: line.ip,
            certificates: line.certificates,
            _connection: connection,
        })
    }

    /// Opens a connection to the host of an address: policy, guard, encryption.
    async fn open(
        &self,
        pass: Option<&Pass>,
        url: &Url,
        silence: Duration,
    ) -> Result<Line, FetchError> {
        let target = match self.guard.policy().check_scheme(url.scheme()) {
            Ok(()) => Target::of_url(url),
            Err(refusal) => Err(refusal),
        };
        let target = target.inspect_err(|why| {
            if let Some(pass) = pass {
                pass.refuse(url.host_str().unwrap_or_default(), 0, why);
            }
        })?;
        let (stream, ip) = self.connect(pass, &target).await?;
        if url.scheme() == "http" {
            return Ok(Line {
                stream,
                ip,
                certificates: None,
            });
        }
        let secured = timeout(silence, self.tls.secure(stream, &target.host))
            .await
            .map_err(|_| FetchError::Timeout(Stage::Securing))?
            .map_err(|fault| {
                refusal_in(&fault)
                    .map_or_else(|| FetchError::Tls(fault.to_string()), FetchError::Refused)
            })?;
        let certificates = chain_digest(&secured);
        Ok(Line {
            stream: Box::new(secured),
            ip,
            certificates,
        })
    }

    async fn connect(
        &self,
        pass: Option<&Pass>,
        target: &Target,
    ) -> Result<(Box<dyn Duplex>, IpAddr), NotReached> {
        let host = target.host.to_string();
        if let Some(pass) = pass {
            let metered: Metered = pass.connect(&host, target.port).await?;
            let ip = metered.ip().ok_or(Refusal::Onion)?;
            return Ok((Box::new(metered), ip));
        }
        let connected = self.guard.connect(&host, target.port).await?;
        // Our own fetching tells where it was answered from; an onion address has no such place.
        let ip = connected.ip.ok_or(Refusal::Onion)?;
        Ok((Box::new(connected.stream), ip))
    }

    fn wish(
        &self,
        request: &Request,
        url: &Url,
    ) -> Result<hyper::Request<Full<Bytes>>, FetchError> {
        let refused = |_| FetchError::Refused(Refusal::NotAHost);
        let mut path = url.path().to_owned();
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        let mut host = url.host_str().unwrap_or_default().to_owned();
        if let Some(port) = url.port() {
            host = format!("{host}:{port}");
        }
        let body = Full::new(Bytes::copy_from_slice(&request.body));
        let mut wish = hyper::Request::new(body);
        *wish.method_mut() = request.method.clone();
        *wish.uri_mut() = path.parse().map_err(|_| Refusal::NotAHost)?;
        let headers = wish.headers_mut();
        headers.insert(header::HOST, HeaderValue::from_str(&host).map_err(refused)?);
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
        headers.extend(request.headers.clone());
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, br, deflate"),
        );
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        Ok(wish)
    }
}

/// Where an answer sends us on to, if it does and we follow.
fn followed(request: &Request, answer: &Answer, url: &Url) -> Result<Option<Url>, FetchError> {
    let sends_on = matches!(
        answer.response.status().as_u16(),
        301 | 302 | 303 | 307 | 308
    );
    if !sends_on || request.method == Method::POST {
        return Ok(None);
    }
    let Some(place) = answer.response.headers().get(header::LOCATION) else {
        return Ok(None);
    };
    let place = String::from_utf8_lossy(place.as_bytes());
    url.join(&place).map(Some).map_err(|_| {
        FetchError::Protocol("it sends us on to something that is no web address".into())
    })
}

/// How the body is coded; nothing where there is no body to decode.
fn coding(method: &Method, status: u16, headers: &HeaderMap) -> String {
    if method == Method::HEAD || matches!(status, 204 | 304) {
        return String::new();
    }
    headers
        .get(header::CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .map(|value| value.trim().to_ascii_lowercase())
        .unwrap_or_default()
}

/// The server spoke nonsense or went away – unless it was the pass that ended.
fn improper(fault: &hyper::Error) -> FetchError {
    refusal_in(fault).map_or_else(
        || FetchError::Protocol(fault.to_string()),
        FetchError::Refused,
    )
}
