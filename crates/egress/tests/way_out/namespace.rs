//! The second wall: a program in a network namespace of its own reaches nothing but the bridge to
//! the proxy.
//!
//! The test starts itself again inside bubblewrap. Where namespaces are not available it says so
//! and proves nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::Command;

use egress::{Entrance, Limits, Pass, bridge, serve_proxy};
use ground::Clock;
use tokio::net::UnixListener;
use tokio_util::sync::CancellationToken;

use crate::site::{OPEN, Site, guard, page};

const SITE: &str = "EGRESS_TEST_SITE";
const SOCKET: &str = "EGRESS_TEST_SOCKET";

fn boxed() -> Command {
    let mut command = Command::new("bwrap");
    command.args(["--unshare-net", "--die-with-parent", "--bind", "/", "/"]);
    command.args(["--dev", "/dev", "--proc", "/proc", "--"]);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_without_a_network_reaches_a_server_through_the_bridge_and_nothing_else() {
    let possible = boxed()
        .arg("true")
        .output()
        .is_ok_and(|out| out.status.success());
    if !possible {
        eprintln!("SKIPPED, NOTHING PROVEN: bubblewrap cannot make a network namespace here");
        return;
    }
    let site = Site::answering(OPEN, |_| page("reached through the guard")).await;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("proxy.sock");
    let pass = Pass::new(guard(&[&site]), Clock::system(), Limits::default());
    let listener = UnixListener::bind(&socket).unwrap();
    let serving = tokio::spawn(serve_proxy(Entrance::Unix(listener), pass.clone()));
    let mut inside = boxed();
    inside
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "namespace::inside_the_namespace",
            "--ignored",
            "--nocapture",
        ])
        .env(SITE, site.at.to_string())
        .env(SOCKET, &socket);
    let out = tokio::task::spawn_blocking(move || inside.output())
        .await
        .unwrap()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(
        out.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&out.stderr)
    );
    assert!(said.contains("INSIDE: all as it should be"), "{said}");
    assert_eq!(site.hits(), 1);
    pass.close();
    serving.await.unwrap();
    let records = pass.records();
    assert_eq!(records.len(), 2, "{records:?}");
    assert_eq!(
        records
            .iter()
            .filter(|record| record.refused.is_some())
            .count(),
        1
    );
}

#[test]
#[ignore = "runs inside the namespace that the test above makes"]
fn inside_the_namespace() {
    let (Ok(site), Ok(socket)) = (std::env::var(SITE), std::env::var(SOCKET)) else {
        eprintln!("SKIPPED, NOTHING PROVEN: not started by the test above");
        return;
    };
    let site: SocketAddr = site.parse().unwrap();
    for at in [
        site,
        "1.1.1.1:80".parse().unwrap(),
        "8.8.8.8:443".parse().unwrap(),
    ] {
        assert!(dialled(at).is_err(), "{at} was reached without the guard");
    }
    let udp = UdpSocket::bind("0.0.0.0:0").unwrap();
    assert!(udp.send_to(b"?", "9.9.9.9:53").is_err(), "a datagram left");

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind((OPEN, 0)))
        .unwrap();
    let at = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let bridging = runtime.spawn(bridge(listener, PathBuf::from(socket), stop.clone()));
    let port = site.port();
    let page = asked(at, &format!("http://site.example:{port}/"));
    assert!(page.ends_with("reached through the guard"), "{page}");
    let private = asked(at, &format!("http://127.0.0.2:{port}/"));
    assert!(private.starts_with("HTTP/1.1 403"), "{private}");
    stop.cancel();
    runtime.block_on(bridging).unwrap();
    println!("INSIDE: all as it should be");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test proves that this leads nowhere"
)]
fn dialled(at: SocketAddr) -> std::io::Result<std::net::TcpStream> {
    std::net::TcpStream::connect(at)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test's own client of the bridge"
)]
fn asked(proxy: SocketAddr, url: &str) -> String {
    let mut stream = std::net::TcpStream::connect(proxy).unwrap();
    write!(
        stream,
        "GET {url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
