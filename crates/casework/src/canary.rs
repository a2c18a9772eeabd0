//! The canary: an address of our own that always answers. While it does not, our line is not to be
//! believed, and nothing is concluded about anybody else's (law 6, regression (b)).

use egress::Request;
use ground::{Act, Fact, Instant};
use tokio::sync::Mutex;

use crate::{Casework, WorkError};

/// What the canary said last, and when.
#[derive(Default)]
pub struct Canary(Mutex<Option<(Instant, bool)>>);

/// The subject under which the canary stands in the ledger.
const SITE: &str = "site";

impl Casework {
    /// Whether our way out works now. Asked anew when the last answer is older than the setting
    /// says; a change is recorded.
    pub(crate) async fn canary_sings(&self) -> Result<bool, WorkError> {
        // Held while asking, so that many checkers at once ask once.
        let mut last = self.0.canary.0.lock().await;
        let now = self.clock.now();
        if let Some((at, healthy)) = *last
            && now.since_ms(at) < self.settings.canary_ms
        {
            return Ok(healthy);
        }
        let request = Request::get(self.settings.canary.url().clone());
        let healthy = matches!(self.web.fetch(request).await, Ok(answer) if answer.status == 200);
        let before = last.map(|(_, healthy)| healthy);
        if before != Some(healthy) && (before.is_some() || !healthy) {
            let tx = self
                .db
                .act(&Act::by_worker("checker", now), "note the canary")
                .await?;
            tx.record(SITE, &Fact::Canary { healthy });
            tx.commit().await?;
        }
        *last = Some((now, healthy));
        Ok(healthy)
    }

    /// What the canary said last; none when it was not asked yet.
    pub async fn canary_said(&self) -> Option<bool> {
        self.0.canary.0.lock().await.map(|(_, healthy)| healthy)
    }
}
