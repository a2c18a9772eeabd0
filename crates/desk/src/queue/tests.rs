use crate::report::scene::report;
use crate::testing::house;
use ground::both_engines;
use staff::Role;

both_engines! {
    async fn the_queue_is_in_order_and_says_how_each_report_stands(db: Db) {
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
    async fn a_row_says_in_words_why_it_comes_first(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let plain = report(&house, 1, &[]).await?;
        report(&house, 2, &[("a.example", Some("a"))]).await?;
        let named = report(&house, 3, &[("a.example", Some("b"))]).await?;
        assert!(house.desk.work.rank_some().await?);
        let page = house.get(&mut ann, "/queue").await.body;
        let at = |text: &str| page.find(text).unwrap_or(usize::MAX);
        assert!(at(&named.to_string()) < at(&plain.to_string()));
        for part in ["named by 2 reports</span>", "there at the last look</span>", "by priority"] {
            assert!(page.contains(part), "{part}");
        }
        house.post(&mut ann, "/me/language", "language=nl").await;
        assert!(house.get(&mut ann, "/queue").await.body.contains("genoemd door 2 meldingen"));
    }
}

both_engines! {
    async fn a_part_of_the_queue_is_shown_by_a_plain_form_that_keeps_what_was_chosen(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let free = report(&house, 1, &[]).await?;
        let judged = report(&house, 2, &[("a.example", Some("a"))]).await?;
        house.post(&mut ann, &format!("/reports/{judged}/take"), "").await;
        let shown = async |ann: &mut crate::testing::Browser, query: &str| {
            let page = house.get(ann, &format!("/queue?{query}")).await;
            let (_, table) = page.body.split_once("<tbody>").unwrap_or_default();
            (table.contains(&free.to_string()), table.contains(&judged.to_string()), page)
        };
        for (query, wanted) in [
            ("", (true, true)),
            ("holding=nobody", (true, false)),
            ("holding=mine&todo=judge", (false, true)),
            ("holding=others", (false, false)),
            ("channel=web&origin=national&todo=&list=", (true, true)),
            ("channel=police", (false, false)),
            ("list=yes", (false, false)),
            ("todo=visits", (false, false)),
        ] {
            let (one, other, page) = shown(&mut ann, query).await;
            assert_eq!((one, other), wanted, "{query}");
            assert_eq!(page.body.contains("None of the reports"), wanted == (false, false), "{query}");
        }
        let (.., page) = shown(&mut ann, "holding=mine").await;
        assert!(page.body.contains("<option value=\"mine\" selected>"));
        assert_eq!(house.get(&mut ann, "/queue?channel=pigeon").await.status.as_u16(), 422);
    }
}

both_engines! {
    async fn a_report_is_found_by_its_number_as_people_write_it_and_by_its_address(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        house.get(&mut ann, "/queue").await;
        let id = report(&house, 1, &[("https://a.example/x", Some("a"))]).await?;
        let number = ::report::find(&house.desk.db, id).await?.ok_or("gone")?.number.to_string();
        let there = format!("/reports/{id}");
        let hash = format!("{:064x}", u32::from('a'));
        let said = number.replace('-', "").to_lowercase();
        for sought in [said.as_str(), "a.example%2Fx", "https%3A%2F%2Fa.example%2Fx", "a.example", &hash] {
            let found = house.post(&mut ann, "/queue/search", &format!("sought={sought}")).await;
            assert_eq!(found.to(), there, "{sought}");
        }
        let other = report(&house, 2, &[("https://a.example/y", None)]).await?;
        let both = house.post(&mut ann, "/queue/search", "sought=a.example").await.body;
        assert!(both.contains(&there) && both.contains(&other.to_string()));
        let near = house.post(&mut ann, "/queue/search", "sought=a.example%2Fz").await.body;
        assert!(near.contains("These name others at the same host."));
    }
}

both_engines! {
    async fn when_nothing_is_found_the_page_says_what_can_be_looked_for_and_keeps_what_was_typed(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        house.get(&mut ann, "/queue").await;
        for (sought, says) in [
            ("M-0000-0000", "There is no report with this number."),
            ("b.example", "No report names an address at this host."),
            ("b.example%2Fx", "No report names this address or another one"),
            (&"a".repeat(32), "No item with this hash"),
            ("not+an+address", "This cannot be looked for."),
        ] {
            let lost = house.post(&mut ann, "/queue/search", &format!("sought={sought}")).await;
            assert_eq!(lost.status.as_u16(), 422, "{sought}");
            assert!(lost.body.contains(says), "{sought}: {}", lost.body);
        }
        let lost = house.post(&mut ann, "/queue/search", "sought=M-0000").await;
        assert!(lost.body.contains("value=\"M-0000\""), "what was typed is kept");
    }
}

both_engines! {
    async fn one_goes_on_with_the_report_that_one_last_worked_on(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let one = report(&house, 1, &[]).await?;
        let two = report(&house, 2, &[]).await?;
        for id in [one, two, one] {
            house.clock.advance_ms(60_000);
            house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        }
        for path in ["/queue", "/me"] {
            let page = house.get(&mut ann, path).await.body;
            let (_, left) = page.split_once("Go on where you left:").ok_or(path)?;
            let (link, _) = left.split_once("</a>").ok_or(path)?;
            assert!(link.contains(&format!("/reports/{one}")), "{path}: {link}");
        }
    }
}
