//! What came of a fetch.

use std::net::IpAddr;

use hyper::HeaderMap;
use url::Url;

use crate::{ConnectFault, DnsFault, ExitFault, NotReached, Refusal};

/// An answer.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The status, 100 to 599.
    pub status: u16,
    /// The headers as the server sent them.
    pub headers: HeaderMap,
    /// The body, with gzip, brotli or deflate undone; no more of it than was to be kept.
    pub body: Vec<u8>,
    /// SHA-256 over the whole body as it was read, whether it was kept or not.
    pub sha256: [u8; 32],
    /// How long the body was, in bytes.
    pub length: usize,
    /// Whether the body was longer than allowed and is cut.
    pub cut: bool,
    /// The address that answered; in the demo the documentation address.
    pub ip: IpAddr,
    /// The address the answer is from, after redirects.
    pub final_url: Url,
    /// Every address on the way there, the first one asked for first; empty without redirects.
    pub redirects: Vec<Url>,
    /// How long it took in all, in milliseconds.
    pub took_ms: u64,
    /// SHA-256 over the certificate chain of the last connection, in lower-case hex; `None` for http.
    pub certificates_sha256: Option<String>,
}

impl Fetched {
    /// The value of a header, when it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// At which point time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// While agreeing on encryption.
    Securing,
    /// While waiting for the answer to begin.
    Waiting,
    /// While reading the body.
    Reading,
    /// The time for the whole fetch was over.
    Whole,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Securing => "agreeing on encryption",
            Self::Waiting => "waiting for the answer",
            Self::Reading => "reading the answer",
            Self::Whole => "fetching",
        })
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The name gave no address.
    #[error(transparent)]
    Dns(#[from] DnsFault),
    /// We refused, at the first address or at a redirect.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No connection was made.
    #[error(transparent)]
    Connect(#[from] ConnectFault),
    /// The other way out that leads there made none.
    #[error(transparent)]
    Exit(#[from] ExitFault),
    /// Encryption could not be agreed on, or the certificate is not valid for the host.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// Time ran out after the connection was made.
    #[error("time ran out while {0}")]
    Timeout(Stage),
    /// The body is larger than this many bytes, and was not to be cut.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// More redirects than this.
    #[error("there were more than {0} redirects")]
    TooManyRedirects(usize),
    /// The server did not speak HTTP properly, or went away in the middle.
    #[error("the server gave no proper answer: {0}")]
    Protocol(String),
}

impl FetchError {
    /// Whether the reason is on our side, so that nothing may be concluded about the page (law 6).
    /// That time ran out says nothing by itself: it is theirs only as long as a known address
    /// still answers us.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        match self {
            Self::Refused(_) | Self::TooLarge(_) => true,
            Self::Dns(fault) => fault.is_ours(),
            Self::Connect(fault) => fault.is_ours(),
            Self::Exit(fault) => fault.is_ours(),
            Self::Tls(_) | Self::Timeout(_) | Self::TooManyRedirects(_) | Self::Protocol(_) => {
                false
            }
        }
    }
}

impl From<NotReached> for FetchError {
    fn from(fault: NotReached) -> Self {
        match fault {
            NotReached::Refused(refusal) => Self::Refused(refusal),
            NotReached::Dns(fault) => Self::Dns(fault),
            NotReached::Connect(fault) => Self::Connect(fault),
            NotReached::Exit(fault) => Self::Exit(fault),
        }
    }
}
