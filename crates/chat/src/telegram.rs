//! Telegram's Bot API: what its webhook or its updates hold, and what is sent through it.
//!
//! Places in a text are counted in code units of UTF-16. An album is as many updates as it has
//! files. Names of senders are never read; of whom something was passed on from, only a public
//! channel, whose address anybody can open, is kept.

use serde_json::{Value, json};

use crate::delivery::Outcome;
use crate::{Arrived, Forwarded, Heard, MediaKind, Sender, Unreadable, What, Words, utf16};

/// Longest text of one message, in code units of UTF-16.
pub const MOST_UNITS: usize = 4_096;
/// The kinds of update that are asked for.
pub const UPDATES: [&str; 3] = ["message", "edited_message", "my_chat_member"];

/// Files by the names of their fields. One that fills two fields stands before the other, so that it
/// counts once.
const FILES: [(&str, MediaKind); 10] = [
    ("animation", MediaKind::Video),
    ("live_photo", MediaKind::Photo),
    ("photo", MediaKind::Photo),
    ("video", MediaKind::Video),
    ("video_note", MediaKind::Video),
    ("paid_media", MediaKind::Photo),
    ("voice", MediaKind::Sound),
    ("audio", MediaKind::Sound),
    ("sticker", MediaKind::Sticker),
    ("document", MediaKind::File),
];

/// Reads one update, or none when nothing was said to the hotline in it.
///
/// # Errors
/// [`Unreadable`] when it is no JSON object with an `update_id`.
pub fn read(body: &[u8]) -> Result<Option<Arrived>, Unreadable> {
    let update: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let number = update
        .get("update_id")
        .and_then(Value::as_i64)
        .ok_or(Unreadable)?;
    Ok(arrived(&update, number))
}

/// Divides the answer to `getUpdates` into updates, with the highest number among them.
///
/// # Errors
/// [`Unreadable`] when it is no list of updates.
pub fn divide(body: &[u8]) -> Result<(Vec<Vec<u8>>, Option<i64>), Unreadable> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let updates = answer
        .get("result")
        .and_then(Value::as_array)
        .ok_or(Unreadable)?;
    let highest = updates
        .iter()
        .filter_map(|update| update.get("update_id")?.as_i64())
        .max();
    Ok((
        updates
            .iter()
            .map(|update| update.to_string().into_bytes())
            .collect(),
        highest,
    ))
}

fn arrived(update: &Value, number: i64) -> Option<Arrived> {
    let (message, edited) = match (update.get("message"), update.get("edited_message")) {
        (Some(message), _) => (message, false),
        (None, Some(message)) => (message, true),
        (None, None) => (update.get("my_chat_member")?, false),
    };
    // Groups and channels are not answered, nor are other bots.
    let private = message.pointer("/chat/type")?.as_str()? == "private";
    let bot = message.pointer("/from/is_bot").and_then(Value::as_bool) == Some(true);
    if !private || bot {
        return None;
    }
    let chat = message.pointer("/chat/id")?.as_i64()?;
    let who = message
        .pointer("/from/id")
        .and_then(Value::as_i64)
        .unwrap_or(chat);
    let at = if edited { "edit_date" } else { "date" };
    let at = message.get(at).and_then(Value::as_i64).unwrap_or(0);
    let what = match message
        .pointer("/new_chat_member/status")
        .and_then(Value::as_str)
    {
        Some(status) => What::Blocked(status == "kicked"),
        None if edited => What::Heard(Heard::Edited {
            words: words(message)?,
        }),
        None => What::Heard(heard(message)),
    };
    Some(Arrived {
        // Numbers may begin anywhere again after a week of silence, so the time is part of it.
        key: format!("update|{number}|{at}"),
        sender: Sender {
            known_by: vec![format!("user|{who}")],
            reach: chat.to_string(),
        },
        at_ms: at.saturating_mul(1_000),
        what,
    })
}

fn heard(message: &Value) -> Heard {
    let forwarded = if message.get("forward_origin").is_some() {
        Forwarded::Once
    } else {
        Forwarded::No
    };
    let mut said = words(message);
    if let (Some(link), words) = (channel(message), &mut said) {
        words.get_or_insert_default().links.push(link);
    }
    let file = FILES.iter().find(|(name, _)| message.get(*name).is_some());
    if let Some((name, kind)) = file {
        return Heard::Media {
            kind: *kind,
            caption: said.unwrap_or_default(),
            album: message
                .get("media_group_id")
                .and_then(Value::as_str)
                .map(str::to_owned),
            handle: handle(&message[*name]),
            forwarded,
        };
    }
    if ["contact", "location", "venue"]
        .iter()
        .any(|name| message.get(*name).is_some())
    {
        return Heard::Personal;
    }
    match said {
        Some(words) => Heard::Text { words, forwarded },
        None => Heard::Unknown {
            kind: unknown(message),
        },
    }
}

/// What the file is asked for by; of a photo in several sizes the largest, which is the last.
fn handle(file: &Value) -> Option<String> {
    let file = file.as_array().map_or(Some(file), |sizes| sizes.last())?;
    file.get("file_id")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

/// The name of the field that nobody here knows.
fn unknown(message: &Value) -> String {
    let usual = [
        "message_id",
        "from",
        "chat",
        "date",
        "forward_origin",
        "reply_to_message",
    ];
    let fields = message
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name);
    let strange = fields
        .filter(|name| !usual.contains(&name.as_str()))
        .map(String::as_str)
        .next();
    strange.unwrap_or("empty").chars().take(40).collect()
}

/// The public address of a message that was passed on from a channel.
fn channel(message: &Value) -> Option<String> {
    let origin = message.get("forward_origin")?;
    let name = origin.pointer("/chat/username")?.as_str()?;
    let number = origin.get("message_id")?.as_i64()?;
    (origin.get("type")?.as_str()? == "channel").then(|| format!("https://t.me/{name}/{number}"))
}

/// The text or caption with the addresses that the platform marked in it.
fn words(message: &Value) -> Option<Words> {
    let (text, marks) = match message.get("text").and_then(Value::as_str) {
        Some(text) => (text, "entities"),
        None => (message.get("caption")?.as_str()?, "caption_entities"),
    };
    let marks = message
        .get(marks)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let links = marks
        .filter_map(|mark| link(text, mark))
        .take(crate::links::MOST)
        .collect();
    Some(Words {
        text: text.to_owned(),
        links,
    })
}

fn link(text: &str, mark: &Value) -> Option<String> {
    let number = |name: &str| usize::try_from(mark.get(name)?.as_u64()?).ok();
    match mark.get("type")?.as_str()? {
        "url" => utf16::slice(text, number("offset")?, number("length")?).map(str::to_owned),
        "text_link" => mark.get("url")?.as_str().map(str::to_owned),
        _ => None,
    }
}

/// What is posted to `sendMessage` to say `text`. Links are not previewed (CH-11).
#[must_use]
pub fn sending(reach: &str, text: &str) -> Vec<u8> {
    // A chat's id is a number; as text it would be taken for the name of a channel.
    let chat = reach
        .parse::<i64>()
        .map_or_else(|_| Value::from(reach), Value::from);
    json!({
        "chat_id": chat,
        "text": text,
        "link_preview_options": { "is_disabled": true },
    })
    .to_string()
    .into_bytes()
}

/// What the answer to a sending means.
#[must_use]
pub fn outcome(status: u16, body: &[u8]) -> Outcome {
    let answer: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let wait = answer
        .pointer("/parameters/retry_after")
        .and_then(Value::as_i64);
    match status {
        200..300 => Outcome::Sent {
            id: answer
                .pointer("/result/message_id")
                .and_then(Value::as_i64)
                .map(|id| id.to_string())
                .unwrap_or_default(),
        },
        429 => Outcome::Later {
            after_ms: wait.map(|seconds| seconds.clamp(1, 3_600).saturating_mul(1_000)),
        },
        // Our token is no longer good: that is for us to mend, and nothing was said.
        401 | 404 => Outcome::Later {
            after_ms: Some(600_000),
        },
        503 => Outcome::Later { after_ms: None },
        500.. => Outcome::Unsure,
        403 => Outcome::Never { why: "blocked" },
        _ => Outcome::Never { why: "refused" },
    }
}

#[cfg(test)]
#[path = "telegram_tests.rs"]
mod tests;
