use super::*;
use proptest::prelude::*;

const AT: i64 = 1_795_500_000_000;
const NOON: i64 = 12 * 60;

fn at(minutes: i64) -> Instant {
    Instant::from_ms(AT + minutes * MINUTE_MS)
}

/// Looks once a minute for so many minutes, as far as it is let.
fn looking(mut day: Day, limits: &Limits, from: i64, minutes: i64) -> (Day, Option<Stop>) {
    for minute in from..from + minutes {
        if let Err(stop) = day.may_look(limits, at(minute), NOON) {
            return (day, Some(stop));
        }
        day = day.looked(Looked::Reveal, limits, at(minute));
    }
    (day, None)
}

#[test]
fn after_an_hour_a_break_is_due_and_silence_is_one() {
    let limits = Limits::USUAL;
    let (day, stop) = looking(Day::default(), &limits, 0, 90);
    assert_eq!(stop, Some(Stop::BreakDue { until: at(70) }));
    assert_eq!(day.since_break_ms, HOUR_MS);
    assert!(day.may_look(&limits, at(69), NOON).is_err());
    assert!(day.may_look(&limits, at(70), NOON).is_ok());
    let day = day.looked(Looked::Previews, &limits, at(71));
    assert_eq!(
        (day.since_break_ms, day.breaks, day.material_ms),
        (0, 1, HOUR_MS)
    );
}

#[test]
fn five_hours_with_material_end_the_day_however_many_breaks_were_taken() {
    let limits = Limits::USUAL;
    let (mut day, mut minute) = (Day::default(), 0);
    let stop = loop {
        match looking(day, &limits, minute, 1) {
            (same, Some(Stop::BreakDue { .. })) => (day, minute) = (same, minute + 10),
            (same, None) => (day, minute) = (same, minute + 1),
            (_, Some(stop)) => break stop,
        }
    };
    assert_eq!(
        (stop, day.material_ms, day.breaks),
        (Stop::DayOver, 5 * HOUR_MS, 4)
    );
}

#[test]
fn nothing_is_shown_after_the_hour_nor_in_the_night() {
    let day = Day::default();
    let open = |minute| day.may_look(&Limits::USUAL, at(0), minute).is_ok();
    assert!(open(6 * 60) && open(16 * 60 - 1));
    assert!(!open(16 * 60) && !open(23 * 60) && !open(0) && !open(6 * 60 - 1));
    assert!(day.may_look(&Limits::DEMO, at(0), 3 * 60).is_ok());
    assert!(day.may_look(&Limits::WIDE, at(0), 23 * 60).is_ok());
}

#[test]
fn hard_items_in_a_row_ask_for_a_break_and_another_verdict_ends_the_row() {
    let limits = Limits {
        hard_run: 3,
        ..Limits::USUAL
    };
    let judged = |day: Day, what| day.looked(what, &limits, at(0));
    let two = judged(judged(Day::default(), Looked::Hard), Looked::Hard);
    assert!(two.may_look(&limits, at(0), NOON).is_ok());
    let three = judged(two, Looked::Hard);
    assert_eq!(
        three.may_look(&limits, at(0), NOON),
        Err(Stop::HardRun { until: at(10) })
    );
    assert!(
        judged(two, Looked::Judged)
            .looked(Looked::Hard, &limits, at(0))
            .may_look(&limits, at(0), NOON)
            .is_ok()
    );
}

#[test]
fn half_a_row_asks_for_something_lighter_and_a_break_ends_that() {
    let limits = Limits {
        hard_run: 5,
        ..Limits::USUAL
    };
    let row = |n| Day {
        hard_run: n,
        last_at: Some(at(0)),
        ..Day::default()
    };
    assert!(!row(0).wants_lighter(&limits, at(1)) && !row(2).wants_lighter(&limits, at(1)));
    assert!(row(3).wants_lighter(&limits, at(1)) && !row(3).wants_lighter(&limits, at(10)));
}

#[test]
fn a_break_shows_nothing_until_it_is_ended_and_counts_when_it_was_long_enough() {
    let limits = Limits::USUAL;
    let (day, _) = looking(Day::default(), &limits, 0, 31);
    let away = day.on_break(at(31)).on_break(at(35));
    assert_eq!(
        away.may_look(&limits, at(40), NOON),
        Err(Stop::OnBreak { since: at(31) })
    );
    let short = away.back(&limits, at(36));
    assert_eq!((short.since_break_ms, short.breaks), (30 * MINUTE_MS, 0));
    let long = away.back(&limits, at(41));
    assert_eq!((long.since_break_ms, long.breaks), (0, 1));
    assert!(long.may_look(&limits, at(41), NOON).is_ok());
}

#[test]
fn ones_own_limits_are_refused_when_they_are_wider() {
    let wider = OwnLimits {
        day_ms: Some(6 * HOUR_MS),
        ..OwnLimits::default()
    };
    assert_eq!(wider.checked(Limits::USUAL), Err(LimitsFault::Wider));
    let late = OwnLimits {
        until_minute: Some(17 * 60),
        ..OwnLimits::default()
    };
    assert_eq!(late.checked(Limits::USUAL), Err(LimitsFault::Wider));
    let short = OwnLimits {
        break_ms: Some(5 * MINUTE_MS),
        ..OwnLimits::default()
    };
    assert_eq!(short.checked(Limits::USUAL), Err(LimitsFault::Wider));
    let safer = OwnLimits {
        day_ms: Some(2 * HOUR_MS),
        ..OwnLimits::default()
    };
    assert_eq!(safer.checked(Limits::USUAL), Ok(safer));
    assert!(Limits::USUAL.checked().is_ok() && Limits::DEMO.checked().is_ok());
    assert_eq!(Limits::WIDE.checked(), Err(LimitsFault::Day));
}

fn own() -> impl Strategy<Value = OwnLimits> {
    let some = || proptest::option::of(-10_i64..100_000_000);
    (
        some(),
        some(),
        some(),
        proptest::option::of(-10_i64..2_000),
        some(),
    )
        .prop_map(
            |(day_ms, stretch_ms, break_ms, until_minute, hard_run)| OwnLimits {
                day_ms,
                stretch_ms,
                break_ms,
                until_minute,
                hard_run,
            },
        )
}

proptest! {
    #[test]
    fn whatever_somebody_sets_nothing_is_shown_that_the_site_would_not_show(
        own in own(),
        looks in proptest::collection::vec((0_i64..20, 0_u8..4), 0..120),
        minute in 0_i64..1_440,
    ) {
        let (site, mine) = (Limits::USUAL, Limits::USUAL.narrowed(own));
        prop_assert!(mine.day_ms <= site.day_ms && mine.stretch_ms <= site.stretch_ms);
        prop_assert!(mine.break_ms >= site.break_ms && mine.hard_run <= site.hard_run);
        prop_assert!(mine.until_minute <= site.until_minute);
        let (mut day, mut now) = (Day::default(), 0);
        for (gap, what) in looks {
            now += gap;
            if day.may_look(&mine, at(now), minute).is_err() {
                continue;
            }
            let what = [Looked::Previews, Looked::Reveal, Looked::Hard, Looked::Judged][usize::from(what)];
            day = day.looked(what, &mine, at(now));
            prop_assert!(day.material_ms < site.day_ms + GAP_MS);
            prop_assert!(day.since_break_ms < site.stretch_ms + GAP_MS);
        }
    }
}
