//! Plays the stories.

use demo::chat::{App, Meet, delivery};
use ground::{Ask as _, Db, both_engines, values};
use serde_json::Value;

use crate::Fault;
use crate::house::House;

/// Every column of the records and the letterbox in which something could stand readably.
async fn everything(db: &Db, tables: &[&str]) -> Result<String, Fault> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        all_of_it: Option<String>,
    }
    let mut found = String::new();
    for table in tables {
        let sql = match db.backend() {
            sea_orm::DbBackend::Postgres => {
                format!("select cast(t as text) as all_of_it from {table} t")
            }
            _ => {
                let columns = columns(db, table).await?;
                let cast = columns.iter().map(|c| {
                    format!("coalesce(case typeof({c}) when 'blob' then hex({c}) else cast({c} as text) end, '')")
                });
                format!(
                    "select {} as all_of_it from {table}",
                    cast.collect::<Vec<_>>().join(" || ' ' || ")
                )
            }
        };
        for row in db.rows::<Row>(&sql, values![]).await? {
            found.push_str(&row.all_of_it.unwrap_or_default());
            found.push('\n');
        }
    }
    Ok(found)
}

async fn columns(db: &Db, table: &str) -> Result<Vec<String>, Fault> {
    #[derive(sea_orm::FromQueryResult)]
    struct Column {
        name: String,
    }
    let sql = "select name from pragma_table_info($1)";
    let rows = db.rows::<Column>(sql, values![table]).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

const RECORDS: [&str; 9] = [
    "ledger",
    "seal_key",
    "conversation",
    "conversation_sender",
    "chat_heard",
    "chat_text",
    "report",
    "address",
    "sighting",
];
const LETTERBOX: [&str; 3] = ["letter", "answer", "envelope"];

/// Law 2 for chats: neither as they are nor in hex.
async fn nothing_tells_a_sender(house: &House, needles: &[String]) -> Result<(), Fault> {
    let mut all = everything(&house.casework.db, &RECORDS).await?;
    all += &everything(&house.letterbox.db, &LETTERBOX).await?;
    let all = all.to_lowercase();
    for needle in needles {
        let needle = needle.to_lowercase();
        let hex = data_encoding::HEXLOWER.encode(needle.as_bytes());
        assert!(
            !all.contains(&needle) && !all.contains(&hex),
            "{needle} stands readably in the records"
        );
    }
    Ok(())
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Holds what the hotline said to somebody.
fn told(house: &House, at: &str, with: &Value) {
    let who = with["who"].as_str().unwrap_or_default();
    let told = house.told(who);
    if let Some(many) = with["many"].as_u64() {
        assert_eq!(told.len() as u64, many, "{at}: {told:#?}");
    }
    let last = told.last().cloned().unwrap_or_default();
    for words in texts(&with["last"]) {
        assert!(last.contains(&words), "{at}: {told:#?}");
    }
    for words in texts(&with["not"]) {
        assert!(
            !told.iter().any(|text| text.contains(&words)),
            "{at}: {told:#?}"
        );
    }
}

/// Holds what was reported.
async fn reports(house: &House, at: &str, with: &Value) -> Result<(), Fault> {
    let reports = house.reports().await?;
    assert_eq!(
        reports.len() as u64,
        with["many"].as_u64().unwrap_or(0),
        "{at}: {reports:#?}"
    );
    for words in texts(&with["words"]) {
        let held = reports
            .iter()
            .filter(|(said, _)| said.contains(&words))
            .count();
        assert_eq!(
            held, 1,
            "{at}: {words} stands in {held} reports: {reports:#?}"
        );
    }
    for address in texts(&with["addresses"]) {
        assert!(
            reports.iter().any(|(_, named)| named.contains(&address)),
            "{at}: {reports:#?}"
        );
    }
    if let Some(many) = with["all_addresses"].as_u64() {
        let all: usize = reports.iter().map(|(_, named)| named.len()).sum();
        assert_eq!(all as u64, many, "{at}");
    }
    Ok(())
}

/// One step of a story; what it must come to is held.
async fn step(house: &House, name: &str, step: &Value) -> Result<(), Fault> {
    let at = format!("{name}: {step}");
    let (what, with) = step
        .as_object()
        .and_then(|step| step.iter().next())
        .ok_or("an empty step")?;
    match what.as_str() {
        "whatsapp" => {
            house
                .platforms
                .bring(App::WhatsApp, &delivery(with.as_array().ok_or("no list")?))
                .await?
        }
        "whatsapp_many" => {
            let (from, many) = (with["from"].clone(), with["many"].as_i64().unwrap_or(0));
            let one = |n: i64| serde_json::json!({ "from": from, "id": format!("wamid.many{n}"), "timestamp": "1790000000", "type": "text", "text": { "body": format!("number{n}.example") } });
            let all: Vec<Value> = (0..many).map(one).collect();
            house
                .platforms
                .bring(App::WhatsApp, &delivery(&all))
                .await?;
        }
        "whatsapp_raw" => house.platforms.bring(App::WhatsApp, with).await?,
        "telegram" => house.platforms.bring_update(with.clone()).await?,
        "fetch" => drop(house.casework.fetch_updates().await?),
        "pass_s" => house.pass(with.as_i64().unwrap_or(0)).await?,
        "meet" => match with.as_array() {
            Some(answer) => {
                let status = u16::try_from(answer[0].as_u64().unwrap_or(500))?;
                house
                    .platforms
                    .next(Meet::Answer(status, answer[1].to_string()));
            }
            None => house.platforms.next(Meet::SayAndCut),
        },
        "told" => told(house, &at, with),
        "reports" => reports(house, &at, with).await?,
        "rows" => {
            let found = house.count(with["of"].as_str().unwrap_or_default()).await?;
            assert_eq!(Some(found), with["many"].as_i64(), "{at}");
        }
        other => return Err(format!("{name}: there is no step {other}").into()),
    }
    Ok(())
}

async fn play(db: Db, name: &str, text: &str) -> Result<(), Fault> {
    let story: Value = serde_json::from_str(text).map_err(|fault| format!("{name}: {fault}"))?;
    let house = House::open(db, story["poll"] == true).await?;
    let mut needles = texts(&story["needles"]);
    let s = &house.secrets;
    needles.extend(
        [
            &s.app_secret,
            &s.telegram_secret,
            &s.whatsapp_token,
            &s.telegram_token,
        ]
        .map(Clone::clone),
    );
    for one in story["steps"].as_array().into_iter().flatten() {
        step(&house, name, one).await?;
    }
    nothing_tells_a_sender(&house, &needles).await?;
    assert_eq!(
        house.platforms.downloads(),
        0,
        "{name}: a file was asked for"
    );
    for call in house.platforms.calls() {
        let (token, link) = (
            call.contains(&s.whatsapp_token),
            call.contains("https://g") || call.contains("http://g"),
        );
        assert!(!token && !link, "{name}: {call}");
    }
    let told = house.casework.db.clone();
    assert_eq!(ground::ledger::verify(&told, &[], None).await?.damage, None);
    Ok(())
}

macro_rules! stories {
    ($($name:ident)+) => {$(
        both_engines! {
            async fn $name(db: Db) {
                let text = include_str!(concat!("scenarios/", stringify!($name), ".json"));
                play(db, stringify!($name), text).await?;
            }
        }
    )+};
}

stories! {
    a_report_on_whatsapp
    a_batch_with_repeats_in_any_order
    every_kind_on_whatsapp
    limits_and_doubt_on_whatsapp
    the_window_closes
    a_number_changes
    an_album_on_telegram
    limits_and_doubt_on_telegram
    edits_groups_and_leaps_on_telegram
    silence_stop_and_forgetting
    help_comes_first
    fetched_instead_of_brought
}
