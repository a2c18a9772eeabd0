//! What came of saying something.

/// What the platform's answer means for what was to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The platform took it over, under this id.
    Sent {
        /// The id at the platform; empty when it named none.
        id: String,
    },
    /// Not now; nothing was said.
    Later {
        /// How long the platform asks to wait, ms.
        after_ms: Option<i64>,
    },
    /// It may have been said or not. It is never said again: nobody is to get a text twice.
    Unsure,
    /// It cannot be said any more.
    Never {
        /// Why: one of a few fixed words.
        why: &'static str,
    },
}
