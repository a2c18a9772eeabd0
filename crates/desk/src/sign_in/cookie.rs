//! The session's cookie: set at every step, taken away at the end.

use axum::response::AppendHeaders;
use staff::{ABSOLUTE_MS, Token};

use crate::who::COOKIE;

type Header = (&'static str, String);

/// The header that hands a session's token to the browser: unreadable to scripts, sent to this host
/// alone and never with a request that another site began.
pub(crate) fn kept(token: &Token) -> AppendHeaders<[Header; 1]> {
    let seconds = ABSOLUTE_MS / 1_000;
    let line = format!(
        "{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}",
        token.to_cookie().as_str()
    );
    AppendHeaders([("set-cookie", line)])
}

/// The headers that take away the token and everything else the browser may have kept of the desk.
pub(crate) fn signed_out() -> AppendHeaders<[Header; 2]> {
    AppendHeaders([
        (
            "set-cookie",
            format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"),
        ),
        (
            "clear-site-data",
            "\"cache\", \"cookies\", \"storage\"".to_owned(),
        ),
    ])
}
