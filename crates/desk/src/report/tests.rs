use super::scene::{by_script, items, lines, report};
use crate::testing::{House, house};
use ground::{Ask as _, ReportId, both_engines, values};
use staff::Role;

async fn state(house: &House, report: ReportId) -> ::report::State {
    ::report::find(&house.desk.db, report)
        .await
        .unwrap()
        .unwrap()
        .state
}

both_engines! {
    async fn a_report_shows_its_words_and_every_image_veiled_and_says_so_in_the_ledger(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("hxxps://a.example/x", Some("abA"))]).await?;
        let before = house.get(&mut ann, &format!("/reports/{id}")).await;
        assert!(before.body.contains("Nobody is working on this report"));
        assert!(!before.body.contains("two lines"), "words are for who holds the report");
        let taken = house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        assert_eq!(taken.to(), format!("/reports/{id}"));
        let page = house.get(&mut ann, &format!("/reports/{id}")).await;
        assert_eq!(page.status.as_u16(), 200);
        for part in ["two lines<br>of words", "on a &#60;list&#62; of links", "https://a.example/x",
            "hxxps://a.example/x", "Image 1 of 3", "0 of 2 judged", "set apart"] {
            assert!(page.body.contains(part), "{part}\n{}", page.body);
        }
        assert_eq!(page.body.matches("/veiled\" alt=\"\"").count(), 3);
        assert!(!page.body.contains("original a"));
        let kinds = ["report_taken", "words_shown", "veiled_shown", "revealed"];
        let mut counted = Vec::new();
        for kind in kinds {
            counted.push(lines(&house, kind).await?);
        }
        assert_eq!(counted, [1, 1, 1, 0]);
    }
}

both_engines! {
    async fn two_analysts_never_hold_the_same_report_and_a_lapsed_hold_frees_it(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let mut bob = house.signed_in("els", &[Role::Senior]).await?;
        let id = report(&house, 1, &[("a.example", Some("a"))]).await?;
        let item = items(&house, id, 'a').await?[0];
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let refused = house.post(&mut bob, &format!("/reports/{id}/take"), "").await;
        assert_eq!(refused.to(), format!("/reports/{id}?fault=held"));
        let page = house.get(&mut bob, refused.to()).await;
        assert!(page.body.contains("wilg is working on this report"));
        assert!(page.body.contains("A colleague is working on this report."));
        for path in ["judge", "reveal"] {
            let path = format!("/reports/{id}/items/{item}/{path}");
            let answer = house.post(&mut bob, &path, "quick=5").await;
            assert!(answer.to().ends_with("fault=held") || answer.status.as_u16() == 409, "{path}");
        }
        let veiled = house.get(&mut bob, &format!("/reports/{id}/items/{item}/veiled")).await;
        assert_eq!(veiled.status.as_u16(), 409);

        house.clock.advance_ms(10 * 60_000);
        house.get(&mut bob, "/me").await;
        house.get(&mut ann, &format!("/reports/{id}")).await;
        house.clock.advance_ms(19 * 60_000);
        house.get(&mut bob, "/me").await;
        house.get(&mut ann, "/me").await;
        let still = house.post(&mut bob, &format!("/reports/{id}/take"), "").await;
        assert!(still.to().ends_with("fault=held"), "activity extends a hold");
        house.clock.advance_ms(12 * 60_000);
        let taken = house.post(&mut bob, &format!("/reports/{id}/take"), "").await;
        assert_eq!(taken.to(), format!("/reports/{id}"));
        let late = house.post(&mut ann, &format!("/reports/{id}/items/{item}/judge"), "quick=5").await;
        assert!(late.to().ends_with("fault=held"));
    }
}

both_engines! {
    async fn one_key_judges_every_image_with_the_same_bytes_and_the_next_comes_by_itself(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("ab")), ("b.example", Some("ac"))]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        house.get(&mut ann, &format!("/reports/{id}")).await;
        let first = items(&house, id, 'a').await?;
        let second = items(&house, id, 'b').await?[0];
        let answer = by_script(&house, &ann, &format!("/reports/{id}/items/{}/judge", first[0]), "quick=1").await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        assert!(answer.body.contains(&format!("id=\"work\" aria-labelledby=\"work-title\" data-item=\"{second}\"")));
        assert!(answer.body.contains("Image 2 of 3") && answer.body.contains("2 of 4 judged"));
        assert_eq!(answer.body.matches("hx-swap-oob=\"true\"").count(), 2, "a tile and the button");
        assert_eq!(answer.body.matches("Illegal, baseline</span>").count(), 1);
        assert!(!answer.body.contains("<html"));

        // Not illegal asks why before it is a verdict.
        let path = format!("/reports/{id}/items/{second}/judge");
        let asked = by_script(&house, &ann, &path, "quick=3").await;
        assert!(asked.body.contains("Why not illegal") && asked.body.contains("data-key=\"a\""));
        assert!(asked.body.contains("2 of 4 judged"));
        let answer = by_script(&house, &ann, &path, "quick=3&answer.why=adult").await;
        assert!(answer.body.contains("3 of 4 judged") && answer.body.contains("Not illegal: adults"));

        let third = items(&house, id, 'c').await?[0];
        let path = format!("/reports/{id}/items/{third}/judge");
        let form = "quick=2&answer.age=infant&answer.age=pubescent&answer.gender=both";
        let answer = by_script(&house, &ann, &path, form).await;
        assert!(answer.body.contains("Everything is judged"), "{}", answer.body);
        assert!(answer.body.contains("3 illegal images"));
        let sql = "select count(*) as n from ledger where kind = 'content_judged' and detail like '%pubescent%'";
        assert_eq!(house.desk.db.count(sql, values![]).await?, 1);
    }
}

both_engines! {
    async fn undo_takes_the_last_judgement_back_and_shows_its_image_again(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("aba"))]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        house.get(&mut ann, &format!("/reports/{id}")).await;
        let one = items(&house, id, 'a').await?[0];
        by_script(&house, &ann, &format!("/reports/{id}/items/{one}/judge"), "quick=5").await;
        let answer = by_script(&house, &ann, &format!("/reports/{id}/undo"), "").await;
        assert!(answer.body.contains(&format!("data-item=\"{one}\"")));
        assert!(answer.body.contains("0 of 3 judged"));
        assert_eq!(answer.body.matches("to judge</span>").count(), 1, "one tile for both");
        let none = by_script(&house, &ann, &format!("/reports/{id}/undo"), "").await;
        assert_eq!(none.headers["hx-redirect"], format!("/reports/{id}?fault=nothing-to-undo"));
        let page = house.get(&mut ann, &format!("/reports/{id}?fault=nothing-to-undo")).await;
        assert!(page.body.contains("There is nothing to undo."));
    }
}

both_engines! {
    async fn a_preview_is_given_only_after_the_report_was_opened_which_is_in_the_ledger(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("a"))]).await?;
        let item = items(&house, id, 'a').await?[0];
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let path = format!("/reports/{id}/items/{item}/veiled");
        let early = house.get(&mut ann, &path).await;
        assert_eq!((early.status.as_u16(), lines(&house, "veiled_shown").await?), (404, 0));
        house.get(&mut ann, &format!("/reports/{id}")).await;
        assert_eq!(lines(&house, "veiled_shown").await?, 1);
        assert_eq!(house.get(&mut ann, &path).await.body, "veiled a");
    }
}

both_engines! {
    async fn original_bytes_come_once_after_a_logged_reveal_and_into_an_image_only(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let mut bob = house.signed_in("els", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("a"))]).await?;
        let item = items(&house, id, 'a').await?[0];
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        house.get(&mut ann, &format!("/reports/{id}")).await;
        let veiled = house.get(&mut ann, &format!("/reports/{id}/items/{item}/veiled")).await;
        assert_eq!((veiled.body.as_str(), lines(&house, "revealed").await?), ("veiled a", 0));
        assert_eq!(veiled.headers["cache-control"], "no-store");

        let path = format!("/reports/{id}/items/{item}/reveal");
        let told = by_script(&house, &ann, &path, "").await.body;
        assert_eq!(lines(&house, "revealed").await?, 1);
        let told: serde_json::Value = serde_json::from_str(&told)?;
        let path = told["path"].as_str().unwrap_or_default().to_owned();
        assert_eq!(house.get(&mut bob, &path).await.status.as_u16(), 410, "another's token");
        let told = by_script(&house, &ann, &format!("/reports/{id}/items/{item}/reveal"), "").await.body;
        let told: serde_json::Value = serde_json::from_str(&told)?;
        let path = told["path"].as_str().unwrap_or_default().to_owned();
        let shown = house.get(&mut ann, &path).await;
        assert_eq!((shown.body.as_str(), shown.headers["content-type"].to_str()?), ("original a", "image/png"));
        assert_eq!(shown.headers["cache-control"], "no-store");
        assert_eq!(house.get(&mut ann, &path).await.status.as_u16(), 410, "once");
    }
}

both_engines! {
    async fn a_report_is_done_only_when_every_item_is_judged(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("aB"))]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let page = house.get(&mut ann, &format!("/reports/{id}")).await;
        assert!(page.body.contains("1 image is still to be judged."));
        let early = house.post(&mut ann, &format!("/reports/{id}/done"), "").await;
        assert_eq!(early.to(), format!("/reports/{id}?fault=not-all"));
        let item = items(&house, id, 'a').await?[0];
        let judged = house.post(&mut ann, &format!("/reports/{id}/items/{item}/judge"), "quick=1").await;
        assert!(judged.to().ends_with("#work"), "without the script the whole page comes");
        let form = "police=yes&police-reason=possible-new-victim&note=a+red+circle";
        let done = house.post(&mut ann, &format!("/reports/{id}/done"), form).await;
        assert_eq!(done.to(), "/queue?told=report-done");
        let outcome = ground::Outcome::Illegal;
        assert_eq!(state(&house, id).await, ::report::State::Closed { outcome });
        assert_eq!(lines(&house, "police_hold_placed").await?, 1);
        let page = house.get(&mut ann, &format!("/reports/{id}")).await;
        assert!(page.body.contains("Closed: Illegal") && page.body.contains("a red circle"));
        assert!(!page.body.contains("data-hold"), "a closed report is revealed to nobody");
    }
}

both_engines! {
    async fn what_was_judged_before_is_filled_in_and_says_so(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let mut bob = house.signed_in("els", &[Role::Analyst]).await?;
        let one = report(&house, 1, &[("a.example", Some("a"))]).await?;
        house.post(&mut ann, &format!("/reports/{one}/take"), "").await;
        let item = items(&house, one, 'a').await?[0];
        house.post(&mut ann, &format!("/reports/{one}/items/{item}/judge"), "quick=4").await;
        let two = report(&house, 2, &[("b.example", Some("a"))]).await?;
        house.post(&mut bob, &format!("/reports/{two}/take"), "").await;
        let same = items(&house, two, 'a').await?[0];
        let page = house.get(&mut bob, &format!("/reports/{two}?item={same}")).await;
        assert!(page.body.contains("The same was judged before, on"), "{}", page.body);
        assert!(page.body.contains("A content is judged once."));
        assert!(!page.body.contains("data-key=\"1\""));
        let again = house.post(&mut bob, &format!("/reports/{two}/items/{same}/judge"), "quick=1").await;
        assert_eq!(again.to(), format!("/reports/{two}?fault=judged-before"));
    }
}

both_engines! {
    async fn what_could_not_be_captured_is_judged_by_hand_or_looked_at_again(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", None)]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let page = house.get(&mut ann, &format!("/reports/{id}")).await;
        assert!(page.body.contains("not captured") && page.body.contains("answered with an error (503)"));
        let address = page.body.split("/addresses/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or("").to_owned();
        let path = format!("/reports/{id}/addresses/{address}");
        let unsaid = house.post(&mut ann, &format!("{path}/judge"), "quick=3").await;
        assert!(unsaid.to().ends_with("fault=answers"));
        let judged = house.post(&mut ann, &format!("{path}/judge"), "quick=3&answer.why=not-found").await;
        assert!(judged.to().ends_with("told=report-judged-by-hand"));
        house.clock.advance_ms(1_000);
        let again = house.post(&mut ann, &format!("{path}/visit"), "").await;
        assert!(again.to().ends_with("told=report-visit-wanted"));
        let page = house.get(&mut ann, &format!("/reports/{id}")).await;
        assert!(page.body.contains("1 address is still being visited."));
        let early = house.post(&mut ann, &format!("/reports/{id}/done"), "").await;
        assert!(early.to().ends_with("fault=visiting"));
    }
}

both_engines! {
    async fn a_report_without_images_is_closed_with_an_outcome(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let page = house.get(&mut ann, &format!("/reports/{id}")).await;
        assert!(page.body.contains("No images were found") && page.body.contains("How it ends"));
        let unsaid = house.post(&mut ann, &format!("/reports/{id}/done"), "").await;
        assert!(unsaid.to().ends_with("fault=no-outcome"));
        let done = house.post(&mut ann, &format!("/reports/{id}/done"), "outcome=read").await;
        assert_eq!(done.to(), "/queue?told=report-done");
        let outcome = ground::Outcome::Read;
        assert_eq!(state(&house, id).await, ::report::State::Closed { outcome });
    }
}

both_engines! {
    async fn forms_that_are_not_ours_change_nothing(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("a"))]).await?;
        let other = report(&house, 2, &[("b.example", Some("b"))]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let item = items(&house, id, 'a').await?[0];
        let elsewhere = items(&house, other, 'b').await?[0];
        for (path, form, status) in [
            (format!("/reports/{id}/items/{item}/judge"), "quick=9", 422),
            (format!("/reports/{id}/items/{item}/judge"), "", 422),
            (format!("/reports/{id}/items/{elsewhere}/judge"), "quick=1", 404),
            (format!("/reports/{id}/items/{elsewhere}/reveal"), "", 404),
            (format!("/reports/{id}/done"), "outcome=fine", 422),
            (format!("/reports/{id}/done"), "police=yes&police-reason=because", 422),
        ] {
            assert_eq!(house.post(&mut ann, &path, form).await.status.as_u16(), status, "{path} {form}");
        }
        assert_eq!(lines(&house, "content_judged").await?, 0);
    }
}
