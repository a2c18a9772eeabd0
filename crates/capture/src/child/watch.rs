//! Watches everything the browser loads, in every frame and worker, and keeps the pictures.

mod asked;
mod events;
mod known;
mod own;
mod seen;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::child::cdp::{Cdp, CdpFault, Event};
use crate::wire::{Caps, Viewport};

pub use asked::MainAnswer;
pub use seen::Seen;

/// How long the browser may take over an ordinary request.
pub const PATIENCE: Duration = Duration::from_secs(8);
/// What the frame of a window takes beside its page, in pixels across and down: a page can ask for
/// both, and one that fills its window to the edge is seen by nobody.
pub const FRAME: (u32, u32) = (16, 88);
/// The screen that pages are told of unless the window is larger, in pixels across and down.
const SCREEN: (u32, u32) = (1_920, 1_080);
/// How often the watch is asked whether the page is quiet.
const LOOK_EVERY: Duration = Duration::from_millis(40);
/// A request that has been open for so long no longer keeps a page from being quiet.
const STALE: Duration = Duration::from_secs(6);

/// How every target presents itself.
#[derive(Debug, Clone)]
pub struct Manner {
    /// The browser's name as servers see it.
    pub user_agent: String,
    /// The languages in the order of preference, divided by commas; the browser adds the weights.
    pub languages: String,
    /// An IANA time zone.
    pub timezone: String,
    /// What the browser says of itself beside its name; none when it goes by another's.
    pub brands: Option<serde_json::Value>,
}

/// The watch over one page.
pub struct Watch {
    /// The line to the browser.
    pub cdp: Cdp,
    /// The page's own session.
    pub session: String,
    /// The page's target.
    pub target: String,
    seen: Arc<Mutex<Seen>>,
}

impl Watch {
    /// Opens an empty page and watches it.
    pub async fn open(
        cdp: Cdp,
        events: mpsc::UnboundedReceiver<Event>,
        manner: Manner,
        viewport: Viewport,
        caps: Caps,
    ) -> Result<Self, CdpFault> {
        let downloads = json!({ "behavior": "deny" });
        cdp.call("", "Browser.setDownloadBehavior", downloads, PATIENCE)
            .await?;
        let page = json!({
            "url": "about:blank",
            "width": viewport.width + FRAME.0, "height": viewport.height + FRAME.1,
        });
        let made = cdp.call("", "Target.createTarget", page, PATIENCE).await?;
        let target = made["targetId"].as_str().unwrap_or_default().to_owned();
        let attach = json!({ "targetId": target, "flatten": true });
        let attached = cdp
            .call("", "Target.attachToTarget", attach, PATIENCE)
            .await?;
        let session = attached["sessionId"].as_str().unwrap_or_default();
        let session = session.to_owned();
        // A page's main frame has the id of its target.
        let seen = Arc::new(Mutex::new(Seen::of(&session, &target, caps)));
        let watch = Self {
            cdp: cdp.clone(),
            session: session.clone(),
            target,
            seen: Arc::clone(&seen),
        };
        events::set_up_surely(&cdp, &session, &manner).await?;
        // The window the browser was given has a frame of its own, which nobody sees.
        let window = json!({
            "width": viewport.width, "height": viewport.height,
            "deviceScaleFactor": 1, "mobile": false,
            "screenWidth": viewport.width.max(SCREEN.0), "screenHeight": viewport.height.max(SCREEN.1),
        });
        cdp.call(
            &session,
            "Emulation.setDeviceMetricsOverride",
            window,
            PATIENCE,
        )
        .await?;
        cdp.call(
            "",
            "Target.setDiscoverTargets",
            json!({ "discover": true }),
            PATIENCE,
        )
        .await?;
        tokio::spawn(events::follow(cdp, events, seen, manner));
        own::draw(&watch).await;
        Ok(watch)
    }

    /// What has been seen so far.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the page's scripts for good.
    pub fn silence(&self) {
        events::silence(&self.cdp, &self.session);
    }

    /// Waits until the page has loaded, or `until`; whether it has.
    pub async fn loaded(&self, until: Instant) -> bool {
        loop {
            let over = {
                let seen = self.seen();
                if seen.loaded {
                    return true;
                }
                seen.crashed
            };
            if over || Instant::now() >= until {
                return false;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until nothing has been loading for `quiet`, or `until`; whether it came to that.
    pub async fn quiet(&self, quiet: Duration, until: Instant) -> bool {
        loop {
            let now = Instant::now();
            if self.seen().is_quiet(now, quiet, STALE) {
                return true;
            }
            if now >= until {
                return false;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until the page's process has died, if ever.
    pub async fn fell_over(&self) {
        while !self.seen().crashed {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until every body that was asked for is here, or `until`.
    pub async fn bodies(&self, until: Instant) {
        while self.seen().bodies_awaited > 0 && Instant::now() < until {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
