//! How fast pages are visited, and single addresses of pictures checked. Prints one JSON line for each
//! figure; targets: 2 ordinary pages a second on 2 cores in boxes that stand ready, what a visit adds to
//! Chromium's own load time under 400 ms (p95), 200 plain checks of a picture a second.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up ends there"
)]

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::Html;
use axum::routing::get;
use capture::{Captured, VisitorSettings, WarmBoxes, visit};
use egress::{DemoRoute, Guard, HttpClient, Policy, Request, Resolver, TlsSetup};
use futures_util::StreamExt;
use ground::Clock;
use url::Url;

/// Visits, and how many at the same time.
const VISITS: usize = 40;
const AT_ONCE: usize = 4;
/// Checks, and how many at the same time.
const CHECKS: usize = 2_000;
const CHECKS_AT_ONCE: usize = 16;
/// With which word this program becomes the child of a visit.
const CHILD: &str = "visit-child";

fn main() -> ExitCode {
    if std::env::args().any(|word| word == CHILD) {
        return capture::child_main();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure());
    ExitCode::SUCCESS
}

async fn measure() {
    let site = serve().await;
    let guard = guard(site);
    let folder = tempfile::tempdir().unwrap();
    let mut settings = VisitorSettings::new(std::env::current_exe().unwrap());
    settings.exe_args = vec![CHILD.to_owned()];
    settings.folder = folder.path().to_path_buf();
    if settings.browser.is_none() {
        eprintln!("there is no Chromium here; pages are left out");
    } else {
        pages(&settings, &guard, WarmBoxes::default(), "cold").await;
        pages(&settings, &guard, WarmBoxes::at_most(AT_ONCE), "warm").await;
    }
    checks(&guard).await;
}

/// Visits ordinary pages, one after the other and many at once.
async fn pages(settings: &VisitorSettings, guard: &Guard, warm: WarmBoxes, kind: &str) {
    let mut settings = settings.clone();
    settings.warm = warm;
    let one = async |number: usize| {
        let address = Url::parse(&format!("http://page.example/page/{number}")).unwrap();
        let visited = visit(&settings, guard, &Clock::system(), &address)
            .await
            .unwrap();
        assert_eq!(visited.outcome, Captured::Yes);
        assert!(
            visited.pictures.len() >= 20,
            "{} pictures",
            visited.pictures.len()
        );
        let took = visited.ended_at.since_ms(visited.started_at);
        took - visited.loaded_ms.map_or(took, i64::from)
    };
    // The first makes the boxes come.
    one(0).await;
    let mut added = Vec::new();
    for number in 1..=VISITS / 2 {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        added.push(one(number).await);
    }
    added.sort_unstable();
    for (name, share) in [("p50", 50), ("p95", 95)] {
        let ms = added[(added.len() - 1) * share / 100];
        println!(
            "{{\"bench\":\"visit\",\"boxes\":\"{kind}\",\"figure\":\"added_to_load_{name}_ms\",\"value\":{ms}}}"
        );
    }
    let started = Instant::now();
    let all = futures_util::stream::iter(0..VISITS).map(&one);
    all.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    let rate = VISITS as f64 / started.elapsed().as_secs_f64();
    println!(
        "{{\"bench\":\"visit\",\"boxes\":\"{kind}\",\"figure\":\"pages_per_second\",\"value\":{rate:.2}}}"
    );
}

/// Checks addresses of pictures as the watch over removals does.
async fn checks(guard: &Guard) {
    let tls = TlsSetup::trusting_only([]).unwrap();
    let client = Arc::new(HttpClient::new(
        guard.clone(),
        tls,
        "bench".parse().unwrap(),
    ));
    let started = Instant::now();
    let asked = futures_util::stream::iter(0..CHECKS).map(|number| {
        let client = Arc::clone(&client);
        async move {
            let address = format!("http://page.example/picture/{}", number % 20);
            let fetched = client
                .fetch(Request::get(address.parse().unwrap()))
                .await
                .unwrap();
            assert_eq!(fetched.status, 200);
        }
    });
    asked
        .buffer_unordered(CHECKS_AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let rate = CHECKS as f64 / started.elapsed().as_secs_f64();
    println!("{{\"bench\":\"visit\",\"figure\":\"plain_checks_per_second\",\"value\":{rate:.0}}}");
}

fn guard(site: SocketAddr) -> Guard {
    let route = DemoRoute {
        name: "page.example".into(),
        documentation_ip: "192.0.2.10".parse().unwrap(),
        port: 80,
        to: site,
    };
    let nobody = std::iter::empty::<(String, _)>();
    Guard::new(
        Policy::public().with_demo_routes([route]),
        Resolver::table(nobody),
    )
}

/// An ordinary page: some text, a style sheet, a script, twenty pictures of about 40 kB.
async fn serve() -> SocketAddr {
    let pictures: Arc<Vec<Vec<u8>>> = Arc::new((0..20).map(drawn).collect());
    let site = Router::new()
        .route("/page/{number}", get(|Path(number): Path<u32>| async move {
            let pictures: String = (0..20).map(|n| format!("<img width=300 height=200 src=/picture/{n}>")).collect();
            let text = "<p>Words that stand on an ordinary page, for somebody to read.</p>".repeat(200);
            Html(format!("<title>{number}</title><link rel=stylesheet href=/style.css><script src=/script.js></script>{pictures}{text}"))
        }))
        .route("/style.css", get(|| async { ([(CONTENT_TYPE, "text/css")], "p{font-family:sans-serif;color:#333}".repeat(50)) }))
        .route("/script.js", get(|| async { ([(CONTENT_TYPE, "text/javascript")], "let n = 0; for (let i = 0; i < 1e6; i++) n += i;") }))
        .route("/picture/{number}", get(move |Path(number): Path<usize>| {
            let picture = pictures[number % 20].clone();
            async move { ([(CONTENT_TYPE, "image/jpeg")], picture) }
        }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
    at
}

fn drawn(number: u32) -> Vec<u8> {
    let drawing = image::RgbImage::from_fn(600, 400, |x, y| {
        let tone = (x * (3 + number) + y * 5 + (x * y / 97)) % 256;
        image::Rgb([tone as u8, (x / 3) as u8, (y / 2) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    drawing
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}
