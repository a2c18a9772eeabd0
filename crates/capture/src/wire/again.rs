//! Looking into bytes that are there already: the request, and the one frame that answers it.

use serde::{Deserialize, Serialize};

use super::{Decode, Film, Likeness};

/// What is asked of a decoder instead of a visit: one line of JSON, then the bytes themselves.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examine {
    /// How many bytes follow the line.
    pub examine: u32,
    /// Whether they are a video.
    pub film: bool,
}

/// What was seen in them; the previews and the contact sheet are the frame's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExaminedSaid {
    /// Their kind, told from the first of them.
    pub media_type: String,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Whether they could be decoded.
    pub decode: Decode,
    /// What a picture looks like; none when it was not decoded.
    pub likeness: Option<Likeness>,
    /// What a video is besides; none for a picture.
    pub film: Option<Film>,
    /// How many of the body's bytes are the strongly blurred preview.
    pub veiled: u32,
    /// How many are the small, lightly blurred preview.
    pub soft: u32,
    /// How many are the contact sheet of a video.
    pub sheet: u32,
}
