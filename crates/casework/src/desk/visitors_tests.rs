use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::{Act, Actor, Chance, Db, TestClock, both_engines};
use vault::{HotlineKeys, Objects, Vault};

use super::*;
use crate::desk::staged::a_report;

type Fault = Box<dyn std::error::Error>;

const BEGIN: Instant = Instant::from_ms(1_790_000_000_000);

fn house(db: Db) -> Result<(Casework, TestClock), Fault> {
    let clock = TestClock::at(BEGIN);
    let keys = HotlineKeys::from_seed(&[4; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    Ok((crate::testing::idle(db, vault, clock.clock())?, clock))
}

async fn ended(work: &Casework, visit: VisitId, cause: Option<&str>) -> Result<(), Fault> {
    use capture::rules::VisitState::{Captured, NotCaptured};
    let tx = work.db.upkeep("test").await?;
    let ended = capture::store::Ended {
        state: if cause.is_some() {
            NotCaptured
        } else {
            Captured
        },
        cause: cause.map(str::to_owned),
        via: None,
        status: None,
        ip: None,
        record: None,
        screenshot: None,
        at: work.clock.now(),
    };
    capture::store::end(&tx, visit, &ended).await?;
    Ok(tx.commit().await?)
}

async fn line_is(work: &Casework, healthy: bool) -> Result<(), Fault> {
    let act = Act::by_worker("checker", work.clock.now());
    let tx = work.db.act(&act, "test").await?;
    tx.record("site", &Fact::Canary { healthy });
    Ok(tx.commit().await?)
}

both_engines! {
    async fn the_room_tells_what_waits_what_failed_and_why_and_whether_our_line_works(db: Db) {
        let (work, clock) = house(db)?;
        let (report, _, first) = a_report(&work, "one").await?;
        let (_, address, second) = a_report(&work, "two").await?;
        let room = work.visitors_room().await?;
        assert_eq!((room.waiting, room.put_off, room.line), (2, 0, None));
        assert_eq!(room.oldest, Some(BEGIN.start_of_hour()));
        assert!(room.next.iter().any(|one| one.id == first && one.report_id == Some(report)));
        ended(&work, first, Some("timed-out")).await?;
        ended(&work, second, None).await?;
        line_is(&work, false).await?;
        let room = work.visitors_room().await?;
        assert_eq!(room.waiting, 0);
        assert_eq!(room.failed.iter().map(|one| one.id).collect::<Vec<_>>(), [first]);
        let timed_out = CauseCount { cause: Some("timed-out".into()), n: 1 };
        assert_eq!(room.causes, [timed_out]);
        assert_eq!(room.line, Some(LineTest { works: false, since: BEGIN }));
        clock.advance_ms(MINUTE_MS);
        line_is(&work, true).await?;
        let since = clock.clock().now();
        assert_eq!(work.line_test().await?, Some(LineTest { works: true, since }));
        let why = Reason::parse("a colleague saw it")?;
        work.visit_again(StaffId::fresh(&Chance::system()), second, why).await?;
        let room = work.visitors_room().await?;
        assert_eq!(room.next.len(), 1);
        assert_eq!(room.next[0].wish, capture::Wish::Asked);
        assert!(capture::store::is_wanted(&work.db, address).await?);
        clock.advance_ms(8 * 24 * HOUR_MS);
        assert!(work.visitors_room().await?.failed.is_empty(), "a week is over");
    }
}

both_engines! {
    async fn a_look_again_has_a_reason_in_the_ledger_and_hastens_what_waits(db: Db) {
        #[derive(FromQueryResult)]
        struct Line { actor: String, reason: Option<String> }
        let (work, _) = house(db)?;
        let (_, address, visit) = a_report(&work, "one").await?;
        let tx = work.db.upkeep("test").await?;
        let off = "update visit set not_before_ms = $2 where id = $1";
        tx.execute(off, values![visit, BEGIN.plus_ms(HOUR_MS)]).await?;
        tx.commit().await?;
        assert_eq!(work.visitors_room().await?.put_off, 1);
        let by = StaffId::fresh(&Chance::system());
        work.visit_again(by, visit, Reason::parse("the host is back")?).await?;
        let room = work.visitors_room().await?;
        assert_eq!((room.waiting, room.put_off), (1, 0), "it is still one visit");
        let sql = "select actor, reason from ledger where kind = 'visit_wanted' and subject = $1";
        let line: Option<Line> = work.db.one(sql, values![address.to_string()]).await?;
        let line = line.ok_or("no line")?;
        assert_eq!(line.actor, Actor::Staff(by).to_string());
        assert_eq!(line.reason.as_deref(), Some("the host is back"));
        let nobody = VisitId::fresh(&Chance::system());
        let why = Reason::parse("no such visit")?;
        assert!(matches!(work.visit_again(by, nobody, why).await, Err(DeskError::NotFound)));
    }
}

both_engines! {
    async fn an_address_reported_again_is_looked_at_again_no_sooner_than_the_rule_says(db: Db) {
        let (work, clock) = house(db)?;
        let (_, address, visit) = a_report(&work, "one").await?;
        let reported = async || -> Result<(), Fault> {
            let tx = work.db.upkeep("test").await?;
            work.reported(&tx, address, clock.clock().now().start_of_hour()).await?;
            Ok(tx.commit().await?)
        };
        for _ in 0..500 {
            reported().await?;
        }
        ended(&work, visit, None).await?;
        reported().await?;
        assert!(!capture::store::is_wanted(&work.db, address).await?, "it was looked at just now");
        clock.advance_ms(work.settings.again_after_ms);
        reported().await?;
        reported().await?;
        let room = work.visitors_room().await?;
        assert_eq!(room.next.len(), 1);
        assert_eq!(room.next[0].wish, capture::Wish::Again);
    }
}

both_engines! {
    async fn while_our_line_fails_no_visit_begins_and_when_it_is_mended_that_is_told(db: Db) {
        // The canary of an idle house leads nowhere, as if our line were cut.
        let (work, _) = house(db)?;
        let (_, _, visit) = a_report(&work, "one").await?;
        assert!(!work.visit_one().await?);
        let row = capture::store::visit(&work.db, visit).await?.ok_or("none")?;
        assert_eq!((row.attempts, row.cause), (0, None), "nothing was begun");
        let room = work.visitors_room().await?;
        assert_eq!(room.line, Some(LineTest { works: false, since: BEGIN }));
        assert_eq!((room.waiting, room.put_off), (1, 0));
    }
}
