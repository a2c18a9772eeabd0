//! What is answered when a question cannot be: problem details (RFC 9457) that say what was wrong and
//! what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::question::{self, Fault};
use crate::quota::Over;

/// One hash that is wrong.
#[derive(Debug, Serialize)]
struct Wrong {
    pointer: String,
    detail: &'static str,
}

/// The body of a refusal.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Wrong>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// How many wrong hashes are named in one refusal.
const MOST_NAMED: usize = 20;

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        name: &str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind: format!("urn:meldpunt:problem:{name}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// The same, to be tried again after so many seconds.
    pub(crate) const fn again_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(crate) fn no_key() -> Self {
        let detail = "Send your key as \"Authorization: Bearer mpk_…\". This one is missing, unknown or \
                      revoked; the hotline can give you another.";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "key",
            "The key is not accepted",
            detail,
        )
    }

    pub(crate) fn loading() -> Self {
        let detail = "The lists are not loaded, so nothing can be said of any hash. Try again; do not \
                      take this for \"no match\".";
        let title = "The service is not ready";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "loading", title, detail).again_after(5)
    }

    pub(crate) fn media_type() -> Self {
        let detail = "Send JSON, with the header \"Content-Type: application/json\".";
        let title = "The body is of another kind";
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            title,
            detail,
        )
    }

    pub(crate) fn too_large() -> Self {
        let detail =
            "A body may have 256 KiB, which is enough for 1,000 hashes. Ask in several goes.";
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The body is too large",
            detail,
        )
    }

    pub(crate) fn parameters() -> Self {
        let detail = "The address takes no parameters; everything stands in the body.";
        Self::new(
            StatusCode::BAD_REQUEST,
            "parameters",
            "Parameters are refused",
            detail,
        )
    }
}

impl From<Over> for Problem {
    fn from(over: Over) -> Self {
        let Over {
            seconds,
            which,
            most,
        } = over;
        match seconds {
            Some(seconds) => {
                let detail = format!(
                    "You may ask {most} hashes in one {which}; these would be more. Wait as Retry-After \
                     says."
                );
                let status = StatusCode::TOO_MANY_REQUESTS;
                Self::new(status, "quota", "The quota is used up", detail).again_after(seconds)
            }
            None => {
                let detail = format!(
                    "You may ask {most} hashes in one {which}, and these are more than that at once. Ask \
                     fewer in one question; waiting does not help."
                );
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self::new(status, "number", "The number of hashes is wrong", detail)
            }
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        match fault {
            Fault::Shape(why) => Self::new(
                StatusCode::BAD_REQUEST,
                "shape",
                "The body cannot be read",
                format!("It must be as /v1/openapi.json says: {why}."),
            ),
            Fault::Number(n) => Self::new(
                status,
                "number",
                "The number of hashes is wrong",
                format!(
                    "Ask for 1 to {} hashes at once; these are {n}.",
                    question::MOST
                ),
            ),
            Fault::Hashes(wrong) => {
                let detail = format!(
                    "{} of the hashes cannot be read; none was checked.",
                    wrong.len()
                );
                let mut problem = Self::new(status, "hashes", "Hashes cannot be read", detail);
                let named = wrong.into_iter().take(MOST_NAMED);
                problem.errors = named
                    .map(|(place, detail)| Wrong {
                        pointer: format!("#/hashes/{place}"),
                        detail,
                    })
                    .collect();
                problem
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut answer = (status, kind, body).into_response();
        if let Some(seconds) = self.retry_after {
            let seconds = HeaderValue::from(seconds);
            answer.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            answer
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        answer
    }
}
