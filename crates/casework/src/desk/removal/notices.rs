//! What a human does about a notice that failed or about which nobody is sure.

use ground::{Ask, NoticeId, Reason, StaffId, Tx};
use notice::{Notice, NoticeState};
use provider::ContactState;

use super::RemovalError;
use crate::Casework;
use crate::notices::Told;

async fn as_seen(ask: &impl Ask, id: NoticeId, seen: i64) -> Result<Notice, RemovalError> {
    let notice = notice::load(ask, id).await?.ok_or(RemovalError::NotFound)?;
    if notice.revision == seen {
        Ok(notice)
    } else {
        Err(RemovalError::Stale)
    }
}

impl Casework {
    /// Sends a failed notice again, or an unsure one at once: the same message under the same
    /// Message-ID. The items that still wait for it go along.
    ///
    /// # Errors
    /// [`RemovalError::NotApproved`] when it may not be sent to that address any more;
    /// [`RemovalError::NothingWaits`] when every item of a failed notice went another way;
    /// [`RemovalError::Notice`] when it is due or accepted; [`RemovalError::Stale`].
    pub async fn retry_notice(
        &self,
        by: StaffId,
        id: NoticeId,
        seen: i64,
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why);
        let tx = self.db.act(&act, "send a notice again").await?;
        let notice = as_seen(&tx, id, seen).await?;
        let failed = notice.state == NoticeState::Failed;
        let (next, fact) = notice.retried(act.at)?;
        self.may_still_be_sent(&tx, &next).await?;
        if failed && !self.somebody_waits(&tx, id).await? {
            return Err(RemovalError::NothingWaits);
        }
        notice::save(&tx, &next, &fact).await?;
        self.tell(&tx, &next, Told::Retried).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }

    async fn may_still_be_sent(&self, tx: &Tx, notice: &Notice) -> Result<(), RemovalError> {
        let contact = provider::contact(tx, notice.contact_id).await?;
        let contact = contact.ok_or(RemovalError::NotFound)?;
        let mail = notice::open_mail(tx, &self.vault, notice.id).await?;
        let same = mail.to.eq_ignore_ascii_case(contact.email.as_str());
        if contact.state == ContactState::Approved && same {
            Ok(())
        } else {
            Err(RemovalError::NotApproved)
        }
    }

    /// Whether an item that a failed notice left behind still waits for it.
    async fn somebody_waits(&self, tx: &Tx, id: NoticeId) -> Result<bool, RemovalError> {
        for item in notice::items_of(tx, id).await? {
            let takedown = takedown::load(tx, item)
                .await?
                .ok_or(RemovalError::NotFound)?;
            if takedown.notice_retried(id).is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes down that a notice thought unsure or failed did arrive: the provider answered, or a
    /// human found it delivered. Its items count as told from now.
    ///
    /// # Errors
    /// [`RemovalError::Notice`] when there was no doubt; [`RemovalError::Stale`].
    pub async fn notice_arrived(
        &self,
        by: StaffId,
        id: NoticeId,
        seen: i64,
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why);
        let tx = self.db.act(&act, "take down that a notice arrived").await?;
        let (next, fact) = as_seen(&tx, id, seen).await?.known_arrived(act.at)?;
        notice::save(&tx, &next, &fact).await?;
        self.tell(&tx, &next, Told::Accepted).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }
}
