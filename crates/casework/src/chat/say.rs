//! Says what is to be said, once.

use std::time::Duration;

use chat::texts::{self, Came, TEXTS, Text, TextState};
use chat::{Outcome, store, telegram, whatsapp};
use egress::header::{AUTHORIZATION, HeaderValue};
use egress::{FetchError, Over, Request};
use ground::clock::{DAY_MS, MINUTE_MS, SECOND_MS};
use ground::lease::{Lease, back_off_ms};
use ground::{Act, Platform, UtteranceId};

use super::{CHAT, ChatLine};
use crate::{Casework, WorkError};

/// How long handing over is leased for, ms: longer than a platform is waited for.
const LEASE_MS: i64 = 5 * MINUTE_MS;
/// How long a platform is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often saying a text is tried, over about two days.
const TRIES: u32 = 60;
/// Largest answer that is read, in bytes.
const MOST_BYTES: usize = 64 * 1_024;

impl Casework {
    /// Says one text that is due; false when none is.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail; the lease then lapses by itself.
    pub async fn say_one(&self) -> Result<bool, WorkError> {
        let Some(line) = self.chat_line() else {
            return Ok(false);
        };
        let now = self.clock.now();
        let taken = TEXTS.take(&self.db, &self.chance, now, LEASE_MS).await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: UtteranceId = lease.id.parse().map_err(WorkError::unreadable)?;
        let text = texts::load(&self.db, &self.vault, id).await?;
        let conversation = store::load(&self.db, &self.vault, text.conversation).await?;
        let platform = conversation.platform;
        if text.state == TextState::Handing {
            // The program died between handing over and writing down what came of it.
            self.settle_text((&lease, &text), platform, Outcome::Unsure)
                .await?;
            return Ok(true);
        }
        let closed = conversation
            .kept
            .answer_until_ms
            .is_some_and(|until| now.ms() >= until);
        let request = request(line, platform, &conversation.reach, &text.text);
        let outcome = match request {
            _ if closed => Outcome::Never {
                why: "window-closed",
            },
            None => Outcome::Never { why: "no-line" },
            Some(request) => {
                let tx = self.db.upkeep("hand a text over").await?;
                if !texts::hand_over(&tx, &lease).await? {
                    return Ok(true);
                }
                tx.commit().await?;
                outcome(platform, line.web.fetch(request).await)
            }
        };
        self.settle_text((&lease, &text), platform, outcome).await?;
        Ok(true)
    }

    async fn settle_text(
        &self,
        (lease, text): (&Lease, &Text),
        platform: Platform,
        outcome: Outcome,
    ) -> Result<(), WorkError> {
        let now = self.clock.now();
        let came = match &outcome {
            Outcome::Sent { id } => Came::Sent(id),
            Outcome::Later { .. } if lease.attempts >= TRIES => Came::Never("given-up"),
            Outcome::Later { after_ms } => {
                let wait = back_off_ms(lease.attempts, 2 * SECOND_MS, 60 * MINUTE_MS, &self.chance);
                Came::Later(now.plus_ms(after_ms.unwrap_or(wait).clamp(0, DAY_MS)))
            }
            Outcome::Unsure => Came::Unsure,
            Outcome::Never { why } => Came::Never(why),
        };
        let tx = match came {
            Came::Sent(_) | Came::Later(_) => self.db.upkeep("settle a text").await?,
            Came::Unsure | Came::Never(_) => {
                let act = Act::by_worker(CHAT, now.start_of_hour());
                self.db.act(&act, "settle a text").await?
            }
        };
        texts::settle(&tx, &self.vault, (lease, text), platform, came).await?;
        Ok(tx.commit().await?)
    }
}

/// What is asked of the platform; none when the hotline does not speak there (any more).
fn request(line: &ChatLine, platform: Platform, reach: &str, text: &str) -> Option<Request> {
    let request = match platform {
        Platform::Whatsapp => {
            let speaks = line.whatsapp.as_ref()?;
            let to = speaks
                .api
                .join(&format!("{}/messages", speaks.number))
                .ok()?;
            let mut bearer = HeaderValue::from_str(&format!("Bearer {}", *speaks.token)).ok()?;
            bearer.set_sensitive(true);
            let body = whatsapp::sending(reach, text).ok()?;
            Request::post_json(to, body).header(AUTHORIZATION, bearer)
        }
        Platform::Telegram => {
            let speaks = line.telegram.as_ref()?;
            // A token holds a colon; without the dot what stands before it would be a scheme.
            let to = speaks
                .api
                .join(&format!("./bot{}/sendMessage", *speaks.token))
                .ok()?;
            Request::post_json(to, telegram::sending(reach, text))
        }
    };
    Some(request.within(PATIENCE).at_most(MOST_BYTES, Over::Cut))
}

/// What came of asking. Only where nothing can have been said it is said again.
fn outcome(platform: Platform, fetched: Result<egress::Fetched, FetchError>) -> Outcome {
    match fetched {
        Ok(answer) => match platform {
            Platform::Whatsapp => whatsapp::outcome(answer.status, &answer.body),
            Platform::Telegram => telegram::outcome(answer.status, &answer.body),
        },
        Err(
            FetchError::Dns(_)
            | FetchError::Refused(_)
            | FetchError::Connect(_)
            | FetchError::Exit(_)
            | FetchError::Tls(_),
        ) => Outcome::Later { after_ms: None },
        Err(FetchError::Timeout(egress::Stage::Securing)) => Outcome::Later { after_ms: None },
        Err(_) => Outcome::Unsure,
    }
}
