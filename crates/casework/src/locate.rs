//! The locator: finds out who hosts an illegal item, and which way its takedown goes on.

use std::net::IpAddr;

use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::lease::{Lease, back_off_ms};
use ground::{Act, TakedownId};
use provider::{ContactState, EgressWeb, Located, Placed, Question, WhoHosts};
use takedown::{ContactStanding, Host, LOCATING, Takedown};

use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const LOCATOR: &str = "locator";
/// How long a look-up is leased for, ms.
const LEASE_MS: i64 = 3 * MINUTE_MS;
/// Longest wait between two attempts, ms: notices must not wait for a registry's bad day.
const MOST_MS: i64 = HOUR_MS;
/// From this attempt on the locator makes do with what the registries that answer say.
pub(crate) const MAKE_DO_FROM: u32 = 3;

impl Casework {
    /// Finds out who hosts one item; false when nobody is looked for.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail; the lease then lapses by itself.
    pub async fn locate_one(&self) -> Result<bool, WorkError> {
        let taken = LOCATING
            .take(&self.db, &self.chance, self.clock.now(), LEASE_MS)
            .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: TakedownId = lease.id.parse().map_err(WorkError::unreadable)?;
        let takedown = takedown::load(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let question = Question {
            seen_at: self.seen_at(&takedown).await?,
            afresh: takedown.host_found_at_ms.is_some(),
            make_do: lease.attempts >= MAKE_DO_FROM,
        };
        match self.who_hosts(&takedown, question).await? {
            Ok(located) => self.located(&lease, takedown, &located).await?,
            Err(why) => {
                let wait = back_off_ms(
                    lease.attempts,
                    self.settings.relocate_ms,
                    MOST_MS,
                    &self.chance,
                );
                let until = self.clock.now().plus_ms(wait);
                let act = Act::by_worker(LOCATOR, self.clock.now());
                let (next, facts) = takedown.look_up_failed(&why, lease.attempts, until)?;
                let tx = self.db.act(&act, "put a look-up off").await?;
                if LOCATING.put_off(&tx, &lease, until).await? {
                    takedown::save(&tx, &next, &facts).await?;
                    tx.commit().await?;
                }
            }
        }
        self.bell.ring();
        Ok(true)
    }

    /// Who hosts the item of a takedown, or why that could not be found out now.
    pub(crate) async fn who_hosts(
        &self,
        takedown: &Takedown,
        question: Question,
    ) -> Result<Result<Located, String>, WorkError> {
        let item = capture::store::item(&self.db, takedown.item_id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let address = match self.item_address(&item).await? {
            Some(own) => own,
            None => self.address_text(takedown.address_id).await?,
        };
        let asker = WhoHosts::new(
            EgressWeb(self.web.clone()),
            self.db.clone(),
            self.settings.registries.clone(),
            self.settings.home_country,
            self.clock.clone(),
        );
        Ok(match asker.who_hosts(&address, question).await {
            Ok(located) => Ok(located),
            // A name server of ours that is out of order may say so of every name (law 6).
            Err(fault) if fault.is_final() && !self.canary_sings(self.clock.now()).await? => {
                Err("our-side".to_owned())
            }
            Err(fault) if fault.is_final() => Ok(asker.unknown()),
            Err(fault) => Err(fault.code().to_string()),
        })
    }

    /// The server that answered when the item was seen: as located before, or as visited.
    async fn seen_at(&self, takedown: &Takedown) -> Result<Option<IpAddr>, WorkError> {
        let known = match &takedown.ip {
            Some(ip) => Some(ip.clone()),
            None => {
                let visits = capture::store::visits_of(&self.db, takedown.address_id, 1).await?;
                visits.into_iter().next().and_then(|visit| visit.ip)
            }
        };
        Ok(known.and_then(|ip| ip.parse().ok()))
    }

    async fn located(
        &self,
        lease: &Lease,
        takedown: Takedown,
        located: &Located,
    ) -> Result<(), WorkError> {
        let now = self.clock.now();
        let tx = self
            .db
            .act(&Act::by_worker(LOCATOR, now), "settle a look-up")
            .await?;
        if !LOCATING.settle(&tx, lease).await? {
            return Ok(());
        }
        let placed = provider::place(&tx, located, &self.chance, now).await?;
        let (next, facts) = takedown.located(&host(located, &placed))?;
        takedown::save(&tx, &next, &facts).await?;
        self.refresh_answers(&tx, next.address_id).await?;
        Ok(tx.commit().await?)
    }
}

/// What takedown is told of what provider found.
pub(crate) fn host(located: &Located, placed: &Placed) -> Host {
    let standing = |state: ContactState| match state {
        ContactState::Approved => ContactStanding::Approved,
        ContactState::Refused => ContactStanding::Refused,
        ContactState::Unapproved => ContactStanding::Unapproved,
    };
    Host {
        hosted_in: located.hosted_in,
        country: located.country.map(|country| country.to_string()),
        ip: located.ip,
        asn: located.asn,
        provider: placed.provider.as_ref().map(|provider| provider.id),
        contact: placed
            .contact
            .as_ref()
            .map(|contact| (contact.id, standing(contact.state))),
        at: located.at,
    }
}
