//! The breaker: while our own line does not pass its test, no visit begins, and what failed meanwhile
//! says nothing about an address (law 6).

use capture::store::VISITS;
use capture::{Cause, Visited};
use ground::lease::Lease;
use ground::{Act, AddressId, Fact, Instant, VisitId};

use super::VISITOR;
use crate::{Casework, WorkError};

/// Whether the failure of our own line would look like this.
const fn may_be_the_line(cause: &Cause) -> bool {
    match cause {
        Cause::TimedOut
        | Cause::NameNotFound
        | Cause::OurNameService
        | Cause::OurWayOut
        | Cause::ConnectionFailed
        | Cause::TlsFailed
        | Cause::TooManyRedirects
        // A portal on our own line answers for every host.
        | Cause::HttpStatus(_)
        | Cause::NothingThere => true,
        Cause::RefusedByPolicy
        | Cause::NotAPage(_)
        | Cause::BrowserFailed(_)
        | Cause::VisitorFailed(_) => false,
    }
}

impl Casework {
    /// Whether a visit is due and our line works. While nothing is due, nothing is asked.
    pub(super) async fn may_visit(&self) -> Result<bool, WorkError> {
        if !VISITS.is_due(&self.db, self.clock.now()).await? {
            return Ok(false);
        }
        self.canary_sings(Instant::from_ms(0)).await
    }

    /// Whether a visit failed while our own line did: then it is put off, and the attempt does not
    /// count.
    pub(super) async fn line_failed(
        &self,
        lease: &Lease,
        (id, address): (VisitId, AddressId),
        cause: &Cause,
        visited: Option<&Visited>,
    ) -> Result<bool, WorkError> {
        let Some(visited) = visited.filter(|_| may_be_the_line(cause)) else {
            return Ok(false);
        };
        if self.canary_sings(visited.started_at).await? {
            return Ok(false);
        }
        let now = self.clock.now();
        let act = Act::by_worker(VISITOR, now);
        let tx = self
            .db
            .act(&act, "put a visit off while our line fails")
            .await?;
        capture::order::not_counted(&tx, lease).await?;
        let until = now.plus_ms(self.settings.canary_ms);
        if !VISITS.put_off(&tx, lease, until).await? {
            return Ok(true);
        }
        let cause = Cause::OurWayOut.key();
        capture::store::note_cause(&tx, id, cause).await?;
        let fact = Fact::VisitPutOff {
            address,
            cause: cause.into(),
            attempt: lease.attempts,
        };
        tx.record(id, &fact);
        tx.commit().await?;
        Ok(true)
    }
}
