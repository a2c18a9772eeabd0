use super::*;
use proptest::prelude::*;

fn update(message: &Value) -> Option<Arrived> {
    let mut whole = json!({ "message_id": 1, "date": 1_767_225_600, "chat": { "id": 42, "type": "private" },
        "from": { "id": 42, "is_bot": false, "first_name": "A Name", "username": "a_name", "language_code": "nl" } });
    for (name, value) in message.as_object().unwrap() {
        whole[name] = value.clone();
    }
    read(
        json!({ "update_id": 7, "message": whole })
            .to_string()
            .as_bytes(),
    )
    .unwrap()
}

fn heard(message: &Value) -> Heard {
    match update(message).map(|arrived| arrived.what) {
        Some(What::Heard(heard)) => heard,
        other => panic!("{other:?}"),
    }
}

#[test]
fn marked_addresses_are_cut_out_in_code_units() {
    let said = heard(&json!({ "text": "😀 gallery.example and here",
        "entities": [{ "type": "url", "offset": 3, "length": 15 },
                     { "type": "text_link", "offset": 23, "length": 4, "url": "https://hidden.example/x" },
                     { "type": "url", "offset": 1, "length": 1 }, { "type": "bold", "offset": 0, "length": 2 },
                     { "type": "url", "offset": -1, "length": 1e300 }] }));
    let Heard::Text { words, .. } = said else {
        panic!()
    };
    assert_eq!(words.links, ["gallery.example", "https://hidden.example/x"]);
}

#[test]
fn a_file_that_fills_two_fields_is_one_file() {
    let said = heard(&json!({ "animation": { "file_id": "a" }, "document": { "file_id": "b" } }));
    let Heard::Media { kind, handle, .. } = said else {
        panic!()
    };
    assert_eq!((kind, handle.as_deref()), (MediaKind::Video, Some("a")));
}

#[test]
fn of_a_photo_the_largest_counts_and_an_album_is_known() {
    let said = heard(
        &json!({ "photo": [{ "file_id": "small" }, { "file_id": "large" }], "media_group_id": "g", "caption": "look" }),
    );
    let Heard::Media {
        kind,
        handle,
        album,
        caption,
        ..
    } = said
    else {
        panic!()
    };
    assert_eq!(
        (kind, handle.as_deref(), album.as_deref()),
        (MediaKind::Photo, Some("large"), Some("g"))
    );
    assert_eq!(caption.text, "look");
}

#[test]
fn what_a_public_channel_said_is_kept_as_its_address_and_a_person_is_not() {
    let said = heard(&json!({ "photo": [{ "file_id": "x" }],
        "forward_origin": { "type": "channel", "chat": { "username": "a_channel" }, "message_id": 5 } }));
    let Heard::Media {
        caption, forwarded, ..
    } = said
    else {
        panic!()
    };
    assert_eq!(caption.links, ["https://t.me/a_channel/5"]);
    assert_eq!(forwarded, Forwarded::Once);
    let said = heard(
        &json!({ "text": "x", "forward_origin": { "type": "hidden_user", "sender_user_name": "Somebody" } }),
    );
    let Heard::Text { words, forwarded } = said else {
        panic!()
    };
    assert_eq!((words, forwarded), (Words::plain("x"), Forwarded::Once));
}

#[test]
fn contacts_and_places_are_thrown_away_and_the_unknown_is_named() {
    assert_eq!(
        heard(&json!({ "contact": { "phone_number": "1" } })),
        Heard::Personal
    );
    assert_eq!(
        heard(&json!({ "venue": {}, "location": {} })),
        Heard::Personal
    );
    let kind = "hologram".to_owned();
    assert_eq!(heard(&json!({ "hologram": {} })), Heard::Unknown { kind });
}

#[test]
fn groups_and_bots_are_passed_over_and_a_block_is_noted() {
    assert_eq!(
        update(&json!({ "text": "x", "chat": { "id": -5, "type": "group" } })),
        None
    );
    assert_eq!(
        update(&json!({ "text": "x", "from": { "id": 5, "is_bot": true } })),
        None
    );
    let body = json!({ "update_id": 9, "my_chat_member": { "chat": { "id": 42, "type": "private" }, "date": 5,
        "from": { "id": 42, "is_bot": false }, "new_chat_member": { "status": "kicked" } } });
    let blocked = read(body.to_string().as_bytes()).unwrap().unwrap();
    assert_eq!(blocked.what, What::Blocked(true));
}

#[test]
fn an_edit_is_another_event_than_what_it_changes() {
    let body = json!({ "update_id": 8, "edited_message": { "message_id": 1, "date": 1, "edit_date": 2,
        "chat": { "id": 42, "type": "private" }, "from": { "id": 42, "is_bot": false }, "text": "new" } });
    let edited = read(body.to_string().as_bytes()).unwrap().unwrap();
    assert_eq!(
        edited.what,
        What::Heard(Heard::Edited {
            words: Words::plain("new")
        })
    );
    assert_eq!(edited.key, "update|8|2");
}

#[test]
fn nothing_that_is_read_holds_a_name() {
    let said = update(&json!({ "text": "x" })).unwrap();
    let kept = serde_json::to_string(&said.sender).unwrap();
    assert!(
        !kept.contains("A Name") && !kept.contains("a_name"),
        "{kept}"
    );
}

#[test]
fn updates_that_were_fetched_are_divided() {
    let body = json!({ "ok": true, "result": [{ "update_id": 3 }, { "update_id": 9 }] });
    let (updates, highest) = divide(body.to_string().as_bytes()).unwrap();
    assert_eq!((updates.len(), highest), (2, Some(9)));
    assert!(divide(b"{}").is_err());
}

#[test]
fn an_answer_says_when_to_try_again_or_never() {
    let wait =
        json!({ "ok": false, "error_code": 429, "parameters": { "retry_after": 3 } }).to_string();
    assert_eq!(
        outcome(429, wait.as_bytes()),
        Outcome::Later {
            after_ms: Some(3_000)
        }
    );
    assert_eq!(outcome(403, b"{}"), Outcome::Never { why: "blocked" });
    assert_eq!(outcome(502, b""), Outcome::Unsure);
    let id = "77".to_owned();
    assert_eq!(
        outcome(200, br#"{"ok":true,"result":{"message_id":77}}"#),
        Outcome::Sent { id }
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
        let _ = divide(&bytes);
        let _ = outcome(200, &bytes);
    }

    #[test]
    fn no_marks_panic(text in "\\PC{0,30}", offset in any::<u64>(), length in any::<u64>()) {
        let said = update(&json!({ "text": text, "entities": [{ "type": "url", "offset": offset, "length": length }] }));
        prop_assert!(said.is_some());
    }
}
