//! The embedded files: style sheets, scripts and the mark, served under a name with their digest.
//!
//! A name is `/a/<digest>-<file>`; it never changes its bytes, so a browser may keep it for ever.
//! Nothing else may be kept ([`crate::headers`]).

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

/// Put into the extensions of an answer that may be kept by the browser.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keepable;

struct Asset {
    file: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

const PUBLIC_CSS: &str = concat!(
    include_str!("../assets/tokens.css"),
    include_str!("../assets/public.css")
);
const CONSOLE_CSS: &str = concat!(
    include_str!("../assets/tokens.css"),
    include_str!("../assets/console.css")
);

const YEARLY_CSS: &str = concat!(
    include_str!("../assets/tokens.css"),
    include_str!("../assets/yearly.css")
);

/// The style sheet of the year as a document, for a document that carries it itself.
#[must_use]
pub const fn yearly_css() -> &'static str {
    YEARLY_CSS
}

const ASSETS: [Asset; 7] = [
    Asset {
        file: "yearly.css",
        kind: "text/css; charset=utf-8",
        bytes: YEARLY_CSS.as_bytes(),
    },
    Asset {
        file: "public.css",
        kind: "text/css; charset=utf-8",
        bytes: PUBLIC_CSS.as_bytes(),
    },
    Asset {
        file: "console.css",
        kind: "text/css; charset=utf-8",
        bytes: CONSOLE_CSS.as_bytes(),
    },
    Asset {
        file: "htmx.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/htmx.min.js"),
    },
    Asset {
        file: "keys.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/keys.js"),
    },
    Asset {
        file: "report.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/report.js"),
    },
    Asset {
        file: "mark.svg",
        kind: "image/svg+xml",
        bytes: include_bytes!("../assets/mark.svg"),
    },
];

/// The paths of [`ASSETS`], in the same order.
static PATHS: LazyLock<[String; ASSETS.len()]> = LazyLock::new(|| {
    ASSETS.each_ref().map(|asset| {
        let digest = Sha256::digest(asset.bytes);
        let short = digest
            .get(..8)
            .map(|part| data_encoding::HEXLOWER.encode(part));
        format!("/a/{}-{}", short.unwrap_or_default(), asset.file)
    })
});

/// The path of the asset with this file name; `/a/unknown` for a name that does not exist.
#[must_use]
pub fn path(file: &str) -> &'static str {
    ASSETS
        .iter()
        .position(|asset| asset.file == file)
        .and_then(|at| PATHS.get(at))
        .map_or("/a/unknown", String::as_str)
}

/// How many bytes the asset has; 0 for an unknown name.
#[must_use]
pub fn weight(file: &str) -> usize {
    ASSETS
        .iter()
        .find(|asset| asset.file == file)
        .map_or(0, |asset| asset.bytes.len())
}

/// Serves `/a/…` for both faces.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/a/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let found = PATHS
        .iter()
        .zip(&ASSETS)
        .find(|(path, _)| path.strip_prefix("/a/") == Some(name.as_str()));
    let Some((_, asset)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut answer = (
        [(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind))],
        asset.bytes,
    )
        .into_response();
    answer.extensions_mut().insert(Keepable);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_has_its_own_path_with_a_digest() {
        for asset in &ASSETS {
            let path = path(asset.file);
            assert!(
                path.ends_with(asset.file) && path.len() == asset.file.len() + 20,
                "{path}"
            );
        }
        assert_eq!(path("nothing.css"), "/a/unknown");
    }

    #[test]
    fn scripts_need_no_eval_and_no_inline_style() {
        for asset in ASSETS.iter().filter(|asset| asset.file == "keys.js") {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            for banned in [
                "eval(",
                "new Function",
                "innerHTML",
                "localStorage",
                "document.cookie",
            ] {
                assert!(!text.contains(banned), "{} uses {banned}", asset.file);
            }
        }
    }

    #[test]
    fn style_sheets_fetch_nothing() {
        for sheet in [PUBLIC_CSS, CONSOLE_CSS] {
            assert!(!sheet.contains("url(") && !sheet.contains("@import"));
        }
    }
}
