//! No order of events skips the police hold or loses the reason.

use ground::{
    AddressId, ContactId, ContentId, HostedIn, Instant, ItemId, NoticeId, PoliceReason, ProviderId,
    ReportId, TakedownId, Verdict,
};
use proptest::prelude::*;

use crate::{Cause, ContactStanding, Hold, Host, Opening, Refused, Stage, Takedown};

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms)
}

fn opening() -> Opening {
    Opening {
        id: TakedownId::from_bits(1),
        item: ItemId::from_bits(2),
        content: ContentId::from_bits(3),
        address: AddressId::from_bits(4),
        report: ReportId::from_bits(5),
        verdict: Verdict::IllegalBaseline,
    }
}

const HOLD: Hold = Hold {
    why: PoliceReason::PossibleNewVictim,
    deadline: at_const(1_000),
};

const fn at_const(ms: i64) -> Instant {
    Instant::from_ms(ms)
}

fn contact(bits: u128) -> ContactId {
    ContactId::from_bits(bits)
}

fn notice(bits: u128) -> NoticeId {
    NoticeId::from_bits(bits)
}

fn host(hosted_in: HostedIn, standing: Option<ContactStanding>) -> Host {
    let known = matches!(hosted_in, HostedIn::Home | HostedIn::Abroad);
    Host {
        hosted_in,
        country: known.then(|| "NL".into()),
        ip: known.then(|| "192.0.2.10".parse().unwrap()),
        asn: known.then_some(64_500),
        provider: known.then(|| ProviderId::from_bits(6)),
        contact: standing.map(|standing| (contact(1), standing)),
        at: at(5),
    }
}

fn begun() -> Takedown {
    Takedown::open(opening(), None, at(0)).unwrap().0
}

/// An item whose provider was told at this contact.
pub fn told_takedown(contact: ContactId) -> Takedown {
    let approved = Host {
        contact: Some((contact, ContactStanding::Approved)),
        ..host(HostedIn::Home, None)
    };
    let due = begun().located(&approved).unwrap().0;
    let named = due.named_in(notice(1)).unwrap().0;
    named.told(notice(1), at(3)).unwrap().0
}

#[derive(Debug, Clone)]
enum Event {
    Held,
    Released,
    Lapsed(i64),
    Located(HostedIn, Option<ContactStanding>),
    ByHand(HostedIn, Option<ContactStanding>),
    LookUpFailed,
    Approved(u128),
    ContactRefused(u128),
    Named(u128),
    Told(u128),
    NoticeFailed(u128),
    NoticeReturned(u128),
    Reminded(u128),
    Retried(u128),
    Moved,
    SameHost,
    LookUpAgain,
    Reappeared,
    Ended,
    Reopened,
}

fn event() -> impl Strategy<Value = Event> {
    let few = || 1_u128..3;
    prop_oneof![
        Just(Event::Held),
        Just(Event::Released),
        (0_i64..2_000).prop_map(Event::Lapsed),
        (
            prop::sample::select(HostedIn::ALL),
            prop::option::of(prop::sample::select(ContactStanding::ALL))
        )
            .prop_map(|(place, standing)| Event::Located(place, standing)),
        (
            prop::sample::select(HostedIn::ALL),
            prop::option::of(prop::sample::select(ContactStanding::ALL))
        )
            .prop_map(|(place, standing)| Event::ByHand(place, standing)),
        Just(Event::LookUpFailed),
        few().prop_map(Event::Approved),
        few().prop_map(Event::ContactRefused),
        few().prop_map(Event::Named),
        few().prop_map(Event::Told),
        few().prop_map(Event::NoticeFailed),
        few().prop_map(Event::NoticeReturned),
        few().prop_map(Event::Reminded),
        few().prop_map(Event::Retried),
        Just(Event::Moved),
        Just(Event::SameHost),
        Just(Event::LookUpAgain),
        Just(Event::Reappeared),
        Just(Event::Ended),
        Just(Event::Reopened),
    ]
}

fn happens(takedown: Takedown, event: &Event) -> Result<Takedown, Refused> {
    let moved = match event {
        Event::Held => takedown.held(HOLD),
        Event::Released => takedown.released(at(7)),
        Event::Lapsed(now) => takedown.hold_lapsed(at(*now)),
        Event::Located(place, standing) => takedown.located(&host(*place, *standing)),
        Event::ByHand(place, standing) => takedown.located_by_hand(&host(*place, *standing)),
        Event::LookUpFailed => takedown.look_up_failed("the registry is silent", 1, at(9)),
        Event::Approved(id) => takedown.contact_approved(contact(*id)),
        Event::ContactRefused(id) => takedown.contact_refused(contact(*id)),
        Event::Named(id) => takedown.named_in(notice(*id)),
        Event::Told(id) => takedown.told(notice(*id), at(11)),
        Event::NoticeFailed(id) => takedown.notice_failed(notice(*id), "refused"),
        Event::NoticeReturned(id) => takedown.notice_returned(notice(*id), Some(at(11)), "5.1.1"),
        Event::Reminded(id) => takedown.reminded(notice(*id), at(12)),
        Event::Retried(id) => takedown.notice_retried(notice(*id)),
        Event::Moved => takedown.moved(at(13)),
        Event::SameHost => takedown.same_host(std::net::Ipv4Addr::new(192, 0, 2, 20).into()),
        Event::LookUpAgain => takedown.look_up_again(at(13)),
        Event::Reappeared => return takedown.reappeared(at(15)),
        Event::Ended => takedown.ended("not ours to decide"),
        Event::Reopened => {
            takedown.reopened(ReportId::from_bits(8), Verdict::IllegalNational, at(17))
        }
    };
    let (next, facts) = moved?;
    assert!(!facts.is_empty(), "a move without a fact");
    Ok(next)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn no_order_of_events_skips_the_police_hold_or_loses_the_reason(
        hold in any::<bool>(),
        events in prop::collection::vec(event(), 0..60),
    ) {
        let (mut takedown, _) = Takedown::open(opening(), hold.then_some(HOLD), at(0)).unwrap();
        let mut withheld = hold;
        for event in &events {
            let before = takedown.clone();
            match happens(takedown, event) {
                Ok(next) => {
                    match event {
                        Event::Held => withheld = true,
                        Event::Released => withheld = false,
                        _ => {}
                    }
                    takedown = next;
                }
                Err(_) => takedown = before,
            }
            prop_assert_eq!(takedown.is_withheld(), withheld);
            if withheld {
                prop_assert!(
                    matches!(takedown.stage, Stage::Held | Stage::HoldLapsed | Stage::Ended),
                    "{:?} went on to {} without release", event, takedown.stage
                );
            }
            if matches!(takedown.stage, Stage::NoticeDue | Stage::Noticed | Stage::Told) {
                prop_assert!(takedown.contact_id.is_some() && takedown.provider_id.is_some());
                prop_assert_eq!(takedown.hosted_in, Some(HostedIn::Home));
            }
            if matches!(takedown.stage, Stage::Noticed | Stage::Told) {
                prop_assert!(takedown.notice_id.is_some());
            }
            if takedown.reminders > 0 {
                prop_assert_eq!(takedown.stage == Stage::Ended, takedown.stage != Stage::Told);
            }
            let needs_words = matches!(
                takedown.cause, Cause::Closed | Cause::NoticeFailed | Cause::LookUpFailed
            );
            prop_assert_eq!(takedown.note.is_some(), needs_words);
        }
    }
}

#[test]
fn a_lapsed_hold_goes_to_the_liaison_and_never_on() {
    let (held, _) = Takedown::open(opening(), Some(HOLD), at(0)).unwrap();
    assert_eq!(
        held.clone().hold_lapsed(at(999)).unwrap_err(),
        Refused::NotYet
    );
    let (lapsed, facts) = held.hold_lapsed(at(1_000)).unwrap();
    assert_eq!(lapsed.stage, Stage::HoldLapsed);
    assert_eq!(facts, [ground::Fact::PoliceHoldLapsed]);
    assert!(lapsed.clone().located(&host(HostedIn::Home, None)).is_err());
    assert_eq!(lapsed.released(at(2_000)).unwrap().0.stage, Stage::Locating);
}

#[test]
fn an_approved_contact_at_home_leads_to_a_notice_and_a_missing_one_to_a_human() {
    let place = |standing| begun().located(&host(HostedIn::Home, standing)).unwrap().0;
    assert_eq!(
        place(Some(ContactStanding::Approved)).stage,
        Stage::NoticeDue
    );
    for (standing, cause) in [
        (None, Cause::NoContact),
        (Some(ContactStanding::Unapproved), Cause::ContactUnapproved),
        (Some(ContactStanding::Refused), Cause::ContactRefused),
    ] {
        let waiting = place(standing);
        assert_eq!(
            (waiting.stage, waiting.cause),
            (Stage::AwaitingContact, cause)
        );
    }
    let own = place(Some(ContactStanding::Unapproved));
    assert_eq!(
        own.clone().contact_approved(contact(9)).unwrap_err(),
        Refused::OtherContact
    );
    assert_eq!(
        own.contact_approved(contact(1)).unwrap().0.stage,
        Stage::NoticeDue
    );
    let none = place(None).contact_approved(contact(9)).unwrap().0;
    assert_eq!(
        (none.stage, none.contact_id),
        (Stage::NoticeDue, Some(contact(9)))
    );
}

#[test]
fn abroad_is_forwarded_and_tor_is_not_attributable() {
    let stage = |place| begun().located(&host(place, None)).unwrap().0.stage;
    assert_eq!(stage(HostedIn::Abroad), Stage::ToForward);
    assert_eq!(stage(HostedIn::Onion), Stage::NotAttributable);
    assert_eq!(stage(HostedIn::Unknown), Stage::NotAttributable);
}

#[test]
fn a_failed_notice_is_never_told_and_can_be_sent_again() {
    let due = begun()
        .located(&host(HostedIn::Home, Some(ContactStanding::Approved)))
        .unwrap()
        .0;
    let named = due.named_in(notice(1)).unwrap().0;
    assert_eq!(
        named.clone().told(notice(2), at(9)).unwrap_err(),
        Refused::OtherNotice
    );
    let failed = named
        .notice_failed(notice(1), "550 no such mailbox")
        .unwrap()
        .0;
    assert_eq!(
        (failed.stage, failed.told_at_ms),
        (Stage::AwaitingContact, None)
    );
    let again = failed.notice_retried(notice(1)).unwrap().0;
    let told = again.told(notice(1), at(20)).unwrap().0;
    assert_eq!((told.stage, told.told_at_ms), (Stage::Told, Some(at(20))));
    assert!(
        told.told(notice(1), at(30)).is_err(),
        "a second acceptance changes nothing"
    );
}

#[test]
fn a_change_of_host_keeps_the_first_time_and_a_return_begins_a_new_one() {
    let due = begun()
        .located(&host(HostedIn::Home, Some(ContactStanding::Approved)))
        .unwrap()
        .0;
    let told = due
        .named_in(notice(1))
        .unwrap()
        .0
        .told(notice(1), at(20))
        .unwrap()
        .0;
    let moved = told.clone().moved(at(30)).unwrap().0;
    assert_eq!(
        (moved.stage, moved.told_at_ms),
        (Stage::Locating, Some(at(20)))
    );
    let back = told.reappeared(at(40)).unwrap();
    assert_eq!(
        (back.stage, back.told_at_ms, back.notice_id),
        (Stage::Locating, None, None)
    );
}

#[test]
fn what_ended_while_held_is_held_again_when_it_is_reopened() {
    let (held, _) = Takedown::open(opening(), Some(HOLD), at(0)).unwrap();
    let ended = held.ended("a mistake").unwrap().0;
    assert_eq!(
        ended.clone().reappeared(at(1)).unwrap_err(),
        Refused::Closed
    );
    let again = ended
        .reopened(ReportId::from_bits(8), Verdict::IllegalNational, at(9))
        .unwrap()
        .0;
    assert_eq!(again.stage, Stage::Held);
}

#[test]
fn only_what_is_illegal_is_taken_down() {
    let innocent = Opening {
        verdict: Verdict::NotIllegal,
        ..opening()
    };
    assert_eq!(
        Takedown::open(innocent, None, at(0)).unwrap_err(),
        Refused::NotIllegal
    );
}

#[test]
fn only_who_was_told_is_reminded_and_a_new_beginning_starts_the_count_anew() {
    let due = begun()
        .located(&host(HostedIn::Home, Some(ContactStanding::Approved)))
        .unwrap()
        .0;
    let named = due.named_in(notice(1)).unwrap().0;
    assert!(named.clone().reminded(notice(2), at(30)).is_err());
    let told = named.told(notice(1), at(20)).unwrap().0;
    let (reminded, facts) = told.reminded(notice(2), at(30)).unwrap();
    assert_eq!(
        (reminded.stage, reminded.told_at_ms),
        (Stage::Told, Some(at(20)))
    );
    assert_eq!(
        (reminded.reminders, reminded.last_told_at_ms),
        (1, Some(at(30)))
    );
    assert!(matches!(
        facts[..],
        [ground::Fact::ReminderNamesItem { nth: 1, .. }]
    ));
    let moved = reminded.moved(at(40)).unwrap().0;
    assert_eq!((moved.reminders, moved.last_told_at_ms), (0, None));
}
