//! The words inside the frames, and the one request that goes the other way.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::film::Film;
use super::likeness::Likeness;

/// With what an address will be looked at: the first line of JSON on the child's standard input. The
/// child makes ready, which takes a browser its time, and waits to be told the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The socket of the proxy, the only way out.
    pub proxy: PathBuf,
    /// A folder of this visit alone.
    pub scratch: PathBuf,
    /// Chromium; none means the plain visitor.
    pub browser: Option<PathBuf>,
    /// How much may be brought back.
    pub caps: Caps,
    /// The window in which the page is seen.
    pub viewport: Viewport,
    /// `Accept-Language`, for example `nl-NL,nl;q=0.9,en;q=0.8`.
    pub language: String,
    /// An IANA time zone.
    pub timezone: String,
    /// Another name for the browser than its own.
    pub user_agent: Option<String>,
}

/// Which address is looked at, once: the second line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wanted {
    /// The address.
    pub address: String,
    /// Milliseconds within which the child should have said everything.
    pub milliseconds: u64,
    /// The gates that may be passed.
    pub gates: Gates,
}

/// Consent and age gates that a visit passes, at most one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gates {
    /// The whole text of the button, without regard to case; `*` stands for any text.
    pub words: Vec<String>,
    /// CSS selectors of buttons.
    pub selectors: Vec<String>,
}

/// How much one visit may bring back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// Pictures.
    pub pictures: u32,
    /// Bytes of one picture.
    pub picture_bytes: u32,
    /// Bytes of all pictures together.
    pub total_bytes: u64,
}

/// A window's size in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewport {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// With what the address was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Chromium: scripts run, frames and lazy pictures load.
    Browser,
    /// Plain requests: what the HTML and its style sheets name.
    Plain,
}

/// The child is at work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Began {
    /// With what.
    pub via: Via,
    /// The browser's own name and version.
    pub browser_version: Option<String>,
    /// Whether the browser's own sandbox is on as well.
    pub browser_sandboxed: Option<bool>,
}

/// Why one address led to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectBy {
    /// The server said so.
    Server,
    /// The page did: a refresh tag or a script.
    Page,
}

/// One step from the reported address to the final one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// Where it began.
    pub from: String,
    /// Where it led.
    pub to: String,
    /// The HTTP status of the answer that said so.
    pub status: Option<u16>,
    /// Who said so.
    pub by: RedirectBy,
}

/// What is known of the main document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageSaid {
    /// Where it ended.
    pub final_address: Option<String>,
    /// How it got there.
    pub redirects: Vec<Redirect>,
    /// The HTTP status of the main document.
    pub status: Option<u16>,
    /// The headers of the main document.
    pub headers: Vec<(String, String)>,
    /// Milliseconds from asking for the address to the page's load event; none when there was none.
    pub loaded_ms: Option<u32>,
    /// The page's title.
    pub title: Option<String>,
    /// The text of the button by which a consent or age gate was passed.
    pub gate: Option<String>,
    /// What kind of page stands where a person would expect the reported one.
    pub remark: Option<Remark>,
    /// Links that lead straight to pictures; they are listed and never followed.
    pub links: Vec<String>,
}

/// What kind of page stands where a person would expect the reported one. It is said beside the
/// outcome and never changes it: the page was captured, as what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// It asks for a name and a password.
    Login,
    /// It asks for a proof of being human.
    Captcha,
    /// It asks for payment.
    Paywall,
    /// It says that what was here is gone.
    Removed,
}

impl Remark {
    /// The remark as one word, for records and phrases.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Captcha => "captcha",
            Self::Paywall => "paywall",
            Self::Removed => "removed",
        }
    }
}

/// Where in the page a picture was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoundBy {
    /// The reported address is the picture.
    Address,
    /// Shown in the page: an image, a background, a poster.
    Page,
    /// Shown in a frame within the page.
    Frame,
    /// Named in a style sheet or a style attribute (plain visitor).
    Style,
    /// Written into the page as a `data:` address.
    Data,
    /// Made by a script, as a `blob:` address.
    Blob,
    /// Drawn by a script on a canvas.
    Canvas,
    /// The site's icon.
    Icon,
}

/// Whether the picture could be decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decode {
    /// Whole.
    Decoded,
    /// Not at all, with the reason; the bytes are kept all the same.
    Failed(String),
}

/// What is said of one picture; its bytes are the frame's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSaid {
    /// Its own address; a `data:` address is shortened.
    pub address: String,
    /// Where it was found.
    pub found_by: FoundBy,
    /// Its kind, told from its first bytes.
    pub media_type: String,
    /// The HTTP status it came with.
    pub status: Option<u16>,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Whether it could be decoded.
    pub decode: Decode,
    /// What it looks like; none when it was not decoded.
    pub likeness: Option<Likeness>,
    /// What a video is besides; none for a picture.
    #[serde(default)]
    pub film: Option<Film>,
    /// Whether less arrived than the server announced.
    pub cut_short: bool,
    /// How many of the body's bytes are the picture.
    pub bytes: u32,
    /// How many are the strongly blurred preview.
    pub veiled: u32,
    /// How many are the small, lightly blurred preview.
    pub soft: u32,
    /// How many are the contact sheet of a video.
    #[serde(default)]
    pub sheet: u32,
}

/// A picture that was asked for and not received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// Its address.
    pub address: String,
    /// Why, in a few words.
    pub why: String,
}

/// Why the child could not capture the page, as far as it can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailedBecause {
    /// The page did not come in time.
    TimedOut,
    /// The proxy could not or would not reach the host; the parent knows why.
    NotReached,
    /// The browser itself refuses such an address, for example for its port.
    Refused,
    /// The connection broke.
    ConnectionFailed,
    /// No trusted TLS connection could be made.
    TlsFailed,
    /// More redirects than a browser follows.
    TooManyRedirects,
    /// The server answered with an error.
    HttpStatus(u16),
    /// The server answered with nothing.
    NothingThere,
    /// The address is a file that is neither page nor picture.
    NotAPage(String),
    /// The browser failed us.
    Browser(String),
    /// The child itself failed.
    Child(String),
}

/// The child has said everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Whether the page came to rest and everything found was brought back.
    pub complete: bool,
    /// Pictures found beyond what may be brought back.
    pub left_out: u32,
}
