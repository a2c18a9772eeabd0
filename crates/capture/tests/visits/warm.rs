//! Boxes that stand ready: a visit in one is like any other, and each serves one.

use std::time::Duration;

use capture::{Captured, HostPattern, SiteRule, Visited, WarmBoxes, visit};
use egress::{DemoRoute, Guard, Policy, Resolver};
use ground::Clock;
use url::Url;

use crate::{Scene, not_found, site};

async fn guard() -> Guard {
    let to = site::serve_on_port().await;
    let routes = ["a.example", "b.example"].map(|name| DemoRoute {
        name: name.to_owned(),
        documentation_ip: "192.0.2.10".parse().unwrap(),
        port: 80,
        to,
    });
    let nobody = std::iter::empty::<(String, _)>();
    let policy = Policy::public().with_demo_routes(routes);
    Guard::new(policy, Resolver::table(nobody))
}

async fn visited(scene: &Scene, guard: &Guard, address: &str) -> Visited {
    let address = Url::parse(address).unwrap();
    visit(&scene.settings, guard, &Clock::system(), &address)
        .await
        .unwrap()
}

/// Waits until so many boxes stand ready.
async fn stands(warm: &WarmBoxes, boxes: usize) {
    for _ in 0..400 {
        if warm.ready() == boxes {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} boxes stand ready, not {boxes}", warm.ready());
}

#[tokio::test]
async fn a_visit_in_a_box_that_stood_ready_is_like_any_other_and_is_its_last() {
    let mut scene = Scene::new();
    let guard = guard().await;
    let warm = WarmBoxes::at_most(1);
    scene.settings.warm = warm.clone();
    // The page shows another picture each time, and one more to whom it knows again by any means.
    for shown in ["76.png", "77.png"] {
        let visited = visited(&scene, &guard, "http://a.example/script/changing").await;
        assert_eq!(visited.outcome, Captured::Yes);
        assert_eq!(visited.title.as_deref(), Some("false"));
        assert_eq!(not_found(&visited, &[shown, "79.png"]), ["79.png"]);
        assert!(
            visited.sandboxed && visited.complete,
            "{:?}",
            visited.missed
        );
        stands(&warm, 1).await;
    }
    // As somebody else, so that no box that stands ready will do.
    scene.settings.rules = vec![SiteRule {
        hosts: HostPattern::parse("b.example").unwrap(),
        language: Some("de-DE".to_owned()),
        timezone: None,
        viewport: None,
        user_agent: None,
        exit: None,
        gates: capture::Gates::default(),
    }];
    let seen = visited(&scene, &guard, "http://b.example/mirror").await;
    assert!(
        seen.title.unwrap().starts_with("de-DE"),
        "it was taken for another"
    );
    stands(&warm, 1).await;
    // With the last who may use it, what stands ready goes too.
    drop(warm);
    scene.settings.warm = WarmBoxes::default();
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_box_whose_processes_died_meanwhile_is_not_taken() {
    let mut scene = Scene::new();
    let guard = guard().await;
    let warm = WarmBoxes::at_most(1);
    scene.settings.warm = warm.clone();
    scene.settings.browser = None;
    let first = visited(&scene, &guard, "http://a.example/arrived").await;
    assert_eq!(first.outcome, Captured::Yes);
    stands(&warm, 1).await;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.starts_with("bwrap") && line.contains(&*scene.work.path().to_string_lossy()) {
            let id = entry.file_name().into_string().unwrap();
            let ended = std::process::Command::new("kill")
                .args(["-9", &id])
                .status();
            assert!(ended.unwrap().success());
        }
    }
    let second = visited(&scene, &guard, "http://a.example/arrived").await;
    assert_eq!(second.outcome, Captured::Yes, "{:?}", second.outcome);
    assert_eq!(not_found(&second, &["40.png"]), Vec::<&str>::new());
}
