//! The facts of conversations on chat platforms.

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::Platform;

/// One thing that happened in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the comment of each fact explains its fields together"
)]
pub enum ChatFact {
    /// conversation · somebody wrote on a chat platform who was not known there; its time is the hour.
    ConversationBegun { platform: Platform },
    /// conversation · what was said became a letter; its time is the hour.
    ConversationReported,
    /// conversation · a text could not be said, or may have been said and is not said again.
    ChatTextNotDelivered { cause: String },
}

impl From<ChatFact> for Fact {
    fn from(fact: ChatFact) -> Self {
        Self::Chat(fact)
    }
}
