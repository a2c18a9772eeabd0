use ground::{Act, Chance, Clock, Db, Fact};

use super::*;
use crate::{Category, HashList, Key, add, put, set_enabled};

type Tried<T> = Result<T, Box<dyn std::error::Error>>;

const SHA256: [u8; 32] = [7; 32];

fn act() -> Act {
    Act::by_worker("tester", Clock::system().now())
}

async fn list(db: &Db, name: &str) -> Tried<HashList> {
    Ok(add(db, &act(), &name.parse()?, &Chance::system()).await?)
}

async fn listed(db: &Db, list: &HashList, keys: &[Key], category: &str) -> Tried<()> {
    let category: Category = category.parse()?;
    let entries: Vec<_> = keys.iter().map(|key| (*key, category.clone())).collect();
    let tx = db.act(&act(), "list them").await?;
    put(&tx, list.no, &entries, false).await?;
    tx.record("test", &Fact::VisitWanted);
    Ok(tx.commit().await?)
}

ground::both_engines! {
    async fn our_own_list_is_told_before_others_and_a_category_before_none(db: Db) {
        let (live, look) = (Live::empty(), Hash256::from_bytes(SHA256));
        let keys = [Key::Bytes(Digest::Sha256(SHA256)), Key::Look(SHA256)];
        let near = [keys[0], Key::Look(look.with_flipped(5).to_bytes())];
        // The oldest list says the least, and looks the most alike.
        let old = list(&db, "old").await?;
        listed(&db, &old, &keys, "uncategorised").await?;
        let told = async || {
            live.refresh(&db).await?;
            let exact = live.first(&Digest::Sha256(SHA256)).ok_or("no hit")?;
            let alike = live.nearest(&look, 31).ok_or("no hit")?;
            assert_eq!(exact.list, alike.hit.list);
            Tried::Ok(exact.category.to_string())
        };
        assert_eq!(told().await?, "uncategorised");
        let partner = list(&db, "partner").await?;
        listed(&db, &partner, &near, "their words").await?;
        assert_eq!(told().await?, "their words");
        let own = list(&db, crate::OWN_LIST).await?;
        listed(&db, &own, &near, "illegal-baseline").await?;
        assert_eq!(told().await?, "illegal-baseline");
        // Each list is told of a content that is captured, the nearest first.
        let each = live.nearest_of_each(&look, 31);
        let each: Vec<_> = each.iter().map(|one| (one.hit.list, one.distance)).collect();
        assert_eq!(each, [(old.id, 0), (partner.id, 1), (own.id, 1)]);
        set_enabled(&db, &act(), own.id, false).await?;
        assert_eq!(told().await?, "their words");
        set_enabled(&db, &act(), partner.id, false).await?;
        assert_eq!(told().await?, "uncategorised");
    }
}

/// What a question costs is put into words once, not for each of those that look alike.
#[tokio::test]
async fn one_hash_in_a_cluster_of_very_many_is_answered_with_one_entry() -> Tried<()> {
    let scratch = ground::testing::sqlite(ground::migrate::RECORDS).await?;
    let (db, live) = (scratch.db.clone(), Live::empty());
    let source = list(&db, "a source").await?;
    let look = Hash256::from_bytes(SHA256);
    let of = |n: usize| look.with_flipped(n % 256).with_flipped(n / 256 + 1);
    let keys: Vec<Key> = (600..12_600).map(|n| Key::Look(of(n).to_bytes())).collect();
    let mut keys = keys;
    keys.sort_unstable();
    keys.dedup();
    listed(&db, &source, &keys, "a").await?;
    live.refresh(&db).await?;
    let nearest = live.nearest(&look, 31).ok_or("no hit")?;
    assert_eq!(
        live.nearest_of_each(&look, 31),
        std::slice::from_ref(&nearest)
    );
    let mut by_hand: Vec<(u32, u64)> = Vec::new();
    live.visit(&look, 31, |_, id, distance| by_hand.push((distance, id)));
    assert_eq!(by_hand.len(), keys.len());
    let least = by_hand.iter().min().ok_or("none")?;
    assert_eq!(
        (nearest.distance, nearest.hit.entry),
        (least.0, least.1 >> 28)
    );
    Ok(())
}
