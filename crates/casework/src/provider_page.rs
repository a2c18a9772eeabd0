//! The page of a provider's abuse desk: what it was told of and what is still there, reached by a
//! signed link instead of an account, and what it says about it.
//!
//! Whoever has the link can read the addresses and hashes of that contact's own notices, and nothing
//! else; nothing here has a field for bytes (law 3). A link ends with its time, with the approval of
//! its contact, and when the contact's mail address is altered. That the page was read stands in the
//! ledger, and so does every response.

mod link;
mod relook;
mod renew;
mod respond;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use ground::{
    Act, Actor, ContactId, DbError, Fact, Instant, NoticeId, ResponseKind, ResponseOutcome,
    TakedownId,
};
use notice::{Hotline, NoticeLanguage};
use provider::{Contact, ContactState};
use takedown::{Presence, Response, ResponseState};
use vault::VaultError;

use crate::desk::RemovalError;
use crate::{Casework, WorkError};

pub use link::LinkSetting;
pub use respond::{Responded, Says, Words, WordsFault};

/// Items on one page.
pub const PAGE: i64 = 200;

/// The page of one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderPage {
    /// Whose page it is, by name.
    pub provider: String,
    /// The language of its notices.
    pub language: NoticeLanguage,
    /// The hotline.
    pub hotline: Hotline,
    /// When the link ends.
    pub until: Instant,
    /// What it was told of: what is still there first.
    pub items: Vec<TheirItem>,
    /// Whether more follow.
    pub more: bool,
}

/// One item of which a provider was told. Text only: there is no field for bytes (law 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirItem {
    /// The takedown, by which the provider names the item.
    pub id: TakedownId,
    /// The item's own address, else that of its page; none once it was shredded.
    pub address: Option<String>,
    /// The page it was found on, when that is another.
    pub page: Option<String>,
    /// The address its name led to.
    pub ip: Option<String>,
    /// SHA-256; none where no bytes are known.
    pub sha256: Option<String>,
    /// The number of the notice that named it last.
    pub notice: Option<String>,
    /// When the first notice was accepted.
    pub told_at: Option<Instant>,
    /// When it was last seen there.
    pub last_seen_at: Option<Instant>,
    /// When it was found to be removed.
    pub removed_at: Option<Instant>,
    /// Whether it is still there, as far as we know.
    pub is_there: bool,
    /// What its provider said last.
    pub said: Option<Said>,
}

/// What was said, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub kind: ResponseKind,
    /// When.
    pub at: Instant,
    /// What came of it; none while somebody still works on it.
    pub outcome: Option<ResponseOutcome>,
}

impl Said {
    fn of(response: &Response) -> Self {
        let settled = response.state == ResponseState::Settled;
        Self {
            kind: response.kind,
            at: response.given_at_ms,
            outcome: response.outcome.filter(|_| settled),
        }
    }
}

/// Why a page is not shown or a response not taken.
#[derive(Debug, thiserror::Error)]
pub enum PageFault {
    /// Not a link of ours, or its contact is not written to any more.
    #[error("this link does not lead anywhere")]
    NoLink,
    /// The link was right once; a new one can be sent to the contact.
    #[error("this link has ended")]
    Ended,
    /// Something failed on our side.
    #[error(transparent)]
    Work(#[from] WorkError),
}

impl From<DbError> for PageFault {
    fn from(fault: DbError) -> Self {
        Self::Work(fault.into())
    }
}

impl From<VaultError> for PageFault {
    fn from(fault: VaultError) -> Self {
        Self::Work(fault.into())
    }
}

impl From<RemovalError> for PageFault {
    fn from(fault: RemovalError) -> Self {
        Self::Work(match fault {
            RemovalError::NotFound => WorkError::Vanished,
            RemovalError::Work(fault) => fault,
            RemovalError::Db(fault) => fault.into(),
            RemovalError::Vault(fault) => fault.into(),
            other => WorkError::refused(other),
        })
    }
}

/// A contact that proved who it is by its link.
#[derive(Debug)]
struct Holder {
    contact: Contact,
    until: Instant,
}

impl Casework {
    /// The page behind a link, `PAGE` items from `offset` on.
    ///
    /// # Errors
    /// [`PageFault`].
    pub async fn provider_page(&self, link: &str, offset: i64) -> Result<ProviderPage, PageFault> {
        let holder = self.link_holder(link).await?;
        let contact = &holder.contact;
        let mut listed = takedown::told_to(&self.db, contact.id, PAGE + 1, offset.max(0)).await?;
        let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = listed.len() > most;
        listed.truncate(most);
        let said = self.said_by(contact.id).await?;
        let mut numbers = HashMap::new();
        let mut items = Vec::with_capacity(listed.len());
        for row in listed {
            let notice = match row.notice_id {
                Some(id) => self.number_of(&mut numbers, id).await?,
                None => None,
            };
            let said = said.get(&row.id).copied();
            items.push(self.their_item(row, notice, said).await?);
        }
        self.note_shown(contact, items.len()).await?;
        let provider = provider::provider(&self.db, contact.provider_id).await?;
        let language = language_of(contact)?;
        Ok(ProviderPage {
            provider: provider.ok_or(WorkError::Vanished)?.name,
            language,
            hotline: self.hotline(language),
            until: holder.until,
            items,
            more,
        })
    }

    async fn their_item(
        &self,
        row: takedown::Listed,
        notice: Option<String>,
        said: Option<Said>,
    ) -> Result<TheirItem, PageFault> {
        let own = self.own_address(row.item_id).await?;
        let page = self.page_address(row.address_id).await?;
        let content = capture::store::content(&self.db, row.content_id).await?;
        let sha256 = content
            .filter(|content| content.media_type != crate::desk::BY_HAND)
            .map(|content| content.sha256);
        let apart = own.is_some() && own != page;
        Ok(TheirItem {
            id: row.id,
            page: page.clone().filter(|_| apart),
            address: own.or(page),
            ip: row.ip,
            sha256,
            notice,
            told_at: row.told_at_ms,
            last_seen_at: row.last_present_ms,
            removed_at: row.removed_at_ms,
            is_there: row.presence == Presence::There,
            said,
        })
    }

    async fn number_of(
        &self,
        known: &mut HashMap<NoticeId, String>,
        id: NoticeId,
    ) -> Result<Option<String>, DbError> {
        if !known.contains_key(&id)
            && let Some(notice) = notice::load(&self.db, id).await?
        {
            known.insert(id, notice.number.clone());
        }
        Ok(known.get(&id).cloned())
    }

    /// What a contact said last about each of its items.
    async fn said_by(&self, contact: ContactId) -> Result<HashMap<TakedownId, Said>, DbError> {
        let mut said = HashMap::new();
        for response in takedown::responses_of(&self.db, contact).await? {
            said.entry(response.takedown_id)
                .or_insert_with(|| Said::of(&response));
        }
        Ok(said)
    }

    /// Puts down that the page was read.
    async fn note_shown(&self, contact: &Contact, items: usize) -> Result<(), DbError> {
        let tx = self
            .db
            .act(&self.act_of(contact.id), "show a provider its page")
            .await?;
        let shown = Fact::ProviderPageShown {
            provider: contact.provider_id,
            items: u32::try_from(items).unwrap_or(u32::MAX),
        };
        tx.record(contact.id, &shown);
        tx.commit().await
    }

    /// The contact that a link belongs to, when the link holds now.
    async fn link_holder(&self, link: &str) -> Result<Holder, PageFault> {
        let (contact, until) = self.once_held(link).await?;
        if until <= self.clock.now() {
            return Err(PageFault::Ended);
        }
        Ok(Holder { contact, until })
    }

    /// The contact that a link belongs to, whether or not it has ended.
    async fn once_held(&self, link: &str) -> Result<(Contact, Instant), PageFault> {
        let claim = link::read(link).ok_or(PageFault::NoLink)?;
        let contact = provider::contact(&self.db, claim.contact)
            .await?
            .filter(|contact| contact.state == ContactState::Approved)
            .ok_or(PageFault::NoLink)?;
        if !claim.holds(&self.link_key(), &contact.email) {
            return Err(PageFault::NoLink);
        }
        Ok((contact, claim.until))
    }

    fn act_of(&self, contact: ContactId) -> Act {
        Act {
            who: Actor::Provider(contact),
            why: None,
            at: self.clock.now(),
        }
    }
}

/// The language in which a contact is written to.
pub(crate) fn language_of(contact: &Contact) -> Result<NoticeLanguage, WorkError> {
    contact
        .language
        .as_str()
        .parse()
        .map_err(WorkError::unreadable)
}
