//! What is said when something about a removal, a notice or a contact was not done.

use axum::http::StatusCode;
use casework::desk::RemovalError;

use crate::DeskError;

/// The phrase for a refusal that the person can do something about; none for what is told as a
/// page of its own.
pub(crate) const fn phrase_of(fault: &RemovalError) -> Option<&'static str> {
    Some(match fault {
        RemovalError::BadDeadline => "removal-fault-deadline",
        RemovalError::Move(_) => "removal-fault-move",
        RemovalError::Contact(::provider::Refused::Unaltered) => "contact-fault-unaltered",
        RemovalError::Contact(_) => "contact-fault-already",
        RemovalError::Taken => "contact-fault-taken",
        RemovalError::Notice(_) => "notice-fault-state",
        RemovalError::NotApproved => "notice-fault-not-approved",
        RemovalError::NothingWaits => "notice-fault-nothing-waits",
        _ => return None,
    })
}

impl From<RemovalError> for DeskError {
    fn from(fault: RemovalError) -> Self {
        if let Some(phrase) = phrase_of(&fault) {
            return Self::Told(StatusCode::CONFLICT, phrase);
        }
        match fault {
            RemovalError::NotFound => Self::NotFound,
            RemovalError::Stale => Self::Stale,
            RemovalError::Db(fault) => fault.into(),
            RemovalError::Vault(fault) => fault.into(),
            other => Self::broken(other),
        }
    }
}
