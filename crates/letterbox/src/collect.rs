//! The staff side: opens letters, and writes the answers to receipts.

use ground::lease::{Lease, Work};
use ground::{Ask as _, Chance, Db, DbError, Instant, LetterId, Tx, text_enum, values};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use vault::{IntakeSecret, SealError, open_with, seal_with};
use zeroize::Zeroizing;

use crate::letter::Letter;

text_enum! {
    /// What a receipt is told. Plain and coarse: it must not betray an investigation.
    pub enum Answer {
        /// It is here and waits its turn.
        Received = "received",
        /// It is being looked at.
        BeingAssessed = "being-assessed",
        /// It was passed on to those who can act.
        SentOn = "sent-on",
        /// What was reported is gone.
        Removed = "removed",
        /// It was looked at and is not illegal.
        NotIllegal = "not-illegal",
        /// It is closed: nothing was found, or it could not be acted on.
        Closed = "closed",
    }
}

/// Answers are padded to one size, so that the stored row tells nothing.
const ANSWER_BYTES: usize = 64;

impl Answer {
    fn seal(self, key: &[u8; 32], lookup: &[u8], chance: &Chance) -> Result<Vec<u8>, SealError> {
        let mut padded = self.as_str().as_bytes().to_vec();
        padded.resize(ANSWER_BYTES, b' ');
        seal_with(key, lookup, &padded, chance)
    }

    pub(crate) fn open(key: &[u8; 32], lookup: &[u8], sealed: &[u8]) -> Option<Self> {
        let plain = open_with(key, lookup, sealed).ok()?;
        std::str::from_utf8(&plain).ok()?.trim_end().parse().ok()
    }
}

/// What is sealed: the letter, and the key its answer is sealed with.
#[derive(Serialize, Deserialize)]
pub(crate) struct Envelope {
    pub letter: Letter,
    pub answer_key: String,
}

/// A letter, opened.
#[derive(Debug)]
pub struct Opened {
    /// Its id; a report keeps it, so that it is made once however often the letter is opened.
    pub id: LetterId,
    /// What it says.
    pub letter: Letter,
    /// The hour in which it was dropped.
    pub received_hour: Instant,
    /// Where its answer goes.
    pub lookup: Vec<u8>,
    /// What its answer is sealed with.
    pub answer_key: Zeroizing<Vec<u8>>,
}

/// Why a letter was not collected.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The letterbox failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The letter does not open with this hotline's key.
    #[error("the letter does not open with this hotline's key")]
    NotOurs,
}

/// The staff side of the letterbox; cheap to clone.
#[derive(Clone, Debug)]
pub struct Collector {
    db: Db,
    chance: Chance,
}

#[derive(FromQueryResult)]
struct Row {
    lookup: Vec<u8>,
    sealed: Vec<u8>,
    received_hour_ms: Instant,
}

impl Collector {
    /// Letters that wait to be opened.
    pub const LETTERS: Work = Work {
        table: "letter",
        open: "state = 'waiting'",
        order: "received_hour_ms, id",
    };

    /// The staff side of this letterbox.
    #[must_use]
    pub const fn new(db: Db, chance: Chance) -> Self {
        Self { db, chance }
    }

    /// The letterbox's records.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Takes the next letter, for `for_ms` milliseconds.
    ///
    /// # Errors
    /// [`DbError`] when the letterbox fails.
    pub async fn take(&self, now: Instant, for_ms: i64) -> Result<Option<Lease>, DbError> {
        Self::LETTERS
            .take(&self.db, &self.chance, now, for_ms)
            .await
    }

    /// Opens a letter that was taken.
    ///
    /// # Errors
    /// [`CollectError::NotOurs`] when it was sealed to another key or is damaged.
    pub async fn open(&self, lease: &Lease, key: &IntakeSecret) -> Result<Opened, CollectError> {
        let row = self
            .db
            .one::<Row>(
                "select lookup, sealed, received_hour_ms from letter where id = $1",
                values![lease.id.as_str()],
            )
            .await?
            .ok_or(CollectError::NotOurs)?;
        let id = lease.id.parse().map_err(|_| CollectError::NotOurs)?;
        let plain = key
            .open(&row.lookup, &row.sealed)
            .map_err(|_| CollectError::NotOurs)?;
        let envelope: Envelope =
            serde_json::from_slice(&plain).map_err(|_| CollectError::NotOurs)?;
        let answer_key = data_encoding::BASE64
            .decode(envelope.answer_key.as_bytes())
            .map_err(|_| CollectError::NotOurs)?;
        Ok(Opened {
            id,
            letter: envelope.letter,
            received_hour: row.received_hour_ms,
            lookup: row.lookup,
            answer_key: Zeroizing::new(answer_key),
        })
    }

    /// Burns a letter whose report is safely made. What stays is what a receipt is looked up by.
    ///
    /// # Errors
    /// [`DbError`] when the letterbox fails; the letter is then opened again, which is harmless.
    pub async fn burn(&self, lease: &Lease) -> Result<(), DbError> {
        let tx = self.db.upkeep("burn a letter").await?;
        if Self::LETTERS.settle(&tx, lease).await? {
            tx.execute(
                "update letter set state = 'collected', sealed = $2 where id = $1",
                values![lease.id.as_str(), Vec::<u8>::new()],
            )
            .await?;
        }
        tx.commit().await
    }

    /// Puts a letter off that could not be collected now.
    ///
    /// # Errors
    /// [`DbError`] when the letterbox fails.
    pub async fn put_off(&self, lease: &Lease, until: Instant) -> Result<(), DbError> {
        let tx = self.db.upkeep("put a letter off").await?;
        Self::LETTERS.put_off(&tx, lease, until).await?;
        tx.commit().await
    }

    /// Writes what a receipt is told.
    ///
    /// # Errors
    /// [`CollectError`] when the key has a wrong length or the letterbox fails.
    pub async fn answer(
        &self,
        lookup: &[u8],
        answer_key: &[u8],
        answer: Answer,
    ) -> Result<(), CollectError> {
        let key: [u8; 32] = answer_key.try_into().map_err(|_| CollectError::NotOurs)?;
        let sealed = answer
            .seal(&key, lookup, &self.chance)
            .map_err(|_| CollectError::NotOurs)?;
        let tx = self.db.upkeep("answer a receipt").await?;
        put_answer(&tx, lookup, sealed).await?;
        Ok(tx.commit().await?)
    }
}

async fn put_answer(tx: &Tx, lookup: &[u8], sealed: Vec<u8>) -> Result<(), DbError> {
    tx.execute(
        "insert into answer (lookup, sealed) values ($1, $2)
         on conflict (lookup) do update set sealed = excluded.sealed",
        values![lookup.to_vec(), sealed],
    )
    .await?;
    Ok(())
}
