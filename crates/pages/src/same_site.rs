//! Refuses changes that another site asks for in the name of somebody who is signed in
//! (ASVS 3.5.3, T9). The desk puts this around everything; form tokens come on top.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

/// The origin under which browsers reach a face: `https://desk.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// Why a text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an origin is http:// or https:// and a host, with a port if need be, and nothing after it"
)]
pub struct OriginFault;

impl Origin {
    /// Reads an origin as a browser writes it; a closing slash is dropped.
    ///
    /// # Errors
    /// When there is a path, a user name or another scheme than http(s).
    pub fn parse(text: &str) -> Result<Self, OriginFault> {
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or(OriginFault)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(plain) {
            return Err(OriginFault);
        }
        let default_port = if text.starts_with("https://") {
            ":443"
        } else {
            ":80"
        };
        Ok(Self(
            text.strip_suffix(default_port).unwrap_or(&text).to_owned(),
        ))
    }

    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is reached by TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Puts the guard around `router`: a request that may change something and comes from another site
/// is answered 403 before any handler sees it.
pub fn guard<S: Clone + Send + Sync + 'static>(router: Router<S>, origin: Origin) -> Router<S> {
    router.layer(middleware::from_fn_with_state(origin, check))
}

async fn check(State(origin): State<Origin>, request: Request, next: Next) -> Response {
    if may_pass(request.method(), request.headers(), &origin) {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "this request came from another site and was refused",
        )
            .into_response()
    }
}

/// Browsers say where a request comes from in `Sec-Fetch-Site`; where they do not (older ones, or
/// plain http) the `Origin` has to be ours. Neither present: refused, as no browser does that.
fn may_pass(method: &Method, headers: &HeaderMap, origin: &Origin) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    match said("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => said(header::ORIGIN.as_str()) == Some(origin.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    header::HeaderValue::from_static(value),
                )
            })
            .collect();
        may_pass(
            &Method::POST,
            &headers,
            &Origin::parse("https://desk.example").unwrap(),
        )
    }

    #[test]
    fn our_own_forms_pass() {
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("sec-fetch-site", "none")]));
        assert!(post(&[("origin", "https://desk.example")]));
    }

    #[test]
    fn another_site_is_refused_however_it_is_said() {
        assert!(!post(&[("sec-fetch-site", "cross-site")]));
        assert!(!post(&[("sec-fetch-site", "same-site")]));
        assert!(!post(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://desk.example")
        ]));
        assert!(!post(&[("origin", "https://desk.example.evil.example")]));
        assert!(!post(&[("origin", "null")]));
        assert!(!post(&[]));
    }

    #[test]
    fn reading_is_never_refused() {
        let origin = Origin::parse("https://desk.example").unwrap();
        assert!(may_pass(&Method::GET, &HeaderMap::new(), &origin));
    }

    #[test]
    fn an_origin_is_read_as_browsers_write_it() {
        let read = |text: &str| Origin::parse(text).map(|origin| origin.0);
        assert_eq!(
            read("HTTPS://Desk.Example:443/"),
            Ok("https://desk.example".to_owned())
        );
        assert_eq!(
            read("http://127.0.0.1:8080"),
            Ok("http://127.0.0.1:8080".to_owned())
        );
        assert_eq!(read("https://desk.example/path"), Err(OriginFault));
        assert_eq!(read("ftp://desk.example"), Err(OriginFault));
        assert_eq!(read("https://user@desk.example"), Err(OriginFault));
    }
}
