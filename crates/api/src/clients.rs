//! Who may ask, held in memory: a key is known by its digest. A key that was revoked is refused
//! within [`EVERY`]; when the records cannot be read for [`STALE_MS`], every key is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use ground::{Db, DbError, Instant};
use hashcheck::{Client, Key, KeyDigest, day_of};

use crate::counts::Pending;
use crate::quota::Spent;
use crate::watch::Watch;

/// How often the records are asked whether a client was made or revoked.
pub(crate) const EVERY: Duration = Duration::from_millis(200);
/// Nobody is believed when the records have not answered for so long.
const STALE_MS: i64 = 5_000;

/// One client, and what it did since the process began.
pub(crate) struct Known {
    pub(crate) client: Client,
    doing: Arc<Mutex<Doing>>,
}

/// What one client did.
#[derive(Default)]
pub(crate) struct Doing {
    pub(crate) spent: Spent,
    pub(crate) watch: Watch,
    pub(crate) pending: Pending,
}

impl Known {
    /// What it did, for this moment only.
    pub(crate) fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Table {
    by_key: HashMap<KeyDigest, Arc<Known>>,
    revision: Option<i64>,
    read_at: Option<Instant>,
}

/// Everybody who may ask.
#[derive(Default)]
pub(crate) struct Clients(RwLock<Table>);

impl Clients {
    /// Whose key this is; none when it is nobody's, revoked, or cannot be verified now.
    pub(crate) fn of(&self, key: &str, under: &[u8; 32], now: Instant) -> Option<Arc<Known>> {
        let digest = Key::parse(key).ok()?.digest(under);
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = table.read_at.is_some_and(|at| now.since_ms(at) <= STALE_MS);
        let known = table.by_key.get(&digest).filter(|_| fresh)?;
        known.client.revoked_at.is_none().then(|| Arc::clone(known))
    }

    /// Whether the records were read lately.
    pub(crate) fn fresh(&self, now: Instant) -> bool {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        table.read_at.is_some_and(|at| now.since_ms(at) <= STALE_MS)
    }

    /// Everybody, revoked or not: what they asked is still to be counted.
    pub(crate) fn all(&self) -> Vec<Arc<Known>> {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        table.by_key.values().cloned().collect()
    }

    /// Reads the clients again if one was made or revoked.
    pub(crate) async fn refresh(&self, db: &Db, now: Instant) -> Result<(), DbError> {
        let revision = hashcheck::revision(db).await?;
        {
            let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if table.revision == Some(revision) {
                table.read_at = Some(now);
                return Ok(());
            }
        }
        let clients = hashcheck::clients(db).await?;
        let today = day_of(now);
        let spent: HashMap<_, _> = hashcheck::counted_on(db, today)
            .await?
            .into_iter()
            .collect();
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut by_key = HashMap::with_capacity(clients.len());
        for (client, digest) in clients {
            // Shared with whoever is being answered now, so that nothing they ask is lost.
            let doing = table.by_key.get(&digest).map_or_else(
                || {
                    let before = spent.get(&client.id).copied().unwrap_or(0);
                    Arc::new(Mutex::new(Doing {
                        spent: Spent::today(today, before),
                        ..Doing::default()
                    }))
                },
                |known| Arc::clone(&known.doing),
            );
            by_key.insert(digest, Arc::new(Known { client, doing }));
        }
        *table = Table {
            by_key,
            revision: Some(revision),
            read_at: Some(now),
        };
        Ok(())
    }
}
