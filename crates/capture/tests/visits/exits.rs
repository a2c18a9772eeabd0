//! Visits through other ways out: a SOCKS5 server of the test's own stands for Tor and for a machine
//! in another country.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use capture::{Captured, Cause, HostPattern, SiteRule, VisitError, Visited, visit};
use egress::{DemoRoute, Exit, Guard, Policy, Resolver};
use ground::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::{Scene, cause, not_found, site};

/// A SOCKS5 server that leads to the site whatever it is asked for; what that was is noted.
async fn socks(site: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let book = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let book = Arc::clone(&book);
            // A browser that goes away in the middle is a browser that goes away.
            tokio::spawn(async move { led(stream, site, &book).await.ok() });
        }
    });
    (at, asked)
}

async fn led(
    mut stream: TcpStream,
    site: SocketAddr,
    book: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut greeting = [0; 2];
    stream.read_exact(&mut greeting).await?;
    let mut methods = vec![0; greeting[1].into()];
    stream.read_exact(&mut methods).await?;
    stream.write_all(&[5, 0]).await?;
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    let length = if head[3] == 3 {
        stream.read_u8().await?
    } else {
        4
    };
    let mut host = vec![0; length.into()];
    stream.read_exact(&mut host).await?;
    stream.read_u16().await?;
    let host = match head[3] {
        3 => String::from_utf8_lossy(&host).into_owned(),
        _ => host.iter().map(u8::to_string).collect::<Vec<_>>().join("."),
    };
    book.lock().unwrap().push(host);
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    #[expect(clippy::disallowed_methods, reason = "the test's own server")]
    let mut there = TcpStream::connect(site).await?;
    tokio::io::copy_bidirectional(&mut stream, &mut there).await?;
    Ok(())
}

async fn visited(scene: &Scene, guard: &Guard, address: &str) -> Result<Visited, VisitError> {
    let address = Url::parse(address).unwrap();
    let visited = visit(&scene.settings, guard, &Clock::system(), &address).await;
    scene.nothing_is_left().await;
    visited
}

/// The rule that sends a host through an exit.
fn through(exit: &str) -> SiteRule {
    SiteRule {
        hosts: HostPattern::parse("*.far.example").unwrap(),
        language: None,
        timezone: None,
        viewport: None,
        user_agent: None,
        exit: Some(exit.to_owned()),
        gates: capture::Gates::default(),
    }
}

#[tokio::test]
async fn an_onion_page_is_visited_through_tor_and_what_it_names_elsewhere_is_not() {
    let site = site::serve_on_port().await;
    let (at, asked) = socks(site).await;
    let tor = Exit {
        onion: true,
        ..Exit::new("tor", at)
    };
    let direct = DemoRoute {
        name: "b.example".to_owned(),
        documentation_ip: "192.0.2.10".parse().unwrap(),
        port: 80,
        to: site,
    };
    let policy = Policy::public()
        .with_exits([tor])
        .with_demo_routes([direct]);
    let nobody = std::iter::empty::<(String, _)>();
    let guard = Guard::new(policy, Resolver::table(nobody));
    let onion = format!("{}.onion", "abcdefg2".repeat(7));
    for scene in [Scene::new(), Scene::plain()] {
        // It leads on to a page on the open web.
        let seen = visited(&scene, &guard, &format!("http://{onion}/from"))
            .await
            .unwrap();
        assert_eq!(seen.outcome, Captured::Yes, "{seen:?}");
        assert_eq!(not_found(&seen, &["40.png"]), Vec::<&str>::new());
        for noted in &seen.connections {
            let expected = (noted.host == onion).then_some("tor");
            assert_eq!(noted.through.as_deref(), expected, "{noted:?}");
        }
    }
    assert!(asked.lock().unwrap().iter().all(|host| *host == onion));
}

#[tokio::test]
async fn a_site_of_a_rule_and_all_it_asks_for_go_through_its_exit_or_nowhere() {
    let site = site::serve_on_port().await;
    let (at, asked) = socks(site).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = nobody.local_addr().unwrap();
    drop(nobody);
    let routes = ["www.far.example", "b.example"].map(|name| DemoRoute {
        name: name.to_owned(),
        documentation_ip: "192.0.2.10".parse().unwrap(),
        port: 80,
        to: site,
    });
    let policy = Policy::public()
        .with_exits([Exit::new("far", at), Exit::new("gone", gone)])
        .with_demo_routes(routes);
    let empty = std::iter::empty::<(String, _)>();
    let guard = Guard::new(policy, Resolver::table(empty));
    let mut scene = Scene::new();
    scene.settings.rules = vec![through("far")];
    let seen = visited(&scene, &guard, "http://www.far.example/from")
        .await
        .unwrap();
    assert_eq!(seen.outcome, Captured::Yes, "{seen:?}");
    assert_eq!(not_found(&seen, &["40.png"]), Vec::<&str>::new());
    let direct = seen
        .connections
        .iter()
        .filter(|noted| noted.through.as_deref() != Some("far"));
    assert_eq!(direct.count(), 0, "{:?}", seen.connections);
    assert!(
        asked
            .lock()
            .unwrap()
            .iter()
            .all(|host| host.starts_with("127.")),
        "a name was handed on"
    );
    scene.settings.rules = vec![through("gone")];
    let seen = visited(&scene, &guard, "http://www.far.example/arrived")
        .await
        .unwrap();
    assert_eq!(cause(&seen), &Cause::OurWayOut);
    scene.settings.rules = vec![through("nowhere")];
    let seen = visited(&scene, &guard, "http://www.far.example/arrived").await;
    assert!(matches!(seen, Err(VisitError::Exit(_))), "{seen:?}");
}
