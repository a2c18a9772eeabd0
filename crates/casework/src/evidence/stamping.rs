//! Has manifests stamped with a time by an authority (RFC 3161), through the way out.

use egress::Request;
use egress::header::HeaderValue;
use evidence::stamp::{self, QUERY_TYPE, StampFault, Stamped};
use evidence::store::STAMPS;
use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::lease::back_off_ms;
use ground::{Act, EvidenceFact, Fact, VisitId};
use url::Url;

use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const STAMPER: &str = "stamper";
/// How long one stamp is leased for.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// How soon it is asked for again, and how late at most.
const FIRST_MS: i64 = 5 * MINUTE_MS;
const MOST_MS: i64 = 6 * HOUR_MS;
/// After so many attempts it is given up, in the ledger: about a week.
const TRIES: u32 = 32;
/// The largest answer of an authority.
const ANSWER_MAX: usize = 256 << 10;

impl Casework {
    /// Has one manifest stamped; false when none waits or there is no authority.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub async fn stamp_one(&self) -> Result<bool, WorkError> {
        let Some(authority) = &self.settings.time_stamps else {
            return Ok(false);
        };
        let now = self.clock.now();
        let taken = STAMPS.take(&self.db, &self.chance, now, LEASE_MS).await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: VisitId = lease.id.parse().map_err(WorkError::unreadable)?;
        let row = evidence::store::of_visit(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let digest: [u8; 32] = row
            .digest
            .as_slice()
            .try_into()
            .map_err(WorkError::unreadable)?;
        let asked = self.ask(authority.clone(), digest).await;
        let now = self.clock.now();
        let act = Act::by_worker(STAMPER, now);
        match asked {
            Ok((token, stamped)) => {
                let tx = self.db.act(&act, "keep a time stamp").await?;
                if !STAMPS.settle(&tx, &lease).await? {
                    return Ok(true);
                }
                evidence::store::keep_stamp(&tx, id, &token, stamped.at).await?;
                tx.record(
                    id,
                    &Fact::Evidence(EvidenceFact::EvidenceStamped { at: stamped.at }),
                );
                tx.commit().await?;
            }
            Err(cause) if lease.attempts >= TRIES => {
                let tx = self.db.act(&act, "give a time stamp up").await?;
                if !STAMPS.settle(&tx, &lease).await? {
                    return Ok(true);
                }
                evidence::store::give_up_stamp(&tx, id).await?;
                tx.record(
                    id,
                    &Fact::Evidence(EvidenceFact::EvidenceNotStamped { cause }),
                );
                tx.commit().await?;
            }
            Err(cause) => {
                tracing::warn!(
                    cause,
                    "a time stamp was not given and will be asked for again"
                );
                let wait = back_off_ms(lease.attempts, FIRST_MS, MOST_MS, &self.chance);
                let tx = self.db.upkeep("put a time stamp off").await?;
                STAMPS.put_off(&tx, &lease, now.plus_ms(wait)).await?;
                tx.commit().await?;
            }
        }
        Ok(true)
    }

    /// Asks the authority. What it says is kept out of the ledger but for its kind.
    async fn ask(&self, authority: Url, digest: [u8; 32]) -> Result<(Vec<u8>, Stamped), String> {
        let question = stamp::question(digest, &self.chance);
        let media_type = HeaderValue::from_static(QUERY_TYPE);
        let request = Request::post(authority, media_type, question.bytes.clone())
            .at_most(ANSWER_MAX, egress::Over::Fail);
        let answer = self
            .web
            .fetch(request)
            .await
            .map_err(|fault| fault.to_string())?;
        if answer.status != 200 {
            return Err(format!(
                "the authority answered with status {}",
                answer.status
            ));
        }
        question
            .answered(&answer.body)
            .map_err(|fault: StampFault| fault.to_string())
    }
}
