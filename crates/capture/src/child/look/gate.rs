//! Passes one consent or age gate, by the rules the visit was given.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::child::look::QUIET;
use crate::child::look::worlds::{World, ask, run, worlds};
use crate::child::watch::Watch;
use crate::wire::Gates;

/// Finds the button: a function of the rules.
const FIND: &str = include_str!("gate.js");
/// How long a page may take to answer a click.
const ANSWER: Duration = Duration::from_millis(250);
/// How long what lies behind a gate may take to load.
const BEHIND: Duration = Duration::from_secs(8);

/// Passes the first gate found, if there is one: what its button says. Waits until what lies
/// behind it has loaded, at most until `until`.
pub async fn pass(watch: &Watch, gates: &Gates, until: Instant) -> Option<String> {
    let find = format!("({FIND})({})", serde_json::to_string(gates).ok()?);
    for world in &worlds(watch).await {
        let found = run(watch, world, &find).await.filter(Value::is_object);
        let Some(found) = found else { continue };
        click(watch, world, &found).await;
        let until = until.min(Instant::now() + BEHIND);
        watch.loaded(until).await;
        watch.quiet(QUIET, until).await;
        return found["text"].as_str().map(str::to_owned);
    }
    None
}

/// Clicks as a person would; a frame's button, and one that lies under something else, by itself.
async fn click(watch: &Watch, world: &World, found: &Value) {
    if world.is_page {
        for kind in ["mousePressed", "mouseReleased"] {
            let mouse = json!({
                "type": kind, "x": found["x"], "y": found["y"], "button": "left", "clickCount": 1,
            });
            ask(watch, &world.session, "Input.dispatchMouseEvent", mouse).await;
        }
        tokio::time::sleep(ANSWER).await;
    }
    const STILL_THERE: &str = "(() => {
        const box = globalThis.gate?.isConnected && gate.getBoundingClientRect();
        if (box && box.width > 0 && box.height > 0) gate.click();
    })()";
    run(watch, world, STILL_THERE).await;
    tokio::time::sleep(ANSWER).await;
}
