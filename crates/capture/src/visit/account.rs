//! The child's account, frame by frame, held against what it may say.

use ground::Instant;

use crate::visit::seen::{Drawn, decode, film, likeness, split};
use crate::visit::shorten::{LINE_MAX, TEXT_MAX, shorten, shorten_began, shorten_page};
use crate::visit::{Captured, Cause, Digests, Picture, Traffic, Visited};
use crate::wire::{
    Began, Caps, Done, FailedBecause, Frame, FrameFault, Kind, Missed, PageSaid, PictureSaid,
};

/// Less than this many bytes is a small picture.
const SMALL_BYTES: usize = 1024;
/// Less than this many pixels on a side is a small picture.
const SMALL_SIDE: u32 = 32;
/// Most missed pictures that are listed.
const MISSED_MAX: usize = 5_000;

/// How the child's account ended.
#[derive(Debug)]
pub enum Ending {
    /// The child said everything.
    Heard,
    /// The deadline came first.
    Deadline,
    /// What it said could not be believed, or it broke off: with the reason.
    Fault(String),
}

/// What the child has said so far.
pub struct Account {
    caps: Caps,
    total: u64,
    began: Option<Began>,
    page: PageSaid,
    screenshot: Option<Vec<u8>>,
    pictures: Vec<Picture>,
    missed: Vec<Missed>,
    traffic: Traffic,
    failed: Option<FailedBecause>,
    done: Option<Done>,
}

impl Account {
    /// An account that may bring so much.
    pub fn new(caps: Caps) -> Self {
        Self {
            caps,
            total: 0,
            began: None,
            page: PageSaid::default(),
            screenshot: None,
            pictures: Vec::new(),
            missed: Vec::new(),
            traffic: Traffic::default(),
            failed: None,
            done: None,
        }
    }

    /// Whether the child has said that nothing more comes.
    pub const fn is_done(&self) -> bool {
        self.done.is_some()
    }

    /// Takes in one frame.
    pub fn take(&mut self, frame: Frame) -> Result<(), FrameFault> {
        if self.done.is_some() {
            return Err(FrameFault::Order("the child went on after its end"));
        }
        if (self.began.is_some()) == (frame.kind == Kind::Began) {
            return Err(FrameFault::Order(
                "the child did not begin at the beginning",
            ));
        }
        match frame.kind {
            Kind::Began => self.began = Some(shorten_began(frame.said()?)),
            Kind::Page => self.page = shorten_page(frame.said()?),
            Kind::Screenshot => {
                if !frame.body.starts_with(b"\x89PNG\r\n\x1a\n") {
                    return Err(FrameFault::Order("the page's picture is not PNG"));
                }
                self.screenshot = Some(frame.body);
            }
            Kind::Picture => {
                let picture = self.picture(&frame)?;
                self.pictures.push(picture);
            }
            Kind::Missed => {
                let missed: Missed = frame.said()?;
                if self.missed.len() >= MISSED_MAX {
                    return Err(FrameFault::Order("more missed pictures than are listed"));
                }
                self.missed.push(Missed {
                    address: shorten(missed.address, TEXT_MAX),
                    why: shorten(missed.why, LINE_MAX),
                });
            }
            Kind::Failed => self.failed = Some(frame.said()?),
            Kind::Exchange => self.traffic.exchange(frame)?,
            Kind::Shown => self.traffic.shown(&frame)?,
            Kind::Done => self.done = Some(frame.said()?),
            Kind::Examined => {
                return Err(FrameFault::Order(
                    "a visit was asked for, and no look into bytes",
                ));
            }
        }
        Ok(())
    }

    /// Cuts a picture's frame into the picture and its previews.
    fn picture(&mut self, frame: &Frame) -> Result<Picture, FrameFault> {
        let said: PictureSaid = frame.said()?;
        if self.pictures.len() >= self.caps.pictures as usize {
            return Err(FrameFault::Order("more pictures than a visit may bring"));
        }
        self.total += u64::from(said.bytes);
        if said.bytes > self.caps.picture_bytes || self.total > self.caps.total_bytes {
            return Err(FrameFault::Order("more bytes than a visit may bring"));
        }
        let (bytes, drawn) = split(&frame.body, said.bytes)?;
        let drawn = Drawn::of(drawn, [said.veiled, said.soft, said.sheet])?;
        Ok(Picture {
            address: shorten(said.address, TEXT_MAX),
            found_by: said.found_by,
            media_type: shorten(said.media_type, 100),
            status: said.status,
            small: is_small(bytes.len(), said.width, said.height),
            width: said.width,
            height: said.height,
            decode: decode(said.decode),
            likeness: likeness(said.likeness)?,
            film: film(said.film)?,
            cut_short: said.cut_short,
            digests: Digests::of(bytes),
            bytes: bytes.to_vec(),
            veiled: drawn.veiled,
            soft: drawn.soft,
            sheet: drawn.sheet,
        })
    }

    /// The visit as the child told it; the caller adds what only the parent knows.
    pub fn into_visited(self, address: &url::Url, ending: Ending) -> Visited {
        let complete = self.done.as_ref().is_some_and(|done| done.complete);
        let outcome = match (ending, self.failed) {
            (Ending::Fault(why), _) => Captured::No(Cause::VisitorFailed(shorten(why, TEXT_MAX))),
            (_, Some(because)) => Captured::No(because.into()),
            // Cut off by us before it could say anything: the child did not even come to work.
            (Ending::Deadline, None) if self.began.is_none() => Captured::No(Cause::VisitorFailed(
                "it had not begun when its time was over".to_owned(),
            )),
            (Ending::Deadline, None) => Captured::No(Cause::TimedOut),
            (Ending::Heard, None) => Captured::Yes,
        };
        let began = self.began;
        Visited {
            outcome,
            address: address.to_string(),
            final_address: self.page.final_address,
            redirects: self.page.redirects,
            status: self.page.status,
            loaded_ms: self.page.loaded_ms,
            headers: self.page.headers,
            title: self.page.title,
            gate: self.page.gate,
            remark: self.page.remark,
            links: self.page.links,
            screenshot: self.screenshot,
            pictures: self.pictures,
            missed: self.missed,
            left_out: self.done.map_or(0, |done| done.left_out),
            complete,
            traffic: self.traffic,
            connections: Vec::new(),
            via: began.as_ref().map(|began| began.via),
            sandboxed: false,
            browser_sandboxed: began.as_ref().and_then(|began| began.browser_sandboxed),
            browser_version: began.and_then(|began| began.browser_version),
            started_at: Instant::from_ms(0),
            ended_at: Instant::from_ms(0),
        }
    }
}

fn is_small(bytes: usize, width: Option<u32>, height: Option<u32>) -> bool {
    let narrow = |side: Option<u32>| side.is_some_and(|side| side < SMALL_SIDE);
    bytes < SMALL_BYTES || narrow(width) || narrow(height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Decode, FoundBy, Via};
    use proptest::prelude::*;

    const CAPS: Caps = Caps {
        pictures: 2,
        picture_bytes: 2_000,
        total_bytes: 3_000,
    };

    fn frame(kind: Kind, said: &impl serde::Serialize, body: &[u8]) -> Frame {
        Frame {
            kind,
            json: serde_json::to_vec(said).unwrap(),
            body: body.to_vec(),
        }
    }

    fn begun() -> Account {
        let mut account = Account::new(CAPS);
        let began = Began {
            via: Via::Plain,
            browser_version: None,
            browser_sandboxed: None,
        };
        account.take(frame(Kind::Began, &began, b"")).unwrap();
        account
    }

    fn said(bytes: u32, veiled: u32, soft: u32) -> PictureSaid {
        PictureSaid {
            address: "http://a.example/1.png".to_owned(),
            found_by: FoundBy::Page,
            media_type: "image/png".to_owned(),
            status: Some(200),
            width: Some(64),
            height: Some(31),
            decode: Decode::Decoded,
            likeness: None,
            film: None,
            cut_short: false,
            bytes,
            veiled,
            soft,
            sheet: 0,
        }
    }

    #[test]
    fn a_picture_with_a_short_side_is_set_apart() {
        let mut account = begun();
        account
            .take(frame(Kind::Picture, &said(1_500, 0, 0), &[1; 1_500]))
            .unwrap();
        assert!(account.pictures[0].small);
        assert!(!is_small(1_024, Some(32), Some(32)));
        assert!(is_small(1_023, Some(32), Some(32)));
        assert!(!is_small(5_000, None, None));
    }

    #[test]
    fn lengths_that_do_not_add_up_are_refused() {
        for (bytes, veiled, soft) in [(3, 0, 0), (1, 0, 0), (2, 1, 0), (0, 0, u32::MAX)] {
            let told = said(bytes, veiled, soft);
            assert!(begun().take(frame(Kind::Picture, &told, b"ab")).is_err());
        }
    }

    #[test]
    fn more_pictures_or_bytes_than_allowed_are_refused() {
        let mut account = begun();
        let large = frame(Kind::Picture, &said(1_600, 0, 0), &[1; 1_600]);
        account.take(large.clone()).unwrap();
        assert!(account.take(large).is_err());
        let mut account = begun();
        let tiny = frame(Kind::Picture, &said(1, 0, 0), b"a");
        account.take(tiny.clone()).unwrap();
        account.take(tiny.clone()).unwrap();
        assert!(account.take(tiny).is_err());
    }

    #[test]
    fn a_hash_that_is_none_is_refused() {
        let hash = "0f".repeat(32);
        let of = |turn: &str, quality: u32| {
            let mut told = serde_json::to_value(said(1, 0, 0)).unwrap();
            told["likeness"] = serde_json::json!({
                "hashed": { "turns": vec![turn; 8], "quality": quality, "reduced": hash }
            });
            begun().take(frame(Kind::Picture, &told, b"a"))
        };
        assert!(of(&hash, 100).is_ok());
        assert!(of(&hash, 101).is_err());
        assert!(of("0f", 50).is_err());
        assert!(of(&"xy".repeat(32), 50).is_err());
    }

    #[test]
    fn a_preview_that_is_no_jpeg_is_refused() {
        let told = said(1, 4, 0);
        assert!(begun().take(frame(Kind::Picture, &told, b"a<svg")).is_err());
    }

    #[test]
    fn our_own_failure_is_never_taken_for_the_pages() {
        let address = url::Url::parse("http://a.example/").unwrap();
        let not_begun = Account::new(CAPS).into_visited(&address, Ending::Deadline);
        let broken = begun().into_visited(&address, Ending::Fault("broken".to_owned()));
        for visited in [not_begun, broken] {
            assert!(matches!(visited.outcome, Captured::No(cause) if cause.is_ours()));
        }
        let late = begun().into_visited(&address, Ending::Deadline);
        assert_eq!(late.outcome, Captured::No(Cause::TimedOut));
    }

    proptest! {
        #[test]
        fn any_frames_are_taken_or_refused_within_the_bounds(
            frames in proptest::collection::vec(
                (1_u8..8, ".{0,40}", proptest::collection::vec(any::<u8>(), 0..50)), 0..12),
            lengths in (0_u32..60, 0_u32..60, 0_u32..60),
        ) {
            let mut account = begun();
            for (kind, json, body) in frames {
                let frame = match kind {
                    1 => Frame { kind: Kind::Missed, json: json.into_bytes(), body },
                    2 => Frame { kind: Kind::Page, json: json.into_bytes(), body },
                    3 => Frame { kind: Kind::Screenshot, json: json.into_bytes(), body },
                    4 => Frame { kind: Kind::Done, json: json.into_bytes(), body },
                    _ => frame(Kind::Picture, &said(lengths.0, lengths.1, lengths.2), &body),
                };
                let _ = account.take(frame);
            }
            prop_assert!(account.pictures.len() <= 2);
            prop_assert!(account.pictures.iter().all(|p| p.bytes.len() <= 50));
        }
    }
}
