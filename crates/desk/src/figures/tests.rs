use crate::report::scene::{lines, report};
use crate::testing::house;
use ground::both_engines;
use staff::Role;

both_engines! {
    async fn figures_are_counted_from_the_ledger_with_unit_and_definition(db: Db) {
        let house = house(db);
        let mut officer = house.signed_in("esdoorn", &[Role::Statistics]).await?;
        let empty = house.get(&mut officer, "/figures").await;
        assert_eq!(empty.status.as_u16(), 200);
        assert!(empty.body.contains("No provider was told of anything this year."));
        report(&house, 1, &[("a.example", None), ("b.example", None)]).await?;
        report(&house, 2, &[("a.example", None)]).await?;
        let page = house.get(&mut officer, "/figures").await;
        for part in ["Reports received", "The year is not over", "Distinct web addresses",
            "id=\"figure-addresses\"", "Images and videos assessed one by one", "<svg role=\"img\""] {
            assert!(page.body.contains(part), "{part}");
        }
        let earlier = house.get(&mut officer, "/figures?year=2024").await;
        assert!(earlier.body.contains("Figures 2024") && earlier.body.contains("Nothing was counted for 2024"));
        let never = house.get(&mut officer, "/figures?year=3000").await;
        assert!(never.body.contains("Figures 2026"), "a year to come is not counted");
    }
}

both_engines! {
    async fn the_year_is_shown_as_a_document_without_script_and_without_names_of_providers(db: Db) {
        let house = house(db);
        let mut officer = house.signed_in("esdoorn", &[Role::Statistics]).await?;
        report(&house, 1, &[("a.example", None), ("b.example", None)]).await?;
        let page = house.get(&mut officer, "/figures/report?year=2026").await;
        assert_eq!(page.status.as_u16(), 200);
        for part in ["<h1>", "Key figures", "Provisional: the year is not over.", "yearly.css",
            "Method", "Distinct web addresses"] {
            assert!(page.body.contains(part), "{part}");
        }
        for never in ["<script", "<style", " style=", "a.example"] {
            assert!(!page.body.contains(never), "{never}");
        }
    }
}

both_engines! {
    async fn figures_are_taken_along_as_csv_and_json_and_that_is_recorded(db: Db) {
        let house = house(db);
        let mut officer = house.signed_in("esdoorn", &[Role::Statistics]).await?;
        report(&house, 1, &[("a.example", None)]).await?;
        let csv = house.post(&mut officer, "/figures/export", "year=2026&format=csv").await;
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
        assert!(csv.body.contains("reports,Reports received,reports,1,2026,,,,1,\r\n"), "{}", csv.body);
        assert!(csv.body.contains("reports,Reports received,reports,1,2026,channel,web,Form,1,\r\n"));
        let json = house.post(&mut officer, "/figures/export", "year=2026&format=json").await;
        let json: serde_json::Value = serde_json::from_str(&json.body)?;
        assert_eq!(json["figures"][0]["value"], 1);
        assert_eq!(json["figures"][0]["sentences"]["en"], "1 report in 2026 so far.");
        assert_eq!(json["figures"][0]["growth_percent"], serde_json::Value::Null);
        let bad = house.post(&mut officer, "/figures/export", "year=2026&format=exe").await;
        assert_eq!((bad.status.as_u16(), lines(&house, "exported").await?), (422, 2));
    }
}
