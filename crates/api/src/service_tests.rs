use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::Method;
use ground::{Act, Actor, Chance, Instant, TestClock, both_engines};
use hashcheck::{AlarmKind, ClientId, Key, Quota};
use http_body_util::BodyExt as _;
use pdq::Hash256;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::*;

#[path = "service_tests/refused.rs"]
mod refused;

const UNDER: [u8; 32] = [3; 32];
const DAY_MS: i64 = ground::clock::DAY_MS;

/// A list of one SHA-256 and of one PDQ hash with what is near it.
struct Drawn {
    ready: AtomicBool,
    sha256: Mutex<Option<[u8; 32]>>,
    pdq: Hash256,
}

impl Lists for Drawn {
    fn ready(&self) -> bool {
        self.ready.load(Ordering::SeqCst)
    }
    fn look_up(&self, hash: &Hash) -> Result<Option<Found>, NotLoaded> {
        if !self.ready() {
            return Err(NotLoaded);
        }
        let on = match hash {
            Hash::Sha256(bytes) => *self.sha256.lock().unwrap() == Some(*bytes),
            Hash::Pdq(hash) => hash.distance(&self.pdq) <= 31,
            _ => false,
        };
        Ok(on.then(|| Found {
            category: "illegal-baseline".into(),
            entry: 77,
        }))
    }
}

struct House {
    api: Api,
    db: Db,
    clock: TestClock,
    lists: Arc<Drawn>,
    id: ClientId,
    key: String,
}

fn act(clock: &TestClock) -> Act {
    Act {
        who: Actor::Operator,
        at: clock.clock().now(),
        why: None,
    }
}

async fn house(db: Db, quota: Quota) -> House {
    let clock = TestClock::at(Instant::from_ms(20_000 * DAY_MS + 1_000));
    let name = "Example Host".parse().unwrap();
    let chance = Chance::system();
    let added = hashcheck::add(&db, &act(&clock), (&name, quota), (&chance, &UNDER)).await;
    let (id, key): (ClientId, Key) = added.unwrap();
    let lists = Arc::new(Drawn {
        ready: AtomicBool::new(true),
        sha256: Mutex::new(Some([7; 32])),
        pdq: Hash256::from_words([1, 2, 3, 4]),
    });
    let parts = Parts {
        db: db.clone(),
        clock: clock.clock(),
        key_digests: UNDER,
        lists: Arc::clone(&lists) as Arc<dyn Lists>,
    };
    let api = Api::new(parts);
    api.refresh().await.unwrap();
    let key = key.reveal().to_string();
    House {
        api,
        db,
        clock,
        lists,
        id,
        key,
    }
}

struct Heard {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl House {
    async fn send(&self, request: axum::http::request::Builder, body: &str) -> Heard {
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let answer = router(self.api.clone()).oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Heard {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    fn asking(&self) -> axum::http::request::Builder {
        Request::builder()
            .method(Method::POST)
            .uri("/v1/hash-check")
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/json")
    }

    /// Asks, and holds what is answered against the description.
    async fn ask(&self, body: &Value) -> Heard {
        let heard = self.send(self.asking(), &body.to_string()).await;
        described("/v1/hash-check", "post", &heard);
        heard
    }
}

fn sha256(byte: u8) -> Value {
    json!({ "kind": "sha256", "hash": format!("{byte:02x}").repeat(32) })
}

fn one(hash: Value) -> Value {
    json!({ "hashes": [hash] })
}

/// Whether a value is as a schema of the description says; the part of JSON Schema that it uses.
fn fits(all: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(named) = schema["$ref"].as_str() {
        return fits(all, all.pointer(&named[1..]).unwrap(), value);
    }
    if let Some(ways) = schema["oneOf"].as_array() {
        return ways.iter().filter(|way| fits(all, way, value)).count() == 1;
    }
    let listed = schema["enum"].as_array();
    let listed = listed.is_none_or(|words| words.contains(value));
    listed
        && match schema["type"].as_str().unwrap() {
            "string" => value.is_string(),
            "integer" => value.is_i64(),
            "array" => value
                .as_array()
                .is_some_and(|items| items.iter().all(|item| fits(all, &schema["items"], item))),
            "object" => value.as_object().is_some_and(|fields| {
                let mut needed = schema["required"].as_array().unwrap().iter();
                needed.all(|name| fields.contains_key(name.as_str().unwrap()))
                    && fields.iter().all(|(name, value)| {
                        let known = schema["properties"].get(name);
                        known.is_some_and(|schema| fits(all, schema, value))
                    })
            }),
            other => panic!("the test does not know the type {other}"),
        }
}

fn described(path: &str, method: &str, heard: &Heard) {
    let all: Value = serde_json::from_str(OPENAPI).unwrap();
    let answer = &all["paths"][path][method]["responses"][heard.status.to_string()];
    let kind = heard.headers["content-type"].to_str().unwrap();
    let schema = &answer["content"][kind]["schema"];
    assert!(
        !schema.is_null(),
        "{} {kind} is not described",
        heard.status
    );
    assert!(fits(&all, schema, &heard.body), "{}", heard.body);
}

both_engines! {
    async fn a_hash_on_a_list_is_a_match_with_its_category_and_nothing_more(db: Db) {
        let house = house(db, Quota::USUAL).await;
        let near = Hash256::from_words([1, 2, 3, 4]).with_flipped(9).to_string();
        let heard = house.ask(&json!({ "hashes": [
            sha256(7), sha256(8),
            { "kind": "pdq", "hash": near, "quality": 80 },
            { "kind": "pdq_512", "hash": near },
            { "kind": "pdq", "hash": near, "quality": 10 },
        ] })).await;
        assert_eq!(heard.status, 200);
        let found = json!({ "result": "match", "category": "illegal-baseline" });
        assert_eq!(heard.body, json!({ "results": [
            found, { "result": "no-match" }, found, found,
            { "result": "not-checked", "reason": "low-quality" },
        ] }));
        assert_eq!(heard.headers["cache-control"], "no-store");
        *house.lists.sha256.lock().unwrap() = None;
        let heard = house.ask(&one(sha256(7))).await;
        assert_eq!(heard.body["results"][0]["result"], "no-match", "withdrawn");
    }
}

both_engines! {
    async fn lists_that_are_not_loaded_are_never_no_match(db: Db) {
        let house = house(db, Quota::USUAL).await;
        let status = || Request::builder().uri("/v1/status");
        let ready = house.send(status(), "").await;
        assert_eq!((ready.status, &ready.body["status"]), (200, &json!("ready")));
        house.lists.ready.store(false, Ordering::SeqCst);
        let heard = house.ask(&one(sha256(8))).await;
        assert_eq!(heard.status, 503);
        assert!(heard.headers.contains_key("retry-after"));
        let loading = house.send(status(), "").await;
        described("/v1/status", "get", &loading);
        assert_eq!((loading.status, &loading.body["status"]), (503, &json!("loading")));
    }
}

both_engines! {
    async fn a_revoked_or_unknown_key_is_refused_and_a_lost_database_lets_nobody_in(db: Db) {
        let house = house(db, Quota::USUAL).await;
        assert_eq!(house.ask(&one(sha256(8))).await.status, 200);
        for key in ["", "Bearer", "Bearer mpk_x", "Basic abc"] {
            let request = Request::builder().method("POST").uri("/v1/hash-check");
            let heard = house.send(request.header("authorization", key), "{}").await;
            described("/v1/hash-check", "post", &heard);
            assert_eq!(heard.status, 401, "{key}");
        }
        hashcheck::revoke(&house.db, &act(&house.clock), house.id).await?;
        house.api.refresh().await?;
        assert_eq!(house.ask(&one(sha256(8))).await.status, 401);
        house.clock.advance_ms(6_000);
        assert_eq!(house.ask(&one(sha256(8))).await.status, 503);
    }
}

both_engines! {
    async fn a_quota_is_kept_and_counts_reach_the_ledger_when_the_day_is_over(db: Db) {
        let house = house(db, Quota { per_minute: 3, per_day: 9 }).await;
        let three = json!({ "hashes": [sha256(7), sha256(8), sha256(9)] });
        assert_eq!(house.ask(&three).await.status, 200);
        let over = house.ask(&three).await;
        assert_eq!((over.status, over.headers["retry-after"].to_str()?), (429, "59"));
        let four = json!({ "hashes": [sha256(6), sha256(7), sha256(8), sha256(9)] });
        let never = house.ask(&four).await;
        assert_eq!((never.status, never.headers.get("retry-after")), (422, None));
        assert!(never.body["detail"].as_str().is_some_and(|told| told.contains("Ask fewer")));
        house.api.flush().await?;
        let day = hashcheck::days(&house.db, 0).await?.remove(0);
        assert_eq!((day.day, day.checks, day.matches), (20_000, 3, 1));
        house.clock.advance_ms(DAY_MS + 600_000);
        house.api.flush().await?;
        let last = ground::ledger::after(&house.db, 0, 100).await?.pop().unwrap();
        assert_eq!(last.kind, "hashes_checked");
    }
}

both_engines! {
    async fn feeling_for_the_edge_of_a_match_raises_an_alarm(db: Db) {
        let house = house(db, Quota::USUAL).await;
        let walk: Vec<Value> = (0..200).map(|bit| {
            let hash = Hash256::from_words([1, 2, 3, 4]).with_flipped(bit).to_string();
            json!({ "kind": "pdq", "hash": hash })
        }).collect();
        house.ask(&json!({ "hashes": walk })).await;
        house.api.flush().await?;
        let kinds: Vec<AlarmKind> = hashcheck::alarms(&house.db, 9).await?
            .iter().map(|alarm| alarm.kind).collect();
        assert!(kinds.contains(&AlarmKind::Neighbours) && kinds.contains(&AlarmKind::Walking));
    }
}

/// What callers may rely on: a change of this list is a change of the service.
#[test]
fn the_description_names_every_route_with_its_answers_and_the_fields_of_each_body() {
    let all: Value = serde_json::from_str(OPENAPI).unwrap();
    let keys = |value: &Value| -> Vec<String> {
        let fields = value.as_object().into_iter().flatten();
        fields.map(|(name, _)| name.clone()).collect()
    };
    let mut told = Vec::new();
    for (path, methods) in all["paths"].as_object().unwrap() {
        for (method, described) in methods.as_object().unwrap() {
            let answers = keys(&described["responses"]).join(" ");
            told.push(format!("{} {path}: {answers}", method.to_uppercase()));
        }
    }
    for (name, schema) in all["components"]["schemas"].as_object().unwrap() {
        told.push(format!("{name}: {}", keys(&schema["properties"]).join(" ")));
    }
    assert_eq!(
        told,
        include_str!("openapi_told.txt").lines().collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_hash_that_was_asked_is_in_no_file() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("records.db");
    let db = Db::open_sqlite(&path, ground::db::Durability::Full).await?;
    ground::migrate::run(&db, ground::migrate::RECORDS).await?;
    let house = house(db, Quota::USUAL).await;
    let canary = [0xc5, 0x1e, 0x77, 0xa9].repeat(8);
    let hex: String = canary.iter().map(|byte| format!("{byte:02x}")).collect();
    for kind in ["sha256", "pdq", "pdq_512"] {
        house.ask(&one(json!({ "kind": kind, "hash": hex }))).await;
    }
    house.api.flush().await?;
    let mut files = 0;
    for entry in std::fs::read_dir(folder.path())? {
        let bytes = std::fs::read(entry?.path())?;
        files += 1;
        for needle in [&canary[..], hex.as_bytes(), &hex.as_bytes()[..16]] {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle));
        }
    }
    assert!(files >= 2, "the write-ahead log was looked at too");
    Ok(())
}

/// The one block of Python in the document.
fn documented_client() -> &'static str {
    let text = include_str!("../../../docs/hash-check.md");
    let (_, rest) = text.split_once("```python\n").unwrap();
    rest.split_once("```").unwrap().0
}

both_engines! {
    async fn the_documented_client_hears_what_the_service_says(db: Db) {
        let house = house(db, Quota::USUAL).await;
        let folder = tempfile::tempdir()?;
        let (client, file) = (folder.path().join("check.py"), folder.path().join("a.txt"));
        std::fs::write(&client, documented_client())?;
        std::fs::write(&file, "abc")?;
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let listed: Vec<u8> = (0..32)
            .map(|at| u8::from_str_radix(&abc[2 * at..2 * at + 2], 16))
            .collect::<Result<_, _>>()?;
        *house.lists.sha256.lock().unwrap() = Some(listed.try_into().unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let server = format!("http://{}", listener.local_addr()?);
        let serving = tokio::spawn(axum::serve(listener, router(house.api.clone())).into_future());
        let run = || {
            let mut run = tokio::process::Command::new("python3");
            run.arg(&client).arg(&server).arg(&file).env("KEY", &house.key);
            run
        };
        let said = run().output().await?;
        let said = String::from_utf8(said.stdout)?;
        assert!(said.contains("\"result\": \"match\", \"category\": \"illegal-baseline\""), "{said}");
        house.lists.ready.store(false, Ordering::SeqCst);
        let said = run().output().await?;
        assert!(!said.status.success() && said.stdout.is_empty());
        assert!(String::from_utf8(said.stderr)?.contains("not checked (503)"));
        serving.abort();
    }
}
