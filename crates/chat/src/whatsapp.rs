//! WhatsApp's Business Cloud API: what its webhook sends, and what is sent through it.
//!
//! Fields nobody here knows are passed over and kinds nobody here knows are told as such (CH-4). A
//! phone number may be missing; then the sender is known by the platform's own id. The name in a
//! profile is never read.

use serde_json::{Value, json};

use crate::delivery::Outcome;
use crate::{Arrived, Forwarded, Heard, MediaKind, Sender, Unreadable, What, Words};

/// How long after somebody wrote a free text may be answered, ms.
pub const WINDOW_MS: i64 = 24 * 3_600_000;
/// Longest text of one message, in letters.
pub const MOST_LETTERS: usize = 4_096;

fn text<'a>(value: &'a Value, place: &str) -> Option<&'a str> {
    value
        .pointer(place)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Reads one delivery of the webhook: any number of events, in any order.
///
/// # Errors
/// [`Unreadable`] when it is no JSON object. What in it is of no use is passed over.
pub fn read(body: &[u8]) -> Result<Vec<Arrived>, Unreadable> {
    let whole: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    if !whole.is_object() {
        return Err(Unreadable);
    }
    let mut arrived = Vec::new();
    for change in list(&whole, "entry").flat_map(|entry| list(entry, "changes")) {
        let Some(value) = change.get("value") else {
            continue;
        };
        arrived.extend(list(value, "messages").filter_map(message));
        arrived.extend(list(value, "statuses").filter_map(status));
    }
    Ok(arrived)
}

fn message(message: &Value) -> Option<Arrived> {
    // What is said in a group is not said to the hotline.
    if text(message, "/group_id").is_some() {
        return None;
    }
    let id = text(message, "/id")?;
    let kind = text(message, "/type").unwrap_or("unknown");
    let mut sender = sender(text(message, "/from"), text(message, "/from_user_id"))?;
    let what = match kind {
        // Its sign on a message of ours; nothing is said by it.
        "reaction" => return None,
        "system" => {
            let known = [("phone", "/system/wa_id"), ("user", "/system/user_id")];
            for (by, place) in known {
                let new = text(message, place).map(|id| format!("{by}|{id}"));
                sender.known_by.extend(new);
            }
            What::Moved
        }
        _ => What::Heard(heard(message, kind)),
    };
    Some(Arrived {
        key: format!("message|{id}|{kind}"),
        sender,
        at_ms: seconds(message),
        what,
    })
}

fn heard(message: &Value, kind: &str) -> Heard {
    let words = |place: &str| Words::plain(text(message, place).unwrap_or_default());
    let forwarded = forwarded(message);
    let said = |words| Heard::Text { words, forwarded };
    match kind {
        "text" => said(words("/text/body")),
        "button" => said(words("/button/text")),
        "interactive" => {
            let places = [
                "/interactive/button_reply/title",
                "/interactive/list_reply/title",
            ];
            let title = places.iter().find_map(|place| text(message, place));
            said(Words::plain(title.unwrap_or_default()))
        }
        "image" => media(message, kind, MediaKind::Photo),
        "video" => media(message, kind, MediaKind::Video),
        "audio" => media(message, kind, MediaKind::Sound),
        "document" => media(message, kind, MediaKind::File),
        "sticker" => media(message, kind, MediaKind::Sticker),
        "contacts" | "location" => Heard::Personal,
        "edit" => {
            let places = ["/edit/message/text/body", "/edit/text/body", "/text/body"];
            let now = places.iter().find_map(|place| text(message, place));
            Heard::Edited {
                words: Words::plain(now.unwrap_or_default()),
            }
        }
        "revoke" => Heard::TakenBack,
        _ => Heard::Unknown {
            kind: text(message, "/unsupported/type")
                .unwrap_or(kind)
                .chars()
                .take(40)
                .collect(),
        },
    }
}

fn media(message: &Value, name: &str, kind: MediaKind) -> Heard {
    Heard::Media {
        kind,
        caption: Words::plain(text(message, &format!("/{name}/caption")).unwrap_or_default()),
        album: None,
        handle: text(message, &format!("/{name}/id")).map(str::to_owned),
        forwarded: forwarded(message),
    }
}

fn forwarded(message: &Value) -> Forwarded {
    let is = |place| message.pointer(place).and_then(Value::as_bool) == Some(true);
    if is("/context/frequently_forwarded") {
        Forwarded::Often
    } else if is("/context/forwarded") {
        Forwarded::Once
    } else {
        Forwarded::No
    }
}

fn seconds(value: &Value) -> i64 {
    let at = value.get("timestamp");
    let at = at.and_then(|at| at.as_i64().or_else(|| at.as_str()?.parse().ok()));
    at.unwrap_or(0).saturating_mul(1_000)
}

/// The platform's own id comes first: it stays when the number goes.
fn sender(phone: Option<&str>, user: Option<&str>) -> Option<Sender> {
    let known_by: Vec<String> = [("user", user), ("phone", phone)]
        .into_iter()
        .filter_map(|(by, id)| Some(format!("{by}|{}", id?)))
        .collect();
    let reach = match (phone, user) {
        (Some(phone), _) => json!({ "to": phone }),
        (None, Some(user)) => json!({ "recipient": user }),
        (None, None) => return None,
    };
    Some(Sender {
        known_by,
        reach: reach.to_string(),
    })
}

fn status(status: &Value) -> Option<Arrived> {
    let (id, named) = (text(status, "/id")?, text(status, "/status")?);
    let sender = sender(
        text(status, "/recipient_id"),
        text(status, "/recipient_user_id"),
    )?;
    Some(Arrived {
        key: format!("status|{id}|{named}"),
        sender,
        at_ms: seconds(status),
        what: What::Delivery {
            id: id.to_owned(),
            failed: named == "failed",
        },
    })
}

/// What is posted to `<number>/messages` to say `text`. Links are not previewed (CH-11).
///
/// # Errors
/// [`Unreadable`] when `reach` was not made here.
pub fn sending(reach: &str, text: &str) -> Result<Vec<u8>, Unreadable> {
    let to: Value = serde_json::from_str(reach).map_err(|_| Unreadable)?;
    let mut message = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": "text",
        "text": { "body": text, "preview_url": false },
    });
    let (Some(message_of), Some(to)) = (message.as_object_mut(), to.as_object()) else {
        return Err(Unreadable);
    };
    for (name, id) in to {
        message_of.insert(name.clone(), id.clone());
    }
    Ok(message.to_string().into_bytes())
}

/// What the answer to a sending means.
#[must_use]
pub fn outcome(status: u16, body: &[u8]) -> Outcome {
    let answer: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    if (200..300).contains(&status) {
        // Accepted, whatever it is called there.
        let id = text(&answer, "/messages/0/id").unwrap_or_default();
        return Outcome::Sent { id: id.to_owned() };
    }
    let code = answer.pointer("/error/code").and_then(Value::as_i64);
    match (status, code) {
        // Too many in all, too many to one, too many calls of the account.
        (_, Some(130_429 | 131_056 | 80_007 | 4)) | (429 | 503, _) => {
            Outcome::Later { after_ms: None }
        }
        (_, Some(131_047)) => Outcome::Never {
            why: "window-closed",
        },
        (_, Some(131_026 | 131_030)) => Outcome::Never {
            why: "not-reachable",
        },
        // Our key is no longer good: that is for us to mend, and nothing was said.
        (401, _) | (_, Some(190)) => Outcome::Later {
            after_ms: Some(600_000),
        },
        (500.., _) => Outcome::Unsure,
        _ => Outcome::Never { why: "refused" },
    }
}

#[cfg(test)]
#[path = "whatsapp_tests.rs"]
mod tests;
