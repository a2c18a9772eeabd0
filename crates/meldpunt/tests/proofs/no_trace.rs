//! Law 2, the canary test (T1): whoever sends leaves nothing of themselves behind.
//!
//! Senders with telling headers and a telling address use the public page in every way, right and
//! wrong. Then everything the program wrote, at its most talkative, is searched for what would tell
//! them: as it is, in hex, in base 64, and as unsalted MD5, SHA-1 and SHA-256.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use ground::db::Durability;
use ground::{Ask as _, Chance, Clock, Db};
use letterbox::FormToken;
use sha2::Digest as _;

use crate::Shown;
use crate::program::{Engine, Installation, Start};
use crate::wire::{Sender, receipt_on};

const FROM: Ipv4Addr = Ipv4Addr::new(127, 77, 133, 99);
const HEADERS: [(&str, &str); 9] = [
    ("user-agent", "Canary-Browser/77.33 (Quetzalcoatlus)"),
    ("x-forwarded-for", "203.0.113.177"),
    ("forwarded", "for=203.0.113.178"),
    ("x-real-ip", "203.0.113.179"),
    ("accept-language", "tlh-Canary,vo;q=0.7"),
    ("referer", "https://canary-referer.example/came/from?here"),
    ("cookie", "canary=crumbs-of-a-canary"),
    ("origin", "https://canary-origin.example"),
    ("accept", "text/canary-accept"),
];
/// What is sent in the form itself: sealed, so not to be found readably either.
const WORDS: &str = "canary words that somebody told";
const REACH: &str = "canary-reach@sender.example";

/// One thing that must not be found, in one of its guises.
struct Needle {
    name: String,
    bytes: Vec<u8>,
}

/// The inner part of a text's base 64 for each of the three ways it can stand in a longer text.
fn base64_inside(bytes: &[u8]) -> Vec<String> {
    (0..3)
        .map(|shift| {
            let shifted = [&vec![0_u8; shift], bytes].concat();
            let text = BASE64.encode(&shifted);
            let text = text.trim_end_matches('=');
            // The first signs mix with what stands before, the last with what follows.
            text[if shift == 0 { 0 } else { shift + 1 }..text.len() - 1].to_owned()
        })
        .collect()
}

fn needles_of(text: &str) -> Vec<Needle> {
    let raw = text.as_bytes();
    let mut guises: Vec<(String, Vec<u8>)> = vec![("itself".into(), raw.to_vec())];
    guises.push(("hex".into(), HEXLOWER.encode(raw).into()));
    guises.extend(
        base64_inside(raw)
            .into_iter()
            .map(|inside| ("base 64".into(), inside.into())),
    );
    let digests: [(&str, Vec<u8>); 3] = [
        ("MD5", md5::Md5::digest(raw).to_vec()),
        ("SHA-1", sha1::Sha1::digest(raw).to_vec()),
        ("SHA-256", sha2::Sha256::digest(raw).to_vec()),
    ];
    for (name, digest) in digests {
        guises.push((format!("{name} in hex"), HEXLOWER.encode(&digest).into()));
        guises.push((
            format!("{name} in base 64"),
            BASE64.encode(&digest).trim_end_matches('=').into(),
        ));
        guises.push((name.into(), digest));
    }
    guises
        .into_iter()
        .map(|(guise, bytes)| Needle {
            name: format!("{text} ({guise})"),
            bytes,
        })
        .collect()
}

fn needles() -> Vec<Needle> {
    let mut texts: Vec<String> = HEADERS
        .iter()
        .map(|(_, value)| (*value).to_owned())
        .collect();
    texts.extend([
        FROM.to_string(),
        WORDS.into(),
        REACH.into(),
        "203.0.113.178".into(),
    ]);
    texts.iter().flat_map(|text| needles_of(text)).collect()
}

/// Which needles lie in these bytes; small and capital letters of hex are one.
fn found_in(bytes: &[u8], needles: &[Needle]) -> Vec<String> {
    let lower = bytes.to_ascii_lowercase();
    let lies = |needle: &Needle| {
        let folded = needle.bytes.to_ascii_lowercase();
        contains(&lower, &folded) && (contains(bytes, &needle.bytes) || needle.name.contains("hex"))
    };
    needles
        .iter()
        .filter(|needle| lies(needle))
        .map(|needle| needle.name.clone())
        .collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else {
        return false;
    };
    let mut from = 0;
    while let Some(at) = haystack[from..].iter().position(|byte| byte == first) {
        if haystack[from + at + 1..].starts_with(rest) {
            return true;
        }
        from += at + 1;
    }
    false
}

fn all_files(folder: &Path) -> Shown<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(all_files(&path)?)
        } else {
            found.push(path)
        }
    }
    Ok(found)
}

/// Uses the public page in every way, right and wrong.
async fn use_it(house: &Installation) -> Shown<Vec<u16>> {
    let chance = Chance::system();
    let sender = Sender {
        to: house.door,
        from: FROM,
        headers: &HEADERS,
    };
    let token = FormToken::mint(&chance, Clock::system().now().plus_ms(-60_000));
    let token = token.to_field(&house.token_key()?, &chance);
    let form = [("words", WORDS), ("reach", REACH), ("token", &token)];
    let given = sender.post("/en", &form).await?;
    let receipt = receipt_on(&given.body).unwrap_or_else(|| "0000-0000-0000-0000-0000-0".into());
    let answers = [
        given,
        sender.get("/").await?,
        sender.get("/nothing/is/here").await?,
        sender.send("DELETE", "/en", None, String::new()).await?,
        sender
            .post("/en", &[("words", &"much too long ".repeat(100_000))])
            .await?,
        sender
            .post("/en", &[("addresses", "not an address at all")])
            .await?,
        sender
            .send("POST", "/en", Some("text/plain"), "no form".into())
            .await?,
        sender
            .send(
                "POST",
                "/en",
                Some("application/x-www-form-urlencoded"),
                "%ff=%".into(),
            )
            .await?,
        sender.post("/en/receipt", &[("receipt", &receipt)]).await?,
        sender
            .post("/en/receipt", &[("receipt", "no receipt")])
            .await?,
        sender.get("/exit").await?,
    ];
    Ok(answers.iter().map(|answer| answer.status).collect())
}

/// Everything in the tables of a database on PostgreSQL, as text (bytes stand in it as hex).
async fn all_rows(place: &str) -> Shown<String> {
    #[derive(sea_orm::FromQueryResult)]
    struct Text {
        text: String,
    }
    let db = Db::open(place, Durability::Full).await?;
    let sql = "select cast(table_name as text) as text from information_schema.tables
               where table_schema = 'public'";
    let mut all = String::new();
    for table in db.rows::<Text>(sql, vec![]).await? {
        let sql = format!("select cast(t.* as text) as text from \"{}\" t", table.text);
        for row in db.rows::<Text>(&sql, vec![]).await? {
            all += &row.text;
            all += "\n";
        }
    }
    db.close().await;
    Ok(all)
}

/// Fills a disk of little room, so that failing is talked about as well.
async fn until_full(house: &Installation) -> Shown {
    let chance = Chance::system();
    for _ in 0..400 {
        // From many networks, for the brake would make one sender wait.
        let sender = Sender {
            headers: &HEADERS,
            ..house.somebody(&chance)
        };
        let words = format!("{WORDS} {}", "x".repeat(15_000));
        let token = FormToken::mint(&chance, Clock::system().now().plus_ms(-60_000));
        let token = token.to_field(&house.token_key()?, &chance);
        if sender
            .post("/en", &[("words", &words), ("token", &token)])
            .await?
            .status
            == 503
        {
            return Ok(());
        }
    }
    Err("storing a letter never failed".into())
}

/// Uses the public page while its disk is full. What was written ahead may be folded in between, which
/// makes room for some more letters; then the disk is filled again.
async fn used_while_full(house: &Installation) -> Shown<bool> {
    for _ in 0..20 {
        until_full(house).await?;
        if use_it(house).await?.first() == Some(&503) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn nobody_leaves_a_trace(engine: Engine, role: &'static str) -> Shown {
    let folder = tempfile::tempdir()?;
    let Some(house) = Installation::make(folder.path(), engine).await? else {
        return Ok(());
    };
    let talkative = Start {
        role: Some(role),
        talkative: true,
        zone: None,
        file_limit_kib: None,
        ready: None,
    };
    let running = house.start(talkative).await?;
    let statuses = use_it(&house).await?;
    assert_eq!(
        statuses,
        [200, 200, 404, 405, 413, 422, 415, 422, 200, 422, 303]
    );
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let needles = needles();
    let mut found = Vec::new();
    // While it runs, so that the write-ahead log is still there; and once more after it was killed.
    for path in all_files(folder.path())? {
        let hits = found_in(&std::fs::read(&path)?, &needles);
        found.extend(
            hits.into_iter()
                .map(|hit| format!("{}: {hit}", path.display())),
        );
    }
    running.kill()?;
    if engine == Engine::Sqlite && role == "door" {
        let full = house
            .start(Start {
                file_limit_kib: Some(600),
                ..talkative
            })
            .await?;
        assert!(used_while_full(&house).await?, "no use met a full disk");
        full.kill()?;
    }
    for path in all_files(folder.path())? {
        let hits = found_in(&std::fs::read(&path)?, &needles);
        found.extend(
            hits.into_iter()
                .map(|hit| format!("{}: {hit}", path.display())),
        );
    }
    if engine == Engine::Postgres {
        for place in [&house.letterbox, &house.records] {
            found.extend(found_in(all_rows(place).await?.as_bytes(), &needles));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_leaves_no_trace_at_the_door_on_sqlite() -> Shown {
    nobody_leaves_a_trace(Engine::Sqlite, "door").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_leaves_no_trace_at_the_door_on_postgres() -> Shown {
    nobody_leaves_a_trace(Engine::Postgres, "door").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_leaves_no_trace_in_the_whole_house_on_sqlite() -> Shown {
    nobody_leaves_a_trace(Engine::Sqlite, "all").await
}

#[test]
fn the_search_finds_what_is_hidden_in_any_guise() {
    let needles = needles_of("canary");
    let hidden = [
        "xxcanaryxx".into(),
        HEXLOWER.encode(b"canary").to_uppercase(),
    ]
    .into_iter()
    .chain((0..3).map(|n| BASE64.encode(&[&vec![b'a'; n], &b"canary"[..], b"bcd"].concat())));
    for text in hidden {
        assert_eq!(found_in(text.as_bytes(), &needles).len(), 1, "{text}");
    }
    for digest in [
        md5::Md5::digest(b"canary").to_vec(),
        sha2::Sha256::digest(b"canary").to_vec(),
    ] {
        assert_eq!(found_in(&[b"x", &digest[..]].concat(), &needles).len(), 1);
        assert_eq!(
            found_in(HEXLOWER.encode(&digest).as_bytes(), &needles).len(),
            1
        );
    }
    assert!(found_in(b"nothing of the kind", &needles).is_empty());
}
