//! Who may be written to: a human approves every contact once before its first notice, and again
//! when its address is altered. What waited for it moves on in the same transaction.

use std::collections::BTreeMap;

use ground::{Ask, ContactId, ProviderId, Reason, StaffId, Tx};
use provider::{
    Contact, ContactListed, ContactState, MailAddress, Manner, Provider, ProviderListed,
};
use takedown::{ProviderCount, Stage, Takedown, Which};

use super::removal::{RemovalError, Told};
use crate::Casework;

/// A contact that nobody decided about yet.
#[derive(Debug)]
pub struct WaitingContact {
    /// The contact with its provider.
    pub contact: ContactListed,
    /// How many items wait for a contact of this provider, in items.
    pub items: usize,
}

/// A provider with what it hosts.
#[derive(Debug)]
pub struct BookedProvider {
    /// The provider.
    pub provider: ProviderListed,
    /// Its takedowns; none when it never had one.
    pub count: Option<ProviderCount>,
}

/// The providers and the contacts there.
#[derive(Debug)]
pub struct ContactBook {
    /// Contacts to be decided about; those for which most items wait first.
    pub waiting: Vec<WaitingContact>,
    /// All providers, by name.
    pub providers: Vec<BookedProvider>,
}

/// One contact with its story.
#[derive(Debug)]
pub struct OpenContact {
    /// The contact.
    pub contact: Contact,
    /// What was decided and why, oldest first.
    pub story: Vec<Told>,
    /// The notices to it, newest first.
    pub notices: Vec<notice::Listed>,
}

/// One provider, opened.
#[derive(Debug)]
pub struct OpenProvider {
    /// The provider.
    pub provider: Provider,
    /// Its contacts, by address.
    pub contacts: Vec<OpenContact>,
    /// How many items wait for a contact here, in items.
    pub items: usize,
    /// Its takedowns; none when it never had one.
    pub count: Option<ProviderCount>,
}

/// Most notices shown of one contact.
const MOST_NOTICES: i64 = 5;

async fn as_seen(ask: &impl Ask, id: ContactId, seen: i64) -> Result<Contact, RemovalError> {
    let contact = provider::contact(ask, id)
        .await?
        .ok_or(RemovalError::NotFound)?;
    if contact.revision == seen {
        Ok(contact)
    } else {
        Err(RemovalError::Stale)
    }
}

impl Casework {
    /// Approves a contact: notices may go there from now on, and every item that waited for it
    /// becomes due for one. Gives how many did, in items.
    ///
    /// # Errors
    /// [`RemovalError::Contact`] when it is approved already; [`RemovalError::Stale`].
    pub async fn approve_contact(
        &self,
        by: StaffId,
        id: ContactId,
        seen: i64,
        why: Reason,
    ) -> Result<usize, RemovalError> {
        let act = self.act_because(by, why);
        let tx = self.db.act(&act, "approve a contact").await?;
        let (approved, fact) = as_seen(&tx, id, seen).await?.approved(act.who, act.at)?;
        provider::save_contact(&tx, &approved, &fact).await?;
        let moved = move_on(&tx, &approved).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(moved)
    }

    /// Refuses a contact: no notice goes there. Items that were due for one there wait again, or
    /// go to another approved contact of the provider.
    ///
    /// # Errors
    /// [`RemovalError::Contact`] when it is refused already; [`RemovalError::Stale`].
    pub async fn refuse_contact(
        &self,
        by: StaffId,
        id: ContactId,
        seen: i64,
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why);
        let tx = self.db.act(&act, "refuse a contact").await?;
        let (refused, fact) = as_seen(&tx, id, seen).await?.refused(act.who, act.at)?;
        provider::save_contact(&tx, &refused, &fact).await?;
        draw_back(&tx, &refused).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }

    /// Alters the address of a contact, or how it is written to. Another address must be approved again
    /// before a notice goes there.
    ///
    /// # Errors
    /// [`RemovalError::Taken`] when the provider has that address already;
    /// [`RemovalError::Contact`] when nothing is altered; [`RemovalError::Stale`].
    pub async fn change_contact(
        &self,
        by: StaffId,
        id: ContactId,
        seen: i64,
        to: (MailAddress, Manner),
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why);
        let tx = self.db.act(&act, "change a contact").await?;
        let known = as_seen(&tx, id, seen).await?;
        let was_approved = known.state == ContactState::Approved;
        let (altered, fact) = known.altered(to.0, to.1, act.who)?;
        provider::save_contact(&tx, &altered, &fact).await?;
        if was_approved && altered.state != ContactState::Approved {
            draw_back(&tx, &altered).await?;
        }
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }

    /// Adds a contact that a human found; it must be approved like any other.
    ///
    /// # Errors
    /// [`RemovalError::Taken`] when the provider has it already; [`RemovalError::NotFound`] when
    /// there is no such provider.
    pub async fn add_contact(
        &self,
        by: StaffId,
        provider: ProviderId,
        email: MailAddress,
        manner: Manner,
        why: Reason,
    ) -> Result<ContactId, RemovalError> {
        let tx = self
            .db
            .act(&self.act_because(by, why), "add a contact")
            .await?;
        if provider::provider(&tx, provider).await?.is_none() {
            return Err(RemovalError::NotFound);
        }
        let chance = &self.chance;
        let added = provider::add_contact(&tx, provider, email, manner, chance).await?;
        tx.commit().await?;
        Ok(added.id)
    }

    /// The providers and the contacts there, those to be decided about first.
    ///
    /// # Errors
    /// [`RemovalError`] when the records fail.
    pub async fn contact_book(&self) -> Result<ContactBook, RemovalError> {
        let mut waiting = Vec::new();
        for contact in provider::contacts_in(&self.db, ContactState::Unapproved).await? {
            let items = takedown::awaiting_contact(&self.db, contact.provider_id)
                .await?
                .len();
            waiting.push(WaitingContact { contact, items });
        }
        waiting.sort_by_key(|row| std::cmp::Reverse(row.items));
        let counts = takedown::by_provider(&self.db).await?;
        let mut counts: BTreeMap<ProviderId, ProviderCount> = counts
            .into_iter()
            .map(|count| (count.provider_id, count))
            .collect();
        let providers = provider::all(&self.db).await?;
        let providers = providers
            .into_iter()
            .map(|provider| BookedProvider {
                count: counts.remove(&provider.id),
                provider,
            })
            .collect();
        Ok(ContactBook { waiting, providers })
    }

    /// One provider with its contacts.
    ///
    /// # Errors
    /// [`RemovalError::NotFound`]; otherwise when the records fail.
    pub async fn open_provider(&self, id: ProviderId) -> Result<OpenProvider, RemovalError> {
        let provider = provider::provider(&self.db, id)
            .await?
            .ok_or(RemovalError::NotFound)?;
        let mut contacts = Vec::new();
        for contact in provider::contacts_of(&self.db, id).await? {
            contacts.push(OpenContact {
                story: self.story(&contact.id.to_string()).await?,
                notices: notice::of_contact(&self.db, contact.id, MOST_NOTICES).await?,
                contact,
            });
        }
        let counts = takedown::by_provider(&self.db).await?;
        Ok(OpenProvider {
            items: takedown::awaiting_contact(&self.db, id).await?.len(),
            count: counts.into_iter().find(|count| count.provider_id == id),
            provider,
            contacts,
        })
    }
}

/// Makes due what waits for this approved contact; gives how many.
async fn move_on(tx: &Tx, contact: &Contact) -> Result<usize, RemovalError> {
    let mut moved = 0;
    for id in takedown::awaiting_contact(tx, contact.provider_id).await? {
        let waiting = takedown::load(tx, id)
            .await?
            .ok_or(RemovalError::NotFound)?;
        // One that waits for another contact of the same provider goes on waiting for that one.
        if let Ok((due, facts)) = waiting.contact_approved(contact.id) {
            takedown::save(tx, &due, &facts).await?;
            moved += 1;
        }
    }
    Ok(moved)
}

/// Draws back what was due for this contact, which may no longer be written to, and what waited
/// for it; where another contact of the provider is approved, it becomes due there.
async fn draw_back(tx: &Tx, contact: &Contact) -> Result<(), RemovalError> {
    let others = provider::contacts_of(tx, contact.provider_id).await?;
    let other = others
        .iter()
        .find(|other| other.state == ContactState::Approved);
    for stage in [Stage::NoticeDue, Stage::AwaitingContact] {
        let here = Which {
            stage: Some(stage),
            provider: Some(contact.provider_id),
            ..Which::default()
        };
        for row in takedown::list(tx, here, i64::from(u32::MAX), 0).await? {
            let known = takedown::load(tx, row.id)
                .await?
                .ok_or(RemovalError::NotFound)?;
            let Ok((waiting, mut facts)) = known.contact_refused(contact.id) else {
                continue;
            };
            let next: Takedown = match other {
                Some(other) => {
                    let (due, more) = waiting.contact_approved(other.id)?;
                    facts.extend(more);
                    due
                }
                None => waiting,
            };
            takedown::save(tx, &next, &facts).await?;
        }
    }
    Ok(())
}
