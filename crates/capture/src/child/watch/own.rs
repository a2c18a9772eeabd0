//! What the browser draws by itself: the marks on the controls of videos, sounds and fields.
//!
//! Chromium asks for them as for pictures of the page, by `data:` addresses, and nothing that it says
//! of such a request tells it from one of the page's: not who began it, nor where. So the empty page
//! is given every such control before the address is asked for, and whatever it then asks for is the
//! browser's own. A `data:` address is its bytes: what a page draws itself is never taken for it,
//! unless it is the very same mark.

use std::time::Duration;

use serde_json::json;

use crate::child::watch::Watch;

/// Draws the controls as they are while nothing plays, while something does, and in the dark.
const DRAW: &str = include_str!("own.js");
/// How long that may take. What was not drawn until then may be found as small pictures of a page.
const DRAWN_WITHIN: Duration = Duration::from_secs(2);

/// Has the empty page draw what is the browser's own, which the book then knows.
pub async fn draw(watch: &Watch) {
    let script = json!({ "expression": DRAW, "awaitPromise": true });
    let drawn = watch
        .cdp
        .call(&watch.session, "Runtime.evaluate", script, DRAWN_WITHIN);
    if let Err(fault) = drawn.await {
        tracing::debug!(%fault, "the browser's own marks are not known");
    }
}
