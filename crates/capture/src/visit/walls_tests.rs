//! The proof that what is inside the walls reaches nothing but the guard: programs and a browser
//! that know nothing of a proxy, and listeners outside that wait for them in vain.
//!
//! Each is tried a second time with the network let in: were the walls' network not the reason, the
//! listeners would wait in vain as well.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, UdpSocket};
use tokio::process::Command;

use super::boxed::{LIMITS, SHUT, walls};
use super::{box_works, find_browser};

/// Somebody outside who answers every connection and counts it, and every datagram.
struct Outside {
    at: SocketAddr,
    datagrams_at: SocketAddr,
    met: Arc<AtomicUsize>,
}

impl Outside {
    async fn listening(ip: IpAddr) -> Self {
        let met = Arc::new(AtomicUsize::new(0));
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let socket = UdpSocket::bind((ip, 0)).await.unwrap();
        let (at, datagrams_at) = (listener.local_addr().unwrap(), socket.local_addr().unwrap());
        let counted = Arc::clone(&met);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nreached\n";
                let _ = stream.write_all(answer).await;
            }
        });
        let counted = Arc::clone(&met);
        tokio::spawn(async move {
            let mut buffer = [0; 64];
            while socket.recv_from(&mut buffer).await.is_ok() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self {
            at,
            datagrams_at,
            met,
        }
    }

    fn met(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }
}

/// On loopback, and on every other address of this machine, one at least.
async fn outside() -> Vec<Outside> {
    let mut all = vec![Outside::listening(IpAddr::V4(Ipv4Addr::LOCALHOST)).await];
    let others = own_addresses();
    if others.is_empty() {
        eprintln!("this machine has no address but loopback; another address of that is taken");
        all.push(Outside::listening(IpAddr::from([127, 0, 0, 77])).await);
    }
    for ip in others {
        all.push(Outside::listening(ip).await);
    }
    all
}

/// The addresses of this machine that are not loopback, as the kernel's table of routes has them.
fn own_addresses() -> Vec<IpAddr> {
    let table = std::fs::read_to_string("/proc/net/fib_trie").unwrap_or_default();
    let lines: Vec<&str> = table.lines().collect();
    let local = lines
        .windows(2)
        .filter(|two| two[1].contains("/32 host LOCAL"));
    let read = local.filter_map(|two| two[0].trim().strip_prefix("|-- ")?.parse().ok());
    let mut found: Vec<IpAddr> = read.filter(|ip: &IpAddr| !ip.is_loopback()).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(3);
    found
}

/// A program inside the walls; with `open`, the same walls with the machine's network let in.
fn within_walls(open: bool, program: &[&str]) -> Command {
    let mut command = Command::new("bwrap");
    command.args(walls());
    if open {
        command.arg("--share-net");
    }
    command.args(SHUT).arg("prlimit").args(LIMITS).args(program);
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command.kill_on_drop(true);
    command
}

async fn said(mut command: Command) -> String {
    let output = tokio::time::timeout(Duration::from_secs(40), command.output());
    let output = output.await.unwrap().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether there are walls on this machine to be proven; says so when there are none.
async fn walls_stand() -> bool {
    let works = box_works().await;
    if let Err(why) = &works {
        eprintln!("SKIPPED, NOTHING PROVEN: {why}");
    }
    works.is_ok()
}

#[tokio::test]
async fn no_program_inside_reaches_the_machine_or_its_network_by_any_address() {
    if !walls_stand().await {
        return;
    }
    for open in [false, true] {
        for place in outside().await {
            let (ip, tcp, udp) = (place.at.ip(), place.at.port(), place.datagrams_at.port());
            let dial = format!(
                "(exec 3<>/dev/tcp/{ip}/{tcp}) && echo connected; (echo . >/dev/udp/{ip}/{udp})"
            );
            let said = said(within_walls(open, &["bash", "-c", &dial])).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            assert_eq!(said.contains("connected"), open, "{ip}: {said}");
            assert_eq!(place.met(), if open { 2 } else { 0 }, "{ip}");
        }
    }
}

#[tokio::test]
async fn a_browser_without_the_guard_reaches_nothing() {
    let Some(browser) = find_browser().filter(|path| path.starts_with("/usr")) else {
        eprintln!("SKIPPED, NOTHING PROVEN: there is no browser under /usr");
        return;
    };
    if !walls_stand().await {
        return;
    }
    for open in [false, true] {
        for place in outside().await {
            let address = format!("http://{}/", place.at);
            // No proxy and none of the flags of a visit: only the walls are in the way.
            let said = said(within_walls(
                open,
                &[
                    browser.to_str().unwrap(),
                    "--headless=new",
                    "--disable-gpu",
                    "--no-proxy-server",
                    "--user-data-dir=/tmp/profile",
                    "--dump-dom",
                    &address,
                ],
            ))
            .await;
            assert_eq!(said.contains("reached"), open, "{address}: {said}");
            assert_eq!(place.met() > 0, open, "{address}");
        }
    }
}

#[tokio::test]
async fn inside_there_is_nothing_of_the_machine_but_its_programs() {
    if !walls_stand().await {
        return;
    }
    let look = "env; ls -A / /etc /visit /tmp; id -u; ls -d /proc/[0-9]* | wc -w; \
        readlink /proc/self/ns/user /proc/self/ns/pid /proc/self/ns/net /proc/self/ns/ipc \
        /proc/self/ns/uts /proc/self/ns/mnt; tail -n +3 /proc/net/dev | cut -d: -f1; \
        for at in / /usr /etc /visit /dev; do touch $at/here 2>/dev/null && echo wrote; done; \
        grep CapEff /proc/self/status";
    let seen = said(within_walls(false, &["bash", "-c", look])).await;
    let words: Vec<&str> = seen.split_whitespace().collect();
    for name in ["user", "pid", "net", "ipc", "uts", "mnt"] {
        let ours = std::fs::read_link(format!("/proc/self/ns/{name}")).unwrap();
        let ours = ours.to_string_lossy().into_owned();
        assert!(!words.contains(&ours.as_str()), "{name} is the machine's");
        assert!(seen.contains(&format!("{name}:[")), "{seen}");
    }
    for gone in [
        "root",
        "home",
        "var/lib",
        "passwd",
        "shadow",
        "resolv.conf",
        "hosts",
        "eth0",
    ] {
        assert!(!words.contains(&gone), "{gone} is inside: {seen}");
    }
    assert!(!seen.contains("wrote"), "{seen}");
    assert!(seen.contains("CapEff:\t0000000000000000"), "{seen}");
    for line in seen.lines().filter(|line| line.contains('=')) {
        let name = line.split('=').next().unwrap_or_default();
        let known = ["PATH", "HOME", "LANG", "PWD", "OLDPWD", "SHLVL", "_"];
        assert!(known.contains(&name), "{line} was handed in");
    }
}
