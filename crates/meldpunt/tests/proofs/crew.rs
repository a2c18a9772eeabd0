//! A crew: the workers of Meldpunt in a process of their own, on the sites of the demonstration, which
//! run in the process of the proof and so outlive any crew.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use capture::{Sandbox, VisitorSettings};
use casework::{Bell, Casework, Parts, Settings, Workers};
use demo::HOSTS;
use egress::{DemoRoute, Guard, HttpClient, Policy, Relay, RelayTls, Resolver, TlsSetup};
use ground::db::Durability;
use ground::{Chance, Clock, Db, Instant, TestClock, WebAddress, migrate};
use letterbox::Collector;
use provider::Registries;
use serde::{Deserialize, Serialize};
use url::Url;
use vault::{HotlineKeys, Objects, Vault};

use crate::{Fault, Shown};

/// Where everything is that a crew works with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Site {
    /// Keys and objects.
    pub folder: PathBuf,
    /// The records.
    pub records: String,
    /// The letterbox.
    pub letterbox: String,
    /// The reported sites.
    pub sites: SocketAddr,
    /// The registries.
    pub registry: SocketAddr,
    /// The mail server.
    pub smtp: SocketAddr,
}

const REGISTRY: &str = "registry.example";
/// How a crew is told what to work with.
const ORDERS: &str = "MELDPUNT_PROOF_CREW";
/// The test that is a crew when it has orders.
const CREW: &str = "crew::works_until_it_is_killed";

/// A clock that goes on by itself from `at` and can be put forward.
pub fn going_on_from(at: Instant) -> TestClock {
    let clock = TestClock::at(at);
    let hand = clock.clone();
    std::thread::spawn(move || {
        let mut seen = std::time::Instant::now();
        loop {
            std::thread::sleep(Duration::from_millis(10));
            let passed = i64::try_from(seen.elapsed().as_millis()).unwrap_or(0);
            seen += Duration::from_millis(u64::try_from(passed).unwrap_or(0));
            hand.advance_ms(passed);
        }
    });
    clock
}

fn guard(site: &Site) -> Guard {
    let route = |name: &str, ip: Ipv4Addr, to: SocketAddr| DemoRoute {
        name: name.to_owned(),
        documentation_ip: ip.into(),
        port: 80,
        to,
    };
    let mut routes: Vec<DemoRoute> = HOSTS
        .iter()
        .map(|host| route(host.name, host.address, site.sites))
        .collect();
    routes.push(route(
        REGISTRY,
        Ipv4Addr::new(203, 0, 113, 53),
        site.registry,
    ));
    let nobody: [(String, Result<Vec<IpAddr>, egress::DnsFault>); 0] = [];
    Guard::new(
        Policy::public().with_demo_routes(routes),
        Resolver::table(nobody),
    )
}

fn settings() -> Shown<Settings> {
    let mut settings = Settings::usual(
        "Example Hotline",
        "notices@hotline.example",
        "answers@hotline.example",
        WebAddress::parse(&format!("http://{}/", demo::CANARY_HOST))?,
        assessment::Scheme::standard()?,
        Registries::at(&Url::parse(&format!("http://{REGISTRY}/"))?),
    )?
    .for_demo();
    // One analyst works here day and night.
    settings.limits = staff::Limits::WIDE;
    Ok(settings)
}

/// The order of work on a site; visits are plain, for they are quick and what is proven is the order.
pub async fn casework(site: &Site, clock: Clock) -> Shown<Casework> {
    let guard = guard(site);
    let db = Db::open(&site.records, Durability::Full).await?;
    migrate::run(&db, migrate::RECORDS).await?;
    let letters = Db::open(&site.letterbox, Durability::Full).await?;
    migrate::run(&letters, migrate::LETTERBOX).await?;
    let keys = HotlineKeys::load(&site.folder.join("keys"))?;
    let objects = Objects::folder(&site.folder.join("objects"))?;
    let mut visitor = VisitorSettings::new(PathBuf::from(env!("CARGO_BIN_EXE_meldpunt")));
    visitor.browser = None;
    visitor.sandbox = Sandbox::Off;
    visitor.deadline = Duration::from_secs(30);
    Ok(Casework::new(Parts {
        db,
        vault: Vault::new(keys, objects, clock.clone(), Chance::system()),
        clock,
        chance: Chance::system(),
        collector: Collector::new(letters, Chance::system()),
        web: HttpClient::new(guard.clone(), TlsSetup::system()?, "Meldpunt".parse()?),
        guard,
        relay: std::sync::Arc::new(Relay {
            host: site.smtp.ip().to_string(),
            port: site.smtp.port(),
            tls: RelayTls::None,
            credentials: None,
            hello: "hotline.example".into(),
            also_trust: Vec::new(),
            patience: Duration::from_secs(10),
        }),
        visitor,
        settings: settings()?,
        bell: Bell::default(),
        reveals: casework::desk::Reveals::default(),
        lists: hashlist::Live::empty(),
    }))
}

/// A crew at work; killed with the value.
pub struct Crew(Child);

impl Crew {
    /// Starts a crew whose clock begins at `now`.
    pub fn start(site: &Site, now: Instant) -> Shown<Self> {
        let orders = serde_json::to_string(&(site, now.ms()))?;
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(site.folder.join("crew.log"))?;
        let child = Command::new(std::env::current_exe()?)
            .args(["--ignored", "--exact", CREW, "--nocapture"])
            .env(ORDERS, orders)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        Ok(Self(child))
    }

    /// Kills it in the middle of whatever it is doing (SIGKILL).
    pub fn kill(mut self) -> Shown {
        if let Some(status) = self.0.try_wait()? {
            return Err(format!("the crew ended by itself: {status}").into());
        }
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the crews of a site said.
pub fn said(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("crew.log")).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "is started by another proof"]
async fn works_until_it_is_killed() -> Shown {
    let Ok(orders) = std::env::var(ORDERS) else {
        return Ok(());
    };
    let (site, now): (Site, i64) = serde_json::from_str(&orders)?;
    let clock = going_on_from(Instant::from_ms(now));
    let casework = casework(&site, clock.clock()).await?;
    let _workers = Workers::start(&casework);
    tokio::time::sleep(Duration::from_secs(600)).await;
    Err(Fault::from("nobody killed the crew"))
}
