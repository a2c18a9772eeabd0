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
    /// Whether our way out works. Asked anew when the last answer is older than the setting says, or
    /// from before `since`: a line that broke after it would turn our own failure into somebody's
    /// absence. A change is recorded.
    pub(crate) async fn canary_sings(&self, since: Instant) -> Result<bool, WorkError> {
        // Held while asking, so that many checkers at once ask once.
        let mut last = self.0.canary.0.lock().await;
        let now = self.clock.now();
        if let Some((at, healthy)) = *last
            && at >= since
            && now.since_ms(at) < self.settings.canary_ms
        {
            return Ok(healthy);
        }
        let request = Request::get(self.settings.canary.url().clone());
        // A portal or a filter on our line answers 200 as well, with words of its own.
        let text = self.settings.canary_text.as_bytes();
        let healthy = matches!(self.web.fetch(request).await,
            Ok(answer) if answer.status == 200 && contains(&answer.body, text));
        let before = match *last {
            Some((_, healthy)) => Some(healthy),
            // What was recorded before this process began stands until it changes.
            None => self.line_test().await?.map(|test| test.works),
        };
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

fn contains(body: &[u8], text: &[u8]) -> bool {
    text.is_empty() || body.windows(text.len()).any(|part| part == text)
}

#[cfg(test)]
mod tests {
    use ground::clock::SECOND_MS;
    use ground::{TestClock, both_engines};
    use vault::{HotlineKeys, Objects, Vault};

    use super::*;

    both_engines! {
        async fn what_the_canary_said_before_a_look_is_not_believed_of_it(db: Db) {
            let start = Instant::from_ms(1_790_000_000_000);
            let clock = TestClock::at(start);
            let vault = Vault::new(HotlineKeys::from_seed(&[4; 32]), Objects::in_memory(),
                clock.clock(), ground::Chance::seeded(1));
            let work = crate::testing::idle(db, vault, clock.clock())?;
            *work.0.canary.0.lock().await = Some((start, true));
            clock.advance_ms(SECOND_MS);
            assert!(work.canary_sings(start).await?, "said lately, and nothing hangs on it");
            // Here every look leads nowhere: the line was cut in that second.
            assert!(!work.canary_sings(clock.clock().now()).await?);
        }
    }
}
