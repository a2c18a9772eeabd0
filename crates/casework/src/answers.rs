//! The answers: what a receipt says follows from the facts, and is written to the letterbox.

use data_encoding::BASE64;
use ground::clock::MINUTE_MS;
use ground::{AddressId, ReportId, Tx};
use report::{ANSWERS, Answer, State};

use crate::collect::Mailbox;
use crate::{Casework, WorkError, read};

impl Casework {
    /// Writes one answer that is due; false when none is.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the letterbox fail.
    pub async fn answer_one(&self) -> Result<bool, WorkError> {
        let taken = ANSWERS
            .take(&self.db, &self.chance, self.clock.now(), MINUTE_MS)
            .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: ReportId = lease.id.parse().map_err(WorkError::unreadable)?;
        let due = report::answer_due(&self.db, &self.vault, id).await?;
        let said = match due {
            Some(due) => {
                let mailbox: Mailbox =
                    serde_json::from_slice(&due.mailbox).map_err(WorkError::json)?;
                let decoded = |text: &str| BASE64.decode(text.as_bytes());
                let lookup = decoded(&mailbox.lookup).map_err(WorkError::unreadable)?;
                let key = decoded(&mailbox.answer_key).map_err(WorkError::unreadable)?;
                self.collector
                    .answer(&lookup, &key, letterbox_answer(due.answer)?)
                    .await?;
                due.answer
            }
            // Nobody waits any more: what should be said counts as said.
            None => match report::find(&self.db, id).await? {
                Some(report) => report.answer,
                None => return Err(WorkError::Vanished),
            },
        };
        let tx = self.db.upkeep("note an answer").await?;
        if report::answered(&tx, &lease, said).await? {
            tx.commit().await?;
        }
        Ok(true)
    }

    /// Sets what the receipts of all reports that name an address should say.
    pub(crate) async fn refresh_answers(
        &self,
        tx: &Tx,
        address: AddressId,
    ) -> Result<(), WorkError> {
        for id in read::reports_naming(tx, address).await? {
            let Some(report) = report::find(tx, id).await? else {
                continue;
            };
            if !matches!(report.state, State::Closed { .. }) {
                continue;
            }
            let removals = read::removals(tx, id).await?;
            let answer = Answer::of(&report.state, removals, report.answer);
            report::set_answer(tx, id, answer).await?;
        }
        Ok(())
    }
}

/// The two crates spell the answers alike; neither knows the other.
fn letterbox_answer(answer: Answer) -> Result<letterbox::Answer, WorkError> {
    answer.as_str().parse().map_err(WorkError::unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_and_letterbox_spell_every_answer_alike() {
        for answer in Answer::ALL {
            assert_eq!(
                letterbox_answer(*answer).map(|a| a.as_str()).ok(),
                Some(answer.as_str())
            );
        }
    }
}
