//! The visitor: looks at wanted addresses and stores what was found.
//!
//! Lease → look (in a box without keys) → seal the objects → settle everything in one transaction.
//! A visitor that dies in the middle loses its lease; what it had sealed is then never named by a
//! record and is swept up, and the address is looked at again.

mod found;
mod kept;
mod line;
mod record;
mod wishes;

use capture::rules::{Next, VisitState, after_failure};
use capture::store::{Ended, VISITS};
use capture::{Captured, Cause, Visited};
use ground::clock::MINUTE_MS;
use ground::lease::Lease;
use ground::{Act, AddressId, Fact, VisitId};
use vault::{Owner, Place, Sealer};

pub(crate) use found::{At, BY_HAND, Found, NO_ADDRESS};
use record::Record;
pub(crate) use record::word;

use crate::likeness::Recent;
use crate::{Casework, WorkError};

/// The name under which visits stand in the ledger.
const VISITOR: &str = "visitor";
/// How long a visit is leased for beyond its deadline: sealing takes time.
const MARGIN_MS: i64 = 2 * MINUTE_MS;

impl Casework {
    /// Makes one wanted visit; false when none is due, no host may be asked now, or our own line
    /// does not pass its test.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail; the lease then lapses by itself.
    pub async fn visit_one(&self) -> Result<bool, WorkError> {
        let lease_ms = i64::try_from(self.visitor.deadline.as_millis()).unwrap_or(MINUTE_MS);
        if !self.may_visit().await? {
            return Ok(false);
        }
        let taken = capture::order::take(
            &self.db,
            &self.chance,
            self.clock.now(),
            lease_ms + MARGIN_MS,
            self.settings.politeness,
        )
        .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: VisitId = lease.id.parse().map_err(WorkError::unreadable)?;
        let row = capture::store::visit(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let address = self.address_text(row.address_id).await?;
        match capture::visit(&self.visitor, &self.guard, &self.clock, address.url()).await {
            Ok(visited) => match visited.outcome.clone() {
                Captured::Yes => self.captured(&lease, id, row.address_id, &visited).await?,
                Captured::No(cause) => {
                    self.not_captured(&lease, id, row.address_id, &cause, Some(&visited))
                        .await?;
                }
            },
            Err(fault) => {
                let cause = Cause::VisitorFailed(fault.to_string());
                self.not_captured(&lease, id, row.address_id, &cause, None)
                    .await?;
            }
        }
        Ok(true)
    }

    async fn not_captured(
        &self,
        lease: &Lease,
        id: VisitId,
        address: AddressId,
        cause: &Cause,
        visited: Option<&Visited>,
    ) -> Result<(), WorkError> {
        if self
            .line_failed(lease, (id, address), cause, visited)
            .await?
        {
            return Ok(());
        }
        let now = self.clock.now();
        let key = cause.key();
        match after_failure(cause, lease.attempts, self.settings.patience, &self.chance) {
            Next::Again { wait_ms } => {
                let tx = self
                    .db
                    .act(&Act::by_worker(VISITOR, now), "put a visit off")
                    .await?;
                if !VISITS.put_off(&tx, lease, now.plus_ms(wait_ms)).await? {
                    return Ok(());
                }
                capture::store::note_cause(&tx, id, key).await?;
                let fact = Fact::VisitPutOff {
                    address,
                    cause: key.into(),
                    attempt: lease.attempts,
                };
                tx.record(id, &fact);
                tx.commit().await?;
            }
            Next::GiveUp => self.give_up(lease, (id, address), cause, visited).await?,
        }
        self.bell.ring();
        Ok(())
    }

    async fn give_up(
        &self,
        lease: &Lease,
        (id, address): (VisitId, AddressId),
        cause: &Cause,
        visited: Option<&Visited>,
    ) -> Result<(), WorkError> {
        let key = cause.key();
        let now = self.clock.now();
        let sealer = self.vault.ready(&self.db, Owner::Address(address)).await?;
        let mut ended = self.ended(&sealer, id, visited).await?;
        let evidence = match visited {
            Some(visited) => Some(self.seal_evidence(&sealer, id, address, visited).await?),
            None => None,
        };
        ended.state = VisitState::NotCaptured;
        ended.cause = Some(match cause {
            Cause::HttpStatus(status) => format!("{key} {status}"),
            _ => key.to_owned(),
        });
        let tx = self
            .db
            .act(&Act::by_worker(VISITOR, now), "give a visit up")
            .await?;
        if !VISITS.settle(&tx, lease).await? {
            return Ok(());
        }
        capture::store::end(&tx, id, &ended).await?;
        if let Some(evidence) = &evidence {
            self.keep_evidence(&tx, evidence).await?;
        }
        let cause = ended.cause.clone();
        let fact = Fact::VisitEnded {
            address,
            captured: false,
            cause,
            items: 0,
            set_apart: 0,
        };
        tx.record(id, &fact);
        self.rank_naming(&tx, address).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn captured(
        &self,
        lease: &Lease,
        id: VisitId,
        address: AddressId,
        visited: &Visited,
    ) -> Result<(), WorkError> {
        let sealer = self.vault.ready(&self.db, Owner::Address(address)).await?;
        let ended = self.ended(&sealer, id, Some(visited)).await?;
        let kept = self.keep_all(&visited.pictures).await?;
        let evidence = self.seal_evidence(&sealer, id, address, visited).await?;
        // From here on no list is looked for among what is known, until this visit is durable.
        let mut live = self.live().await?;
        self.refresh_lists().await?;
        let mut recent = Recent::default();
        let now = self.clock.now();
        let tx = self
            .db
            .act(&Act::by_worker(VISITOR, now), "settle a visit")
            .await?;
        if !VISITS.settle(&tx, lease).await? {
            drop(tx);
            self.sweep_evidence(&evidence).await?;
            return self.sweep(kept.into_iter().filter(|kept| kept.fresh)).await;
        }
        let items = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        let small = kept.iter().filter(|kept| kept.picture.small).count();
        let set_apart = u32::try_from(small).unwrap_or(u32::MAX);
        let at = At {
            found: Found::ByVisit(id),
            address,
            sealer: &sealer,
        };
        let doubled = self.put_all(&tx, at, &live, &mut recent, kept).await?;
        capture::store::end(&tx, id, &ended).await?;
        self.keep_evidence(&tx, &evidence).await?;
        let fact = Fact::VisitEnded {
            address,
            captured: true,
            cause: None,
            items,
            set_apart,
        };
        tx.record(id, &fact);
        self.rank_naming(&tx, address).await?;
        tx.commit().await?;
        live.admit(recent);
        drop(live);
        self.confirm_by_itself_at(address).await?;
        self.bell.ring();
        self.sweep(doubled.into_iter()).await
    }

    async fn ended(
        &self,
        sealer: &Sealer,
        id: VisitId,
        visited: Option<&Visited>,
    ) -> Result<Ended, WorkError> {
        let screenshot = match visited.and_then(|visited| visited.screenshot.as_deref()) {
            Some(png) => Some(sealer.put(png).await?.as_str().to_owned()),
            None => None,
        };
        let record = match visited {
            Some(visited) => {
                let plain = serde_json::to_vec(&Record::of(visited)).map_err(WorkError::json)?;
                Some(sealer.seal(&Place::new("visit.record", id), &plain)?)
            }
            None => None,
        };
        Ok(Ended {
            state: VisitState::Captured,
            cause: None,
            via: visited
                .and_then(|visited| visited.via)
                .map(|via| word(&via))
                .transpose()?,
            status: visited.and_then(|visited| visited.status).map(i64::from),
            ip: visited.and_then(Visited::server).map(|ip| ip.to_string()),
            record,
            screenshot,
            at: self.clock.now(),
        })
    }
}
