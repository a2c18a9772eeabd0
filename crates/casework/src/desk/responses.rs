//! What providers say that a human must decide about, for senior analysts.

use ground::{
    Act, HostedIn, Instant, Reason, ResponseId, ResponseKind, ResponseOutcome, StaffId, TakedownId,
};
use takedown::{Host, Response, ResponseState, Takedown};
use vault::{Owner, Place, VaultError};

use super::RemovalError;
use crate::Casework;

/// Most responses shown at once.
const MOST: i64 = 200;

/// A response with what is needed to decide about it.
#[derive(Debug)]
pub struct ShownResponse {
    /// Its id.
    pub id: ResponseId,
    /// Raised by every change.
    pub revision: i64,
    /// About which item.
    pub takedown: TakedownId,
    /// The item's own address, else that of its page; none once it was shredded.
    pub address: Option<String>,
    /// Whose words these are, by name.
    pub provider: Option<String>,
    /// What is said.
    pub kind: ResponseKind,
    /// How far it has come.
    pub state: ResponseState,
    /// What came of it so far.
    pub outcome: Option<ResponseOutcome>,
    /// Why, in the provider's words.
    pub words: Option<String>,
    /// When it was said.
    pub given_at: Instant,
}

impl Casework {
    /// What waits for a human, oldest first.
    ///
    /// # Errors
    /// [`RemovalError`] when the records or the vault fail.
    pub async fn responses_waiting(&self) -> Result<Vec<ShownResponse>, RemovalError> {
        let mut shown = Vec::new();
        for response in takedown::responses_for_human(&self.db, MOST).await? {
            shown.push(self.shown_response(&response).await?);
        }
        Ok(shown)
    }

    /// What was said about one item, newest first.
    ///
    /// # Errors
    /// [`RemovalError`] when the records or the vault fail.
    pub async fn responses_to(&self, id: TakedownId) -> Result<Vec<ShownResponse>, RemovalError> {
        let mut shown = Vec::new();
        for response in takedown::responses_about(&self.db, id).await? {
            shown.push(self.shown_response(&response).await?);
        }
        Ok(shown)
    }

    async fn shown_response(&self, response: &Response) -> Result<ShownResponse, RemovalError> {
        let about = takedown::load(&self.db, response.takedown_id)
            .await?
            .ok_or(RemovalError::NotFound)?;
        let contact = provider::contact(&self.db, response.contact_id).await?;
        let provider = match contact {
            Some(contact) => provider::provider(&self.db, contact.provider_id).await?,
            None => None,
        };
        let words = match &response.words {
            Some(sealed) => self.words_of(&about, response.id, sealed).await?,
            None => None,
        };
        Ok(ShownResponse {
            id: response.id,
            revision: response.revision,
            takedown: about.id,
            address: self.shown_address(about.item_id, about.address_id).await?,
            provider: provider.map(|provider| provider.name),
            kind: response.kind,
            state: response.state,
            outcome: response.outcome,
            words,
            given_at: response.given_at_ms,
        })
    }

    async fn words_of(
        &self,
        about: &Takedown,
        id: ResponseId,
        sealed: &[u8],
    ) -> Result<Option<String>, RemovalError> {
        let place = Place::new("response.words", id);
        let owner = Owner::Address(about.address_id);
        match self.vault.open(&self.db, owner, place, sealed).await {
            Ok(plain) => Ok(Some(String::from_utf8_lossy(&plain).into_owned())),
            Err(VaultError::Shredded) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Decides about a response. Upheld, an objection ends the takedown, and "not our network" sets
    /// it where a human must find out who hosts it; dismissed, the request stands as it is.
    ///
    /// # Errors
    /// [`RemovalError::Stale`] when it was decided or the takedown moved on in the meantime;
    /// [`RemovalError::Move`] where the takedown does not allow it any more.
    pub async fn decide_response(
        &self,
        by: StaffId,
        (id, seen): (ResponseId, i64),
        upheld: bool,
        why: Reason,
    ) -> Result<(), RemovalError> {
        let act = self.act_because(by, why.clone());
        let tx = self.db.act(&act, "decide about a response").await?;
        let response = takedown::response(&tx, id)
            .await?
            .ok_or(RemovalError::NotFound)?;
        if response.revision != seen {
            return Err(RemovalError::Stale);
        }
        let (of, kind) = (response.takedown_id, response.kind);
        let (settled, fact) = response
            .decided(upheld, act.who, act.at)
            .map_err(|_| RemovalError::Stale)?;
        takedown::save_response(&tx, &settled, &fact).await?;
        if upheld {
            let about = takedown::load(&tx, of)
                .await?
                .ok_or(RemovalError::NotFound)?;
            match kind {
                ResponseKind::NotHost => self.set_adrift(&tx, about, &act).await?,
                ResponseKind::Objection | ResponseKind::Removed => {
                    let (next, facts) = about.ended(why.as_str())?;
                    let watch = takedown::load_watch(&tx, of)
                        .await?
                        .ok_or(RemovalError::NotFound)?;
                    takedown::save_watch(&tx, &watch.ended(), &[]).await?;
                    takedown::save(&tx, &next, &facts).await?;
                }
            }
            let next = takedown::load(&tx, of)
                .await?
                .ok_or(RemovalError::NotFound)?;
            self.refresh_answers(&tx, next.address_id).await?;
        }
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }

    /// Nobody is known to host it any more: it waits for a human who finds out.
    async fn set_adrift(
        &self,
        tx: &ground::Tx,
        about: Takedown,
        act: &Act,
    ) -> Result<(), RemovalError> {
        let nobody = Host {
            hosted_in: HostedIn::Unknown,
            country: None,
            ip: about.ip.as_deref().and_then(|ip| ip.parse().ok()),
            asn: None,
            provider: None,
            contact: None,
            at: act.at,
        };
        let (away, mut facts) = about.moved(act.at)?;
        let (next, more) = away.located(&nobody)?;
        facts.extend(more);
        Ok(takedown::save(tx, &next, &facts).await?)
    }
}
