//! The sessions of people who are signed in: holding them against the clock, listing, ending.

use ground::{Act, Fact, StaffFact, StaffId};

use crate::rules::Language;
use crate::session::{EXACTNESS_MS, Session, SessionKey, Token};
use crate::store;
use crate::{Staff, StaffError};

impl Staff {
    /// The session that belongs to this token, if it holds; its last use is kept.
    ///
    /// # Errors
    /// [`StaffError::Db`] when the records cannot be read.
    pub async fn present(&self, token: &Token) -> Result<Option<Session>, StaffError> {
        let now = self.clock.now();
        let Some(row) = store::session(&self.db, token.key()).await? else {
            return Ok(None);
        };
        if row.has_lapsed(now) {
            return Ok(None);
        }
        let Some(account) = store::by_id(&self.db, row.account_id).await? else {
            return Ok(None);
        };
        if !account.is_open() {
            return Ok(None);
        }
        if now.since_ms(row.seen_at_ms) >= EXACTNESS_MS {
            let tx = self.db.upkeep("a session was used").await?;
            store::touch_session(&tx, token.key(), now).await?;
            tx.commit().await?;
        }
        Ok(Some(Session {
            key: token.key(),
            account,
            stage: row.stage,
            begun_at: row.begun_at_ms,
            seen_at: now,
            offered: row.offered,
            demo: self.demo,
        }))
    }

    /// Ends this session.
    ///
    /// # Errors
    /// [`StaffError::Db`] when the records fail.
    pub async fn sign_out(&self, session: &Session) -> Result<(), StaffError> {
        match self.end(session.account.id, session.key, "self").await {
            Ok(()) | Err(StaffError::NotFound) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// The sessions of the same person that hold, the latest used first.
    ///
    /// # Errors
    /// [`StaffError::Db`] when the records cannot be read.
    pub async fn sessions(&self, session: &Session) -> Result<Vec<Session>, StaffError> {
        let now = self.clock.now();
        let rows = store::sessions(&self.db, session.account.id).await?;
        let holding = rows.into_iter().filter(|row| !row.has_lapsed(now));
        Ok(holding
            .filter_map(|row| {
                Some(Session {
                    key: SessionKey::from_column(&row.token_hash)?,
                    account: session.account.clone(),
                    stage: row.stage,
                    begun_at: row.begun_at_ms,
                    seen_at: row.seen_at_ms,
                    offered: None,
                    demo: self.demo,
                })
            })
            .collect())
    }

    /// Ends another session of the same person.
    ///
    /// # Errors
    /// [`StaffError::NotFound`] when this person has no such session.
    pub async fn end_session(
        &self,
        session: &Session,
        other: SessionKey,
    ) -> Result<(), StaffError> {
        let row = store::session(&self.db, other).await?;
        if row.is_none_or(|row| row.account_id != session.account.id) {
            return Err(StaffError::NotFound);
        }
        self.end(session.account.id, other, "ended-by-owner").await
    }

    async fn end(&self, who: StaffId, key: SessionKey, cause: &str) -> Result<(), StaffError> {
        let act = Act::by_staff(who, self.clock.now());
        let tx = self.db.act(&act, "end a session").await?;
        if !store::remove_session(&tx, key).await? {
            return Err(StaffError::NotFound);
        }
        tx.record(who, &signed_out(cause));
        tx.commit().await?;
        Ok(())
    }

    /// Keeps the language in which this person wants the pages.
    ///
    /// # Errors
    /// [`StaffError::Db`] when the records fail.
    pub async fn set_language(&self, who: StaffId, language: Language) -> Result<(), StaffError> {
        let tx = self.db.upkeep("choose a language").await?;
        store::write_language(&tx, who, language).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes what lapsed; how many sessions there were. For a worker, now and then.
    ///
    /// # Errors
    /// [`StaffError::Db`] when the records fail.
    pub async fn sweep(&self) -> Result<u64, StaffError> {
        let tx = self.db.upkeep("sweep sessions").await?;
        let swept = store::remove_lapsed(&tx, self.clock.now()).await?;
        tx.commit().await?;
        Ok(swept)
    }
}

/// The fact that a session was ended, and by what.
pub(crate) fn signed_out(cause: &str) -> Fact {
    Fact::Staff(StaffFact::SignedOut {
        cause: cause.to_owned(),
    })
}
