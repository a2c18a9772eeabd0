use ground::{Chance, Db, Instant, TestClock, both_engines};
use vault::{HotlineKeys, Objects, Vault};

use super::*;
use crate::desk::staged::illegal_item;

type Fault = Box<dyn std::error::Error>;

struct House {
    work: Casework,
    clock: TestClock,
    content: ContentId,
}

/// A house with one content that was found before there was likeness.
async fn house(db: Db) -> Result<House, Fault> {
    let clock = TestClock::at(Instant::from_ms(1_790_000_000_000));
    let keys = HotlineKeys::from_seed(&[4; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let work = crate::testing::idle(db, vault, clock.clock())?;
    illegal_item(&work, "one.png", None).await?;
    #[derive(FromQueryResult)]
    struct One {
        id: ContentId,
    }
    let sql = "select id from content";
    let one = work.db.one::<One>(sql, values![]).await?.ok_or("none")?;
    let sealer = work.vault.ready(&work.db, Owner::Content(one.id)).await?;
    let original = sealer.put(b"a drawn picture").await?;
    let tx = work.db.upkeep("stage").await?;
    let named = "update content set original = $2 where id = $1";
    tx.execute(named, values![one.id, original.as_str()])
        .await?;
    let waits = "insert into unlooked (id, lease_until_ms, lease_token, attempts, not_before_ms)
        values ($1, 0, 0, 0, 0)";
    tx.execute(waits, values![one.id]).await?;
    tx.commit().await?;
    Ok(House {
        work,
        clock,
        content: one.id,
    })
}

impl House {
    async fn lease(&self) -> Result<Lease, Fault> {
        let now = self.clock.clock().now();
        let taken = OLDER
            .take(&self.work.db, &self.work.chance, now, 1_000)
            .await?;
        Ok(taken.ok_or("nothing is due")?)
    }

    async fn lines(&self) -> Result<i64, Fault> {
        let sql = "select count(*) as n from ledger where kind = 'looked_into_later'";
        Ok(self.work.db.count(sql, values![]).await?)
    }
}

/// What a child says of a picture whose hash has these bits.
fn hashed(bits: u8) -> Examined {
    let hash = format!("{:02x}", bits).repeat(32);
    let likeness = serde_json::json!({ "hashed": {
        "turns": vec![hash.as_str(); 8], "quality": 90, "reduced": hash,
    }});
    Examined {
        media_type: "image/png".to_owned(),
        width: Some(64),
        height: Some(64),
        decode: Decode::Decoded,
        likeness: serde_json::from_value(likeness).ok(),
        film: None,
        veiled: None,
        soft: None,
        sheet: None,
    }
}

both_engines! {
    async fn an_older_content_is_looked_into_once_and_found_by_what_comes_after(db: Db) {
        let house = house(db).await?;
        let lease = house.lease().await?;
        let work = &house.work;
        work.looked_into(&lease, house.content, b"a drawn picture", &hashed(0x0f)).await?;
        assert_eq!(OLDER.waiting(&work.db).await?, 0);
        assert_eq!(house.lines().await?, 1);
        let live = work.live().await?;
        let hash = pdq::Hash256::from_bytes([0x0f; 32]);
        assert_eq!(live.like(&hash, 31), [(house.content, 0, None)]);
        assert!(!work.look_into_older().await?);
    }
}

both_engines! {
    async fn a_worker_that_lost_its_lease_writes_nothing(db: Db) {
        let house = house(db).await?;
        let late = house.lease().await?;
        house.clock.advance_ms(2_000);
        let other = house.lease().await?;
        house.work.looked_into(&late, house.content, b"x", &hashed(1)).await?;
        assert_eq!((house.lines().await?, OLDER.waiting(&house.work.db).await?), (0, 1));
        house.work.looked_into(&other, house.content, b"x", &hashed(1)).await?;
        assert_eq!(house.lines().await?, 1);
    }
}

both_engines! {
    async fn our_own_failure_is_put_off_and_a_content_that_breaks_the_child_is_given_up(db: Db) {
        let house = house(db).await?;
        // There is no program to start, which says nothing of the content.
        for _ in 0..5 {
            assert!(house.work.look_into_older().await?);
            house.clock.advance_ms(2 * HOUR_MS);
        }
        assert_eq!((house.lines().await?, OLDER.waiting(&house.work.db).await?), (0, 1));
        let lease = house.lease().await?;
        house.work.not_looked_into(&lease, house.content, &ExamineError::Deadline).await?;
        assert_eq!((house.lines().await?, OLDER.waiting(&house.work.db).await?), (1, 0));
    }
}

both_engines! {
    async fn what_was_shredded_is_left_out_without_a_line(db: Db) {
        let house = house(db).await?;
        let tx = house.work.db.upkeep("shred").await?;
        tx.execute("delete from seal_key where owner = $1", values![house.content]).await?;
        tx.commit().await?;
        assert!(house.work.look_into_older().await?);
        assert_eq!((house.lines().await?, OLDER.waiting(&house.work.db).await?), (0, 0));
    }
}
