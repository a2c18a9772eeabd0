use super::*;
use crate::{Chance, Instant, ReportId, both_engines, sea_orm};

#[derive(sea_orm::FromQueryResult)]
struct Setting {
    says: String,
}

#[tokio::test]
async fn a_commit_on_postgresql_waits_for_the_disk_whatever_the_server_is_set_to()
-> Result<(), Box<dyn std::error::Error>> {
    let Ok(server) = std::env::var("MELDPUNT_TEST_POSTGRES") else {
        eprintln!("left out on PostgreSQL: MELDPUNT_TEST_POSTGRES is not set (./test sets it)");
        return Ok(());
    };
    for (set_to, then) in [("off", "on"), ("remote_apply", "remote_apply")] {
        let lax = format!("{server}?options=-csynchronous_commit%3D{set_to}");
        let db = Db::open_postgres(&lax).await?;
        let row = db
            .one::<Setting>(
                "select current_setting('synchronous_commit') as says",
                vec![],
            )
            .await?;
        assert_eq!(row.map(|row| row.says).as_deref(), Some(then));
        db.close().await;
    }
    Ok(())
}

both_engines! {
    async fn upkeep_with_a_fact_is_refused_and_changes_nothing(db: Db) {
        let tx = db.upkeep("tidy").await?;
        tx.execute("update ledger_head set seq = 7", vec![]).await?;
        tx.record(ReportId::fresh(&Chance::seeded(1)), &Fact::ReportTaken);
        assert!(matches!(tx.commit().await, Err(DbError::FactInUpkeep { name: "tidy" })));
        assert_eq!(db.count("select count(*) as n from ledger_head where seq = 7", vec![]).await?, 0);
        let act = Act::by_worker("tidier", Instant::from_ms(1));
        let tx = db.act(&act, "tidy").await?;
        assert!(matches!(tx.commit().await, Err(DbError::Unrecorded { .. })));
    }
}

both_engines! {
    async fn records_of_another_version_are_refused_where_the_schema_may_not_be_changed(db: Db) {
        crate::migrate::check(&db).await?;
        let tx = db.upkeep("test").await?;
        tx.execute("delete from _migrations where version = 27", vec![]).await?;
        tx.commit().await?;
        assert!(crate::migrate::check(&db).await.is_err(), "a step in the middle is missing");
        let tx = db.upkeep("test").await?;
        tx.execute("delete from _migrations where version > 13", vec![]).await?;
        tx.commit().await?;
        let older = crate::migrate::check(&db).await;
        assert!(older.is_err_and(|fault| fault.to_string().contains("step 13")));
    }
}
