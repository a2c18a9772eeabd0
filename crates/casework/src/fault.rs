//! Why a step of the work was not done.

use ground::DbError;
use vault::VaultError;

/// Why a step of the work was not done. The lease lapses and the step is tried again.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The vault failed, or what is needed was destroyed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A letter could not be collected.
    #[error(transparent)]
    Letter(#[from] letterbox::CollectError),
    /// A report could not be read or written.
    #[error(transparent)]
    Report(#[from] report::ReportError),
    /// An assessment could not be made.
    #[error(transparent)]
    Assessment(#[from] assessment::AssessmentError),
    /// A takedown was changed meanwhile, or the records failed.
    #[error(transparent)]
    Takedown(#[from] takedown::StoreFault),
    /// A notice was changed meanwhile, or could not be opened.
    #[error(transparent)]
    Notice(#[from] notice::StoreFault),
    /// A conversation could not be read or written.
    #[error(transparent)]
    Chat(#[from] ::chat::store::ChatError),
    /// A move of a takedown was refused.
    #[error(transparent)]
    Move(#[from] takedown::Refused),
    /// Something a record names is not there.
    #[error("something a record names is not there any more")]
    Vanished,
    /// Something stored cannot be read back.
    #[error("something stored cannot be read: {0}")]
    Unreadable(String),
    /// A word refused a move.
    #[error("{0}")]
    Refused(String),
    /// Somebody else changed it in the meantime.
    #[error("it was changed by somebody else in the meantime")]
    Stale,
}

impl WorkError {
    pub(crate) fn unreadable(fault: impl std::fmt::Display) -> Self {
        Self::Unreadable(fault.to_string())
    }

    pub(crate) fn json(fault: serde_json::Error) -> Self {
        Self::Unreadable(fault.to_string())
    }

    pub(crate) fn refused(fault: impl std::fmt::Display) -> Self {
        Self::Refused(fault.to_string())
    }
}
