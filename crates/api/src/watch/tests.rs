use super::*;

const AT: Instant = Instant::from_ms(HOUR_MS * 500_000);

fn hash(seed: u64) -> Hash256 {
    let word = |n: u64| (seed * 4 + n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Hash256::from_words([word(0), word(1), word(2), word(3)])
}

/// The alarms that these hashes raise, each with the entry it matches.
fn alarms(asked: impl IntoIterator<Item = (Hash256, Option<u64>)>) -> Vec<AlarmKind> {
    let mut watch = Watch::default();
    let raised = asked
        .into_iter()
        .filter_map(|(hash, entry)| watch.saw(Some(hash), entry, (Quota::USUAL, AT)));
    raised.collect()
}

#[test]
fn a_walk_bit_by_bit_is_noticed_once_an_hour() {
    let walk = (0..200).map(|bit| (hash(1).with_flipped(bit), None));
    assert_eq!(alarms(walk), [AlarmKind::Walking]);
}

#[test]
fn a_walk_is_noticed_whatever_is_asked_between_its_steps() {
    let mut seed = 1_000;
    let walk = (0..120).flat_map(|bit| {
        let others = (0..200).map(|_| {
            seed += 1;
            (hash(seed), None)
        });
        let step = (hash(1).with_flipped(bit), None);
        std::iter::once(step).chain(others.collect::<Vec<_>>())
    });
    assert_eq!(alarms(walk), [AlarmKind::Walking]);
}

#[test]
fn asking_around_one_entry_is_noticed() {
    let around = (0..100).map(|n| (hash(n), Some(7)));
    assert_eq!(alarms(around), [AlarmKind::Neighbours]);
}

#[test]
fn asking_around_one_entry_is_noticed_among_matches_of_very_many_others() {
    let others = (100..1_000).map(|n| (hash(n), Some(n)));
    let around = (0..45).flat_map(|n| {
        [
            (hash(2_000 + n), Some(7)),
            (hash(3_000 + n), Some(3_000 + n)),
        ]
    });
    assert_eq!(alarms(others.chain(around)), [AlarmKind::Neighbours]);
}

/// As [`hashcheck`]'s own command asks: of each picture two hashes that differ in a few bits.
#[test]
fn one_known_picture_uploaded_again_and_again_is_neither_a_walk_nor_asking_around() {
    let (full, reduced) = (hash(1), hash(1).with_flipped(3).with_flipped(99));
    let uploads = (0..100).flat_map(|_| [(full, Some(7)), (reduced, Some(7))]);
    assert!(alarms(uploads).is_empty());
}

#[test]
fn ordinary_pictures_raise_nothing_and_memory_stays_bounded() {
    let mut watch = Watch::default();
    for n in 0..5_000_u64 {
        let entry = n.is_multiple_of(10).then_some(n);
        for hash in [hash(n), hash(n).with_flipped(3)] {
            let alarm = watch.saw(Some(hash), entry, (Quota::USUAL, AT));
            assert_eq!(alarm, None);
        }
    }
    assert_eq!((watch.trails.held(), watch.around.held()), (256, 256));
    assert!(watch.entries.len() <= ENTRIES);
}

/// After how many hashes without a look a flood is noticed, when every `one_in`th matches another entry.
fn flood(quota: Quota, most: u32, one_in: u32) -> Option<u32> {
    let mut watch = Watch::default();
    (1..=most).find(|n| {
        let entry = n.is_multiple_of(one_in).then_some(u64::from(*n));
        watch.saw(None, entry, (quota, AT)) == Some(AlarmKind::Flood)
    })
}

#[test]
fn a_flood_is_noticed_by_its_rate_of_matches_and_one_that_matches_as_others_do_is_not() {
    let none = u32::MAX;
    assert_eq!(flood(Quota::USUAL, 600_000, none), Some(FLOOD));
    assert_eq!(flood(Quota::USUAL, 600_000, 100_000), Some(FLOOD));
    assert_eq!(flood(Quota::USUAL, 600_000, 5_000), None);
}

#[test]
fn one_known_match_asked_again_and_again_hides_no_flood() {
    let mut watch = Watch::default();
    let hidden = (0..FLOOD).find_map(|n| {
        let entry = n.is_multiple_of(100).then_some(7);
        watch.saw(None, entry, (Quota::USUAL, AT))
    });
    assert_eq!(hidden, Some(AlarmKind::Flood));
}

#[test]
fn a_client_with_a_small_quota_floods_by_half_a_day_of_it() {
    let quota = |per_day| Quota {
        per_minute: per_day,
        per_day,
    };
    assert_eq!(flood(quota(40_000), 40_000, u32::MAX), Some(20_000));
    assert_eq!(flood(quota(1_000), 1_000, u32::MAX), Some(1_000));
    assert_eq!(flood(quota(u32::MAX), FLOOD, u32::MAX), Some(FLOOD));
}
