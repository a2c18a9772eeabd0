//! Evidence: what a visit saw, in a form that stands without us.
//!
//! A visit leaves a *record*: every request and answer as a WARC 1.1 record ([`Exchanges`] in, a
//! [`Record`] out), of which the payloads are kept apart, under the keys of the contents they are,
//! so that shredding a content leaves the record and not the picture. A signed [`Manifest`] commits
//! to the digest of every record, whole and without its payload. [`package`](mod@package) puts both
//! into a WACZ that leaves without any payload; [`verify`](mod@verify) holds such a file, or the
//! whole one that only the police get, against its manifest on a machine that knows nothing else.
//! Whole evidence leaves only in a hand-over ([`rules`](mod@rules)), sealed to the police.
//! An authority may [`stamp`](mod@stamp) the manifest with a time (RFC 3161).

mod build;
pub mod hand_over;
pub mod manifest;
pub mod package;
mod pieces;
mod police;
pub mod rules;
pub mod stamp;
pub mod store;
pub mod verify;
pub mod warc;

pub use build::{Built, Exchange, Exchanges, Resource, build};
pub use manifest::{Manifest, Signature, SignatureFault};
pub use pieces::{Pieces, PiecesFault};
pub use police::{NoPoliceKey, PoliceKey, SealFault};
pub use rules::{HandOver, HandOverRefusal, HandOverState};
pub use warc::{Kind, Payload, Record, RecordId};

/// SHA-256 in lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A moment as RFC 3339 in UTC with milliseconds, as WARC and the manifest write it.
#[must_use]
pub fn written(at: ground::Instant) -> String {
    jiff::Timestamp::from_millisecond(at.ms())
        .map_or_else(|_| at.rfc3339(), |at| format!("{at:.3}"))
}
