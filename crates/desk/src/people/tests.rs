use crate::testing::{Browser, House, house};
use ground::{StaffId, both_engines, ledger};
use staff::{DemoFactor, Role};

async fn last_line(house: &House) -> ledger::Entry {
    let lines = ledger::after(&house.desk.db, 0, 1_000).await.unwrap();
    lines.into_iter().next_back().unwrap()
}

fn handed_over(page: &str) -> String {
    let shown = page.split_once("id=\"handed-over\">").unwrap().1;
    shown.split_once('<').unwrap().0.to_owned()
}

both_engines! {
    async fn somebody_is_added_and_can_sign_in_with_what_is_shown_once(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("beheer", &[Role::Administrator]).await?;
        house.get(&mut browser, "/people/new").await;
        let form = "name=Wilg&roles=analyst&roles=senior&language=nl&reason=new+colleague";
        let added = house.post(&mut browser, "/people/new", form).await;
        assert_eq!(added.status.as_u16(), 200);
        let line = last_line(&house).await;
        assert_eq!((line.kind.as_str(), line.reason.as_deref()), ("staff_added", Some("new colleague")));
        let list = house.get(&mut browser, "/people").await.body;
        assert!(list.contains(">wilg</a>") && list.contains("Analyst, Senior analyst"));
        assert!(!list.contains(&handed_over(&added.body)));
        let form = format!("name=wilg&password={}", handed_over(&added.body));
        let entered = house.post(&mut Browser::default(), "/sign-in", &form).await;
        assert_eq!(entered.to(), "/sign-in/second-factor");
    }
}

both_engines! {
    async fn what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("beheer", &[Role::Administrator]).await?;
        let form = "name=two+words&roles=administrator&roles=analyst&language=en&reason=+";
        let refused = house.post(&mut browser, "/people/new", form).await;
        assert_eq!(refused.status.as_u16(), 422);
        for said in [
            "value=\"two words\"",
            "value=\"administrator\" checked",
            "An administrator can never have a role that sees material.",
            "Give a reason.",
            "href=\"#roles\"",
        ] {
            assert!(refused.body.contains(said), "{said}");
        }
        let form = "name=beheer&roles=auditor&reason=why";
        let taken = house.post(&mut browser, "/people/new", form).await;
        assert!(taken.body.contains("This name is or was in use."));
    }
}

both_engines! {
    async fn roles_change_with_a_reason_and_a_stale_page_is_told_so(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("beheer", &[Role::Administrator]).await?;
        let id = house.account("wilg", &[Role::Analyst], DemoFactor::Waived).await?;
        let path = format!("/people/{id}/roles");
        let without = house.post(&mut browser, &path, "seen=1&roles=auditor&reason-roles=").await;
        assert_eq!(without.status.as_u16(), 422);
        assert!(without.body.contains("value=\"auditor\" checked"), "ticked boxes stay");
        assert!(!without.body.contains("value=\"analyst\" checked"));
        let form = "seen=1&roles=auditor&reason-roles=other+work";
        let changed = house.post(&mut browser, &path, form).await;
        assert_eq!(changed.to(), format!("/people/{id}?told=people-roles"));
        let stale = house.post(&mut browser, &path, form).await;
        assert_eq!(stale.status.as_u16(), 409);
        assert!(stale.body.contains("Somebody changed this"));
    }
}

both_engines! {
    async fn a_reset_hands_over_a_password_and_closing_is_for_good(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("beheer", &[Role::Administrator]).await?;
        let id = house.account("wilg", &[Role::Analyst], DemoFactor::Waived).await?;
        let form = "seen=1&which=both&reason-reset=telephone+lost";
        let reset = house.post(&mut browser, &format!("/people/{id}/reset"), form).await;
        let form = format!("name=wilg&password={}", handed_over(&reset.body));
        let entered = house.post(&mut Browser::default(), "/sign-in", &form).await;
        assert_eq!(entered.to(), "/sign-in/second-factor");

        let seen = house.desk.staff.person(id).await?.revision;
        let form = format!("seen={seen}&reason-close=left");
        let closed = house.post(&mut browser, &format!("/people/{id}/close"), &form).await;
        assert_eq!(closed.to(), "/people?told=people-closed");
        let page = house.get(&mut browser, &format!("/people/{id}")).await.body;
        assert!(page.contains("closed") && !page.contains("/reset"));
    }
}

both_engines! {
    async fn the_last_administrator_cannot_lock_everybody_out(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("beheer", &[Role::Administrator]).await?;
        let own = house.desk.staff.people().await?;
        let (id, seen) = (own[0].id, own[0].revision);
        let form = format!("seen={seen}&reason-close=left");
        let refused = house.post(&mut browser, &format!("/people/{id}/close"), &form).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.body.contains("This is the last administrator."));
        let unknown = StaffId::from_bits(1);
        assert_eq!(house.get(&mut browser, &format!("/people/{unknown}")).await.status.as_u16(), 404);
        assert_eq!(house.get(&mut browser, "/people/xyz").await.status.as_u16(), 404);
    }
}
