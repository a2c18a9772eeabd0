//! Ten thousand deliveries in a minute, while a letter is left as fast as ever.

use std::time::{Duration, Instant};

use demo::chat::{App, delivery};
use ground::{Chance, both_engines};
use letterbox::{Letter, LetterForm, Receipt};
use serde_json::json;

use crate::house::House;

fn long() -> bool {
    std::env::var_os("MELDPUNT_TEST_LONG").is_some()
}

both_engines! {
    async fn a_flood_of_deliveries_holds_up_no_letter(db: Db) {
        let house = House::open(db, false).await?;
        let many: i64 = if long() { 10_000 } else { 1_000 };
        let began = Instant::now();
        let mut senders = tokio::task::JoinSet::new();
        for part in 0..16 {
            let platforms = house.platforms.clone();
            senders.spawn(async move {
                for n in (part..many).step_by(16) {
                    let message = json!({ "from": format!("3197{:08}", n % 500), "id": format!("wamid.f{n}"),
                        "timestamp": "1790000000", "type": "text", "text": { "body": format!("flood {n}") } });
                    platforms.bring(App::WhatsApp, &delivery(&[message])).await?;
                }
                Ok::<_, String>(())
            });
        }
        let slot = &house.casework.chat_line().ok_or("no chat line")?.slot;
        let mut slowest = Duration::ZERO;
        for n in 0..20 {
            let form = LetterForm { words: format!("in the middle of it {n}"), ..LetterForm::default() };
            let letter = Letter::parse(&form, "nl").map_err(|_| "no letter")?;
            let asked = Instant::now();
            slot.drop_letter(&letter, Receipt::fresh(&Chance::system())).await?;
            slowest = slowest.max(asked.elapsed());
        }
        while let Some(sent) = senders.join_next().await {
            sent??;
        }
        let took = began.elapsed();
        println!("{many} deliveries in {took:?}; the slowest letter took {slowest:?}");
        assert!(took < Duration::from_secs(60), "{took:?}");
        assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    }
}
