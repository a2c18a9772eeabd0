//! The way to name servers and registries: [`egress`] in the program, samples in tests.

use std::net::IpAddr;

use egress::{DnsFault, FetchError, HttpClient, NotReached, Over, Request};
use url::Url;

/// Most bytes of one answer; the largest bootstrap file has some 60 kB.
const MOST_BYTES: usize = 1 << 20;

/// An answer over HTTP, after redirects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAnswer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Why something was not found out, and whose fault that is (law 6).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The name does not exist. Theirs.
    #[error("the name does not exist")]
    NoSuchName,
    /// The name leads to no address. Theirs.
    #[error("the name leads to no address")]
    NoAddress,
    /// A registry did not answer, or not properly. To be tried again.
    #[error("a registry gave no proper answer: {0}")]
    Registry(String),
    /// Our own side failed. To be tried again.
    #[error("our own side failed: {0}")]
    Ours(String),
}

impl Fault {
    /// Whether asking again cannot help as long as the name stays as it is.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::NoSuchName | Self::NoAddress)
    }

    /// What the ledger and the records may hold of it: no host name, no address.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSuchName => "no-such-name",
            Self::NoAddress => "no-address",
            Self::Registry(_) => "registry-silent",
            Self::Ours(_) => "our-side",
        }
    }
}

/// How name servers and registries are asked.
pub trait Web: Send + Sync {
    /// All addresses of a name.
    fn resolve(&self, host: &str) -> impl Future<Output = Result<Vec<IpAddr>, Fault>> + Send;

    /// Fetches an address, following redirects (a registry sends on to another).
    fn get(&self, url: &Url) -> impl Future<Output = Result<WebAnswer, Fault>> + Send;
}

/// Through the one way out (law 4); cheap to clone.
#[derive(Debug, Clone)]
pub struct EgressWeb(pub HttpClient);

impl Web for EgressWeb {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, Fault> {
        self.0.resolve(host).await.map_err(|fault| match fault {
            NotReached::Dns(DnsFault::NoSuchName) => Fault::NoSuchName,
            NotReached::Dns(DnsFault::NoAddress) => Fault::NoAddress,
            // What a name server says may hold the name, which is not for ledger or log.
            NotReached::Dns(DnsFault::ServerFailure(_)) => {
                Fault::Ours("the name server failed".into())
            }
            other => Fault::Ours(other.to_string()),
        })
    }

    async fn get(&self, url: &Url) -> Result<WebAnswer, Fault> {
        let wish = Request::get(url.clone()).at_most(MOST_BYTES, Over::Fail);
        match self.0.fetch(wish).await {
            Ok(fetched) => Ok(WebAnswer {
                status: fetched.status,
                body: fetched.body,
            }),
            Err(fault @ FetchError::TooLarge(_)) => Err(Fault::Registry(fault.to_string())),
            Err(fault) if fault.is_ours() => Err(Fault::Ours(fault.to_string())),
            Err(fault) => Err(Fault::Registry(fault.to_string())),
        }
    }
}
