use super::*;
use crate::Wish;
use crate::order::want;
use ground::{Chance, both_engines};

async fn an_address(tx: &Tx) -> Result<AddressId, DbError> {
    let id = AddressId::fresh(&Chance::system());
    let blind = id.to_string().into_bytes();
    tx.execute(
        "insert into address (id, blind, sealed, host_blind, state, first_hour_ms, revision)
         values ($1, $2, $2, $2, 'open', 0, 0)",
        values![id, blind],
    )
    .await?;
    Ok(id)
}

fn a_content(sha256: &str) -> ContentRow {
    ContentRow {
        id: ContentId::fresh(&Chance::system()),
        sha256: sha256.into(),
        sha1: "b".into(),
        md5: "c".into(),
        size_bytes: 5,
        media_type: "image/png".into(),
        width: Some(40),
        height: None,
        undecodable: None,
        original: "object".into(),
        veiled: None,
        soft: None,
        found_at_ms: Instant::from_ms(1),
    }
}

both_engines! {
    async fn an_address_wanted_twice_is_one_visit(db: Db) {
        let tx = db.upkeep("test").await?;
        let address = an_address(&tx).await?;
        let chance = Chance::system();
        assert!(want(&tx, VisitId::fresh(&chance), address, Wish::First, Instant::from_ms(1)).await?);
        assert!(!want(&tx, VisitId::fresh(&chance), address, Wish::First, Instant::from_ms(2)).await?);
        tx.commit().await?;
        let lease = VISITS.take(&db, &chance, Instant::from_ms(9), 100).await?.ok_or("none")?;
        assert_eq!(lease.attempts, 1);
        assert!(VISITS.take(&db, &chance, Instant::from_ms(10), 100).await?.is_none());
        let again = VISITS.take(&db, &chance, Instant::from_ms(200), 100).await?;
        assert_eq!(again.map(|lease| lease.attempts), Some(2));
        let tx = db.upkeep("test").await?;
        assert!(!VISITS.settle(&tx, &lease).await?, "the first lease was lost");
    }
}

both_engines! {
    async fn the_same_bytes_are_one_content_and_one_item_of_an_address(db: Db) {
        let tx = db.upkeep("test").await?;
        let address = an_address(&tx).await?;
        let chance = Chance::system();
        let visit_id = VisitId::fresh(&chance);
        want(&tx, visit_id, address, Wish::First, Instant::from_ms(1)).await?;
        let (first, new) = put_content(&tx, &a_content("a")).await?;
        assert!(new);
        assert_eq!(put_content(&tx, &a_content("a")).await?, (first, false));
        let mut row = ItemRow {
            id: ItemId::fresh(&chance), address_id: address, content_id: first,
            blind: vec![1], sealed: vec![2], found_by: "image".into(), set_apart: 0,
            position: 0, found_at_ms: Instant::from_ms(1),
        };
        let (item_id, new) = put_item(&tx, visit_id, &row).await?;
        assert!(new);
        row.id = ItemId::fresh(&chance);
        assert_eq!(put_item(&tx, visit_id, &row).await?, (item_id, false));
        tx.commit().await?;
        assert_eq!(items_of(&db, address).await?.len(), 1);
    }
}
