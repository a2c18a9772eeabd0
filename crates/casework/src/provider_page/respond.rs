//! What a provider says about its items, taken down with the fact and with what follows at once.

use ground::{Fact, ResponseId, ResponseKind, TakedownId, Tx};
use provider::Contact;
use takedown::{Response, StoreFault};
use vault::{Owner, Place};

use super::PageFault;
use crate::{Casework, WorkError};

/// How often a response is tried again that met a check of the same item.
const TRIES: u32 = 4;

/// Why a provider objects, in its own words; trimmed, not empty, bounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(String);

/// Why words were not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordsFault {
    /// Nothing was said.
    #[error("say why")]
    Empty,
    /// More than [`Words::MAX_CHARS`] was said.
    #[error("say it in at most 2,000 characters")]
    TooLong,
}

impl Words {
    /// Longest text, in characters, a break of line being one.
    pub const MAX_CHARS: usize = 2_000;

    /// Reads words.
    ///
    /// # Errors
    /// [`WordsFault`].
    pub fn parse(text: &str) -> Result<Self, WordsFault> {
        let text = text.replace("\r\n", "\n").replace('\0', "");
        let text = text.trim();
        if text.is_empty() {
            return Err(WordsFault::Empty);
        }
        if text.chars().count() > Self::MAX_CHARS {
            return Err(WordsFault::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It is removed: look now.
    Removed,
    /// It is not ours: find out whose it is.
    NotHost,
    /// It must not be removed.
    Objection(Words),
}

impl Says {
    const fn kind(&self) -> ResponseKind {
        match self {
            Self::Removed => ResponseKind::Removed,
            Self::NotHost => ResponseKind::NotHost,
            Self::Objection(_) => ResponseKind::Objection,
        }
    }
}

/// What became of a response to several items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Responded {
    /// So many were taken down.
    pub taken: u32,
    /// Of so many it had been said before and is still being worked on.
    pub said_before: u32,
    /// So many are not on the provider's list (any more).
    pub not_theirs: u32,
}

enum Took {
    Taken,
    SaidBefore,
    NotTheirs,
}

impl Casework {
    /// Takes a response to some items, each for itself.
    ///
    /// # Errors
    /// [`PageFault`]; what was taken before a fault stays taken.
    pub async fn respond(
        &self,
        link: &str,
        items: &[TakedownId],
        says: &Says,
    ) -> Result<Responded, PageFault> {
        let contact = self.link_holder(link).await?.contact;
        let mut responded = Responded::default();
        for item in items {
            match self.respond_to(&contact, *item, says).await? {
                Took::Taken => responded.taken += 1,
                Took::SaidBefore => responded.said_before += 1,
                Took::NotTheirs => responded.not_theirs += 1,
            }
        }
        self.bell.ring();
        Ok(responded)
    }

    async fn respond_to(
        &self,
        contact: &Contact,
        item: TakedownId,
        says: &Says,
    ) -> Result<Took, WorkError> {
        let mut tries = 1;
        loop {
            match self.try_to_respond(contact, item, says).await {
                // A check of the item was taken in at the same moment.
                Err(WorkError::Takedown(StoreFault::Stale)) if tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }

    async fn try_to_respond(
        &self,
        contact: &Contact,
        item: TakedownId,
        says: &Says,
    ) -> Result<Took, WorkError> {
        let act = self.act_of(contact.id);
        let tx = self.db.act(&act, "take a provider's response").await?;
        let Some(about) = takedown::load(&tx, item).await? else {
            return Ok(Took::NotTheirs);
        };
        let id = ResponseId::fresh(&self.chance);
        let words = match says {
            Says::Objection(words) if about.contact_id == Some(contact.id) => {
                let place = Place::new("response.words", id);
                let owner = Owner::Address(about.address_id);
                let plain = words.as_str().as_bytes();
                Some(self.vault.seal(&tx, owner, place, plain).await?)
            }
            _ => None,
        };
        let Ok((response, fact)) =
            Response::given(id, &about, contact.id, (says.kind(), words), act.at)
        else {
            return Ok(Took::NotTheirs);
        };
        if !takedown::give(&tx, &response, &fact).await? {
            return Ok(Took::SaidBefore);
        }
        if matches!(says, Says::Removed) {
            self.look_soon(&tx, item).await?;
        }
        tx.commit().await?;
        Ok(Took::Taken)
    }

    /// Has the item looked at now, unless it is not watched any more.
    async fn look_soon(&self, tx: &Tx, item: TakedownId) -> Result<(), WorkError> {
        let watch = takedown::load_watch(tx, item)
            .await?
            .ok_or(WorkError::Vanished)?;
        if let Ok(watch) = watch.look_now(self.clock.now()) {
            takedown::save_watch(tx, &watch, &[Fact::CheckWanted]).await?;
        }
        Ok(())
    }
}
