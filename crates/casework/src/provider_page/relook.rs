//! "We are not the host": the registries are asked again, and whoever they name now is told instead.

use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::lease::{Lease, back_off_ms};
use ground::{Act, ResponseId};
use provider::{Located, Question};
use takedown::{RESPONSES, Response, Stage, Takedown};

use crate::{Casework, WorkError, locate};

/// The name under which this stands in the ledger.
const RELOOKER: &str = "responses";
/// How long a look-up is leased for, ms.
const LEASE_MS: i64 = 3 * MINUTE_MS;

impl Casework {
    /// Finds out anew who hosts one item whose provider says that it does not; false when none waits.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail; the lease then lapses by itself.
    pub async fn relook_one(&self) -> Result<bool, WorkError> {
        let now = self.clock.now();
        let taken = RESPONSES
            .take(&self.db, &self.chance, now, LEASE_MS)
            .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: ResponseId = lease.id.parse().map_err(WorkError::unreadable)?;
        let response = takedown::response(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let about = takedown::load(&self.db, response.takedown_id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let still_theirs =
            about.stage == Stage::Told && about.contact_id == Some(response.contact_id);
        if !still_theirs {
            // It went on by itself in the meantime, to another host or to its end.
            self.settle_relook(&lease, response, None, true).await?;
            return Ok(true);
        }
        let question = Question {
            // Where the name leads now counts, not where it led when the item was seen.
            seen_at: None,
            afresh: true,
            make_do: lease.attempts >= locate::MAKE_DO_FROM,
        };
        match self.who_hosts(&about, question).await? {
            Ok(located) => self.relooked(&lease, response, about, &located).await?,
            Err(_) => {
                let first = self.settings.relocate_ms;
                let wait = back_off_ms(lease.attempts, first, HOUR_MS, &self.chance);
                let tx = self.db.upkeep("put a provider's response off").await?;
                RESPONSES
                    .put_off(&tx, &lease, self.clock.now().plus_ms(wait))
                    .await?;
                tx.commit().await?;
            }
        }
        self.bell.ring();
        Ok(true)
    }

    pub(super) async fn relooked(
        &self,
        lease: &Lease,
        response: Response,
        about: Takedown,
        located: &Located,
    ) -> Result<(), WorkError> {
        // The provider is known by its key whether or not its row is made yet.
        let before = match about.provider_id {
            Some(id) => provider::provider(&self.db, id)
                .await?
                .map(|known| known.key),
            None => None,
        };
        let names = located.provider_key();
        let elsewhere = names.is_some() && names != before;
        let moved = elsewhere.then_some((about, located));
        self.settle_relook(lease, response, moved, elsewhere).await
    }

    async fn settle_relook(
        &self,
        lease: &Lease,
        response: Response,
        moved: Option<(Takedown, &Located)>,
        elsewhere: bool,
    ) -> Result<(), WorkError> {
        let now = self.clock.now();
        let act = Act::by_worker(RELOOKER, now);
        let tx = self.db.act(&act, "settle a provider's response").await?;
        if !RESPONSES.settle(&tx, lease).await? {
            return Ok(());
        }
        let (settled, fact) = response
            .relocated(elsewhere, now)
            .map_err(WorkError::refused)?;
        takedown::save_response(&tx, &settled, &fact).await?;
        if let Some((about, located)) = moved {
            let placed = provider::place(&tx, located, &self.chance, now).await?;
            let (away, mut facts) = about.moved(now)?;
            let (next, more) = away.located(&locate::host(located, &placed))?;
            facts.extend(more);
            takedown::save(&tx, &next, &facts).await?;
            self.refresh_answers(&tx, next.address_id).await?;
        }
        Ok(tx.commit().await?)
    }
}
