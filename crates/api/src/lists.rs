//! What the service asks: the lists, whoever keeps them.

use pdq::Hash256;

/// One hash as it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// MD5 of the bytes.
    Md5([u8; 16]),
    /// SHA-1 of the bytes.
    Sha1([u8; 20]),
    /// SHA-256 of the bytes.
    Sha256([u8; 32]),
    /// PDQ of the picture, of either definition: it is looked up among hashes of both.
    Pdq(Hash256),
}

/// What is known of a hash that is on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The category, which is told.
    pub category: String,
    /// Which entry it is, never told: only for noticing who asks around one entry.
    pub entry: u64,
}

/// The lists cannot be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the lists are not loaded")]
pub struct NotLoaded;

/// The lists. An answer comes from memory: it neither waits nor reads a disk.
pub trait Lists: Send + Sync + 'static {
    /// Whether all lists are loaded and up to date.
    fn ready(&self) -> bool;

    /// Whether this hash is on a list, and on which.
    ///
    /// # Errors
    /// [`NotLoaded`], so that "not loaded" is never taken for "not on a list".
    fn look_up(&self, hash: &Hash) -> Result<Option<Found>, NotLoaded>;
}
