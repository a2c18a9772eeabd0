//! The public face, walked as a person (or a hostile program) would.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use letterbox::{Answer, Collector};
use tower::ServiceExt;
use vault::IntakeSecret;

use super::journey_house::*;
use super::*;

#[tokio::test]
async fn a_report_gives_a_receipt_and_the_receipt_tells_what_became_of_it() {
    let house = plain_house().await;
    let given = house
        .report(
            "/",
            &[
                ("addresses", "gallery.example/spring"),
                ("words", "halverwege de pagina"),
            ],
        )
        .await;
    assert_eq!(given.status, StatusCode::OK);
    let receipt = given.text_of("receipt-code");
    assert_eq!(
        receipt.chars().filter(char::is_ascii_alphanumeric).count(),
        21,
        "{receipt}"
    );
    assert_eq!(house.letters().await, 1);

    let received = house.post("/receipt", &[("receipt", &receipt)]).await;
    assert!(received.status == StatusCode::OK && received.has("wacht op behandeling"));
    assert!(!received.has(&receipt), "the receipt is shown once");

    let collector = Collector::new(house.scratch.db.clone(), Chance::system());
    let lease = collector
        .take(house.clock.clock().now(), 1_000)
        .await
        .unwrap()
        .unwrap();
    let opened = collector.open(&lease, &house.secret).await.unwrap();
    assert_eq!(opened.letter.words, "halverwege de pagina");
    assert_eq!(opened.letter.language, "nl");
    collector
        .answer(&opened.lookup, &opened.answer_key, Answer::Removed)
        .await
        .unwrap();
    let removed = house
        .post("/en/receipt", &[("receipt", &receipt.to_lowercase())])
        .await;
    assert!(removed.has("has been taken down"));
}

#[tokio::test]
async fn a_story_without_an_address_is_taken_too() {
    let house = plain_house().await;
    let given = house
        .report("/en", &[("words", "it went round in a game")])
        .await;
    assert!(given.status == StatusCode::OK && given.has("Your code"));
    assert_eq!(house.letters().await, 1);
}

#[tokio::test]
async fn faults_stand_beside_the_field_and_nothing_typed_is_lost() {
    let house = plain_house().await;
    let typed = [
        ("addresses", "gallery.example\nin <een> app"),
        ("seen_where", "een \"groep\""),
        ("words", "mijn verhaal & meer"),
        ("reach", "iemand@mail.example"),
    ];
    let shown = house.report("/", &typed).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.has("id=\"addresses-fault\"") && shown.has("href=\"#addresses\""));
    assert!(shown.has("Regel 2"));
    for kept in [
        "in &#60;een&#62; app",
        "een &#34;groep&#34;",
        "mijn verhaal &#38; meer",
        "iemand@mail.example",
    ] {
        assert!(shown.has(kept), "{kept} was lost");
    }
    assert_eq!(house.letters().await, 0);
}

#[tokio::test]
async fn an_empty_form_is_asked_for_something_in_plain_words() {
    let shown = plain_house().await.report("/en", &[]).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.has("Fill in a web address, or tell us below what you saw."));
}

#[tokio::test]
async fn the_same_form_sent_twice_gives_one_letter_and_one_receipt() {
    let house = plain_house().await;
    let token = house.get("/").await.token();
    house.clock.advance_ms(60_000);
    let pairs = [("token", token.as_str()), ("addresses", "gallery.example")];
    let (first, second) = (house.post("/", &pairs).await, house.post("/", &pairs).await);
    assert_eq!(
        first.text_of("receipt-code"),
        second.text_of("receipt-code")
    );
    assert_eq!(house.letters().await, 1);
}

#[tokio::test]
async fn a_form_without_a_token_or_sent_at_once_is_taken_all_the_same() {
    let house = plain_house().await;
    let sent = |token: &'static str| {
        let house = &house;
        async move {
            house
                .post("/", &[("token", token), ("addresses", "gallery.example")])
                .await
        }
    };
    let (without, foreign) = tokio::join!(sent(""), sent("nonsense"));
    for given in [without, foreign] {
        assert!(
            given.status == StatusCode::OK && given.has("receipt-code"),
            "{}",
            given.body
        );
    }
    assert_eq!(house.letters().await, 2);
}

#[tokio::test]
async fn who_fills_in_the_hidden_field_is_asked_once_more_and_loses_nothing() {
    let house = plain_house().await;
    let shown = house
        .report(
            "/en",
            &[
                ("addresses", "gallery.example"),
                ("words", "still here"),
                ("website", "x"),
            ],
        )
        .await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.has("still here") && shown.has("once more"));
    let token = shown.token();
    let again = house
        .post(
            "/en",
            &[("token", &token), ("addresses", "gallery.example")],
        )
        .await;
    assert!(again.has("receipt-code"));
}

#[tokio::test]
async fn when_nothing_can_be_stored_the_page_says_so_and_keeps_what_was_typed() {
    let ways = vec![
        OtherWay::Phone("020 555 01 23".into()),
        OtherWay::Mail("meld@meldpunt.example".into()),
    ];
    let house = house(DoorSettings {
        other_ways: ways,
        ..DoorSettings::default()
    })
    .await;
    let token = house.get("/").await.token();
    house.clock.advance_ms(60_000);
    house.break_storage().await;
    let pairs = [
        ("token", token.as_str()),
        ("addresses", "gallery.example"),
        ("words", "verhaal"),
    ];
    let shown = house.post("/", &pairs).await;
    assert_eq!(shown.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        !shown.has("receipt-code"),
        "a receipt without a report (law 1)"
    );
    assert!(shown.has("niet opgeslagen") && shown.has("gallery.example") && shown.has("verhaal"));
    assert!(shown.has("tel:0205550123") && shown.has("mailto:meld@meldpunt.example"));
    assert!(shown.headers.contains_key("retry-after"));

    let asked = house.post("/receipt", &[("receipt", &any_receipt())]).await;
    assert_eq!(asked.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(asked.has("Uw melding is niet weg"));
}

#[tokio::test]
async fn an_unknown_receipt_is_answered_as_calmly_as_a_known_one() {
    let house = plain_house().await;
    let shown = house
        .post("/en/receipt", &[("receipt", &any_receipt())])
        .await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.has("We do not know this code"));
}

#[tokio::test]
async fn a_typing_mistake_in_a_receipt_is_told_beside_the_field() {
    let shown = plain_house()
        .await
        .post("/receipt", &[("receipt", "ABCD-12")])
        .await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.has("id=\"receipt-fault\"") && shown.has("value=\"ABCD-12\""));
}

#[tokio::test]
async fn every_page_exists_in_both_languages_is_light_and_complete() {
    let house = plain_house().await;
    let sheet = pages::asset::weight("public.css") + pages::asset::weight("mark.svg");
    for pair in [paths::HOME, paths::FOLLOW, paths::EXPLAIN] {
        for language in Language::ALL {
            let path = paths::of(pair, language);
            let shown = house.get(path).await;
            assert_eq!(shown.status, StatusCode::OK, "{path}");
            assert!(
                shown.has(&format!("<html lang=\"{}\">", language.tag())),
                "{path}"
            );
            assert!(shown.has(&format!("href=\"{}\"", paths::of(pair, language.other()))));
            assert!(shown.has("href=\"/exit\"") && shown.has("Centrum Seksueel Geweld"));
            assert!(
                shown.body.len() + sheet <= 60_000,
                "{path}: {}",
                shown.body.len() + sheet
            );
            assert!(!shown.has("<script") && !shown.has(" style=") && !shown.has("data:"));
            assert!(!shown.has(">door-") && !shown.has("\"door-fa") && !shown.has(">frame-"));
            assert_eq!(shown.body.matches("<h1").count(), 1, "{path}");
        }
    }
}

#[tokio::test]
async fn what_goes_wrong_is_told_in_style_and_in_the_language_of_the_path() {
    let house = plain_house().await;
    let lost = house.get("/en/nowhere").await;
    assert!(lost.status == StatusCode::NOT_FOUND && lost.has("This page is not here"));
    let wrong = house
        .send(Request::put("/").body(Body::empty()).unwrap())
        .await;
    assert!(wrong.status == StatusCode::METHOD_NOT_ALLOWED && wrong.has("Dat kan hier niet"));
    let big = house.post("/", &[("words", &"x".repeat(MOST_BYTES))]).await;
    assert!(big.status == StatusCode::PAYLOAD_TOO_LARGE && big.has("te veel in één keer"));
    let strange = Request::post("/en")
        .header("content-type", "text/plain")
        .body(Body::from("x"));
    let strange = house.send(strange.unwrap()).await;
    assert!(strange.status.is_client_error() && strange.has("could not read this form"));
    for shown in [lost, wrong, big, strange] {
        assert!(shown.headers.contains_key("content-security-policy"));
        assert!(shown.has("<main") && !shown.has(">door-"));
    }
}

#[tokio::test]
async fn our_own_panic_is_a_page_and_not_a_cut_connection() {
    let house = plain_house().await;
    let (_, public) = IntakeSecret::from_seed(&[4; 32]);
    let slot = Slot::open(
        house.scratch.db.clone(),
        public,
        Clock::system(),
        Chance::system(),
    );
    let key = Zeroizing::new([9; 32]);
    let door = Door::new(
        slot,
        key,
        DoorSettings::default(),
        Clock::system(),
        Chance::system(),
    );
    #[expect(clippy::panic, reason = "the panic is what is tested")]
    async fn burst() {
        panic!("on purpose");
    }
    let router = Router::new()
        .route("/en/x", get(burst))
        .layer(middleware::from_fn_with_state(
            door.clone(),
            sorry::see_through,
        ))
        .with_state(door);
    let answer = router
        .oneshot(Request::get("/en/x").body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&bytes).contains("Something went wrong on our side"));
}

#[tokio::test]
async fn leaving_clears_what_was_kept_and_goes_to_a_neutral_site() {
    let shown = plain_house().await.get("/exit").await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER);
    assert_eq!(shown.headers.get("clear-site-data").unwrap(), "\"*\"");
    assert_eq!(
        shown.headers.get("location").unwrap(),
        settings::NEUTRAL_SITE
    );
    assert_eq!(shown.headers.get("referrer-policy").unwrap(), "no-referrer");
}

#[tokio::test]
async fn titles_and_paths_are_neutral() {
    let house = plain_house().await;
    for path in ["/", "/en", "/receipt", "/en/receipt", "/help", "/en/help"] {
        let shown = house.get(path).await;
        let title = shown
            .body
            .split("<title>")
            .nth(1)
            .unwrap()
            .split("</title>")
            .next()
            .unwrap();
        let allowed = [
            "Formulier",
            "Form",
            "Code invoeren",
            "Enter your code",
            "Uitleg",
            "How it works",
        ];
        assert!(allowed.contains(&title), "{path}: {title}");
    }
}

#[tokio::test]
async fn no_page_says_more_in_its_headers_than_this() {
    let shown = plain_house().await.get("/").await;
    let mut lines: Vec<String> = shown
        .headers
        .iter()
        .filter(|(name, _)| *name != header::CONTENT_LENGTH)
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}
