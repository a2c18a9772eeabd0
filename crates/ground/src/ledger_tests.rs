use super::*;
use crate::{Actor, Chance, Db, ReportId, both_engines};

async fn three_acts(db: &Db) -> Result<(), DbError> {
    let chance = Chance::seeded(1);
    for n in 0..3 {
        let act = Act {
            who: Actor::Operator,
            at: Instant::from_ms(n),
            why: None,
        };
        let tx = db.act(&act, "take a report").await?;
        tx.record(ReportId::fresh(&chance), &Fact::ReportTaken);
        tx.commit().await?;
    }
    Ok(())
}

async fn tamper(db: &Db, sql: &str) -> Result<(), DbError> {
    let tx = db.upkeep("tamper").await?;
    tx.execute(sql, vec![]).await?;
    tx.commit().await
}

both_engines! {
    async fn an_untouched_ledger_verifies(db: Db) {
        three_acts(&db).await?;
        let found = verify(&db, &[], None).await?;
        assert_eq!((found.lines, found.damage), (3, None));
    }
}

both_engines! {
    async fn an_edited_line_is_found(db: Db) {
        three_acts(&db).await?;
        tamper(&db, "update ledger set actor = 'somebody' where seq = 2").await?;
        assert_eq!(verify(&db, &[], None).await?.damage, Some(Damage::Changed { seq: 2 }));
    }
}

both_engines! {
    async fn a_removed_line_is_found(db: Db) {
        three_acts(&db).await?;
        tamper(&db, "delete from ledger where seq = 2").await?;
        assert_eq!(verify(&db, &[], None).await?.damage, Some(Damage::Gap { wanted: 2, found: 3 }));
    }
}

both_engines! {
    async fn lines_in_another_order_are_found(db: Db) {
        three_acts(&db).await?;
        tamper(&db, "update ledger set seq = 9 where seq = 1").await?;
        tamper(&db, "update ledger set seq = 1 where seq = 2").await?;
        tamper(&db, "update ledger set seq = 2 where seq = 9").await?;
        assert_eq!(verify(&db, &[], None).await?.damage, Some(Damage::Changed { seq: 1 }));
    }
}

both_engines! {
    async fn a_cut_off_end_is_found(db: Db) {
        three_acts(&db).await?;
        tamper(&db, "delete from ledger where seq = 3").await?;
        assert_eq!(verify(&db, &[], None).await?.damage, Some(Damage::Cut { last: 2, head: 3 }));
    }
}

both_engines! {
    async fn a_ledger_put_back_to_yesterday_is_found_by_a_checkpoint(db: Db) {
        three_acts(&db).await?;
        let key = SigningKey::from_bytes(&[7; 32]);
        let (seq, hash) = head(&db).await?;
        let point = Checkpoint::sign(seq, Instant::from_ms(9), &hash, &key);
        tamper(&db, "delete from ledger where seq = 3").await?;
        tamper(&db, "update ledger_head set seq = 2, hash = (select hash from ledger where seq = 2)").await?;
        let found = verify(&db, std::slice::from_ref(&point), Some(&key.verifying_key())).await?;
        assert_eq!(found.damage, Some(Damage::NotInChain { seq: 3 }));
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        let found = verify(&db, &[point], Some(&other)).await?;
        assert_eq!(found.damage, Some(Damage::BadSignature { seq: 3 }));
    }
}

both_engines! {
    async fn state_cannot_change_without_a_ledger_line(db: Db) {
        let act = Act { who: Actor::Operator, at: Instant::from_ms(1), why: None };
        let tx = db.act(&act, "say nothing").await?;
        tx.execute("update ledger_head set seq = 40", vec![]).await?;
        assert!(matches!(tx.commit().await, Err(DbError::Unrecorded { .. })));
        assert_eq!(head(&db).await?.0, 0);
    }
}

both_engines! {
    async fn a_transaction_dropped_half_way_never_happened(db: Db) {
        let act = Act { who: Actor::Operator, at: Instant::from_ms(1), why: None };
        let tx = db.act(&act, "begin and go away").await?;
        tx.record("rep", &Fact::ReportTaken);
        drop(tx);
        three_acts(&db).await?;
        assert_eq!(verify(&db, &[], None).await?.lines, 3);
    }
}

both_engines! {
    async fn many_writers_make_one_chain(db: Db) {
        let mut writers = Vec::new();
        for _ in 0..8 {
            let db = db.clone();
            writers.push(tokio::spawn(async move { three_acts(&db).await }));
        }
        for writer in writers {
            writer.await??;
        }
        let found = verify(&db, &[], None).await?;
        assert_eq!((found.lines, found.damage), (24, None));
    }
}
