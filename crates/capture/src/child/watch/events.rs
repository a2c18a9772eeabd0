//! What is done when the browser says something: sessions are set up, dialogs and popups put
//! away, bodies of pictures fetched as soon as they are whole.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::child::cdp::{Cdp, CdpFault, Event};
use crate::child::watch::asked::{Asked, Name};
use crate::child::watch::seen::Seen;
use crate::child::watch::{Manner, PATIENCE};

/// How long the browser may take to hand over one body.
const BODY_PATIENCE: Duration = Duration::from_secs(15);
/// After so many dialogs the page's scripts are stopped: it is only shouting.
const DIALOGS_MAX: u32 = 8;
/// The same for windows.
const POPUPS_MAX: u32 = 20;
/// How much the browser keeps of what it loaded, in bytes, and of one answer.
const KEPT: u64 = 96_000_000;
const KEPT_OF_ONE: u64 = 32_000_000;

/// Makes a fresh session watched, and lets it run.
pub fn set_up(cdp: &Cdp, session: &str, manner: &Manner) {
    for (method, params) in wishes(manner) {
        cdp.tell(session, method, params);
    }
}

/// The same for the page itself, waiting for each answer: a wish that its first, empty process
/// has not yet answered is forgotten when the page moves to another process.
pub async fn set_up_surely(cdp: &Cdp, session: &str, manner: &Manner) -> Result<(), CdpFault> {
    for (method, params) in wishes(manner) {
        cdp.call(session, method, params, PATIENCE).await?;
    }
    Ok(())
}

/// What every session is asked for, in this order.
fn wishes(manner: &Manner) -> [(&'static str, Value); 7] {
    let keep = json!({ "maxTotalBufferSize": KEPT, "maxResourceBufferSize": KEPT_OF_ONE });
    let zone = json!({ "timezoneId": manner.timezone });
    let further = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
    let mut name = json!({
        "userAgent": manner.user_agent,
        "acceptLanguage": manner.languages,
        "platform": "Linux x86_64",
    });
    if let Some(brands) = &manner.brands {
        name["userAgentMetadata"] = brands.clone();
    }
    [
        ("Network.enable", keep),
        ("Network.setUserAgentOverride", name),
        ("Emulation.setTimezoneOverride", zone),
        ("Page.enable", json!({})),
        ("Inspector.enable", json!({})),
        ("Target.setAutoAttach", further),
        ("Runtime.runIfWaitingForDebugger", json!({})),
    ]
}

/// Follows the browser's events until it ends.
pub async fn follow(
    cdp: Cdp,
    mut events: mpsc::UnboundedReceiver<Event>,
    seen: Arc<Mutex<Seen>>,
    manner: Manner,
) {
    while let Some(event) = events.recv().await {
        heed(&cdp, &event, &seen, &manner);
    }
    lock(&seen).crashed = true;
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn heed(cdp: &Cdp, event: &Event, seen: &Arc<Mutex<Seen>>, manner: &Manner) {
    let Event {
        session,
        method,
        params,
    } = event;
    let text = |name: &str| params[name].as_str().unwrap_or_default().to_owned();
    let piece = lock(seen).traffic.heed(session, method, params);
    if let Some(name) = piece {
        tokio::spawn(keep_piece(cdp.clone(), name, Arc::clone(seen)));
    }
    match method.as_str() {
        "Network.requestWillBeSent" => lock(seen).request(session, params),
        "Network.responseReceived" => lock(seen).response(session, params),
        "Network.loadingFinished" => {
            let name = (session.clone(), text("requestId"));
            // Chromium counts in whole bytes but writes a floating-point number.
            let length = params["encodedDataLength"].as_f64().unwrap_or(0.0);
            let wanted = lock(seen).finished(&name, length.max(0.0) as u64);
            if let Some(asked) = wanted {
                tokio::spawn(body(cdp.clone(), name, asked, Arc::clone(seen)));
            }
        }
        "Network.loadingFailed" => {
            lock(seen).failed(&(session.clone(), text("requestId")), params);
        }
        "Page.loadEventFired" if lock(seen).is_page(session) => lock(seen).has_loaded(),
        "Page.javascriptDialogOpening" => dialog(cdp, session, params, seen),
        "Inspector.targetCrashed" if lock(seen).is_page(session) => lock(seen).crashed = true,
        "Target.attachedToTarget" => {
            let inner = text("sessionId");
            // Our own attachment is set up by whoever asked for it.
            if lock(seen).is_page(&inner) {
                return;
            }
            set_up(cdp, &inner, manner);
            if params["targetInfo"]["type"] == "iframe" {
                lock(seen).frame_sessions.push(inner);
            }
        }
        "Target.detachedFromTarget" => {
            let inner = text("sessionId");
            lock(seen).frame_sessions.retain(|known| *known != inner);
        }
        "Target.targetCreated" => popup(cdp, &params["targetInfo"], seen),
        _ => {}
    }
}

/// Puts a dialog away; a page that keeps opening them loses its scripts.
fn dialog(cdp: &Cdp, session: &str, params: &Value, seen: &Mutex<Seen>) {
    // Leaving is always allowed, everything else is declined.
    let accept = params["type"] == "beforeunload";
    cdp.tell(
        session,
        "Page.handleJavaScriptDialog",
        json!({ "accept": accept }),
    );
    let dialogs = {
        let mut seen = lock(seen);
        seen.dialogs = seen.dialogs.saturating_add(1);
        seen.dialogs
    };
    if dialogs == DIALOGS_MAX {
        silence(cdp, session);
    }
}

/// Stops the scripts of a session, those running and those to come.
pub fn silence(cdp: &Cdp, session: &str) {
    let off = json!({ "value": true });
    cdp.tell(session, "Emulation.setScriptExecutionDisabled", off);
    cdp.tell(session, "Runtime.terminateExecution", json!({}));
}

/// Closes every page that is not ours; a page that keeps opening them loses its scripts.
fn popup(cdp: &Cdp, target: &Value, seen: &Mutex<Seen>) {
    let id = target["targetId"].as_str().unwrap_or_default();
    if target["type"] != "page" || lock(seen).is_own_target(id) {
        return;
    }
    cdp.tell("", "Target.closeTarget", json!({ "targetId": id }));
    let (popups, page) = lock(seen).popup();
    if popups == POPUPS_MAX {
        silence(cdp, &page);
    }
}

/// Fetches one picture from the browser.
async fn body(cdp: Cdp, name: Name, asked: Asked, seen: Arc<Mutex<Seen>>) {
    let bytes = body_of(&cdp, &name).await;
    let mut seen = lock(&seen);
    if let Some(bytes) = &bytes {
        seen.traffic.picture(&name, bytes);
    }
    seen.body(asked, bytes);
}

/// Fetches one answer that is no picture, for the evidence.
async fn keep_piece(cdp: Cdp, name: Name, seen: Arc<Mutex<Seen>>) {
    let bytes = body_of(&cdp, &name).await;
    lock(&seen).traffic.body(&name, bytes);
}

async fn body_of(cdp: &Cdp, (session, id): &Name) -> Option<Vec<u8>> {
    let asked = json!({ "requestId": id });
    let answer = cdp
        .call(session, "Network.getResponseBody", asked, BODY_PATIENCE)
        .await
        .ok()?;
    let body = answer["body"].as_str()?;
    if answer["base64Encoded"] == true {
        BASE64.decode(body.as_bytes()).ok()
    } else {
        Some(body.as_bytes().to_vec())
    }
}
