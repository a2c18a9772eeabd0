use ground::testing::sqlite;
use ground::{Act, Instant, migrate};
use pages::Language;

use super::{Making, Yearly};
use crate::drawn_ledger::{Drawn, line};
use crate::{Calendar, import, yearly};

/// Four hundred lines of all kinds, the same each time.
fn drawn() -> impl Iterator<Item = Drawn> {
    (0..400_u32).map(|n| {
        let spread = |by: u32, of: u32| n.wrapping_mul(by).wrapping_add(n / 7) % of;
        let small = |n: u32| u8::try_from(n).unwrap_or(0);
        let hour = u16::try_from(spread(97, 60_000)).unwrap_or(0);
        (
            small(spread(5, 18)),
            small(spread(11, 6)),
            hour,
            small(spread(13, 250)),
            small(spread(17, 250)),
        )
    })
}

async fn of_2025() -> Result<Yearly, Box<dyn std::error::Error>> {
    let scratch = sqlite(migrate::RECORDS).await?;
    let db = &scratch.db;
    let mut lines: Vec<_> = drawn().map(line).collect();
    for n in 0..4 {
        let id = ground::ProviderId::from_bits(n).to_string();
        let fact = ground::Fact::ProviderFound {
            name: format!("Hosting {n} <B.V.>"),
            country: None,
            asn: None,
        };
        lines.push((lines[0].0, id, fact));
    }
    lines.sort_by_key(|line| line.0);
    for (at, subject, fact) in lines {
        let act = Act::by_worker("test", Instant::from_ms(at));
        let tx = db.act(&act, "test").await?;
        tx.record(subject, &fact);
        tx.commit().await?;
    }
    let now = Instant::from_ms(1_800_000_000_000);
    let csv = "figure,year,value,unit,definition,source\n\
               reports,2022,7,reports,1,report 2022\nreports,2023,9,reports,1,report 2023\n";
    import(
        db,
        &Act::by_worker("test", now),
        csv.as_bytes(),
        2026,
        false,
    )
    .await?;
    Ok(yearly(db, &Calendar::of("Europe/Amsterdam")?, 2025, 2, now).await?)
}

fn making(lang: Language, named: bool) -> Making<'static> {
    Making {
        lang,
        site: "Hotline <Example>",
        named,
        style: Some("yearly.css"),
        names: &|question, option, _| option.unwrap_or(question).to_owned(),
    }
}

#[tokio::test]
async fn the_document_of_a_drawn_year_stays_as_it_was_looked_at()
-> Result<(), Box<dyn std::error::Error>> {
    let yearly = of_2025().await?;
    insta::assert_snapshot!("in_dutch", yearly.to_html(&making(Language::Nl, false))?);
    insta::assert_snapshot!("in_english", yearly.to_html(&making(Language::En, true))?);
    Ok(())
}

#[tokio::test]
async fn providers_are_named_only_when_asked_and_nothing_breaks_out_of_the_page()
-> Result<(), Box<dyn std::error::Error>> {
    let yearly = of_2025().await?;
    let numbered = yearly.to_html(&making(Language::En, false))?;
    assert!(
        numbered.contains("Provider 1") && !numbered.contains("Hosting "),
        "{numbered}"
    );
    assert!(
        yearly
            .to_html(&making(Language::En, true))?
            .contains("Hosting ")
    );
    for never in ["<script", " style=\"", "<style", "<Example>"] {
        assert!(!numbered.contains(never), "{never}");
    }
    let alone = Making {
        style: None,
        ..making(Language::En, false)
    };
    let alone = yearly.to_html(&alone)?;
    assert!(alone.contains("<style>") && !alone.contains("stylesheet") && !alone.contains("url("));
    Ok(())
}
