//! Pages whose scripts are the weapon.

use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use capture::{Captured, Cause, FoundBy};

use super::{World, assert_found, raw};
use crate::{cause, not_found};

pub fn routes() -> Router {
    // Of this site alone: each test serves one of its own.
    let looks = std::sync::Arc::new(AtomicU32::new(0));
    Router::new()
        .route("/script/storm", get(|| async { Html(STORM) }))
        .route("/script/workers", get(|| async { Html(WORKERS) }))
        .route("/script/eater", get(|| async { Html(EATER) }))
        .route("/script/saving", get(|| async { Html(SAVING) }))
        .route(
            "/script/saved/{name}",
            get(|| async {
                let as_file = [
                    (CONTENT_TYPE, "application/x-sh"),
                    (CONTENT_DISPOSITION, "attachment; filename=run.sh"),
                ];
                (as_file, "echo harm").into_response()
            }),
        )
        .route(
            "/script/hop/{count}",
            get(|Path(count): Path<u32>| async move {
                Html(format!(
                    "<title>{count}</title><script>location = '/script/hop/{}'</script>",
                    count + 1
                ))
            }),
        )
        .route("/script/suspicious", get(|| async { Html(SUSPICIOUS) }))
        .route("/script/sockets", get(|| async { Html(SOCKETS) }))
        .route(
            "/script/changing",
            get(move |headers: HeaderMap| {
                let look = looks.fetch_add(1, Ordering::SeqCst);
                async move { changing(look, &headers) }
            }),
        )
        .route(
            "/script/keeper.js",
            get(|| async {
                (
                    [(CONTENT_TYPE, "text/javascript")],
                    "addEventListener('install', () => skipWaiting())",
                )
            }),
        )
}

const STORM: &str = "<img src=/p/74.png><script>
    for (let i = 0; i < 300; i++) window.open('http://b.example/all?' + i, '_blank', 'width=99');
    onbeforeunload = () => 'stay';
    setInterval(() => { window.open('http://c.example/all'); print(); }, 5);
    setInterval(() => { for (;;) { alert('again'); confirm('and'); prompt('again'); } }, 50);
</script>";

const WORKERS: &str = "<img src=/p/74.png><script>
    const code = URL.createObjectURL(new Blob([`
        const fork = () => { new Worker(URL.createObjectURL(new Blob(['for(;;);']))); };
        for (let i = 0; i < 40; i++) fork();
        for (;;) postMessage(new Uint8Array(1 << 16));`]));
    const fork = () => { for (let i = 0; i < 20; i++) new Worker(code); setTimeout(fork, 20); };
    onload = fork;
</script>";

const EATER: &str = "<img src=/p/74.png><script>
    const eaten = [];
    onload = () => setTimeout(function more() {
        const piece = new Uint8Array(32 << 20);
        for (let i = 0; i < piece.length; i += 512) piece[i] = i;
        eaten.push(piece);
        setTimeout(more, 1);
    }, 300);
</script>";

const SAVING: &str = "<title>Saving</title><img src=/p/74.png><script>
    for (let i = 0; i < 30; i++) {
        const link = document.createElement('a');
        link.href = '/script/saved/' + i; link.download = 'x' + i + '.sh';
        document.body.append(link); link.click();
        const frame = document.createElement('iframe');
        frame.src = '/script/saved/f' + i;
        document.body.append(frame);
    }
    const made = document.createElement('a');
    made.href = URL.createObjectURL(new Blob([new Uint8Array(1 << 20)])); made.download = 'made.bin';
    made.click();
</script>";

/// Shows its picture to whom it takes for a person.
const SUSPICIOUS: &str = "<title>-</title><script>
    // In its very first moment a page of another process is told of a window without a size.
    onload = () => setTimeout(() => {
        const signs = {
            driven: navigator.webdriver === true,
            headless: /headless/i.test(navigator.userAgent + JSON.stringify(navigator.userAgentData ?? '')),
            languages: navigator.languages.length === 0,
            chrome: typeof window.chrome !== 'object',
            window: innerWidth >= outerWidth || innerHeight >= outerHeight,
            screen: screen.width < outerWidth || screen.height < innerHeight,
            processors: !(navigator.hardwareConcurrency > 0),
            tools: Object.keys(window).some(name => /^(cdc_|__playwright|__puppeteer|_phantom)/.test(name)),
            stack: /puppeteer|devtools/i.test(new Error().stack),
        };
        const seen = Object.keys(signs).filter(name => signs[name]);
        document.title = seen.join(' ') || 'nothing';
        if (!seen.length) { const i = new Image(); i.src = '/p/75.png'; document.body.append(i); }
    }, 300);
</script><body>";

const SOCKETS: &str = "<img id=p><script>
    const s = new WebSocket('ws://sockets.example/first');
    s.binaryType = 'blob';
    s.onmessage = m => { s.onmessage = null;
        document.getElementById('p').src = URL.createObjectURL(new Blob([m.data], { type: 'image/png' })); };
    for (const place of ['inside.example', '127.0.0.1', '169.254.169.254', '[::1]']) {
        try { new WebSocket('ws://' + place + '/'); } catch (_) {}
    }
    s.onopen = () => { for (let i = 0; i < 50; i++) new WebSocket('ws://sockets.example/' + i); };
</script>";

/// Shows another picture each time, and one more to whom it knows again by any means.
fn changing(look: u32, headers: &HeaderMap) -> Response {
    if look == 2 {
        return StatusCode::GONE.into_response();
    }
    let known = headers.contains_key("cookie") || headers.contains_key("if-none-match");
    let page = format!(
        "<title>{known}</title><img src=/p/{}.png><script>
        let known = {known} || localStorage.known || document.cookie.includes('known');
        localStorage.known = 1; document.cookie = 'known=1; max-age=99999';
        const again = () => {{ const i = new Image(); i.src = '/p/79.png'; document.body.append(i); }};
        if (known) again();
        navigator.serviceWorker?.getRegistrations().then(all => {{ if (all.length) again();
            navigator.serviceWorker.register('/script/keeper.js'); }});
        const open = indexedDB.open('known'); open.onsuccess = () => {{ if (open.result.version > 1) again(); }};
        </script>",
        76 + look
    );
    let headers = [
        (SET_COOKIE, "seen=1; Max-Age=99999"),
        (CACHE_CONTROL, "max-age=99999"),
    ];
    (headers, Html(page)).into_response()
}

#[tokio::test]
async fn windows_and_dialogs_without_end_are_put_away() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/script/storm").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_found(&visited, &["74.png"]);
    world.is_unharmed().await;
}

#[tokio::test]
async fn a_page_that_forks_workers_is_looked_at_and_ended() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/script/workers").await;
    assert_eq!(visited.status, Some(200));
    assert_found(&visited, &["74.png"]);
    world.is_unharmed().await;
}

#[tokio::test]
async fn a_page_that_eats_memory_is_ended_and_what_it_showed_is_kept() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/script/eater").await;
    assert_eq!(visited.status, Some(200));
    assert!(!visited.complete);
    assert_found(&visited, &["74.png"]);
    world.is_unharmed().await;
}

#[tokio::test]
async fn nothing_is_saved_whatever_a_page_hands_out() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/script/saving").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_eq!(visited.title.as_deref(), Some("Saving"));
    assert_found(&visited, &["74.png"]);
    assert_eq!(visited.pictures.len(), 1, "a file was taken for a picture");
    world.is_unharmed().await;
}

#[tokio::test]
async fn a_page_that_sends_itself_on_without_end_ends_with_the_visit() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/script/hop/1").await;
    assert!(!visited.complete);
    assert!(visited.redirects.len() <= 50, "{}", visited.redirects.len());
    world.is_unharmed().await;
}

#[tokio::test]
async fn a_page_that_looks_for_a_machine_finds_none() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/script/suspicious").await;
    assert_eq!(visited.title.as_deref(), Some("nothing"));
    assert_found(&visited, &["75.png"]);
}

#[tokio::test]
async fn what_comes_by_web_socket_is_found_and_none_leads_inside() {
    let world = World::with(&[("sockets.example", 80, raw::sockets().await)]).await;
    let visited = world.endures("http://a.example/script/sockets").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_found(&visited, &["73.png"]);
    assert_eq!(visited.pictures[0].found_by, FoundBy::Blob);
    for noted in &visited.connections {
        let public = noted.host.ends_with(".example") && noted.host != "inside.example";
        assert!(public || noted.refused.is_some(), "{noted:?}");
    }
    world.is_unharmed().await;
}

#[tokio::test]
async fn each_visit_sees_the_page_of_its_moment_and_is_not_known_again() {
    let world = World::new().await;
    let address = "http://a.example/script/changing";
    for shown in ["76.png", "77.png"] {
        let visited = world.endures(address).await;
        assert_eq!(visited.title.as_deref(), Some("false"));
        assert_found(&visited, &[shown]);
        assert_eq!(
            not_found(&visited, &["79.png"]),
            ["79.png"],
            "it was known again"
        );
        assert_eq!(visited.pictures.len(), 1);
    }
    let visited = world.endures(address).await;
    assert_eq!(cause(&visited), &Cause::HttpStatus(410));
    assert!(visited.pictures.is_empty());
}
