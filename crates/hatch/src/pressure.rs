//! How often one link may be used, and how much guessing is answered. Nothing is kept of who asks:
//! the count is by link, in memory.

use std::num::NonZeroU32;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::{Hatch, sorry};

/// Requests of one link in a minute, with as many at once.
const BY_LINK: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Requests of all together in a second.
const BY_ALL: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// So many letters of a link name its contact.
const CONTACT_LETTERS: usize = 26;
/// Links remembered at most before those at rest are forgotten.
const MOST_LINKS: usize = 20_000;

pub(crate) struct Pressure {
    links: DefaultKeyedRateLimiter<String>,
    all: DefaultDirectRateLimiter,
}

impl Pressure {
    pub(crate) fn new() -> Self {
        Self {
            links: RateLimiter::keyed(Quota::per_minute(BY_LINK)),
            all: RateLimiter::direct(Quota::per_second(BY_ALL)),
        }
    }

    /// Whether one more request of this link is served.
    pub(crate) fn allows(&self, link: &str) -> bool {
        if self.all.check().is_err() {
            return false;
        }
        if self.links.len() > MOST_LINKS {
            self.links.retain_recent();
        }
        let contact: String = link.chars().take(CONTACT_LETTERS).collect();
        self.links.check_key(&contact).is_ok()
    }
}

pub(crate) async fn hold_back(
    State(hatch): State<Hatch>,
    Path(parts): Path<Vec<(String, String)>>,
    request: Request,
    next: Next,
) -> Response {
    let link = parts.first().map(|(_, link)| link.as_str()).unwrap_or("");
    if hatch.pressure.allows(link) {
        return next.run(request).await;
    }
    let wait = sorry(&hatch, StatusCode::TOO_MANY_REQUESTS, "hatch-wait", None);
    ([("retry-after", "60")], wait).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_used_too_often_does_not_bar_another() {
        let pressure = Pressure::new();
        let (one, other) = ("a".repeat(58), "b".repeat(58));
        assert!((0..60).all(|_| pressure.allows(&one)));
        assert!(!pressure.allows(&one));
        assert!(
            !pressure.allows(&format!("{}x", "a".repeat(57))),
            "the same contact"
        );
        assert!(pressure.allows(&other));
    }
}
