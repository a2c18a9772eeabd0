//! One request of a page, and the answer to the first of them.

use serde_json::Value;
use tokio::time::Instant;

use crate::wire::FoundBy;

/// A request's name: the session that made it and its id there.
pub type Name = (String, String);

/// One request.
#[derive(Debug)]
pub struct Asked {
    pub address: String,
    pub kind: String,
    pub frame: String,
    pub is_main: bool,
    pub since: Instant,
    pub media_type: String,
    pub status: Option<u16>,
}

impl Asked {
    /// Whether a finished request is a picture as far as the browser can tell.
    pub fn is_picture(&self) -> bool {
        self.kind == "Image" || self.media_type.starts_with("image/")
    }

    /// In which way a person would have come to see it, on a page with this main frame.
    pub fn found_by(&self, main_frame: &str) -> FoundBy {
        if self.is_main {
            FoundBy::Address
        } else if self.address.starts_with("data:") {
            FoundBy::Data
        } else if self.address.starts_with("blob:") {
            FoundBy::Blob
        } else if self.kind == "Other" {
            FoundBy::Icon
        } else if self.frame.is_empty() || self.frame == main_frame {
            FoundBy::Page
        } else {
            FoundBy::Frame
        }
    }
}

/// The answer to the main document's request.
#[derive(Debug, Clone, Default)]
pub struct MainAnswer {
    /// Its address.
    pub address: String,
    /// Its HTTP status.
    pub status: u16,
    /// Its media type, as the browser took it.
    pub media_type: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
}

impl MainAnswer {
    /// The answer to this request, with the headers as the browser tells them.
    pub fn to(asked: &Asked, headers: &Value) -> Self {
        let headers = headers.as_object().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            address: asked.address.clone(),
            status: asked.status.unwrap_or(0),
            media_type: asked.media_type.clone(),
            headers: headers
                .map(|(name, value)| (name.clone(), text(value)))
                .collect(),
        }
    }
}

/// An HTTP status as the browser tells it.
pub fn status_of(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|status| u16::try_from(status).ok())
}
