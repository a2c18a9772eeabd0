//! Which visits are wanted because of a report.

use capture::Wish;
use capture::order::{last_look, want};
use ground::{AddressId, DbError, Instant, Tx, VisitId};

use crate::Casework;

impl Casework {
    /// Wants a visit of an address that a report names: one that was never looked at to the end, or
    /// whose last look is older than the rule says. However often it is reported in between, it is
    /// looked at once. `hour` is the one in which the letter was left.
    pub(crate) async fn reported(
        &self,
        tx: &Tx,
        address: AddressId,
        hour: Instant,
    ) -> Result<(), DbError> {
        let last = last_look(tx, address).await?;
        let wish = match last {
            None => Wish::First,
            Some(at) if self.clock.now().since_ms(at) >= self.settings.again_after_ms => {
                Wish::Again
            }
            Some(_) => return Ok(()),
        };
        want(tx, VisitId::fresh(&self.chance), address, wish, hour).await?;
        Ok(())
    }
}
