use super::*;
use proptest::prelude::*;

fn delivery(messages: &Value) -> Vec<u8> {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{
        "field": "messages", "value": {
            "messaging_product": "whatsapp", "metadata": { "phone_number_id": "1" },
            "contacts": [{ "profile": { "name": "A Name" }, "wa_id": "31600000001" }],
            "messages": messages, "future": { "field": [1, 2] } } }] }] })
    .to_string()
    .into_bytes()
}

fn one(message: &Value) -> Arrived {
    let mut arrived = read(&delivery(&json!([message]))).unwrap();
    assert_eq!(arrived.len(), 1);
    arrived.remove(0)
}

#[test]
fn a_text_is_heard_with_its_sender_and_time() {
    let said = one(
        &json!({ "from": "31600000001", "id": "wamid.A", "timestamp": "1767225600",
        "type": "text", "text": { "body": "gallery.example" }, "context": { "forwarded": true } }),
    );
    assert_eq!(said.at_ms, 1_767_225_600_000);
    assert_eq!(said.key, "message|wamid.A|text");
    assert_eq!(said.sender.known_by, ["phone|31600000001"]);
    let words = Words::plain("gallery.example");
    let forwarded = Forwarded::Once;
    assert_eq!(said.what, What::Heard(Heard::Text { words, forwarded }));
}

#[test]
fn a_sender_without_a_number_is_known_and_reached_by_the_id_of_the_platform() {
    let said = one(
        &json!({ "from_user_id": "NL.abc", "id": "wamid.A", "timestamp": 1, "type": "text", "text": { "body": "x" } }),
    );
    assert_eq!(said.sender.known_by, ["user|NL.abc"]);
    let sent = sending(&said.sender.reach, "hello").unwrap();
    let sent: Value = serde_json::from_slice(&sent).unwrap();
    assert_eq!(sent["recipient"], "NL.abc");
    assert_eq!(sent["text"]["preview_url"], false);
    assert!(sent.get("to").is_none());
}

fn heard(kind: &str, more: Value) -> Heard {
    let mut message = json!({ "from": "1", "id": "w", "timestamp": "1", "type": kind });
    message[kind] = more;
    match one(&message).what {
        What::Heard(heard) => heard,
        other => panic!("{kind}: {other:?}"),
    }
}

#[test]
fn every_kind_of_file_is_heard_with_its_words() {
    for (name, kind) in [
        ("image", MediaKind::Photo),
        ("video", MediaKind::Video),
        ("audio", MediaKind::Sound),
        ("document", MediaKind::File),
        ("sticker", MediaKind::Sticker),
    ] {
        let said = heard(
            name,
            json!({ "id": "7", "caption": "c", "filename": "a name.png", "mime_type": "image/png" }),
        );
        let Heard::Media {
            kind: told,
            caption,
            handle,
            ..
        } = said
        else {
            panic!("{name}")
        };
        assert_eq!(
            (told, caption.text.as_str(), handle.as_deref()),
            (kind, "c", Some("7"))
        );
    }
}

#[test]
fn every_other_kind_of_message_is_heard_as_something() {
    assert_eq!(heard("contacts", json!([])), Heard::Personal);
    assert_eq!(heard("location", json!({})), Heard::Personal);
    assert_eq!(
        heard("revoke", json!({ "original_message_id": "w" })),
        Heard::TakenBack
    );
    let edited = heard(
        "edit",
        json!({ "original_message_id": "w", "message": { "type": "text", "text": { "body": "new" } } }),
    );
    assert_eq!(
        edited,
        Heard::Edited {
            words: Words::plain("new")
        }
    );
    let kind = "view_once".to_owned();
    assert_eq!(
        heard("unsupported", json!({ "type": "view_once" })),
        Heard::Unknown { kind }
    );
    let kind = "hologram".to_owned();
    assert_eq!(
        heard("hologram", json!({ "x": 1 })),
        Heard::Unknown { kind }
    );
    let words = Words::plain("Yes");
    let forwarded = Forwarded::No;
    assert_eq!(
        heard("button", json!({ "text": "Yes" })),
        Heard::Text { words, forwarded }
    );
}

#[test]
fn a_reaction_and_what_is_said_in_a_group_are_passed_over() {
    let messages = json!([
        { "from": "1", "id": "a", "type": "reaction", "reaction": { "message_id": "b" } },
        { "from": "1", "id": "c", "type": "text", "group_id": "g", "text": { "body": "x" } },
        { "id": "d", "type": "text", "text": { "body": "from nobody" } }
    ]);
    assert_eq!(read(&delivery(&messages)).unwrap(), []);
}

#[test]
fn a_new_number_leads_to_the_same_conversation() {
    let moved = one(
        &json!({ "from": "1", "id": "s", "timestamp": "1", "type": "system",
        "system": { "type": "user_changed_number", "wa_id": "2", "user_id": "NL.new" } }),
    );
    assert_eq!(moved.what, What::Moved);
    assert_eq!(moved.sender.known_by, ["phone|1", "phone|2", "user|NL.new"]);
}

#[test]
fn an_answer_that_says_nothing_sure_is_unsure_and_a_limit_is_for_later() {
    let error = |code: i64| {
        json!({ "error": { "code": code } })
            .to_string()
            .into_bytes()
    };
    let later = Outcome::Later { after_ms: None };
    assert_eq!(outcome(400, &error(130_429)), later);
    assert_eq!(outcome(400, &error(131_056)), later);
    assert_eq!(
        outcome(400, &error(131_047)),
        Outcome::Never {
            why: "window-closed"
        }
    );
    assert_eq!(outcome(500, b"oops"), Outcome::Unsure);
    assert_eq!(outcome(404, b""), Outcome::Never { why: "refused" });
    let id = "wamid.B".to_owned();
    assert_eq!(
        outcome(200, br#"{"messages":[{"id":"wamid.B"}]}"#),
        Outcome::Sent { id }
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
        let _ = outcome(200, &bytes);
    }

    #[test]
    fn a_batch_is_read_whole(many in 0usize..1_000) {
        let messages: Vec<Value> = (0..many)
            .map(|n| json!({ "from": "1", "id": format!("w{n}"), "type": "text", "text": { "body": "x" } }))
            .collect();
        prop_assert_eq!(read(&delivery(&Value::from(messages))).unwrap().len(), many);
    }
}
