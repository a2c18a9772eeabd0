//! What is answered when a page cannot be shown or a form not be acted on. The gate turns it into a
//! page in the person's language.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ground::DbError;
use staff::StaffError;
use vault::VaultError;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing, or it is not for this person.
    #[error("not found")]
    NotFound,
    /// It changed since it was shown.
    #[error("changed since it was shown")]
    Stale,
    /// The form cannot be read.
    #[error("the form cannot be read")]
    BadForm,
    /// The form token is missing, too old, or of another session.
    #[error("the form token does not fit")]
    BadToken,
    /// The form or the session of the sign-in is too old.
    #[error("start signing in again")]
    SignInAgain,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// Something in between for a word of its own: a status and the id of the phrase that says why.
    #[error("told: {1}")]
    Told(StatusCode, &'static str),
    /// A defect, or an engine out of reach.
    #[error("broken: {0}")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What the gate makes a page of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub status: StatusCode,
    pub phrase: &'static str,
}

impl DeskError {
    /// Wraps a failure that the person can do nothing about.
    pub fn broken(fault: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Broken(fault.into())
    }

    pub(crate) const fn fault(&self) -> Fault {
        let (status, phrase) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "desk-fault-not-found"),
            Self::Stale => (StatusCode::CONFLICT, "desk-fault-stale"),
            Self::BadForm => (StatusCode::UNPROCESSABLE_ENTITY, "desk-fault-form"),
            Self::BadToken => (StatusCode::FORBIDDEN, "desk-fault-token"),
            Self::SignInAgain => (StatusCode::UNAUTHORIZED, "desk-fault-sign-in"),
            Self::DiskFull => (StatusCode::INSUFFICIENT_STORAGE, "desk-fault-disk"),
            Self::Told(status, phrase) => (*status, *phrase),
            Self::Broken(_) => (StatusCode::INTERNAL_SERVER_ERROR, "desk-fault-broken"),
        };
        Fault { status, phrase }
    }
}

impl IntoResponse for DeskError {
    fn into_response(self) -> Response {
        if let Self::Broken(fault) = &self {
            let fault: &dyn std::error::Error = fault.as_ref();
            tracing::error!(fault, "a page of the desk failed");
        }
        let fault = self.fault();
        let mut answer = (fault.status, self.to_string()).into_response();
        answer.extensions_mut().insert(fault);
        answer
    }
}

impl From<DbError> for DeskError {
    fn from(fault: DbError) -> Self {
        match fault {
            DbError::DiskFull(_) => Self::DiskFull,
            other => Self::broken(other),
        }
    }
}

impl From<VaultError> for DeskError {
    fn from(fault: VaultError) -> Self {
        match fault {
            VaultError::Shredded => Self::Told(StatusCode::GONE, "desk-fault-shredded"),
            VaultError::Db(fault) => fault.into(),
            other => Self::broken(other),
        }
    }
}

impl From<StaffError> for DeskError {
    fn from(fault: StaffError) -> Self {
        match fault {
            StaffError::NotFound => Self::NotFound,
            StaffError::Stale => Self::Stale,
            StaffError::WrongStep => Self::SignInAgain,
            StaffError::Busy => Self::Told(StatusCode::SERVICE_UNAVAILABLE, "desk-fault-busy"),
            StaffError::Db(fault) => fault.into(),
            StaffError::Vault(fault) => fault.into(),
            other => Self::broken(other),
        }
    }
}

impl From<ground::id::Unreadable> for DeskError {
    fn from(_: ground::id::Unreadable) -> Self {
        Self::NotFound
    }
}
