//! Opens envelopes and takes in what people said.

use chat::store::{self, Said};
use chat::{Arrived, What};
use ground::clock::HOUR_MS;
use ground::{Act, Platform};
use letterbox::{CollectError, Envelope};

use super::{CHAT, ChatLine};
use crate::{Casework, WorkError};

/// Most envelopes opened together.
const BATCH: i64 = 32;

impl Casework {
    /// Opens some envelopes and takes in what is in them; false when there are none.
    ///
    /// Envelopes are thrown away only after what they hold is durable. Should the program die between
    /// the two, they are opened again, and every event in them is known.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the letterbox fail; the envelopes stay.
    pub async fn open_envelopes(&self) -> Result<bool, WorkError> {
        let Some(line) = self.chat_line() else {
            return Ok(false);
        };
        let now = self.clock.now();
        let envelopes = self.collector.envelopes(BATCH, now).await?;
        let (mut done, mut events) = (Vec::with_capacity(envelopes.len()), Vec::new());
        for envelope in &envelopes {
            let Some(arrived) = self.read(envelope).await? else {
                continue;
            };
            events.extend(arrived.into_iter().map(|event| (envelope.platform, event)));
            done.push(envelope.id);
        }
        // Envelopes have no order; whoever has a new number is known by it before they are heard.
        events.sort_by_key(|(_, event)| matches!(event.what, What::Heard(_)));
        for (platform, event) in &events {
            self.arrive(line, *platform, event).await?;
        }
        if !done.is_empty() {
            self.collector.throw_away(&done).await?;
            self.bell.ring();
        }
        Ok(!envelopes.is_empty())
    }

    /// What a platform sent; none when the envelope does not open and is kept aside.
    async fn read(&self, envelope: &Envelope) -> Result<Option<Vec<Arrived>>, WorkError> {
        let raw = match envelope.open(self.vault.keys().intake()) {
            Ok(raw) => raw,
            Err(CollectError::NotOurs) => {
                tracing::error!(
                    "an envelope does not open with this hotline's key and is kept aside"
                );
                let until = self.clock.now().plus_ms(2 * HOUR_MS).start_of_hour();
                self.collector.keep_aside(envelope.id, until).await?;
                return Ok(None);
            }
            Err(fault) => return Err(fault.into()),
        };
        let read = match envelope.platform {
            Platform::Whatsapp => chat::whatsapp::read(&raw),
            Platform::Telegram => {
                chat::telegram::read(&raw).map(|event| event.into_iter().collect())
            }
        };
        Ok(Some(read.unwrap_or_else(|fault| {
            // The platform proved itself, so it is its form that changed; nobody's words are in this.
            tracing::error!(platform = envelope.platform.as_str(), %fault, "an envelope cannot be read");
            Vec::new()
        })))
    }

    async fn arrive(
        &self,
        line: &ChatLine,
        platform: Platform,
        event: &Arrived,
    ) -> Result<(), WorkError> {
        match &event.what {
            What::Heard(heard) => {
                let said = Said {
                    platform,
                    sender: &event.sender,
                    key: &event.key,
                    at_ms: event.at_ms,
                    heard,
                };
                self.hear(line, &said).await
            }
            What::Moved => {
                let found = store::find(&self.db, &self.vault, platform, &event.sender).await?;
                let Some(id) = found else { return Ok(()) };
                let tx = self.db.upkeep("note what a sender is known by").await?;
                store::known_too(&tx, &self.vault, platform, &event.sender, id).await?;
                Ok(tx.commit().await?)
            }
            What::Delivery { id, failed: true } => self.not_arrived(platform, id).await,
            // What cannot be said to somebody who blocked us is found out when it is said.
            What::Delivery { failed: false, .. } | What::Blocked(_) => Ok(()),
        }
    }

    async fn hear(&self, line: &ChatLine, said: &Said<'_>) -> Result<(), WorkError> {
        if store::is_blocked(&self.db, &self.vault, said.platform, said.sender).await? {
            return Ok(());
        }
        let now = self.clock.now();
        let known = store::find(&self.db, &self.vault, said.platform, said.sender).await?;
        // The line in the ledger tells the hour, as with every letter (IN-9).
        let act = Act::by_worker(CHAT, now.start_of_hour());
        let tx = match known {
            Some(_) => self.db.upkeep("hear").await?,
            None => self.db.act(&act, "begin a conversation").await?,
        };
        let id = match known {
            Some(id) => {
                store::known_too(&tx, &self.vault, said.platform, said.sender, id).await?;
                id
            }
            None => {
                let due = now.plus_ms(line.gathering.quiet_ms);
                store::begin(&tx, &self.vault, &self.chance, said, due).await?
            }
        };
        let when = (now, line.gathering);
        let new = store::take_in(&tx, &self.vault, &self.chance, (id, said), when).await?;
        // What was heard before of somebody who was forgotten since begins nothing.
        if new {
            tx.commit().await?;
        }
        Ok(())
    }

    async fn not_arrived(&self, platform: Platform, sent: &str) -> Result<(), WorkError> {
        let found = chat::texts::sent_as(&self.db, &self.vault, platform, sent).await?;
        let Some((text, conversation)) = found else {
            return Ok(());
        };
        let act = Act::by_worker(CHAT, self.clock.now().start_of_hour());
        let tx = self.db.act(&act, "note a text that did not arrive").await?;
        chat::texts::lost(&tx, text, conversation).await?;
        Ok(tx.commit().await?)
    }
}
