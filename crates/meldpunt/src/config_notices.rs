//! Settings of what comes back of notices.

use std::path::PathBuf;

/// Notices, once they are sent.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Notices {
    /// The Maildir (a folder with new, cur and tmp) into which mail to `hotline.notices_from` is
    /// delivered. Reports that a notice was not delivered are read there and then destroyed.
    pub bounces: Option<PathBuf>,
}
