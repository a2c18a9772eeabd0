//! What a platform proves itself with.

use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A secret shared with a platform. Compared in constant time, never shown.
pub struct Secret(Zeroizing<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// A secret; none when it is shorter than 16 characters, which could be guessed.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() >= 16).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// Whether `given` is the secret. The time this takes tells neither its letters nor its length.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        let (ours, theirs) = (
            Sha256::digest(self.0.as_bytes()),
            Sha256::digest(given.as_bytes()),
        );
        bool::from(ours.ct_eq(&theirs))
    }

    /// Whether `signature` (`sha256=` and 64 hex digits) is that of exactly these bytes.
    #[must_use]
    pub fn signed(&self, bytes: &[u8], signature: &str) -> bool {
        let Some(hex) = signature.strip_prefix("sha256=") else {
            return false;
        };
        let Ok(given) = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()) else {
            return false;
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()) else {
            return false;
        };
        mac.update(bytes);
        mac.verify_slice(&given).is_ok()
    }
}
