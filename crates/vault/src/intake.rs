//! Sealing to the hotline's public key: what the public side can do and cannot undo.
//!
//! HPKE (RFC 9180) in base mode, X25519-HKDF-SHA256 with ChaCha20-Poly1305, single shot. The plain
//! text is padded to size classes first, so that the length of a sealed letter tells little.

use ground::Chance;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::seal::SealError;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;

const INFO: &[u8] = b"meldpunt letter 1";
/// Suite id, first byte of every sealed letter: room for a successor.
const SUITE: u8 = 1;
const ENCAPPED: usize = 32;
/// Size classes to which letters are padded, in bytes; beyond the last, multiples of it.
const CLASSES: [usize; 4] = [1_024, 4_096, 16_384, 65_536];

/// The public half of the intake key; all that the door holds.
#[derive(Clone)]
pub struct IntakePublic(PublicKey);

impl std::fmt::Debug for IntakePublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IntakePublic")
    }
}

/// The secret half of the intake key.
pub struct IntakeSecret(PrivateKey);

impl IntakePublic {
    /// Reads a public key of 32 bytes.
    ///
    /// # Errors
    /// [`SealError::BadKey`] when it is no X25519 public key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        PublicKey::from_bytes(bytes)
            .map(Self)
            .map_err(|_| SealError::BadKey)
    }

    /// The 32 bytes of the key.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    /// Seals `plain`; `bound_to` must be given again to open it.
    ///
    /// # Errors
    /// [`SealError::BadKey`] when the key cannot be used.
    pub fn seal(
        &self,
        bound_to: &[u8],
        plain: &[u8],
        chance: &Chance,
    ) -> Result<Vec<u8>, SealError> {
        let padded = pad(plain);
        let (encapped, sealed) =
            hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                &OpModeS::Base,
                &self.0,
                INFO,
                &padded,
                bound_to,
                &mut chance.stream(),
            )
            .map_err(|_| SealError::BadKey)?;
        let mut letter = Vec::with_capacity(1 + ENCAPPED + sealed.len());
        letter.push(SUITE);
        letter.extend_from_slice(&encapped.to_bytes());
        letter.extend_from_slice(&sealed);
        Ok(letter)
    }
}

impl IntakeSecret {
    /// Derives the key pair from 32 secret bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> (Self, IntakePublic) {
        let (secret, public) = X25519HkdfSha256::derive_keypair(seed);
        (Self(secret), IntakePublic(public))
    }

    /// Opens a sealed letter.
    ///
    /// # Errors
    /// [`SealError::NotOpened`] when it was not sealed to this key, or for another place, or was
    /// altered.
    pub fn open(&self, bound_to: &[u8], letter: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (suite, rest) = letter.split_first().ok_or(SealError::NotOpened)?;
        let (encapped, sealed) = rest
            .split_at_checked(ENCAPPED)
            .ok_or(SealError::NotOpened)?;
        if *suite != SUITE {
            return Err(SealError::NotOpened);
        }
        let encapped = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapped)
            .map_err(|_| SealError::NotOpened)?;
        let padded = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.0,
            &encapped,
            INFO,
            sealed,
            bound_to,
        )
        .map_err(|_| SealError::NotOpened)?;
        unpad(&Zeroizing::new(padded)).ok_or(SealError::NotOpened)
    }
}

fn pad(plain: &[u8]) -> Zeroizing<Vec<u8>> {
    let needed = plain.len() + 4;
    let last = CLASSES[CLASSES.len() - 1];
    let class = CLASSES
        .into_iter()
        .find(|class| needed <= *class)
        .unwrap_or_else(|| needed.div_ceil(last) * last);
    let mut padded = Zeroizing::new(Vec::with_capacity(class));
    padded.extend_from_slice(&u32::try_from(plain.len()).unwrap_or(u32::MAX).to_be_bytes());
    padded.extend_from_slice(plain);
    padded.resize(class, 0);
    padded
}

fn unpad(padded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (length, rest) = padded.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    rest.get(..length)
        .map(|plain| Zeroizing::new(plain.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_letter_opens_only_with_the_secret_key_and_in_its_place() -> Result<(), SealError> {
        let (secret, public) = IntakeSecret::from_seed(&[1; 32]);
        let (other, _) = IntakeSecret::from_seed(&[2; 32]);
        let sealed = public.seal(b"let_1", b"words", &Chance::system())?;
        assert_eq!(secret.open(b"let_1", &sealed)?.as_slice(), b"words");
        assert!(secret.open(b"let_2", &sealed).is_err());
        assert!(other.open(b"let_1", &sealed).is_err());
        Ok(())
    }

    #[test]
    fn letters_of_one_class_have_one_length() -> Result<(), SealError> {
        let (_, public) = IntakeSecret::from_seed(&[1; 32]);
        let short = public.seal(b"", b"a", &Chance::system())?;
        let longer = public.seal(b"", &[7; 900], &Chance::system())?;
        assert_eq!(short.len(), longer.len());
        Ok(())
    }

    proptest! {
        #[test]
        fn padding_is_undone(plain in proptest::collection::vec(any::<u8>(), 0..70_000)) {
            prop_assert_eq!(unpad(&pad(&plain)).map(|p| p.to_vec()), Some(plain));
        }

        #[test]
        fn one_flipped_bit_does_not_open(bit in 0usize..8_000) {
            let (secret, public) = IntakeSecret::from_seed(&[1; 32]);
            let mut sealed = public.seal(b"x", b"words", &Chance::seeded(3)).unwrap();
            let place = bit % (sealed.len() * 8);
            sealed[place / 8] ^= 1 << (place % 8);
            prop_assert!(secret.open(b"x", &sealed).is_err());
        }
    }
}
