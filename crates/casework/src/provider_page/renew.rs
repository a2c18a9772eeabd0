//! A link that has ended is renewed by mail: whoever has the old one can have a new one sent, and
//! only to the approved address of its contact.

use egress::Mail;
use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::lease::{Work, back_off_ms};
use ground::{Act, ContactId, Fact, values};
use notice::Outcome;
use provider::{Contact, ContactState};

use super::{PageFault, language_of};
use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const RENEWER: &str = "links";
/// How long a mail is leased for, ms: longer than a relay's patience for one message.
const LEASE_MS: i64 = 10 * MINUTE_MS;
/// A contact is sent one new link in so much time, ms, however often it is asked for.
const PAUSE_MS: i64 = HOUR_MS;
/// After so many attempts the wish is dropped; it can be made again.
const MOST_ATTEMPTS: u32 = 8;

const LINKS: Work = Work {
    table: "link_request",
    open: "sent_at_ms is null",
    order: "not_before_ms, id",
};

impl Casework {
    /// Has a new link sent to the contact of this one, which may have ended.
    ///
    /// # Errors
    /// [`PageFault::NoLink`]; [`PageFault::Work`].
    pub async fn ask_new_link(&self, link: &str) -> Result<(), PageFault> {
        let (contact, _) = self.once_held(link).await?;
        let now = self.clock.now();
        let tx = self
            .db
            .act(&self.act_of(contact.id), "ask for a new link")
            .await?;
        let asked = tx
            .execute(
                "insert into link_request (id, asked_at_ms, sent_at_ms, lease_until_ms, lease_token,
                     attempts, not_before_ms)
                 values ($1, $2, null, 0, 0, 0, $2)
                 on conflict (id) do update set asked_at_ms = $2, sent_at_ms = null, attempts = 0,
                     not_before_ms = $2
                 where link_request.asked_at_ms <= $3",
                values![contact.id, now, now.plus_ms(-PAUSE_MS)],
            )
            .await?;
        // Asked for a moment ago: that mail is on its way, and nothing is to be written down.
        if asked == 0 {
            return Ok(());
        }
        let fact = Fact::ProviderLinkAsked {
            provider: contact.provider_id,
        };
        tx.record(contact.id, &fact);
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }

    /// Sends one new link that was asked for; false when none was.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail; the lease then lapses by itself.
    pub async fn send_one_link(&self) -> Result<bool, WorkError> {
        let now = self.clock.now();
        let Some(lease) = LINKS.take(&self.db, &self.chance, now, LEASE_MS).await? else {
            return Ok(false);
        };
        let id: ContactId = lease.id.parse().map_err(WorkError::unreadable)?;
        let contact = provider::contact(&self.db, id)
            .await?
            .filter(|contact| contact.state == ContactState::Approved);
        let outcome = match contact.as_ref().map(|contact| self.link_mail(contact)) {
            Some(mail) => Some(notice::outcome_of(&self.relay.send(&mail?).await)),
            None => None,
        };
        let now = self.clock.now();
        match (outcome, contact) {
            (Some(Outcome::Accepted { .. }), Some(contact)) => {
                let act = Act::by_worker(RENEWER, now);
                let tx = self.db.act(&act, "settle a new link").await?;
                if LINKS.settle(&tx, &lease).await? {
                    tx.execute(
                        "update link_request set sent_at_ms = $2 where id = $1",
                        values![id, now],
                    )
                    .await?;
                    let provider = contact.provider_id;
                    tx.record(id, &Fact::ProviderLinkSent { provider });
                    tx.commit().await?;
                }
            }
            // Here a mail too many does no harm: both links are right.
            (Some(Outcome::Ours { .. } | Outcome::Later { .. } | Outcome::Unsure { .. }), _)
                if lease.attempts < MOST_ATTEMPTS =>
            {
                let wait = back_off_ms(lease.attempts, MINUTE_MS, HOUR_MS, &self.chance);
                let tx = self.db.upkeep("put a new link off").await?;
                LINKS.put_off(&tx, &lease, now.plus_ms(wait)).await?;
                tx.commit().await?;
            }
            _ => {
                let tx = self.db.upkeep("drop a wish for a new link").await?;
                tx.execute("delete from link_request where id = $1", values![id])
                    .await?;
                tx.commit().await?;
            }
        }
        Ok(true)
    }

    fn link_mail(&self, contact: &Contact) -> Result<Mail, WorkError> {
        let link = self
            .provider_link(contact)
            .ok_or_else(|| WorkError::refused("there is no page for providers here"))?;
        let language = language_of(contact)?;
        let view = notice::LinkView {
            language,
            hotline: self.hotline(language),
            link,
            at: self.clock.now(),
            lasts_ms: self.link_lasts_ms(),
        };
        let name = ground::NoticeId::fresh(&self.chance);
        let mail = notice::compose_link(name, &view, contact.email.as_str())
            .map_err(WorkError::refused)?;
        Ok(Mail {
            from: mail.from,
            to: vec![mail.to],
            raw_message: mail.raw.into_bytes(),
            message_id: mail.message_id,
        })
    }
}
