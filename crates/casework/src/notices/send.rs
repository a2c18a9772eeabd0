//! Hands notices over to the relay, and moves the takedowns they name.

use egress::Mail;
use ground::clock::MINUTE_MS;
use ground::lease::Lease;
use ground::{Act, ContactId, Fact, Instant, NoticeId, TakedownId, Tx};
use notice::{NOTICES, Notice, NoticeState, Outcome, outcome_of};
use provider::ContactState;

use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const SENDER: &str = "sender";
/// How long handing over is leased for, ms: longer than a relay's patience for one message.
const LEASE_MS: i64 = 10 * MINUTE_MS;

/// What a takedown is told of the notice that names it.
#[derive(Clone, Copy)]
pub(crate) enum Told<'a> {
    /// The relay took it over.
    Accepted,
    /// It was given up, and why.
    Failed(&'a str),
    /// It was accepted, at this time if that is known, and came back with this status.
    Returned {
        /// When the relay had taken it.
        accepted: Option<Instant>,
        /// What the mail server said.
        status: &'a str,
    },
    /// A human sends it again.
    Retried,
}

impl Casework {
    /// Hands over one notice that is due; false when none is.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail; the lease then lapses by itself.
    pub async fn send_one(&self) -> Result<bool, WorkError> {
        let taken = NOTICES
            .take(&self.db, &self.chance, self.clock.now(), LEASE_MS)
            .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: NoticeId = lease.id.parse().map_err(WorkError::unreadable)?;
        let due = notice::load(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let patience = &self.settings.resend;
        if due.handed_at_ms.is_some() {
            // The program died between handing over and writing down what came of it.
            let now = self.clock.now();
            let moved = due
                .interrupted(lease.attempts, now, patience)
                .map_err(WorkError::refused)?;
            self.settle(&lease, moved).await?;
            return Ok(true);
        }
        let contact = provider::contact(&self.db, due.contact_id).await?;
        let mail = notice::open_mail(&self.db, &self.vault, id).await?;
        // An address altered since the notice was drawn up was approved for nobody's eyes yet.
        let approved = contact.is_some_and(|contact| {
            contact.state == ContactState::Approved && contact.email.as_str() == mail.to
        });
        let (notice, outcome) = if approved {
            let marked = notice::hand_over(&self.db, due, self.clock.now()).await?;
            let message = Mail {
                from: mail.from,
                to: vec![mail.to],
                raw_message: mail.raw.into_bytes(),
                message_id: mail.message_id,
            };
            (marked, outcome_of(&self.relay.send(&message).await))
        } else {
            let words = "the contact was altered or is not approved any more".to_owned();
            (
                due,
                Outcome::Never {
                    code: "contact-refused",
                    words,
                },
            )
        };
        let now = self.clock.now();
        let moved = notice
            .attempted(&outcome, lease.attempts, now, patience, &self.chance)
            .map_err(WorkError::refused)?;
        self.settle(&lease, moved).await?;
        Ok(true)
    }

    async fn settle(&self, lease: &Lease, moved: (Notice, Fact)) -> Result<(), WorkError> {
        let (notice, fact) = moved;
        let act = Act::by_worker(SENDER, self.clock.now());
        let tx = self.db.act(&act, "settle a notice").await?;
        // What the relay did counts even when the lease was lost in the meantime: saving is
        // guarded by the revision that handing over wrote.
        match notice.state {
            NoticeState::Due | NoticeState::Unsure => {
                NOTICES.put_off(&tx, lease, notice.not_before_ms).await?;
            }
            NoticeState::Accepted | NoticeState::Failed => {
                NOTICES.settle(&tx, lease).await?;
            }
        }
        notice::save(&tx, &notice, &fact).await?;
        match notice.state {
            NoticeState::Accepted => self.tell(&tx, &notice, Told::Accepted).await?,
            NoticeState::Failed => {
                let why = notice.cause.clone().unwrap_or_default();
                self.tell(&tx, &notice, Told::Failed(&why)).await?;
            }
            NoticeState::Due | NoticeState::Unsure => {}
        }
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }

    /// Moves every takedown that a notice names. One that went another way meanwhile stays there.
    pub(crate) async fn tell(
        &self,
        tx: &Tx,
        notice: &Notice,
        told: Told<'_>,
    ) -> Result<(), WorkError> {
        // The time of the acceptance, so that what is taken back later is known by it.
        let at = notice.accepted_at_ms.unwrap_or_else(|| self.clock.now());
        for id in notice::items_of(tx, notice.id).await? {
            let Some(takedown) = takedown::load(tx, id).await? else {
                continue;
            };
            let moved = match told {
                Told::Accepted => takedown.told(notice.id, at),
                Told::Failed(why) => takedown.notice_failed(notice.id, why),
                Told::Returned { accepted, status } => {
                    takedown.notice_returned(notice.id, accepted, status)
                }
                Told::Retried => takedown.notice_retried(notice.id),
            };
            if let Ok((mut next, mut facts)) = moved {
                if matches!(told, Told::Failed(_) | Told::Returned { .. })
                    && let Some(other) = other_contact(tx, notice, id).await?
                    && let Ok((due, more)) = next.clone().contact_approved(other)
                {
                    facts.extend(more);
                    next = due;
                }
                takedown::save(tx, &next, &facts).await?;
                self.refresh_answers(tx, next.address_id).await?;
            }
        }
        Ok(())
    }
}

/// Another approved contact of the same provider, to which no notice about this item has failed: where
/// one address turns mail away, the next is tried before a human is asked.
async fn other_contact(
    tx: &Tx,
    notice: &Notice,
    item: TakedownId,
) -> Result<Option<ContactId>, WorkError> {
    let failed: Vec<ContactId> = notice::naming(tx, item)
        .await?
        .into_iter()
        .filter(|known| known.state == NoticeState::Failed)
        .map(|known| known.contact_id)
        .collect();
    let of_provider = provider::contacts_of(tx, notice.provider_id).await?;
    let other = of_provider.into_iter().find(|contact| {
        contact.state == ContactState::Approved
            && contact.id != notice.contact_id
            && !failed.contains(&contact.id)
    });
    Ok(other.map(|contact| contact.id))
}
