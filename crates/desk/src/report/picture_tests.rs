use super::super::scene::{by_script, hashed, items, lines, report};
use crate::testing::house;
use ground::{Ask as _, both_engines, values};
use staff::Role;

both_engines! {
    async fn copies_of_a_picture_are_one_tile_and_one_look_judges_each_with_a_fact_of_its_own(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("abc")), ("b.example", Some("da"))]).await?;
        hashed(&house, &[('a', 0), ('b', 8), ('c', 60), ('d', 10)]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let page = house.get(&mut ann, &format!("/reports/{id}")).await.body;
        assert!(page.contains("Image 1 of 2") && page.contains("0 of 5 judged"), "{page}");
        assert!(page.contains("4 ×") && page.contains("3 more images are this picture"));
        assert!(page.contains("2 images of this address are pictures that are shown above."));
        assert!(page.contains("Differs in 8 of 256 bits") && page.contains("The same bytes"));

        let first = items(&house, id, 'a').await?[0];
        let answer = by_script(&house, &ann, &format!("/reports/{id}/items/{first}/judge"), "quick=1").await;
        assert!(answer.body.contains("Image 2 of 2") && answer.body.contains("4 of 5 judged"), "{}", answer.body);
        assert_eq!(answer.body.matches("hx-swap-oob=\"true\"").count(), 2, "one tile and the button");
        assert_eq!(lines(&house, "content_judged").await?, 1);
        let sql = "select count(*) as n from ledger where kind = 'likeness_confirmed'
            and detail like '%pdq-same-1%' and detail like $1";
        for bits in [8, 10] {
            let noted = house.desk.db.count(sql, values![format!("%\"distance\":{bits},%")]).await?;
            assert_eq!(noted, 1, "{bits}");
        }
        let sql = "select count(*) as n from judgement where basis = 'same-picture'
            and rule = 'pdq-same-1' and from_content is not null";
        assert_eq!(house.desk.db.count(sql, values![]).await?, 2);
        let measure = house.desk.work.looks_of(id).await?;
        assert_eq!((measure.needed, measure.saved), (1, 3), "one look for four items");
        assert_eq!(house.desk.work.looks_of_a_day().await?, measure);

        let undone = by_script(&house, &ann, &format!("/reports/{id}/undo"), "").await.body;
        assert!(undone.contains("0 of 5 judged") && undone.contains("Image 1 of 2"), "{undone}");
        assert_eq!(lines(&house, "likeness_taken_back").await?, 2);
        assert_eq!(lines(&house, "item_unjudged").await?, 4);
        let measure = house.desk.work.looks_of(id).await?;
        assert_eq!((measure.needed, measure.saved), (0, 0), "what was taken back counts no more");
        assert_eq!(house.desk.work.looks_of_a_day().await?, measure);
    }
}

both_engines! {
    async fn what_only_looks_the_same_is_told_apart_and_judged_by_itself(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("ab"))]).await?;
        hashed(&house, &[('a', 0), ('b', 8)]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let (a, b) = (items(&house, id, 'a').await?[0], items(&house, id, 'b').await?[0]);
        house.post(&mut ann, &format!("/reports/{id}/items/{a}/judge"), "quick=1").await;
        let apart = house.post(&mut ann, &format!("/reports/{id}/items/{b}/apart"), "").await;
        assert_eq!(apart.to(), format!("/reports/{id}?item={b}#work"));
        let page = house.get(&mut ann, &format!("/reports/{id}?item={b}")).await.body;
        assert!(page.contains("Image 2 of 2") && page.contains("1 of 2 judged"), "{page}");
        assert_eq!(lines(&house, "likeness_refused").await?, 1);
        house.post(&mut ann, &format!("/reports/{id}/items/{b}/judge"), "quick=5").await;
        assert_eq!(lines(&house, "content_judged").await?, 2);
        let first = house.post(&mut ann, &format!("/reports/{id}/items/{a}/apart"), "").await;
        assert_eq!(first.status.as_u16(), 404, "a tile is not told apart from itself");
    }
}

both_engines! {
    async fn what_cannot_be_decoded_stays_and_is_shown_as_that(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("au"))]).await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let item = items(&house, id, 'u').await?[0];
        let page = house.get(&mut ann, &format!("/reports/{id}?item={item}")).await.body;
        assert!(page.contains("0 of 2 judged"), "{page}");
        assert!(page.contains("Not decodable: this cannot be drawn as an image."));
        assert_eq!(page.matches("not decodable</span>").count(), 1, "one tile says so");
        // It is judged as any other.
        house.post(&mut ann, &format!("/reports/{id}/items/{item}/judge"), "quick=4").await;
        let page = house.get(&mut ann, &format!("/reports/{id}")).await.body;
        assert!(page.contains("1 of 2 judged"), "{page}");
    }
}
