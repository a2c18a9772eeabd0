//! An account and its moves: each consumes the account and returns the next with its fact.

use std::fmt;

use ground::clock::{MINUTE_MS, SECOND_MS};
use ground::sea_orm::{self, FromQueryResult};
use ground::{Fact, Instant, StaffFact, StaffId, text_enum};

use crate::rules::{Language, Name, Role, Roles, RolesFault};

text_enum! {
    /// How it stands with the second factor of an account.
    pub enum SecondFactor {
        /// None is set; one must be set at the next sign-in.
        Due = "due",
        /// Set.
        Set = "set",
        /// Left out, for the demonstration; elsewhere this counts as due.
        Waived = "waived",
    }
}

/// Longest time a refused sign-in bars the next one, in milliseconds.
pub const LONGEST_BAR_MS: i64 = 15 * MINUTE_MS;

/// How long a password set by somebody else works, in milliseconds: three days (ASVS V6.4.1).
pub const HANDED_OVER_MS: i64 = 72 * 60 * MINUTE_MS;

/// Why a move of an account is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The account is closed.
    #[error("the account is closed")]
    Closed,
    /// Nobody could let anybody in any more.
    #[error("this is the last administrator; make another one first")]
    LastAdministrator,
    /// The roles do not go together.
    #[error(transparent)]
    Roles(#[from] RolesFault),
    /// It is too soon after a refused sign-in.
    #[error("it is too soon to try again")]
    Barred,
    /// This code, or a later one, was used before.
    #[error("the code was used before; wait for the next one")]
    CodeReused,
}

/// One account as it stands in the records.
#[derive(Clone, FromQueryResult)]
pub struct Account {
    /// Whose it is.
    pub id: StaffId,
    /// The name used to sign in.
    pub name: Name,
    /// The argon2id hash of the password.
    pub(crate) password: String,
    /// How it stands with the second factor.
    pub second_factor: SecondFactor,
    /// The sealed secret of the second factor.
    pub(crate) totp: Option<Vec<u8>>,
    /// The last time step of which a code was used.
    pub(crate) totp_step: i64,
    /// What this person may do.
    pub roles: Roles,
    /// The language of the pages.
    pub language: Language,
    /// Refused sign-ins in a row.
    pub failures: i64,
    /// No sign-in before this moment.
    pub barred_until_ms: Instant,
    /// The password was set by somebody else and works until then; none when it is the person's own.
    pub change_by_ms: Option<Instant>,
    /// When the account was made.
    pub made_at_ms: Instant,
    /// When it was closed.
    pub closed_at_ms: Option<Instant>,
    /// Raised by every change.
    pub revision: i64,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({} {} {})", self.id, self.name, self.roles)
    }
}

/// How long the next sign-in is barred after so many refused ones, in milliseconds: one second,
/// doubling, at most [`LONGEST_BAR_MS`].
fn bar_ms(failures: i64) -> i64 {
    let doublings = u32::try_from(failures.clamp(1, 20) - 1).unwrap_or(0);
    (SECOND_MS << doublings).min(LONGEST_BAR_MS)
}

impl Account {
    /// Whether the account can be used at all.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.closed_at_ms.is_none()
    }

    fn open(self) -> Result<Self, Refusal> {
        if self.is_open() {
            Ok(self)
        } else {
            Err(Refusal::Closed)
        }
    }

    /// Counts an attempt to sign in *before* it is judged, so that many at once count as many.
    ///
    /// # Errors
    /// [`Refusal::Closed`]; [`Refusal::Barred`] when it is too soon.
    pub fn attempt(self, now: Instant) -> Result<Self, Refusal> {
        let account = self.open()?;
        if now < account.barred_until_ms {
            return Err(Refusal::Barred);
        }
        let failures = account.failures.saturating_add(1);
        Ok(Self {
            failures,
            barred_until_ms: now.plus_ms(bar_ms(failures)),
            ..account
        })
    }

    /// The password was right: this attempt does not count. Earlier ones still do, so that guessing
    /// codes is slowed down although the password is known.
    #[must_use]
    pub fn password_was_right(self, now: Instant) -> Self {
        Self {
            failures: (self.failures - 1).max(0),
            barred_until_ms: now,
            ..self
        }
    }

    /// The code of this time step was right: the slate is clean and the code is used up.
    ///
    /// # Errors
    /// [`Refusal::CodeReused`] when this step or a later one was used before.
    pub fn code_was_right(self, step: i64, now: Instant) -> Result<Self, Refusal> {
        if step <= self.totp_step {
            return Err(Refusal::CodeReused);
        }
        Ok(Self {
            totp_step: step,
            failures: 0,
            barred_until_ms: now,
            ..self
        })
    }

    /// A second factor was set and its first code, of this time step, used.
    #[must_use]
    pub fn second_factor_set(self, sealed: Vec<u8>, step: i64) -> (Self, Fact) {
        let next = Self {
            second_factor: SecondFactor::Set,
            totp: Some(sealed),
            totp_step: step,
            ..self
        };
        (next, changed("second-factor"))
    }

    /// The person chose a password.
    #[must_use]
    pub fn password_chosen(self, hash: String) -> (Self, Fact) {
        let next = Self {
            password: hash,
            change_by_ms: None,
            ..self
        };
        (next, changed("password"))
    }

    /// Somebody else set a password, to be replaced by the person.
    ///
    /// # Errors
    /// [`Refusal::Closed`].
    pub fn password_handed_over(self, hash: String, now: Instant) -> Result<(Self, Fact), Refusal> {
        let next = Self {
            password: hash,
            change_by_ms: Some(now.plus_ms(HANDED_OVER_MS)),
            failures: 0,
            barred_until_ms: now,
            ..self.open()?
        };
        Ok((next, changed("password-reset")))
    }

    /// The second factor was taken away: a new one must be set.
    ///
    /// # Errors
    /// [`Refusal::Closed`].
    pub fn second_factor_taken_away(self) -> Result<(Self, Fact), Refusal> {
        let next = Self {
            second_factor: SecondFactor::Due,
            totp: None,
            ..self.open()?
        };
        Ok((next, changed("second-factor-reset")))
    }

    /// The person gets other roles. `others` says whether another open administrator exists.
    ///
    /// # Errors
    /// [`Refusal::Closed`]; [`Refusal::LastAdministrator`].
    pub fn roles_changed(self, roles: Roles, others: bool) -> Result<(Self, Fact), Refusal> {
        let account = self.open()?;
        if account.roles.has(Role::Administrator) && !roles.has(Role::Administrator) && !others {
            return Err(Refusal::LastAdministrator);
        }
        let fact = Fact::Staff(StaffFact::StaffRolesChanged {
            roles: roles.spelled(),
        });
        Ok((Self { roles, ..account }, fact))
    }

    /// The account is closed for good. `others` says whether another open administrator exists.
    ///
    /// # Errors
    /// [`Refusal::Closed`]; [`Refusal::LastAdministrator`].
    pub fn close(self, now: Instant, others: bool) -> Result<(Self, Fact), Refusal> {
        let account = self.open()?;
        if account.roles.has(Role::Administrator) && !others {
            return Err(Refusal::LastAdministrator);
        }
        let next = Self {
            closed_at_ms: Some(now),
            second_factor: SecondFactor::Due,
            totp: None,
            ..account
        };
        Ok((next, Fact::Staff(StaffFact::StaffClosed)))
    }
}

fn changed(which: &str) -> Fact {
    Fact::Staff(StaffFact::CredentialChanged {
        which: which.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Instant {
        Instant::from_ms(ms)
    }

    fn account(roles: &str) -> Account {
        Account {
            id: StaffId::from_bits(1),
            name: Name::parse("wilg").unwrap(),
            password: String::new(),
            second_factor: SecondFactor::Set,
            totp: Some(vec![1]),
            totp_step: 10,
            roles: roles.parse().unwrap(),
            language: Language::Dutch,
            failures: 0,
            barred_until_ms: at(0),
            change_by_ms: None,
            made_at_ms: at(0),
            closed_at_ms: None,
            revision: 1,
        }
    }

    #[test]
    fn every_refused_sign_in_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let mut account = account("analyst");
        let mut now = at(0);
        let mut waits = Vec::new();
        for _ in 0..12 {
            account = account.attempt(now).unwrap();
            waits.push(account.barred_until_ms.since_ms(now) / SECOND_MS);
            assert_eq!(account.clone().attempt(now).unwrap_err(), Refusal::Barred);
            now = account.barred_until_ms;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    }

    #[test]
    fn a_right_password_does_not_wipe_out_refused_codes() {
        let refused = account("analyst").attempt(at(0)).unwrap();
        let again = refused
            .attempt(at(1_000))
            .unwrap()
            .password_was_right(at(1_000));
        assert_eq!(again.failures, 1);
        assert_eq!(again.code_was_right(11, at(2_000)).unwrap().failures, 0);
    }

    #[test]
    fn a_code_works_once_and_an_older_one_never() {
        let used = account("analyst").code_was_right(11, at(0)).unwrap();
        for step in [10, 11] {
            assert_eq!(
                used.clone().code_was_right(step, at(0)).unwrap_err(),
                Refusal::CodeReused
            );
        }
        assert!(used.code_was_right(12, at(0)).is_ok());
    }

    #[test]
    fn the_last_administrator_stays() {
        let auditor: Roles = "auditor".parse().unwrap();
        assert_eq!(
            account("administrator").close(at(1), false).unwrap_err(),
            Refusal::LastAdministrator
        );
        assert_eq!(
            account("administrator")
                .roles_changed(auditor.clone(), false)
                .unwrap_err(),
            Refusal::LastAdministrator
        );
        assert!(
            account("administrator")
                .roles_changed(auditor, true)
                .is_ok()
        );
        assert!(account("analyst").close(at(1), false).is_ok());
    }

    #[test]
    fn a_closed_account_moves_no_more() {
        let (closed, fact) = account("analyst").close(at(1), true).unwrap();
        assert_eq!(fact, Fact::Staff(StaffFact::StaffClosed));
        assert!(closed.totp.is_none());
        assert_eq!(closed.clone().attempt(at(2)).unwrap_err(), Refusal::Closed);
        assert_eq!(
            closed.clone().close(at(2), true).unwrap_err(),
            Refusal::Closed
        );
        assert_eq!(
            closed
                .password_handed_over(String::new(), at(2))
                .unwrap_err(),
            Refusal::Closed
        );
    }
}
