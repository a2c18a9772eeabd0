//! With what and within which bounds addresses are looked at.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::visit::{SiteRule, WarmBoxes};
use crate::wire::{Gates, Viewport};

/// Whether a visit may run outside its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandbox {
    /// Never: without bubblewrap there is no visit.
    Required,
    /// Only when bubblewrap does not work here; the visit says so.
    WhenPossible,
    /// Always: for a machine that is a box itself.
    Off,
}

/// How addresses are looked at.
#[derive(Debug, Clone)]
pub struct VisitorSettings {
    /// The program that becomes the child.
    pub exe: PathBuf,
    /// What it is called with, so that it becomes the child.
    pub exe_args: Vec<String>,
    /// Chromium; none means the plain visitor.
    pub browser: Option<PathBuf>,
    /// Whether a visit may run outside its box.
    pub sandbox: Sandbox,
    /// Where a visit's temporary folder is made, and removed again.
    pub folder: PathBuf,
    /// When the visit is ended, whatever it is doing.
    pub deadline: Duration,
    /// Most pictures of one visit.
    pub max_pictures: u32,
    /// Most bytes of one picture.
    pub max_picture_bytes: u32,
    /// Most bytes of all pictures of one visit.
    pub max_total_bytes: u64,
    /// Most memory of all processes of one visit together, in bytes.
    pub max_memory_bytes: u64,
    /// The window in which the page is seen.
    pub viewport: Viewport,
    /// `Accept-Language`, as a visitor of the hotline's country would send it.
    pub language: String,
    /// An IANA time zone, likewise.
    pub timezone: String,
    /// Another name for the browser than its own.
    pub user_agent: Option<String>,
    /// Consent and age gates that are passed, at most one in a visit.
    pub gates: Gates,
    /// Boxes that stand ready for visits; none unless some are asked for.
    pub warm: WarmBoxes,
    /// The name of the exit through which everything of a visit goes; none for the direct way.
    pub exit: Option<String>,
    /// What is different for some hosts; the first that covers a host counts.
    pub rules: Vec<SiteRule>,
}

impl VisitorSettings {
    /// Settings with Dutch manners, Chromium where Debian puts it, and the bounds of an ordinary
    /// visit: 60 s, 500 pictures, 30 MB a picture, 300 MB in all, 600 MB of memory. `exe` is started
    /// with `visit-child`.
    #[must_use]
    pub fn new(exe: impl Into<PathBuf>) -> Self {
        Self {
            exe: exe.into(),
            exe_args: vec!["visit-child".to_owned()],
            browser: find_browser(),
            sandbox: Sandbox::Required,
            folder: std::env::temp_dir(),
            deadline: Duration::from_secs(60),
            max_pictures: 500,
            max_picture_bytes: 30_000_000,
            max_total_bytes: 300_000_000,
            max_memory_bytes: 600_000_000,
            viewport: Viewport {
                width: 1280,
                height: 900,
            },
            language: "nl-NL,nl;q=0.9,en;q=0.8".to_owned(),
            timezone: "Europe/Amsterdam".to_owned(),
            user_agent: None,
            gates: Gates::usual(),
            warm: WarmBoxes::default(),
            exit: None,
            rules: Vec::new(),
        }
    }
}

/// Chromium's own program in the places distributions put it, if there is one.
///
/// The program itself is preferred to the shell script of the same name, which reads the
/// machine's flags and loads the machine's extensions.
#[must_use]
pub fn find_browser() -> Option<PathBuf> {
    const PLACES: [&str; 5] = [
        "/usr/lib/chromium/chromium",
        "/usr/lib64/chromium-browser/chromium-browser",
        "/usr/lib/chromium-browser/chromium-browser",
        "/opt/google/chrome/chrome",
        "/usr/bin/chromium",
    ];
    PLACES
        .iter()
        .map(Path::new)
        .find(|place| place.is_file())
        .map(Path::to_path_buf)
}
