//! The police's public key, to which whole evidence is sealed: an age file that we cannot open again.

use age::x25519::Recipient;

/// The police's public key (age, X25519).
#[derive(Clone)]
pub struct PoliceKey(Recipient);

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no age public key; it begins with age1")]
pub struct NoPoliceKey;

/// A file could not be sealed.
#[derive(Debug, thiserror::Error)]
#[error("the file could not be sealed to the police: {0}")]
pub struct SealFault(#[from] age::EncryptError);

impl PoliceKey {
    /// The key that `age-keygen` prints as public.
    ///
    /// # Errors
    /// [`NoPoliceKey`].
    pub fn parse(text: &str) -> Result<Self, NoPoliceKey> {
        text.trim().parse().map(Self).map_err(|_| NoPoliceKey)
    }

    /// Seals bytes so that only the police can read them.
    ///
    /// # Errors
    /// [`SealFault`].
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealFault> {
        Ok(age::encrypt(&self.0, plain)?)
    }
}

impl std::fmt::Display for PoliceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for PoliceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PoliceKey({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_police_can_read_what_is_sealed_to_them() {
        let (police, other) = (
            age::x25519::Identity::generate(),
            age::x25519::Identity::generate(),
        );
        let key = PoliceKey::parse(&police.to_public().to_string()).unwrap();
        let sealed = key.seal(b"two circles and a line").unwrap();
        assert_eq!(
            age::decrypt(&police, &sealed).unwrap(),
            b"two circles and a line"
        );
        assert!(age::decrypt(&other, &sealed).is_err());
        assert!(!sealed.windows(7).any(|window| window == b"circles"));
    }

    #[test]
    fn what_is_no_key_is_said_to_be_none() {
        for text in ["", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1QQQ"] {
            assert!(PoliceKey::parse(text).is_err(), "{text}");
        }
    }
}
