//! Nothing goes round the proxy: not outside the box either, where only the browser's flags hold.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::response::Html;
use axum::routing::get;
use capture::{Captured, Sandbox, find_browser};
use tokio::net::{TcpListener, UdpSocket};

use super::{World, assert_found};
use crate::site;

pub fn routes() -> Router {
    Router::new().route(
        "/around/{tcp}/{udp}",
        get(|Path((tcp, udp)): Path<(u16, u16)>| async move { Html(page(tcp, udp)) }),
    )
}

/// Tries every way a page has to reach a machine that is not asked of the proxy.
fn page(tcp: u16, udp: u16) -> String {
    format!(
        "<link rel=preconnect href='http://127.0.0.1:{tcp}/'><link rel=prefetch href='http://127.0.0.1:{tcp}/a'>
        <link rel=dns-prefetch href='//outside.example'><img src=/p/91.png><img src='http://127.0.0.1:{tcp}/b.png'>
        <script type=speculationrules>{{\"prefetch\": [{{\"source\": \"list\", \"urls\": [\"http://127.0.0.1:{tcp}/c\"]}}]}}</script>
        <script>
        const ice = [{{ urls: 'stun:127.0.0.1:{udp}' }},
            {{ urls: 'turn:127.0.0.1:{udp}?transport=udp', username: 'a', credential: 'b' }},
            {{ urls: 'turn:127.0.0.1:{tcp}?transport=tcp', username: 'a', credential: 'b' }}];
        const peer = new RTCPeerConnection({{ iceServers: ice }});
        peer.createDataChannel('x');
        peer.createOffer().then(offer => peer.setLocalDescription(offer));
        new WebSocket('ws://127.0.0.1:{tcp}/d');
        new EventSource('http://127.0.0.1:{tcp}/e');
        navigator.sendBeacon('http://127.0.0.1:{tcp}/f', 'x');
        fetch('http://127.0.0.1:{tcp}/g', {{ mode: 'no-cors' }}).catch(() => 0);
        try {{ new WebTransport('https://127.0.0.1:{udp}/h'); }} catch (_) {{}}
        setTimeout(() => {{ const i = new Image(); i.src = '/p/92.png'; document.body.append(i); }}, 1500);
        const hold = setInterval(() => fetch('/p/93.png'), 200); setTimeout(() => clearInterval(hold), 1600);
        </script><body>"
    )
}

/// Somebody on this machine who counts who calls.
async fn counting() -> (SocketAddr, SocketAddr, Arc<AtomicUsize>) {
    let here = IpAddr::from([127, 0, 0, 1]);
    let called = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind((here, 0)).await.unwrap();
    let socket = UdpSocket::bind((here, 0)).await.unwrap();
    let (tcp, udp) = (listener.local_addr().unwrap(), socket.local_addr().unwrap());
    let counted = Arc::clone(&called);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let counted = Arc::clone(&called);
    tokio::spawn(async move {
        let mut buffer = [0; 2_048];
        while socket.recv_from(&mut buffer).await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (tcp, udp, called)
}

#[tokio::test]
async fn whatever_a_page_tries_the_browser_speaks_to_the_proxy_only() {
    let (tcp, udp, called) = counting().await;
    let mut world = World::new().await;
    world.scene.settings.sandbox = Sandbox::Off;
    let path = format!("/around/{}/{}", tcp.port(), udp.port());
    let visited = world.endures(&format!("http://a.example{path}")).await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_found(&visited, &["91.png", "92.png"]);
    assert_eq!(called.load(Ordering::SeqCst), 0, "it went round the proxy");

    // The same page in a browser without our flags does call: the silence above means something.
    let Some(browser) = find_browser() else {
        return;
    };
    let profile = tempfile::tempdir().unwrap();
    let site = site::serve_on_port().await;
    let mut bare = tokio::process::Command::new(browser);
    bare.args([
        "--headless=new",
        "--disable-gpu",
        "--no-sandbox",
        "--dump-dom",
        "--timeout=4000",
    ])
    .arg(format!("--user-data-dir={}", profile.path().display()))
    .arg(format!("http://{site}{path}"))
    .kill_on_drop(true);
    let ended = tokio::time::timeout(Duration::from_secs(20), bare.output()).await;
    assert!(ended.is_ok(), "the bare browser did not end");
    assert!(called.load(Ordering::SeqCst) > 0, "nobody called at all");
}
