//! The statement that is signed with an exported list: which file, of which list, from which change to
//! which.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde::{Deserialize, Serialize};

/// What every such statement begins with when it is signed.
const CONTEXT: &[u8] = b"meldpunt hash list 1\n";

/// What is said of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The list.
    pub list: String,
    /// csv or vics.
    pub format: String,
    /// Whether the entries of the file are taken back, whatever it says itself.
    pub withdrawals_only: bool,
    /// The change after which it begins; 0 for the whole list.
    pub since: i64,
    /// The last change in it: where the next delta begins.
    pub cursor: i64,
    /// Entries that match.
    pub additions: u64,
    /// Entries that were taken back.
    pub withdrawals: u64,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// When it was made, ms since 1970 UTC.
    pub made_at_ms: i64,
}

/// A statement with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The statement.
    pub statement: Statement,
    /// The key that signed it, in hex: to be held against the one that the hotline made known.
    pub key: String,
    /// Ed25519 signature over `meldpunt hash list 1`, a line feed and the statement as JSON without
    /// spaces, in hex.
    pub signature: String,
}

/// Why a file is not what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// It was signed by somebody else.
    #[error("it was signed by another key")]
    OtherKey,
    /// The statement was altered.
    #[error("the statement was altered after it was signed")]
    Statement,
    /// The file was altered.
    #[error("the file was altered after it was signed")]
    File,
    /// The key is none.
    #[error("the key is not 64 hexadecimal digits of an Ed25519 key")]
    Key,
}

fn message(statement: &Statement) -> Vec<u8> {
    let mut message = CONTEXT.to_vec();
    // Texts, numbers and flags: serialising them cannot fail.
    message.extend(serde_json::to_vec(statement).unwrap_or_default());
    message
}

impl Signed {
    /// Signs a statement.
    #[must_use]
    pub fn by(key: &SigningKey, statement: Statement) -> Self {
        let signature = key.sign(&message(&statement));
        Self {
            key: HEXLOWER.encode(key.verifying_key().as_bytes()),
            signature: HEXLOWER.encode(&signature.to_bytes()),
            statement,
        }
    }

    /// Holds a file, by its SHA-256, and this statement against the key of the hotline.
    ///
    /// # Errors
    /// [`NotVerified`].
    pub fn verify(&self, key: &VerifyingKey, sha256: &[u8]) -> Result<(), NotVerified> {
        if HEXLOWER_PERMISSIVE.decode(self.key.as_bytes()).as_deref() != Ok(key.as_bytes()) {
            return Err(NotVerified::OtherKey);
        }
        let bytes = HEXLOWER_PERMISSIVE.decode(self.signature.as_bytes());
        let signature = bytes.ok().and_then(|b| Signature::from_slice(&b).ok());
        let signature = signature.ok_or(NotVerified::Statement)?;
        key.verify(&message(&self.statement), &signature)
            .map_err(|_| NotVerified::Statement)?;
        if self.statement.sha256 == HEXLOWER.encode(sha256) {
            Ok(())
        } else {
            Err(NotVerified::File)
        }
    }
}

/// A key as the hotline makes it known: 64 hexadecimal digits.
///
/// # Errors
/// [`NotVerified::Key`].
pub fn public_key(text: &str) -> Result<VerifyingKey, NotVerified> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    VerifyingKey::from_bytes(&bytes.ok_or(NotVerified::Key)?).map_err(|_| NotVerified::Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_statement_that_was_altered_is_told_from_one_of_another_key() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let statement = Statement {
            list: "own list".into(),
            format: "csv".into(),
            withdrawals_only: false,
            since: 3,
            cursor: 9,
            additions: 4,
            withdrawals: 1,
            sha256: HEXLOWER.encode(&[1; 32]),
            made_at_ms: 5,
        };
        let signed = Signed::by(&key, statement);
        let known = public_key(&signed.key).unwrap();
        assert_eq!(signed.verify(&known, &[1; 32]), Ok(()));
        assert_eq!(signed.verify(&known, &[2; 32]), Err(NotVerified::File));
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert_eq!(signed.verify(&other, &[1; 32]), Err(NotVerified::OtherKey));
        let mut altered = signed.clone();
        altered.statement.since = 0;
        assert_eq!(
            altered.verify(&known, &[1; 32]),
            Err(NotVerified::Statement)
        );
        assert_eq!(public_key("no key"), Err(NotVerified::Key));
    }
}
