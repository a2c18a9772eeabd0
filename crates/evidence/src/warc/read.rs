//! Reads a compressed WARC that may be anybody's: each member is one record, within bounds.

use std::io::Read as _;

use flate2::bufread::GzDecoder;

use crate::sha256_hex;

/// The largest record that is read, in bytes, uncompressed.
const RECORD_MAX: u64 = 600 << 20;
/// The longest head of a record, in bytes.
const HEAD_MAX: usize = 256 << 10;
/// Most records of one file.
const RECORDS_MAX: usize = 200_000;

/// One record as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// SHA-256 over the whole record, uncompressed, lower-case hex.
    pub sha256: String,
    /// Its type, as `response`.
    pub kind: String,
    /// Its name.
    pub id: String,
    /// The address it is about.
    pub target: Option<String>,
    /// Whether the digests that it gives itself are those of its bytes.
    pub sound: bool,
}

/// Why a file is no WARC that can be read; reads on from "record N: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// It is not compressed, or broken.
    #[error("it is not a whole gzip member")]
    NotGzip,
    /// It does not follow the form of a record.
    #[error("it does not have the form of a WARC 1.1 record")]
    Form,
    /// It is larger than is read.
    #[error("it is larger than {RECORD_MAX} bytes")]
    TooLarge,
    /// There are more than are read.
    #[error("the file holds more than {RECORDS_MAX} records")]
    TooMany,
}

/// Goes through the records of a file.
pub struct Reader<'a> {
    rest: &'a [u8],
    read: usize,
}

impl<'a> Reader<'a> {
    /// A reader over the bytes of a file.
    #[must_use]
    pub const fn over(file: &'a [u8]) -> Self {
        Self {
            rest: file,
            read: 0,
        }
    }

    fn next_record(&mut self) -> Result<Found, ReadFault> {
        self.read += 1;
        if self.read > RECORDS_MAX {
            return Err(ReadFault::TooMany);
        }
        let mut member = GzDecoder::new(self.rest);
        let mut record = Vec::new();
        let read = member
            .by_ref()
            .take(RECORD_MAX + 1)
            .read_to_end(&mut record);
        read.map_err(|_| ReadFault::NotGzip)?;
        if record.len() as u64 > RECORD_MAX {
            return Err(ReadFault::TooLarge);
        }
        self.rest = member.into_inner();
        found(&record)
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Found, ReadFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let next = self.next_record();
        if next.is_err() {
            self.rest = &[];
        }
        Some(next)
    }
}

/// Reads one record, uncompressed.
fn found(record: &[u8]) -> Result<Found, ReadFault> {
    let near = record.get(..record.len().min(HEAD_MAX)).unwrap_or_default();
    let end = place_of(near, b"\r\n\r\n").ok_or(ReadFault::Form)?;
    let head = std::str::from_utf8(&record[..end]).map_err(|_| ReadFault::Form)?;
    let mut lines = head.split("\r\n");
    if lines.next() != Some("WARC/1.1") {
        return Err(ReadFault::Form);
    }
    let fields: Vec<(&str, &str)> = lines
        .map(|line| line.split_once(": ").ok_or(ReadFault::Form))
        .collect::<Result<_, _>>()?;
    let field = |name: &str| {
        let mut named = fields.iter().filter(|(known, _)| *known == name);
        let value = named.next().map(|(_, value)| *value);
        // A second one would let two readers read two things.
        if named.next().is_some() {
            Err(ReadFault::Form)
        } else {
            Ok(value)
        }
    };
    let length: usize = field("Content-Length")?
        .and_then(|length| length.parse().ok())
        .ok_or(ReadFault::Form)?;
    let block = record.get(end + 4..).unwrap_or_default();
    let (block, tail) = block.split_at_checked(length).ok_or(ReadFault::Form)?;
    if tail != b"\r\n\r\n" {
        return Err(ReadFault::Form);
    }
    let kind = field("WARC-Type")?.ok_or(ReadFault::Form)?;
    let payload = match kind {
        "response" => place_of(block, b"\r\n\r\n").map(|end| &block[end + 4..]),
        "resource" => Some(block),
        _ => None,
    };
    let says = |name, bytes: Option<&[u8]>| -> Result<bool, ReadFault> {
        Ok(match (field(name)?, bytes) {
            (Some(said), Some(bytes)) => said == format!("sha256:{}", sha256_hex(bytes)),
            _ => true,
        })
    };
    Ok(Found {
        sha256: sha256_hex(record),
        kind: kind.to_owned(),
        id: field("WARC-Record-ID")?.ok_or(ReadFault::Form)?.to_owned(),
        target: field("WARC-Target-URI")?.map(str::to_owned),
        sound: says("WARC-Block-Digest", Some(block))? && says("WARC-Payload-Digest", payload)?,
    })
}

fn place_of(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bomb_costs_no_more_than_the_limit() -> std::io::Result<()> {
        let zeros = crate::warc::compressed(&vec![0; 4 << 20])?;
        assert_eq!(Reader::over(&zeros).next(), Some(Err(ReadFault::Form)));
        Ok(())
    }

    #[test]
    fn two_lengths_are_refused() {
        let record = b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <a>\r\n\
            Content-Length: 0\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n";
        assert_eq!(found(record), Err(ReadFault::Form));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = found(&bytes);
            let _ = Reader::over(&bytes).count();
            if let Ok(member) = crate::warc::compressed(&bytes) {
                let _ = Reader::over(&member).count();
            }
        }
    }
}
