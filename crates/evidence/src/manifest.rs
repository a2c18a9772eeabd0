//! The manifest of a visit: every digest, address, time, certificate and redirect, signed.
//!
//! It has no field for bytes (law 3): what was seen is in it as digests, and so are certificates, in
//! which a hostile server may write what it likes. A nonce makes its own digest, which stands in the
//! ledger, a digest of nothing that can be guessed.

use std::net::IpAddr;

use data_encoding::BASE64;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// What every manifest says it is.
pub const FORMAT: &str = "meldpunt evidence";
/// The version of the form described here.
pub const VERSION: u32 = 1;
/// Stands before the bytes of a manifest when it is signed, so that the signature is of nothing else.
const DOMAIN: &[u8] = b"meldpunt evidence 1\n";

/// What a visit saw. Times are RFC 3339 in UTC, digests lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// 16 random bytes, hex.
    pub nonce: String,
    /// The hotline that made it.
    pub hotline: String,
    /// Its name for the visit.
    pub visit: String,
    /// The address that was asked for.
    pub address: String,
    /// When the visit began.
    pub began_at: String,
    /// When it had ended.
    pub ended_at: String,
    /// Why nothing was captured; none when the address answered with a page or a picture.
    pub not_captured: Option<String>,
    /// Where it ended.
    pub final_address: Option<String>,
    /// The HTTP status of the main document.
    pub status: Option<u16>,
    /// How it got there.
    pub redirects: Vec<Step>,
    /// With what it was looked at.
    pub visitor: Visitor,
    /// Every connection that was made or refused.
    pub connections: Vec<Connection>,
    /// The certificates servers showed.
    pub certificates: Vec<Certificate>,
    /// Every picture and video that was received.
    pub items: Vec<Item>,
    /// The picture of the page as a person would have seen it.
    pub screenshot: Option<Seen>,
    /// The records of the WARC file, in their order.
    pub records: Vec<Committed>,
}

/// One step from the address to where it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Where it began.
    pub from: String,
    /// Where it led.
    pub to: String,
    /// The HTTP status that said so.
    pub status: Option<u16>,
    /// `server` or `page`.
    pub by: String,
}

/// With what the address was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// The name and version of this program.
    pub program: String,
    /// `browser` or `plain`.
    pub via: Option<String>,
    /// The browser's name and version.
    pub browser: Option<String>,
    /// Whether it ran in its box.
    pub boxed: bool,
    /// Whether the browser's own sandbox was on as well.
    pub browser_sandboxed: Option<bool>,
}

/// One connection, as the way out noted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The address connected to; none when it was refused, or resolved elsewhere.
    pub ip: Option<IpAddr>,
    /// Through which other way out it went, as the settings name it.
    pub through: Option<String>,
    /// When it was asked for.
    pub opened_at: String,
    /// How long resolving and connecting took, in milliseconds.
    pub connect_ms: Option<u64>,
    /// Bytes that came in.
    pub bytes_in: u64,
    /// Bytes that went out.
    pub bytes_out: u64,
    /// Why there was none.
    pub refused: Option<String>,
}

/// The certificates one server showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// `way-out`: shown to our own handshake, outside the box. `browser`: as the browser said, which
    /// the page may have taken over.
    pub seen_by: String,
    /// SHA-256 of each certificate, the server's own first.
    pub sha256: Vec<String>,
    /// Why the chain is not trusted on this machine; empty when it is, none when nobody looked.
    pub fault: Option<String>,
}

/// One picture or video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its own address.
    pub address: String,
    /// In which way the page held it.
    pub found_by: String,
    /// Its kind, told from its first bytes.
    pub media_type: String,
    /// Its size, in bytes.
    pub bytes: u64,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Digest of its bytes.
    pub sha256: String,
    /// Digest of its bytes.
    pub sha1: String,
    /// Digest of its bytes.
    pub md5: String,
}

/// Bytes that were seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Digest.
    pub sha256: String,
    /// Length.
    pub bytes: u64,
}

/// One record of the WARC file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    /// Its name.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// Digest over the whole record, uncompressed.
    pub sha256: String,
    /// Digest over the record without its payload, uncompressed; the same when it has none.
    pub sha256_without_payload: String,
}

/// The signature of a manifest, as it stands in a file beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// `Ed25519`.
    pub algorithm: String,
    /// The key that signed, base 64.
    pub key: String,
    /// Over `meldpunt evidence 1`, a line feed, and the bytes of the manifest; base 64.
    pub signature: String,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// It is not one.
    #[error("it does not have the form of an Ed25519 signature")]
    Form,
    /// It is by another key.
    #[error("it was signed with the key {0}, which is not the one given")]
    OtherKey(String),
    /// It is not of these bytes.
    #[error("it is not the signature of these bytes")]
    OtherBytes,
}

impl Signature {
    /// Signs the bytes of a manifest.
    #[must_use]
    pub fn of(manifest: &[u8], key: &SigningKey) -> Self {
        let signed = key.sign(&[DOMAIN, manifest].concat());
        Self {
            algorithm: "Ed25519".into(),
            key: key_text(&key.verifying_key()),
            signature: BASE64.encode(&signed.to_bytes()),
        }
    }

    /// Holds the signature against the bytes of a manifest, and against the key that is expected.
    ///
    /// # Errors
    /// [`SignatureFault`].
    pub fn check(
        &self,
        manifest: &[u8],
        expected: Option<&VerifyingKey>,
    ) -> Result<(), SignatureFault> {
        let key = (self.algorithm == "Ed25519")
            .then(|| read_key(&self.key))
            .flatten()
            .ok_or(SignatureFault::Form)?;
        if expected.is_some_and(|expected| *expected != key) {
            return Err(SignatureFault::OtherKey(key_text(&key)));
        }
        let signature = BASE64
            .decode(self.signature.as_bytes())
            .ok()
            .and_then(|bytes| ed25519_dalek::Signature::from_slice(&bytes).ok())
            .ok_or(SignatureFault::Form)?;
        key.verify_strict(&[DOMAIN, manifest].concat(), &signature)
            .map_err(|_| SignatureFault::OtherBytes)
    }
}

/// A public key as text: 32 bytes in base 64.
#[must_use]
pub fn key_text(key: &VerifyingKey) -> String {
    BASE64.encode(key.as_bytes())
}

/// A public key from its text.
#[must_use]
pub fn read_key(text: &str) -> Option<VerifyingKey> {
    let bytes = BASE64.decode(text.trim().as_bytes()).ok()?;
    VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_bytes_and_its_key_only() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        let signed = Signature::of(b"manifest", &key);
        assert_eq!(
            signed.check(b"manifest", Some(&key.verifying_key())),
            Ok(())
        );
        assert_eq!(
            signed.check(b"manifests", None),
            Err(SignatureFault::OtherBytes)
        );
        assert!(matches!(
            signed.check(b"manifest", Some(&other)),
            Err(SignatureFault::OtherKey(_))
        ));
        let mut broken = signed;
        broken.signature.truncate(8);
        assert_eq!(broken.check(b"manifest", None), Err(SignatureFault::Form));
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        assert_eq!(read_key(&key_text(&key)), Some(key));
        assert_eq!(read_key("abc"), None);
    }
}
