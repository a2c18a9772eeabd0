//! The keys that providers ask with.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use ground::Chance;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What every key begins with, so that a key that leaked is found by those who look for leaks.
const OPENING: &str = "mpk_";

/// A key; shown once, when it is made.
pub struct Key(Zeroizing<[u8; 32]>);

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no key of this service; a key begins with {OPENING}")]
pub struct KeyUnreadable;

/// What is kept of a key: HMAC-SHA256 under a key of the hotline, so that a stolen database neither
/// opens the service nor lets a guess be tried.
pub type KeyDigest = [u8; 32];

impl Key {
    /// A new key of 256 random bits.
    #[must_use]
    pub fn fresh(chance: &Chance) -> Self {
        Self(Zeroizing::new(chance.bytes()))
    }

    /// Reads a key as it is sent.
    ///
    /// # Errors
    /// [`KeyUnreadable`].
    pub fn parse(text: &str) -> Result<Self, KeyUnreadable> {
        let letters = text.strip_prefix(OPENING).ok_or(KeyUnreadable)?;
        let bytes = BASE32_NOPAD
            .decode(letters.to_ascii_uppercase().as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| KeyUnreadable)?;
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyUnreadable)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// The key as text, to be handed over.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        let letters = BASE32_NOPAD.encode(&*self.0).to_ascii_lowercase();
        Zeroizing::new(format!("{OPENING}{letters}"))
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self, under: &[u8; 32]) -> KeyDigest {
        // HMAC takes a key of any length, so this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(under) else {
            return [0; 32];
        };
        mac.update(&*self.0);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_shown_and_kept_only_as_a_keyed_digest() {
        let key = Key::fresh(&Chance::seeded(1));
        let again = Key::parse(&key.reveal()).unwrap();
        assert_eq!(key.digest(&[1; 32]), again.digest(&[1; 32]));
        assert_ne!(key.digest(&[1; 32]), key.digest(&[2; 32]));
        assert_eq!(format!("{key:?}"), "Key");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "mpk_", "mpk_short", "abc", "mpk_ééé"] {
            assert!(Key::parse(text).is_err(), "{text}");
        }
    }
}
