//! Who does what and why: every change of state is made under an [`Act`].

use crate::{ContactId, Instant, StaffId};

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A member of staff.
    Staff(StaffId),
    /// A worker of the program itself, by its name (`collector`, `visitor`, `checker` …).
    Worker(&'static str),
    /// The abuse desk of a provider, on the page it reaches by a signed link.
    Provider(ContactId),
    /// Somebody with a shell on the machine, using the command line.
    Operator,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Staff(id) => write!(f, "{id}"),
            Self::Worker(name) => write!(f, "worker:{name}"),
            Self::Provider(contact) => write!(f, "{contact}"),
            Self::Operator => f.write_str("operator"),
        }
    }
}

/// Why something was done, in words; trimmed, not empty, at most [`Reason::MAX_BYTES`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// Why a reason was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReasonFault {
    /// Nothing was said.
    #[error("give a reason")]
    Empty,
    /// More than [`Reason::MAX_BYTES`] was said.
    #[error("the reason is too long; keep it under 500 bytes")]
    TooLong,
}

impl Reason {
    /// Longest reason, in bytes of UTF-8.
    pub const MAX_BYTES: usize = 500;

    /// Reads a reason.
    ///
    /// # Errors
    /// [`ReasonFault`] when it is empty or too long.
    pub fn parse(text: &str) -> Result<Self, ReasonFault> {
        let text = text.trim();
        match text.len() {
            0 => Err(ReasonFault::Empty),
            n if n > Self::MAX_BYTES => Err(ReasonFault::TooLong),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One act: who, when, and why where a reason is due. Every write takes one.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who acts.
    pub who: Actor,
    /// When.
    pub at: Instant,
    /// Why, where the act asks for a reason.
    pub why: Option<Reason>,
}

impl Act {
    /// An act by a worker of the program.
    #[must_use]
    pub const fn by_worker(name: &'static str, at: Instant) -> Self {
        Self {
            who: Actor::Worker(name),
            at,
            why: None,
        }
    }

    /// An act by a member of staff.
    #[must_use]
    pub const fn by_staff(id: StaffId, at: Instant) -> Self {
        Self {
            who: Actor::Staff(id),
            at,
            why: None,
        }
    }

    /// The same act with its reason.
    #[must_use]
    pub fn because(mut self, why: Reason) -> Self {
        self.why = Some(why);
        self
    }
}
