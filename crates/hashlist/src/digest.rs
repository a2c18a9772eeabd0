//! Digests and hashes as lists name them.

use std::fmt;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

ground::text_enum! {
    /// What an entry is a hash of, and how.
    pub enum Kind {
        /// MD5 of the bytes.
        Md5 = "md5",
        /// SHA-1 of the bytes.
        Sha1 = "sha1",
        /// SHA-256 of the bytes.
        Sha256 = "sha256",
        /// PDQ of the picture, of all its pixels or of a definition that is not told.
        Pdq = "pdq",
        /// PDQ of the picture reduced to 512 × 512 by nearest neighbour, as Meta's file tool does.
        Pdq512 = "pdq_512",
    }
}

impl Kind {
    /// Its length in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 | Self::Pdq | Self::Pdq512 => 32,
        }
    }
}

/// A text is no digest of the kind that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotADigest {
    /// It has a length that no digest has.
    #[error("no digest has {0} hexadecimal digits")]
    Length(usize),
    /// It has another length than its kind.
    #[error("{} has {} hexadecimal digits, not {given}", kind, kind.length() * 2)]
    OtherLength {
        /// The kind that was declared.
        kind: Kind,
        /// The characters given.
        given: usize,
    },
    /// Something in it is no hexadecimal digit.
    #[error("a character is no hexadecimal digit")]
    Digit,
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], NotADigest> {
    let mut out = [0; N];
    let wanted = HEXLOWER_PERMISSIVE.decode_len(text.len());
    if wanted != Ok(N) {
        return Err(NotADigest::Length(text.len()));
    }
    HEXLOWER_PERMISSIVE
        .decode_mut(text.as_bytes(), &mut out)
        .map_err(|_| NotADigest::Digit)?;
    Ok(out)
}

/// A digest of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Digest {
    /// MD5.
    Md5([u8; 16]),
    /// SHA-1.
    Sha1([u8; 20]),
    /// SHA-256.
    Sha256([u8; 32]),
}

impl FromStr for Digest {
    type Err = NotADigest;

    /// Hexadecimal digits of either case; the length tells which digest it is.
    fn from_str(text: &str) -> Result<Self, NotADigest> {
        match text.len() {
            32 => Ok(Self::Md5(bytes(text)?)),
            40 => Ok(Self::Sha1(bytes(text)?)),
            64 => Ok(Self::Sha256(bytes(text)?)),
            other => Err(NotADigest::Length(other)),
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(match self {
            Self::Md5(bytes) => bytes,
            Self::Sha1(bytes) => bytes,
            Self::Sha256(bytes) => bytes,
        }))
    }
}

/// What an entry is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The same bytes.
    Bytes(Digest),
    /// The same look.
    Look([u8; 32]),
    /// The same look, of the reduced picture; looked up together with [`Key::Look`].
    Reduced([u8; 32]),
}

impl Key {
    /// Reads the hexadecimal digits of a hash of this kind, of either case.
    ///
    /// # Errors
    /// [`NotADigest`].
    pub fn parse(kind: Kind, text: &str) -> Result<Self, NotADigest> {
        let given = text.len();
        if given != kind.length() * 2 {
            return Err(NotADigest::OtherLength { kind, given });
        }
        match kind {
            Kind::Pdq => Ok(Self::Look(bytes(text)?)),
            Kind::Pdq512 => Ok(Self::Reduced(bytes(text)?)),
            _ => Ok(Self::Bytes(text.parse()?)),
        }
    }

    /// A hash of this kind from its stored bytes; none if the length is another.
    #[must_use]
    pub fn from_bytes(kind: Kind, bytes: &[u8]) -> Option<Self> {
        Some(match kind {
            Kind::Md5 => Self::Bytes(Digest::Md5(bytes.try_into().ok()?)),
            Kind::Sha1 => Self::Bytes(Digest::Sha1(bytes.try_into().ok()?)),
            Kind::Sha256 => Self::Bytes(Digest::Sha256(bytes.try_into().ok()?)),
            Kind::Pdq => Self::Look(bytes.try_into().ok()?),
            Kind::Pdq512 => Self::Reduced(bytes.try_into().ok()?),
        })
    }

    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Bytes(Digest::Md5(_)) => Kind::Md5,
            Self::Bytes(Digest::Sha1(_)) => Kind::Sha1,
            Self::Bytes(Digest::Sha256(_)) => Kind::Sha256,
            Self::Look(_) => Kind::Pdq,
            Self::Reduced(_) => Kind::Pdq512,
        }
    }

    /// Its bytes, as many as its kind has.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(Digest::Md5(bytes)) => bytes,
            Self::Bytes(Digest::Sha1(bytes)) => bytes,
            Self::Bytes(Digest::Sha256(bytes)) | Self::Look(bytes) | Self::Reduced(bytes) => bytes,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(self.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_digest_of_either_case_is_read_and_printed_in_lower_case(bytes in any::<[u8; 20]>()) {
            let digest = Digest::Sha1(bytes);
            let upper = digest.to_string().to_uppercase();
            prop_assert_eq!(upper.parse::<Digest>(), Ok(digest));
        }

        #[test]
        fn no_text_makes_the_reader_of_digests_fall(text in ".{0,70}") {
            let _ = text.parse::<Digest>();
            for kind in Kind::ALL {
                let _ = Key::parse(*kind, &text);
            }
        }
    }
}
