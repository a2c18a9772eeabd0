//! The facts of the people of the hotline.

use serde::{Deserialize, Serialize};

use super::Fact;

/// One thing that happened to somebody's account, or at the sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the comment of each fact explains its fields together"
)]
pub enum StaffFact {
    /// staff · an account was made, with these roles.
    StaffAdded { roles: Vec<String> },
    /// staff · the roles were changed.
    StaffRolesChanged { roles: Vec<String> },
    /// staff · somebody new was let go on to this level.
    LevelRaised { level: String },
    /// staff · the account was closed.
    StaffClosed,
    /// staff · the password or the second factor was set anew.
    CredentialChanged { which: String },
    /// staff · signed in.
    SignedIn,
    /// staff or site · a sign-in was refused.
    SignInRefused { cause: String },
    /// staff · signed out, or was signed out.
    SignedOut { cause: String },
}

impl From<StaffFact> for Fact {
    fn from(fact: StaffFact) -> Self {
        Self::Staff(fact)
    }
}
