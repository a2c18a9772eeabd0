use super::*;
use ground::both_engines;
use ground::clock::SECOND_MS;

const FREE: Politeness = Politeness {
    at_once: 100,
    pause_ms: 0,
};

/// So many ms after the beginning.
const fn after(ms: i64) -> Instant {
    Instant::from_ms(1_790_000_000_000 + ms)
}

async fn an_address(tx: &Tx, host: u8) -> Result<AddressId, DbError> {
    let id = AddressId::fresh(&Chance::system());
    let blind = id.to_string().into_bytes();
    tx.execute(
        "insert into address (id, blind, sealed, host_blind, state, first_hour_ms, revision)
         values ($1, $2, $2, $3, 'open', 0, 0)",
        values![id, blind, vec![host]],
    )
    .await?;
    Ok(id)
}

async fn wanted(db: &Db, host: u8, wish: Wish, at: i64) -> Result<(VisitId, AddressId), DbError> {
    let id = VisitId::fresh(&Chance::system());
    let tx = db.upkeep("test").await?;
    let address = an_address(&tx, host).await?;
    want(&tx, id, address, wish, after(at)).await?;
    tx.commit().await?;
    Ok((id, address))
}

async fn taken(db: &Db, at: i64, polite: Politeness) -> Result<Option<String>, DbError> {
    let lease = take(db, &Chance::system(), after(at), 60_000, polite).await?;
    Ok(lease.map(|lease| lease.id))
}

async fn ended(db: &Db, id: &str) -> Result<(), DbError> {
    let tx = db.upkeep("test").await?;
    let sql = "update visit set state = 'captured', lease_until_ms = 0 where id = $1";
    tx.execute(sql, values![id]).await?;
    tx.commit().await
}

both_engines! {
    async fn an_address_wanted_five_hundred_times_is_one_visit(db: Db) {
        let tx = db.upkeep("test").await?;
        let address = an_address(&tx, 1).await?;
        let mut made = 0;
        for at in 0..500 {
            let id = VisitId::fresh(&Chance::system());
            made += i32::from(want(&tx, id, address, Wish::First, after(at)).await?);
        }
        tx.commit().await?;
        assert_eq!(made, 1);
        assert!(taken(&db, 1_000, FREE).await?.is_some());
        assert!(taken(&db, 1_001, FREE).await?.is_none());
        assert!(taken(&db, 90_000, FREE).await?.is_some(), "a visitor that died loses its lease");
    }
}

both_engines! {
    async fn a_new_address_comes_before_a_look_again_and_what_a_person_asked_for_before_both(db: Db) {
        let (again, _) = wanted(&db, 1, Wish::Again, 0).await?;
        let (first, _) = wanted(&db, 2, Wish::First, 5_000).await?;
        let (asked, _) = wanted(&db, 3, Wish::Asked, 6_000).await?;
        for expected in [asked, first, again] {
            assert_eq!(taken(&db, 7_000, FREE).await?, Some(expected.to_string()));
        }
    }
}

both_engines! {
    async fn a_host_is_visited_once_at_a_time_and_with_a_pause_while_others_go_on(db: Db) {
        let polite = Politeness { at_once: 1, pause_ms: 2 * SECOND_MS };
        let (one, _) = wanted(&db, 1, Wish::First, 0).await?;
        let (two, _) = wanted(&db, 1, Wish::First, 1).await?;
        let (other, _) = wanted(&db, 2, Wish::First, 2).await?;
        assert_eq!(taken(&db, 10, polite).await?, Some(one.to_string()));
        assert_eq!(taken(&db, 11, polite).await?, Some(other.to_string()));
        assert_eq!(taken(&db, 5_000, polite).await?, None, "the first is still being made");
        ended(&db, &one.to_string()).await?;
        assert_eq!(taken(&db, 1_500, polite).await?, None, "it began a moment ago");
        assert_eq!(taken(&db, 2_010, polite).await?, Some(two.to_string()));
    }
}

both_engines! {
    async fn visitors_that_take_at_the_same_moment_never_take_one_host_twice(db: Db) {
        let polite = Politeness { at_once: 1, pause_ms: 0 };
        for at in 0..6 {
            wanted(&db, 1, Wish::First, at).await?;
        }
        let takes: Vec<_> = (0..6)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { taken(&db, 100, polite).await })
            })
            .collect();
        let mut made = 0;
        for take in takes {
            made += i32::from(take.await??.is_some());
        }
        assert_eq!(made, 1);
    }
}

both_engines! {
    async fn what_was_put_off_is_made_at_once_when_a_person_asks_for_it(db: Db) {
        let (slow, address) = wanted(&db, 1, Wish::Again, 0).await?;
        let (other, _) = wanted(&db, 2, Wish::First, 50).await?;
        let tx = db.upkeep("test").await?;
        let off = "update visit set not_before_ms = $2 where id = $1";
        tx.execute(off, values![slow, after(90_000)]).await?;
        tx.commit().await?;
        let tx = db.upkeep("test").await?;
        assert!(hasten(&tx, address, after(100)).await?);
        tx.commit().await?;
        assert_eq!(taken(&db, 101, FREE).await?, Some(slow.to_string()));
        assert_eq!(taken(&db, 101, FREE).await?, Some(other.to_string()));
    }
}

both_engines! {
    async fn an_attempt_that_failed_for_our_own_line_does_not_count(db: Db) {
        let (id, _) = wanted(&db, 1, Wish::First, 0).await?;
        let chance = Chance::system();
        let lease = take(&db, &chance, after(10), 60_000, FREE).await?.ok_or("none")?;
        assert_eq!((lease.id.clone(), lease.attempts), (id.to_string(), 1));
        let tx = db.upkeep("test").await?;
        not_counted(&tx, &lease).await?;
        assert!(VISITS.put_off(&tx, &lease, after(20)).await?);
        tx.commit().await?;
        let again = take(&db, &chance, after(30), 60_000, FREE).await?;
        assert_eq!(again.map(|lease| lease.attempts), Some(1));
    }
}

/// One visit of a played queue.
struct Played {
    id: String,
    host: u8,
    due: i64,
    began: Option<i64>,
    ends: Option<i64>,
}

/// Plays a queue that is drawn by chance to its end, holding every visit taken against all that wait.
async fn play(db: &Db, seed: u64, polite: Politeness) -> Result<(), Box<dyn std::error::Error>> {
    const VISITS: usize = 40;
    let chance = Chance::seeded(seed);
    let below = |n: u64| i64::try_from(chance.below(n)).unwrap_or(0);
    let mut all: Vec<Played> = Vec::new();
    let (mut now, mut made) = (0_i64, 0);
    while made < VISITS {
        now += below(3_000);
        assert!(now < 3_600_000, "{} of {} were made", made, all.len());
        if all.len() < VISITS && below(2) == 0 {
            let wish = Wish::ALL[chance.below(3) as usize];
            let host = u8::try_from(below(4))?;
            let (id, _) = wanted(db, host, wish, now).await?;
            let due = now + wish.later_ms();
            all.push(Played {
                id: id.to_string(),
                host,
                due,
                began: None,
                ends: None,
            });
        }
        for one in all
            .iter_mut()
            .filter(|one| one.ends.is_some_and(|ends| ends <= now))
        {
            one.ends = None;
            made += 1;
            ended(db, &one.id).await?;
        }
        let free = |host: u8| {
            let asked = all.iter().filter(|one| one.host == host);
            let running = asked.clone().filter(|one| one.ends.is_some()).count();
            let lately = |one: &Played| one.began.is_some_and(|at| at > now - polite.pause_ms);
            running < polite.at_once as usize && !asked.clone().any(lately)
        };
        let may: Vec<&Played> = all
            .iter()
            .filter(|one| one.began.is_none() && free(one.host))
            .collect();
        let first = may.iter().map(|one| one.due).min();
        let id = taken(db, now, polite).await?;
        assert_eq!(
            id.is_some(),
            first.is_some(),
            "who may be visited is, and nobody else"
        );
        let Some(id) = id else { continue };
        assert!(
            may.iter().any(|one| one.id == id && Some(one.due) == first),
            "the earliest due"
        );
        let lasts = 1 + below(20_000);
        let one = all.iter_mut().find(|one| one.id == id).ok_or("unknown")?;
        (one.began, one.ends) = (Some(now), Some(now + lasts));
    }
    Ok(())
}

both_engines! {
    async fn whatever_is_wanted_is_made_in_the_order_it_is_due_and_politely(db: Db) {
        for (seed, at_once, pause_ms) in [(1, 1, 0), (2, 1, 2_000), (3, 2, 500), (4, 3, 5_000)] {
            let tx = db.upkeep("test").await?;
            tx.execute("delete from visit", vec![]).await?;
            tx.commit().await?;
            play(&db, seed, Politeness { at_once, pause_ms }).await?;
        }
    }
}

/// With the order by due time this is what keeps anything from starving: whatever is made before a
/// visit was wanted at most this long after it.
#[test]
fn nothing_is_overtaken_by_what_was_wanted_more_than_eleven_minutes_later() {
    let later = Wish::ALL.iter().map(|wish| wish.later_ms());
    let most = later.clone().max().unwrap() - later.min().unwrap();
    assert_eq!(most, 11 * MINUTE_MS);
}
