use super::tests::{at_work, judged};
use crate::report::scene::{items, known, near, report};
use crate::testing::{Browser, House, house};
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use ground::{both_engines, values};
use staff::Role;

type Tested<T> = Result<T, Box<dyn std::error::Error>>;

both_engines! {
    async fn a_report_given_back_is_not_offered_to_the_same_person_again(db: Db) {
        let house = house(db);
        let (mut ann, id, _) = at_work(&house).await?;
        house.post(&mut ann, &format!("/reports/{id}/give-back"), "").await;
        let next = house.post(&mut ann, "/queue/next", "").await;
        assert_eq!(next.to(), "/queue?told=queue-none-free");
        let mut bob = house.signed_in("berk", &[Role::Analyst]).await?;
        house.get(&mut bob, "/queue").await;
        let next = house.post(&mut bob, "/queue/next", "").await;
        assert_eq!(next.to(), format!("/reports/{id}"));
    }
}

both_engines! {
    async fn a_report_given_back_while_it_is_visited_is_offered_again(db: Db) {
        let house = house(db);
        let (mut ann, id, _) = at_work(&house).await?;
        let set = |state: &'static str| {
            let db = house.desk.db.clone();
            async move {
                let tx = db.upkeep("stage").await?;
                tx.execute("update visit set state = $1", values![state]).await?;
                tx.commit().await
            }
        };
        set("wanted").await?;
        house.post(&mut ann, &format!("/reports/{id}/give-back"), "").await;
        set("captured").await?;
        let next = house.post(&mut ann, "/queue/next", "").await;
        assert_eq!(next.to(), format!("/reports/{id}"));
    }
}

both_engines! {
    async fn what_somebody_opted_out_of_is_not_offered_to_them_and_to_others_it_is(db: Db) {
        let house = house(db);
        let (mut ann, id, _) = at_work(&house).await?;
        house.post(&mut ann, &format!("/reports/{id}/give-back"), "").await;
        let listed = report(&house, 2, &[("https://b.example/x", Some("d"))]).await?;
        known(&house, 'd', "partner", "baseline").await?;
        let alike = report(&house, 3, &[("https://c.example/x", Some("e"))]).await?;
        let plain = report(&house, 4, &[("https://d.example/x", Some("g"))]).await?;
        judged(&house, &mut ann, 'f').await?;
        near(&house, 'e', 'f', 20).await?;

        let page = house.get(&mut ann, "/break").await.body;
        assert!(page.contains("On a list as: baseline") && page.contains("Age group: Infant"), "{page}");
        for (category, period) in [("list%3Abaseline", "week"), ("answer%3Afinding%3Aillegal", "always")] {
            let form = format!("category={category}&period={period}");
            let told = house.post(&mut ann, "/break/opt-out", &form).await;
            assert_eq!(told.to(), "/break?told=rest-opt-out");
        }
        let next = house.post(&mut ann, "/queue/next", "").await;
        assert_eq!(next.to(), format!("/reports/{plain}"), "neither {listed} nor {alike}");
        house.post(&mut ann, &format!("/reports/{plain}/give-back"), "").await;
        assert_eq!(house.post(&mut ann, "/queue/next", "").await.to(), "/queue?told=queue-none-free");

        house.post(&mut ann, "/break/opt-in", "category=answer%3Afinding%3Aillegal").await;
        assert_eq!(house.post(&mut ann, "/queue/next", "").await.to(), format!("/reports/{alike}"));
        house.post(&mut ann, &format!("/reports/{alike}/give-back"), "").await;
        house.clock.advance_ms(8 * DAY_MS);
        let mut ann = house.again("wilg").await?;
        let next = house.post(&mut ann, "/queue/next", "").await;
        assert_eq!(next.to(), format!("/reports/{listed}"), "a week is over by itself");

        let refused = house.post(&mut ann, "/break/opt-out", "category=answer%3Afinding%3Acats&period=day").await;
        assert_eq!(refused.status.as_u16(), 404);
        let refused = house.post(&mut ann, "/break/opt-out", "category=film&period=month").await;
        assert_eq!(refused.status.as_u16(), 422);
    }
}

both_engines! {
    async fn after_half_of_a_row_something_lighter_comes_first_and_what_is_hard_is_not_lost(db: Db) {
        let house = house(db);
        let (mut ann, id, _) = at_work(&house).await?;
        house.post(&mut ann, &format!("/reports/{id}/give-back"), "").await;
        let hard = report(&house, 2, &[("https://b.example/x", Some("d"))]).await?;
        known(&house, 'd', "partner", "baseline").await?;
        house.clock.advance_ms(MINUTE_MS);
        let next = house.post(&mut ann, "/queue/next", "").await;
        assert_eq!(next.to(), format!("/reports/{hard}"), "the oldest, as usual");
        let mut bob = house.signed_in("berk", &[Role::Analyst]).await?;
        judged(&house, &mut bob, 'f').await?;
        house.clock.advance_ms(2 * HOUR_MS);
        let light = report(&house, 4, &[("https://d.example/x", Some("g"))]).await?;
        let mut bob = house.again("berk").await?;
        judge_again(&house, &mut bob).await?;
        house.get(&mut bob, "/queue").await;
        // The first report of the scene has a video in it and nothing hard; bob does not want it.
        house.post(&mut bob, "/break/opt-out", "category=film&period=day").await;
        let next = house.post(&mut bob, "/queue/next", "").await;
        assert_eq!(next.to(), format!("/reports/{light}"), "lighter first");
        house.post(&mut bob, &format!("/reports/{light}/give-back"), "").await;
        let next = house.post(&mut bob, "/queue/next", "").await;
        assert_eq!(next.to(), format!("/reports/{hard}"), "and then what is hard");
    }
}

/// One more item is judged illegal, just now.
async fn judge_again(house: &House, who: &mut Browser) -> Tested<()> {
    let id = report(house, 91, &[("https://y.example/x", Some("k"))]).await?;
    house.post(who, &format!("/reports/{id}/take"), "").await;
    house.get(who, &format!("/reports/{id}")).await;
    let item = items(house, id, 'k').await?[0];
    house
        .post(who, &format!("/reports/{id}/items/{item}/judge"), "quick=1")
        .await;
    house.post(who, &format!("/reports/{id}/done"), "").await;
    Ok(())
}
