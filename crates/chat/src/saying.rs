//! What was said, in words that know no platform.

use ground::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// What kind of file was sent.
    pub enum MediaKind {
        /// A picture.
        Photo = "photo",
        /// A moving picture.
        Video = "video",
        /// A voice or music.
        Sound = "sound",
        /// A file of any kind, which may be a picture all the same.
        File = "file",
        /// A sticker.
        Sticker = "sticker",
    }
}

text_enum! {
    /// How often what was said has been passed on, as the platform tells it.
    pub enum Forwarded {
        /// It is the sender's own.
        No = "no",
        /// It was passed on.
        Once = "once",
        /// It went round.
        Often = "often",
    }
}

/// A text, and the addresses the platform says stand in it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The text as it was typed.
    pub text: String,
    /// Addresses behind or in the text, as the platform marked them.
    pub links: Vec<String>,
}

/// One thing somebody did in a conversation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "heard", rename_all = "snake_case")]
pub enum Heard {
    /// A text.
    Text {
        /// What it says.
        words: Words,
        /// Whether it was passed on.
        forwarded: Forwarded,
    },
    /// A file, with a text beside it or none.
    Media {
        /// What kind.
        kind: MediaKind,
        /// The text beside it.
        caption: Words,
        /// What it has in common with the other files of one album, when the platform says so.
        album: Option<String>,
        /// What the file is asked for by at the platform; never used when files are refused.
        handle: Option<String>,
        /// Whether it was passed on.
        forwarded: Forwarded,
    },
    /// A text that replaces one said before; what was said before stays.
    Edited {
        /// What it says now.
        words: Words,
    },
    /// Something said before was taken back at the platform; what was said stays.
    TakenBack,
    /// A contact or a place, which is thrown away unread (CH-6).
    Personal,
    /// Something of a kind nobody here knows.
    Unknown {
        /// What the platform calls it, at most 40 letters.
        kind: String,
    },
}

/// What people say is not for logs.
impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words(…)")
    }
}

/// What people say is not for logs.
impl std::fmt::Debug for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Heard(…)")
    }
}

impl Words {
    /// A text without marked addresses.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            links: Vec::new(),
        }
    }
}

/// Who wrote, as far as an answer needs it. Never a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// What the platform knows the sender by; each finds the same conversation again. Never empty.
    pub known_by: Vec<String>,
    /// What an answer is addressed to, in the platform's own form.
    pub reach: String,
}

/// A sender is not for logs.
impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sender(…)")
    }
}

/// What came of it that something arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Somebody said something.
    Heard(Heard),
    /// The sender is known by something else from now on.
    Moved,
    /// The sender blocked the hotline at the platform, or let it in again.
    Blocked(bool),
    /// What became of something the hotline said: its id at the platform, and whether it failed.
    Delivery {
        /// The id the platform gave when it was sent.
        id: String,
        /// Whether it can no longer arrive.
        failed: bool,
    },
}

/// One event, read from what a platform sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The same for the same event however often it is delivered, and for no other (CH-2).
    pub key: String,
    /// Who.
    pub sender: Sender,
    /// When, by the platform, ms since 1970; 0 when it does not say.
    pub at_ms: i64,
    /// What.
    pub what: What,
}

/// What a platform sent is not in its form. Never echoes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not in the form of the platform")]
pub struct Unreadable;
