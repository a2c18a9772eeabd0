//! What was asked and answered is brought back, for the evidence.

use capture::Visited;
use data_encoding::HEXLOWER;

use crate::Scene;

/// The exchange for an address that ends so.
fn asked<'a>(visited: &'a Visited, address: &str) -> &'a capture::Exchange {
    let mut all = visited.traffic.exchanges.iter();
    all.find(|one| one.address.ends_with(address))
        .unwrap_or_else(|| panic!("{address} was not written down"))
}

/// The page itself is a piece; each picture is known by the digest of its bytes and is no piece.
fn assert_written_down(visited: &Visited, page: &str) {
    let main = asked(visited, page);
    assert_eq!(main.status, Some(200));
    let sha256 = main.sha256.as_ref().unwrap();
    let piece = &visited.traffic.pieces[sha256];
    assert!(
        String::from_utf8_lossy(piece).contains("<"),
        "the page's own words"
    );
    let picture = asked(visited, "/1.png");
    assert_eq!(picture.status, Some(200));
    let known: Vec<String> = visited
        .pictures
        .iter()
        .map(|picture| HEXLOWER.encode(&picture.digests.sha256))
        .collect();
    assert!(known.contains(picture.sha256.as_ref().unwrap()));
    assert!(
        known
            .iter()
            .all(|sha256| !visited.traffic.pieces.contains_key(sha256))
    );
    for one in &visited.traffic.exchanges {
        assert!((visited.started_at.ms()..=visited.ended_at.ms()).contains(&one.at_ms));
    }
}

#[tokio::test]
async fn the_browsers_requests_and_their_answers_are_written_down() {
    let visited = Scene::new().visit("http://a.example/all").await;
    assert_written_down(&visited, "http://a.example/all");
    assert!(
        visited
            .traffic
            .exchanges
            .iter()
            .any(|one| !one.asked_with.is_empty())
    );
}

#[tokio::test]
async fn the_plain_visitors_requests_and_their_answers_are_written_down() {
    let visited = Scene::plain().visit("http://a.example/plain").await;
    assert_written_down(&visited, "http://a.example/plain");
}
