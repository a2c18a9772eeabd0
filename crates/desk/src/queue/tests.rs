use crate::report::scene::report;
use crate::testing::house;
use ground::both_engines;
use staff::Role;

both_engines! {
    async fn the_queue_is_oldest_first_and_says_how_each_report_stands(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let empty = house.get(&mut ann, "/queue").await;
        assert!(empty.body.contains("Nothing is waiting."));
        let one = report(&house, 1, &[("a.example", Some("aab")), ("b.example", None)]).await?;
        house.clock.advance_ms(3 * 60 * 60_000);
        let two = report(&house, 2, &[]).await?;
        let mut bob = house.signed_in("els", &[Role::Analyst]).await?;
        let page = house.get(&mut bob, "/queue").await;
        let at = |text: &str| page.body.find(text).unwrap_or(usize::MAX);
        assert!(at(&one.to_string()) < at(&two.to_string()), "oldest first");
        for part in ["3 hours", "less than an hour", "1 address not captured", "no address", "2 reports are not closed yet", "national"] {
            assert!(page.body.contains(part), "{part}");
        }
    }
}

both_engines! {
    async fn the_next_free_report_is_taken_and_a_held_one_shows_by_whom(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let mut bob = house.signed_in("els", &[Role::Analyst]).await?;
        let one = report(&house, 1, &[("a.example", Some("a"))]).await?;
        assert_eq!(house.post(&mut ann, "/queue/next", "").await.to(), format!("/reports/{one}"));
        let page = house.get(&mut ann, "/queue").await;
        assert!(page.body.contains("Go on with report"));
        let page = house.get(&mut bob, "/queue").await;
        assert!(page.body.contains("wilg</span>"), "{}", page.body);
        let none = house.post(&mut bob, "/queue/next", "").await;
        assert_eq!(none.to(), "/queue?told=queue-none-free");
        let back = house.post(&mut ann, &format!("/reports/{one}/give-back"), "").await;
        assert_eq!(back.to(), "/queue?told=report-given-back");
        assert_eq!(house.post(&mut bob, "/queue/next", "").await.to(), format!("/reports/{one}"));
    }
}

both_engines! {
    async fn a_report_is_found_by_its_number_as_people_write_it(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[]).await?;
        let number = ::report::find(&house.desk.db, id).await?.ok_or("gone")?.number.to_string();
        let said = number.replace('-', "").to_lowercase();
        assert_eq!(house.get(&mut ann, &format!("/queue?number={said}")).await.to(), format!("/reports/{id}"));
        let lost = house.get(&mut ann, "/queue?number=M-0000").await;
        assert!(lost.body.contains("There is no report with this number."));
        assert!(lost.body.contains("value=\"M-0000\""), "what was typed is kept");
    }
}
