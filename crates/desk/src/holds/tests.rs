use crate::testing::house;
use ::takedown::Stage;
use casework::desk::staged::{a_hold, facts_of, illegal_item};
use ground::clock::{DAY_MS, HOUR_MS};
use ground::{Fact, both_engines};
use staff::Role;

both_engines! {
    async fn lapsed_holds_stand_first_and_an_empty_page_is_friendly(db: Db) {
        let house = house(db);
        let work = &house.desk.work;
        let mut early = house.signed_in("early", &[Role::Liaison]).await?;
        let empty = house.get(&mut early, "/holds").await.body;
        assert!(empty.contains("Nothing is held.") && !empty.contains("lapsed-title"));
        illegal_item(work, "later.png", Some(a_hold(house.now(), 3 * DAY_MS))).await?;
        illegal_item(work, "lapsed.png", Some(a_hold(house.now(), HOUR_MS))).await?;
        house.clock.advance_ms(5 * HOUR_MS);
        assert!(work.lapse_one().await?);
        let mut browser = house.signed_in("lies", &[Role::Liaison]).await?;
        let list = house.get(&mut browser, "/holds").await.body;
        let (lapsed, held) = (list.find("lapsed.png").unwrap(), list.find("later.png").unwrap());
        assert!(lapsed < held, "what nobody decided about stands first");
        assert!(list.contains("passed 4 hours ago") && list.contains("2 days left"));
    }
}

both_engines! {
    async fn a_hold_is_released_with_a_reason(db: Db) {
        let house = house(db);
        let work = &house.desk.work;
        let mut browser = house.signed_in("bram", &[Role::Senior]).await?;
        let id = illegal_item(work, "one.png", Some(a_hold(house.now(), DAY_MS))).await?;
        let page = house.get(&mut browser, &format!("/holds/{id}")).await.body;
        assert!(page.contains("Ask the police. Then release it, or give it more time."));
        let release = format!("/holds/{id}/release");
        let without = house.post(&mut browser, &release, "seen=0&reason-release=+").await;
        assert_eq!(without.status.as_u16(), 422);
        assert_eq!(::takedown::load(&house.desk.db, id).await?.unwrap().stage, Stage::Held);
        let done = house.post(&mut browser, &release, "seen=0&reason-release=police+agree").await;
        assert_eq!(done.to(), "/holds?told=hold-released");
        let last = facts_of(work, id).await?.into_iter().next_back();
        assert_eq!(last, Some((Fact::PoliceHoldReleased, Some("police agree".to_owned()))));
        let gone = house.get(&mut browser, &format!("/holds/{id}")).await;
        assert_eq!(gone.status.as_u16(), 404);
        assert!(gone.body.contains("Somebody may have decided already."));
        let stale = house.post(&mut browser, &release, "seen=0&reason-release=again").await;
        assert_eq!(stale.status.as_u16(), 409);
    }
}

both_engines! {
    async fn a_hold_is_given_more_time_by_one_of_the_choices(db: Db) {
        let house = house(db);
        let work = &house.desk.work;
        let mut browser = house.signed_in("lies", &[Role::Liaison]).await?;
        let id = illegal_item(work, "one.png", Some(a_hold(house.now(), DAY_MS))).await?;
        house.get(&mut browser, &format!("/holds/{id}")).await;
        let extend = format!("/holds/{id}/extend");
        let form = "seen=0&until=99y&reason-extend=they+need+time";
        let wrong = house.post(&mut browser, &extend, form).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.body.contains("Choose a deadline.") && wrong.body.contains("they need time"));
        let form = "seen=0&until=7d&reason-extend=";
        let without = house.post(&mut browser, &extend, form).await;
        assert!(without.body.contains("value=\"7d\" checked"), "what was chosen stays");
        let form = "seen=0&until=7d&reason-extend=they+need+time";
        let done = house.post(&mut browser, &extend, form).await;
        assert_eq!(done.to(), "/holds?told=hold-extended");
        let held = ::takedown::load(&house.desk.db, id).await?.unwrap();
        assert_eq!(held.hold_deadline_ms, Some(house.now().plus_ms(7 * DAY_MS)));
    }
}

both_engines! {
    async fn an_analyst_cannot_release(db: Db) {
        let house = house(db);
        let hold = a_hold(house.now(), DAY_MS);
        let id = illegal_item(&house.desk.work, "one.png", Some(hold)).await?;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let release = format!("/holds/{id}/release");
        let refused = house.post(&mut browser, &release, "seen=0&reason-release=why").await;
        assert_eq!(refused.status.as_u16(), 404);
        assert_eq!(::takedown::load(&house.desk.db, id).await?.unwrap().stage, Stage::Held);
    }
}
