use super::*;
use ground::{Actor, both_engines, ledger};

const UNDER: [u8; 32] = [5; 32];

fn act(ms: i64) -> Act {
    Act {
        who: Actor::Operator,
        at: Instant::from_ms(ms),
        why: None,
    }
}

async fn client(db: &Db, name: &str) -> Result<(ClientId, Key), CheckError> {
    let name: Name = name.parse().unwrap();
    let from = (&Chance::system(), &UNDER);
    add(db, &act(1), (&name, Quota::USUAL), from).await
}

both_engines! {
    async fn a_key_is_kept_as_a_digest_and_revoked_once(db: Db) {
        let (id, key) = client(&db, "Example Host").await?;
        assert!(matches!(client(&db, "Example Host").await, Err(CheckError::NameTaken)));
        let before = revision(&db).await?;
        let kept = clients(&db).await?;
        assert_eq!(kept[0].1, key.digest(&UNDER));
        revoke(&db, &act(2), id).await?;
        assert!(revision(&db).await? > before);
        assert_eq!(clients(&db).await?[0].0.revoked_at, Some(Instant::from_ms(2)));
        let again = revoke(&db, &act(3), id).await;
        assert!(matches!(again, Err(CheckError::Refused(Refusal::Revoked))));
    }
}

both_engines! {
    async fn a_closed_day_stands_in_the_ledger_and_takes_no_more(db: Db) {
        let (id, _) = client(&db, "Example Host").await?;
        let some = Counted { checks: 10, matches: 1, not_checked: 2 };
        for _ in 0..2 {
            let tx = db.upkeep("count").await?;
            assert!(count(&tx, id, 100, some).await?);
            assert!(count(&tx, id, 101, some).await?);
            tx.commit().await?;
        }
        assert_eq!(close_days(&db, &act(4), 101).await?, 1);
        assert_eq!(close_days(&db, &act(4), 101).await?, 0);
        let last = ledger::after(&db, 0, 100).await?.pop().unwrap();
        assert_eq!(last.kind, "hashes_checked");
        assert!(last.detail.contains("\"checks\":20") && last.detail.contains("\"matches\":2"));
        let tx = db.upkeep("count").await?;
        assert!(!count(&tx, id, 100, some).await?);
        tx.commit().await?;
        assert_eq!(counted_on(&db, 101).await?, [(id, 24)]);
    }
}

both_engines! {
    async fn an_alarm_is_kept_and_in_the_ledger(db: Db) {
        let (id, _) = client(&db, "Example Host").await?;
        raise(&db, &act(9), id, AlarmKind::Walking).await?;
        assert_eq!(alarms(&db, 10).await?[0].kind, AlarmKind::Walking);
        let last = ledger::after(&db, 0, 100).await?.pop().unwrap();
        assert_eq!(last.kind, "asking_unusual");
    }
}
