//! The question, parsed: from the bytes of a body to hashes, or a fault that says where and what.

use pdq::Hash256;
use serde::Deserialize;

use crate::lists::Hash;

/// Most hashes in one question.
pub(crate) const MOST: usize = 1_000;
/// PDQ hashes below this quality say little and are not compared (Meta's own bar).
pub(crate) const LEAST_QUALITY: u8 = 50;

/// One hash of the question, ready to be looked up or not worth it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To be looked up.
    Look(Hash),
    /// Of too low a quality to be compared.
    LowQuality,
}

/// What is wrong with a question, for the one who asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No JSON, or not of the shape that is documented.
    Shape(String),
    /// No hash, or too many.
    Number(usize),
    /// These hashes are wrong: place from 0, and what is wrong.
    Hashes(Vec<(usize, &'static str)>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body<'a> {
    #[serde(borrow)]
    hashes: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<'a> {
    kind: Kind,
    #[serde(borrow)]
    hash: std::borrow::Cow<'a, str>,
    #[serde(default)]
    quality: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Md5,
    Sha1,
    Sha256,
    Pdq,
    #[serde(rename = "pdq_512")]
    Pdq512,
}

/// Reads a body.
pub(crate) fn read(body: &[u8]) -> Result<Vec<Asked>, Fault> {
    let body: Body<'_> =
        serde_json::from_slice(body).map_err(|fault| Fault::Shape(fault.to_string()))?;
    if body.hashes.is_empty() || body.hashes.len() > MOST {
        return Err(Fault::Number(body.hashes.len()));
    }
    let mut asked = Vec::with_capacity(body.hashes.len());
    let mut wrong = Vec::new();
    for (place, entry) in body.hashes.iter().enumerate() {
        match one(entry) {
            Ok(one) => asked.push(one),
            Err(why) => wrong.push((place, why)),
        }
    }
    if wrong.is_empty() {
        Ok(asked)
    } else {
        Err(Fault::Hashes(wrong))
    }
}

fn one(entry: &Entry<'_>) -> Result<Asked, &'static str> {
    let is_pdq = matches!(entry.kind, Kind::Pdq | Kind::Pdq512);
    let hash = match entry.kind {
        Kind::Md5 => Hash::Md5(bytes(&entry.hash).ok_or("md5 needs 32 hex digits")?),
        Kind::Sha1 => Hash::Sha1(bytes(&entry.hash).ok_or("sha1 needs 40 hex digits")?),
        Kind::Sha256 => Hash::Sha256(bytes(&entry.hash).ok_or("sha256 needs 64 hex digits")?),
        Kind::Pdq | Kind::Pdq512 => {
            let bytes: [u8; 32] = bytes(&entry.hash).ok_or("pdq needs 64 hex digits")?;
            Hash::Pdq(Hash256::from_bytes(bytes))
        }
    };
    match entry.quality {
        Some(_) if !is_pdq => Err("quality belongs to pdq and pdq_512 only"),
        Some(quality) if quality > 100 => Err("quality must be 0 to 100"),
        Some(quality) if quality < LEAST_QUALITY => Ok(Asked::LowQuality),
        _ => Ok(Asked::Look(hash)),
    }
}

/// Exactly as many bytes as asked, from hex digits of either case.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: u8| char::from(at).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(entry: &str) -> Result<Vec<Asked>, Fault> {
        read(format!("{{\"hashes\":[{entry}]}}").as_bytes())
    }

    #[test]
    fn a_hash_of_every_kind_is_read() {
        for (kind, digits) in [
            ("md5", 32),
            ("sha1", 40),
            ("sha256", 64),
            ("pdq", 64),
            ("pdq_512", 64),
        ] {
            let hash = "aB".repeat(digits / 2);
            let one = asked(&format!("{{\"kind\":\"{kind}\",\"hash\":\"{hash}\"}}"));
            assert_eq!(one.map(|one| one.len()), Ok(1), "{kind}");
        }
    }

    #[test]
    fn a_part_of_a_hash_or_a_wildcard_is_refused() {
        for hash in [
            "",
            "ab",
            "*",
            "ab*",
            &"a".repeat(31),
            &"?".repeat(32),
            &"é".repeat(16),
        ] {
            let fault = asked(&format!("{{\"kind\":\"md5\",\"hash\":\"{hash}\"}}"));
            assert!(matches!(fault, Err(Fault::Hashes(_))), "{hash}");
        }
    }

    /// Regression (ae).
    #[test]
    fn a_low_quality_is_no_error() {
        let hash = "0f".repeat(32);
        let low = asked(&format!(
            "{{\"kind\":\"pdq\",\"hash\":\"{hash}\",\"quality\":49}}"
        ));
        assert_eq!(low, Ok(vec![Asked::LowQuality]));
    }

    #[test]
    fn an_unknown_field_an_address_and_a_wrong_number_are_refused() {
        for body in [
            "{}",
            "[]",
            "{\"hashes\":[],\"radius\":40}",
            "{\"url\":\"http://127.0.0.1/\"}",
            "{\"hashes\":[{\"url\":\"http://127.0.0.1/\"}]}",
            "{\"hashes\":[{\"kind\":\"md5\",\"hash\":\"a\",\"prefix\":true}]}",
        ] {
            assert!(
                matches!(read(body.as_bytes()), Err(Fault::Shape(_))),
                "{body}"
            );
        }
        assert_eq!(asked(""), Err(Fault::Number(0)));
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&body);
        }

        #[test]
        fn what_is_hex_is_read_as_its_bytes(bytes in any::<[u8; 32]>()) {
            let hash: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let one = asked(&format!("{{\"kind\":\"sha256\",\"hash\":\"{hash}\"}}"));
            prop_assert_eq!(one, Ok(vec![Asked::Look(Hash::Sha256(bytes))]));
        }
    }
}
