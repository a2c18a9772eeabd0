//! As whom a site is visited, which gates are passed, and what kind of page is said to be there.

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Html;
use axum::routing::get;
use capture::{Captured, Gates, HostPattern, Remark, SiteRule, Viewport};

use crate::{Scene, not_found};

pub fn routes() -> Router {
    Router::new()
        .route("/mirror", get(mirror))
        .route("/gate/link", get(|| async {
            Html("<p>Are you old enough?</p><a href=/gate/behind>Yes, I am over 18!</a>\
                <a href='http://elsewhere.example/bare'>I agree</a>")
        }))
        .route("/gate/own", get(|| async {
            Html("<div role=button onclick=\"location = '/gate/behind'\">Vooruit dan maar</div>")
        }))
        .route("/gate/framed", get(|| async {
            Html("<img src=/p/60.png><iframe src='http://b.example/gate/frame'></iframe><script>
                onmessage = () => { const i = new Image(); i.src = '/p/61.png'; document.body.append(i); };</script>")
        }))
        .route("/gate/frame", get(|| async {
            Html("<button onclick=\"parent.postMessage('yes', '*')\">Alle cookies accepteren</button>")
        }))
        .route("/gate/behind", get(|| async { Html("<title>Behind</title><img src=/p/61.png>") }))
        .route("/gate/none", get(|| async {
            Html("<button onclick=\"location = '/gone'\">Delete my account</button>\
                <a href=/gone>I agree that this long sentence is no button of a gate</a><img src=/p/60.png>")
        }))
        .route("/kind/login", get(|| async {
            Html("<title>Forum</title><h1>Members</h1><form><input name=n><input type=password><button>Log in</button></form>")
        }))
        .route("/kind/captcha", get(|| async {
            Html("<title>Just a moment...</title><p>Checking your browser before you go on.</p>")
        }))
        .route("/kind/paywall", get(|| async {
            Html("<title>News</title><h1>Rain</h1><p>It rained.</p><h2>Abonneer je om verder te lezen</h2>")
        }))
        .route("/kind/removed", get(|| async {
            Html("<title>Video</title><p>This video is no longer available.</p>")
        }))
        .route("/kind/gallery", get(|| async {
            Html("<title>Shapes</title><form><input name=n><input type=password></form>\
                <p>One drawing has been removed.</p><img width=300 height=300 src=/p/62.png>")
        }))
}

/// Shows what a visitor looks like, as a title.
async fn mirror(headers: HeaderMap) -> Html<String> {
    let sent = |name: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("-")
            .to_owned()
    };
    let (language, name) = (sent("accept-language"), sent("user-agent"));
    Html(format!(
        "<title>-</title><script>document.title = [{language:?}, {name:?}, navigator.language,
            Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth, innerHeight,
            navigator.webdriver, navigator.userAgentData?.brands?.length,
            JSON.stringify(navigator.userAgentData ?? '').includes('eadless')].join('|');</script>"
    ))
}

#[tokio::test]
async fn a_site_is_visited_as_its_rule_says() {
    let mut scene = Scene::new();
    scene.settings.rules = vec![SiteRule {
        hosts: HostPattern::parse("*.b.example").unwrap(),
        language: Some("de-DE,de;q=0.9".to_owned()),
        timezone: Some("America/Lima".to_owned()),
        viewport: Some(Viewport {
            width: 800,
            height: 700,
        }),
        user_agent: Some("Anybody/1.0".to_owned()),
        exit: None,
        gates: Gates::default(),
    }];
    // Without the scene's own mark a process left behind is found by the socket alone.
    let seen = scene
        .visit("http://www.b.example/mirror")
        .await
        .title
        .unwrap();
    assert!(
        seen.starts_with("de-DE,de;q=0.9|Anybody/1.0|de-DE|America/Lima|800|700|"),
        "{seen}"
    );
    let seen = scene.visit("http://a.example/mirror").await.title.unwrap();
    assert!(seen.contains("|Europe/Amsterdam|1280|900|"), "{seen}");
}

#[tokio::test]
async fn a_page_is_not_told_that_nobody_sits_before_the_screen() {
    let seen = Scene::new()
        .visit("http://localhost/mirror")
        .await
        .title
        .unwrap();
    assert!(!seen.contains("eadless"), "{seen}");
    assert!(seen.ends_with("|false|2|false"), "{seen}");
}

#[tokio::test]
async fn one_gate_is_passed_whether_it_is_a_link_a_button_or_in_a_frame() {
    let mut scene = Scene::new();
    let visited = scene.visit("http://a.example/gate/link").await;
    assert_eq!(visited.gate.as_deref(), Some("Yes, I am over 18!"));
    assert_eq!(visited.title.as_deref(), Some("Behind"));
    assert_eq!(not_found(&visited, &["61.png"]), Vec::<&str>::new());
    let visited = scene.visit("http://a.example/gate/framed").await;
    assert_eq!(visited.gate.as_deref(), Some("Alle cookies accepteren"));
    assert_eq!(
        not_found(&visited, &["60.png", "61.png"]),
        Vec::<&str>::new()
    );
    let visited = scene.visit("http://a.example/gate/own").await;
    assert_eq!((visited.gate, visited.pictures.len()), (None, 0));
    scene.settings.gates.words.push("vooruit *".to_owned());
    let visited = scene.visit("http://a.example/gate/own").await;
    assert_eq!(visited.gate.as_deref(), Some("Vooruit dan maar"));
    assert_eq!(not_found(&visited, &["61.png"]), Vec::<&str>::new());
}

#[tokio::test]
async fn nothing_but_a_gate_is_clicked() {
    let visited = Scene::new().visit("http://a.example/gate/none").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_eq!(visited.gate, None);
    assert_eq!(not_found(&visited, &["60.png"]), Vec::<&str>::new());
    assert!(visited.final_address.unwrap().ends_with("/gate/none"));
}

#[tokio::test]
async fn what_stands_where_a_page_was_expected_is_said_beside_the_outcome() {
    for scene in [Scene::new(), Scene::plain()] {
        for (page, expected) in [
            ("login", Some(Remark::Login)),
            ("captcha", Some(Remark::Captcha)),
            ("paywall", Some(Remark::Paywall)),
            ("removed", Some(Remark::Removed)),
            ("gallery", None),
        ] {
            let visited = scene.visit(&format!("http://a.example/kind/{page}")).await;
            assert_eq!(visited.outcome, Captured::Yes);
            assert_eq!(visited.remark, expected, "{page}");
        }
    }
}
