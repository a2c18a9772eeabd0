//! Goes through every frame of a page as a person would, from a world of its own that the
//! page's scripts cannot see or change.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::child::watch::Watch;
use crate::child::{Received, data_address};
use crate::wire::FoundBy;

/// How long a page gets after each step to notice it.
const STEP: Duration = Duration::from_millis(120);
/// Most steps down a page.
const STEPS_MAX: usize = 60;
/// How long one script may take in one frame.
const PATIENCE: Duration = Duration::from_secs(3);
/// Most frames that are gone through.
const FRAMES_MAX: usize = 40;

/// One step down, in the frame and in whatever scrolls inside it; whether there is more below.
const STEP_DOWN: &str = r"(() => {
    const root = document.scrollingElement || document.documentElement;
    if (!root) return false;
    const boxes = [root];
    for (const e of Array.from(document.querySelectorAll('*')).slice(0, 5000)) {
        if (boxes.length > 20) break;
        if (e === root || (e.scrollHeight <= e.clientHeight + 40 && e.scrollWidth <= e.clientWidth + 40)) continue;
        const style = getComputedStyle(e);
        if (/auto|scroll/.test(style.overflowY + style.overflowX)) boxes.push(e);
    }
    let more = false;
    for (const e of boxes) {
        const [top, left] = [e.scrollTop, e.scrollLeft];
        // Small boxes with much in them would take for ever by their own height.
        const down = e === root ? innerHeight * 0.8 : Math.max(e.clientHeight * 0.8, 600);
        e.scrollTo({ top: top + down, behavior: 'instant' });
        if (e.scrollTop === top) {
            if (e !== root) e.scrollTo({ left: left + e.clientWidth * 0.8, behavior: 'instant' });
        }
        more = more || e.scrollTop > top || e.scrollLeft > left;
    }
    return more;
})()";

/// Back to the top, and whatever still waits for being scrolled to is asked for.
const BACK_UP: &str = r"(() => {
    for (const e of document.querySelectorAll('[loading=lazy]')) e.loading = 'eager';
    window.scrollTo({ top: 0, left: 0, behavior: 'instant' });
})()";

/// What scripts have drawn, as data addresses; a canvas that holds another site's picture cannot
/// be read, but that picture came over the network.
const CANVASES: &str = r"(() => {
    const drawn = [];
    for (const c of Array.from(document.querySelectorAll('canvas')).slice(0, 50)) {
        if (c.width < 32 || c.height < 32 || c.width * c.height > 40e6) continue;
        try { drawn.push(c.toDataURL('image/png')); } catch (_) { }
    }
    return drawn;
})()";

/// A frame's own world: the session it is reached through and the context's id.
struct World {
    session: String,
    context: Value,
}

/// Scrolls step by step through every frame until its end or `until`.
pub async fn scroll_through(watch: &Watch, until: Instant) {
    let mut worlds = worlds(watch).await;
    for step in 0..STEPS_MAX {
        if Instant::now() >= until {
            break;
        }
        let mut more = false;
        for world in &worlds {
            more |= run(watch, world, STEP_DOWN).await == Some(Value::Bool(true));
        }
        tokio::time::sleep(STEP).await;
        if !more {
            break;
        }
        // Frames that appeared on the way down are gone through as well.
        if step % 8 == 7 {
            worlds = self::worlds(watch).await;
        }
    }
    for world in &self::worlds(watch).await {
        run(watch, world, BACK_UP).await;
    }
}

/// Keeps what scripts have drawn.
pub async fn keep_canvases(watch: &Watch) {
    let address = watch.seen().main.clone().unwrap_or_default().address;
    let mut count = 0;
    for world in &worlds(watch).await {
        let drawn = run(watch, world, CANVASES).await;
        for picture in drawn
            .as_ref()
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let bytes = picture.as_str().and_then(data_address::bytes_of);
            let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
                continue;
            };
            count += 1;
            watch.seen().received.push(Received {
                address: format!("{address}#canvas-{count}"),
                found_by: FoundBy::Canvas,
                status: None,
                cut_short: false,
                bytes,
            });
        }
    }
}

/// A world of our own in every frame of every session.
async fn worlds(watch: &Watch) -> Vec<World> {
    let mut sessions = vec![watch.session.clone()];
    sessions.extend(watch.seen().frame_sessions.iter().cloned());
    let mut worlds = Vec::new();
    for session in sessions {
        let tree = watch
            .cdp
            .call(&session, "Page.getFrameTree", json!({}), PATIENCE)
            .await
            .unwrap_or_default();
        let mut frames = Vec::new();
        frame_ids(&tree["frameTree"], &mut frames);
        for frame in frames {
            if worlds.len() >= FRAMES_MAX {
                return worlds;
            }
            let wanted = json!({ "frameId": frame, "worldName": "visit" });
            let made = watch
                .cdp
                .call(&session, "Page.createIsolatedWorld", wanted, PATIENCE)
                .await;
            worlds.extend(made.ok().map(|mut made| World {
                session: session.clone(),
                context: made["executionContextId"].take(),
            }));
        }
    }
    worlds
}

fn frame_ids(tree: &Value, into: &mut Vec<String>) {
    into.extend(tree["frame"]["id"].as_str().map(str::to_owned));
    for child in tree["childFrames"].as_array().into_iter().flatten() {
        frame_ids(child, into);
    }
}

async fn run(watch: &Watch, world: &World, script: &str) -> Option<Value> {
    let wanted = json!({
        "expression": script,
        "contextId": world.context,
        "returnByValue": true,
        "timeout": PATIENCE.as_millis() as u64,
    });
    let mut answer = watch
        .cdp
        .call(&world.session, "Runtime.evaluate", wanted, PATIENCE)
        .await
        .ok()?;
    Some(answer["result"]["value"].take())
}
