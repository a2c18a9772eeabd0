//! Worlds of our own in every frame of a page, which the page's scripts cannot see or change.

use std::time::Duration;

use serde_json::{Value, json};

use crate::child::watch::Watch;

/// How long one script may take in one frame.
pub const PATIENCE: Duration = Duration::from_secs(3);
/// Most frames that are gone through.
const FRAMES_MAX: usize = 40;

/// A frame's own world: the session it is reached through and the context's id.
pub struct World {
    /// The session of the frame's process.
    pub session: String,
    /// Whether this is the page itself and not a frame in it.
    pub is_page: bool,
    /// Whether this is the first frame of its process's document.
    pub leads: bool,
    context: Value,
}

/// A world of our own in every frame of every session, the page itself first.
pub async fn worlds(watch: &Watch) -> Vec<World> {
    let mut sessions = vec![watch.session.clone()];
    sessions.extend(watch.seen().frame_sessions.iter().cloned());
    let mut worlds = Vec::new();
    for session in sessions {
        let tree = ask(watch, &session, "Page.getFrameTree", json!({})).await;
        let mut frames = Vec::new();
        frame_ids(&tree.unwrap_or_default()["frameTree"], &mut frames);
        for (place, frame) in frames.into_iter().enumerate() {
            if worlds.len() >= FRAMES_MAX {
                return worlds;
            }
            let wanted = json!({ "frameId": frame, "worldName": "visit" });
            let made = ask(watch, &session, "Page.createIsolatedWorld", wanted).await;
            worlds.extend(made.map(|mut made| World {
                session: session.clone(),
                is_page: frame == watch.target,
                leads: place == 0,
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

/// What a script gives in a world.
pub async fn run(watch: &Watch, world: &World, script: &str) -> Option<Value> {
    let mut answer = evaluate(watch, world, script, true).await?;
    Some(answer["result"]["value"].take())
}

/// The handle of what a script gives in a world; none when that is no object.
pub async fn handle(watch: &Watch, world: &World, script: &str) -> Option<Value> {
    let mut answer = evaluate(watch, world, script, false).await?;
    Some(answer["result"]["objectId"].take()).filter(Value::is_string)
}

async fn evaluate(watch: &Watch, world: &World, script: &str, by_value: bool) -> Option<Value> {
    let wanted = json!({
        "expression": script,
        "contextId": world.context,
        "returnByValue": by_value,
        "userGesture": true,
        "timeout": PATIENCE.as_millis() as u64,
    });
    ask(watch, &world.session, "Runtime.evaluate", wanted).await
}

/// Calls `script`, a function of one element, on an element that the world's page hides from its
/// own scripts: the browser knows it by this number.
pub async fn run_on(watch: &Watch, world: &World, element: &Value, script: &str) -> Option<Value> {
    let wanted = json!({ "backendNodeId": element, "executionContextId": world.context });
    let found = ask(watch, &world.session, "DOM.resolveNode", wanted).await?;
    let call = json!({
        "functionDeclaration": format!("function() {{ return ({script})(this); }}"),
        "objectId": found["object"]["objectId"],
        "returnByValue": true,
    });
    let mut answer = ask(watch, &world.session, "Runtime.callFunctionOn", call).await?;
    Some(answer["result"]["value"].take())
}

/// Asks a session; none when it refuses or is late, which a hostile page is free to bring about.
pub async fn ask(
    watch: &Watch,
    session: &str,
    method: &'static str,
    params: Value,
) -> Option<Value> {
    let answered = watch.cdp.call(session, method, params, PATIENCE).await;
    answered.ok()
}
