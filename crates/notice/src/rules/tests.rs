//! No order of outcomes sends a notice that is done, or calls a failed one sent.

use super::*;
use ground::clock::MINUTE_MS;
use proptest::prelude::*;

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms)
}

fn notice() -> Notice {
    let from = DrawUp {
        id: NoticeId::from_bits(7),
        contact: ContactId::from_bits(1),
        provider: ProviderId::from_bits(2),
        kind: NoticeKind::First,
        language: NoticeLanguage::Dutch,
        message_id: "not_7@meldpunt.example".into(),
        items: 2,
    };
    Notice::draw_up(from, at(0)).unwrap().0
}

const PATIENCE: Patience = Patience::real();

fn after(notice: Notice, sent: &Result<Accepted, SendError>, attempts: u32) -> (Notice, Fact) {
    let chance = Chance::seeded(1);
    notice
        .attempted(&outcome_of(sent), attempts, at(1_000), &PATIENCE, &chance)
        .unwrap()
}

#[test]
fn an_accepted_notice_says_what_the_relay_said() {
    let sent = Ok(Accepted {
        reply: "250 2.0.0".into(),
    });
    let (accepted, fact) = after(notice(), &sent, 1);
    assert_eq!(
        (accepted.state, accepted.accepted_at_ms),
        (NoticeState::Accepted, Some(at(1_000)))
    );
    assert!(matches!(fact, Fact::NoticeAccepted { attempts: 1, .. }));
    assert!(accepted.clone().retried(at(2)).is_err());
    assert!(accepted.handing_over(at(2)).is_err());
}

/// Law 6: what a mail server sent back is accepted no longer.
#[test]
fn a_returned_notice_is_no_longer_accepted_and_can_be_sent_again() {
    let sent = Ok(Accepted {
        reply: "250 2.0.0".into(),
    });
    let (accepted, _) = after(notice(), &sent, 1);
    let (returned, fact) = accepted.returned("5.1.1", at(5_000)).unwrap();
    assert_eq!(returned.state, NoticeState::Failed);
    assert_eq!(returned.accepted_at_ms, None);
    assert_eq!(returned.returned_at_ms, Some(at(5_000)));
    assert!(
        returned
            .cause
            .as_deref()
            .is_some_and(|why| why.contains("5.1.1"))
    );
    assert!(matches!(fact, Fact::NoticeReturned { .. }));
    assert!(
        returned.clone().returned("5.1.1", at(6_000)).is_err(),
        "once is enough"
    );
    let (again, _) = returned.retried(at(7_000)).unwrap();
    assert_eq!(
        (again.state, again.returned_at_ms),
        (NoticeState::Due, None)
    );
    assert!(
        again.clone().returned("5.1.1", at(8_000)).is_err(),
        "it is to be sent again"
    );
    let under_way = again.handing_over(at(9_000)).unwrap();
    let early = under_way.returned("5.1.1", at(9_001)).unwrap_err();
    assert_eq!(early, Refused::Interrupted);
}

#[test]
fn what_may_succeed_later_is_tried_again_with_growing_waits_and_then_fails() {
    let busy = Err(SendError::Transient("451 greylisted".into()));
    let (first, fact) = after(notice(), &busy, 1);
    assert_eq!(first.state, NoticeState::Due);
    assert_eq!(
        fact,
        Fact::NoticePutOff {
            cause: "relay-busy".into(),
            attempt: 1
        }
    );
    let (later, _) = after(notice(), &busy, 4);
    assert!(later.not_before_ms > first.not_before_ms);
    let (failed, fact) = after(notice(), &busy, PATIENCE.most_attempts);
    assert_eq!(failed.state, NoticeState::Failed);
    assert!(matches!(fact, Fact::NoticeFailed { .. }));
    let (again, _) = failed.retried(at(5)).unwrap();
    assert_eq!(
        (again.state, again.not_before_ms),
        (NoticeState::Due, at(5))
    );
}

#[test]
fn a_refusal_for_good_fails_at_once_and_wrong_credentials_of_ours_do_not() {
    let refused = Err(SendError::Permanent("550 no such mailbox".into()));
    assert_eq!(after(notice(), &refused, 1).0.state, NoticeState::Failed);
    let ours = Err(SendError::NotAccepted("535 wrong password".into()));
    assert_eq!(after(notice(), &ours, 1).0.state, NoticeState::Due);
}

#[test]
fn a_connection_lost_after_the_message_is_unsure_until_something_is_known() {
    let lost = Err(SendError::Unknown("the connection was lost".into()));
    let (unsure, fact) = after(notice(), &lost, 1);
    assert_eq!(unsure.state, NoticeState::Unsure);
    assert_eq!(unsure.not_before_ms, at(1_000 + 15 * MINUTE_MS));
    assert!(matches!(fact, Fact::NoticeUnsure { attempt: 1, .. }));
    let busy = Err(SendError::Transient("451".into()));
    assert_eq!(after(unsure.clone(), &busy, 2).0.state, NoticeState::Unsure);
    let (arrived, _) = unsure.clone().known_arrived(at(9)).unwrap();
    assert_eq!(arrived.state, NoticeState::Accepted);
    let (accepted, _) = after(
        unsure,
        &Ok(Accepted {
            reply: "250".into(),
        }),
        2,
    );
    assert_eq!(accepted.cause.as_deref(), Some("unsure-before"));
    assert_eq!(
        accepted.message_id,
        notice().message_id,
        "a repeat is the same message"
    );
}

#[test]
fn a_notice_that_stays_in_doubt_goes_to_a_human_but_never_at_the_first_doubt() {
    let lost = Err(SendError::Unknown("the connection was lost".into()));
    let (unsure, _) = after(notice(), &lost, 40);
    assert_eq!(unsure.state, NoticeState::Unsure);
    assert_eq!(after(unsure, &lost, 41).0.state, NoticeState::Failed);
}

#[test]
fn a_program_that_died_while_handing_over_leaves_an_unsure_notice() {
    let marked = notice().handing_over(at(5)).unwrap();
    assert_eq!(
        marked.clone().handing_over(at(6)).unwrap_err(),
        Refused::Interrupted
    );
    let (unsure, _) = marked.interrupted(1, at(9), &PATIENCE).unwrap();
    assert_eq!(
        (unsure.state, unsure.handed_at_ms),
        (NoticeState::Unsure, None)
    );
    assert!(
        notice().interrupted(1, at(9), &PATIENCE).is_err(),
        "nothing was handed over"
    );
}

#[test]
fn an_unsure_notice_can_be_left_to_a_human() {
    let patience = Patience {
        unsure_wait_ms: None,
        ..PATIENCE
    };
    let marked = notice().handing_over(at(5)).unwrap();
    let (unsure, _) = marked.interrupted(1, at(9), &patience).unwrap();
    assert_eq!(unsure.not_before_ms.ms(), i64::MAX);
    assert_eq!(unsure.retried(at(10)).unwrap().0.not_before_ms, at(10));
}

#[test]
fn a_number_is_short_and_of_its_year() {
    let number = number_of(NoticeId::from_bits(7), at(1_767_225_600_000));
    assert_eq!(number, "2026-0000-0007");
}

proptest! {
    #[test]
    fn a_notice_is_accepted_once_and_never_by_a_failure(
        steps in prop::collection::vec((0_u8..10, 1_u32..60), 0..40)
    ) {
        let chance = Chance::seeded(1);
        let (mut notice, mut acceptances) = (notice(), 0);
        for (step, attempts) in steps {
            let before = notice.clone();
            let sent = match step {
                0 => Ok(Accepted { reply: "250".into() }),
                1 => Err(SendError::Transient("451".into())),
                2 => Err(SendError::Permanent("550".into())),
                3 => Err(SendError::Unknown("lost".into())),
                4 => Err(SendError::NotReached("refused".into())),
                _ => Err(SendError::NotAccepted("535".into())),
            };
            let moved = match step {
                0..=5 => before.attempted(&outcome_of(&sent), attempts, at(5), &PATIENCE, &chance),
                6 => before.retried(at(6)),
                7 => before.interrupted(attempts, at(7), &PATIENCE),
                9 => before.returned("5.1.1", at(9)),
                _ => before.handing_over(at(8)).map(|next| (next, Fact::NoticeRetried)),
            };
            if let Ok((next, fact)) = moved {
                if notice.state == NoticeState::Accepted {
                    prop_assert_eq!(step, 9, "done is done, unless it comes back");
                    acceptances -= 1;
                }
                if matches!(fact, Fact::NoticeAccepted { .. }) {
                    prop_assert!(step == 0);
                    acceptances += 1;
                }
                prop_assert_eq!(&next.message_id, &notice.message_id);
                notice = next;
            }
            prop_assert_eq!(notice.state == NoticeState::Accepted, acceptances == 1);
            prop_assert_eq!(notice.accepted_at_ms.is_some(), acceptances == 1);
            if matches!(notice.state, NoticeState::Failed | NoticeState::Unsure) {
                prop_assert!(notice.cause.is_some(), "no state without a reason");
            }
        }
    }
}

/// Regression (f), and our own outages: however long our relay is out of reach, a notice is kept
/// and tried again, and never given up.
#[test]
fn a_failure_of_our_own_never_gives_a_notice_up() {
    for ours in [
        SendError::NotReached("no route".into()),
        SendError::NotAccepted("535".into()),
    ] {
        let (kept, fact) = after(notice(), &Err(ours), 10 * PATIENCE.most_attempts);
        assert_eq!(kept.state, NoticeState::Due);
        assert!(kept.not_before_ms > at(0), "it waits, and is tried again");
        assert!(matches!(fact, Fact::NoticePutOff { .. }));
    }
}
