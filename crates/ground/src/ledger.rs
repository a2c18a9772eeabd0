//! The ledger: the append-only, hash-chained record of all acts; source of audit *and* of figures.
//!
//! Line *n* carries `SHA-256(hash of line n−1 ‖ canonical form of line n)`, so that an edited,
//! removed or reordered line breaks the chain from there on. A chain alone cannot show that its
//! *end* was cut off, or that the whole database was put back to yesterday: that is what signed
//! [checkpoints](Checkpoint) kept outside the database are for (IN-14, T17).

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ask::Ask;
use crate::db::{DbError, Tx};
use crate::{Act, Fact, Instant, values};

/// A line not yet written.
#[derive(Debug)]
pub struct Line {
    at: Instant,
    actor: String,
    kind: String,
    subject: String,
    reason: Option<String>,
    detail: String,
}

impl Line {
    pub(crate) fn new(act: &Act, subject: String, fact: &Fact) -> Self {
        Self {
            at: act.at,
            actor: act.who.to_string(),
            kind: fact.kind(),
            subject,
            reason: act.why.as_ref().map(|why| why.as_str().to_owned()),
            // A fact is made of text, numbers and enums: serialising it cannot fail.
            detail: serde_json::to_string(fact).unwrap_or_default(),
        }
    }
}

/// A line as it stands in the ledger.
#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// When it happened, ms since 1970 UTC.
    pub at_ms: i64,
    /// Who acted.
    pub actor: String,
    /// The kind of fact.
    pub kind: String,
    /// To which thing it happened.
    pub subject: String,
    /// Why, where a reason was due.
    pub reason: Option<String>,
    /// The fact, as JSON.
    pub detail: String,
    /// The chained hash.
    #[serde(skip)]
    pub hash: Vec<u8>,
}

#[derive(FromQueryResult)]
struct Head {
    seq: i64,
    hash: Vec<u8>,
}

/// Most lines written with one statement.
const AT_ONCE: usize = 64;
/// How many columns a line has.
const COLUMNS: usize = 8;

/// What the chain starts from.
const GENESIS: [u8; 32] = [0; 32];

fn chain(prev: &[u8], entry: &Entry) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(prev);
    hash.update(entry.seq.to_be_bytes());
    hash.update(entry.at_ms.to_be_bytes());
    for field in [&entry.actor, &entry.kind, &entry.subject, &entry.detail] {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    match &entry.reason {
        None => hash.update([0]),
        Some(reason) => {
            hash.update([1]);
            hash.update((reason.len() as u64).to_be_bytes());
            hash.update(reason.as_bytes());
        }
    }
    hash.finalize().into()
}

/// Writes lines at the end of the ledger; called by [`Tx::commit`] only. Touching the head row
/// makes writers on PostgreSQL queue behind one another, so the chain has one order.
pub(crate) async fn append(tx: &Tx, lines: &[Line]) -> Result<(), DbError> {
    tx.execute("update ledger_head set seq = seq where one = 1", vec![])
        .await?;
    let head = tx
        .one::<Head>("select seq, hash from ledger_head where one = 1", vec![])
        .await?
        .ok_or_else(|| DbError::Unreadable {
            what: "the ledger has no head".into(),
        })?;
    let (mut seq, mut prev) = (head.seq, head.hash);
    for some in lines.chunks(AT_ONCE) {
        let mut values = Vec::with_capacity(some.len() * COLUMNS);
        for line in some {
            seq += 1;
            let mut entry = Entry {
                seq,
                at_ms: line.at.ms(),
                actor: line.actor.clone(),
                kind: line.kind.clone(),
                subject: line.subject.clone(),
                reason: line.reason.clone(),
                detail: line.detail.clone(),
                hash: Vec::new(),
            };
            entry.hash = chain(&prev, &entry).to_vec();
            prev.clone_from(&entry.hash);
            values.extend(values![
                entry.seq,
                entry.at_ms,
                entry.actor,
                entry.kind,
                entry.subject,
                entry.reason,
                entry.detail,
                entry.hash
            ]);
        }
        let sql = format!(
            "insert into ledger (seq, at_ms, actor, kind, subject, reason, detail, hash) values {}",
            crate::ask::tuples(some.len(), COLUMNS)
        );
        tx.execute(&sql, values).await?;
    }
    tx.execute(
        "update ledger_head set seq = $1, hash = $2 where one = 1",
        values![seq, prev],
    )
    .await?;
    Ok(())
}

/// What is wrong with a ledger, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A line is missing, or stands in another place.
    #[error("line {wanted} is missing: line {found} follows line {}", wanted - 1)]
    Gap {
        /// The number that should come.
        wanted: i64,
        /// The number that came.
        found: i64,
    },
    /// A line does not carry the hash that its content and its forerunner give.
    #[error("line {seq} was changed, or the line before it was")]
    Changed {
        /// Its place.
        seq: i64,
    },
    /// The head does not agree with the last line.
    #[error("the ledger ends at line {last}, its head says {head}: the end was cut off")]
    Cut {
        /// The last line there is.
        last: i64,
        /// What the head says.
        head: i64,
    },
    /// A signed checkpoint is not in the chain.
    #[error("the checkpoint at line {seq} is not in this ledger: it was cut off or put back")]
    NotInChain {
        /// The place the checkpoint speaks of.
        seq: i64,
    },
    /// A checkpoint is not signed by this hotline's key.
    #[error("the checkpoint at line {seq} is not signed by the key of this hotline")]
    BadSignature {
        /// The place the checkpoint speaks of.
        seq: i64,
    },
}

/// The result of walking the whole ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many lines there are.
    pub lines: i64,
    /// The hash of the last one.
    pub hash: Vec<u8>,
    /// The first damage found, when there is any.
    pub damage: Option<Damage>,
}

/// Lines read at a time when walking.
const STRIDE: i64 = 5_000;

/// Lines after `seq`, in order, at most `limit`.
///
/// # Errors
/// [`DbError`] when the records cannot be read.
pub async fn after(ask: &impl Ask, seq: i64, limit: i64) -> Result<Vec<Entry>, DbError> {
    ask.rows(
        "select seq, at_ms, actor, kind, subject, reason, detail, hash from ledger
         where seq > $1 order by seq limit $2",
        values![seq, limit],
    )
    .await
}

/// Walks the whole chain and holds it against the checkpoints.
///
/// # Errors
/// [`DbError`] when the records cannot be read; damage is a result, not an error.
pub async fn verify(
    ask: &impl Ask,
    checkpoints: &[Checkpoint],
    key: Option<&VerifyingKey>,
) -> Result<Verified, DbError> {
    let mut walk = Verified {
        lines: 0,
        hash: GENESIS.to_vec(),
        damage: None,
    };
    for point in checkpoints {
        if !key.is_none_or(|key| point.is_signed_by(key)) {
            walk.damage = Some(Damage::BadSignature { seq: point.seq });
            return Ok(walk);
        }
    }
    loop {
        let lines = after(ask, walk.lines, STRIDE).await?;
        if lines.is_empty() {
            break;
        }
        for entry in &lines {
            if let Some(damage) = step(&walk, entry, checkpoints) {
                walk.damage = Some(damage);
                return Ok(walk);
            }
            walk.lines = entry.seq;
            walk.hash.clone_from(&entry.hash);
        }
    }
    walk.damage = ending(ask, &walk, checkpoints).await?;
    Ok(walk)
}

fn step(walk: &Verified, entry: &Entry, checkpoints: &[Checkpoint]) -> Option<Damage> {
    if entry.seq != walk.lines + 1 {
        return Some(Damage::Gap {
            wanted: walk.lines + 1,
            found: entry.seq,
        });
    }
    if chain(&walk.hash, entry).as_slice() != entry.hash {
        return Some(Damage::Changed { seq: entry.seq });
    }
    checkpoints
        .iter()
        .any(|point| point.seq == entry.seq && point.hash() != entry.hash)
        .then_some(Damage::NotInChain { seq: entry.seq })
}

async fn ending(
    ask: &impl Ask,
    walk: &Verified,
    checkpoints: &[Checkpoint],
) -> Result<Option<Damage>, DbError> {
    let head = head(ask).await?;
    if head.0 != walk.lines || head.1 != walk.hash {
        return Ok(Some(Damage::Cut {
            last: walk.lines,
            head: head.0,
        }));
    }
    Ok(checkpoints
        .iter()
        .find(|point| point.seq > walk.lines)
        .map(|point| Damage::NotInChain { seq: point.seq }))
}

/// The place and hash of the last line.
///
/// # Errors
/// [`DbError`] when the records cannot be read.
pub async fn head(ask: &impl Ask) -> Result<(i64, Vec<u8>), DbError> {
    let head = ask
        .one::<Head>("select seq, hash from ledger_head where one = 1", vec![])
        .await?;
    Ok(head.map_or((0, GENESIS.to_vec()), |head| (head.seq, head.hash)))
}

/// A signed statement that the ledger had this hash at this line; kept outside the database, best
/// on another machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The place it speaks of.
    pub seq: i64,
    /// When it was made, ms since 1970 UTC.
    pub at_ms: i64,
    /// The hash of that line, in hex.
    hash: String,
    /// Ed25519 signature over `seq ‖ at ‖ hash`, in hex.
    signature: String,
}

impl Checkpoint {
    /// Signs the present end of the ledger.
    #[must_use]
    pub fn sign(seq: i64, at: Instant, hash: &[u8], key: &SigningKey) -> Self {
        let signature = key.sign(&Self::message(seq, at.ms(), hash));
        Self {
            seq,
            at_ms: at.ms(),
            hash: hex(hash),
            signature: hex(&signature.to_bytes()),
        }
    }

    fn message(seq: i64, at_ms: i64, hash: &[u8]) -> Vec<u8> {
        let mut message = b"meldpunt ledger checkpoint 1\n".to_vec();
        message.extend_from_slice(&seq.to_be_bytes());
        message.extend_from_slice(&at_ms.to_be_bytes());
        message.extend_from_slice(hash);
        message
    }

    fn hash(&self) -> Vec<u8> {
        unhex(&self.hash)
    }

    /// Whether this key signed it.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let Ok(signature) = Signature::from_slice(&unhex(&self.signature)) else {
            return false;
        };
        key.verify(
            &Self::message(self.seq, self.at_ms, &self.hash()),
            &signature,
        )
        .is_ok()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of a hex text; empty when it is none, which no signature matches.
fn unhex(text: &str) -> Vec<u8> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect();
    digits.map_or_else(Vec::new, |digits| {
        digits.chunks_exact(2).map(|d| (d[0] << 4) | d[1]).collect()
    })
}

#[cfg(all(test, feature = "testing"))]
#[path = "ledger_tests.rs"]
mod tests;
