//! The schemes: the one in force, those drawn up here, and why a verdict followed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use assessment::schemes::{self, KeptScheme};
use assessment::{Answers, Scheme, next_version, store};
use ground::{Ask, ContentId, DbError, Reason, StaffId};

use super::DeskError;
use crate::Casework;

/// Schemes that were read. What was in force is never changed, so a name and version stays true.
#[derive(Default)]
pub(crate) struct ReadSchemes(Mutex<HashMap<String, Arc<Scheme>>>);

impl ReadSchemes {
    fn known(&self, id: &str) -> Option<Arc<Scheme>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(id).cloned()
    }

    fn keep(&self, scheme: Scheme) -> Arc<Scheme> {
        let scheme = Arc::new(scheme);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(scheme.id(), Arc::clone(&scheme));
        scheme
    }
}

/// Why a content has its verdict: the answers, and the scheme of that time.
#[derive(Debug)]
pub struct WhyVerdict {
    /// The scheme under which it was judged.
    pub scheme: Arc<Scheme>,
    /// What was answered.
    pub answers: Answers,
}

impl Casework {
    /// The scheme in force.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn scheme(&self) -> Result<Arc<Scheme>, DeskError> {
        self.scheme_in_force(&self.db).await
    }

    pub(crate) async fn scheme_in_force(&self, ask: &impl Ask) -> Result<Arc<Scheme>, DeskError> {
        let id = schemes::active(ask).await?;
        let id = id.unwrap_or_else(|| self.settings.scheme.id());
        let named = self.scheme_named(ask, &id).await?;
        named.ok_or_else(|| unreadable(&id, "it is not there"))
    }

    /// The scheme that is or was in force under this name and version; none when there never was.
    async fn scheme_named(
        &self,
        ask: &impl Ask,
        id: &str,
    ) -> Result<Option<Arc<Scheme>>, DeskError> {
        if let Some(known) = self.0.schemes.known(id) {
            return Ok(Some(known));
        }
        if *id == self.settings.scheme.id() {
            return Ok(Some(self.0.schemes.keep(self.settings.scheme.clone())));
        }
        let Some(text) = schemes::text_of(ask, id).await? else {
            return Ok(None);
        };
        let scheme = Scheme::parse(&text).map_err(|fault| unreadable(id, &fault.to_string()))?;
        Ok(Some(self.0.schemes.keep(scheme)))
    }

    /// Why a content has its verdict; none while it has none, or nobody looked at it.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn why_verdict(&self, content: ContentId) -> Result<Option<WhyVerdict>, DeskError> {
        let Some(judged) = store::in_force(&self.db, content).await? else {
            return Ok(None);
        };
        let scheme = self.scheme_named(&self.db, &judged.scheme).await?;
        Ok(scheme.map(|scheme| WhyVerdict {
            scheme,
            answers: judged.judging.answers,
        }))
    }

    /// The schemes that were drawn up here, newest first.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn schemes(&self) -> Result<Vec<KeptScheme>, DeskError> {
        Ok(schemes::all(&self.db).await?)
    }

    /// Begins a draft of the next version of the scheme in force; gives its number.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn begin_scheme(&self, by: StaffId) -> Result<i64, DeskError> {
        let tx = self.db.act(&self.act(by), "begin a scheme").await?;
        let now = self.scheme_in_force(&tx).await?;
        let text = schemes::text_of(&tx, &now.id()).await?;
        let text = text.unwrap_or_else(|| Scheme::standard_text().to_owned());
        let earlier = schemes::earlier(&tx, &self.settings.scheme).await?;
        let same = earlier.iter().filter(|(name, _)| name == now.name());
        let highest = same.map(|(_, version)| *version).max().unwrap_or_default();
        let no = schemes::begin(&tx, next_version(&text, highest)).await?;
        tx.commit().await?;
        Ok(no)
    }

    /// Changes the text of a draft that was seen at revision `seen`.
    ///
    /// # Errors
    /// [`DeskError::Assessment`] when it is no draft or was changed since.
    pub async fn rewrite_scheme(
        &self,
        by: StaffId,
        no: i64,
        seen: i64,
        text: String,
    ) -> Result<(), DeskError> {
        let tx = self.db.act(&self.act(by), "write a scheme").await?;
        schemes::rewrite(&tx, no, seen, text).await?;
        Ok(tx.commit().await?)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// As [`Casework::rewrite_scheme`].
    pub async fn drop_scheme(&self, by: StaffId, no: i64, seen: i64) -> Result<(), DeskError> {
        let tx = self.db.act(&self.act(by), "drop a scheme").await?;
        schemes::throw_away(&tx, no, seen).await?;
        Ok(tx.commit().await?)
    }

    /// Puts a draft in force from now on. What was judged stays judged under the scheme of its time.
    ///
    /// # Errors
    /// As [`Casework::rewrite_scheme`]; also when the draft does not hang together.
    pub async fn activate_scheme(
        &self,
        by: StaffId,
        no: i64,
        seen: i64,
        why: Reason,
    ) -> Result<(), DeskError> {
        let act = self.act(by).because(why);
        let tx = self.db.act(&act, "put a scheme in force").await?;
        schemes::activate(&tx, no, seen, &self.settings.scheme).await?;
        Ok(tx.commit().await?)
    }
}

fn unreadable(id: &str, fault: &str) -> DeskError {
    DeskError::Db(DbError::Unreadable {
        what: format!("the scheme {id}: {fault}"),
    })
}
