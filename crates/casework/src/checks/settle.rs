//! Taking in what came back: the watch moves on, the evidence is kept, and a change of host is noticed.

use std::net::IpAddr;

use ground::{Act, CheckId, Instant, Observation, TakedownId};
use provider::Question;
use takedown::{Conclusion, Observed, Refused, Seen, Settled, Stage, StoreFault, Takedown};

use super::{CHECKER, Looked};
use crate::{Casework, WorkError};

/// What is to be written of one look.
struct Taken {
    settled: Settled,
    observed: Observed,
    conclusion: Conclusion,
    takedown: Takedown,
}

impl Casework {
    /// Takes in what came back; what cannot be settled together is settled one by one, so that one
    /// look that was overtaken does not undo the others.
    pub(super) async fn take_in(&self, looked: Vec<Looked>) -> Result<(), WorkError> {
        let all: Vec<&Looked> = looked.iter().collect();
        match self.settle_checks(&all).await {
            Ok(()) => {}
            Err(fault) if all.len() == 1 => return overtaken(fault),
            Err(_) => {
                for one in &all {
                    self.settle_checks(&[one]).await.or_else(overtaken)?;
                }
            }
        }
        for one in &looked {
            if let Err(fault) = self.host_may_have_changed(one).await {
                tracing::warn!(%fault, "a change of host was not settled; the next check tries again");
            }
        }
        Ok(())
    }

    async fn settle_checks(&self, looked: &[&Looked]) -> Result<(), WorkError> {
        let now = self.clock.now();
        let read = |one: &&Looked| one.target.read(one.answer.as_ref());
        let readings: Vec<_> = looked.iter().map(read).collect();
        // An absence counts only when our line is proven after it; for the rest a late answer will do.
        let absent = |read: &(takedown::Reading, _)| read.0.observation == Observation::Absent;
        let since = if readings.iter().any(absent) {
            now
        } else {
            Instant::from_ms(0)
        };
        let canary_healthy = self.canary_sings(since).await?;
        let ids: Vec<_> = looked.iter().map(|one| one.target.takedown.id).collect();
        let mut watches = takedown::load_watches(&self.db, &ids).await?;
        let mut taken = Vec::with_capacity(looked.len());
        for (one, (reading, sha256)) in looked.iter().zip(readings) {
            let takedown = &one.target.takedown;
            let seen = Seen {
                observation: reading.observation,
                at: now,
                canary_healthy,
            };
            let watch = watches.remove(&takedown.id).ok_or(WorkError::Vanished)?;
            let observed = self.evidence(one, seen, reading.why, sha256);
            match watch.observe(seen, takedown, &self.settings.pace) {
                Ok((watch, conclusion, facts)) => taken.push(Taken {
                    settled: Settled {
                        watch,
                        facts,
                        token: one.lease.token,
                    },
                    observed,
                    conclusion,
                    takedown: takedown.clone(),
                }),
                // A human ended it while it was looked at: nothing is to be written any more.
                Err(Refused::Closed) => {}
                Err(refused) => return Err(refused.into()),
            }
        }
        self.write(taken, now).await
    }

    fn evidence(
        &self,
        one: &Looked,
        seen: Seen,
        why: takedown::Why,
        sha256: Option<String>,
    ) -> Observed {
        let fetched = one.answer.as_ref().and_then(|answer| answer.as_ref().ok());
        Observed {
            id: CheckId::fresh(&self.chance),
            takedown_id: one.target.takedown.id,
            at_ms: seen.at,
            observation: seen.believed(),
            status: fetched.map(|fetched| i64::from(fetched.status)),
            ip: fetched.map(|fetched| fetched.ip.to_string()),
            sha256,
            detail: Some(why.to_string()),
        }
    }

    async fn write(&self, taken: Vec<Taken>, now: Instant) -> Result<(), WorkError> {
        if taken.is_empty() {
            return Ok(());
        }
        let (mut settled, mut observed, mut concluded) = (Vec::new(), Vec::new(), Vec::new());
        for one in taken {
            if one.conclusion != Conclusion::Nothing {
                concluded.push((one.conclusion, one.takedown));
            }
            settled.push(one.settled);
            observed.push(one.observed);
        }
        let act = Act::by_worker(CHECKER, now);
        let tx = self.db.act(&act, "take in checks").await?;
        takedown::save_watches(&tx, &settled).await?;
        takedown::write_observations(&tx, &observed).await?;
        let mut rang = false;
        for (conclusion, takedown) in concluded {
            rang = true;
            let address = takedown.address_id;
            if conclusion == Conclusion::Reappeared {
                takedown::save(&tx, &takedown.reappeared(now)?, &[]).await?;
            }
            self.refresh_answers(&tx, address).await?;
        }
        tx.commit().await?;
        if rang {
            self.bell.ring();
        }
        Ok(())
    }

    /// The picture came from another address than before: when that is another provider's, the
    /// takedown begins its way there without losing a day.
    async fn host_may_have_changed(&self, one: &Looked) -> Result<(), WorkError> {
        let elsewhere = |ip: &IpAddr| is_elsewhere(&one.target.takedown, *ip);
        let Some(ip) = one.answered_from().filter(elsewhere) else {
            return Ok(());
        };
        let Some(takedown) = takedown::load(&self.db, one.target.takedown.id).await? else {
            return Ok(());
        };
        if !one.shows_it() || !is_elsewhere(&takedown, ip) {
            return Ok(());
        }
        let question = Question {
            seen_at: Some(ip),
            ..Question::default()
        };
        let Ok(located) = self.who_hosts(&takedown, question).await? else {
            return Ok(());
        };
        self.rehost(takedown.id, ip, &located).await
    }

    async fn rehost(
        &self,
        id: TakedownId,
        ip: IpAddr,
        located: &provider::Located,
    ) -> Result<(), WorkError> {
        let now = self.clock.now();
        let act = Act::by_worker(CHECKER, now);
        let tx = self.db.act(&act, "settle a change of host").await?;
        let Some(takedown) = takedown::load(&tx, id).await? else {
            return Ok(());
        };
        let placed = provider::place(&tx, located, &self.chance, now).await?;
        let same = placed.provider.as_ref().map(|p| p.id) == takedown.provider_id;
        let (next, facts) = if same {
            takedown.same_host(located.ip.unwrap_or(ip))?
        } else {
            let (moved, mut facts) = takedown.moved(now)?;
            let (next, more) = moved.located(&crate::locate::host(located, &placed))?;
            facts.extend(more);
            (next, facts)
        };
        takedown::save(&tx, &next, &facts).await?;
        self.refresh_answers(&tx, next.address_id).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }
}

impl Looked {
    fn answered_from(&self) -> Option<IpAddr> {
        Some(self.answer.as_ref()?.as_ref().ok()?.ip)
    }

    fn shows_it(&self) -> bool {
        self.target.read(self.answer.as_ref()).0.observation == Observation::Present
    }
}

/// Whether a picture that was shown from this address was found elsewhere before, or nowhere. What is held,
/// or whose host is being found out anyway, is not moved.
fn is_elsewhere(takedown: &Takedown, ip: IpAddr) -> bool {
    let settled = !matches!(
        takedown.stage,
        Stage::Locating | Stage::Held | Stage::HoldLapsed | Stage::Ended
    );
    let known = takedown.ip.as_ref().map(|known| known.parse::<IpAddr>());
    settled
        && known.map_or(takedown.stage == Stage::NotAttributable, |known| {
            known != Ok(ip)
        })
}

/// A look that was overtaken by a human or by another worker is no fault.
fn overtaken(fault: WorkError) -> Result<(), WorkError> {
    match fault {
        WorkError::Takedown(StoreFault::Stale) => Ok(()),
        other => Err(other),
    }
}
