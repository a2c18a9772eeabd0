//! The answer: for each hash, in the order of the question, match or not.

use serde::Serialize;

/// What is said of one hash, and all that is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub(crate) enum Said {
    /// It is on a list of this category.
    Match { category: String },
    /// It is on no list.
    NoMatch,
    /// It was not compared, and why.
    NotChecked { reason: &'static str },
}

/// The body of an answer.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    pub(crate) results: Vec<Said>,
}
