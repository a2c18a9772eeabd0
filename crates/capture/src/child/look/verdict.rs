//! Why a page that was asked for is none (law 6): by the answer, and by the browser's own words.

use crate::child::fetch;
use crate::child::watch::{MainAnswer, Watch};
use crate::wire::FailedBecause;

/// What a document's status and kind say about it (law 6: an error page is no page).
pub fn verdict_on(watch: &Watch, main: Option<&MainAnswer>) -> Option<FailedBecause> {
    let Some(main) = main else {
        let crashed = watch.seen().crashed;
        return Some(if crashed {
            FailedBecause::Browser("the page's process ended".to_owned())
        } else {
            FailedBecause::TimedOut
        });
    };
    let has = |name: &str| {
        let mut headers = main.headers.iter();
        headers.any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    if fetch::is_proxys_own(main.status, has) {
        return Some(FailedBecause::NotReached);
    }
    let kind = main.media_type.as_str();
    let shown = kind.is_empty()
        || kind.starts_with("text/")
        || kind.starts_with("image/")
        || kind.starts_with("video/")
        || kind.ends_with("xml")
        || kind.ends_with("json");
    match main.status {
        204 | 205 => Some(FailedBecause::NothingThere),
        200..300 if shown => None,
        200..300 => Some(FailedBecause::NotAPage(main.media_type.clone())),
        status => Some(FailedBecause::HttpStatus(status)),
    }
}

/// What the browser's word for a failure means.
pub fn because(error: &str) -> FailedBecause {
    match error.trim_start_matches("net::") {
        "ERR_TUNNEL_CONNECTION_FAILED" | "ERR_NAME_NOT_RESOLVED" => FailedBecause::NotReached,
        "ERR_TIMED_OUT" | "ERR_CONNECTION_TIMED_OUT" => FailedBecause::TimedOut,
        "ERR_TOO_MANY_REDIRECTS" => FailedBecause::TooManyRedirects,
        "ERR_EMPTY_RESPONSE" => FailedBecause::NothingThere,
        "ERR_UNSAFE_PORT" | "ERR_BLOCKED_BY_ADMINISTRATOR" | "ERR_DISALLOWED_URL_SCHEME" => {
            FailedBecause::Refused
        }
        "ERR_PROXY_CONNECTION_FAILED" => {
            FailedBecause::Child("the proxy did not answer".to_owned())
        }
        tls if tls.starts_with("ERR_CERT") || tls.starts_with("ERR_SSL") => {
            FailedBecause::TlsFailed
        }
        _ => FailedBecause::ConnectionFailed,
    }
}
