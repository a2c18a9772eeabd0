//! Servers and names that lie: redirects inwards, rebinding, broken connections.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use capture::{Captured, Cause};
use egress::{Guard, Policy, Resolver};
use tokio::net::{TcpListener, UdpSocket};

use super::{World, assert_found, raw};
use crate::cause;

/// A server that leads from step to step, and in the end where `to` says.
async fn leading(to: &'static str) -> SocketAddr {
    let steps = Router::new().route(
        "/step/{count}",
        get(move |Path(count): Path<u32>| async move {
            let next = if count >= 6 {
                to.to_owned()
            } else {
                format!("http://steps.example/step/{}", count + 1)
            };
            (StatusCode::FOUND, [(LOCATION, next)]).into_response()
        }),
    );
    let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 33), 0));
    let listener = listener.await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, steps).await.unwrap() });
    at
}

#[tokio::test]
async fn no_chain_of_redirects_leads_into_a_network_of_ours() {
    for (to, expected) in [
        ("http://inside.example/", Cause::RefusedByPolicy),
        ("http://metadata.example/latest/", Cause::RefusedByPolicy),
        ("http://[::ffff:10.0.0.7]/", Cause::RefusedByPolicy),
        ("http://0xA000007/", Cause::RefusedByPolicy),
        ("http://start.example/step/1", Cause::TooManyRedirects),
    ] {
        let at = leading(to).await;
        let mut world = World::with(&[("start.example", 80, at), ("steps.example", 80, at)]).await;
        // Of the two visitors each is led astray, in turns.
        if to.contains("0xA") || to.contains("metadata") {
            world.scene.settings.browser = None;
        }
        let visited = world.endures("http://start.example/step/1").await;
        assert_eq!(cause(&visited), &expected, "{to}");
        assert!(
            visited.pictures.is_empty() && visited.screenshot.is_none(),
            "{to}"
        );
    }
}

/// A name server of lies: the first answer is `first`, every later one `later`, each for no time.
async fn rebinding(first: Ipv4Addr, later: Ipv4Addr) -> Resolver {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 1_024];
        let mut asked = 0;
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let question = &buffer[..length];
            // The name ends with an empty label; type and class follow.
            let end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
            let is_v4 = question[end - 4..end - 2] == [0, 1];
            let mut answer = question[..2].to_vec();
            answer.extend([0x81, 0x80, 0, 1, 0, u8::from(is_v4), 0, 0, 0, 0]);
            answer.extend(&question[12..end]);
            if is_v4 {
                let told = if asked == 0 { first } else { later };
                asked += 1;
                answer.extend([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                answer.extend(told.octets());
            }
            let _ = socket.send_to(&answer, from).await;
        }
    });
    Resolver::servers(&[at]).unwrap()
}

#[tokio::test]
async fn a_name_that_turns_inwards_during_a_visit_leads_nowhere() {
    // Two servers on one port: the page outside, and one that stands for ours inside.
    let (outside, inside) = (Ipv4Addr::new(127, 0, 0, 41), Ipv4Addr::new(127, 0, 0, 42));
    let page = Router::new()
        .route("/", get(|| async {
            Html("<title>Outside</title><img src='/p/inner.png'><script>
                for (let i = 0; i < 9; i++) { const p = new Image(); p.src = '/p/' + i; document.body.append(p); }
                fetch('/secret').then(r => r.ok ? r.text() : '').then(t => { if (t) document.title = t; });</script>")
        }));
    let listener = TcpListener::bind((outside, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, page).await.unwrap() });
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let secret = Router::new().fallback(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async { "our secret" }
    });
    let listener = TcpListener::bind((inside, port)).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, secret).await.unwrap() });
    let policy = Policy::public()
        .with_ports([port])
        .with_test_networks(["127.0.0.41/32".parse().unwrap()]);
    let world = World::over(Guard::new(policy, rebinding(outside, inside).await));
    let visited = world
        .endures(&format!("http://turning.example:{port}/"))
        .await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_eq!(visited.title.as_deref(), Some("Outside"));
    assert_eq!(asked.load(Ordering::SeqCst), 0, "the inside was reached");
    let refused = visited
        .connections
        .iter()
        .filter(|noted| noted.refused.is_some());
    assert!(refused.count() > 0, "{:?}", visited.connections);
    let reached = visited.connections.iter().filter_map(|noted| noted.ip);
    assert!(reached.into_iter().all(|ip| ip == IpAddr::V4(outside)));
}

#[tokio::test]
async fn broken_half_closed_dripping_and_mute_connections_hold_nobody_up() {
    for plain in [false, true] {
        let mut world = World::with(&[("broken.example", 80, raw::broken().await)]).await;
        if plain {
            world.scene.settings.browser = None;
            world.scene.settings.deadline = Duration::from_secs(10);
        }
        let visited = world.endures("http://broken.example/page").await;
        assert_eq!(visited.outcome, Captured::Yes, "{:?}", visited.missed);
        assert!(!visited.complete);
        assert_found(&visited, &["71.png"]);
        let half = visited
            .pictures
            .iter()
            .find(|one| one.address.ends_with("/p/half"));
        assert!(
            half.is_some_and(|one| one.cut_short && one.bytes.len() >= 600),
            "{half:?}"
        );
        world.is_unharmed().await;
    }
}
