use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const PLAIN: Signals = Signals {
    channel: Channel::Web,
    on_list: false,
    captured: false,
    named_by: 1,
};

fn signals() -> impl Strategy<Value = Signals> {
    let channel = proptest::sample::select(Channel::ALL);
    (channel, any::<bool>(), any::<bool>(), any::<u32>()).prop_map(
        |(channel, on_list, captured, named_by)| Signals {
            channel,
            on_list,
            captured,
            named_by,
        },
    )
}

fn starts() -> impl Strategy<Value = HeadStarts> {
    proptest::array::uniform7(0..=MOST_HOURS).prop_map(
        |[
            police,
            trusted,
            partner,
            on_list,
            captured,
            named_again,
            named_again_most,
        ]| HeadStarts {
            police,
            trusted,
            partner,
            on_list,
            captured,
            named_again,
            named_again_most,
        },
    )
}

fn rank(hour: i64, signals: &Signals, starts: &HeadStarts) -> i64 {
    let hour = Instant::from_ms(hour * HOUR_MS);
    priority(signals, starts).rank(hour).ms()
}

#[test]
fn what_nothing_is_known_of_has_no_head_start_and_no_reason() {
    let none = priority(&PLAIN, &HeadStarts::USUAL);
    assert_eq!((none.head_start_ms, none.why), (0, vec![]));
}

#[test]
fn the_reasons_are_told_the_weightiest_first_and_add_up() {
    let known = Signals {
        channel: Channel::Police,
        on_list: true,
        captured: true,
        named_by: 4,
    };
    let found = priority(&known, &HeadStarts::USUAL);
    assert_eq!(found.head_start_ms, (48 + 24 + 12 + 6) * HOUR_MS);
    let why = [
        Why::From(Channel::Police),
        Why::OnList,
        Why::NamedBy(4),
        Why::Captured,
    ];
    assert_eq!(found.why, why);
}

#[test]
fn a_signal_that_is_given_no_hours_is_no_reason() {
    let starts = HeadStarts {
        captured: 0,
        ..HeadStarts::USUAL
    };
    let known = Signals {
        captured: true,
        ..PLAIN
    };
    assert!(priority(&known, &starts).why.is_empty());
}

/// Reports come each hour and so many are taken each hour; in how many hours each was reached.
fn hours_until_taken(waiting: &[Signals], coming: &[Vec<Signals>], takes: usize) -> Vec<i64> {
    let starts = HeadStarts::USUAL;
    let (mut queue, mut came, mut waited) = (BTreeSet::new(), vec![], vec![]);
    let arrive = |queue: &mut BTreeSet<(i64, usize)>, came: &mut Vec<i64>, hour, one| {
        queue.insert((rank(hour, one, &starts), came.len()));
        came.push(hour);
    };
    for one in waiting {
        arrive(&mut queue, &mut came, 0, one);
    }
    let mut hour = 0;
    while hour == 0 || !queue.is_empty() {
        let at = usize::try_from(hour).unwrap_or(usize::MAX);
        for one in coming.get(at).into_iter().flatten() {
            arrive(&mut queue, &mut came, hour, one);
        }
        for _ in 0..takes {
            if let Some((_, taken)) = queue.pop_first() {
                waited.push(hour - came[taken]);
            }
        }
        hour += 1;
    }
    waited
}

proptest! {
    #[test]
    fn no_report_is_passed_by_one_that_came_later_by_more_than_the_greatest_head_start(
        starts in starts(), (one, other) in (signals(), signals()), hour in 0_i64..1_000_000, extra in 1_i64..1_000
    ) {
        let later = hour + starts.greatest_ms() / HOUR_MS + extra;
        prop_assert!(rank(hour, &one, &starts) < rank(later, &other, &starts));
    }

    #[test]
    fn a_head_start_is_never_less_than_nothing_nor_more_than_the_greatest(
        starts in starts(), known in signals()
    ) {
        let found = priority(&known, &starts);
        prop_assert!((0..=starts.greatest_ms()).contains(&found.head_start_ms));
        prop_assert_eq!(found.why.is_empty(), found.head_start_ms == 0);
    }

    #[test]
    fn more_known_of_a_report_never_puts_it_back(starts in starts(), known in signals()) {
        let more = Signals { on_list: true, captured: true, named_by: known.named_by.saturating_add(1), ..known };
        prop_assert!(rank(0, &more, &starts) <= rank(0, &known, &starts));
    }

    #[test]
    fn in_a_queue_that_stays_busy_each_report_is_reached_within_a_bound(
        waiting in proptest::collection::vec(signals(), 0..60),
        takes in 1_usize..4,
        coming in proptest::collection::vec(proptest::collection::vec(signals(), 3), 150..300),
    ) {
        // As many come as are taken, so that what waits at first never grows less.
        let coming: Vec<Vec<Signals>> = coming.into_iter().map(|hour| hour[..takes].to_vec()).collect();
        let backlog = i64::try_from(waiting.len() / takes).unwrap_or(i64::MAX);
        let bound = backlog + HeadStarts::USUAL.greatest_ms() / HOUR_MS + 2;
        for waited in hours_until_taken(&waiting, &coming, takes) {
            prop_assert!(waited <= bound, "{} hours, bound {}", waited, bound);
        }
    }
}
