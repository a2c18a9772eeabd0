//! What a conversation wants said and done.

use crate::distress::Distress;

/// What is to be said, still without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// Where to find help, before anything else.
    Distress(Distress),
    /// What this is, what the platform sees, how to stay unknown.
    Welcome,
    /// What was gathered, and how to report it. Addresses are made harmless.
    Noted {
        /// The addresses, at most ten.
        addresses: Vec<String>,
        /// How many more there are.
        more: usize,
    },
    /// Files are not taken.
    NoMedia,
    /// Contacts and places are not kept.
    NoPersonal,
    /// Something could not be read.
    NotRead,
    /// How to report.
    HowTo,
    /// How this works, and where to find help.
    Help,
    /// More may be said before it is reported.
    GoOn,
    /// The language is now this one.
    Speaking,
    /// There is no report to ask about.
    NoReport,
    /// What became of the report: one of the letterbox's answers, as it is stored.
    Status(String),
    /// It is reported, and this is the receipt.
    Registered {
        /// The receipt.
        receipt: String,
        /// Whether it was reported because nothing more was said.
        silence: bool,
    },
    /// Nothing is said any more.
    Stopped,
}

/// What the conversation needs done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// Store the letter of [`crate::Talk::to_store`], then tell [`crate::Talk::stored`].
    Store,
    /// Look up what this receipt is told, then say [`Say::Status`].
    Status(String),
    /// Forget whom to answer as soon as all was said.
    Forget,
}
