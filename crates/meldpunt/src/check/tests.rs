use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ground::Chance;
use tokio::net::TcpListener;

use super::*;

#[test]
fn one_hash_on_a_list_is_enough_and_what_was_not_compared_is_said() {
    let one = hashed("a.txt".into(), b"abc");
    let hashes = one.hashes.clone().unwrap();
    let said = || vec![Said::NoMatch, Said::NoMatch, Said::NoMatch];
    let clean = line(&one, &hashes, said());
    assert_eq!(clean["result"], "no-match");
    assert!(clean["not_compared_as_picture"].is_string());
    let mut found = said();
    found[1] = Said::Match {
        category: "example".into(),
    };
    let found = line(&one, &hashes, found);
    assert_eq!(
        (&found["result"], &found["category"]),
        (&json!("match"), &json!("example"))
    );
    assert_eq!(found["by"], json!(["sha1"]));
}

#[test]
fn a_private_network_is_reached_only_by_number_and_a_key_is_not_sent_readably() {
    let policy_of = |text: &str| policy(&Url::parse(text).unwrap());
    let inside = "192.168.7.7".parse().unwrap();
    assert!(
        policy_of("http://192.168.7.7:7100")
            .unwrap()
            .check_ip(inside)
            .is_ok()
    );
    let other = policy_of("https://hashcheck.example").unwrap();
    assert!(other.check_ip(inside).is_err() && other.check_name("localhost").is_err());
    assert!(other.check_port(443).is_ok() && other.check_port(80).is_err());
    for readable in [
        "http://hashcheck.example",
        "http://93.184.216.34",
        "ftp://10.0.0.1",
    ] {
        assert!(policy_of(readable).is_err(), "{readable}");
    }
}

/// A service that takes at most three hashes at once, and before the third question says once that the
/// quota is used up for this long.
async fn narrow(questions: Arc<AtomicUsize>, seconds: u32, body: axum::Json<Value>) -> Response {
    let problem = |status: StatusCode, name: &str| {
        let kind = format!("urn:meldpunt:problem:{name}");
        let body = json!({ "type": kind, "detail": "other than that" }).to_string();
        (status, [(header::RETRY_AFTER, seconds.to_string())], body).into_response()
    };
    let hashes = body["hashes"].as_array().map_or(0, Vec::len);
    if hashes > 3 {
        return problem(StatusCode::UNPROCESSABLE_ENTITY, "number");
    }
    if questions.fetch_add(1, Ordering::SeqCst) == 2 {
        return problem(StatusCode::TOO_MANY_REQUESTS, "quota");
    }
    let results = vec![json!({ "result": "no-match" }); hashes];
    axum::Json(json!({ "results": results })).into_response()
}

/// What is told of four files of such a service, and how many questions it was asked.
async fn asked_of_narrow(seconds: u32) -> (Vec<Value>, usize) {
    let questions = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let counted = Arc::clone(&questions);
    let answer = move |body| narrow(Arc::clone(&counted), seconds, body);
    let routes = axum::Router::new().route("/v1/hash-check", axum::routing::post(answer));
    let serving = tokio::spawn(axum::serve(listener, routes).into_future());
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("key");
    let key = hashcheck::Key::fresh(&Chance::system());
    std::fs::write(&key_file, key.reveal().as_bytes()).unwrap();
    let service = Service::new(&at, &key_file).unwrap();
    let made: Vec<Made> = [&b"a"[..], b"b", b"c", b"d"]
        .iter()
        .map(|bytes| hashed("a.txt".into(), bytes))
        .collect();
    let lines = service.ask(&made).await;
    serving.abort();
    (lines, questions.load(Ordering::SeqCst))
}

#[tokio::test]
async fn what_is_too_much_for_the_service_is_asked_in_smaller_questions_and_later() {
    let (lines, questions) = asked_of_narrow(1).await;
    assert!(lines.iter().all(|line| line["result"] == "no-match"));
    // Twelve hashes in questions of three, one of them twice.
    assert_eq!((lines.len(), questions), (4, 5));
}

#[tokio::test]
async fn the_quota_of_a_day_is_not_waited_for() {
    let (lines, questions) = asked_of_narrow(61).await;
    let refused = |line: &Value| line["error"] == "not checked (429): other than that";
    assert!(lines.iter().all(refused), "{lines:?}");
    assert_eq!(questions, 3);
}
