use crate::testing::{Fault, House, house};
use ::hashlist::{Format, HashList, Kind, Source, add, import};
use ground::{Ask, Chance, ContentId, ItemId, both_engines, sea_orm, values};
use sea_orm::FromQueryResult;
use staff::Role;

/// A list with one hash and one row that was refused.
async fn listed(house: &House, name: &str) -> Result<HashList, Fault> {
    let act = house.operator();
    let list = add(&house.desk.db, &act, &name.parse()?, &Chance::system()).await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("list");
    std::fs::write(&path, "900150983cd24fb0d6963f7d28e17f72\nbad\n")?;
    let source = Source {
        path: &path,
        format: &Format::Plain(Kind::Md5),
        withdrawals: false,
        revive: false,
    };
    import((&house.desk.db, &act), &list, &source, &mut |_| ()).await?;
    Ok(list)
}

both_engines! {
    async fn the_administrator_sees_what_a_file_did_and_switches_a_list_off_with_a_reason(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("beheer", &[Role::Administrator]).await?;
        let empty = house.get(&mut browser, "/lists").await.body;
        assert!(empty.contains("There are no lists yet."));
        let list = listed(&house, "a <source>").await?;
        let all = house.get(&mut browser, "/lists").await.body;
        assert!(all.contains("a &#60;source&#62;") && !all.contains("/lists/matches"));
        let at = format!("/lists/{}", list.id);
        let page = house.get(&mut browser, &at).await.body;
        assert!(page.contains("row 2") && page.contains("matches"), "{page}");
        let switch = format!("{at}/switch");
        let without = house.post(&mut browser, &switch, "to=off&reason-switch=").await;
        assert_eq!(without.status.as_u16(), 422);
        assert!(without.body.contains("Give a reason."));
        let done = house.post(&mut browser, &switch, "to=off&reason-switch=too+many+mistakes").await;
        assert_eq!(done.to(), format!("{at}?told=hashlist-switched-off"));
        let page = house.get(&mut browser, done.to()).await.body;
        assert!(page.contains("The list matches no more.") && page.contains("Switch on"));
        let told = "select count(*) as n from ledger where kind = 'hash_list_switched'
            and reason = 'too many mistakes'";
        assert_eq!(house.desk.db.count(told, values![]).await?, 1);
        assert_eq!(house.get(&mut browser, "/lists/lis_none").await.status.as_u16(), 404);
    }
}

both_engines! {
    async fn the_senior_analyst_reads_what_matched_and_switches_nothing(db: Db) {
        let house = house(db);
        let list = listed(&house, "a source").await?;
        let mut browser = house.signed_in("bram", &[Role::Senior]).await?;
        let at = format!("/lists/{}", list.id);
        let page = house.get(&mut browser, &at).await.body;
        assert!(page.contains(&format!("{at}/matches")) && !page.contains("/switch\""));
        for path in ["/lists/matches".to_owned(), format!("{at}/matches")] {
            let page = house.get(&mut browser, &path).await.body;
            assert!(page.contains("Nothing has matched."));
        }
        let refused = house.post(&mut browser, &format!("{at}/switch"), "to=off&reason-switch=x").await;
        assert_eq!(refused.status.as_u16(), 404);
    }
}

/// Matches of one instant, so many, of a content that is in a report.
async fn matches(house: &House, list: &HashList, many: u64) -> Result<(), Fault> {
    #[derive(FromQueryResult)]
    struct Found {
        id: ItemId,
        content_id: ContentId,
    }
    casework::desk::staged::illegal_item(&house.desk.work, "one.png", None).await?;
    let act = house.operator();
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("many");
    let rows: String = (0..many).map(|n| format!("{n:040x}\n")).collect();
    std::fs::write(&path, rows)?;
    let source = Source {
        path: &path,
        format: &Format::Plain(Kind::Sha1),
        withdrawals: false,
        revive: false,
    };
    import((&house.desk.db, &act), list, &source, &mut |_| ()).await?;
    let tx = house.desk.db.act(&act, "match them").await?;
    let sql = "select id, content_id from item limit 1";
    let found = tx.one::<Found>(sql, values![]).await?.ok_or("no item")?;
    // The first entry is that of `listed`.
    for entry in 2..many + 2 {
        let found_there = ::hashlist::Match {
            list: list.id,
            entry,
            kind: Kind::Sha1,
            distance: 0,
            turned: false,
            frame_ms: None,
            category: format!("category {entry}.").parse()?,
        };
        ::hashlist::note_match(&tx, found.content_id, found.id, &found_there).await?;
    }
    Ok(tx.commit().await?)
}

both_engines! {
    async fn every_match_of_one_instant_is_on_one_page_of_the_audit_and_on_no_other(db: Db) {
        let house = house(db);
        let list = listed(&house, "a source").await?;
        matches(&house, &list, 250).await?;
        let mut browser = house.signed_in("bram", &[Role::Senior]).await?;
        let mut next = Some(format!("/lists/{}/matches", list.id));
        let (mut pages, mut told) = (0, vec![0; 252]);
        while let Some(path) = next {
            let page = house.get(&mut browser, &path).await.body;
            for (entry, times) in told.iter_mut().enumerate() {
                *times += page.matches(&format!("category {entry}.<")).count();
            }
            let link = page.split_once("?before=").and_then(|(_, rest)| rest.split_once('"'));
            next = link.map(|(spot, _)| format!("/lists/{}/matches?before={spot}", list.id));
            pages += 1;
        }
        assert_eq!(pages, 3);
        assert_eq!((told[..2].to_vec(), told[2..].to_vec()), (vec![0; 2], vec![1; 250]));
        let wrong = house.get(&mut browser, "/lists/matches?before=yesterday").await;
        assert_eq!(wrong.status.as_u16(), 404);
    }
}
