//! Says what was seen, in frames, and keeps within what may be brought back.

use std::collections::HashSet;
use std::os::fd::AsFd;

use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::BufWriter;

use crate::child::Received;
use crate::child::decoding::Decoders;
use crate::child::traffic::EXCHANGES_MAX;
use crate::wire::{
    self, Began, Caps, Done, ExaminedSaid, FailedBecause, Kind, Missed, PageSaid, PictureSaid, Via,
};

/// Most missed pictures that are said.
const MISSED_MAX: usize = 1_000;
/// Longest head of a `data:` address that is said, in bytes.
const DATA_HEADER_MAX: usize = 100;
/// Longest other address that is said, in bytes.
const ADDRESS_MAX: usize = 8 * 1024;

/// The child's mouth.
pub struct Sayer {
    out: BufWriter<File>,
    decoders: Decoders,
    caps: Caps,
    pictures: u32,
    total: u64,
    left_out: u32,
    missed: HashSet<String>,
    exchanges: usize,
    /// Address and SHA-256 of what was said: the same twice is said once.
    said: HashSet<(String, [u8; 32])>,
}

impl Sayer {
    /// A mouth on standard output.
    pub fn on_stdout() -> std::io::Result<Self> {
        let stdout = std::io::stdout().as_fd().try_clone_to_owned()?;
        let mut sayer = Self::to(std::fs::File::from(stdout));
        sayer.decoders.prepare();
        Ok(sayer)
    }

    fn to(out: std::fs::File) -> Self {
        Self {
            out: BufWriter::new(File::from_std(out)),
            decoders: Decoders::default(),
            caps: Caps {
                pictures: 0,
                picture_bytes: 0,
                total_bytes: 0,
            },
            pictures: 0,
            total: 0,
            left_out: 0,
            missed: HashSet::new(),
            exchanges: 0,
            said: HashSet::new(),
        }
    }

    /// Keeps within these bounds from now on.
    pub const fn bounded_by(&mut self, caps: Caps) {
        self.caps = caps;
    }

    /// Notes pictures that were found and not even fetched.
    pub const fn leave_out(&mut self, pictures: u32) {
        self.left_out = self.left_out.saturating_add(pictures);
    }

    /// Says with what the address is looked at.
    pub async fn began(&mut self, began: &Began) -> std::io::Result<()> {
        wire::write_frame(&mut self.out, Kind::Began, began, &[]).await
    }

    /// Says that a browser was wanted and did not start.
    pub async fn began_without_browser(&mut self) -> std::io::Result<()> {
        self.began(&Began {
            via: Via::Browser,
            browser_version: None,
            browser_sandboxed: None,
        })
        .await
    }

    /// Says what is known of the main document.
    pub async fn page(&mut self, page: &PageSaid) -> std::io::Result<()> {
        wire::write_frame(&mut self.out, Kind::Page, page, &[]).await
    }

    /// Says the page's picture, unless it is beyond all bounds.
    pub async fn screenshot(&mut self, png: &[u8]) -> std::io::Result<()> {
        if png.len() > wire::SCREENSHOT_MAX as usize {
            return Ok(());
        }
        wire::write_frame(&mut self.out, Kind::Screenshot, &(), &[png]).await
    }

    /// Says that the page could not be captured, and why.
    pub async fn failed(&mut self, because: FailedBecause) -> std::io::Result<()> {
        wire::write_frame(&mut self.out, Kind::Failed, &because, &[]).await
    }

    /// Says that a picture was asked for and not received; once for each address.
    pub async fn missed(&mut self, address: &str, why: &str) -> std::io::Result<()> {
        let address = short_address(address);
        if self.missed.len() >= MISSED_MAX || !self.missed.insert(address.clone()) {
            return Ok(());
        }
        let missed = Missed {
            address,
            why: why.to_owned(),
        };
        wire::write_frame(&mut self.out, Kind::Missed, &missed, &[]).await
    }

    /// Examines and says one picture; the same picture from the same address only once.
    pub async fn picture(&mut self, received: Received) -> std::io::Result<()> {
        let address = short_address(&received.address);
        let mark = Sha256::digest(&received.bytes).into();
        if !self.said.insert((address.clone(), mark)) {
            return Ok(());
        }
        let length = received.bytes.len() as u64;
        let too_many = self.pictures >= self.caps.pictures;
        let too_large = length > u64::from(self.caps.picture_bytes);
        if too_many || too_large || self.total + length > self.caps.total_bytes {
            self.left_out = self.left_out.saturating_add(1);
            return if too_large {
                self.missed(&address, "larger than a visit may bring back")
                    .await
            } else {
                Ok(())
            };
        }
        self.pictures += 1;
        self.total += length;
        let looked = self.decoders.look_into(&received.bytes).await;
        let said = said_of(address, &received, looked.said);
        let body = [&received.bytes[..], &looked.drawn[..]];
        wire::write_frame(&mut self.out, Kind::Picture, &said, &body).await
    }

    /// Says what was asked and answered, and the certificates that were shown.
    pub async fn traffic(
        &mut self,
        over: Vec<(wire::Exchange, Vec<u8>)>,
        shown: Vec<wire::ShownBy>,
    ) -> std::io::Result<()> {
        // The browser and the plain visitor keep a book each; together they may be too much.
        let room = EXCHANGES_MAX.saturating_sub(self.exchanges);
        for (exchange, bytes) in over.into_iter().take(room) {
            self.exchanges += 1;
            wire::write_frame(&mut self.out, Kind::Exchange, &exchange, &[&bytes]).await?;
        }
        for one in shown {
            wire::write_frame(&mut self.out, Kind::Shown, &one, &[]).await?;
        }
        Ok(())
    }

    /// Says that nothing more comes.
    pub async fn done(&mut self, complete: bool) -> std::io::Result<()> {
        let done = Done {
            complete: complete && self.left_out == 0,
            left_out: self.left_out,
        };
        wire::write_frame(&mut self.out, Kind::Done, &done, &[]).await
    }
}

fn said_of(address: String, received: &Received, seen: ExaminedSaid) -> PictureSaid {
    PictureSaid {
        address,
        found_by: received.found_by,
        media_type: seen.media_type,
        status: received.status,
        width: seen.width,
        height: seen.height,
        decode: seen.decode,
        likeness: seen.likeness,
        film: seen.film,
        cut_short: received.cut_short,
        bytes: u32::try_from(received.bytes.len()).unwrap_or(u32::MAX),
        veiled: seen.veiled,
        soft: seen.soft,
        sheet: seen.sheet,
    }
}

/// An address as it is said. Of a `data:` address only what it says about itself: the rest is the
/// material, which is said as bytes.
fn short_address(address: &str) -> String {
    let end = match address.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("data:") => {
            let header = address.find(',').map_or(0, |comma| comma + 1);
            if header > DATA_HEADER_MAX {
                5
            } else {
                header.max(5)
            }
        }
        _ if address.len() <= ADDRESS_MAX => return address.to_owned(),
        _ => address.floor_char_boundary(ADDRESS_MAX),
    };
    format!("{}…", address.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Exchange;

    #[tokio::test]
    async fn of_two_long_books_no_more_is_said_than_the_parent_takes() {
        let one = Exchange {
            at_ms: 0,
            method: "GET".into(),
            address: "http://a.example/".into(),
            asked_with: Vec::new(),
            status: Some(200),
            headers: Vec::new(),
            sha256: None,
            truncated: false,
            fault: None,
        };
        let book = vec![(one, Vec::new()); EXCHANGES_MAX - 10];
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut sayer = Sayer::to(file.reopen().unwrap());
        sayer.traffic(book.clone(), Vec::new()).await.unwrap();
        sayer.traffic(book, Vec::new()).await.unwrap();
        let mut said = File::from_std(file.reopen().unwrap());
        let mut frames = 0;
        while let Some(frame) = wire::read_frame(&mut said, 0).await.unwrap() {
            assert_eq!(frame.kind, Kind::Exchange);
            frames += 1;
        }
        assert_eq!(frames, EXCHANGES_MAX);
    }
}
