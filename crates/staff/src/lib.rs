//! Staff: the people who work here, under pseudonyms, and how they prove who they are.
//!
//! An **account** has a name, a password (argon2id), a second factor (time codes, TOTP) and
//! [roles](Roles). Somebody signs in by password and then by code; an account made or reset by an
//! administrator must first set a second factor and choose a password of its own. A **session** is
//! 32 random bytes of which only the SHA-256 is kept; it ends after 20 minutes of silence and after
//! ten hours in any case. Refused sign-ins slow down the next one, and give the same answer in
//! about the same time whether the name exists or not (T7, T9, ASVS 5.0 V6 and V7).
//!
//! The one rule that everything else leans on: an administrator, who decides who may do what, can
//! never hold a role that sees material ([`Roles::of`]).
//!
//! How much somebody may look at in a day is [`Limits`], narrower for who is new ([`induction`]); what
//! they looked at ([`exposure`]) and what they do not want to be offered ([`opt_out`]) is theirs alone.
//!
//! Unlike other words this one opens its own transactions: a password is checked between two of
//! them, never within one, because checking takes tens of milliseconds by design.

mod account;
mod credentials;
pub mod exposure;
mod hashing;
pub mod induction;
mod limits;
pub mod opt_out;
mod password;
mod people;
mod rules;
mod second_factor;
mod session;
mod sign_in;
mod sitting;
mod store;
#[cfg(test)]
mod testing;

use ground::{Chance, Clock, Db, DbError};
use vault::{Vault, VaultError};

pub use account::{Account, Refusal, SecondFactor};
pub use limits::{Day, GAP_MS, Limits, LimitsFault, Looked, OwnLimits, Stop};
pub use password::{OneTimePassword, PasswordFault};
pub use people::{Credential, DemoFactor, NewAccount, who_judge};
pub use rules::{Language, Name, NameFault, Role, Roles, RolesFault};
pub use second_factor::Offer;
pub use session::{ABSOLUTE_MS, HALFWAY_MS, IDLE_MS, Session, SessionKey, Stage, Step, Token};
pub use sign_in::Entered;

/// The accounts and sessions, ready for use; cheap to clone.
#[derive(Clone)]
pub struct Staff {
    db: Db,
    vault: Vault,
    clock: Clock,
    chance: Chance,
    hashing: hashing::Hashing,
    demo: bool,
}

impl Staff {
    /// The staff kept in these records.
    #[must_use]
    pub fn new(db: Db, vault: Vault, clock: Clock, chance: Chance) -> Self {
        Self {
            db,
            vault,
            clock,
            chance,
            hashing: hashing::Hashing::new(),
            demo: false,
        }
    }

    /// Whether this is the demonstration, where accounts with known credentials may be made and a
    /// waived second factor is honoured. Never in real use.
    #[must_use]
    pub const fn demo(mut self, yes: bool) -> Self {
        self.demo = yes;
        self
    }
}

/// Why something about staff was not done.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The sign-in did not succeed. One answer for every cause, so that nobody learns which names
    /// exist; the cause stands in the ledger.
    #[error("the name, the password or the code is not right, or it is too soon to try again")]
    SignInRefused,
    /// Too many sign-ins are being checked at this moment.
    #[error("too many people are signing in at this moment; try again in a few seconds")]
    Busy,
    /// The session is not at the step that this needs.
    #[error("this is not the step that is due; start again")]
    WrongStep,
    /// The code does not fit the second factor that is being set up.
    #[error("the code is not right; wait for the next one")]
    WrongCode,
    /// The present password is not right.
    #[error("the present password is not right")]
    WrongPassword,
    /// The password does not meet the policy.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// The name cannot be used.
    #[error(transparent)]
    Name(#[from] NameFault),
    /// Somebody has or had this name.
    #[error("this name is or was in use; choose another")]
    NameTaken,
    /// The move is not allowed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such account or session.
    #[error("there is no such account")]
    NotFound,
    /// The account changed since it was shown.
    #[error("the account changed since it was shown")]
    Stale,
    /// Known credentials were asked for outside the demonstration.
    #[error("accounts with known credentials exist in the demonstration only")]
    NotDemo,
    /// The password could not be hashed.
    #[error("the password could not be checked: {0}")]
    Hashing(String),
    /// The second factor could not be sealed or opened.
    #[error("the second factor could not be read")]
    Vault(#[from] VaultError),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}
