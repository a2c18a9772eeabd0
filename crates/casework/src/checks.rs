//! The checker: asks for an item's own address and takes in what came back.

use egress::{ConnectKind, DnsFault, FetchError, Fetched, Over, Request};
use ground::clock::MINUTE_MS;
use ground::lease::Lease;
use ground::{Act, CheckId, Instant, Observation, TakedownId, WebAddress};
use takedown::{
    Answer, CHECKS, Conclusion, Failure, Known, Observed, Reading, Seen, Takedown, Watch, looks_of,
    page_sign, read_answer,
};

use crate::{Casework, WorkError};

mod embedded;

/// The name under which checks stand in the ledger.
const CHECKER: &str = "checker";
/// How long a check is leased for, ms.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// Most bytes of an answer that are compared; more is cut and cannot be compared.
const MOST_BYTES: usize = 64 << 20;
/// Of these, how many are held in memory: many answers are compared at once. A page is larger only
/// by what lies in it.
const KEPT_BYTES: usize = 8 << 20;

impl Casework {
    /// Checks one item that is due; false when none is.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail; the lease then lapses by itself.
    pub async fn check_one(&self) -> Result<bool, WorkError> {
        let taken = CHECKS
            .take(&self.db, &self.chance, self.clock.now(), LEASE_MS)
            .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: TakedownId = lease.id.parse().map_err(WorkError::unreadable)?;
        let takedown = takedown::load(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let target = self.target_of(&takedown).await?;
        let answer = match &target.address {
            Some(address) => {
                let request = Request::get(address.url().clone())
                    .at_most(MOST_BYTES, Over::Cut)
                    .keep(KEPT_BYTES);
                Some(self.web.fetch(request).await)
            }
            None => None,
        };
        self.take_in(&lease, takedown, &target, answer).await?;
        Ok(true)
    }

    async fn take_in(
        &self,
        lease: &Lease,
        takedown: Takedown,
        target: &Target,
        answer: Option<Result<Fetched, FetchError>>,
    ) -> Result<(), WorkError> {
        let now = self.clock.now();
        let (reading, sha256) = target.read(answer.as_ref());
        // An absence counts only when our line is proven after it; for the rest a late answer will do.
        let since = match reading.observation {
            Observation::Absent => now,
            _ => Instant::from_ms(0),
        };
        let seen = Seen {
            observation: reading.observation,
            at: now,
            canary_healthy: self.canary_sings(since).await?,
        };
        let watch = takedown::load_watch(&self.db, takedown.id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let (watch, conclusion, facts) = watch.observe(seen, &takedown, &self.settings.pace)?;
        let fetched = answer.as_ref().and_then(|answer| answer.as_ref().ok());
        let observed = Observed {
            id: CheckId::fresh(&self.chance),
            takedown_id: takedown.id,
            at_ms: now,
            observation: seen.believed(),
            status: fetched.map(|fetched| i64::from(fetched.status)),
            ip: fetched.map(|fetched| fetched.ip.to_string()),
            sha256,
            detail: Some(reading.why.to_string()),
        };
        let tx = self
            .db
            .act(&Act::by_worker(CHECKER, now), "take in a check")
            .await?;
        if !CHECKS.settle(&tx, lease).await? {
            return Ok(());
        }
        takedown::write_observation(&tx, &observed).await?;
        takedown::save_watch(&tx, &watch, &facts).await?;
        if conclusion == Conclusion::Reappeared {
            let again = takedown.clone().reappeared(now)?;
            takedown::save(&tx, &again, &[]).await?;
        }
        if conclusion != Conclusion::Nothing {
            self.refresh_answers(&tx, takedown.address_id).await?;
        }
        tx.commit().await?;
        if conclusion != Conclusion::Nothing {
            self.bell.ring();
        }
        Ok(())
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

    async fn target_of(&self, takedown: &Takedown) -> Result<Target, WorkError> {
        let item = capture::store::item(&self.db, takedown.item_id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let content = capture::store::content(&self.db, takedown.content_id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let own = self.item_address(&item).await?;
        let is_picture = own.is_some();
        let (address, embedded) = match own {
            Some(own) => (own, false),
            None => {
                let own = self.item_text(&item).await?;
                let embedded = own.is_some_and(|text| embedded::is_data(&text));
                (self.address_text(takedown.address_id).await?, embedded)
            }
        };
        let address = (!address.is_onion()).then_some(address);
        Ok(Target {
            address,
            is_picture,
            embedded,
            sha256: content.sha256,
        })
    }
}

/// What is asked for, and what is known about it.
struct Target {
    /// None behind Tor, where nothing is fetched.
    address: Option<WebAddress>,
    is_picture: bool,
    /// Whether the picture lies in the page itself, as a `data:` address.
    embedded: bool,
    sha256: String,
}

impl Target {
    /// Reads what came back, and the digest of it when there was a whole answer.
    fn read(&self, answer: Option<&Result<Fetched, FetchError>>) -> (Reading, Option<String>) {
        let read = answer.map_or(Answer::None(Failure::Ours), |answer| {
            heard(answer, self.address.as_ref())
        });
        let known = Known {
            sha256: &self.sha256,
            alike: answer.and_then(|answer| self.within(answer.as_ref().ok()?)),
            is_picture: self.is_picture,
        };
        let reading = read_answer(&read, known);
        match read {
            Answer::Http { sha256, .. } => (reading, sha256),
            Answer::None(_) => (reading, None),
        }
    }

    /// Whether a page still holds the picture that lay in it; none when that is not the question,
    /// or when it was not found: pages write what lies in them in more ways than are read here.
    fn within(&self, fetched: &Fetched) -> Option<bool> {
        let asked = self.embedded && self.address.is_some();
        (asked && embedded::holds(&fetched.body, &self.sha256)).then_some(true)
    }
}

fn heard(answer: &Result<Fetched, FetchError>, asked: Option<&WebAddress>) -> Answer {
    match answer {
        Ok(fetched) => {
            let looks = looks_of(&fetched.body);
            let elsewhere = asked.is_some_and(|asked| {
                let (from, to) = (asked.url(), &fetched.final_url);
                from.host_str() != to.host_str() || from.path() != to.path()
            });
            Answer::Http {
                status: fetched.status,
                sha256: (!fetched.cut).then(|| data_encoding::HEXLOWER.encode(&fetched.sha256)),
                looks,
                sign: page_sign(&String::from_utf8_lossy(&fetched.body)),
                elsewhere,
            }
        }
        Err(fault) => Answer::None(failure(fault)),
    }
}

fn failure(fault: &FetchError) -> Failure {
    if fault.is_ours() {
        return Failure::Ours;
    }
    match fault {
        FetchError::Dns(DnsFault::NoSuchName) => Failure::NoSuchName,
        FetchError::Dns(_) => Failure::NoAddress,
        FetchError::Connect(fault) if fault.kind == ConnectKind::Refused => Failure::Refused,
        FetchError::Connect(_) | FetchError::Timeout(_) => Failure::Silent,
        FetchError::Tls(_) | FetchError::Protocol(_) | FetchError::TooManyRedirects(_) => {
            Failure::Garbled
        }
        FetchError::Refused(_) | FetchError::TooLarge(_) => Failure::Ours,
    }
}
