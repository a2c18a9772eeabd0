//! The strict headers on every answer of a face (IN-5, IN-8, T3).
//!
//! They are set last and overwrite what a handler said, so no page can be laxer than its face.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;

use crate::asset::Keepable;

/// Which face answers, and how it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    kind: Kind,
    https: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Public,
    Provider,
    Desk,
}

impl Face {
    /// The public face: no script at all. `https` says that browsers reach it by TLS.
    #[must_use]
    pub const fn public(https: bool) -> Self {
        Self {
            kind: Kind::Public,
            https,
        }
    }

    /// The page of a provider: as the public face, and never indexed. `https` says that browsers
    /// reach it by TLS.
    #[must_use]
    pub const fn provider(https: bool) -> Self {
        Self {
            kind: Kind::Provider,
            https,
        }
    }

    /// The desk: own scripts, never indexed. `https` says that browsers reach it by TLS.
    #[must_use]
    pub const fn desk(https: bool) -> Self {
        Self {
            kind: Kind::Desk,
            https,
        }
    }
}

const PUBLIC_CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const DESK_CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; \
    script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'";

/// Every powerful feature, switched off.
const NO_FEATURES: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), \
    encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), \
    microphone=(), midi=(), otp-credentials=(), payment=(), picture-in-picture=(), \
    publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), \
    serial=(), speaker-selection=(), storage-access=(), usb=(), window-management=(), \
    xr-spatial-tracking=()";

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const COEP: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const FEATURES: HeaderName = HeaderName::from_static("permissions-policy");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const CROSS_DOMAIN: HeaderName = HeaderName::from_static("x-permitted-cross-domain-policies");
const PREFETCH: HeaderName = HeaderName::from_static("x-dns-prefetch-control");

/// Puts the headers of `face` on every answer of `router`, also on its fall-back.
pub fn guard<S: Clone + Send + Sync + 'static>(router: Router<S>, face: Face) -> Router<S> {
    router.layer(middleware::from_fn_with_state(face, set))
}

async fn set(State(face): State<Face>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let keepable = answer.extensions().get::<Keepable>().is_some();
    write(face, keepable, answer.headers_mut());
    answer
}

fn write(face: Face, keepable: bool, headers: &mut HeaderMap) {
    let mut say = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(header::X_FRAME_OPTIONS, "DENY");
    say(FEATURES, NO_FEATURES);
    say(CORP, "same-origin");
    say(COOP, "same-origin");
    say(COEP, "require-corp");
    say(CROSS_DOMAIN, "none");
    say(PREFETCH, "off");
    say(
        header::CACHE_CONTROL,
        if keepable {
            "public, max-age=31536000, immutable"
        } else {
            "no-store"
        },
    );
    match face.kind {
        Kind::Public => {
            say(header::CONTENT_SECURITY_POLICY, PUBLIC_CSP);
            say(header::REFERRER_POLICY, "no-referrer");
        }
        Kind::Provider => {
            say(header::CONTENT_SECURITY_POLICY, PUBLIC_CSP);
            say(header::REFERRER_POLICY, "no-referrer");
            say(ROBOTS, "noindex, nofollow, noarchive, noimageindex");
        }
        Kind::Desk => {
            say(header::CONTENT_SECURITY_POLICY, DESK_CSP);
            // `no-referrer` would make browsers send `Origin: null` with the desk's own forms.
            say(header::REFERRER_POLICY, "same-origin");
            say(ROBOTS, "noindex, nofollow, noarchive, noimageindex");
        }
    }
    if face.https {
        say(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        );
    }
    headers.remove(header::SERVER);
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    async fn headers_of(face: Face, path: &str) -> String {
        let lax = get(|| async {
            (
                [
                    ("server", "x"),
                    ("cache-control", "public"),
                    ("x-frame-options", "ALLOWALL"),
                ],
                "hi",
            )
        });
        let router: Router = guard(crate::asset::router().route("/", lax), face);
        let answer = router
            .oneshot(Request::get(path).body(Body::empty()).unwrap())
            .await
            .unwrap();
        let mut lines: Vec<String> = answer
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        lines.sort();
        format!("{}\n{}", answer.status(), lines.join("\n"))
    }

    #[tokio::test]
    async fn the_public_face_says_exactly_this() {
        insta::assert_snapshot!("public", headers_of(Face::public(true), "/").await);
    }

    #[tokio::test]
    async fn the_desk_says_exactly_this() {
        insta::assert_snapshot!("desk", headers_of(Face::desk(true), "/").await);
    }

    #[tokio::test]
    async fn without_tls_nothing_promises_tls() {
        let said = headers_of(Face::public(false), "/").await;
        assert!(!said.contains("strict-transport-security"));
    }

    #[tokio::test]
    async fn an_unknown_path_is_as_strict_as_a_known_one() {
        let said = headers_of(Face::desk(true), "/nowhere").await;
        assert!(said.starts_with("404") && said.contains("default-src 'none'"));
    }

    #[tokio::test]
    async fn only_an_asset_may_be_kept() {
        let asset = headers_of(Face::public(true), crate::asset::path("public.css")).await;
        assert!(asset.contains("immutable") && asset.starts_with("200"));
        assert!(!asset.contains("etag") && !asset.contains("last-modified"));
        assert!(
            headers_of(Face::public(true), "/")
                .await
                .contains("cache-control: no-store")
        );
    }

    #[test]
    fn no_policy_allows_inline_or_evaluated_code() {
        for policy in [PUBLIC_CSP, DESK_CSP] {
            assert!(
                !policy.contains("unsafe") && !policy.contains("data:") && !policy.contains('*')
            );
        }
        assert!(!PUBLIC_CSP.contains("script"));
    }
}
