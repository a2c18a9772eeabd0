//! The 256-bit hash and its written form.

use std::fmt;
use std::str::FromStr;

/// A PDQ hash: 256 bits, of which bit `16 i + j` says whether frequency (i, j) is above the median.
///
/// The written form is 64 lower-case hexadecimal digits with bit 255 first, as every PDQ tool prints it.
///
/// ```
/// use pdq::Hash256;
/// let text = "d8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b22";
/// let hash: Hash256 = text.parse()?;
/// assert_eq!(hash.to_string(), text);
/// assert_eq!(hash.distance(&hash), 0);
/// # Ok::<(), pdq::ParseHashError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Hash256 {
    /// Bits 0 to 63 in the first word, bit 0 lowest.
    words: [u64; 4],
}

impl Hash256 {
    /// The hash whose bits 0 to 63 are the first word, lowest bit first.
    pub const fn from_words(words: [u64; 4]) -> Self {
        Self { words }
    }

    /// Four words; the first holds bits 0 to 63, lowest bit first.
    pub const fn words(&self) -> [u64; 4] {
        self.words
    }

    /// The hash from its 32 bytes in written order (bit 255 first).
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut words = [0; 4];
        for (i, byte) in bytes.into_iter().enumerate() {
            let place = 31 - i;
            words[place / 8] |= u64::from(byte) << (8 * (place % 8));
        }
        Self { words }
    }

    /// The 32 bytes in written order (bit 255 first).
    pub fn to_bytes(self) -> [u8; 32] {
        std::array::from_fn(|i| {
            let place = 31 - i;
            self.words[place / 8].to_le_bytes()[place % 8]
        })
    }

    /// Whether bit `index` is set; false from 256 on.
    pub fn bit(&self, index: usize) -> bool {
        self.words
            .get(index / 64)
            .is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// This hash with bit `index` inverted; unchanged from 256 on.
    #[must_use]
    pub fn with_flipped(mut self, index: usize) -> Self {
        if let Some(word) = self.words.get_mut(index / 64) {
            *word ^= 1 << (index % 64);
        }
        self
    }

    /// The number of bits in which two hashes differ (0 to 256). Meta's threshold for "the same picture" is 31.
    pub fn distance(&self, other: &Self) -> u32 {
        self.words
            .iter()
            .zip(other.words)
            .map(|(a, b)| (a ^ b).count_ones())
            .sum()
    }
}

impl fmt::Display for Hash256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [w0, w1, w2, w3] = self.words;
        write!(f, "{w3:016x}{w2:016x}{w1:016x}{w0:016x}")
    }
}

impl fmt::Debug for Hash256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash256({self})")
    }
}

/// Why a text is not a PDQ hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseHashError {
    /// The text has another length than 64 bytes.
    #[error("a PDQ hash has 64 hexadecimal digits, this has {0} bytes")]
    Length(usize),
    /// A character is no hexadecimal digit; the position counts from 0.
    #[error("no hexadecimal digit at position {0}")]
    Digit(usize),
}

impl FromStr for Hash256 {
    type Err = ParseHashError;

    /// Reads 64 hexadecimal digits of either case, bit 255 first. Nothing around them is forgiven.
    fn from_str(text: &str) -> Result<Self, ParseHashError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(ParseHashError::Length(digits.len()));
        }
        let mut words = [0u64; 4];
        for (i, &digit) in digits.iter().enumerate() {
            let value = char::from(digit)
                .to_digit(16)
                .ok_or(ParseHashError::Digit(i))?;
            let word = &mut words[3 - i / 16];
            *word = *word << 4 | u64::from(value);
        }
        Ok(Self { words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_digit_holds_the_highest_bits() {
        let hash = Hash256::default().with_flipped(255);
        assert!(hash.to_string().starts_with("8000"));
        assert!(
            Hash256::default()
                .with_flipped(0)
                .to_string()
                .ends_with("0001")
        );
        assert_eq!(hash.to_bytes()[0], 0x80);
    }

    #[test]
    fn text_of_another_length_or_alphabet_is_refused() {
        assert_eq!("ab".parse::<Hash256>(), Err(ParseHashError::Length(2)));
        let bad = format!("{}g{}", "0".repeat(10), "0".repeat(53));
        assert_eq!(bad.parse::<Hash256>(), Err(ParseHashError::Digit(10)));
        assert_eq!(
            format!("+{}", "0".repeat(63)).parse::<Hash256>(),
            Err(ParseHashError::Digit(0))
        );
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(words: [u64; 4]) {
            let hash = Hash256::from_words(words);
            prop_assert_eq!(hash.to_string().parse(), Ok(hash));
            prop_assert_eq!(hash.to_string().to_uppercase().parse(), Ok(hash));
            prop_assert_eq!(Hash256::from_bytes(hash.to_bytes()), hash);
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = text.parse::<Hash256>();
        }

        #[test]
        fn distance_counts_differing_bits(a: [u64; 4], b: [u64; 4]) {
            let (a, b) = (Hash256::from_words(a), Hash256::from_words(b));
            let differing = (0..256).filter(|&k| a.bit(k) != b.bit(k)).count();
            prop_assert_eq!(a.distance(&b) as usize, differing);
        }
    }
}
