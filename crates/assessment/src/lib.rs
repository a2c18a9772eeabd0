//! Assessment: one analyst's answers about one content under one version of the *scheme*; the
//! **verdict** is computed from the answers.
//!
//! A content is judged once, by a human (law 7): [`store::judge`] gives the verdict to the item that
//! was looked at and to every other item with the same bytes, and an item found later
//! [inherits](store::inherit) it. Answers are facts and are kept as they were given, together with
//! the version of the [scheme](Scheme) they were given under; a change in the law is a new scheme.
//! The one who judged may take it back while the report is still held. A scheme is drawn up as a draft,
//! put in force, and retired by the next ([`schemes`]); what was in force is never changed.

mod answers;
pub mod likeness;
mod progress;
mod rules;
mod scheme;
mod scheme_file;
pub mod schemes;
mod standing;
pub mod store;
#[cfg(test)]
mod store_tests;

pub use answers::{AnswerFault, Answers, Judged};
pub use progress::Progress;
pub use rules::{InForce, Judging, Like, Refusal};
pub use scheme::{
    About, Because, Choice, Condition, Question, Quick, Rule, Scheme, Shown, Take, Text,
};
pub use scheme_file::SchemeFault;
pub use standing::{Draft, SchemeRefusal, Standing, next_version};

use ground::DbError;

/// Why something about an assessment was not done.
#[derive(Debug, thiserror::Error)]
pub enum AssessmentError {
    /// The answers do not make a judgement.
    #[error(transparent)]
    Answers(#[from] AnswerFault),
    /// The move is not allowed now.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A scheme cannot be changed or put in force so.
    #[error(transparent)]
    Scheme(#[from] SchemeRefusal),
    /// There is no such scheme.
    #[error("there is no such scheme")]
    NoSuchScheme,
    /// It was changed since it was shown.
    #[error("it was changed since it was shown")]
    Stale,
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}
