//! The collector: opens letters and makes reports of them.

use std::sync::atomic::{AtomicI64, Ordering};

use data_encoding::BASE64;
use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::{Act, Instant};
use letterbox::{CollectError, Opened};
use report::Receiving;
use serde::{Deserialize, Serialize};

use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const COLLECTOR: &str = "collector";

/// When the next round of collecting begins, in ms since 1970 UTC.
#[derive(Default)]
pub struct Round(AtomicI64);

impl Casework {
    /// Opens one letter and makes its report; false when there is none.
    ///
    /// The letter is burnt only after its report is durable. Should the program die between the
    /// two, the letter is opened again, and the report, which remembers its letter, is found made.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail; the letter stays.
    pub async fn collect_one(&self) -> Result<bool, WorkError> {
        let now = self.clock.now();
        if now.ms() < self.0.round.0.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let Some(lease) = self.collector.take(now, 2 * MINUTE_MS).await? else {
            // The round is over; when the next one begins is nobody's guess.
            let within = u64::try_from(self.settings.collect_within_ms).unwrap_or(0);
            let wait = i64::try_from(self.chance.below(within)).unwrap_or(0);
            self.0
                .round
                .0
                .store(now.plus_ms(wait).ms(), Ordering::Relaxed);
            return Ok(false);
        };
        let opened = match self
            .collector
            .open(&lease, self.vault.keys().intake())
            .await
        {
            Ok(opened) => opened,
            Err(CollectError::NotOurs) => {
                // Kept, never thrown away: another key may open it. `doctor` counts these.
                tracing::error!("a letter does not open with this hotline's key and is kept aside");
                self.collector.put_off(&lease, next_try(now)).await?;
                return Ok(true);
            }
            Err(fault) => return Err(fault.into()),
        };
        self.receive(&opened).await?;
        self.collector.burn(&lease).await?;
        self.bell.ring();
        Ok(true)
    }

    async fn receive(&self, opened: &Opened) -> Result<(), WorkError> {
        // The line carries the hour of the letter, not the moment of its opening (IN-9).
        let act = Act::by_worker(COLLECTOR, opened.received_hour);
        let tx = self.db.act(&act, "receive a report").await?;
        let receiving = receiving(opened)?;
        let received = report::receive(&tx, &self.vault, &self.chance, &receiving).await?;
        if received.again {
            return Ok(());
        }
        for sighted in &received.addresses {
            self.reported(&tx, sighted.id, opened.received_hour).await?;
            self.rank_naming(&tx, sighted.id).await?;
        }
        self.rank_received(&tx, received.report).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// When a letter that does not open is tried again: at a full hour, since the time of this attempt
/// would tell when the letter came (law 2).
const fn next_try(now: Instant) -> Instant {
    now.plus_ms(2 * HOUR_MS).start_of_hour()
}

/// Where the answer to a receipt goes, and its key; sealed with the report.
#[derive(Serialize, Deserialize)]
pub(crate) struct Mailbox {
    pub lookup: String,
    pub answer_key: String,
}

fn receiving(opened: &Opened) -> Result<Receiving, WorkError> {
    let letter = &opened.letter;
    let mailbox = Mailbox {
        lookup: BASE64.encode(&opened.lookup),
        answer_key: BASE64.encode(&opened.answer_key),
    };
    Ok(Receiving {
        letter: opened.id,
        channel: letter.channel,
        origin: letter.origin,
        language: letter.language.clone(),
        received_hour: opened.received_hour,
        addresses: letter
            .addresses
            .iter()
            .map(|named| (named.typed.clone(), named.address.clone()))
            .collect(),
        seen_where: letter.seen_where.clone(),
        words: letter.words.clone(),
        reach: letter.reach.clone(),
        mailbox: Some(serde_json::to_vec(&mailbox).map_err(WorkError::json)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_does_not_open_tells_no_more_than_an_hour() {
        let now = Instant::from_ms(1_790_000_123_456);
        let next = next_try(now);
        assert_eq!(next.ms() % HOUR_MS, 0);
        assert!(next.since_ms(now) > HOUR_MS && next.since_ms(now) <= 2 * HOUR_MS);
    }
}
