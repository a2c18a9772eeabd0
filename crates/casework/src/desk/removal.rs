//! What a human does about a removal: releases or prolongs a police hold, asks for another look-up
//! or another check, ends it, and sends a failed notice again. Every act takes who and why.

mod notices;
#[cfg(any(test, feature = "testing"))]
pub mod staged;
#[cfg(test)]
mod tests;
mod view;

use ground::clock::DAY_MS;
use ground::{Act, Ask, DbError, Fact, Instant, Reason, StaffId, TakedownId, Tx};
use takedown::{Hold, Refused, Stage, Takedown};
use vault::VaultError;

use crate::{Casework, WorkError};

pub use view::{ListedRemoval, NoticeItem, OpenNotice, OpenRemoval, Told};

/// The longest a police hold may be made to last, from now.
pub const MOST_HOLD_MS: i64 = 31 * DAY_MS;

/// Why something about a removal, a notice or a contact was not done; nothing changed then.
#[derive(Debug, thiserror::Error)]
pub enum RemovalError {
    /// There is no such thing.
    #[error("there is no such thing")]
    NotFound,
    /// Somebody changed it since it was shown.
    #[error("it was changed in the meantime")]
    Stale,
    /// The deadline lies in the past, or too far away.
    #[error("the deadline must lie within the next 31 days")]
    BadDeadline,
    /// The takedown does not allow it now.
    #[error(transparent)]
    Move(#[from] Refused),
    /// The contact does not allow it now.
    #[error(transparent)]
    Contact(#[from] provider::Refused),
    /// The provider has a contact with this mail address already.
    #[error("the provider has a contact with this address already")]
    Taken,
    /// The notice does not allow it now.
    #[error(transparent)]
    Notice(#[from] notice::Refused),
    /// The contact the notice is addressed to is not approved, or has another address now.
    #[error("the contact it is addressed to is not approved")]
    NotApproved,
    /// Nothing the notice names waits for it any more.
    #[error("nothing it names waits for it any more")]
    NothingWaits,
    /// A mail that was stored cannot be read.
    #[error("the stored mail cannot be read")]
    Unreadable,
    /// A step of the work failed.
    #[error(transparent)]
    Work(WorkError),
    /// It was shredded, or the vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<takedown::StoreFault> for RemovalError {
    fn from(fault: takedown::StoreFault) -> Self {
        match fault {
            takedown::StoreFault::Stale => Self::Stale,
            takedown::StoreFault::Db(fault) => Self::Db(fault),
        }
    }
}

impl From<provider::StoreFault> for RemovalError {
    fn from(fault: provider::StoreFault) -> Self {
        match fault {
            provider::StoreFault::Stale => Self::Stale,
            provider::StoreFault::Taken => Self::Taken,
            provider::StoreFault::Db(fault) => Self::Db(fault),
        }
    }
}

impl From<notice::StoreFault> for RemovalError {
    fn from(fault: notice::StoreFault) -> Self {
        match fault {
            notice::StoreFault::Stale => Self::Stale,
            notice::StoreFault::Refused(refused) => Self::Notice(refused),
            notice::StoreFault::Unreadable => Self::Unreadable,
            notice::StoreFault::Vault(fault) => Self::Vault(fault),
            notice::StoreFault::Db(fault) => Self::Db(fault),
        }
    }
}

impl From<WorkError> for RemovalError {
    fn from(fault: WorkError) -> Self {
        match fault {
            WorkError::Vanished => Self::NotFound,
            WorkError::Stale => Self::Stale,
            WorkError::Takedown(fault) => fault.into(),
            WorkError::Move(refused) => Self::Move(refused),
            WorkError::Vault(fault) => Self::Vault(fault),
            WorkError::Db(fault) => Self::Db(fault),
            other => Self::Work(other),
        }
    }
}

/// The takedown as it was shown.
async fn as_seen(ask: &impl Ask, id: TakedownId, seen: i64) -> Result<Takedown, RemovalError> {
    let takedown = takedown::load(ask, id)
        .await?
        .ok_or(RemovalError::NotFound)?;
    if takedown.revision == seen {
        Ok(takedown)
    } else {
        Err(RemovalError::Stale)
    }
}

impl Casework {
    pub(super) fn act_because(&self, by: StaffId, why: Reason) -> Act {
        self.act(by).because(why)
    }

    /// Lets a held item go on its way: the only way on from a police hold, lapsed or not.
    ///
    /// # Errors
    /// [`RemovalError::Stale`]; [`RemovalError::Move`] when it is not held.
    pub async fn release_hold(
        &self,
        by: StaffId,
        id: TakedownId,
        seen: i64,
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why);
        let tx = self.db.act(&act, "release a police hold").await?;
        let (next, facts) = as_seen(&tx, id, seen).await?.released(act.at)?;
        self.settle_move(tx, &next, &facts).await
    }

    /// Gives a police hold, lapsed or not, a new deadline; its reason stays.
    ///
    /// # Errors
    /// [`RemovalError::BadDeadline`] outside the next [`MOST_HOLD_MS`]; [`RemovalError::Stale`];
    /// [`RemovalError::Move`] when it is not held.
    pub async fn extend_hold(
        &self,
        by: StaffId,
        id: TakedownId,
        seen: i64,
        deadline: Instant,
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why);
        if deadline <= act.at || deadline > act.at.plus_ms(MOST_HOLD_MS) {
            return Err(RemovalError::BadDeadline);
        }
        let tx = self.db.act(&act, "prolong a police hold").await?;
        let takedown = as_seen(&tx, id, seen).await?;
        let reason = takedown.police_reason;
        let (Stage::Held | Stage::HoldLapsed, Some(why)) = (takedown.stage, reason) else {
            return Err(Refused::NotFrom(takedown.stage).into());
        };
        let (next, facts) = takedown.held(Hold { why, deadline })?;
        self.settle_move(tx, &next, &facts).await
    }

    /// Has the host found out anew, where the look-up ended without anybody to write to.
    ///
    /// # Errors
    /// [`RemovalError::Stale`]; [`RemovalError::Move`] where that is of no use.
    pub async fn look_up_again(
        &self,
        by: StaffId,
        id: TakedownId,
        seen: i64,
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why);
        let tx = self.db.act(&act, "look a host up again").await?;
        let (next, facts) = as_seen(&tx, id, seen).await?.look_up_again(act.at)?;
        self.settle_move(tx, &next, &facts).await
    }

    /// Has the item looked at now, for example because its provider says that it is gone.
    ///
    /// # Errors
    /// [`RemovalError::Move`] when it is not looked at any more; [`RemovalError::Stale`] when a
    /// check was being taken in at the same moment.
    pub async fn check_now(
        &self,
        by: StaffId,
        id: TakedownId,
        why: Reason,
    ) -> Result<(), RemovalError> {
        Ok(self.look_now(&self.act_because(by, why), id).await?)
    }

    /// Ends a takedown without a removal; the item is not looked at any more.
    ///
    /// # Errors
    /// [`RemovalError::Stale`]; [`RemovalError::Move`] when it was ended before.
    pub async fn end_takedown(
        &self,
        by: StaffId,
        id: TakedownId,
        seen: i64,
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why.clone());
        let tx = self.db.act(&act, "end a takedown").await?;
        let (next, facts) = as_seen(&tx, id, seen).await?.ended(why.as_str())?;
        let watch = takedown::load_watch(&tx, id)
            .await?
            .ok_or(RemovalError::NotFound)?;
        takedown::save_watch(&tx, &watch.ended(), &[]).await?;
        self.settle_move(tx, &next, &facts).await
    }

    /// Writes a move with its facts, and what the receipts of its reports should say since.
    async fn settle_move(
        &self,
        tx: Tx,
        next: &Takedown,
        facts: &[Fact],
    ) -> Result<(), RemovalError> {
        takedown::save(&tx, next, facts).await?;
        self.refresh_answers(&tx, next.address_id).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }
}
