use super::*;
use crate::{MOST_ADDRESSES, MOST_BYTES};
use proptest::prelude::*;

const NL: Language = Language::Nl;

fn said(text: &str) -> Heard {
    Heard::Text {
        words: Words::plain(text),
        forwarded: Forwarded::No,
    }
}

fn photo(caption: &str, album: Option<&str>) -> Heard {
    Heard::Media {
        kind: MediaKind::Photo,
        caption: Words::plain(caption),
        album: album.map(str::to_owned),
        handle: Some("7".into()),
        forwarded: Forwarded::Often,
    }
}

fn hear(talk: Talk, texts: &[&str]) -> Turn {
    let heard: Vec<Heard> = texts.iter().map(|text| said(text)).collect();
    talk.hear(&heard, NL, "R1")
}

/// A conversation in which something was said.
fn begun() -> Talk {
    hear(Talk::default(), &["Kijk eens op gallery.example/spring"]).talk
}

#[test]
fn the_first_words_are_welcomed_and_shown_back_harmless() {
    let turn = hear(Talk::default(), &["Kijk eens op gallery.example/spring"]);
    let addresses = vec!["hxxps://gallery[.]example/spring".to_owned()];
    assert_eq!(turn.says, [Say::Welcome, Say::Noted { addresses, more: 0 }]);
    assert!(turn.wants.is_empty());
}

#[test]
fn a_receipt_is_said_only_after_the_letter_is_stored() {
    let asked = hear(begun(), &["ja"]);
    assert_eq!(
        (asked.says.as_slice(), asked.wants.as_slice()),
        ([].as_slice(), [Want::Store].as_slice())
    );
    let (draft, receipt) = asked.talk.to_store().unwrap();
    assert_eq!(receipt, "R1");
    assert_eq!(draft.words, "Kijk eens op gallery.example/spring");
    assert_eq!(
        draft.addresses[0].1.as_str(),
        "https://gallery.example/spring"
    );
    let stored = asked.talk.stored(NL, "R2");
    let receipt = "R1".to_owned();
    assert_eq!(
        stored.says,
        [Say::Registered {
            receipt,
            silence: false
        }]
    );
    assert!(!stored.talk.has_notes());
}

#[test]
fn silence_registers_what_was_said_and_a_greeting_alone_is_nothing() {
    let silent = begun().fall_silent(NL, "R9");
    assert_eq!(silent.wants, [Want::Store]);
    let receipt = "R9".to_owned();
    assert_eq!(
        silent.talk.stored(NL, "").says,
        [Say::Registered {
            receipt,
            silence: true
        }]
    );
    let greeted = hear(Talk::default(), &["Hallo!"]);
    assert_eq!(greeted.says, [Say::Welcome]);
    assert!(greeted.talk.fall_silent(NL, "R").wants.is_empty());
}

#[test]
fn help_in_distress_comes_before_everything_else_and_once() {
    let turn = hear(Talk::default(), &["He threatens to share pictures of me"]);
    assert_eq!(
        turn.says[..2],
        [
            Say::Distress(Distress::Threat),
            Say::Distress(Distress::OwnPicture)
        ]
    );
    assert_eq!(turn.talk.language(NL), Language::En);
    let again = hear(turn.talk, &["please, he threatens me"]);
    assert!(!again.says.iter().any(|say| matches!(say, Say::Distress(_))));
}

#[test]
fn stop_keeps_what_was_said_gives_the_receipt_and_ends() {
    let stopping = hear(begun(), &["STOP"]);
    assert_eq!(stopping.wants, [Want::Store]);
    let stopped = stopping.talk.stored(NL, "");
    assert!(matches!(
        stopped.says[..],
        [Say::Registered { .. }, Say::Stopped]
    ));
    assert_eq!(stopped.wants, [Want::Forget]);
    let nothing = hear(Talk::default(), &["stop"]);
    assert_eq!(
        (nothing.wants.as_slice(), nothing.says.last()),
        ([Want::Forget].as_slice(), Some(&Say::Stopped))
    );
}

#[test]
fn what_is_said_while_a_letter_is_stored_is_for_the_next_one() {
    let storing = hear(begun(), &["ja", "en ook other.example"]);
    assert_eq!(storing.talk.to_store().unwrap().0.addresses.len(), 1);
    let stored = storing.talk.stored(NL, "R2");
    assert!(matches!(
        stored.says[..],
        [Say::Registered { .. }, Say::Noted { .. }]
    ));
    assert!(stored.talk.has_notes());
}

#[test]
fn status_asks_by_the_last_receipt_and_says_so_when_there_is_none() {
    assert!(
        hear(Talk::default(), &["status"])
            .says
            .contains(&Say::NoReport)
    );
    let talk = hear(begun(), &["ja"]).talk.stored(NL, "").talk;
    assert_eq!(hear(talk, &["Status?"]).wants, [Want::Status("R1".into())]);
}

#[test]
fn a_language_is_switched_by_naming_it() {
    let turn = hear(begun(), &["English"]);
    assert_eq!(
        (turn.talk.language(NL), turn.says),
        (Language::En, vec![Say::Speaking])
    );
}

#[test]
fn files_are_noted_not_taken_and_a_late_one_of_an_album_is_no_new_report() {
    let album = [photo("in de groep", Some("g")), photo("", Some("g"))];
    let turn = Talk::default().hear(&album, NL, "R1");
    assert!(turn.says.contains(&Say::NoMedia));
    let stored = turn.talk.fall_silent(NL, "R1");
    let words = &stored.talk.to_store().unwrap().0.words;
    assert!(
        words.contains("in de groep") && words.starts_with('['),
        "{words}"
    );
    let late = stored
        .talk
        .stored(NL, "")
        .talk
        .hear(&[photo("", Some("g"))], NL, "R2");
    assert!(!late.talk.has_notes() && late.says.is_empty());
}

#[test]
fn an_edit_and_a_withdrawal_leave_what_was_said() {
    let edited = Heard::Edited {
        words: Words::plain("other.example"),
    };
    let turn = begun().hear(&[edited, Heard::TakenBack], NL, "R1");
    let asked = hear(turn.talk, &["ja"]);
    let (draft, _) = asked.talk.to_store().unwrap();
    assert!(
        draft.words.contains("gallery.example/spring") && draft.words.contains("other.example")
    );
    assert_eq!(draft.addresses.len(), 2);
}

#[test]
fn contacts_and_unknown_kinds_are_answered_and_kept_nowhere() {
    let heard = [
        Heard::Personal,
        Heard::Unknown {
            kind: "poll".into(),
        },
        Heard::Personal,
    ];
    let turn = Talk::default().hear(&heard, NL, "R1");
    assert_eq!(turn.says, [Say::Welcome, Say::NoPersonal, Say::NotRead]);
    assert!(!turn.talk.has_notes());
}

#[test]
fn more_than_one_letter_holds_becomes_two() {
    let long = "é".repeat(9_000);
    let addresses: Vec<String> = (0..60).map(|n| format!("a{n}.example")).collect();
    let mut turn = hear(
        Talk::default(),
        &[&long, &addresses.join(" "), "laatste", "ja"],
    );
    let mut letters = 0;
    while let Some((draft, _)) = turn.talk.to_store() {
        assert!(draft.words.len() <= MOST_BYTES && draft.addresses.len() <= MOST_ADDRESSES);
        letters += 1;
        turn = turn.talk.stored(NL, &format!("N{letters}"));
    }
    assert!(letters >= 2 && !turn.talk.has_notes());
}

/// What may happen, in any order.
#[derive(Debug, Clone)]
enum Happens {
    Said(Vec<usize>),
    Silence,
    Stored,
}

const COMMANDS: [&str; 9] = [
    "ja", "nee", "nieuw", "status", "help", "stop", "nl", "english", "hoi",
];

fn happenings() -> impl Strategy<Value = Vec<Happens>> {
    // Numbers below the commands steer; the others are things said.
    let burst = proptest::collection::vec(0usize..40, 1..5);
    let one = prop_oneof![
        4 => burst.prop_map(Happens::Said),
        1 => Just(Happens::Silence),
        2 => Just(Happens::Stored),
    ];
    proptest::collection::vec(one, 0..40)
}

/// Everything that is in letters, and the receipts that were said, after all has happened.
fn all_that_happened(happenings: &[Happens]) -> (Vec<String>, Vec<String>) {
    let mut talk = Talk::default();
    let (mut letters, mut drawn) = (Vec::new(), 0);
    let mut fresh = || {
        drawn += 1;
        format!("R{drawn}")
    };
    let silence_at_last = [
        Happens::Stored,
        Happens::Silence,
        Happens::Stored,
        Happens::Stored,
        Happens::Silence,
        Happens::Stored,
    ];
    let mut receipts = Vec::new();
    for happens in happenings.iter().chain(&silence_at_last) {
        let (turn, may_register) = match happens {
            Happens::Said(burst) => {
                let heard: Vec<Heard> = burst
                    .iter()
                    .map(|n| {
                        said(
                            &COMMANDS
                                .get(*n)
                                .map_or_else(|| format!("iets{} gezegd", *n), |c| (*c).to_owned()),
                        )
                    })
                    .collect();
                (talk.hear(&heard, NL, &fresh()), false)
            }
            Happens::Silence => (talk.fall_silent(NL, &fresh()), false),
            Happens::Stored => {
                let waiting = talk
                    .to_store()
                    .map(|(draft, receipt)| (draft.words.clone(), receipt.to_owned()));
                let may = waiting.is_some();
                letters.extend(waiting.map(|(words, _)| words));
                (talk.stored(NL, &fresh()), may)
            }
        };
        for say in &turn.says {
            if let Say::Registered { receipt, .. } = say {
                assert!(may_register, "a receipt before its letter was stored");
                receipts.push(receipt.clone());
            }
        }
        talk = turn.talk;
    }
    assert!(!talk.has_notes() && talk.to_store().is_none());
    (letters, receipts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn whatever_happens_in_whatever_order_nothing_said_is_lost(happenings in happenings()) {
        let (letters, receipts) = all_that_happened(&happenings);
        let mut wanted: Vec<String> = happenings
            .iter()
            .filter_map(|happens| match happens { Happens::Said(burst) => Some(burst), _ => None })
            .flatten()
            .filter(|n| **n >= COMMANDS.len())
            .map(|n| format!("iets{} gezegd", *n))
            .collect();
        let mut got: Vec<String> = letters.iter().flat_map(|letter| letter.lines()).map(str::to_owned).collect();
        wanted.sort();
        got.sort();
        prop_assert_eq!(got, wanted);
        // One receipt for each letter, no two the same.
        let mut different = receipts.clone();
        different.sort();
        different.dedup();
        prop_assert_eq!((receipts.len(), different.len()), (letters.len(), letters.len()));
    }

    #[test]
    fn a_conversation_is_read_back_as_it_was_written(happenings in happenings()) {
        let mut talk = begun();
        for happens in happenings {
            if let Happens::Said(burst) = happens {
                let heard: Vec<Heard> = burst.iter().map(|n| said(&n.to_string())).collect();
                talk = talk.hear(&heard, NL, "R").talk;
            }
        }
        let written = serde_json::to_vec(&talk).unwrap();
        let read: Talk = serde_json::from_slice(&written).unwrap();
        prop_assert!(read == talk);
    }
}
