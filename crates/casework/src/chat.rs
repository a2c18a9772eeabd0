//! The chat line's work: envelopes are opened, conversations go on, texts are said.
//!
//! Each step is the same whether it is done once or twice. An event has a key of its own and is taken
//! in once; a conversation's letter has a receipt drawn before it is stored; a text that may have been
//! said is not said again.

mod open;
mod poll;
mod say;
mod talk;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chat::Wording;
use chat::store::Gathering;
use egress::HttpClient;
use letterbox::{Inlet, Slot};
use pages::Language;
use url::Url;
use zeroize::Zeroizing;

use crate::Casework;

/// How the hotline speaks on WhatsApp.
pub struct WhatsAppLine {
    /// The address of the interface with its version, ending in a slash.
    pub api: Url,
    /// The id of the hotline's number there.
    pub number: String,
    /// The token with which the hotline speaks.
    pub token: Zeroizing<String>,
}

/// How the hotline speaks on Telegram.
pub struct TelegramLine {
    /// The address of the interface, ending in a slash.
    pub api: Url,
    /// The token with which the hotline speaks; part of every address there.
    pub token: Zeroizing<String>,
    /// Whether what people write is fetched, rather than brought by a webhook.
    pub poll: bool,
}

/// Everything the chat line is worked with.
pub struct ChatLine {
    /// Where letters are left.
    pub slot: Slot,
    /// Where fetched updates are left.
    pub inlet: Inlet,
    /// A way out that leads to the platforms and nowhere else.
    pub web: HttpClient,
    /// How things are said.
    pub wording: Wording,
    /// The language spoken until the sender's is known.
    pub usual: Language,
    /// WhatsApp, when the hotline has a number.
    pub whatsapp: Option<WhatsAppLine>,
    /// Telegram, when the hotline has a bot.
    pub telegram: Option<TelegramLine>,
    /// How long things said one soon after the other are waited for.
    pub gathering: Gathering,
    /// After how much silence what was said is reported, ms.
    pub silence_ms: i64,
    /// How long after its last words a conversation is forgotten, ms.
    pub forget_ms: i64,
}

/// The chat line and what is remembered between steps.
pub(crate) struct Working {
    line: ChatLine,
    /// The first update that was not fetched yet.
    next_update: AtomicI64,
}

impl Working {
    pub(crate) const fn new(line: ChatLine) -> Self {
        Self {
            line,
            next_update: AtomicI64::new(0),
        }
    }
}

impl Casework {
    fn working(&self) -> Option<&Arc<Working>> {
        self.0.chat.as_ref()
    }

    /// The chat line, when this hotline has one.
    #[must_use]
    pub fn chat_line(&self) -> Option<&ChatLine> {
        self.working().map(|working| &working.line)
    }
}

/// The name under which this stands in the ledger.
const CHAT: &str = "chat";
