//! A hash as it stands in a notice: hexadecimal text of the right length, never bytes.

/// A hash of `BYTES` bytes, lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest<const BYTES: usize>(String);

/// The text is not a hash of the wanted length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is not a hash of the wanted length")]
pub struct DigestFault;

impl<const BYTES: usize> Digest<BYTES> {
    /// Reads hexadecimal text of exactly twice `BYTES` digits.
    ///
    /// # Errors
    /// [`DigestFault`].
    pub fn parse(hex: &str) -> Result<Self, DigestFault> {
        if hex.len() == 2 * BYTES && hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            Ok(Self(hex.to_ascii_lowercase()))
        } else {
            Err(DigestFault)
        }
    }
}

impl<const BYTES: usize> std::fmt::Display for Digest<BYTES> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hexadecimal_of_the_right_length_is_a_hash() {
        assert_eq!(
            Digest::<2>::parse("AB01").map(|d| d.to_string()),
            Ok("ab01".into())
        );
        for wrong in ["", "ab", "ab012", "ab0g", "ab01cd"] {
            assert!(Digest::<2>::parse(wrong).is_err(), "{wrong}");
        }
    }
}
