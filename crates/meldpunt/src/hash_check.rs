//! The hash-check service in this process: the lists in memory, kept current beside the answers.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use api::{Api, Found, Hash, Lists, NotLoaded, Parts};
use casework::Casework;
use ground::db::Durability;
use ground::{Clock, Db, migrate};
use hashlist::{Digest, Live};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use vault::HotlineKeys;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::face::{Patience, face};
use crate::say;

/// How often the records are asked what changed on the lists.
const EVERY: Duration = Duration::from_millis(500);
/// Nothing is said of any hash when the records have not answered for so long: a withdrawn hash would
/// go on matching unseen.
const STALE: Duration = Duration::from_secs(10);
/// Largest distance of two pictures that are the same, in bits (Meta's own bar).
const RADIUS: u32 = 31;

/// The lists as the service asks them: loaded or not, and whoever else keeps them current.
pub struct LiveLists(Live);

impl LiveLists {
    async fn keep_current(&self, db: &Db) {
        loop {
            match self.0.refresh_some(db).await {
                Ok((_, true)) => {}
                Ok((_, false)) => tokio::time::sleep(EVERY).await,
                Err(fault) => {
                    tracing::warn!(%fault, "the hash lists were not read");
                    tokio::time::sleep(EVERY).await;
                }
            }
        }
    }
}

/// Whether the records were heard lately enough.
fn fresh(heard: Option<Duration>) -> bool {
    heard.is_some_and(|ago| ago <= STALE)
}

impl Lists for LiveLists {
    fn ready(&self) -> bool {
        self.0.loaded() && fresh(self.0.heard())
    }

    fn look_up(&self, hash: &Hash) -> Result<Option<Found>, NotLoaded> {
        if !self.0.loaded() {
            return Err(NotLoaded);
        }
        let hit = match hash {
            Hash::Md5(bytes) => self.0.first(&Digest::Md5(*bytes)),
            Hash::Sha1(bytes) => self.0.first(&Digest::Sha1(*bytes)),
            Hash::Sha256(bytes) => self.0.first(&Digest::Sha256(*bytes)),
            Hash::Pdq(hash) => self.0.nearest(hash, RADIUS).map(|near| near.hit),
        };
        Ok(hit.map(|hit| Found {
            category: hit.category.to_string(),
            entry: hit.entry,
        }))
    }
}

/// The service at work.
pub struct HashCheck {
    stop: watch::Sender<bool>,
    work: JoinHandle<Result<(), ground::DbError>>,
    lists: JoinHandle<()>,
}

impl HashCheck {
    /// Begins to load the lists and to keep clients and counts; what is to be served.
    pub fn start(
        (db, live): (Db, Live),
        key: Zeroizing<[u8; 32]>,
        clock: Clock,
    ) -> (Self, axum::Router) {
        let lists = Arc::new(LiveLists(live));
        let api = Api::new(Parts {
            db: db.clone(),
            clock,
            key_digests: *key,
            lists: Arc::clone(&lists) as Arc<dyn Lists>,
        });
        let router = api::router(api.clone());
        let (stop, mut stopped) = watch::channel(false);
        let work = tokio::spawn(async move {
            let told = async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            api.work_until(told).await
        });
        let lists = tokio::spawn(async move { lists.keep_current(&db).await });
        (Self { stop, work, lists }, router)
    }

    /// Writes down what was asked and ends.
    ///
    /// # Errors
    /// When the last counts could not be written down.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.lists.abort();
        let _ = self.stop.send(true);
        let written = self.work.await?;
        written.context("The last counts of the hash-check were not written down")
    }
}

/// Shows the service to providers, as configured. Beside the staff side it shares its records and lists; alone it
/// opens them, and of the keys only the one in its own file.
///
/// # Errors
/// A full sentence when it is not configured, or its port, its key or the records cannot be had.
pub async fn show(
    config: &Config,
    beside: Option<&Casework>,
    faces: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<HashCheck> {
    let at = config.hash_check.listen.context(
        "There is no hash-check service in this configuration. Set listen under [hash_check].",
    )?;
    let listener = crate::serve::listen(at, "hash_check.listen").await?;
    let (known, key) = match beside {
        Some(casework) => (shared(casework), casework.vault.keys().hash_check()),
        None => {
            let key = key(config)?;
            (
                (
                    records(config).await?,
                    crate::house::kept_lists(config, "lists-api"),
                ),
                key,
            )
        }
    };
    say(&format!(
        "The hash-check service listens on http://{}/\n",
        listener.local_addr()?
    ));
    Ok(serve(listener, known, key, faces))
}

/// The records and the lists that the staff side has in memory: they are loaded once.
#[must_use]
pub fn shared(casework: &Casework) -> (Db, Live) {
    (casework.db.clone(), casework.lists().clone())
}

/// Shows the service on this port.
pub fn serve(
    listener: TcpListener,
    known: (Db, Live),
    key: Zeroizing<[u8; 32]>,
    faces: &mut JoinSet<anyhow::Result<()>>,
) -> HashCheck {
    let (service, router) = HashCheck::start(known, key, Clock::system());
    faces.spawn(face(listener, router, Patience::DESK));
    service
}

/// The records as they are: the service's database user need not be able to change their schema.
async fn records(config: &Config) -> anyhow::Result<Db> {
    let db = Db::open(&config.records(), Durability::Full).await?;
    migrate::check(&db).await?;
    Ok(db)
}

fn key(config: &Config) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    HotlineKeys::load_hash_check(&config.keys()).context(
        "The hash-check's key cannot be used (`meldpunt client list`, run where all keys are, makes it)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lists_are_ready_once_they_are_read_and_while_the_records_answer() {
        let scratch = ground::testing::sqlite(migrate::RECORDS).await.unwrap();
        let lists = LiveLists(Live::empty());
        assert!(!lists.ready());
        lists.0.refresh(&scratch.db).await.unwrap();
        assert!(lists.ready());
        let second = Duration::from_secs(1);
        assert!(fresh(Some(STALE - second)) && !fresh(Some(STALE + second)) && !fresh(None));
    }
}
