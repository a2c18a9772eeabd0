//! Signing in, step by step.
//!
//! An attempt is counted in a transaction of its own before it is judged; judging takes time, and
//! without this a hundred guesses at once would count as one. An attempt that proves right is
//! taken back.

use ground::{Act, Fact, Instant, StaffFact, StaffId, Tx};

use crate::account::{Account, Refusal};
use crate::rules::Name;
use crate::second_factor::{Secret, place_in_account};
use crate::session::{Session, SessionRow, Stage, Step, Token, second_step};
use crate::store;
use crate::{Staff, StaffError};

/// A step that succeeded: the token to hand to the browser, which replaces the one before, and what
/// is due next.
#[derive(Debug)]
pub struct Entered {
    /// The token of the session as it now is.
    pub token: Token,
    /// What is due next.
    pub step: Step,
}

/// Why an attempt was refused, for the ledger only.
#[derive(Clone, Copy)]
pub(crate) enum Cause {
    UnknownName,
    Barred,
    Closed,
    Lapsed,
    Password,
    Code,
    CodeReused,
}

impl Cause {
    const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownName => "unknown-name",
            Self::Barred => "barred",
            Self::Closed => "closed",
            Self::Lapsed => "password-lapsed",
            Self::Password => "password",
            Self::Code => "code",
            Self::CodeReused => "code-reused",
        }
    }
}

impl From<Refusal> for Cause {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Closed => Self::Closed,
            Refusal::CodeReused => Self::CodeReused,
            Refusal::Barred | Refusal::LastAdministrator | Refusal::Roles(_) => Self::Barred,
        }
    }
}

/// The stage to which a session comes when nothing is due but what `step` says.
const fn stage_before(step: Step) -> Stage {
    match step {
        Step::Code | Step::SetUpSecondFactor => Stage::Password,
        Step::ChoosePassword => Stage::Changing,
        Step::Done => Stage::Full,
    }
}

impl Staff {
    /// First step: name and password. Any `before` session of the same browser ends.
    ///
    /// # Errors
    /// [`StaffError::SignInRefused`] whatever the cause; [`StaffError::Busy`].
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        before: Option<&Token>,
    ) -> Result<Entered, StaffError> {
        let now = self.clock.now();
        let known = match Name::parse(name) {
            Ok(name) => store::by_name(&self.db, &name).await?,
            Err(_) => None,
        };
        let charged = self.charge(known, now).await?;
        // Always one hash, whatever is known by now: the answer takes as long.
        let hash = charged
            .as_ref()
            .ok()
            .map(|account| account.password.as_str());
        let fits = self.hashing.fits(password, hash).await?;
        match charged {
            Err((who, cause)) => Err(self.refuse(who, cause).await?),
            Ok(account) if !fits => Err(self.refuse(Some(account.id), Cause::Password).await?),
            Ok(account) if account.change_by_ms.is_some_and(|by| now >= by) => {
                Err(self.refuse(Some(account.id), Cause::Lapsed).await?)
            }
            Ok(account) => self.password_was_right(account, before).await,
        }
    }

    /// Counts an attempt on this account, if there is one; else who and why not.
    pub(crate) async fn charge(
        &self,
        known: Option<Account>,
        now: Instant,
    ) -> Result<Result<Account, (Option<StaffId>, Cause)>, StaffError> {
        let tx = self.db.upkeep("count a sign-in").await?;
        let Some(account) = known else {
            // The same transaction as for a known name, for the same time.
            tx.commit().await?;
            return Ok(Err((None, Cause::UnknownName)));
        };
        let id = account.id;
        let attempt = match account.attempt(now) {
            Ok(attempt) => attempt,
            Err(refusal) => return Ok(Err((Some(id), refusal.into()))),
        };
        match store::write(&tx, &attempt).await {
            Ok(()) => {
                tx.commit().await?;
                let revision = attempt.revision + 1;
                Ok(Ok(Account {
                    revision,
                    ..attempt
                }))
            }
            // Somebody else's attempt on this account came between: that one counts.
            Err(StaffError::Stale) => Ok(Err((Some(id), Cause::Barred))),
            Err(fault) => Err(fault),
        }
    }

    /// Records a refused sign-in; the one answer for all of them.
    pub(crate) async fn refuse(
        &self,
        who: Option<StaffId>,
        cause: Cause,
    ) -> Result<StaffError, StaffError> {
        let act = Act::by_worker("sign-in", self.clock.now());
        let tx = self.db.act(&act, "refuse a sign-in").await?;
        let subject = who.map_or_else(|| "site".to_owned(), |id| id.to_string());
        let cause = cause.as_str().to_owned();
        tx.record(subject, &Fact::Staff(StaffFact::SignInRefused { cause }));
        tx.commit().await?;
        Ok(StaffError::SignInRefused)
    }

    async fn password_was_right(
        &self,
        account: Account,
        before: Option<&Token>,
    ) -> Result<Entered, StaffError> {
        let now = self.clock.now();
        let account = account.password_was_right(now);
        let step = second_step(&account, self.demo);
        let row = SessionRow {
            token_hash: Vec::new(),
            account_id: account.id,
            begun_at_ms: now,
            seen_at_ms: now,
            stage: stage_before(step),
            offered: None,
        };
        // Only a full session is an act; half a sign-in changes nothing that counts.
        let tx = if step == Step::Done {
            self.db
                .act(&Act::by_staff(account.id, now), "sign in")
                .await?
        } else {
            self.db.upkeep("half a sign-in").await?
        };
        store::write(&tx, &account).await?;
        if let Some(before) = before {
            store::remove_session(&tx, before.key()).await?;
        }
        let entered = self.enter(&tx, row, step).await?;
        tx.commit().await?;
        Ok(entered)
    }

    /// Writes the session under a new token, so that a token known before the step is worth nothing
    /// after it.
    pub(crate) async fn enter(
        &self,
        tx: &Tx,
        row: SessionRow,
        step: Step,
    ) -> Result<Entered, StaffError> {
        let token = Token::fresh(&self.chance);
        let stage = stage_before(step);
        if stage == Stage::Full {
            tx.record(row.account_id, &Fact::Staff(StaffFact::SignedIn));
        }
        let row = SessionRow {
            token_hash: token.key().to_column(),
            stage,
            offered: None,
            ..row
        };
        store::insert_session(tx, &row).await?;
        Ok(Entered { token, step })
    }

    pub(crate) async fn move_on(
        &self,
        tx: &Tx,
        session: &Session,
        step: Step,
    ) -> Result<Entered, StaffError> {
        if !store::remove_session(tx, session.key).await? {
            return Err(StaffError::WrongStep);
        }
        let row = SessionRow {
            token_hash: Vec::new(),
            account_id: session.account.id,
            begun_at_ms: session.begun_at,
            seen_at_ms: self.clock.now(),
            stage: session.stage,
            offered: None,
        };
        self.enter(tx, row, step).await
    }

    /// Second step: a code of the second factor.
    ///
    /// # Errors
    /// [`StaffError::SignInRefused`] when the code is wrong, was used before or comes too soon.
    pub async fn give_code(&self, session: &Session, code: &str) -> Result<Entered, StaffError> {
        if session.step() != Step::Code {
            return Err(StaffError::WrongStep);
        }
        let now = self.clock.now();
        let account = match self.charge(Some(session.account.clone()), now).await? {
            Ok(account) => account,
            Err((who, cause)) => return Err(self.refuse(who, cause).await?),
        };
        let id = account.id;
        let Some(step) = self.secret_of(&account).await?.step_of(code, now) else {
            return Err(self.refuse(Some(id), Cause::Code).await?);
        };
        let account = match account.code_was_right(step, now) {
            Ok(account) => account,
            Err(refusal) => return Err(self.refuse(Some(id), refusal.into()).await?),
        };
        let tx = self.after_second_factor(&account, now).await?;
        store::write(&tx, &account).await?;
        let entered = self.move_on(&tx, session, due_after(&account)).await?;
        tx.commit().await?;
        Ok(entered)
    }

    /// The transaction in which a second factor was given: an act when it ends the sign-in.
    async fn after_second_factor(&self, account: &Account, now: Instant) -> Result<Tx, StaffError> {
        Ok(if due_after(account) == Step::Done {
            self.db
                .act(&Act::by_staff(account.id, now), "sign in")
                .await?
        } else {
            self.db.upkeep("half a sign-in").await?
        })
    }

    async fn secret_of(&self, account: &Account) -> Result<Secret, StaffError> {
        let sealed = account.totp.as_deref().ok_or(StaffError::WrongStep)?;
        let (owner, place) = place_in_account(account.id);
        let plain = self.vault.open(&self.db, owner, place, sealed).await?;
        Secret::from_bytes(&plain).ok_or(StaffError::WrongStep)
    }
}

/// What is due once the second factor was given.
pub(crate) const fn due_after(account: &Account) -> Step {
    match account.change_by_ms {
        Some(_) => Step::ChoosePassword,
        None => Step::Done,
    }
}

#[cfg(test)]
#[path = "sign_in_tests.rs"]
mod tests;
