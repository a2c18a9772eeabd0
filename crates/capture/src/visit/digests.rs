//! The digests by which bytes are known elsewhere.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The three digests of one picture's bytes, computed outside the sandbox over what was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    /// SHA-256: the identity of the content.
    pub sha256: [u8; 32],
    /// SHA-1: for the lists of partners.
    pub sha1: [u8; 20],
    /// MD5: likewise.
    pub md5: [u8; 16],
}

impl Digests {
    /// The digests of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            sha256: Sha256::digest(bytes).into(),
            sha1: Sha1::digest(bytes).into(),
            md5: Md5::digest(bytes).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    #[test]
    fn the_digests_are_those_of_the_standards() {
        let digests = Digests::of(b"abc");
        assert_eq!(
            HEXLOWER.encode(&digests.sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            HEXLOWER.encode(&digests.sha1),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert_eq!(
            HEXLOWER.encode(&digests.md5),
            "900150983cd24fb0d6963f7d28e17f72"
        );
    }
}
