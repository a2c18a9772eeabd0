use ground::{Chance, Db, Instant, ItemId, TestClock, both_engines};
use pdq::Hash256;
use vault::{HotlineKeys, Objects, Owner, Vault};

use super::super::{proposals, refuse};
use super::*;
use crate::desk::staged::illegal_item;

type Fault = Box<dyn std::error::Error>;

struct House {
    work: Casework,
    /// The one that was judged by looking.
    judged: ContentId,
    report: ReportId,
}

#[derive(FromQueryResult)]
struct Staged {
    content_id: ContentId,
    report_id: ReportId,
}

/// A picture whose hash differs from that of picture 0 by so many bits.
fn hash(bits: u32) -> Hash256 {
    let mut bytes = [0x35_u8; 32];
    for bit in 0..bits as usize {
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    Hash256::from_bytes(bytes)
}

fn content(n: u128) -> ContentId {
    ContentId::from_bits(n)
}

/// One picture that was judged by looking, of which all others here are copies.
async fn house(db: Db) -> Result<House, Fault> {
    let clock = TestClock::at(Instant::from_ms(1_790_000_000_000));
    let keys = HotlineKeys::from_seed(&[4; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let work = crate::testing::idle(db, vault, clock.clock())?;
    illegal_item(&work, "one.png", None).await?;
    let tx = work.db.upkeep("stage").await?;
    tx.execute(
        "insert into judgement (id, content_id, item_id, report_id, verdict, answers, scheme, by_staff,
             at_ms, basis)
         select $1, i.content_id, i.id, s.report_id, 'illegal-baseline', '{}', 'standard-1', $1, 0, 'looked'
         from item i join sighting s on s.address_id = i.address_id",
        values!["0"],
    )
    .await?;
    tx.commit().await?;
    let sql = "select content_id, report_id from judgement";
    let one = work.db.one::<Staged>(sql, values![]).await?.ok_or("none")?;
    work.vault
        .ready(&work.db, Owner::Content(one.content_id))
        .await?;
    let house = House {
        work,
        judged: one.content_id,
        report: one.report_id,
    };
    house.looks_like(house.judged, hash(20)).await?;
    Ok(house)
}

impl House {
    async fn looks_like(&self, content: ContentId, hash: Hash256) -> Result<(), Fault> {
        let tx = self.work.db.upkeep("stage").await?;
        let bytes = hash.to_bytes().to_vec();
        tx.execute(
            "insert into likeness (content_id, pdq, pdq_512, quality) values ($1, $2, $2, 90)",
            values![content, bytes],
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// A content that is found beside the judged one, at the address of its report.
    async fn found(&self, content: ContentId) -> Result<(), Fault> {
        let tx = self.work.db.upkeep("stage").await?;
        let text = content.to_string();
        tx.execute(
            "insert into content (id, sha256, sha1, md5, size_bytes, media_type, original, found_at_ms)
             values ($1, $2, $2, $2, 1, 'image/png', $2, 0)",
            values![content, text.as_str()],
        )
        .await?;
        let key = "insert into seal_key (owner, class, wrapped, made_at_ms) values ($1, 'content', $2, 0)";
        tx.execute(key, values![content, vec![1_u8]]).await?;
        let blind = content.to_string().into_bytes();
        tx.execute(
            "insert into item (id, address_id, content_id, blind, sealed, found_by, set_apart, position,
                 found_at_ms)
             select $1, i.address_id, $2, $3, i.sealed, i.found_by, 0, 9, 0
             from item i where i.content_id = $4",
            values![ItemId::fresh(&Chance::system()), content, blind, self.judged],
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// A copy with the verdict of the judged one, confirmed without a look.
    async fn confirmed(&self, content: ContentId) -> Result<(), Fault> {
        let tx = self.work.db.upkeep("stage").await?;
        tx.execute(
            "insert into judgement (id, content_id, item_id, report_id, verdict, answers, scheme, by_staff,
                 at_ms, from_content, basis)
             select $1, $2, item_id, report_id, verdict, answers, scheme, by_staff, at_ms, content_id, basis
             from judgement where content_id = $3",
            values![format!("{content}j"), content, self.judged],
        )
        .await?;
        Ok(tx.commit().await?)
    }

    async fn proposed(&self) -> Result<Vec<(ContentId, ContentId)>, Fault> {
        let rule = self.work.settings.likeness;
        let found = proposals(&self.work.db, self.report, rule).await?;
        let pairs = found.iter().map(|one| (one.content_id, one.like_id));
        Ok(pairs.collect())
    }
}

fn near(content: ContentId, distance: u32) -> Near {
    Near {
        content,
        distance,
        turned: false,
        share: None,
    }
}

both_engines! {
    async fn a_judged_picture_is_noted_behind_any_number_of_nearer_copies(db: Db) {
        let house = house(db).await?;
        let mut all: Vec<Near> = (1..=900).map(|n| near(content(n), 3)).collect();
        for n in 1..=20 {
            house.found(content(n)).await?;
            house.confirmed(content(n)).await?;
        }
        all.push(near(house.judged, 20));
        let noted = worth_noting(&house.work.db, all).await?;
        assert_eq!(noted.len(), NEAREST + 1);
        assert_eq!(noted.last().map(|near| near.content), Some(house.judged));
        let few = vec![near(content(1), 3), near(content(2), 4)];
        assert_eq!(worth_noting(&house.work.db, few.clone()).await?, few);
    }
}

both_engines! {
    async fn what_was_judged_after_a_copy_came_is_proposed_when_its_report_is_taken(db: Db) {
        let house = house(db).await?;
        let (copy, other) = (content(500), content(501));
        for (content, bits) in [(copy, 0), (other, 200)] {
            house.found(content).await?;
            house.looks_like(content, hash(bits)).await?;
        }
        house.work.look_around(house.report).await?;
        assert!(house.proposed().await?.is_empty(), "nothing is said before the index is loaded");
        drop(house.work.live().await?);
        house.work.look_around(house.report).await?;
        assert_eq!(house.proposed().await?, [(copy, house.judged)]);
        // What an analyst refused is not proposed again.
        let tx = house.work.db.upkeep("refuse").await?;
        refuse(&tx, copy, Instant::from_ms(1)).await?;
        tx.commit().await?;
        house.work.look_around(house.report).await?;
        assert!(house.proposed().await?.is_empty());
    }
}
