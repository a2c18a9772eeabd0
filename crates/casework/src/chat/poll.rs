//! Fetches what people wrote on Telegram, where no webhook is wanted.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chat::telegram::{UPDATES, divide};
use egress::{Over, Request};
use ground::Platform;
use serde_json::json;

use crate::{Casework, WorkError};

/// How long the platform waits for something to come, seconds.
const WAIT_SECONDS: u64 = 20;
/// Largest answer, in bytes: a hundred updates.
const MOST_BYTES: usize = 8 << 20;

impl Casework {
    /// Fetches updates and leaves them sealed in the letterbox; false when nothing came.
    ///
    /// Fetching the next ones is what acknowledges these, so that they are stored by then. After a
    /// restart some are fetched again, and are known by their keys.
    ///
    /// # Errors
    /// [`WorkError`] when the platform or the letterbox fails.
    pub async fn fetch_updates(&self) -> Result<bool, WorkError> {
        let Some(working) = self.working() else {
            return Ok(false);
        };
        let Some(telegram) = working.line.telegram.as_ref().filter(|line| line.poll) else {
            return Ok(false);
        };
        let to = telegram
            .api
            .join(&format!("./bot{}/getUpdates", *telegram.token));
        let to =
            to.map_err(|_| WorkError::Refused("the address of the Bot API cannot be used".into()))?;
        let asked = json!({
            "offset": working.next_update.load(Ordering::Relaxed),
            "limit": 100,
            "timeout": WAIT_SECONDS,
            "allowed_updates": UPDATES,
        });
        let request = Request::post_json(to, asked.to_string())
            .within(Duration::from_secs(WAIT_SECONDS + 15))
            .silence(Duration::from_secs(WAIT_SECONDS + 10))
            .at_most(MOST_BYTES, Over::Fail);
        // Its words are not passed on: they may hold the address, and with it the token.
        let failed =
            |what: &str| WorkError::Refused(format!("fetching from the Bot API failed: {what}"));
        let answer = working.line.web.fetch(request).await;
        let answer = answer.map_err(|_| failed("it was not reached"))?;
        if answer.status != 200 {
            return Err(failed(&format!("it answered {}", answer.status)));
        }
        let (updates, highest) =
            divide(&answer.body).map_err(|_| failed("it answered no updates"))?;
        for update in &updates {
            let stored = working.line.inlet.take(Platform::Telegram, update).await;
            stored.map_err(WorkError::refused)?;
        }
        if let Some(highest) = highest {
            working
                .next_update
                .store(highest.saturating_add(1), Ordering::Relaxed);
            self.bell.ring();
        }
        Ok(!updates.is_empty())
    }
}
