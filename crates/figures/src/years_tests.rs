use ground::{Act, Db, Instant};
use pages::Language;

use crate::published::import;
use crate::{Calendar, NoGrowth, Yearly, yearly};

/// Published by the hotline of a small country (reference 3.6). 2015 and 2017 follow from the published
/// growth of the years after them; in 2022 reports were counted, no longer addresses.
const PUBLISHED: &str = "figure,year,value,unit,definition,source
addresses,2015,62800,urls,addresses judged,derived
addresses,2016,100478,urls,addresses judged,report 2016
addresses,2017,154483,urls,addresses judged,derived
addresses,2018,224000,urls,addresses judged,report 2018
addresses,2019,308430,urls,addresses judged,report 2019
addresses,2020,307021,urls,addresses judged,report 2020
addresses,2021,413262,urls,addresses judged,report 2021
addresses,2022,144058,reports,reports received,report 2022
total,2022,397770,urls,addresses reported and found,report 2022
total,2024,600000,urls,addresses reported and found,report 2024
hosted-here,2021,89,percent,share of the illegal,report 2021
hosted-here,2022,63,percent,share of the illegal,report 2022
";

const MS_2027: i64 = 1_800_000_000_000;

async fn told(db: &Db, year: i16) -> Result<Yearly, Box<dyn std::error::Error>> {
    let calendar = Calendar::of("Europe/Amsterdam")?;
    Ok(yearly(db, &calendar, year, 3, Instant::from_ms(MS_2027)).await?)
}

fn figure(yearly: &Yearly, key: &str) -> serde_json::Value {
    let json = serde_json::to_value(yearly).unwrap_or_default();
    let figures = json["figures"].as_array().cloned().unwrap_or_default();
    figures
        .into_iter()
        .find(|one| one["key"] == key)
        .unwrap_or_default()
}

ground::both_engines! {
    async fn the_published_series_gives_the_published_growth_and_sentences(db: Db) {
        let act = Act::by_worker("test", Instant::from_ms(MS_2027));
        import(&db, &act, PUBLISHED.as_bytes(), 2026, false).await?;
        let of_2018 = figure(&told(&db, 2018).await?, "addresses");
        assert_eq!(of_2018["growth_percent"], 45.0);
        assert_eq!(of_2018["previous"], 154_483);
        let of_2019 = figure(&told(&db, 2019).await?, "addresses");
        assert_eq!(of_2019["growth_percent"], 37.7);
        assert_eq!((&of_2019["value"], &of_2019["unit"]), (&308_430.into(), &"addresses".into()));
        assert_eq!(of_2019["published"], true);
        assert_eq!(of_2019["source"], "report 2019");
        assert_eq!(
            of_2019["sentences"]["en"],
            "308,430 addresses in 2019, 38 percent more than in 2018; for the third year in a row growth slowed."
        );
        assert_eq!(
            of_2019["sentences"]["nl"],
            "308.430 adressen in 2019, 38 procent meer dan in 2018; voor het derde jaar op rij nam de groei af."
        );
        let of_2020 = figure(&told(&db, 2020).await?, "addresses");
        assert_eq!(of_2020["growth_percent"], -0.5);
    }
}

ground::both_engines! {
    async fn years_in_which_the_unit_changed_refuse_a_growth_figure_and_say_why(db: Db) {
        let act = Act::by_worker("test", Instant::from_ms(MS_2027));
        import(&db, &act, PUBLISHED.as_bytes(), 2026, false).await?;
        let of_2022 = figure(&told(&db, 2022).await?, "addresses");
        assert_eq!(of_2022["value"], 144_058);
        assert_eq!(of_2022["unit"], "reports");
        assert_eq!(of_2022["growth_percent"], serde_json::Value::Null);
        assert_eq!(of_2022["no_growth"], "other-unit");
        assert_eq!(
            of_2022["sentences"]["en"],
            "144,058 reports in 2022; something else was counted in 2021, so no growth is given."
        );
        let total = figure(&told(&db, 2024).await?, "total");
        assert_eq!(total["no_growth"], "gap");
        assert_eq!(
            total["sentences"]["en"],
            "600,000 addresses in 2024; 2023 was not counted, so no growth is given."
        );
        let share = figure(&told(&db, 2022).await?, "hosted-here");
        assert_eq!(share["no_growth"], "not-a-count");
        assert_eq!(
            share["sentences"]["en"],
            "63 percent in 2022, 26 percentage points less than in 2021."
        );
    }
}

ground::both_engines! {
    async fn years_before_the_ledger_are_not_noughts_and_its_first_year_gives_no_growth(db: Db) {
        // 1 July 2025 and 2026: the first line lies within 2025, the second year is whole.
        for ms in [1_751_320_800_000_i64, 1_782_856_800_000] {
            let tx = db.act(&Act::by_worker("test", Instant::from_ms(ms)), "test").await?;
            tx.record("rep_1", &ground::Fact::ReportReceived {
                channel: ground::Channel::Web,
                origin: ground::Origin::National,
                addresses: 1,
                language: "nl".into(),
            });
            tx.commit().await?;
        }
        let before = told(&db, 2024).await?;
        assert_eq!(figure(&before, "reports")["value"], serde_json::Value::Null);
        assert_eq!(figure(&before, "reports")["sentences"]["en"], "Nothing was counted for 2024.");
        let after = told(&db, 2026).await?;
        let reports = after.series.iter().find(|one| one.key == "reports").ok_or("no reports")?;
        assert_eq!(reports.growth(), Err(NoGrowth::InPart));
        assert_eq!(
            reports.sentence(Language::En),
            "1 report in 2026; 2025 was counted in part only, so no growth is given."
        );
        let csv = "figure,year,value,unit,definition,source\nreports,2025,2,reports,1,our books\n";
        let act = Act::by_worker("test", Instant::from_ms(MS_2027));
        import(&db, &act, csv.as_bytes(), 2026, false).await?;
        let after = figure(&told(&db, 2026).await?, "reports");
        assert_eq!(
            after["growth_percent"], -50.0,
            "published under our definition, so comparable: {after}"
        );
    }
}
