//! Exact search of 256-bit hashes within a Hamming distance, for tens of millions of hashes on one machine.
//!
//! Given a hash, [`LikenessIndex`] finds *every* entry that differs from it in at most a given number of bits
//! (31 by default, up to [`MAX_RADIUS`] at the speed of the index, any number by scanning). Recall is exactly 1:
//! nothing is approximate. Entries may be added and withdrawn while others search, effective at once.
//!
//! ```
//! use likeness_index::{DEFAULT_RADIUS, LikenessIndex};
//!
//! let index = LikenessIndex::new(DEFAULT_RADIUS)?;
//! index.insert(&[0, 1, 2, 3], 17);
//! index.insert(&[!0, 1, 2, 3], 18);
//! let found = index.search(&[0b101, 1, 2, 3], 31);
//! assert_eq!((found[0].id, found[0].distance), (17, 2));
//! assert_eq!(found.len(), 1);
//! assert_eq!(index.withdraw(&[0, 1, 2, 3], 17), 1);
//! assert!(index.search(&[0b101, 1, 2, 3], 31).is_empty());
//! # Ok::<(), likeness_index::BuildError>(())
//! ```
//!
//! How it works: the bits are permuted once (`permutation`), cut into bands of which each is searched within a
//! small radius of its own (`layout` has the proof that this misses nothing), and every band has its hashes sorted
//! into buckets (`base`). New entries go to a short list that is scanned, withdrawn ones are struck out in a bitmap;
//! [`LikenessIndex::merge`] works both into a new generation beside the searches. A query for which the bands would
//! compare too many hashes, as happens among many near-duplicates, is answered by scanning all: the lengths of the
//! bands' lists tell so before any hash is compared, mostly after one or two bands. [`LikenessIndex::save`] writes a snapshot that [`LikenessIndex::open`] maps.

mod arena;
mod base;
mod building;
mod index;
mod layout;
mod pending;
mod permutation;
mod processor;
mod snapshot;
mod visiting;

pub use index::{Entry, LikenessIndex, Match, Statistics};
pub use snapshot::{Check, SnapshotError};

/// 256 bits; the first word holds bits 0 to 63, lowest bit first.
pub type Hash = [u64; 4];

/// Meta's threshold for "the same picture", in bits.
pub const DEFAULT_RADIUS: u32 = 31;

/// The largest distance, in bits, that an index can be made for.
pub const MAX_RADIUS: u32 = 40;

/// The most entries of one index.
pub const MAX_COUNT: usize = (1 << 31) - 1;

/// Why an index cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The radius is over [`MAX_RADIUS`].
    #[error("the radius of an index is at most {MAX_RADIUS}, not {0}")]
    Radius(u32),
    /// There are more entries than [`MAX_COUNT`], or than memory could hold.
    #[error("{0} entries are too many for one index")]
    TooMany(usize),
    /// The iterator announced another number of entries than it had.
    #[error("{announced} entries were announced and {given} given")]
    Fewer {
        /// The length the iterator stated.
        announced: usize,
        /// The entries it yielded.
        given: usize,
    },
    /// The system gave no memory.
    #[error("no memory for the index: {0}")]
    Memory(#[from] std::io::Error),
}
