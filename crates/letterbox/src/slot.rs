//! The slot: the public side. It drops letters in and looks answers up; it can read neither.
//!
//! Letters that arrive together are made durable together: one commit with `synchronous=FULL`
//! carries up to [`BATCH`] of them, in few statements, and only then are their receipts given out.

use std::collections::HashSet;
use std::time::Duration;

use ground::{Ask as _, Chance, Clock, Db, DbError, Instant, LetterId, Tx, values};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sea_orm::FromQueryResult;
use sha2::Sha256;
use tokio::sync::{mpsc, oneshot};
use vault::IntakePublic;

use crate::collect::Answer;
use crate::letter::Letter;
use crate::receipt::Receipt;

/// Most letters in one commit.
const BATCH: usize = 256;
/// Most letters in one statement. Every number of letters is a statement of its own, and so few
/// stay prepared.
const ROWS: usize = 64;
/// Parameters of one letter in that statement.
const COLUMNS: usize = 5;
/// Letters waiting for a commit before senders are made to wait.
const QUEUE: usize = 1_024;
/// How long a sender waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a new receipt is tried when one is taken by another letter.
const TRIES: usize = 4;

/// Why a letter was not stored or an answer not found; the sender is told and loses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The letterbox cannot be written or read.
    #[error("the letterbox is out of order")]
    OutOfOrder,
    /// More letters at once than can be stored in time.
    #[error("there are too many letters at once")]
    TooBusy,
}

impl From<&DbError> for SlotError {
    fn from(fault: &DbError) -> Self {
        match fault {
            DbError::DiskFull(_) => Self::DiskFull,
            _ => Self::OutOfOrder,
        }
    }
}

/// The public side of the letterbox; cheap to clone.
#[derive(Clone)]
pub struct Slot {
    db: Db,
    key: IntakePublic,
    clock: Clock,
    chance: Chance,
    queue: mpsc::Sender<Drop>,
}

struct Drop {
    letter: Stored,
    tell: oneshot::Sender<Result<Dropped, SlotError>>,
}

struct Stored {
    id: LetterId,
    lookup: Vec<u8>,
    sealed: Vec<u8>,
    digest: Vec<u8>,
    hour: Instant,
}

/// What became of a letter that was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dropped {
    /// Stored now, or stored before: the same form came twice.
    In,
    /// The receipt belongs to another letter.
    Taken,
}

#[derive(FromQueryResult)]
struct Digest {
    digest: Vec<u8>,
}

#[derive(FromQueryResult)]
struct Made {
    id: LetterId,
}

#[derive(FromQueryResult)]
struct Sealed {
    sealed: Vec<u8>,
}

#[derive(FromQueryResult)]
struct Known {
    id: String,
}

impl Slot {
    /// Opens the slot of a letterbox that is up to date, and starts its writer.
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

    /// Seals and stores a letter under this receipt; the receipt to show when this returns. When
    /// the same letter was stored under it before, that one stands; when the receipt already
    /// belongs to another letter (the form was changed and sent again), a new one is drawn.
    ///
    /// # Errors
    /// [`SlotError`]: nothing was stored, and the sender must be told so.
    pub async fn drop_letter(
        &self,
        letter: &Letter,
        receipt: Receipt,
    ) -> Result<Receipt, SlotError> {
        let mut receipt = receipt;
        for _ in 0..TRIES {
            let stored = self.sealed(letter, &receipt)?;
            let (tell, told) = oneshot::channel();
            tokio::time::timeout(
                PATIENCE,
                self.queue.send(Drop {
                    letter: stored,
                    tell,
                }),
            )
            .await
            .map_err(|_| SlotError::TooBusy)?
            .map_err(|_| SlotError::OutOfOrder)?;
            match told.await.map_err(|_| SlotError::OutOfOrder)?? {
                Dropped::In => return Ok(receipt),
                Dropped::Taken => receipt = Receipt::fresh(&self.chance),
            }
        }
        Err(SlotError::OutOfOrder)
    }

    fn sealed(&self, letter: &Letter, receipt: &Receipt) -> Result<Stored, SlotError> {
        let id = LetterId::fresh(&self.chance);
        let envelope = crate::collect::Envelope {
            letter: letter.clone(),
            answer_key: data_encoding::BASE64.encode(&*receipt.answer_key()),
        };
        let plain = zeroize::Zeroizing::new(
            serde_json::to_vec(&envelope).map_err(|_| SlotError::OutOfOrder)?,
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(&*receipt.digest_key())
            .map_err(|_| SlotError::OutOfOrder)?;
        mac.update(&plain);
        let lookup = receipt.lookup();
        let sealed = self
            .key
            .seal(&lookup, &plain, &self.chance)
            .map_err(|_| SlotError::OutOfOrder)?;
        let hour = self.clock.now().start_of_hour();
        let digest = mac.finalize().into_bytes().to_vec();
        Ok(Stored {
            id,
            lookup,
            sealed,
            digest,
            hour,
        })
    }

    /// Looks up what became of a letter; none when no letter has this receipt. Both look-ups are
    /// always made, so that the time taken tells nothing.
    ///
    /// # Errors
    /// [`SlotError`] when the letterbox cannot be read.
    pub async fn ask(&self, receipt: &Receipt) -> Result<Option<Answer>, SlotError> {
        let fault = |fault: DbError| SlotError::from(&fault);
        let lookup = receipt.lookup();
        let letter = self
            .db
            .one::<Known>(
                "select id from letter where lookup = $1",
                values![lookup.clone()],
            )
            .await
            .map_err(fault)?;
        let answer = self
            .db
            .one::<Sealed>(
                "select sealed from answer where lookup = $1",
                values![lookup.clone()],
            )
            .await
            .map_err(fault)?;
        let sealed = answer.map_or_else(|| vec![0; 64], |row| row.sealed);
        let opened = Answer::open(&receipt.answer_key(), &lookup, &sealed);
        Ok(letter.map(|row| {
            debug_assert!(!row.id.is_empty());
            opened.unwrap_or(Answer::Received)
        }))
    }

    /// Whether the letterbox can be read now; for health checks.
    ///
    /// # Errors
    /// [`SlotError`] when it cannot.
    pub async fn is_open(&self) -> Result<(), SlotError> {
        let asked = self.db.count(
            "select count(*) as n from answer where lookup is null",
            vec![],
        );
        asked
            .await
            .map(|_| ())
            .map_err(|fault| SlotError::from(&fault))
    }
}

/// The writer: takes whatever letters are waiting, stores them in one durable commit, and only
/// then tells their senders. Ends when the last slot is gone.
async fn write_together(db: Db, mut waiting: mpsc::Receiver<Drop>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        match store(&db, &batch).await {
            Ok(dropped) => {
                for (drop, what) in batch.drain(..).zip(dropped) {
                    // A sender that went away has its letter stored all the same.
                    let _ = drop.tell.send(Ok(what));
                }
            }
            Err(fault) => {
                tracing::error!(%fault, letters = batch.len(), "letters were not stored");
                for drop in batch.drain(..) {
                    let _ = drop.tell.send(Err(SlotError::from(&fault)));
                }
            }
        }
    }
}

async fn store(db: &Db, batch: &[Drop]) -> Result<Vec<Dropped>, DbError> {
    let tx = db.upkeep("drop letters").await?;
    let mut dropped = Vec::with_capacity(batch.len());
    for some in batch.chunks(ROWS) {
        let made = insert(&tx, some).await?;
        for Drop { letter, .. } in some {
            dropped.push(if made.contains(&letter.id) {
                Dropped::In
            } else {
                known(&tx, letter).await?
            });
        }
    }
    tx.commit().await?;
    Ok(dropped)
}

/// Inserts letters in one statement; the ids of those whose receipt was free. Of two with the same
/// receipt the first is inserted.
async fn insert(tx: &Tx, some: &[Drop]) -> Result<HashSet<LetterId>, DbError> {
    let rows: Vec<String> = (0..some.len())
        .map(|row| {
            let of = |column: usize| row * COLUMNS + column;
            format!(
                "(${}, ${}, ${}, ${}, ${}, 'waiting', 0, 0, 0, 0)",
                of(1),
                of(2),
                of(3),
                of(4),
                of(5)
            )
        })
        .collect();
    let sql = format!(
        "insert into letter (id, lookup, sealed, digest, received_hour_ms, state,
             lease_until_ms, lease_token, attempts, not_before_ms)
         values {}
         on conflict (lookup) do nothing returning id",
        rows.join(", ")
    );
    let mut parameters = Vec::with_capacity(some.len() * COLUMNS);
    for Drop { letter, .. } in some {
        parameters.extend(values![
            letter.id,
            letter.lookup.clone(),
            letter.sealed.clone(),
            letter.digest.clone(),
            letter.hour
        ]);
    }
    let made = tx.rows::<Made>(&sql, parameters).await?;
    Ok(made.into_iter().map(|row| row.id).collect())
}

/// What became of a letter whose receipt was there before.
async fn known(tx: &Tx, letter: &Stored) -> Result<Dropped, DbError> {
    let there = tx
        .one::<Digest>(
            "select digest from letter where lookup = $1",
            values![letter.lookup.clone()],
        )
        .await?;
    Ok(match there {
        Some(row) if row.digest == letter.digest => Dropped::In,
        _ => Dropped::Taken,
    })
}

#[cfg(test)]
#[path = "slot_tests.rs"]
mod tests;
