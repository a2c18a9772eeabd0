//! Visits through the true way out: what it notes, and what it refuses (T18).

use std::net::IpAddr;

use capture::{Captured, Cause, Visited, visit};
use egress::{DemoRoute, DnsFault, Guard, Policy, Resolver};
use ground::Clock;
use url::Url;

use crate::{Scene, cause, not_found, site};

const SITE: &str = "192.0.2.10";

async fn guard() -> Guard {
    let to = site::serve_on_port().await;
    let routes = ["a.example", "b.example", "c.example"].map(|name| DemoRoute {
        name: name.to_owned(),
        documentation_ip: SITE.parse().unwrap(),
        port: 80,
        to,
    });
    let inside: IpAddr = "10.0.0.7".parse().unwrap();
    let names = [
        ("inside.example", Ok(vec![inside])),
        ("slow.example", Err(DnsFault::Timeout)),
    ];
    let policy = Policy::public().with_demo_routes(routes);
    Guard::new(policy, Resolver::table(names))
}

async fn visited(scene: &Scene, guard: &Guard, address: &str) -> Visited {
    let address = Url::parse(address).unwrap();
    let visited = visit(&scene.settings, guard, &Clock::system(), &address)
        .await
        .unwrap();
    scene.nothing_is_left().await;
    visited
}

#[tokio::test]
async fn every_connection_of_a_visit_is_noted() {
    let guard = guard().await;
    for scene in [Scene::new(), Scene::plain()] {
        let visited = visited(&scene, &guard, "http://a.example/from").await;
        assert_eq!(visited.outcome, Captured::Yes, "{visited:?}");
        assert_eq!(not_found(&visited, &["40.png"]), Vec::<&str>::new());
        for host in ["a.example", "b.example"] {
            let noted = visited.connections.iter().find(|noted| noted.host == host);
            let noted = noted.unwrap();
            assert_eq!(noted.ip, Some(SITE.parse().unwrap()));
            assert!(noted.bytes_in > 0 && noted.refused.is_none());
        }
    }
}

#[tokio::test]
async fn what_the_guard_does_not_reach_is_told_apart() {
    let guard = guard().await;
    for scene in [Scene::new(), Scene::plain()] {
        for (address, expected) in [
            ("http://nobody.example/", Cause::NameNotFound),
            ("https://nobody.example/", Cause::NameNotFound),
            ("http://slow.example/", Cause::OurNameService),
            ("http://inside.example/", Cause::RefusedByPolicy),
            ("http://127.0.0.1/", Cause::RefusedByPolicy),
            ("http://0x7f000001/", Cause::RefusedByPolicy),
            ("http://a.example:22/", Cause::RefusedByPolicy),
            ("http://a.example/inward", Cause::RefusedByPolicy),
        ] {
            let visited = visited(&scene, &guard, address).await;
            assert_eq!(cause(&visited), &expected, "{address}");
            assert!(visited.pictures.is_empty());
            let hosts = visited.connections.iter().map(|noted| noted.host.as_str());
            let asked = Url::parse(address).unwrap();
            let others: Vec<_> = hosts
                .filter(|host| Some(*host) != asked.host_str() && *host != "192.168.1.1")
                .collect();
            assert!(
                others.is_empty(),
                "the browser asked by itself for {others:?}"
            );
        }
    }
}
