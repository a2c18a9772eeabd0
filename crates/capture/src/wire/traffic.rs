//! What was asked and answered during a visit: how the child says it.

use serde::{Deserialize, Serialize};

/// One request and what came of it; the frame's body is what was answered, when that is no picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// When it was sent, in milliseconds since 1970, by the child's clock.
    pub at_ms: i64,
    /// `GET`, mostly.
    pub method: String,
    /// The address asked for.
    pub address: String,
    /// The headers that were sent, as far as the browser tells.
    pub asked_with: Vec<(String, String)>,
    /// The status of the answer; none when there was none.
    pub status: Option<u16>,
    /// The headers of the answer.
    pub headers: Vec<(String, String)>,
    /// SHA-256 of what it held, in lower-case hex, when that is known.
    pub sha256: Option<String>,
    /// Whether less was received, or is said, than the server sent.
    pub truncated: bool,
    /// Why there was no answer, or no whole one.
    pub fault: Option<String>,
}

/// The certificates one server showed, as the browser says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownBy {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// SHA-256 of each certificate in lower-case hex, the server's own first.
    pub sha256: Vec<String>,
}
