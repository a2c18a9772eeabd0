//! Making, changing and closing accounts: what an administrator does, always as an act.

use ground::{Act, Ask, DbError, Fact, Instant, StaffFact, StaffId, Tx};
use vault::Owner;

use crate::account::{Account, HANDED_OVER_MS, SecondFactor};
use crate::password::OneTimePassword;
use crate::rules::{Language, Name, Role, Roles};
use crate::second_factor::{SECRET_BYTES, Secret, place_in_account};
use crate::sitting::signed_out;
use crate::store;
use crate::{Staff, StaffError};
use crate::{exposure, induction};

/// What an account is made of.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name to sign in with.
    pub name: Name,
    /// What the person may do.
    pub roles: Roles,
    /// The language of the pages.
    pub language: Language,
}

/// Which credential an administrator resets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The password only.
    Password,
    /// Password and second factor, when the telephone is lost.
    Both,
}

/// How the second factor of an account of the demonstration stands.
#[derive(Debug, Clone, Copy)]
pub enum DemoFactor {
    /// Codes of this known secret.
    Secret([u8; SECRET_BYTES]),
    /// None is asked.
    Waived,
}

impl Staff {
    /// Makes an account; a new analyst begins at the first level. The password must be handed over; it works for three days, and at the first
    /// sign-in a second factor is set and the password replaced.
    ///
    /// # Errors
    /// [`StaffError::NameTaken`] when somebody has or had the name.
    pub async fn add(
        &self,
        act: &Act,
        new: NewAccount,
    ) -> Result<(StaffId, OneTimePassword), StaffError> {
        let password = OneTimePassword::fresh(&self.chance)?;
        let hash = self.hashed(password.reveal(), &new.name).await?;
        let account = Account {
            change_by_ms: Some(act.at.plus_ms(HANDED_OVER_MS)),
            ..self.blank(new, hash.as_str(), act.at)
        };
        let tx = self.db.act(act, "add staff").await?;
        add_in(&tx, &account).await?;
        if induction::begins(&account.roles) {
            induction::begin(&tx, account.id, act.at).await?;
        }
        tx.commit().await?;
        Ok((account.id, password))
    }

    /// Makes an account with known credentials, for the demonstration and its tests.
    ///
    /// # Errors
    /// [`StaffError::NotDemo`] elsewhere; [`StaffError::NameTaken`]; [`StaffError::Password`].
    pub async fn add_demo(
        &self,
        act: &Act,
        new: NewAccount,
        password: &str,
        factor: DemoFactor,
    ) -> Result<StaffId, StaffError> {
        if !self.demo {
            return Err(StaffError::NotDemo);
        }
        let hash = self.hashed(password, &new.name).await?;
        let mut account = self.blank(new, hash.as_str(), act.at);
        let tx = self.db.act(act, "add demonstration staff").await?;
        match factor {
            DemoFactor::Waived => account.second_factor = SecondFactor::Waived,
            DemoFactor::Secret(bytes) => {
                let (owner, place) = place_in_account(account.id);
                let secret = Secret::from_bytes(&bytes).ok_or(StaffError::WrongCode)?;
                account.totp = Some(
                    self.vault
                        .seal(&tx, owner, place, secret.as_bytes())
                        .await?,
                );
                account.second_factor = SecondFactor::Set;
            }
        }
        add_in(&tx, &account).await?;
        tx.commit().await?;
        Ok(account.id)
    }

    fn blank(&self, new: NewAccount, hash: &str, at: Instant) -> Account {
        Account {
            id: StaffId::fresh(&self.chance),
            name: new.name,
            password: hash.to_owned(),
            second_factor: SecondFactor::Due,
            totp: None,
            totp_step: 0,
            roles: new.roles,
            language: new.language,
            failures: 0,
            barred_until_ms: Instant::from_ms(0),
            change_by_ms: None,
            made_at_ms: at,
            closed_at_ms: None,
            revision: 1,
        }
    }

    /// Everybody who works or worked here, open accounts first, by name.
    ///
    /// # Errors
    /// [`StaffError::Db`] when the records cannot be read.
    pub async fn people(&self) -> Result<Vec<Account>, StaffError> {
        Ok(store::all(&self.db).await?)
    }

    /// One account, open or closed.
    ///
    /// # Errors
    /// [`StaffError::NotFound`].
    pub async fn person(&self, id: StaffId) -> Result<Account, StaffError> {
        store::by_id(&self.db, id)
            .await?
            .ok_or(StaffError::NotFound)
    }

    /// The account with this name, open or closed.
    ///
    /// # Errors
    /// [`StaffError::Db`] when the records cannot be read.
    pub async fn named(&self, name: &Name) -> Result<Option<Account>, StaffError> {
        Ok(store::by_name(&self.db, name).await?)
    }

    /// Gives somebody other roles; they count from the next request on.
    ///
    /// # Errors
    /// [`StaffError::Stale`] when the account changed since it was seen; [`StaffError::Refused`].
    pub async fn change_roles(
        &self,
        act: &Act,
        id: StaffId,
        seen: i64,
        roles: Roles,
    ) -> Result<(), StaffError> {
        let tx = self.db.act(act, "change roles").await?;
        let account = seen_as(&tx, id, seen).await?;
        let others = store::other_administrator(&tx, id).await?;
        let looked = account.roles.iter().any(Role::sees_material);
        let (account, fact) = account.roles_changed(roles, others)?;
        store::write(&tx, &account).await?;
        if !looked && induction::begins(&account.roles) {
            induction::begin(&tx, id, act.at).await?;
        }
        tx.record(id, &fact);
        tx.commit().await?;
        Ok(())
    }

    /// Closes an account for good, ends its sessions, and destroys its second factor and what the person
    /// looked at and chose.
    ///
    /// # Errors
    /// [`StaffError::Stale`] when the account changed since it was seen; [`StaffError::Refused`].
    pub async fn close(&self, act: &Act, id: StaffId, seen: i64) -> Result<(), StaffError> {
        let tx = self.db.act(act, "close an account").await?;
        let account = seen_as(&tx, id, seen).await?;
        let others = store::other_administrator(&tx, id).await?;
        let (account, fact) = account.close(act.at, others)?;
        store::write(&tx, &account).await?;
        tx.record(id, &fact);
        if store::remove_sessions(&tx, id).await? > 0 {
            tx.record(id, &signed_out("account-closed"));
        }
        self.vault.shred(&tx, Owner::Staff(id)).await?;
        exposure::forget_person(&tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Resets credentials: a new password to hand over, all sessions ended.
    ///
    /// # Errors
    /// [`StaffError::Stale`] when the account changed since it was seen; [`StaffError::Refused`].
    pub async fn reset(
        &self,
        act: &Act,
        id: StaffId,
        seen: i64,
        which: Credential,
    ) -> Result<OneTimePassword, StaffError> {
        let name = self.person(id).await?.name;
        let password = OneTimePassword::fresh(&self.chance)?;
        let hash = self.hashed(password.reveal(), &name).await?;
        let tx = self.db.act(act, "reset credentials").await?;
        let account = seen_as(&tx, id, seen).await?;
        let (mut account, fact) = account.password_handed_over(hash.to_string(), act.at)?;
        tx.record(id, &fact);
        if which == Credential::Both {
            let fact;
            (account, fact) = account.second_factor_taken_away()?;
            tx.record(id, &fact);
        }
        store::write(&tx, &account).await?;
        if store::remove_sessions(&tx, id).await? > 0 {
            tx.record(id, &signed_out("credentials-reset"));
        }
        tx.commit().await?;
        Ok(password)
    }
}

/// Everybody who works here and judges, by name.
///
/// # Errors
/// [`DbError`] when the records cannot be read.
pub async fn who_judge(ask: &impl Ask) -> Result<Vec<(StaffId, Name)>, DbError> {
    let all = store::all(ask).await?;
    Ok(all
        .into_iter()
        .filter(|one| one.is_open() && one.roles.any(&[Role::Analyst, Role::Senior]))
        .map(|one| (one.id, one.name))
        .collect())
}

async fn add_in(tx: &Tx, account: &Account) -> Result<(), StaffError> {
    store::insert(tx, account).await?;
    let roles = account.roles.spelled();
    tx.record(account.id, &Fact::Staff(StaffFact::StaffAdded { roles }));
    Ok(())
}

async fn seen_as(tx: &Tx, id: StaffId, seen: i64) -> Result<Account, StaffError> {
    let account = store::by_id(tx, id).await?.ok_or(StaffError::NotFound)?;
    if account.revision == seen {
        Ok(account)
    } else {
        Err(StaffError::Stale)
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
