//! Why something at the desk was not done.

use assessment::AssessmentError;
use ground::DbError;
use report::ReportError;
use vault::VaultError;

/// Why something at the desk was not done; reads on from "not done: ".
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing, or it does not belong to this report.
    #[error("there is no such thing in this report")]
    NotFound,
    /// The report does not allow it now.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The answers make no judgement, or the content was judged before.
    #[error(transparent)]
    Assessment(#[from] AssessmentError),
    /// A takedown does not allow it now.
    #[error(transparent)]
    Takedown(#[from] takedown::StoreFault),
    /// A move of a takedown was refused.
    #[error(transparent)]
    Move(#[from] takedown::Refused),
    /// Items are left to judge.
    #[error("{to_judge} items are still to be judged")]
    NotAllJudged {
        /// How many, in items.
        to_judge: u32,
    },
    /// Addresses are still being visited.
    #[error("{addresses} addresses are still being visited")]
    VisitsUnderWay {
        /// How many, in addresses.
        addresses: u32,
    },
    /// The report has nothing to judge, so its outcome must be chosen.
    #[error("choose how this report ends")]
    NoOutcome,
    /// The contact sheet of a video comes before the video.
    #[error("see its contact sheet first")]
    SheetFirst,
    /// The token was used, is too old, or is somebody else's.
    #[error("this can be shown no longer; reveal it again")]
    NoSuchToken,
    /// A limit says that nothing is shown now.
    #[error(transparent)]
    Stop(staff::Stop),
    /// These limits cannot be set.
    #[error(transparent)]
    Limits(staff::LimitsFault),
    /// The house could not confirm a likeness by itself.
    #[error(transparent)]
    House(#[from] crate::WorkError),
    /// It was shredded, or the vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}
