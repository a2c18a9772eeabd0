//! Ten thousand visits, ordinary and hostile: nothing grows, nothing is left.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};

use capture::{WarmBoxes, visit};
use egress::{DemoRoute, Guard, Policy, Resolver};
use ground::Clock;
use url::Url;

use crate::{Scene, files_in, site};

/// How many there are unless `MELDPUNT_SOAK_VISITS` says otherwise.
const USUAL_VISITS: u32 = 10_000;
/// How many by the plain visitor there are in each round, and how many of them at once.
const PLAIN: u32 = 600;
const AT_ONCE: usize = 2;
/// After how many it is noted what there is: what is made once is there by then.
const FIRST: u32 = 1_200;
/// What may come and go beside the twentieth part that is allowed, in bytes: this process holds some
/// 3 MB, of which a twentieth is less than one screenshot that the allocator has been given back and
/// has not given back itself. What leaked a kilobyte a visit would still be seen.
const COMES_AND_GOES: u64 = 2_000_000;
/// What is visited, over and over; the last by the plain visitor.
const PAGES: [&str; 6] = [
    "http://a.example/all",
    "http://a.example/arrived",
    "http://a.example/gone",
    "http://a.example/script/eater",
    "http://nobody.example/",
    "http://a.example/plain",
];

/// What this process takes: memory in bytes, open files, and children that ended and were not
/// looked after.
fn taken() -> (u64, usize, usize) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let kilobytes: u64 = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let files = std::fs::read_dir("/proc/self/fd").unwrap().count();
    let own = format!(" Z {} ", std::process::id());
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let stats = all.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    let dead = stats.filter(|stat| {
        stat.rsplit(')')
            .next()
            .is_some_and(|rest| rest.starts_with(&own))
    });
    (kilobytes * 1_024, files, dead.count())
}

/// The way to the site.
async fn guard() -> Guard {
    let to = site::serve_on_port().await;
    let route = |name: &str| DemoRoute {
        name: name.to_owned(),
        documentation_ip: "192.0.2.10".parse().unwrap(),
        port: 80,
        to,
    };
    let names = ["a.example", "b.example", "c.example"];
    let nobody = std::iter::empty::<(String, _)>();
    let policy = Policy::public().with_demo_routes(names.map(route));
    Guard::new(policy, Resolver::table(nobody))
}

#[tokio::test]
#[ignore = "takes minutes; run by ./test --long"]
async fn ten_thousand_visits_leave_no_memory_no_file_no_process() {
    let guard = guard().await;
    let mut scene = Scene::new();
    scene.settings.deadline = Duration::from_secs(16);
    scene.settings.warm = WarmBoxes::at_most(1);
    let given = std::env::var("MELDPUNT_SOAK_VISITS").ok();
    let wanted: u32 = given
        .and_then(|text| text.parse().ok())
        .unwrap_or(USUAL_VISITS);
    let mut plain = scene.settings.clone();
    plain.browser = None;
    plain.warm = WarmBoxes::default();
    let (mut visits, mut first) = (0_u32, None);
    let began = Instant::now();
    while visits < wanted {
        for page in PAGES {
            let address = Url::parse(page).unwrap();
            let (settings, times) = if page.ends_with("/plain") {
                (&plain, PLAIN)
            } else {
                (&scene.settings, 1)
            };
            let all = stream::iter(0..times).map(|_| async {
                visit(settings, &guard, &Clock::system(), &address)
                    .await
                    .unwrap()
            });
            let mut over = all.buffer_unordered(AT_ONCE);
            while over.next().await.is_some() {
                visits += 1;
            }
        }
        let now = taken();
        eprintln!("{visits} visits, {:?}: {now:?}", began.elapsed());
        if visits >= FIRST.min(wanted) {
            let (bytes, files, _) = *first.get_or_insert(now);
            assert!(
                now.0 <= bytes + bytes / 20 + COMES_AND_GOES,
                "memory grew from {bytes} to {now:?}"
            );
            assert!(
                now.1 <= files + 8,
                "open files grew from {files} to {now:?}"
            );
        }
        assert!(now.2 <= 2, "children are left: {now:?}");
        // At most the box that stands ready has folders: its own and that of its way out.
        assert!(
            files_in(scene.work.path()).len() <= 2,
            "{:?}",
            files_in(scene.work.path())
        );
    }
    scene.settings.warm = WarmBoxes::default();
    scene.nothing_is_left().await;
}
