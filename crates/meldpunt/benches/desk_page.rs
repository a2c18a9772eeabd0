//! Server time of the desk with 300,000 reports in the records: the page of a report of 200 items,
//! one key pressed on it, and the queue of 500 open ones, whole and narrowed.
//!
//! A request goes through the whole router, with gate, session and form token, over records on
//! either engine that make every commit durable; only the socket is left out. Prints one JSON line
//! for each figure; the target of a page is under 50 ms.

#[path = "../../letterbox/benches/cluster/mod.rs"]
mod cluster;
mod desk_scene;
mod years;

use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use cluster::Cluster;
use desk_scene::Scene;
use ground::db::Durability;
use ground::{Ask as _, Db, ItemId, ReportId, migrate, sea_orm, values};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Reports in the records.
const REPORTS: u32 = 300_000;
/// Of these, the ones that are not closed.
const OPEN: u32 = 500;
const WARM_UP: usize = 5;
const SAMPLES: usize = 60;

fn main() -> Result<(), Fault> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let folder = tempfile::tempdir()?;
    runtime.block_on(async {
        let db = Db::open_sqlite(&folder.path().join("records.db"), Durability::Full).await?;
        measure("sqlite", db, folder.path()).await
    })?;
    match Cluster::start()? {
        Some(cluster) => runtime.block_on(async {
            let db = Db::open_postgres(&cluster.address).await?;
            measure("postgres", db, folder.path()).await
        }),
        None => {
            eprintln!("PostgreSQL is not installed here; left out");
            Ok(())
        }
    }
}

async fn measure(engine: &str, db: Db, folder: &std::path::Path) -> Result<(), Fault> {
    migrate::run(&db, migrate::RECORDS).await?;
    let begun = Instant::now();
    years::fill(&db, REPORTS - OPEN).await?;
    let scene = Scene::on(db, &folder.join(engine)).await?;
    let gallery = scene.report(&[200]).await?;
    let spread = scene.report(&[4; 50]).await?;
    for n in 2..OPEN {
        scene.report(&[usize::try_from(n % 4)?]).await?;
    }
    eprintln!("filled in {:.0} s", begun.elapsed().as_secs_f64());
    let mut browser = Browser {
        router: scene.router(),
        cookie: scene.cookie.clone(),
        token: String::new(),
    };
    for (report, what) in [(gallery, "at 1 address"), (spread, "at 50 addresses")] {
        scene.take(report).await?;
        let name = format!("report of 200 items {what}, page");
        let path = format!("/reports/{report}");
        figure(engine, &name, browser.pages(&path).await?);
        let judged = judge(&scene, &mut browser, report).await?;
        figure(engine, &format!("report of 200 items {what}, key"), judged);
    }
    while scene.desk.work.rank_some().await? {}
    figure(engine, "queue, page", browser.pages("/queue").await?);
    let narrowed = "/queue?holding=nobody&todo=judge";
    figure(
        engine,
        "queue narrowed, page",
        browser.pages(narrowed).await?,
    );
    Ok(())
}

/// Judges items of a report by a key each, as the script on the page does.
async fn judge(scene: &Scene, browser: &mut Browser, report: ReportId) -> Result<Vec<f64>, Fault> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        id: ItemId,
    }
    let items = scene
        .desk
        .db
        .rows::<Row>(
            "select i.id from sighting s join item i on i.address_id = s.address_id
             where s.report_id = $1 order by i.position, i.id",
            values![report],
        )
        .await?;
    let mut took = Vec::new();
    for item in items.iter().take(WARM_UP + SAMPLES) {
        let path = format!("/reports/{report}/items/{}/judge", item.id);
        // The fourth key of the standard scheme is a verdict by itself.
        let form = format!("form_token={}&quick=4", browser.token);
        took.push(browser.ask("POST", &path, form).await?.1);
    }
    let given = "select count(*) as n from item_verdict where report_id = $1";
    let given = scene.desk.db.count(given, values![report]).await?;
    if usize::try_from(given)? != took.len() {
        return Err(format!("{} keys gave {given} verdicts", took.len()).into());
    }
    Ok(took.split_off(WARM_UP))
}

/// A browser in which an analyst is signed in.
struct Browser {
    router: Router,
    cookie: String,
    token: String,
}

impl Browser {
    /// Asks for a page many times; what each took, ms.
    async fn pages(&mut self, path: &str) -> Result<Vec<f64>, Fault> {
        let mut took = Vec::new();
        for _ in 0..WARM_UP + SAMPLES {
            let (page, ms) = self.ask("GET", path, String::new()).await?;
            took.push(ms);
            let opening = "name=\"form_token\" value=\"";
            let (_, token) = page.split_once(opening).ok_or("a page without a form")?;
            self.token = token.split('"').next().unwrap_or_default().to_owned();
        }
        Ok(took.split_off(WARM_UP))
    }

    /// Asks once; the body, and the time until all of it was there, ms.
    async fn ask(&self, method: &str, path: &str, form: String) -> Result<(String, f64), Fault> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header("accept-language", "en")
            .header("cookie", format!("{}={}", desk::who::COOKIE, self.cookie));
        if method == "POST" {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .header("hx-request", "true");
        }
        let request = request.body(Body::from(form))?;
        let begun = Instant::now();
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        let moved = answer.headers().contains_key("hx-redirect");
        let body = answer.into_body().collect().await?.to_bytes();
        let ms = begun.elapsed().as_secs_f64() * 1_000.0;
        if status != StatusCode::OK || moved {
            return Err(format!("{method} {path} was answered {status}").into());
        }
        Ok((String::from_utf8_lossy(&body).into_owned(), ms))
    }
}

fn figure(engine: &str, name: &str, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let at = |share: usize| {
        values
            .get(values.len() * share / 100)
            .copied()
            .unwrap_or_default()
    };
    let (low, median, high) = (at(5), at(50), at(95));
    eprintln!("{name} on {engine}: from {low:.1} to {high:.1} ms (p5, p95)");
    println!(
        "{{\"name\":\"desk on {engine}, {REPORTS} reports: {name}\",\"median\":{median:.1},\"unit\":\"ms\"}}"
    );
}
