//! Plain requests from inside the box, through the same proxy as the browser.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::StreamExt;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Client, Proxy, StatusCode};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::child::bridge::Bridge;
use crate::child::magic;
use crate::child::traffic::{Traffic, bounded, now_ms};
use crate::wire::{Exchange, FailedBecause, Redirect, RedirectBy, Setting};

/// Most redirects that are followed.
const REDIRECTS_MAX: usize = 10;

/// The name the plain visitor goes by when the settings give none.
const NAME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/156.0.0.0 Safari/537.36";

/// Asks servers plainly.
#[derive(Clone)]
pub struct Fetcher {
    client: Client,
    bytes_max: usize,
    traffic: Arc<Mutex<Traffic>>,
}

/// What a server answered in the end.
#[derive(Debug)]
pub struct Answer {
    /// Where the answer came from.
    pub address: Url,
    /// The redirects on the way.
    pub redirects: Vec<Redirect>,
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as far as it came.
    pub bytes: Vec<u8>,
    /// Whether the body broke off or was larger than a visit may bring back.
    pub cut_short: bool,
}

impl Answer {
    /// The media type the server named, without parameters.
    pub fn named_type(&self) -> String {
        let header = self.headers.get(reqwest::header::CONTENT_TYPE);
        let value = header.and_then(|value| value.to_str().ok());
        let value = value.unwrap_or_default().split(';').next();
        value.unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The headers as text.
    pub fn header_lines(&self) -> Vec<(String, String)> {
        let lines = self.headers.iter();
        lines
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.to_string(), value.into_owned())
            })
            .collect()
    }
}

impl Fetcher {
    /// A fetcher that can only go through `bridge`.
    pub fn through(bridge: &Bridge, setting: &Setting) -> reqwest::Result<Self> {
        // Fails when a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        if let Ok(language) = setting.language.parse() {
            headers.insert(reqwest::header::ACCEPT_LANGUAGE, language);
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "the child has no other way out than the egress proxy it is given here"
        )]
        let builder = Client::builder();
        let client = builder
            .proxy(Proxy::all(bridge.address())?)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(setting.user_agent.as_deref().unwrap_or(NAME))
            .default_headers(headers)
            .build()?;
        Ok(Self {
            client,
            bytes_max: setting.caps.picture_bytes as usize,
            traffic: Arc::default(),
        })
    }

    /// Everything asked and answered, for the evidence.
    pub fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for `address`, follows redirects, and brings back what came until `until`.
    pub async fn get(
        &self,
        address: &Url,
        referer: Option<&str>,
        until: Instant,
    ) -> Result<Answer, FailedBecause> {
        let mut address = address.clone();
        let mut redirects = Vec::new();
        loop {
            let mut answer = self.once(&address, referer, until).await?;
            let Some(next) = led_to(&answer) else {
                answer.redirects = redirects;
                return Ok(answer);
            };
            redirects.push(Redirect {
                from: address.to_string(),
                to: next.to_string(),
                status: Some(answer.status),
                by: RedirectBy::Server,
            });
            if redirects.len() > REDIRECTS_MAX {
                return Err(FailedBecause::TooManyRedirects);
            }
            address = next;
        }
    }

    /// Asks once, and writes down what came of it.
    async fn once(
        &self,
        address: &Url,
        referer: Option<&str>,
        until: Instant,
    ) -> Result<Answer, FailedBecause> {
        let at_ms = now_ms();
        let answered = self.ask(address, referer, until).await;
        let mut exchange = Exchange {
            at_ms,
            method: "GET".to_owned(),
            address: address.to_string(),
            asked_with: Vec::new(),
            status: None,
            headers: Vec::new(),
            sha256: None,
            truncated: false,
            fault: None,
        };
        exchange
            .asked_with
            .extend(referer.map(|from| bounded("referer", from)));
        match &answered {
            Ok(answer) => {
                exchange.status = Some(answer.status);
                let lines = answer.header_lines();
                exchange.headers = lines
                    .iter()
                    .map(|(name, value)| bounded(name, value))
                    .collect();
                exchange.truncated = answer.cut_short;
                let is_picture = magic::is_material(&answer.bytes);
                self.traffic().plain(exchange, &answer.bytes, is_picture);
            }
            Err(because) => {
                exchange.fault = Some(format!("{because:?}"));
                self.traffic().plain(exchange, &[], false);
            }
        }
        answered
    }

    async fn ask(
        &self,
        address: &Url,
        referer: Option<&str>,
        until: Instant,
    ) -> Result<Answer, FailedBecause> {
        let mut asked = self.client.get(address.clone());
        if let Some(referer) = referer {
            asked = asked.header(reqwest::header::REFERER, referer);
        }
        let response = match timeout_at(until, asked.send()).await {
            Err(_) => return Err(FailedBecause::TimedOut),
            Ok(Err(fault)) => return Err(because(&fault)),
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        let headers = response.headers().clone();
        if is_proxys_own(status.as_u16(), |name| headers.contains_key(name)) {
            return Err(FailedBecause::NotReached);
        }
        let mut answer = Answer {
            address: address.clone(),
            redirects: Vec::new(),
            status: status.as_u16(),
            headers,
            bytes: Vec::new(),
            cut_short: false,
        };
        if led_to(&answer).is_none() && status != StatusCode::NO_CONTENT {
            self.body(response, &mut answer, until).await;
        }
        Ok(answer)
    }

    /// The body as far as it comes, is wanted, and there is time.
    async fn body(&self, response: reqwest::Response, answer: &mut Answer, until: Instant) {
        let mut pieces = response.bytes_stream();
        loop {
            match timeout_at(until, pieces.next()).await {
                Ok(None) => return,
                Ok(Some(Ok(piece))) if answer.bytes.len() + piece.len() <= self.bytes_max => {
                    answer.bytes.extend_from_slice(&piece);
                }
                Ok(Some(_)) | Err(_) => {
                    answer.cut_short = true;
                    return;
                }
            }
        }
    }
}

/// Whether an answer is the proxy's own, which says why it did not reach the server.
///
/// The proxy marks its own answers and takes the mark from those of servers.
pub fn is_proxys_own(status: u16, has_header: impl Fn(&str) -> bool) -> bool {
    status >= 400 && has_header(egress::FAULT_HEADER)
}

/// Where a redirect leads, when the answer is one that can be followed.
fn led_to(answer: &Answer) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = answer.headers.get(LOCATION)?;
    let location = String::from_utf8_lossy(location.as_bytes());
    let next = answer.address.join(location.trim()).ok()?;
    matches!(next.scheme(), "http" | "https").then_some(next)
}

fn because(fault: &reqwest::Error) -> FailedBecause {
    if fault.is_timeout() {
        return FailedBecause::TimedOut;
    }
    let mut source: Option<&dyn std::error::Error> = Some(fault);
    while let Some(inner) = source {
        if inner.is::<rustls::Error>() {
            return FailedBecause::TlsFailed;
        }
        let words = inner.to_string();
        if words.contains("certificate") || words.contains("tls handshake") {
            return FailedBecause::TlsFailed;
        }
        source = inner.source();
    }
    if fault.is_connect() {
        // The only connection made here is to the proxy: it refused the tunnel.
        FailedBecause::NotReached
    } else {
        FailedBecause::ConnectionFailed
    }
}
