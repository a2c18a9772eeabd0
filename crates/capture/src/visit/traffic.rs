//! What the child says it asked and was answered, held against what it may say.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use ground::Instant;
use sha2::{Digest as _, Sha256};

use crate::visit::Picture;
use crate::wire::{Exchange, Frame, FrameFault, ShownBy};

/// Most exchanges that are taken.
const EXCHANGES_MAX: usize = 3_100;
/// Most bytes of all answers that are no pictures.
const PIECES_MAX: u64 = 80 << 20;
/// Most servers, and most certificates of one.
const SHOWN_MAX: usize = 50;
const CHAIN_MAX: usize = 10;
/// Longest address or value, and longest name or fault, in bytes.
const TEXT_MAX: usize = 8 << 10;
const LINE_MAX: usize = 400;

/// What was asked and answered during a visit.
#[derive(Default)]
pub struct Traffic {
    /// Every exchange, by time.
    pub exchanges: Vec<Exchange>,
    /// What was answered and is no picture, by SHA-256: as sensitive as the page itself.
    pub pieces: HashMap<String, Vec<u8>>,
    /// Certificates as the browser says they were shown: said from inside the box.
    pub shown: Vec<ShownBy>,
    /// Certificates as shown to our own handshake, outside the box.
    pub looked: Vec<Looked>,
    held: u64,
}

/// What our own handshake with a server came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// SHA-256 of each certificate; empty when none was shown.
    pub sha256: Vec<String>,
    /// Why they are not trusted, or why none was shown.
    pub fault: Option<String>,
}

impl std::fmt::Debug for Traffic {
    /// How much there is; what it is has no business in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Traffic")
            .field("exchanges", &self.exchanges.len())
            .field("pieces", &self.pieces.len())
            .finish_non_exhaustive()
    }
}

impl Traffic {
    /// Takes in one exchange.
    pub fn exchange(&mut self, frame: Frame) -> Result<(), FrameFault> {
        let said: Exchange = frame.said()?;
        if self.exchanges.len() >= EXCHANGES_MAX {
            return Err(FrameFault::Order("more requests than are written down"));
        }
        self.held += frame.body.len() as u64;
        if self.held > PIECES_MAX {
            return Err(FrameFault::Order("more bytes of answers than are kept"));
        }
        let mut sha256 = said.sha256.filter(|text| is_digest(text));
        if !frame.body.is_empty() {
            let own = HEXLOWER.encode(&Sha256::digest(&frame.body));
            sha256 = Some(own.clone());
            self.pieces.insert(own, frame.body);
        }
        self.exchanges.push(Exchange {
            method: shorten(said.method, 40),
            address: shorten(said.address, TEXT_MAX),
            asked_with: headers(said.asked_with),
            headers: headers(said.headers),
            status: said.status.filter(|status| (100..1_000).contains(status)),
            fault: said.fault.map(|text| shorten(text, LINE_MAX)),
            sha256,
            ..said
        });
        Ok(())
    }

    /// Takes in what the browser says of one server's certificates.
    pub fn shown(&mut self, frame: &Frame) -> Result<(), FrameFault> {
        let said: ShownBy = frame.said()?;
        if self.shown.len() >= SHOWN_MAX {
            return Err(FrameFault::Order("more servers than are written down"));
        }
        let chain = said.sha256.into_iter().filter(|text| is_digest(text));
        self.shown.push(ShownBy {
            host: shorten(said.host, LINE_MAX),
            port: said.port,
            sha256: chain.take(CHAIN_MAX).collect(),
        });
        Ok(())
    }

    /// Settles what only the whole visit can tell: times lie within it, and what is known by its
    /// digest alone is one of its pictures. A picture's bytes are kept as a picture only.
    pub fn settle(&mut self, began: Instant, ended: Instant, pictures: &[Picture]) {
        let known: Vec<String> = pictures
            .iter()
            .map(|picture| HEXLOWER.encode(&picture.digests.sha256))
            .collect();
        self.pieces.retain(|sha256, _| !known.contains(sha256));
        for one in &mut self.exchanges {
            one.at_ms = one.at_ms.clamp(began.ms(), ended.ms().max(began.ms()));
            let there =
                |sha256: &String| known.contains(sha256) || self.pieces.contains_key(sha256);
            if one.sha256.as_ref().is_some_and(|sha256| !there(sha256)) {
                one.sha256 = None;
                one.truncated = true;
            }
        }
        self.exchanges.sort_by_key(|one| one.at_ms);
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

fn headers(said: Vec<(String, String)>) -> Vec<(String, String)> {
    let bounded = |(name, value)| (shorten(name, LINE_MAX), shorten(value, TEXT_MAX));
    said.into_iter().take(200).map(bounded).collect()
}

fn shorten(mut text: String, max: usize) -> String {
    text.truncate(text.floor_char_boundary(max));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Kind;

    fn said(sha256: Option<&str>, at_ms: i64) -> Exchange {
        Exchange {
            at_ms,
            method: "GET".into(),
            address: "http://a.example/".into(),
            asked_with: Vec::new(),
            status: Some(200),
            headers: Vec::new(),
            sha256: sha256.map(str::to_owned),
            truncated: false,
            fault: None,
        }
    }

    fn frame(said: &Exchange, body: &[u8]) -> Frame {
        Frame {
            kind: Kind::Exchange,
            json: serde_json::to_vec(said).unwrap(),
            body: body.to_vec(),
        }
    }

    #[test]
    fn a_digest_is_computed_here_and_never_believed() {
        let mut traffic = Traffic::default();
        let lie = "ab".repeat(32);
        traffic
            .exchange(frame(&said(Some(&lie), 5), b"page"))
            .unwrap();
        traffic.exchange(frame(&said(Some(&lie), 99), b"")).unwrap();
        traffic.settle(Instant::from_ms(10), Instant::from_ms(20), &[]);
        let [first, second] = &traffic.exchanges[..] else {
            panic!("two were said");
        };
        assert_eq!(
            first.sha256.as_deref(),
            Some(HEXLOWER.encode(&Sha256::digest(b"page")).as_str())
        );
        assert_eq!((second.sha256.as_ref(), second.truncated), (None, true));
        assert_eq!((first.at_ms, second.at_ms), (10, 20));
    }

    #[test]
    fn more_requests_than_are_written_down_are_refused() {
        let mut traffic = Traffic::default();
        let one = frame(&said(None, 0), b"");
        for _ in 0..EXCHANGES_MAX {
            traffic.exchange(one.clone()).unwrap();
        }
        assert!(traffic.exchange(one).is_err());
    }
}
