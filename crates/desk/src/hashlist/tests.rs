use crate::testing::{Fault, House, house};
use ::hashlist::{Format, HashList, Kind, Source, add, import};
use ground::{Ask, Chance, both_engines, values};
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
