//! Sealing one field: XChaCha20-Poly1305 with a random nonce, bound to the place it stands in.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use ground::Chance;
use zeroize::Zeroizing;

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key has the wrong form.
    #[error("the key cannot be used")]
    BadKey,
    /// Another key, another place, or altered bytes: never said which.
    #[error("the sealed value does not open")]
    NotOpened,
    /// More bytes than the cipher can take at once.
    #[error("the value is too long to be sealed")]
    TooLong,
}

/// Where a sealed value stands: table and column, and the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    column: &'static str,
    row: String,
}

impl Place {
    /// The place `column` (written `table.column`) in the row with this id.
    #[must_use]
    pub fn new(column: &'static str, row: impl std::fmt::Display) -> Self {
        Self {
            column,
            row: row.to_string(),
        }
    }

    /// What is authenticated with a value in this place, for this owner.
    #[must_use]
    pub fn bound_to(&self, owner: &str) -> Vec<u8> {
        format!("meldpunt|1|{owner}|{}|{}", self.column, self.row).into_bytes()
    }
}

const NONCE: usize = 24;

/// Seals `plain` under `key`, bound to `bound_to`; the nonce stands in front.
///
/// # Errors
/// [`SealError::TooLong`] beyond 256 GiB.
pub fn seal_with(
    key: &[u8; 32],
    bound_to: &[u8],
    plain: &[u8],
    chance: &Chance,
) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; NONCE] = chance.bytes();
    let sealed = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: plain,
                aad: bound_to,
            },
        )
        .map_err(|_| SealError::TooLong)?;
    let mut out = Vec::with_capacity(NONCE + sealed.len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// Opens what [`seal_with`] sealed.
///
/// # Errors
/// [`SealError::NotOpened`] with another key or place, or when a bit was altered.
pub fn open_with(
    key: &[u8; 32],
    bound_to: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (nonce, rest) = sealed
        .split_first_chunk::<NONCE>()
        .ok_or(SealError::NotOpened)?;
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: rest,
                aad: bound_to,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| SealError::NotOpened)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_value_opens_in_its_place_and_nowhere_else(
            plain in proptest::collection::vec(any::<u8>(), 0..2_000), flip in any::<u16>()
        ) {
            let key = [5; 32];
            let place = Place::new("report.words", "rep_1").bound_to("rep_1");
            let mut sealed = seal_with(&key, &place, &plain, &Chance::system()).unwrap();
            prop_assert_eq!(open_with(&key, &place, &sealed).unwrap().to_vec(), plain);
            for other in [
                Place::new("report.words", "rep_2").bound_to("rep_1"),
                Place::new("report.note", "rep_1").bound_to("rep_1"),
                Place::new("report.words", "rep_1").bound_to("rep_2"),
            ] {
                prop_assert!(open_with(&key, &other, &sealed).is_err());
            }
            prop_assert!(open_with(&[6; 32], &place, &sealed).is_err());
            let bit = usize::from(flip) % (sealed.len() * 8);
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(open_with(&key, &place, &sealed).is_err());
        }
    }
}
