use ground::{Chance, Db, Instant, StaffId, TestClock, both_engines};
use hashlist::{Format, HashList, Kind, ListName, Source};
use vault::{HotlineKeys, Objects, Vault};

use super::*;
use crate::desk::staged::illegal_item;

type Fault = Box<dyn std::error::Error>;

/// A house that knows one judged content with a hash.
async fn house(db: Db) -> Result<(Casework, ContentId), Fault> {
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
    work.vault
        .ready(&work.db, vault::Owner::Content(one.id))
        .await?;
    let tx = work.db.upkeep("stage").await?;
    tx.execute(
        "update content set sha256 = $2, sha1 = $3, md5 = $4 where id = $1",
        values![one.id, "12".repeat(32), "34".repeat(20), "56".repeat(16)],
    )
    .await?;
    tx.execute(
        "insert into likeness (content_id, pdq, pdq_512, quality) values ($1, $2, $2, 90)",
        values![one.id, vec![7_u8; 32]],
    )
    .await?;
    tx.commit().await?;
    Ok((work, one.id))
}

async fn list(work: &Casework, name: &str) -> Result<HashList, Fault> {
    let act = Act::by_worker("tester", work.clock.now());
    let name = name.parse::<ListName>()?;
    Ok(hashlist::add(&work.db, &act, &name, &work.chance).await?)
}

async fn file(
    work: &Casework,
    list: &HashList,
    text: &str,
    kind: Kind,
    withdrawals: bool,
) -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("list.txt");
    std::fs::write(&path, text)?;
    let source = Source {
        path: &path,
        format: &Format::Plain(kind),
        withdrawals,
        revive: false,
    };
    let act = Act::by_worker("tester", work.clock.now());
    hashlist::import((&work.db, &act), list, &source, &mut |_| ()).await?;
    Ok(())
}

async fn swept(work: &Casework) -> Result<i64, Fault> {
    while work.look_for_later_entries().await? {}
    let told = crate::matches::matched(&work.db, None, None, 100)
        .await?
        .rows;
    let sql = "select count(*) as n from ledger where kind = 'list_matched'";
    let lines = work.db.count(sql, values![]).await?;
    assert_eq!(
        lines,
        i64::try_from(told.len())?,
        "each match has a line of its own"
    );
    Ok(lines)
}

both_engines! {
    async fn a_content_that_was_there_first_is_found_on_a_list_that_comes_later(db: Db) {
        let (work, content) = house(db).await?;
        assert_eq!(swept(&work).await?, 0);
        let bytes = list(&work, "bytes").await?;
        file(&work, &bytes, &"56".repeat(16), Kind::Md5, false).await?;
        assert_eq!(swept(&work).await?, 1);
        // The same picture under another digest of the same list is told once.
        file(&work, &bytes, &"34".repeat(20), Kind::Sha1, false).await?;
        assert_eq!(swept(&work).await?, 1);
        let looks = list(&work, "looks").await?;
        let near = format!("{}06", "07".repeat(31));
        file(&work, &looks, &near, Kind::Pdq, false).await?;
        file(&work, &looks, &"f8".repeat(32), Kind::Pdq, false).await?;
        assert_eq!(swept(&work).await?, 2);
        let told = crate::matches::matched(&work.db, Some(looks.id), None, 9).await?.rows;
        assert_eq!((told[0].content_id, told[0].distance), (content, 1));
    }
}

both_engines! {
    async fn a_page_of_the_audit_goes_on_where_the_last_ended_though_all_matched_in_one_instant(db: Db) {
        let (work, content) = house(db).await?;
        let bytes = list(&work, "bytes").await?;
        let rows: String = (0..250).map(|n| format!("{n:032x}\n")).collect();
        file(&work, &bytes, &rows, Kind::Md5, false).await?;
        let first = work.db.one::<First>("select min(id) as id from item", values![]).await?;
        let item = first.and_then(|first| first.id).ok_or("no item")?;
        let act = Act::by_worker("tester", work.clock.now());
        let tx = work.db.act(&act, "match them").await?;
        for entry in 1..=250 {
            let found = Match {
                list: bytes.id,
                entry,
                kind: Kind::Md5,
                distance: 0,
                turned: false,
                frame_ms: None,
                category: hashlist::Category::unnamed(),
            };
            assert!(hashlist::note_match(&tx, content, item, &found).await?);
        }
        tx.commit().await?;
        let (mut told, mut spot) = (Vec::new(), None);
        for rows in [100, 100, 50] {
            let page = crate::matches::matched(&work.db, Some(bytes.id), spot, 100).await?;
            assert_eq!(page.rows.len(), rows);
            told.extend(page.rows.iter().map(|row| row.entry));
            // As the address of the next page carries it.
            spot = page.next.map(|spot| spot.to_string().parse()).transpose()?;
        }
        assert_eq!(spot, None, "nothing is left");
        assert_eq!(told, (1..=250).rev().collect::<Vec<i64>>());
        for text in ["", "5", "5.x.1", "5.con_0.1", "1.2.3.4"] {
            assert!(text.parse::<crate::matches::Spot>().is_err(), "{text}");
        }
    }
}

both_engines! {
    async fn what_a_source_takes_back_is_told_no_more_and_stays_in_the_audit(db: Db) {
        let (work, content) = house(db).await?;
        let bytes = list(&work, "bytes").await?;
        file(&work, &bytes, &"12".repeat(32), Kind::Sha256, false).await?;
        assert_eq!(swept(&work).await?, 1);
        let report = "select report_id as id from sighting limit 1";
        #[derive(FromQueryResult)]
        struct Report {
            id: ground::ReportId,
        }
        let report = work.db.one::<Report>(report, values![]).await?.ok_or("none")?.id;
        assert!(crate::matches::known(&work.db, report).await?.contains_key(&content));
        file(&work, &bytes, &"12".repeat(32), Kind::Sha256, true).await?;
        assert_eq!(swept(&work).await?, 1, "nothing new is told");
        assert!(crate::matches::known(&work.db, report).await?.is_empty());
        let told = crate::matches::matched(&work.db, None, None, 9).await?.rows;
        assert_eq!(told[0].withdrawn, 1);
    }
}

both_engines! {
    async fn a_list_that_is_off_is_gone_through_once_it_is_on(db: Db) {
        let (work, _) = house(db).await?;
        let by = Act::by_staff(StaffId::from_bits(1), work.clock.now());
        let bytes = list(&work, "bytes").await?;
        hashlist::set_enabled(&work.db, &by, bytes.id, false).await?;
        file(&work, &bytes, &"12".repeat(32), Kind::Sha256, false).await?;
        assert_eq!(swept(&work).await?, 0);
        hashlist::set_enabled(&work.db, &by, bytes.id, true).await?;
        assert_eq!(swept(&work).await?, 1);
    }
}

both_engines! {
    async fn a_content_is_not_told_to_be_on_our_own_list_because_of_itself(db: Db) {
        let (work, content) = house(db).await?;
        let tx = work.db.act(&Act::by_worker("tester", work.clock.now()), "list it").await?;
        let keys = [Key::Bytes("12".repeat(32).parse()?), Key::Look([7; 32])];
        hashlist::list_own(&tx, &work.chance, content, &keys, &"illegal-national".parse()?).await?;
        tx.commit().await?;
        assert_eq!(swept(&work).await?, 0);
    }
}

#[tokio::test]
async fn lists_are_laid_out_for_the_distance_that_is_configured_and_at_least_for_the_usual()
-> Result<(), Fault> {
    let scratch = ground::testing::sqlite(ground::migrate::RECORDS).await?;
    for (configured, laid_out) in [(40, 40), (31, 31), (10, 31)] {
        let clock = TestClock::at(Instant::from_ms(1_790_000_000_000)).clock();
        let keys = HotlineKeys::from_seed(&[4; 32]);
        let vault = Vault::new(keys, Objects::in_memory(), clock.clone(), Chance::system());
        let work = crate::testing::idle_with(scratch.db.clone(), vault, clock, |parts| {
            parts.settings.likeness.distance = configured;
        })?;
        assert_eq!(work.lists().radius(), laid_out);
    }
    Ok(())
}
