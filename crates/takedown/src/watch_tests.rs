//! Neither our outage nor an error page closes an item; three absences do.

use crate::{Conclusion, Opening, Pace, Presence, Refused, Seen, Takedown, Watch};
use ground::clock::{DAY_MS, HOUR_MS};
use ground::{
    AddressId, ContentId, Fact, Instant, ItemId, Observation, ReportId, TakedownId, Verdict,
};
use proptest::prelude::*;

fn way() -> Takedown {
    let opening = Opening {
        id: TakedownId::from_bits(1),
        item: ItemId::from_bits(1),
        content: ContentId::from_bits(1),
        address: AddressId::from_bits(1),
        report: ReportId::from_bits(1),
        verdict: Verdict::IllegalBaseline,
    };
    Takedown::open(opening, None, Instant::from_ms(0))
        .unwrap()
        .0
}

fn hours(hours: i64) -> Instant {
    Instant::from_ms(hours * HOUR_MS)
}

/// The watch after one look each hour, from hour 1; an unhealthy canary is a `!`.
fn after(looks: &[(Observation, bool)]) -> (Watch, Vec<Conclusion>) {
    let (way, pace) = (way(), Pace::real());
    let mut watch = Watch::begin(way.id, hours(0), &pace);
    let mut conclusions = Vec::new();
    for (hour, (observation, canary_healthy)) in (1..).zip(looks) {
        let seen = Seen {
            observation: *observation,
            at: hours(hour),
            canary_healthy: *canary_healthy,
        };
        let (next, conclusion, facts) = watch.observe(seen, &way, &pace).unwrap();
        assert!(matches!(facts[0], Fact::Checked { .. }));
        watch = next;
        conclusions.push(conclusion);
    }
    (watch, conclusions)
}

use Observation::{Absent, Blocked, Changed, OurFailure, Present, Unreachable};

#[test]
fn three_absences_are_a_removal_that_happened_at_the_first() {
    let (watch, conclusions) = after(&[(Absent, true); 3]);
    assert_eq!(watch.presence, Presence::Gone);
    assert_eq!(watch.not_before_ms, hours(3 + 24));
    assert_eq!(
        conclusions[2],
        Conclusion::Removed {
            first_gone: hours(1)
        }
    );
}

/// Regression (b): an outage of ours closed items in bulk as removed.
#[test]
fn our_outage_never_closes_an_item() {
    let (watch, _) = after(&[(OurFailure, false); 200]);
    assert_eq!((watch.presence, watch.absences), (Presence::There, 0));
    let (watch, _) = after(&[(Absent, false); 200]);
    assert_eq!((watch.presence, watch.absences), (Presence::There, 0));
    assert_eq!(watch.last_seen, Some(OurFailure));
}

#[test]
fn a_wall_or_a_broken_server_is_neither_there_nor_gone() {
    for nothing in [Blocked, Unreachable] {
        let (watch, _) = after(&[(nothing, true); 200]);
        assert_eq!((watch.presence, watch.absences), (Presence::There, 0));
        assert_eq!(watch.last_present_ms, None);
        let between = [
            (Absent, true),
            (nothing, true),
            (Absent, true),
            (Absent, true),
        ];
        assert_eq!(after(&between).0.presence, Presence::Gone);
    }
}

#[test]
fn what_is_seen_between_two_absences_starts_the_count_anew() {
    for seen in [Present, Changed] {
        let looks = [(Absent, true), (Absent, true), (seen, true), (Absent, true)];
        let (watch, _) = after(&looks);
        assert_eq!((watch.presence, watch.absences), (Presence::There, 1));
    }
}

#[test]
fn three_absences_in_a_minute_are_one() {
    let (way, pace) = (way(), Pace::real());
    let mut watch = Watch::begin(way.id, hours(0), &pace);
    for second in 0..60 {
        let at = hours(1).plus_ms(second * 1_000);
        let seen = Seen {
            observation: Absent,
            at,
            canary_healthy: true,
        };
        watch = watch.observe(seen, &way, &pace).unwrap().0;
    }
    assert_eq!((watch.presence, watch.absences), (Presence::There, 1));
}

#[test]
fn what_comes_back_is_noticed_even_after_the_watch_ran_out() {
    let (way, pace) = (way(), Pace::real());
    let (mut watch, _) = after(&[(Absent, true); 3]);
    for days in [1, 7, 30, 91] {
        let at = hours(3).plus_ms(days * DAY_MS);
        let seen = Seen {
            observation: Absent,
            at,
            canary_healthy: true,
        };
        watch = watch.observe(seen, &way, &pace).unwrap().0;
    }
    assert_eq!(watch.presence, Presence::Ended);
    let absent = Seen {
        observation: Absent,
        at: hours(9_000),
        canary_healthy: true,
    };
    assert_eq!(
        watch.clone().observe(absent, &way, &pace).unwrap_err(),
        Refused::Closed
    );
    let back = Seen {
        observation: Present,
        ..absent
    };
    let (watch, conclusion, facts) = watch.observe(back, &way, &pace).unwrap();
    assert_eq!(conclusion, Conclusion::Reappeared);
    assert_eq!((watch.presence, watch.returns), (Presence::There, 1));
    assert_eq!(facts.last(), Some(&Fact::Reappeared { provider: None }));
    assert!(
        watch.ended().observe(back, &way, &pace).is_err(),
        "closed by a human stays closed"
    );
}

proptest! {
    #[test]
    fn removed_needs_three_believable_absences_spread_over_time(
        looks in prop::collection::vec(
            (prop::sample::select(Observation::ALL), any::<bool>(), 0_i64..120), 0..80)
    ) {
        let (way, pace) = (way(), Pace::real());
        let mut watch = Watch::begin(way.id, hours(0), &pace);
        let (mut now, mut run) = (hours(0), Vec::<Instant>::new());
        for (observation, canary_healthy, minutes) in looks {
            now = now.plus_ms(minutes * 60_000);
            let was = watch.presence;
            if was == Presence::Ended { break; }
            let seen = Seen { observation, at: now, canary_healthy };
            match seen.believed() {
                Absent if run.last().is_none_or(|last| now.since_ms(*last) >= HOUR_MS) => run.push(now),
                Present | Changed => run.clear(),
                _ => {}
            }
            let (next, conclusion, _) = watch.observe(seen, &way, &pace).unwrap();
            if let Conclusion::Removed { first_gone } = conclusion {
                prop_assert_eq!(run.len(), 3);
                prop_assert_eq!(first_gone, run[0]);
            }
            if conclusion == Conclusion::Reappeared {
                prop_assert_eq!(was, Presence::Gone);
                prop_assert_eq!(observation, Present);
            }
            if next.presence == Presence::Gone && was == Presence::There {
                let removed = matches!(conclusion, Conclusion::Removed { .. });
                prop_assert!(removed);
            }
            prop_assert!(next.presence == Presence::Ended || next.not_before_ms > now);
            watch = next;
        }
    }
}
