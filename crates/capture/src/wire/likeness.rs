//! What a picture looks like, in bits: how the child says it, read strictly by the parent.

use pdq::Hash256;
use serde::{Deserialize, Serialize};

/// One PDQ hash, said as 64 hex digits and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SaidHash(pub Hash256);

impl TryFrom<String> for SaidHash {
    type Error = pdq::ParseHashError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl From<SaidHash> for String {
    fn from(said: SaidHash) -> Self {
        said.0.to_string()
    }
}

/// Both definitions of one picture's PDQ hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// Of all stored pixels, in the eight turns and mirrorings of `pdq::Turn::ALL`; the first is the
    /// picture as it is stored.
    pub turns: [SaidHash; 8],
    /// How much can be relied on it, 0 to 100.
    pub quality: u8,
    /// Of the picture reduced to 512 × 512 by nearest neighbour, as Meta's file tool does.
    pub reduced: SaidHash,
}

impl Looks {
    /// The hash of all stored pixels.
    #[must_use]
    pub const fn pdq(&self) -> Hash256 {
        self.turns[0].0
    }

    /// The hash of the reduced picture.
    #[must_use]
    pub const fn pdq_512(&self) -> Hash256 {
        self.reduced.0
    }
}

/// What a decoded picture looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every picture has hashes, so a box would be made for nearly each"
)]
pub enum Likeness {
    /// It has hashes.
    Hashed(Looks),
    /// It is sound and shows too little, for this reason: even, or under 5 pixels.
    NotHashable(String),
}

impl Likeness {
    /// Of a decoded picture, as it is stored: an orientation in its metadata is not applied.
    pub(crate) fn of(image: &image::DynamicImage) -> Self {
        match pdq::hash_image(image) {
            pdq::Outcome::Hashed(hashes) => Self::Hashed(Looks {
                turns: hashes.full.dihedral().map(SaidHash),
                quality: hashes.full.quality,
                reduced: SaidHash(hashes.reduced.hash),
            }),
            pdq::Outcome::NotHashable(why) => Self::NotHashable(why.to_string()),
        }
    }

    /// Its hashes, when it has any.
    #[must_use]
    pub const fn looks(&self) -> Option<&Looks> {
        match self {
            Self::Hashed(looks) => Some(looks),
            Self::NotHashable(_) => None,
        }
    }
}
