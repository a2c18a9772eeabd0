//! What a page was made of, beside its pictures: documents, style sheets, scripts, each once.

use std::collections::BTreeMap;

use crate::sha256_hex;

/// Bytes by their SHA-256. As stored: for each its length (8 bytes, big endian) and its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pieces(BTreeMap<String, Vec<u8>>);

/// Stored pieces cannot be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored pieces of a page cannot be read")]
pub struct PiecesFault;

impl Pieces {
    /// Adds a piece; its digest.
    pub fn add(&mut self, bytes: Vec<u8>) -> String {
        let sha256 = sha256_hex(&bytes);
        self.0.entry(sha256.clone()).or_insert(bytes);
        sha256
    }

    /// The piece with this digest.
    #[must_use]
    pub fn get(&self, sha256: &str) -> Option<&[u8]> {
        self.0.get(sha256).map(Vec::as_slice)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// To be sealed and stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for piece in self.0.values() {
            out.extend_from_slice(&(piece.len() as u64).to_be_bytes());
            out.extend_from_slice(piece);
        }
        out
    }

    /// As [`Pieces::to_bytes`] wrote them.
    ///
    /// # Errors
    /// [`PiecesFault`] when they were not.
    pub fn from_bytes(mut bytes: &[u8]) -> Result<Self, PiecesFault> {
        let mut pieces = Self::default();
        while let Some((length, rest)) = bytes.split_first_chunk::<8>() {
            let length = usize::try_from(u64::from_be_bytes(*length)).map_err(|_| PiecesFault)?;
            let (piece, rest) = rest.split_at_checked(length).ok_or(PiecesFault)?;
            pieces.add(piece.to_vec());
            bytes = rest;
        }
        if bytes.is_empty() {
            Ok(pieces)
        } else {
            Err(PiecesFault)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_come_back_whole_or_not_at_all(
            parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..6),
            cut in 1_usize..8
        ) {
            let mut pieces = Pieces::default();
            for part in parts {
                pieces.add(part);
            }
            let stored = pieces.to_bytes();
            prop_assert_eq!(Pieces::from_bytes(&stored), Ok(pieces.clone()));
            if let Some(short) = stored.len().checked_sub(cut) {
                prop_assert!(Pieces::from_bytes(&stored[..short]).map_or(true, |read| read != pieces));
            }
        }
    }
}
