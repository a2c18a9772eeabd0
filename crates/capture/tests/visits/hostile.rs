//! A hostile web site: own code, real sockets, the true way out, the true box and browser.
//!
//! Of each hostile page it is held what must be found all the same, how long the visit lasts at most,
//! how much memory all its processes take at most, that nothing of it is left, and that the next
//! visit is unharmed.

mod around;
mod certificates;
mod floods;
mod network;
mod raw;
mod scripts;
mod weight;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use capture::{Captured, Visited, visit};
use egress::{DemoRoute, DnsFault, Guard, Policy, Resolver};
use ground::Clock;
use url::Url;

use crate::{Scene, not_found, site};
use weight::Weight;

/// The most memory that the processes of one visit may take together, in bytes: what the settings
/// allow, and what a page can take between two looks of the watch over it on a busy machine.
const MOST_BYTES: u64 = 600_000_000 + 120_000_000;
/// When a hostile visit is ended.
const DEADLINE: Duration = Duration::from_secs(16);
/// How much later it has to be over, with all its processes gone and its files removed.
const AFTERWARDS: Duration = Duration::from_secs(4);

/// What the pages of this site are.
pub fn routes() -> Router {
    Router::new()
        .merge(around::routes())
        .merge(floods::routes())
        .merge(scripts::routes())
}

/// The site, and what leads to it.
struct World {
    scene: Scene,
    guard: Guard,
}

impl World {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With further servers of their own: name, port, and where they listen in truth.
    async fn with(servers: &[(&str, u16, SocketAddr)]) -> Self {
        let main = site::serve_on_port().await;
        let route = |name: &str, port, to| DemoRoute {
            name: name.to_owned(),
            documentation_ip: "192.0.2.10".parse().unwrap(),
            port,
            to,
        };
        let hosts = ["a.example", "b.example", "c.example"];
        let mut routes: Vec<_> = hosts.map(|name| route(name, 80, main)).into();
        routes.extend(
            servers
                .iter()
                .map(|(name, port, to)| route(name, *port, *to)),
        );
        let names = [
            ("inside.example", Ok(vec!["10.0.0.7".parse().unwrap()])),
            (
                "metadata.example",
                Ok(vec!["169.254.169.254".parse().unwrap()]),
            ),
            ("slow.example", Err(DnsFault::Timeout)),
        ];
        let policy = Policy::public().with_demo_routes(routes);
        Self::over(Guard::new(policy, Resolver::table(names)))
    }

    fn over(guard: Guard) -> Self {
        let mut scene = Scene::new();
        scene.settings.deadline = DEADLINE;
        Self { scene, guard }
    }

    /// One visit, within its bounds; nothing of it is left.
    async fn endures(&self, address: &str) -> Visited {
        let weight = Weight::watched();
        let started = std::time::Instant::now();
        let visited = self.visited(address).await;
        let took = started.elapsed();
        let most = weight.most();
        eprintln!(
            "{address}: {} ms, {} MB",
            took.as_millis(),
            most / 1_000_000
        );
        let allowed = self.scene.settings.deadline + AFTERWARDS;
        assert!(took <= allowed, "{address} took {took:?}");
        assert!(most <= MOST_BYTES, "{address} took {most} bytes");
        visited
    }

    async fn visited(&self, address: &str) -> Visited {
        let address = Url::parse(address).unwrap();
        let visited = visit(
            &self.scene.settings,
            &self.guard,
            &Clock::system(),
            &address,
        )
        .await
        .unwrap();
        self.scene.nothing_is_left().await;
        visited
    }

    /// The next visit finds what is there, as if nothing had been before.
    async fn is_unharmed(&self) {
        let next = self.visited("http://a.example/arrived").await;
        assert_eq!(next.outcome, Captured::Yes);
        assert!(next.complete, "{:?}", next.missed);
        assert_found(&next, &["40.png"]);
        assert_eq!(next.pictures.len(), 1);
    }
}

/// All of these were found, byte for byte.
fn assert_found(visited: &Visited, names: &[&str]) {
    assert_eq!(
        not_found(visited, names),
        Vec::<&str>::new(),
        "{:?} {:?}",
        visited.outcome,
        visited.missed
    );
}
