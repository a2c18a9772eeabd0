//! WARC 1.1 (ISO 28500): one record of what was asked, answered or seen.
//!
//! A record is written in two ways: whole, and without its payload, as a `revisit` record that has
//! the head of the answer and the digest of what is left out. Both are functions of the record and
//! nothing else, so that their digests can be signed before either is ever written.

mod read;

use std::fmt::Write as _;
use std::net::IpAddr;

use ground::{Chance, Instant};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{sha256_hex, written};

pub use read::{Found, ReadFault, Reader};

/// The profile under which a record without its payload points at the whole one.
const PROFILE: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// What a record is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// With what the file was made.
    Warcinfo,
    /// A request that was sent.
    Request,
    /// The answer to it.
    Response,
    /// Something made by the visit itself: the page's picture.
    Resource,
    /// What is known beside that.
    Metadata,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Warcinfo => "warcinfo",
            Self::Request => "request",
            Self::Response => "response",
            Self::Resource => "resource",
            Self::Metadata => "metadata",
        }
    }
}

/// The name of a record: a UUID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordId(String);

impl RecordId {
    /// A new random name.
    #[must_use]
    pub fn fresh(chance: &Chance) -> Self {
        Self::of(chance.bytes(), 0x40)
    }

    /// The name of this record without its payload; follows from the name.
    #[must_use]
    pub fn without_payload(&self) -> Self {
        let digest = Sha256::digest(format!("without payload|{}", self.0));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self::of(bytes, 0x80)
    }

    fn of(mut bytes: [u8; 16], version: u8) -> Self {
        bytes[6] = bytes[6] & 0x0f | version;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = data_encoding::HEXLOWER.encode(&bytes);
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        ];
        Self(format!("<urn:uuid:{}>", parts.join("-")))
    }

    /// As a record writes it, in angle brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an answer held: known by its digest, kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// SHA-256 of what was received, lower-case hex.
    pub sha256: String,
    /// How much was received, in bytes.
    pub bytes: u64,
    /// Whether less was received, or kept, than the server sent.
    pub truncated: bool,
}

/// One record, without the bytes of its payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What it is of.
    pub kind: Kind,
    /// Its name.
    pub id: RecordId,
    /// When it was asked, answered or seen.
    pub at: Instant,
    /// The address it is about.
    pub target: Option<String>,
    /// The address that was connected to, when the way out made only one to that host.
    pub ip: Option<IpAddr>,
    /// The record of the request that this one answers.
    pub concurrent_to: Option<RecordId>,
    /// The media type of the block.
    pub media_type: String,
    /// The block up to the payload: the head of a request or an answer, or the whole of a text.
    pub head: String,
    /// What follows the head.
    pub payload: Option<Payload>,
}

/// The bytes given for a payload are not those of the record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bytes given for a record are not those that were recorded")]
pub struct OtherBytes;

impl Record {
    /// The whole record.
    ///
    /// # Errors
    /// [`OtherBytes`] when these are not the bytes that were recorded.
    pub fn whole(&self, payload: &[u8]) -> Result<Vec<u8>, OtherBytes> {
        let expected = self.payload.as_ref().map(|payload| payload.sha256.as_str());
        let fits = match expected {
            Some(expected) => sha256_hex(payload) == expected,
            None => payload.is_empty(),
        };
        if !fits {
            return Err(OtherBytes);
        }
        let mut block = self.head.clone().into_bytes();
        block.extend_from_slice(payload);
        let mut head = self.lines(self.kind.as_str(), &self.id);
        self.payload_lines(&mut head);
        Ok(finish(head, &block))
    }

    /// The record without its payload; one that never had any is written whole.
    #[must_use]
    pub fn without_payload(&self) -> Vec<u8> {
        let Some(payload) = &self.payload else {
            return finish(
                self.lines(self.kind.as_str(), &self.id),
                self.head.as_bytes(),
            );
        };
        let mut head = self.lines("revisit", &self.id.without_payload());
        let _ = write!(
            head,
            "WARC-Profile: {PROFILE}\r\nWARC-Refers-To: {}\r\nWARC-Refers-To-Date: {}\r\n\
             X-Payload-Bytes: {}\r\n",
            self.id.0,
            written(self.at),
            payload.bytes
        );
        if let Some(target) = &self.target {
            let _ = write!(head, "WARC-Refers-To-Target-URI: {}\r\n", one_line(target));
        }
        self.payload_lines(&mut head);
        finish(head, self.head.as_bytes())
    }

    fn lines(&self, kind: &str, id: &RecordId) -> String {
        let mut text = format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {}\r\nWARC-Date: {}\r\n",
            id.0,
            written(self.at)
        );
        if let Some(target) = &self.target {
            let _ = write!(text, "WARC-Target-URI: {}\r\n", one_line(target));
        }
        if let Some(ip) = self.ip {
            let _ = write!(text, "WARC-IP-Address: {ip}\r\n");
        }
        if let Some(other) = &self.concurrent_to {
            let _ = write!(text, "WARC-Concurrent-To: {}\r\n", other.0);
        }
        let _ = write!(text, "Content-Type: {}\r\n", one_line(&self.media_type));
        text
    }

    fn payload_lines(&self, text: &mut String) {
        if let Some(payload) = &self.payload {
            let _ = write!(text, "WARC-Payload-Digest: sha256:{}\r\n", payload.sha256);
            if payload.truncated {
                text.push_str("WARC-Truncated: length\r\n");
            }
        }
    }
}

fn finish(mut head: String, block: &[u8]) -> Vec<u8> {
    let _ = write!(
        head,
        "WARC-Block-Digest: sha256:{}\r\nContent-Length: {}\r\n\r\n",
        sha256_hex(block),
        block.len()
    );
    let mut record = head.into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

/// A text that cannot end the line it stands in.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// One record as a member of a compressed file: each is compressed alone, so that one can be read
/// without the others.
///
/// # Errors
/// When memory runs out inside the compressor; never of its own.
pub fn compressed(record: &[u8]) -> std::io::Result<Vec<u8>> {
    use std::io::Write as _;
    let level = flate2::Compression::fast();
    let mut into = flate2::write::GzEncoder::new(Vec::new(), level);
    into.write_all(record)?;
    into.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(payload: &[u8]) -> Record {
        Record {
            kind: Kind::Response,
            id: RecordId::fresh(&Chance::seeded(1)),
            at: Instant::from_ms(1_790_000_000_123),
            target: Some("https://gallery.example/1.png".into()),
            ip: Some([192, 0, 2, 7].into()),
            concurrent_to: Some(RecordId::fresh(&Chance::seeded(2))),
            media_type: "application/http; msgtype=response".into(),
            head: "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\n".into(),
            payload: Some(Payload {
                sha256: sha256_hex(payload),
                bytes: payload.len() as u64,
                truncated: false,
            }),
        }
    }

    #[test]
    fn without_its_payload_a_record_holds_no_byte_of_it() -> Result<(), OtherBytes> {
        let payload = b"a drawn circle, in many bytes";
        let one = record(payload);
        let whole = one.whole(payload)?;
        let left = one.without_payload();
        let holds = |bytes: &[u8]| bytes.windows(payload.len()).any(|part| part == payload);
        assert!(holds(&whole) && !holds(&left));
        let text = String::from_utf8_lossy(&left).into_owned();
        assert!(text.contains("WARC-Type: revisit\r\n") && text.contains(&sha256_hex(payload)));
        assert_eq!(one.whole(b"a drawn square"), Err(OtherBytes));
        Ok(())
    }

    #[test]
    fn a_target_cannot_add_a_header() {
        let mut one = record(b"x");
        one.target = Some("http://a.example/\r\nWARC-Type: warcinfo\r\n\r\n".into());
        let text = String::from_utf8_lossy(&one.without_payload()).into_owned();
        assert_eq!(text.matches("\r\nWARC-Type:").count(), 1);
    }

    #[test]
    fn names_are_uuids_and_steady() {
        let id = RecordId::fresh(&Chance::seeded(1));
        assert_eq!(id.as_str().len(), "<urn:uuid:>".len() + 36);
        assert_eq!(id.without_payload(), id.without_payload());
        assert_ne!(id.without_payload(), id);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            payloads in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..3_000), 1..6)
        ) {
            let mut file = Vec::new();
            let mut expected = Vec::new();
            for payload in &payloads {
                let one = record(payload);
                for bytes in [one.whole(payload).unwrap(), one.without_payload()] {
                    expected.push(sha256_hex(&bytes));
                    file.extend(compressed(&bytes).unwrap());
                }
            }
            let found: Result<Vec<Found>, ReadFault> = Reader::over(&file).collect();
            let found: Vec<String> = found.unwrap().into_iter().map(|one| one.sha256).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
