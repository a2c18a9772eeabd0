//! What our own fetching may be asked for.

use std::time::Duration;

use hyper::Method;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// What happens to a body that is larger than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// It is cut, and the answer says so.
    Cut,
    /// The fetch fails.
    Fail,
}

/// One wish: what to fetch, and how much of everything it may take.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) most_bytes: usize,
    pub(crate) keep: usize,
    pub(crate) over: Over,
    pub(crate) whole: Duration,
    pub(crate) silence: Duration,
    pub(crate) redirects: usize,
}

impl Request {
    /// Fetches an address: at most 8 MiB after decoding, 30 s in all, 15 s of silence, 8 redirects.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Vec::new(),
            most_bytes: 8 << 20,
            keep: usize::MAX,
            over: Over::Fail,
            whole: Duration::from_secs(30),
            silence: Duration::from_secs(15),
            redirects: 8,
        }
    }

    /// Asks for the headers of an address only.
    #[must_use]
    pub fn head(url: Url) -> Self {
        Self {
            method: Method::HEAD,
            ..Self::get(url)
        }
    }

    /// Posts JSON. A redirect is not followed but returned: what was meant for one host is not
    /// handed to another.
    #[must_use]
    pub fn post_json(url: Url, json: impl Into<Vec<u8>>) -> Self {
        Self::post(url, HeaderValue::from_static("application/json"), json)
    }

    /// Posts bytes of this media type, likewise.
    #[must_use]
    pub fn post(url: Url, media_type: HeaderValue, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: Method::POST,
            body: body.into(),
            redirects: 0,
            ..Self::get(url)
        }
        .header(header::CONTENT_TYPE, media_type)
    }

    /// With this header, in place of one of the same name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With at most this many bytes of body, after decoding, and what to do with more.
    #[must_use]
    pub const fn at_most(mut self, bytes: usize, over: Over) -> Self {
        self.most_bytes = bytes;
        self.over = over;
        self
    }

    /// Keeping no more than the first `bytes` of the body; the rest is digested and let go.
    #[must_use]
    pub const fn keep(mut self, bytes: usize) -> Self {
        self.keep = bytes;
        self
    }

    /// Within this time in all, redirects included.
    #[must_use]
    pub const fn within(mut self, whole: Duration) -> Self {
        self.whole = whole;
        self
    }

    /// With at most this long between two signs of life of the server.
    #[must_use]
    pub const fn silence(mut self, silence: Duration) -> Self {
        self.silence = silence;
        self
    }

    /// Following at most this many redirects.
    #[must_use]
    pub const fn redirects(mut self, most: usize) -> Self {
        self.redirects = most;
        self
    }
}
