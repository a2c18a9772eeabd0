//! What has been seen of a page so far: a book without any line to the browser.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::child::traffic::Traffic;
use crate::child::watch::asked::{Asked, MainAnswer, Name, status_of};
use crate::child::watch::known::Known;
use crate::child::{Received, magic};
use crate::wire::{Caps, FoundBy, Redirect, RedirectBy};

/// Most redirects that are remembered.
const REDIRECTS_MAX: usize = 50;
/// Most requests that are remembered at once, and most missed pictures.
const REMEMBERED_MAX: usize = 20_000;

/// What has been seen.
#[derive(Debug)]
pub struct Seen {
    page_session: String,
    main_frame: String,
    caps: Caps,
    asked: HashMap<Name, Asked>,
    known: Known,
    /// What the browser draws by itself.
    own: HashSet<String>,
    last: Instant,
    held: u64,
    handed_over: usize,
    main_asked: Option<String>,
    first_asked_at: Option<Instant>,
    loaded_at: Option<Instant>,
    /// Whether the page's load event has come.
    pub loaded: bool,
    /// Whether the page's process died.
    pub crashed: bool,
    /// Dialogs put away.
    pub dialogs: u32,
    popups: u32,
    /// Sessions of frames in other processes.
    pub frame_sessions: Vec<String>,
    /// The main document.
    pub main: Option<MainAnswer>,
    /// How the page came to where it is.
    pub redirects: Vec<Redirect>,
    /// Pictures received.
    pub received: VecDeque<Received>,
    /// Pictures the browser began and did not finish, or no longer has: to be fetched plainly.
    pub again: Vec<(String, FoundBy)>,
    /// Pictures not received, and why.
    pub missed: Vec<(String, String)>,
    /// Pictures beyond what may be brought back.
    pub left_out: u32,
    /// Bodies asked for and not here yet.
    pub bodies_awaited: usize,
    /// Everything asked and answered, for the evidence.
    pub traffic: Traffic,
}

impl Seen {
    /// An empty book for the page of this session and main frame.
    pub fn of(page_session: &str, main_frame: &str, caps: Caps) -> Self {
        Self {
            page_session: page_session.to_owned(),
            main_frame: main_frame.to_owned(),
            caps,
            asked: HashMap::new(),
            known: Known::default(),
            own: HashSet::new(),
            last: Instant::now(),
            held: 0,
            handed_over: 0,
            main_asked: None,
            first_asked_at: None,
            loaded_at: None,
            loaded: false,
            crashed: false,
            dialogs: 0,
            popups: 0,
            frame_sessions: Vec::new(),
            main: None,
            redirects: Vec::new(),
            received: VecDeque::new(),
            again: Vec::new(),
            missed: Vec::new(),
            left_out: 0,
            bodies_awaited: 0,
            traffic: Traffic::default(),
        }
    }

    /// Whether this is the page's own session.
    pub fn is_page(&self, session: &str) -> bool {
        session == self.page_session
    }

    /// Whether this is the page's own target.
    pub fn is_own_target(&self, target: &str) -> bool {
        target == self.main_frame
    }

    /// A window opened that is not the page's own: how many there were, and the page's own session.
    pub fn popup(&mut self) -> (u32, String) {
        self.popups = self.popups.saturating_add(1);
        (self.popups, self.page_session.clone())
    }

    /// Whether the page was shouting: with dialogs, or with windows.
    pub const fn shouted(&self) -> bool {
        self.dialogs > 0 || self.popups > 3
    }

    /// Whether nothing has happened for `quiet` and nothing fresher than `stale` is loading.
    pub fn is_quiet(&self, now: Instant, quiet: Duration, stale: Duration) -> bool {
        let busy = self.asked.values().any(|asked| {
            // A frame's own document may end in the session of another process.
            let moved = asked.kind == "Document" && !asked.is_main && asked.status.is_some();
            now - asked.since < if moved { quiet } else { stale }
        });
        !busy && self.bodies_awaited == 0 && now - self.last >= quiet
    }

    /// A request is made, or redirected.
    pub fn request(&mut self, session: &str, params: &Value) {
        self.last = Instant::now();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let id = text(&params["requestId"]);
        let kind = text(&params["type"]);
        let address = text(&params["request"]["url"]);
        let frame = text(&params["frameId"]);
        self.known.add(&address);
        let is_main =
            kind == "Document" && frame == self.main_frame && session == self.page_session;
        // Before the address is asked for, the empty page draws what is the browser's own.
        if self.first_asked_at.is_none() && address.starts_with("data:") {
            self.own.insert(address);
            return;
        }
        if self.own.contains(&address) {
            return;
        }
        if is_main {
            self.main_request(&id, &address, &params["redirectResponse"]);
        }
        // What the browser shows in place of a page that failed is not the page's.
        if text(&params["documentURL"]).starts_with("chrome-error:") {
            return;
        }
        if kind == "Media" && address.starts_with("http") {
            // A redirect's target is found again by asking for where it began.
            if !params["redirectResponse"].is_object() {
                self.media(address, &frame);
            }
            return;
        }
        // Lines that stay open by nature keep no page from being quiet.
        let lasting = matches!(
            kind.as_str(),
            "WebSocket" | "EventSource" | "Ping" | "Media"
        );
        if lasting || self.asked.len() >= REMEMBERED_MAX {
            return;
        }
        let asked = Asked {
            address,
            kind,
            frame,
            is_main,
            since: self.last,
            media_type: String::new(),
            status: None,
        };
        self.asked.insert((session.to_owned(), id), asked);
    }

    /// Those of the addresses that were never asked for, as many as a visit may bring back;
    /// from now on they count as asked for.
    pub fn unknown(&mut self, addresses: Vec<String>) -> Vec<String> {
        let mut unknown = addresses;
        unknown.retain(|address| self.known.add(address));
        let room = (self.caps.pictures as usize).saturating_sub(self.had());
        let beyond = u32::try_from(unknown.split_off(room.min(unknown.len())).len());
        self.left_out = self.left_out.saturating_add(beyond.unwrap_or(u32::MAX));
        unknown
    }

    /// A video that the page names and may not have begun to load.
    pub fn film(&mut self, address: String, in_page: bool) {
        if address.starts_with("http") {
            self.media(address, if in_page { "" } else { "inner" });
        }
    }

    /// A video is asked for. The browser takes it in ranges and may never take all of it, so that
    /// it is fetched plainly when the page has been looked at.
    fn media(&mut self, address: String, frame: &str) {
        let main = self.main.as_ref();
        let found_by = if main.is_some_and(|main| main.address == address) {
            FoundBy::Address
        } else if frame.is_empty() || frame == self.main_frame {
            FoundBy::Page
        } else {
            FoundBy::Frame
        };
        let known = self.again.iter().any(|(known, _)| *known == address);
        if known || self.again.len() >= self.caps.pictures as usize {
            return;
        }
        self.again.push((address, found_by));
    }

    /// The page's load event has come.
    pub fn has_loaded(&mut self) {
        // The empty page before the first request has one too.
        if self.first_asked_at.is_some() {
            self.loaded_at = Some(Instant::now());
        }
        self.loaded = true;
    }

    /// Milliseconds from the first request to the last load event.
    pub fn loaded_ms(&self) -> Option<u32> {
        let took = self.loaded_at?.duration_since(self.first_asked_at?);
        u32::try_from(took.as_millis()).ok()
    }

    fn main_request(&mut self, id: &str, address: &str, redirected: &Value) {
        let by_server = redirected.is_object();
        let from = if by_server {
            redirected["url"].as_str().map(str::to_owned)
        } else {
            self.main.as_ref().map(|main| main.address.clone())
        };
        let is_new = by_server || self.main_asked.as_deref() != Some(id);
        if let Some(from) = from.filter(|_| is_new && self.redirects.len() < REDIRECTS_MAX) {
            self.redirects.push(Redirect {
                from,
                to: address.to_owned(),
                status: status_of(&redirected["status"]).filter(|_| by_server),
                by: if by_server {
                    RedirectBy::Server
                } else {
                    RedirectBy::Page
                },
            });
        }
        self.main_asked = Some(id.to_owned());
        self.first_asked_at.get_or_insert_with(Instant::now);
        self.loaded = false;
    }

    /// An answer's head came.
    pub fn response(&mut self, session: &str, params: &Value) {
        self.last = Instant::now();
        let id = params["requestId"].as_str().unwrap_or_default().to_owned();
        let response = &params["response"];
        let Some(asked) = self.asked.get_mut(&(session.to_owned(), id)) else {
            return;
        };
        let media_type = response["mimeType"].as_str().unwrap_or_default();
        asked.media_type = media_type.to_ascii_lowercase();
        asked.status = status_of(&response["status"]);
        if let Some(kind) = params["type"].as_str() {
            kind.clone_into(&mut asked.kind);
        }
        if asked.is_main {
            self.main = Some(MainAnswer::to(asked, &response["headers"]));
        }
    }

    /// A request came to its end; gives it back when its body is a picture that is wanted.
    pub fn finished(&mut self, name: &Name, length: u64) -> Option<Asked> {
        self.last = Instant::now();
        let asked = self.ended(name)?;
        if !asked.is_picture() {
            return None;
        }
        if length > u64::from(self.caps.picture_bytes) {
            let why = "larger than a visit may bring back".to_owned();
            self.miss(asked.address, why);
            return None;
        }
        let many = self.had() + self.bodies_awaited >= self.caps.pictures as usize;
        if many || self.held + length > self.caps.total_bytes {
            self.left_out = self.left_out.saturating_add(1);
            return None;
        }
        self.held += length;
        self.bodies_awaited += 1;
        Some(asked)
    }

    /// Takes out a request that ended; a frame's document may have begun in another session.
    fn ended(&mut self, name: &Name) -> Option<Asked> {
        if let Some(asked) = self.asked.remove(name) {
            return Some(asked);
        }
        let mut names = self.asked.iter();
        let begun = names.find(|(known, asked)| known.1 == name.1 && asked.kind == "Document");
        let begun = begun.map(|(known, _)| known.clone())?;
        self.asked.remove(&begun)
    }

    /// Hands over the next picture that was received, so that it need not be held here.
    pub fn next_received(&mut self) -> Option<Received> {
        let next = self.received.pop_front()?;
        self.handed_over += 1;
        Some(next)
    }

    /// How many pictures were received so far.
    fn had(&self) -> usize {
        self.handed_over + self.received.len()
    }

    /// A request failed.
    pub fn failed(&mut self, name: &Name, params: &Value) {
        self.last = Instant::now();
        let Some(asked) = self.ended(name) else {
            return;
        };
        let began = asked.status.is_some();
        if asked.is_main || !(asked.kind == "Image" || asked.is_picture()) {
            return;
        }
        // What the page's own rules keep from being shown was named by it all the same.
        let kept_back = params["blockedReason"] == "csp";
        if (began || kept_back) && asked.address.starts_with("http") {
            let found_by = asked.found_by(&self.main_frame);
            self.again.push((asked.address, found_by));
        } else {
            let blocked = params["blockedReason"].as_str();
            let why = blocked.or_else(|| params["errorText"].as_str());
            let why = why.unwrap_or("the browser gave no reason").to_owned();
            self.miss(asked.address, why);
        }
    }

    /// The body of a picture came, or did not.
    pub fn body(&mut self, asked: Asked, bytes: Option<Vec<u8>>) {
        self.bodies_awaited = self.bodies_awaited.saturating_sub(1);
        self.last = Instant::now();
        let found_by = asked.found_by(&self.main_frame);
        let bytes = bytes.filter(|bytes| !bytes.is_empty());
        let status = asked.status.filter(|status| *status != 0);
        match bytes {
            None if asked.address.starts_with("http") && status.is_none_or(|s| s < 400) => {
                self.again.push((asked.address, found_by));
            }
            Some(bytes)
                if magic::is_picture(&bytes)
                    || (asked.media_type.starts_with("image/")
                        && status.is_none_or(|s| s < 400)) =>
            {
                self.received.push_back(Received {
                    address: asked.address,
                    found_by,
                    status,
                    cut_short: false,
                    bytes,
                });
            }
            _ => {
                let why = match status {
                    Some(status) if status >= 400 => format!("http status {status}"),
                    _ => format!("{} is no picture", asked.media_type),
                };
                self.miss(asked.address, why);
            }
        }
    }

    /// Takes out the pictures that are still on their way, at the end of a visit.
    pub fn unfinished(&mut self) -> Vec<(String, FoundBy)> {
        let open = std::mem::take(&mut self.asked).into_values();
        let pictures: Vec<Asked> = open
            .filter(|asked| asked.address.starts_with("http") && !asked.is_main)
            .filter(|asked| asked.kind == "Image" || asked.is_picture())
            .collect();
        let named = pictures.into_iter().map(|asked| {
            let found_by = asked.found_by(&self.main_frame);
            (asked.address, found_by)
        });
        let mut all: Vec<_> = named.collect();
        all.append(&mut self.again);
        let mut known = HashSet::new();
        all.retain(|(address, _)| known.insert(address.clone()));
        all
    }

    /// Notes a picture that was not received.
    pub fn miss(&mut self, address: String, why: String) {
        if self.missed.len() < REMEMBERED_MAX {
            self.missed.push((address, why));
        }
    }
}
