//! Goes down every frame of a page as a person would.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::child::look::worlds::{run, worlds};
use crate::child::watch::Watch;

/// How long a page gets after each step to notice it.
const STEP: Duration = Duration::from_millis(120);
/// Most steps down a page.
const STEPS_MAX: usize = 60;

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

/// Scrolls step by step through every frame until its end or `until`.
pub async fn scroll_through(watch: &Watch, until: Instant) {
    let mut inside = worlds(watch).await;
    for step in 0..STEPS_MAX {
        if Instant::now() >= until {
            break;
        }
        let mut more = false;
        for world in &inside {
            more |= run(watch, world, STEP_DOWN).await == Some(Value::Bool(true));
        }
        tokio::time::sleep(STEP).await;
        if !more {
            break;
        }
        // Frames that appeared on the way down are gone through as well.
        if step % 8 == 7 {
            inside = worlds(watch).await;
        }
    }
    for world in &worlds(watch).await {
        run(watch, world, BACK_UP).await;
    }
}
