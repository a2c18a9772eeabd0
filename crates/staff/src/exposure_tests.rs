use super::*;
use crate::limits::Looked;
use crate::testing::house;
use ground::both_engines;
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};

type Tested<T> = Result<T, Box<dyn std::error::Error>>;

const ANN: StaffId = StaffId::from_bits(1);
const TODAY: i64 = 20_000;
const NOW: Instant = Instant::from_ms(TODAY * DAY_MS);

async fn had(db: &ground::Db, staff: StaffId, number: i64, day: Day) -> Tested<()> {
    let tx = db.upkeep("a day").await?;
    hold_standing(&tx, staff, number).await?;
    keep(&tx, staff, number, &day, Limits::USUAL.day_ms).await?;
    Ok(tx.commit().await?)
}

/// A day with so many hours of material.
fn hours(n: i64) -> Day {
    Day {
        material_ms: n * HOUR_MS,
        reveals: n,
        last_at: Some(NOW),
        ..Day::default()
    }
}

both_engines! {
    async fn an_hour_a_row_and_a_break_go_on_after_midnight_and_the_day_begins_anew(db: Db) {
        let before = Day {
            material_ms: 2 * HOUR_MS,
            since_break_ms: 50 * MINUTE_MS,
            last_at: Some(NOW.plus_ms(-MINUTE_MS)),
            break_from: Some(NOW.plus_ms(-1)),
            reveals: 9,
            hard: 8,
            hard_run: 7,
            breaks: 2,
        };
        had(&db, ANN, TODAY - 1, before).await?;
        let expected = Day { material_ms: 0, reveals: 0, hard: 0, breaks: 0, ..before };
        assert_eq!(standing(&db, ANN, TODAY).await?.day, expected, "before anything is shown");
        let tx = db.upkeep("look").await?;
        let held = hold_standing(&tx, ANN, TODAY).await?.day;
        assert_eq!(held, expected);
        let back = held.back(&Limits::USUAL, NOW).looked(Looked::Reveal, &Limits::USUAL, NOW);
        keep(&tx, ANN, TODAY, &back, Limits::USUAL.day_ms).await?;
        tx.commit().await?;
        let day = standing(&db, ANN, TODAY).await?.day;
        assert_eq!((day.break_from, day.reveals, day.hard_run), (None, 1, 7), "a break that ended is not begun again");
    }
}

both_engines! {
    async fn what_was_counted_is_destroyed_after_ninety_days_and_nothing_else_is(db: Db) {
        for day in [TODAY - KEPT_DAYS - 1, TODAY - KEPT_DAYS, TODAY] {
            had(&db, ANN, day, hours(1)).await?;
        }
        let (old, new) = (ReportId::from_bits(1), ReportId::from_bits(2));
        let tx = db.upkeep("pass over").await?;
        pass_over(&tx, ANN, old, NOW.plus_ms(-KEPT_DAYS * DAY_MS - 1)).await?;
        pass_over(&tx, ANN, new, NOW).await?;
        tx.commit().await?;
        let tx = db.upkeep("forget").await?;
        assert_eq!(forget(&tx, TODAY, NOW).await?, 2);
        assert_eq!(forget(&tx, TODAY, NOW).await?, 0, "once is enough");
        tx.commit().await?;
        let days = week(&db, ANN, 0).await?;
        assert_eq!(days.iter().map(|one| one.day).collect::<Vec<_>>(), [TODAY, TODAY - KEPT_DAYS]);
    }
}

both_engines! {
    async fn all_together_are_told_of_from_five_people_on(db: Db) {
        for n in 1..=4 {
            had(&db, StaffId::from_bits(n), TODAY, hours(1)).await?;
        }
        assert_eq!(together(&db, TODAY).await?, None);
        had(&db, StaffId::from_bits(5), TODAY, Day::default()).await?;
        assert_eq!(together(&db, TODAY).await?, None, "who looked at nothing is not one of five");
        had(&db, StaffId::from_bits(5), TODAY, hours(5)).await?;
        let all = together(&db, TODAY).await?.ok_or("nobody")?;
        assert_eq!((all.people, all.material_ms, all.full_days), (5, 9 * HOUR_MS, 1));
    }
}

both_engines! {
    async fn who_reaches_the_limit_on_three_days_of_seven_is_told_by_name_and_nothing_more(db: Db) {
        let house = house(db);
        let wilg = house.account("wilg", "analyst").await?;
        let eik = house.account("eik", "analyst").await?;
        for day in [TODAY, TODAY - 3, TODAY - 6] {
            had(&house.db, wilg, day, hours(5)).await?;
        }
        for day in [TODAY, TODAY - 3, TODAY - 7] {
            had(&house.db, eik, day, hours(5)).await?;
        }
        let told: Vec<String> = alarms(&house.db, TODAY).await?.into_iter().map(|(_, name)| name.to_string()).collect();
        assert_eq!(told, ["wilg"]);
        assert!(alarms(&house.db, TODAY + 1).await?.is_empty(), "it is over when the days are");
    }
}

both_engines! {
    async fn with_an_account_goes_what_the_person_looked_at_and_chose(db: Db) {
        let house = house(db);
        let wilg = house.account("wilg", "analyst").await?;
        for staff in [wilg, ANN] {
            had(&house.db, staff, TODAY, hours(1)).await?;
            let tx = house.db.upkeep("choose").await?;
            set_own(&tx, staff, OwnLimits { hard_run: Some(3), ..OwnLimits::default() }).await?;
            pass_over(&tx, staff, ReportId::from_bits(1), NOW).await?;
            opt_out::add(&tx, staff, &opt_out::Category::Film, None).await?;
            tx.commit().await?;
        }
        let seen = house.staff.person(wilg).await?.revision;
        house.staff.close(&house.operator(), wilg, seen).await?;
        for table in ["exposure", "own_limits", "passed_over", "opted_out"] {
            let all = format!("select count(*) as n from {table}");
            assert_eq!(house.db.count(&all, values![]).await?, 1, "{table}: a colleague's stays");
        }
    }
}
