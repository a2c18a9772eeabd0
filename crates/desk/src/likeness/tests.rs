use crate::report::scene::{hashed, items, lines, near, report};
use crate::testing::{Browser, Fault, House, house};
use ground::{Ask as _, ReportId, both_engines, values};
use staff::Role;

/// A picture was judged and a like one is reported; what the house confirms is set.
async fn scene(house: &House, els: &mut Browser, setting: &str) -> Result<ReportId, Fault> {
    let first = report(house, 1, &[("a.example", Some("a"))]).await?;
    house.post(els, &format!("/reports/{first}/take"), "").await;
    let item = items(house, first, 'a').await?[0];
    house
        .post(
            els,
            &format!("/reports/{first}/items/{item}/judge"),
            "quick=1",
        )
        .await;
    let set = house.post(els, "/likeness", setting).await;
    assert_eq!(set.to(), "/likeness?told=likeness-set", "{}", set.body);
    let second = report(house, 2, &[("b.example", Some("bc"))]).await?;
    hashed(house, &[('a', 0), ('b', 6), ('c', 90)]).await?;
    near(house, 'b', 'a', 6).await?;
    Ok(second)
}

both_engines! {
    async fn what_the_house_confirms_is_set_with_a_reason_and_stands_in_the_ledger(db: Db) {
        let house = house(db);
        let mut els = house.signed_in("els", &[Role::Senior]).await?;
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let page = house.get(&mut els, "/likeness").await.body;
        assert!(page.contains("Off: a person confirms every likeness.") && page.contains("31 of 256 bits"));
        assert_eq!(house.get(&mut ann, "/likeness").await.status.as_u16(), 404);
        for (form, fault) in [
            ("upto=32&sample=5&reason-likeness=x", "not more than the distance"),
            ("upto=ten&sample=5&reason-likeness=x", "not more than the distance"),
            ("upto=8&sample=101&reason-likeness=x", "from 0 to 100"),
            ("upto=8&sample=5&reason-likeness=", "Give a reason."),
        ] {
            let again = house.post(&mut els, "/likeness", form).await;
            assert_eq!(again.status.as_u16(), 422);
            assert!(again.body.contains(fault), "{form}");
        }
        let form = "upto=8&sample=5&reason-likeness=many+copies+of+one+picture";
        house.post(&mut els, "/likeness", form).await;
        let page = house.get(&mut els, "/likeness").await.body;
        assert!(page.contains("Up to 8 of 256 bits, of which 5 of 100"), "{page}");
        assert!(page.contains("many copies of one picture"));
        house.post(&mut els, "/likeness", "upto=&sample=0&reason-likeness=off+again").await;
        let page = house.get(&mut els, "/likeness").await.body;
        assert!(page.contains("<strong>Off: a person confirms every likeness."));
        assert_eq!(lines(&house, "house_confirms").await?, 2);
    }
}

both_engines! {
    async fn the_house_confirms_by_itself_and_whoever_looks_may_judge_anew(db: Db) {
        let house = house(db);
        let mut els = house.signed_in("els", &[Role::Senior]).await?;
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = scene(&house, &mut els, "upto=8&sample=0&reason-likeness=trust").await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let b = items(&house, id, 'b').await?[0];
        let page = house.get(&mut ann, &format!("/reports/{id}?item={b}")).await.body;
        assert!(page.contains("1 of 2 judged") && page.contains("filled the verdict in by itself"), "{page}");
        assert!(page.contains("0 looks needed · 1 look saved"), "{page}");
        let sql = "select count(*) as n from ledger where kind = 'likeness_by_itself'
            and detail like '%by setting 1%' and actor = 'worker:likeness'";
        assert_eq!(house.desk.db.count(sql, values![]).await?, 1);
        let undo = house.post(&mut ann, &format!("/reports/{id}/undo"), "").await;
        assert!(undo.to().ends_with("fault=nothing-to-undo"), "it was not hers");
        house.post(&mut ann, &format!("/reports/{id}/items/{b}/judge"), "quick=5").await;
        assert_eq!(lines(&house, "likeness_taken_back").await?, 1);
        assert_eq!(lines(&house, "content_judged").await?, 2);
    }
}

both_engines! {
    async fn a_second_look_is_asked_without_the_verdict_and_a_disagreement_is_shown(db: Db) {
        let house = house(db);
        let mut els = house.signed_in("els", &[Role::Senior]).await?;
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = scene(&house, &mut els, "upto=8&sample=100&reason-likeness=watch").await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let b = items(&house, id, 'b').await?[0];
        let page = house.get(&mut ann, &format!("/reports/{id}?item={b}")).await.body;
        assert!(page.contains("0 of 2 judged"));
        assert!(!page.contains("judged before"), "the earlier verdict is not told: {page}");
        assert_eq!(lines(&house, "second_look_asked").await?, 1);
        house.post(&mut ann, &format!("/reports/{id}/items/{b}/judge"), "quick=5").await;
        let sql = "select count(*) as n from ledger where kind = 'second_look_answered'
            and detail like '%\"agrees\":false%'";
        assert_eq!(house.desk.db.count(sql, values![]).await?, 1);
        house.post(&mut ann, &format!("/reports/{id}/undo"), "").await;
        let page = house.get(&mut els, "/likeness").await.body;
        assert!(page.contains("No second look has come to another verdict"), "taken back");
        house.post(&mut ann, &format!("/reports/{id}/items/{b}/judge"), "quick=5").await;
        let page = house.get(&mut els, "/likeness").await.body;
        let path = page.split("action=\"/likeness/").nth(1).and_then(|rest| rest.split('"').next());
        let path = format!("/likeness/{}", path.ok_or(page.clone())?);
        assert!(page.contains("6 of 256 bits"));
        let seen = house.post(&mut els, &path, "").await;
        assert_eq!(seen.to(), "/likeness?told=likeness-seen");
        assert_eq!(lines(&house, "disagreement_seen").await?, 1);
        assert_eq!(house.post(&mut els, &path, "").await.status.as_u16(), 404);
    }
}
