//! The checker: asks for an item's own address and takes in what came back.
//!
//! Many are looked at side by side, and what has come back by a moment is settled together, in one
//! transaction: a look costs a few statements for all of them. While our own line is not proven to work
//! nothing is asked at all, for nothing could be concluded (law 6).

use egress::{FetchError, Fetched, Over, Request};
use ground::clock::MINUTE_MS;
use ground::lease::Lease;
use ground::{Act, Instant, TakedownId};
use takedown::{CHECKS, Watch};
use tokio::task::JoinSet;

use crate::{Casework, WorkError};

mod embedded;
mod settle;
mod target;

use target::Target;

/// The name under which checks stand in the ledger.
const CHECKER: &str = "checker";
/// How long a check is leased for, ms.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// Most bytes of an answer that are compared; more is cut and cannot be compared.
const MOST_BYTES: usize = 64 << 20;
/// Of these, how many are held in memory: many answers are compared at once. A page is larger only
/// by what lies in it.
const KEPT_BYTES: usize = 8 << 20;
/// So many looks are begun before the worker asks whether it is to stop.
const ROUND: usize = 1_000;
/// Most looks settled in one transaction.
const TOGETHER: usize = 256;

/// One look, and what came of it; no answer where nothing may be asked for.
struct Looked {
    lease: Lease,
    target: Target,
    answer: Option<Result<Fetched, FetchError>>,
}

impl Casework {
    /// Checks the items that are due, as many at once as the settings say; false when none is, or when
    /// our own line is not to be believed.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail; the leases then lapse by themselves.
    pub async fn check_due(&self) -> Result<bool, WorkError> {
        if !CHECKS.is_due(&self.db, self.clock.now()).await?
            || !self.canary_sings(Instant::from_ms(0)).await?
        {
            return Ok(false);
        }
        let at_once = usize::try_from(self.settings.checks_at_once.max(1)).unwrap_or(1);
        let (mut under_way, mut begun) = (JoinSet::new(), 0);
        loop {
            if begun < ROUND && under_way.len() <= at_once / 2 {
                for target in self.take_checks(at_once - under_way.len()).await? {
                    begun += 1;
                    under_way.spawn(self.clone().look(target));
                }
            }
            let Some(first) = under_way.join_next().await else {
                return Ok(begun > 0);
            };
            // A look that broke off is done again when its lease lapses.
            let mut looked: Vec<Looked> = first.into_iter().collect();
            while looked.len() < TOGETHER
                && let Some(more) = under_way.try_join_next()
            {
                looked.extend(more);
            }
            self.take_in(looked).await?;
        }
    }

    async fn take_checks(&self, most: usize) -> Result<Vec<(Lease, Target)>, WorkError> {
        let now = self.clock.now();
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let leases = CHECKS
            .take_some(&self.db, &self.chance, now, LEASE_MS, most)
            .await?;
        self.targets(leases).await
    }

    async fn look(self, (lease, target): (Lease, Target)) -> Looked {
        let answer = match &target.address {
            Some(address) => {
                let request = Request::get(address.url().clone())
                    .at_most(MOST_BYTES, Over::Cut)
                    .keep(KEPT_BYTES);
                Some(self.web.fetch(request).await)
            }
            None => None,
        };
        Looked {
            lease,
            target,
            answer,
        }
    }

    /// Looks now at an item whose provider says that it is gone, or that was seen again.
    ///
    /// # Errors
    /// [`WorkError`] when it is not watched any more or the records fail.
    pub async fn look_now(&self, act: &Act, id: TakedownId) -> Result<(), WorkError> {
        let watch: Watch = takedown::load_watch(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let watch = watch.look_now(act.at)?;
        let tx = self.db.act(act, "look now").await?;
        takedown::save_watch(&tx, &watch, &[ground::Fact::CheckWanted]).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }
}
