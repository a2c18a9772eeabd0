//! What one visit brought back.

use ground::Instant;

use crate::visit::{Cause, Digests, Traffic};
use crate::wire::{Decode, Film, FoundBy, Likeness, Missed, Redirect, Remark, Via};

/// Whether the address was captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Captured {
    /// It answered with a page or a picture; a page without pictures is captured as well.
    Yes,
    /// It was not, and why. What was received all the same is in the visit.
    No(Cause),
}

/// One look at one address.
pub struct Visited {
    /// Whether the address was captured.
    pub outcome: Captured,
    /// The address as it was asked for.
    pub address: String,
    /// Where it ended.
    pub final_address: Option<String>,
    /// How it got there.
    pub redirects: Vec<Redirect>,
    /// The HTTP status of the main document.
    pub status: Option<u16>,
    /// Milliseconds from asking for the address to the page's load event; none when there was none,
    /// or no browser.
    pub loaded_ms: Option<u32>,
    /// The headers of the main document.
    pub headers: Vec<(String, String)>,
    /// The page's title.
    pub title: Option<String>,
    /// The text of the button by which a consent or age gate was passed.
    pub gate: Option<String>,
    /// What kind of page stands where a person would expect the reported one.
    pub remark: Option<Remark>,
    /// Links that lead straight to pictures: for the analyst, never followed.
    pub links: Vec<String>,
    /// The page as a person would have seen it, PNG: material, like the pictures.
    pub screenshot: Option<Vec<u8>>,
    /// Every picture received.
    pub pictures: Vec<Picture>,
    /// Pictures asked for and not received.
    pub missed: Vec<Missed>,
    /// Pictures found beyond what a visit may bring back.
    pub left_out: u32,
    /// Whether the page came to rest and everything found was brought back.
    pub complete: bool,
    /// Everything that was asked and answered, as the child says it.
    pub traffic: Traffic,
    /// Every connection the visit made or was refused, as the way out noted it.
    pub connections: Vec<egress::Record>,
    /// With what it was looked at.
    pub via: Option<Via>,
    /// Whether the visit ran in its box.
    pub sandboxed: bool,
    /// Whether the browser's own sandbox was on as well; none without a browser.
    pub browser_sandboxed: Option<bool>,
    /// The browser's name and version.
    pub browser_version: Option<String>,
    /// When the visit began.
    pub started_at: Instant,
    /// When it had ended.
    pub ended_at: Instant,
}

/// One picture that a visit received.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its own address; of a `data:` address only the head, before the bytes.
    pub address: String,
    /// Where it was found.
    pub found_by: FoundBy,
    /// Its kind, told from its first bytes.
    pub media_type: String,
    /// The HTTP status it came with.
    pub status: Option<u16>,
    /// Its bytes as received: material.
    pub bytes: Vec<u8>,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Set apart: less than 1 KiB, or less than 32 pixels on a side.
    pub small: bool,
    /// Whether it could be decoded.
    pub decode: Decode,
    /// What it looks like; none when it was not decoded.
    pub likeness: Option<Likeness>,
    /// What a video is besides; none for a picture.
    pub film: Option<Film>,
    /// Whether less arrived than the server announced.
    pub cut_short: bool,
    /// A grey, strongly blurred JPEG of at most 400 pixels a side; none when not decoded.
    pub veiled: Option<Vec<u8>>,
    /// A grey, lightly blurred JPEG of at most 160 pixels a side; none when not decoded.
    pub soft: Option<Vec<u8>>,
    /// The contact sheet of a video, JPEG: material; none for a picture.
    pub sheet: Option<Vec<u8>>,
    /// The digests of its bytes.
    pub digests: Digests,
}

impl Visited {
    /// The server of the main document, as the way out noted it.
    #[must_use]
    pub fn server(&self) -> Option<std::net::IpAddr> {
        let address = self.final_address.as_deref().unwrap_or(&self.address);
        let url = url::Url::parse(address).ok()?;
        let host = url.host_str()?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let mut to_it = self.connections.iter().filter(|made| made.host == host);
        to_it.find_map(|made| made.ip)
    }
}

impl std::fmt::Debug for Visited {
    /// What happened, without the page's own words and bytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visited")
            .field("outcome", &self.outcome)
            .field("status", &self.status)
            .field("pictures", &self.pictures)
            .field("missed", &self.missed.len())
            .field("left_out", &self.left_out)
            .field("complete", &self.complete)
            .field("connections", &self.connections.len())
            .field("via", &self.via)
            .field("sandboxed", &self.sandboxed)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Picture {
    /// Everything but the bytes: they have no business in a log (law 3).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("address", &self.address)
            .field("found_by", &self.found_by)
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .field("width", &self.width)
            .field("height", &self.height)
            .field("small", &self.small)
            .field("decode", &self.decode)
            .finish_non_exhaustive()
    }
}
