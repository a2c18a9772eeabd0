//! Setting up a second factor and choosing a password: what a person does with one's own credentials.

use ground::{Act, Tx};
use zeroize::Zeroizing;

use crate::account::Account;
use crate::password;
use crate::rules::Name;
use crate::second_factor::{Offer, Secret, place_in_account, place_in_session};
use crate::session::{Session, SessionRow, Stage, Step, Token};
use crate::sign_in::{Cause, due_after};
use crate::sitting::signed_out;
use crate::store;
use crate::{Entered, PasswordFault, Staff, StaffError};

impl Staff {
    /// Shows a second factor to be set up in this session: the same one each time until it is
    /// confirmed.
    ///
    /// # Errors
    /// [`StaffError::WrongStep`] when none is due.
    pub async fn offer_second_factor(&self, session: &Session) -> Result<Offer, StaffError> {
        if session.step() != Step::SetUpSecondFactor {
            return Err(StaffError::WrongStep);
        }
        if let Some(secret) = self.offered(session).await? {
            return Ok(Offer::of(&secret, &session.account.name));
        }
        let secret = Secret::fresh(&self.chance);
        let (owner, place) = place_in_session(session.account.id);
        let tx = self.db.upkeep("offer a second factor").await?;
        let sealed = self
            .vault
            .seal(&tx, owner, place, secret.as_bytes())
            .await?;
        store::offer(&tx, session.key, &sealed).await?;
        tx.commit().await?;
        Ok(Offer::of(&secret, &session.account.name))
    }

    async fn offered(&self, session: &Session) -> Result<Option<Secret>, StaffError> {
        let Some(sealed) = session.offered.as_deref() else {
            return Ok(None);
        };
        let (owner, place) = place_in_session(session.account.id);
        let plain = self.vault.open(&self.db, owner, place, sealed).await?;
        Ok(Secret::from_bytes(&plain))
    }

    /// Confirms the second factor that was shown, by a code of it.
    ///
    /// # Errors
    /// [`StaffError::WrongStep`] when none was shown; [`StaffError::WrongCode`].
    pub async fn confirm_second_factor(
        &self,
        session: &Session,
        code: &str,
    ) -> Result<Entered, StaffError> {
        if session.step() != Step::SetUpSecondFactor {
            return Err(StaffError::WrongStep);
        }
        let now = self.clock.now();
        let secret = self.offered(session).await?.ok_or(StaffError::WrongStep)?;
        let step = secret.step_of(code, now).ok_or(StaffError::WrongCode)?;
        let id = session.account.id;
        let tx = self
            .db
            .act(&Act::by_staff(id, now), "set a second factor")
            .await?;
        let (owner, place) = place_in_account(id);
        let sealed = self
            .vault
            .seal(&tx, owner, place, secret.as_bytes())
            .await?;
        let (account, fact) = session.account.clone().second_factor_set(sealed, step);
        store::write(&tx, &account).await?;
        tx.record(id, &fact);
        let entered = self.move_on(&tx, session, due_after(&account)).await?;
        tx.commit().await?;
        Ok(entered)
    }

    /// Last step of a first sign-in: a password of one's own. All other sessions of the account end.
    ///
    /// # Errors
    /// [`StaffError::WrongStep`] when none is due; [`StaffError::Password`].
    pub async fn choose_password(
        &self,
        session: &Session,
        chosen: &str,
    ) -> Result<Entered, StaffError> {
        if session.step() != Step::ChoosePassword {
            return Err(StaffError::WrongStep);
        }
        self.replace_password(session, chosen).await
    }

    /// Somebody who is signed in chooses another password. All other sessions of the account end.
    ///
    /// # Errors
    /// [`StaffError::WrongPassword`] when the present one is not right; [`StaffError::SignInRefused`]
    /// when it was tried too often; [`StaffError::Password`].
    pub async fn change_password(
        &self,
        session: &Session,
        present: &str,
        chosen: &str,
    ) -> Result<Entered, StaffError> {
        if session.step() != Step::Done {
            return Err(StaffError::WrongStep);
        }
        let now = self.clock.now();
        let account = match self.charge(Some(session.account.clone()), now).await? {
            Ok(account) => account,
            Err((who, cause)) => return Err(self.refuse(who, cause).await?),
        };
        if !self.hashing.fits(present, Some(&account.password)).await? {
            self.refuse(Some(account.id), Cause::Password).await?;
            return Err(StaffError::WrongPassword);
        }
        let account = account.password_was_right(now);
        let tx = self.db.upkeep("a password was right").await?;
        store::write(&tx, &account).await?;
        tx.commit().await?;
        let revision = account.revision + 1;
        let session = Session {
            account: Account {
                revision,
                ..account
            },
            ..session.clone()
        };
        self.replace_password(&session, chosen).await
    }

    async fn replace_password(
        &self,
        session: &Session,
        chosen: &str,
    ) -> Result<Entered, StaffError> {
        password::accept(chosen, &session.account.name)?;
        let present = session.account.password.clone();
        if self.hashing.fits(chosen, Some(&present)).await? {
            return Err(PasswordFault::Unchanged.into());
        }
        let hash = self.hashing.hash(chosen, &self.chance).await?;
        let (account, fact) = session.account.clone().password_chosen(hash);
        let act = Act::by_staff(account.id, self.clock.now());
        let tx = self.db.act(&act, "choose a password").await?;
        store::write(&tx, &account).await?;
        tx.record(account.id, &fact);
        if !store::remove_session(&tx, session.key).await? {
            return Err(StaffError::WrongStep);
        }
        if store::remove_sessions(&tx, account.id).await? > 0 {
            tx.record(account.id, &signed_out("password-changed"));
        }
        let entered = self.enter_again(&tx, session, &account).await?;
        tx.commit().await?;
        Ok(entered)
    }

    async fn enter_again(
        &self,
        tx: &Tx,
        session: &Session,
        account: &Account,
    ) -> Result<Entered, StaffError> {
        let row = SessionRow {
            token_hash: Vec::new(),
            account_id: account.id,
            begun_at_ms: session.begun_at,
            seen_at_ms: self.clock.now(),
            stage: Stage::Full,
            offered: None,
        };
        if session.stage == Stage::Full {
            let token = Token::fresh(&self.chance);
            let token_hash = token.key().to_column();
            store::insert_session(tx, &SessionRow { token_hash, ..row }).await?;
            let step = Step::Done;
            return Ok(Entered { token, step });
        }
        self.enter(tx, row, Step::Done).await
    }

    /// Hashes a password after holding it against the policy.
    pub(crate) async fn hashed(
        &self,
        password: &str,
        name: &Name,
    ) -> Result<Zeroizing<String>, StaffError> {
        password::accept(password, name)?;
        Ok(Zeroizing::new(
            self.hashing.hash(password, &self.chance).await?,
        ))
    }
}
