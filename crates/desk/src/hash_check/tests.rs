use ground::{Act, both_engines, ledger};
use hashcheck::{AlarmKind, Counted, Key, day_of};
use staff::Role;

use crate::testing::house;

both_engines! {
    async fn a_provider_is_let_in_with_a_key_shown_once_and_its_key_taken_away(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("beheer", &[Role::Administrator]).await?;
        let empty = house.get(&mut browser, "/hash-check").await.body;
        assert!(empty.contains("No provider may ask yet."));
        let form = house.get(&mut browser, "/hash-check/new").await.body;
        assert!(form.contains("value=\"60000\""), "the usual quota is filled in");
        let wrong = "name=Example+Host&per-minute=0&per-day=5&reason-add=agreed";
        let refused = house.post(&mut browser, "/hash-check/new", wrong).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.body.contains("value=\"Example Host\""), "what was typed stays");
        let right = "name=Example+Host&per-minute=10&per-day=50&reason-add=agreed";
        let added = house.post(&mut browser, "/hash-check/new", right).await;
        let (_, rest) = added.body.split_once("id=\"handed-over\">").ok_or("no key")?;
        let key = Key::parse(rest.split('<').next().unwrap_or_default())?;
        let under = house.desk.vault.keys().hash_check();
        let (client, digest) = hashcheck::clients(&house.desk.db).await?.remove(0);
        assert_eq!(key.digest(&under), digest);
        let page = house.get(&mut browser, &format!("/hash-check/{}", client.id)).await.body;
        assert!(page.contains("Example Host") && !page.contains(key.reveal().as_str()));
        let taken = house.post(&mut browser, "/hash-check/new", right).await;
        assert!(taken.body.contains("is or was in use"));

        let path = format!("/hash-check/{}/revoke", client.id);
        let without = house.post(&mut browser, &path, "reason-revoke=").await;
        assert_eq!(without.status.as_u16(), 422);
        let done = house.post(&mut browser, &path, "reason-revoke=stolen").await;
        assert_eq!(done.to(), "/hash-check?told=hash-check-revoked");
        let again = house.post(&mut browser, &path, "reason-revoke=again").await;
        assert_eq!(again.status.as_u16(), 409);
        let last = ledger::after(&house.desk.db, 0, 1_000).await?;
        let last = last.into_iter().rfind(|line| line.kind.starts_with("check_client"));
        let last = last.ok_or("no line")?;
        assert_eq!((last.kind.as_str(), last.reason.as_deref()), ("check_client_revoked", Some("stolen")));
    }
}

both_engines! {
    async fn a_senior_reads_counts_and_alarms_and_decides_nothing(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("bram", &[Role::Senior]).await?;
        let (desk, under) = (&house.desk, house.desk.vault.keys().hash_check());
        let client = (&"Example Host".parse()?, hashcheck::Quota::USUAL);
        let from = (&desk.chance, &*under);
        let (id, _) = hashcheck::add(&desk.db, &house.operator(), client, from).await?;
        let tx = desk.db.upkeep("count").await?;
        let some = Counted { checks: 12_345, matches: 6, not_checked: 7 };
        hashcheck::count(&tx, id, day_of(house.now()), some).await?;
        tx.commit().await?;
        let act = Act::by_worker("hash-check", house.now());
        hashcheck::raise(&desk.db, &act, id, AlarmKind::Walking).await?;
        for path in ["/hash-check".to_owned(), format!("/hash-check/{id}")] {
            let page = house.get(&mut browser, &path).await.body;
            for part in ["12,345", "Example Host", "a few bits apart"] {
                assert!(page.contains(part), "{path}: {part}");
            }
            assert!(!page.contains("/hash-check/new") && !page.contains("/revoke"));
        }
        let refused = house.post(&mut browser, &format!("/hash-check/{id}/revoke"), "reason-revoke=x").await;
        assert_eq!(refused.status.as_u16(), 404);
    }
}
