//! Envelopes: what a chat platform sent, sealed unread before it is acknowledged (CH-1).
//!
//! The public side ([`Inlet`]) seals bytes to the hotline's public key and reads nothing of them.
//! Envelopes that arrive together are made durable together, as letters are. The staff side opens
//! them and throws them away once what they hold is durable elsewhere; opening one twice is harmless,
//! for every event in it has a key of its own.

use std::time::Duration;

use ground::{Ask as _, Chance, Clock, Db, DbError, EnvelopeId, Instant, Platform, Tx, values};
use sea_orm::FromQueryResult;
use tokio::sync::{mpsc, oneshot};
use vault::{IntakePublic, IntakeSecret};
use zeroize::Zeroizing;

use crate::{CollectError, Collector, SlotError};

/// Most envelopes in one commit.
const BATCH: usize = 64;
/// Envelopes waiting for a commit before platforms are made to wait.
const QUEUE: usize = 1_024;
/// How long a platform waits for a place in the queue; it tries again for days.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest thing a platform may send, in bytes: both stay below it.
pub const MAX_ENVELOPE_BYTES: usize = 4_000_000;

/// The public side for chat platforms; cheap to clone.
#[derive(Clone)]
pub struct Inlet {
    db: Db,
    key: IntakePublic,
    clock: Clock,
    chance: Chance,
    queue: mpsc::Sender<Coming>,
}

struct Coming {
    id: EnvelopeId,
    platform: Platform,
    sealed: Vec<u8>,
    hour: Instant,
    tell: oneshot::Sender<Result<(), SlotError>>,
}

impl Inlet {
    /// Opens the inlet of a letterbox that is up to date, and starts its writer.
    #[must_use]
    pub fn open(db: Db, key: IntakePublic, clock: Clock, chance: Chance) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_together(db.clone(), waiting));
        Self {
            db,
            key,
            clock,
            chance,
            queue,
        }
    }

    /// Seals and stores what a platform sent; durable when this returns.
    ///
    /// # Errors
    /// [`SlotError`]: nothing was stored, and the platform must be told so.
    pub async fn take(&self, platform: Platform, raw: &[u8]) -> Result<(), SlotError> {
        let id = EnvelopeId::fresh(&self.chance);
        let sealed = self
            .key
            .seal(id.to_string().as_bytes(), raw, &self.chance)
            .map_err(|_| SlotError::OutOfOrder)?;
        let (tell, told) = oneshot::channel();
        let coming = Coming {
            id,
            platform,
            sealed,
            hour: self.clock.now().start_of_hour(),
            tell,
        };
        tokio::time::timeout(PATIENCE, self.queue.send(coming))
            .await
            .map_err(|_| SlotError::TooBusy)?
            .map_err(|_| SlotError::OutOfOrder)?;
        told.await.map_err(|_| SlotError::OutOfOrder)?
    }

    /// Whether the letterbox can be read now; for health checks.
    ///
    /// # Errors
    /// [`SlotError`] when it cannot.
    pub async fn is_open(&self) -> Result<(), SlotError> {
        let asked = self.db.count(
            "select count(*) as n from envelope where id is null",
            vec![],
        );
        asked
            .await
            .map(drop)
            .map_err(|fault| SlotError::from(&fault))
    }
}

/// The writer: stores what is waiting in one durable commit, and only then lets it be acknowledged.
async fn write_together(db: Db, mut waiting: mpsc::Receiver<Coming>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let stored = store(&db, &batch).await;
        if let Err(fault) = &stored {
            tracing::error!(%fault, envelopes = batch.len(), "envelopes were not stored");
        }
        for coming in batch.drain(..) {
            let told = stored.as_ref().copied().map_err(SlotError::from);
            // A platform that went away has its envelope stored all the same.
            let _ = coming.tell.send(told);
        }
    }
}

async fn store(db: &Db, batch: &[Coming]) -> Result<(), DbError> {
    let tx = db.upkeep("take envelopes").await?;
    for coming in batch {
        insert(&tx, coming).await?;
    }
    tx.commit().await
}

async fn insert(tx: &Tx, coming: &Coming) -> Result<(), DbError> {
    tx.execute(
        "insert into envelope (id, platform, sealed, received_hour_ms, not_before_ms)
         values ($1, $2, $3, $4, 0)",
        values![
            coming.id,
            coming.platform,
            coming.sealed.clone(),
            coming.hour
        ],
    )
    .await
    .map(drop)
}

/// An envelope as it lies in the letterbox.
#[derive(FromQueryResult)]
pub struct Envelope {
    /// Its id.
    pub id: EnvelopeId,
    /// Who sent it.
    pub platform: Platform,
    sealed: Vec<u8>,
}

impl Envelope {
    /// Opens it: the bytes as the platform sent them.
    ///
    /// # Errors
    /// [`CollectError::NotOurs`] when it was sealed to another key or is damaged.
    pub fn open(&self, key: &IntakeSecret) -> Result<Zeroizing<Vec<u8>>, CollectError> {
        key.open(self.id.to_string().as_bytes(), &self.sealed)
            .map_err(|_| CollectError::NotOurs)
    }
}

impl Collector {
    /// The next envelopes, at most so many.
    ///
    /// # Errors
    /// [`DbError`] when the letterbox fails.
    pub async fn envelopes(&self, most: i64, now: Instant) -> Result<Vec<Envelope>, DbError> {
        self.db()
            .rows::<Envelope>(
                "select id, platform, sealed from envelope where not_before_ms <= $1
                 order by received_hour_ms, id limit $2",
                values![now, most],
            )
            .await
    }

    /// Throws envelopes away whose content is durable elsewhere.
    ///
    /// # Errors
    /// [`DbError`] when the letterbox fails; they are then opened again, which is harmless.
    pub async fn throw_away(&self, envelopes: &[EnvelopeId]) -> Result<(), DbError> {
        let tx = self.db().upkeep("throw envelopes away").await?;
        for id in envelopes {
            tx.execute("delete from envelope where id = $1", values![*id])
                .await?;
        }
        tx.commit().await
    }

    /// Keeps an envelope aside that does not open; another key may open it.
    ///
    /// # Errors
    /// [`DbError`] when the letterbox fails.
    pub async fn keep_aside(&self, envelope: EnvelopeId, until: Instant) -> Result<(), DbError> {
        let tx = self.db().upkeep("keep an envelope aside").await?;
        tx.execute(
            "update envelope set not_before_ms = $2 where id = $1",
            values![envelope, until],
        )
        .await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::{both_engines, migrate};

    both_engines! {
        @steps migrate::LETTERBOX;
        async fn what_a_platform_sent_is_stored_sealed_and_opened_by_the_staff_side_only(db: Db) {
            let (secret, public) = IntakeSecret::from_seed(&[7; 32]);
            let (other, _) = IntakeSecret::from_seed(&[8; 32]);
            let inlet = Inlet::open(db.clone(), public, Clock::system(), Chance::system());
            let sending = (0..100).map(|n| {
                let inlet = inlet.clone();
                tokio::spawn(async move { inlet.take(Platform::Telegram, format!("raw {n}").as_bytes()).await })
            });
            for sent in sending.collect::<Vec<_>>() {
                sent.await??;
            }
            let collector = Collector::new(db, Chance::system());
            let now = Clock::system().now();
            let envelopes = collector.envelopes(1_000, now).await?;
            assert_eq!(envelopes.len(), 100);
            assert!(envelopes[0].open(&other).is_err());
            assert!(envelopes.iter().all(|envelope| !envelope.sealed.windows(4).any(|part| part == b"raw ")));
            assert!(envelopes[0].open(&secret)?.starts_with(b"raw "));
            collector.keep_aside(envelopes[0].id, now.plus_ms(5)).await?;
            let others: Vec<_> = envelopes[1..].iter().map(|envelope| envelope.id).collect();
            collector.throw_away(&others).await?;
            assert!(collector.envelopes(9, now).await?.is_empty());
            assert_eq!(collector.envelopes(9, now.plus_ms(5)).await?.len(), 1);
        }
    }
}
