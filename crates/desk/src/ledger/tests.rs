use super::*;
use crate::testing::{House, house};
use ground::both_engines;
use ground::clock::DAY_MS;
use staff::Role;

both_engines! {
    async fn the_auditor_pages_and_filters(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("controle", &[Role::Auditor]).await?;
        for n in 0..120 {
            let act = house.operator();
            let tx = house.desk.db.act(&act, "fill").await?;
            tx.record("site", &ground::Fact::SettingChanged { key: format!("key-{n}") });
            tx.commit().await?;
        }
        let page = house.get(&mut browser, "/ledger").await.body;
        assert!(page.contains("key-119") && !page.contains("key-5<"));
        assert!(page.contains("/ledger?before=23"), "122 lines, 100 on a page");
        let older = house.get(&mut browser, "/ledger?before=23").await.body;
        assert!(older.contains("Staff added") && older.contains("controle") && older.contains("key-5<"));
        let kind = house.get(&mut browser, "/ledger?kind=staff_added").await.body;
        assert!(kind.contains("Staff added") && !kind.contains("key-"));
        let by = house.get(&mut browser, "/ledger?subject=operator&day=2026-11-24").await.body;
        assert!(by.contains("key-119") && !by.contains("Signed in</td>"));
        let none = house.get(&mut browser, "/ledger?day=2001-01-01").await.body;
        assert!(none.contains("No line fits."));
        let bad = house.get(&mut browser, "/ledger?day=today&subject=%3Cb%3E").await.body;
        assert!(bad.contains("This is no day.") && !bad.contains("<b>"));
    }
}

async fn verify_says(house: &House, browser: &mut crate::testing::Browser) -> String {
    let body = house.post(browser, "/ledger/verify", "").await.body;
    let verdict = body.split_once("id=\"verdict\">").unwrap().1;
    verdict.split_once('<').unwrap().0.to_owned()
}

both_engines! {
    async fn a_whole_chain_is_called_whole_and_a_changed_line_is_named(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("controle", &[Role::Auditor]).await?;
        assert_eq!(
            verify_says(&house, &mut browser).await,
            "The chain is whole: 2 lines, held against no checkpoint."
        );
        let tx = house.desk.db.upkeep("tamper").await?;
        tx.execute("update ledger set reason = 'x' where seq = 1", vec![]).await?;
        tx.commit().await?;
        assert_eq!(
            verify_says(&house, &mut browser).await,
            "Line 1 was changed, or the line before it was."
        );
    }
}

both_engines! {
    async fn an_export_is_recorded_and_carries_every_line_with_its_hash(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("controle", &[Role::Auditor]).await?;
        house.clock.advance_ms(1_000);
        let answer = house.post(&mut browser, "/ledger/export", "").await;
        assert_eq!(answer.headers["content-type"], "application/x-ndjson");
        let lines: Vec<serde_json::Value> =
            answer.body.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        let kinds: Vec<&str> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
        assert_eq!(kinds, ["staff_added", "signed_in", "exported"]);
        assert_eq!(lines[2]["hash"].as_str().map(str::len), Some(64));
        assert_eq!(lines[2]["at"], "2026-11-24T06:00:01Z");
        let some = house.post(&mut browser, "/ledger/export", "kind=signed_in").await;
        assert_eq!(some.body.lines().count(), 1);
        let last = ground::ledger::after(&house.desk.db, 3, 10).await?;
        assert!(last[0].detail.contains("ledger kind=signed_in"));
        house.clock.advance_ms(DAY_MS);
    }
}

#[test]
fn every_kind_of_fact_has_a_name_in_both_languages() {
    let sources = [
        include_str!("../../../ground/src/fact.rs"),
        include_str!("../../../ground/src/fact/chat.rs"),
        include_str!("../../../ground/src/fact/evidence.rs"),
        include_str!("../../../ground/src/fact/hash.rs"),
        include_str!("../../../ground/src/fact/staff.rs"),
    ];
    let facts = sources.iter().flat_map(|source| {
        let (_, facts) = source.split_once("Fact {\n").unwrap();
        facts.split_once("\n}\n").unwrap().0.lines()
    });
    // The groups stand in the first file, each by the name of the others.
    let groups = sources[0].matches("#[serde(untagged)]").count();
    assert_eq!(
        groups + 1,
        sources.len(),
        "a group of facts is not looked at"
    );
    let named = facts.filter_map(|line| {
        let line = line
            .strip_prefix("    ")
            .filter(|line| line.starts_with(char::is_uppercase) && !line.contains('('))?;
        line.split([' ', ',']).next()
    });
    for name in named {
        let id: String = name
            .chars()
            .flat_map(|c| {
                let dash = c.is_uppercase().then_some('-');
                dash.into_iter().chain(c.to_lowercase())
            })
            .collect();
        for lang in Language::ALL {
            assert!(
                lang.has(&format!("fact{id}")),
                "fact{id} is missing in {}",
                lang.tag()
            );
        }
    }
}
