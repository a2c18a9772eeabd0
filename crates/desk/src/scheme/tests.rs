use crate::report::scene::{items, lines, report};
use crate::testing::house;
use ground::both_engines;
use staff::Role;

/// A text as a form sends it.
fn sent(text: &str) -> String {
    let coded = text.bytes().map(|byte| format!("%{byte:02x}"));
    coded.collect()
}

/// The standard scheme's next version, with another word for its first verdict.
fn second() -> String {
    assessment::next_version(assessment::Scheme::standard_text(), 1)
        .replace("Illegal, baseline", "Against the baseline")
}

both_engines! {
    async fn a_draft_is_written_previewed_and_put_in_force_and_the_desk_asks_by_it(db: Db) {
        let house = house(db);
        let mut boss = house.signed_in("beheer", &[Role::Administrator]).await?;
        let begun = house.post(&mut boss, "/schemes", "").await;
        assert_eq!(begun.to(), "/schemes/1");
        let form = format!("seen=1&text={}", sent(&second()));
        let kept = house.post(&mut boss, "/schemes/1/text", &form).await;
        assert_eq!(kept.to(), "/schemes/1?told=scheme-kept");
        let page = house.get(&mut boss, "/schemes/1").await.body;
        assert!(page.contains("Against the baseline") && page.contains("standard-2"), "{page}");
        let without = house.post(&mut boss, "/schemes/1/activate", "seen=2&reason-scheme=").await;
        assert!(without.body.contains("Give a reason."));
        house.post(&mut boss, "/schemes/1/activate", "seen=2&reason-scheme=new+law").await;
        assert_eq!(lines(&house, "scheme_activated").await?, 1);

        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("https://a.example/x", Some("a"))]).await?;
        house.get(&mut ann, "/me").await;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let page = house.get(&mut ann, &format!("/reports/{id}")).await.body;
        assert!(page.contains("Against the baseline"));
        let item = items(&house, id, 'a').await?[0];
        let judge = format!("/reports/{id}/items/{item}/judge");
        let stale = house.post(&mut ann, &judge, "quick=1&scheme=standard-1").await;
        assert_eq!(stale.to(), format!("/reports/{id}?fault=scheme"));
        assert_eq!(lines(&house, "content_judged").await?, 0);
        house.post(&mut ann, &judge, "quick=1&scheme=standard-2").await;
        assert_eq!(lines(&house, "content_judged").await?, 1);
        let page = house.get(&mut ann, &format!("/reports/{id}?item={item}")).await.body;
        assert!(page.contains("Finding: Illegal · Illegal under: The international baseline"), "{page}");
    }
}

both_engines! {
    async fn a_draft_with_a_fault_is_kept_says_what_is_wrong_and_is_not_put_in_force(db: Db) {
        let house = house(db);
        let mut boss = house.signed_in("beheer", &[Role::Administrator]).await?;
        house.post(&mut boss, "/schemes", "").await;
        let broken = second().replace("id = \"adult\"", "id = \"grown-up\"");
        house.post(&mut boss, "/schemes/1/text", &format!("seen=1&text={}", sent(&broken))).await;
        let page = house.get(&mut boss, "/schemes/1").await.body;
        assert!(page.contains("grown-up") && page.contains("has an option the ledger has no word for"), "{page}");
        let refused = house.post(&mut boss, "/schemes/1/activate", "seen=2&reason-scheme=now").await;
        assert_eq!(refused.status.as_u16(), 422);
        let stale = house.post(&mut boss, "/schemes/1/text", "seen=1&text=mine").await;
        assert_eq!(stale.status.as_u16(), 409);
        assert!(stale.body.contains("mine</textarea>"), "what was typed stays");
        house.post(&mut boss, "/schemes/1/drop", "seen=2").await;
        assert_eq!(lines(&house, "scheme_activated").await?, 0);
        assert_eq!(lines(&house, "scheme_dropped").await?, 1);
        assert_eq!(house.get(&mut boss, "/schemes/1").await.status.as_u16(), 404);
    }
}

both_engines! {
    async fn a_version_that_was_in_force_is_never_given_again(db: Db) {
        let house = house(db);
        let mut boss = house.signed_in("beheer", &[Role::Administrator]).await?;
        house.post(&mut boss, "/schemes", "").await;
        let form = format!("seen=1&text={}", sent(assessment::Scheme::standard_text()));
        house.post(&mut boss, "/schemes/1/text", &form).await;
        let refused = house.post(&mut boss, "/schemes/1/activate", "seen=2&reason-scheme=now").await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.body.contains("was in force before"), "{}", refused.body);
    }
}
