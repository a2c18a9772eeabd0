//! What the desk shows of removals and notices. Addresses are opened here, for the roles that may
//! read them; nothing here can hold a picture (law 3).

use std::collections::BTreeMap;

use ground::{
    Ask as _, DbError, Fact, Instant, NoticeId, ProviderId, TakedownId, fact, ledger, values,
};
use notice::{Composed, Notice};
use provider::{Contact, Provider};
use takedown::{Listed, Observed, Takedown, Watch, Which};
use vault::VaultError;

use super::RemovalError;
use crate::{Casework, WorkError, read};

/// Most lines of the ledger shown about one thing.
const MOST_LINES: i64 = 500;
/// Most checks shown with their evidence.
const MOST_CHECKS: i64 = 30;

/// One takedown of a list.
#[derive(Debug)]
pub struct ListedRemoval {
    /// The takedown, its way and its watch.
    pub listed: Listed,
    /// The item's own address, else that of its page; none when it was shredded.
    pub address: Option<String>,
    /// Who hosts it, by name.
    pub provider: Option<String>,
}

/// One line of the ledger about a thing.
#[derive(Debug, Clone)]
pub struct Told {
    /// When.
    pub at: Instant,
    /// The name of the member of staff who acted; none when the program did.
    pub by: Option<String>,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// What.
    pub fact: Fact,
}

/// One takedown, with everything around it.
#[derive(Debug)]
pub struct OpenRemoval {
    /// The takedown.
    pub takedown: Takedown,
    /// The watch over its item.
    pub watch: Watch,
    /// The item's own address; none when it lies in the page itself or was shredded.
    pub item: Option<String>,
    /// The address of the page; none when it was shredded.
    pub page: Option<String>,
    /// The number of the report it was judged in.
    pub report: Option<String>,
    /// Who hosts it.
    pub provider: Option<Provider>,
    /// Whom to write to.
    pub contact: Option<Contact>,
    /// The notices that name it, newest first.
    pub notices: Vec<notice::Listed>,
    /// Its story, oldest first, without the single checks.
    pub story: Vec<Told>,
    /// Its latest checks, newest first.
    pub checks: Vec<Observed>,
    /// The names of the providers its story speaks of.
    pub providers: BTreeMap<ProviderId, String>,
}

/// One item that a notice names.
#[derive(Debug)]
pub struct NoticeItem {
    /// Its takedown.
    pub takedown: Takedown,
    /// The watch over it.
    pub watch: Watch,
    /// Its own address, else that of its page; none when it was shredded.
    pub address: Option<String>,
}

/// One notice, opened.
#[derive(Debug)]
pub struct OpenNotice {
    /// The notice.
    pub notice: Notice,
    /// The mail as it is sent; none when its key was destroyed.
    pub mail: Option<Composed>,
    /// To whom.
    pub provider: Provider,
    /// At which desk.
    pub contact: Contact,
    /// What it names.
    pub items: Vec<NoticeItem>,
    /// Its story, oldest first.
    pub story: Vec<Told>,
}

/// What was shredded is none, any other failure stays one.
fn unless_shredded<T>(found: Result<T, VaultError>) -> Result<Option<T>, VaultError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(VaultError::Shredded) => Ok(None),
        Err(fault) => Err(fault),
    }
}

impl Casework {
    /// Takedowns, oldest first, `limit` from `offset` on, with their addresses.
    ///
    /// # Errors
    /// [`RemovalError`] when the records or the vault fail.
    pub async fn removals(
        &self,
        which: Which,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<ListedRemoval>, RemovalError> {
        let mut names = BTreeMap::new();
        let mut rows = Vec::new();
        for listed in takedown::list(&self.db, which, limit, offset).await? {
            if let Some(id) = listed.provider_id {
                self.learn_name(&mut names, id).await?;
            }
            rows.push(ListedRemoval {
                address: self
                    .shown_address(listed.item_id, listed.address_id)
                    .await?,
                provider: listed.provider_id.and_then(|id| names.get(&id).cloned()),
                listed,
            });
        }
        Ok(rows)
    }

    async fn learn_name(
        &self,
        names: &mut BTreeMap<ProviderId, String>,
        id: ProviderId,
    ) -> Result<(), DbError> {
        if !names.contains_key(&id)
            && let Some(provider) = provider::provider(&self.db, id).await?
        {
            names.insert(id, provider.name);
        }
        Ok(())
    }

    /// The item's own address when it has one on the web.
    pub(crate) async fn own_address(
        &self,
        item: ground::ItemId,
    ) -> Result<Option<String>, RemovalError> {
        let row = capture::store::item(&self.db, item)
            .await?
            .ok_or(RemovalError::NotFound)?;
        Ok(self
            .item_text(&row)
            .await?
            .filter(|text| text.starts_with("http")))
    }

    pub(crate) async fn page_address(
        &self,
        id: ground::AddressId,
    ) -> Result<Option<String>, RemovalError> {
        match self.address_text(id).await {
            Ok(address) => Ok(Some(address.to_string())),
            Err(
                WorkError::Vanished
                | WorkError::Vault(VaultError::Shredded)
                | WorkError::Report(report::ReportError::Vault(VaultError::Shredded)),
            ) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    pub(in crate::desk) async fn shown_address(
        &self,
        item: ground::ItemId,
        page: ground::AddressId,
    ) -> Result<Option<String>, RemovalError> {
        match self.own_address(item).await? {
            Some(own) => Ok(Some(own)),
            None => self.page_address(page).await,
        }
    }

    /// One takedown with its story.
    ///
    /// # Errors
    /// [`RemovalError::NotFound`]; otherwise when the records or the vault fail.
    pub async fn open_removal(&self, id: TakedownId) -> Result<OpenRemoval, RemovalError> {
        let takedown = takedown::load(&self.db, id)
            .await?
            .ok_or(RemovalError::NotFound)?;
        let watch = takedown::load_watch(&self.db, id)
            .await?
            .ok_or(RemovalError::NotFound)?;
        let provider = match takedown.provider_id {
            Some(id) => provider::provider(&self.db, id).await?,
            None => None,
        };
        let contact = match takedown.contact_id {
            Some(id) => provider::contact(&self.db, id).await?,
            None => None,
        };
        let report = report::find(&self.db, takedown.report_id).await;
        let report = report
            .map_err(WorkError::from)?
            .map(|report| report.number.to_string());
        let story = self.story(&id.to_string()).await?;
        let mut providers = BTreeMap::new();
        for told in &story {
            if let Some(id) = provider_of(&told.fact) {
                self.learn_name(&mut providers, id).await?;
            }
        }
        Ok(OpenRemoval {
            item: self.own_address(takedown.item_id).await?,
            page: self.page_address(takedown.address_id).await?,
            notices: notice::naming(&self.db, id).await?,
            checks: takedown::observations(&self.db, id, MOST_CHECKS).await?,
            takedown,
            watch,
            report,
            provider,
            contact,
            story,
            providers,
        })
    }

    /// One notice with its mail.
    ///
    /// # Errors
    /// [`RemovalError::NotFound`]; otherwise when the records or the vault fail.
    pub async fn open_notice(&self, id: NoticeId) -> Result<OpenNotice, RemovalError> {
        let notice = notice::load(&self.db, id)
            .await?
            .ok_or(RemovalError::NotFound)?;
        let provider = provider::provider(&self.db, notice.provider_id).await?;
        let contact = provider::contact(&self.db, notice.contact_id).await?;
        let mail = match notice::open_mail(&self.db, &self.vault, id).await {
            Err(notice::StoreFault::Vault(fault)) => unless_shredded(Err(fault))?,
            other => Some(other?),
        };
        let mut items = Vec::new();
        for named in notice::items_of(&self.db, id).await? {
            let takedown = takedown::load(&self.db, named)
                .await?
                .ok_or(RemovalError::NotFound)?;
            let watch = takedown::load_watch(&self.db, named).await?;
            items.push(NoticeItem {
                watch: watch.ok_or(RemovalError::NotFound)?,
                address: self
                    .shown_address(takedown.item_id, takedown.address_id)
                    .await?,
                takedown,
            });
        }
        Ok(OpenNotice {
            provider: provider.ok_or(RemovalError::NotFound)?,
            contact: contact.ok_or(RemovalError::NotFound)?,
            story: self.story(&id.to_string()).await?,
            notice,
            mail,
            items,
        })
    }

    /// What the ledger says about one thing, oldest first, without single checks. A line that a
    /// newer version wrote is left out here; the auditor's page shows it.
    pub(in crate::desk) async fn story(&self, subject: &str) -> Result<Vec<Told>, RemovalError> {
        let entries = self
            .db
            .rows::<ledger::Entry>(
                "select seq, at_ms, actor, kind, subject, reason, detail, hash from ledger
                 where subject = $1 and kind <> 'checked' order by seq limit $2",
                values![subject, MOST_LINES],
            )
            .await?;
        let mut story = Vec::with_capacity(entries.len());
        for entry in entries {
            let Ok(fact) = fact::read(&entry.detail) else {
                continue;
            };
            let by = match entry.actor.parse() {
                Ok(id) => read::staff_name(&self.db, id).await?,
                Err(_) => None,
            };
            let at = Instant::from_ms(entry.at_ms);
            story.push(Told {
                at,
                by,
                reason: entry.reason,
                fact,
            });
        }
        Ok(story)
    }
}

/// The provider a fact speaks of.
const fn provider_of(fact: &Fact) -> Option<ProviderId> {
    match fact {
        Fact::HostLocated { provider, .. }
        | Fact::HostChanged { provider }
        | Fact::HostConfirmed { provider }
        | Fact::ContactAwaited { provider }
        | Fact::Reappeared { provider }
        | Fact::Removed { provider, .. } => *provider,
        Fact::NoticeDue { provider, .. }
        | Fact::NoticeNamesItem { provider, .. }
        | Fact::ReminderNamesItem { provider, .. }
        | Fact::ProviderTold { provider, .. } => Some(*provider),
        _ => None,
    }
}
