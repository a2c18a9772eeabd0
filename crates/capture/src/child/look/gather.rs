//! Gathers what every frame of a page names and has drawn, also what the browser had no reason to
//! load: the larger pictures of a `srcset`, backgrounds that wait for something, what stands in
//! closed shadow roots.

use std::collections::HashSet;

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::child::look::QUIET;
use crate::child::look::worlds::{World, ask, handle, run, run_on, worlds};
use crate::child::watch::Watch;
use crate::child::{Received, data_address};
use crate::wire::FoundBy;

/// What a tree names: a function of its root.
const COLLECT: &str = include_str!("collect.js");
/// Asks for pictures as the page itself would: with its cookies and through its workers.
const LOAD: &str = "(list => { globalThis.wanted = list.map(address => {
    const picture = new Image(); picture.src = address; return picture; }); })";
/// Most closed shadow roots that are gone through.
const ROOTS_MAX: usize = 200;
/// Most canvases of which a screenshot is taken.
const SHOTS_MAX: usize = 20;
/// Most bytes of links that are listed.
const LINKS_BYTES: usize = 200_000;

/// What one tree names and has drawn.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    named: Vec<String>,
    films: Vec<String>,
    links: Vec<String>,
    drawn: Vec<String>,
    undrawn: usize,
}

/// What was gathered besides the pictures, which are among those received.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Links that lead straight to pictures.
    pub links: Vec<String>,
    canvases: u32,
    shots: usize,
    address: String,
}

/// Gathers everything and waits until it is there, at most until `until`.
pub async fn gather(watch: &Watch, until: Instant) -> Gathered {
    let mut gathered = Gathered {
        address: watch.seen().main.clone().unwrap_or_default().address,
        ..Gathered::default()
    };
    for world in &worlds(watch).await {
        if Instant::now() >= until {
            break;
        }
        let collect = format!("({COLLECT})(document)");
        if let Some(named) = run(watch, world, &collect).await {
            gathered.take(watch, world, named).await;
        }
        for root in closed_roots(watch, world).await {
            if let Some(named) = run_on(watch, world, &root, COLLECT).await {
                gathered.take(watch, world, named).await;
            }
        }
    }
    watch.quiet(QUIET, until).await;
    gathered
}

impl Gathered {
    /// Takes in what one tree names.
    async fn take(&mut self, watch: &Watch, world: &World, named: Value) {
        let Ok(named) = serde_json::from_value::<Named>(named) else {
            return;
        };
        let unknown = watch.seen().unknown(named.named);
        if !unknown.is_empty() {
            let list = serde_json::to_string(&unknown).unwrap_or_default();
            run(watch, world, &format!("{LOAD}({list})")).await;
        }
        for film in named.films {
            watch.seen().film(film, world.is_page);
        }
        self.list(named.links);
        for drawing in &named.drawn {
            if let Some(bytes) = data_address::bytes_of(drawing) {
                self.keep(watch, bytes);
            }
        }
        for index in 0..named.undrawn {
            if self.shots >= SHOTS_MAX {
                break;
            }
            self.shots += 1;
            if let Some(bytes) = shot(watch, world, index).await {
                self.keep(watch, bytes);
            }
        }
    }

    fn list(&mut self, links: Vec<String>) {
        let known: HashSet<String> = self.links.iter().cloned().collect();
        let mut room = LINKS_BYTES.saturating_sub(self.links.iter().map(String::len).sum());
        for link in links.into_iter().filter(|link| !known.contains(link)) {
            room = room.saturating_sub(link.len());
            if room == 0 {
                break;
            }
            self.links.push(link);
        }
    }

    /// Keeps the picture of a canvas.
    fn keep(&mut self, watch: &Watch, bytes: Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        self.canvases += 1;
        watch.seen().received.push_back(Received {
            address: format!("{}#canvas-{}", self.address, self.canvases),
            found_by: FoundBy::Canvas,
            status: None,
            cut_short: false,
            bytes,
        });
    }
}

/// The closed shadow roots of a frame, by the browser's own numbers.
async fn closed_roots(watch: &Watch, world: &World) -> Vec<Value> {
    // One document holds all frames of its process: the first world of each session goes through
    // it, and an element is found whichever world asks.
    if !world.leads {
        return Vec::new();
    }
    let all = json!({ "depth": -1, "pierce": true });
    let tree = ask(watch, &world.session, "DOM.getDocument", all).await;
    let mut roots = Vec::new();
    find_closed(&tree.unwrap_or_default()["root"], &mut roots, 0);
    roots
}

/// Deeper than this no page nests its elements.
const DEPTH_MAX: usize = 600;

fn find_closed(node: &Value, into: &mut Vec<Value>, depth: usize) {
    if into.len() >= ROOTS_MAX || depth > DEPTH_MAX {
        return;
    }
    if node["shadowRootType"] == "closed" {
        into.push(node["backendNodeId"].clone());
    }
    for part in ["children", "shadowRoots"] {
        for inner in node[part].as_array().into_iter().flatten() {
            find_closed(inner, into, depth + 1);
        }
    }
    if node["contentDocument"].is_object() {
        find_closed(&node["contentDocument"], into, depth + 1);
    }
}

/// The picture of one canvas that cannot be read back, as it is shown.
async fn shot(watch: &Watch, world: &World, index: usize) -> Option<Vec<u8>> {
    let find = format!(
        "(e => (e.scrollIntoView({{ block: 'center', behavior: 'instant' }}), e))(undrawn[{index}])"
    );
    let element = handle(watch, world, &find).await?;
    let quads = ask(
        watch,
        &world.session,
        "DOM.getContentQuads",
        json!({ "objectId": element }),
    )
    .await?;
    let (left, top, width, height) = bounds(&quads)?;
    let (mut x, mut y) = (left, top);
    if world.session != watch.session {
        let (left, top) = frame_offset(watch, &world.session).await?;
        (x, y) = (x + left, y + top);
    }
    let metrics = ask(watch, &watch.session, "Page.getLayoutMetrics", json!({})).await?;
    let page = |name: &str| metrics["cssVisualViewport"][name].as_f64().unwrap_or(0.0);
    let clip = json!({
        "format": "png",
        "captureBeyondViewport": true,
        "clip": {
            "x": x + page("pageX"), "y": y + page("pageY"), "scale": 1,
            "width": width.min(4_000.0), "height": height.min(4_000.0),
        },
    });
    let answer = ask(watch, &watch.session, "Page.captureScreenshot", clip).await?;
    BASE64.decode(answer["data"].as_str()?.as_bytes()).ok()
}

/// Where a frame of another process stands in the page's window; none when it stands in a frame
/// that is itself of another process.
async fn frame_offset(watch: &Watch, session: &str) -> Option<(f64, f64)> {
    let tree = ask(watch, session, "Page.getFrameTree", json!({})).await?;
    let frame = json!({ "frameId": tree["frameTree"]["frame"]["id"] });
    let owner = ask(watch, &watch.session, "DOM.getFrameOwner", frame).await?;
    let owner = json!({ "backendNodeId": owner["backendNodeId"] });
    let quads = ask(watch, &watch.session, "DOM.getContentQuads", owner).await?;
    let (left, top, ..) = bounds(&quads)?;
    Some((left, top))
}

/// Left, top, width and height of the first quad: x and y of four corners.
fn bounds(quads: &Value) -> Option<(f64, f64, f64, f64)> {
    let quad = quads["quads"].as_array()?.first()?.as_array()?;
    let corners: Vec<f64> = quad.iter().filter_map(Value::as_f64).collect();
    let side = |first: usize| {
        let along = corners.iter().skip(first).step_by(2);
        let (least, most) = along.fold((f64::MAX, f64::MIN), |(least, most), &at| {
            (least.min(at), most.max(at))
        });
        (least, most - least)
    };
    let ((left, width), (top, height)) = (side(0), side(1));
    (corners.len() == 8 && width >= 1.0 && height >= 1.0).then_some((left, top, width, height))
}
