use crate::testing::house;
use casework::desk::staged::{a_contact, a_hold, a_provider, hosted_by, illegal_item};
use ground::both_engines;
use ground::clock::{DAY_MS, HOUR_MS};
use staff::Role;

both_engines! {
    async fn an_empty_list_is_friendly_and_a_full_one_names_every_address_and_never_in_a_link(db: Db) {
        let house = house(db);
        let mut early = house.signed_in("early", &[Role::Analyst]).await?;
        let empty = house.get(&mut early, "/takedowns").await;
        assert_eq!(empty.status.as_u16(), 200);
        assert!(empty.body.contains("Nothing fits. Everything that was judged illegal"));
        let id = illegal_item(&house.desk.work, "one.png", None).await?;
        house.clock.advance_ms(3 * HOUR_MS);
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let list = house.get(&mut browser, "/takedowns").await.body;
        assert!(list.contains(&format!("href=\"/takedowns/{id}\">http://gallery.example/one.png<")));
        assert!(list.contains("finding the host") && list.contains("<td>3 hours</td>"));
        let page = house.get(&mut browser, &format!("/takedowns/{id}")).await.body;
        for shown in [&list, &page] {
            assert!(!shown.contains("href=\"http"), "no link leads to an address");
            assert!(!shown.contains("<img"), "no picture is on these pages");
        }
    }
}

both_engines! {
    async fn the_list_is_filtered_by_stage_and_provider(db: Db) {
        let house = house(db);
        let work = &house.desk.work;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let provider = a_provider(work).await?;
        let contact = a_contact(work, provider, "abuse@hosting.example").await?;
        let waits = illegal_item(work, "one.png", None).await?;
        hosted_by(work, waits, provider, Some(contact)).await?;
        illegal_item(work, "two.png", None).await?;
        let path = format!("/takedowns?stage=awaiting-contact&presence=&provider={provider}");
        let list = house.get(&mut browser, &path).await.body;
        assert!(list.contains("one.png<") && !list.contains("two.png<"));
        assert!(list.contains("The contact waits for approval."));
        assert!(list.contains(&format!("<option value=\"{provider}\" selected>Example Hosting B.V.")));
    }
}

both_engines! {
    async fn one_takedown_says_what_to_do_next_and_where(db: Db) {
        let house = house(db);
        let work = &house.desk.work;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let provider = a_provider(work).await?;
        let contact = a_contact(work, provider, "abuse@hosting.example").await?;
        let id = illegal_item(work, "one.png", None).await?;
        hosted_by(work, id, provider, Some(contact)).await?;
        let page = house.get(&mut browser, &format!("/takedowns/{id}")).await.body;
        assert!(page.contains("Look at the contact and approve it once."));
        assert!(page.contains(&format!("class=\"button\" href=\"/contacts/{contact}\"")));
        assert!(page.contains("Example Hosting B.V. (NL)"), "the story names the host");
        assert!(page.contains("http://gallery.example/one.png.html"), "and the page it was on");
        let unknown = house.get(&mut browser, "/takedowns/unknown").await;
        assert_eq!(unknown.status.as_u16(), 404);
    }
}

both_engines! {
    async fn every_act_asks_for_a_reason_and_a_stale_page_is_told_so(db: Db) {
        let house = house(db);
        let work = &house.desk.work;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let id = illegal_item(work, "one.png", None).await?;
        house.get(&mut browser, &format!("/takedowns/{id}")).await;
        let end = format!("/takedowns/{id}/end");
        let without = house.post(&mut browser, &end, "seen=0&reason-end=").await;
        assert_eq!(without.status.as_u16(), 422);
        assert!(without.body.contains("href=\"#reason-end\"") && without.body.contains("Give a reason."));
        let check = format!("/takedowns/{id}/check");
        let looked = house.post(&mut browser, &check, "reason-check=they+say+it+is+gone").await;
        assert_eq!(looked.to(), format!("/takedowns/{id}?told=takedown-check"));
        let ended = house.post(&mut browser, &end, "seen=0&reason-end=judged+by+mistake").await;
        assert_eq!(ended.to(), format!("/takedowns/{id}?told=takedown-end"));
        let stale = house.post(&mut browser, &end, "seen=0&reason-end=again").await;
        assert_eq!(stale.status.as_u16(), 409);
        let page = house.get(&mut browser, &format!("/takedowns/{id}?told=takedown-end")).await.body;
        assert!(page.contains("The takedown was ended.") && page.contains("judged by mistake"));
        assert!(!page.contains("/end\""), "what is ended cannot be ended again");
        let told = house.post(&mut browser, &check, "reason-check=once+more").await;
        assert_eq!(told.status.as_u16(), 422);
    }
}

both_engines! {
    async fn only_who_may_decide_about_a_hold_is_sent_there(db: Db) {
        let house = house(db);
        let hold = a_hold(house.now(), DAY_MS);
        let id = illegal_item(&house.desk.work, "one.png", Some(hold)).await?;
        let path = format!("/takedowns/{id}");
        let mut analyst = house.signed_in("anna", &[Role::Analyst]).await?;
        let page = house.get(&mut analyst, &path).await.body;
        assert!(page.contains("Nothing is sent to the provider") && !page.contains("/holds/"));
        let mut liaison = house.signed_in("lies", &[Role::Liaison]).await?;
        let page = house.get(&mut liaison, &path).await.body;
        assert!(page.contains(&format!("href=\"/holds/{id}\"")));
        assert!(!page.contains("href=\"/reports/"), "the liaison reads no reports");
    }
}
