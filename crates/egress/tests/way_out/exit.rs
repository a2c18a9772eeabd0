//! Other ways out: a SOCKS5 server of the test's own, over a real socket.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use egress::{Exit, ExitKind, Guard, Limits, NotReached, Policy, Refusal};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::dns::{NameServer, Say};
use crate::site::{OPEN, PRIVATE, Proxied, Site, guard, names, page, policy, reach};

/// How the server answers to a wish.
#[derive(Clone, Copy)]
enum Answers {
    /// Leads to this place, whatever was asked for.
    To(SocketAddr),
    /// With this code (RFC 1928, 6).
    Code(u8),
    /// Not at all.
    Never,
    /// With something that is no SOCKS.
    Nonsense,
}

/// A SOCKS5 server that writes down what it was asked for, and by whom.
struct Socks {
    at: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Socks {
    async fn that(answers: Answers) -> Self {
        let listener = TcpListener::bind((OPEN, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let book = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let book = Arc::clone(&book);
                // A client that goes away in the middle is a client that goes away.
                tokio::spawn(async move { converse(stream, answers, &book).await.ok() });
            }
        });
        Self { at, asked }
    }

    fn exit(&self, name: &str) -> Exit {
        Exit {
            patience: Duration::from_secs(2),
            ..Exit::new(name, self.at)
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn converse(
    mut stream: TcpStream,
    answers: Answers,
    book: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut who = String::new();
    let [_, methods] = read::<2>(&mut stream).await?;
    let mut offered = vec![0; methods.into()];
    stream.read_exact(&mut offered).await?;
    if matches!(answers, Answers::Nonsense) {
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await?;
        return Ok(());
    }
    if offered.contains(&2) {
        stream.write_all(&[5, 2]).await?;
        let [_, length] = read::<2>(&mut stream).await?;
        let user = text(&mut stream, length).await?;
        let [length] = read::<1>(&mut stream).await?;
        let password = text(&mut stream, length).await?;
        who = format!("{user}:{password}@");
        stream.write_all(&[1, 0]).await?;
    } else {
        stream.write_all(&[5, 0]).await?;
    }
    let [_, _, _, kind] = read::<4>(&mut stream).await?;
    let host = match kind {
        1 => IpAddr::from(read::<4>(&mut stream).await?).to_string(),
        4 => IpAddr::from(read::<16>(&mut stream).await?).to_string(),
        _ => {
            let [length] = read::<1>(&mut stream).await?;
            text(&mut stream, length).await?
        }
    };
    let port = u16::from_be_bytes(read::<2>(&mut stream).await?);
    book.lock().unwrap().push(format!("{who}{host}:{port}"));
    let code = match answers {
        Answers::To(_) => 0,
        Answers::Code(code) => code,
        _ => std::future::pending().await,
    };
    stream.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    if let Answers::To(place) = answers {
        let mut there = reach(place).await;
        tokio::io::copy_bidirectional(&mut stream, &mut there).await?;
    }
    Ok(())
}

async fn read<const N: usize>(stream: &mut TcpStream) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn text(stream: &mut TcpStream, length: u8) -> std::io::Result<String> {
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn onion() -> String {
    format!("{}.onion", "abcdefg2".repeat(7))
}

fn tor(socks: &Socks) -> Exit {
    Exit {
        onion: true,
        ..socks.exit("tor")
    }
}

#[tokio::test]
async fn an_onion_address_goes_to_tor_by_its_name_and_no_name_server_hears_of_it() {
    let site = Site::answering(OPEN, |_| page("behind the onion")).await;
    let socks = Socks::that(Answers::To(site.at)).await;
    let asked = NameServer::saying(|_| Say::Addresses(vec![OPEN])).await;
    let open = Policy::public().with_exits([tor(&socks)]);
    let proxied = Proxied::start(Guard::new(open, asked.resolver()), Limits::default()).await;
    let onion = onion();
    let plain = format!("GET http://{onion}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(proxied.ask(&plain).await.ends_with("behind the onion"));
    let tunnel = format!("CONNECT www.{onion}:443 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    assert!(proxied.ask(&tunnel).await.ends_with("behind the onion"));
    assert_eq!(
        socks.asked(),
        [format!("{onion}:80"), format!("www.{onion}:443")]
    );
    assert_eq!(asked.asked(), 0, "our name server was asked");
    for noted in proxied.pass.records() {
        assert_eq!((noted.ip, noted.through.as_deref()), (None, Some("tor")));
        assert!(noted.bytes_in > 0 && noted.refused.is_none());
    }
    proxied.ends().await;
}

#[tokio::test]
async fn without_tor_an_onion_address_is_refused_and_so_is_one_that_can_be_none() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let reached = guard(&[&site]).connect(&onion(), site.port()).await;
    assert!(matches!(reached, Err(NotReached::Refused(Refusal::Onion))));
    // An exit for something else leads to no onion either.
    let socks = Socks::that(Answers::To(site.at)).await;
    let other = Guard::new(policy(&[&site]).with_exits([socks.exit("away")]), names());
    for guard in [other.clone(), other.through("away").unwrap()] {
        let reached = guard.connect(&onion(), site.port()).await;
        assert!(matches!(reached, Err(NotReached::Refused(Refusal::Onion))));
    }
    let open = Guard::new(Policy::public().with_exits([tor(&socks)]), names());
    for none in ["onion", "short.onion", "127.0.0.1.onion", "localhost.onion"] {
        assert!(
            matches!(open.connect(none, 80).await, Err(NotReached::Refused(_))),
            "{none}"
        );
    }
    let port = open.connect(&onion(), 25).await;
    assert!(matches!(port, Err(NotReached::Refused(Refusal::Port(25)))));
    assert_eq!(socks.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn an_exit_is_asked_for_the_address_that_was_checked_and_never_for_a_name() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let socks = Socks::that(Answers::To(site.at)).await;
    let lying =
        NameServer::saying(|before| Say::Addresses(vec![if before == 0 { OPEN } else { PRIVATE }]))
            .await;
    let known = policy(&[&site]).with_exits([socks.exit("away")]);
    let guard = Guard::new(known, lying.resolver()).through("away").unwrap();
    let connected = guard.connect("rebind.example", site.port()).await.unwrap();
    assert_eq!(
        (connected.ip, connected.through.as_deref()),
        (Some(OPEN), Some("away"))
    );
    assert_eq!(socks.asked(), [format!("{OPEN}:{}", site.port())]);
    // The second answer leads inside, and is not handed on.
    let second = guard.connect("rebind.example", site.port()).await;
    assert!(matches!(
        second,
        Err(NotReached::Refused(Refusal::Address { .. }))
    ));
    for inside in [
        "127.0.0.2",
        "127.2",
        "0x7f.2",
        "2130706434",
        "[::ffff:127.0.0.2]",
        "169.254.169.254",
        "10.0.0.7",
        "localhost",
        "printer.local",
    ] {
        let reached = guard.connect(inside, site.port()).await;
        assert!(
            matches!(reached, Err(NotReached::Refused(_))),
            "{inside}: {reached:?}"
        );
    }
    assert_eq!(socks.asked().len(), 1);
}

#[tokio::test]
async fn an_exit_that_fails_is_no_connection_and_the_direct_way_is_not_taken() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let nobody = TcpListener::bind((OPEN, 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let mut exits = vec![("gone", Exit::new("gone", nobody), ExitKind::NotThere, true)];
    for (name, answers, kind, ours) in [
        ("failing", Answers::Code(1), ExitKind::NotWilling, true),
        ("strict", Answers::Code(2), ExitKind::NotWilling, true),
        ("lost", Answers::Code(4), ExitKind::HostNotReached, true),
        ("odd", Answers::Code(0xF0), ExitKind::NotWilling, true),
        ("refused", Answers::Code(5), ExitKind::HostRefused, false),
        ("nonsense", Answers::Nonsense, ExitKind::NotWilling, true),
        ("mute", Answers::Never, ExitKind::TimedOut, true),
    ] {
        let socks = Socks::that(answers).await;
        exits.push((name, socks.exit(name), kind, ours));
    }
    for (name, exit, kind, ours) in exits {
        let started = std::time::Instant::now();
        let guard = Guard::new(policy(&[&site]).with_exits([exit]), names());
        let guard = guard.through(name).unwrap();
        match guard.connect("site.example", site.port()).await {
            Err(fault @ NotReached::Exit(_)) => {
                assert_eq!(fault.is_ours(), ours, "{name}");
                let NotReached::Exit(fault) = fault else {
                    continue;
                };
                assert_eq!((fault.exit.as_str(), fault.kind), (name, kind), "{fault}");
            }
            other => panic!("{name}: {other:?}"),
        }
        assert!(started.elapsed() < Duration::from_secs(4), "{name}");
    }
    assert_eq!(site.hits(), 0, "the direct way was taken");
}

#[tokio::test]
async fn an_exit_that_is_not_known_leads_nowhere() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let unknown = guard(&[&site]).through("elsewhere");
    assert_eq!(unknown.err(), Some(Refusal::NoSuchExit("elsewhere".into())));
}

#[tokio::test]
async fn an_exit_is_told_who_asks_when_it_wants_to_know() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let socks = Socks::that(Answers::To(site.at)).await;
    let exit = Exit {
        login: Some(("hotline".into(), "quiet".to_owned().into())),
        ..socks.exit("away")
    };
    let guard = Guard::new(policy(&[&site]).with_exits([exit]), names());
    let guard = guard.through("away").unwrap();
    assert!(guard.connect("site.example", site.port()).await.is_ok());
    assert_eq!(
        socks.asked(),
        [format!("hotline:quiet@{OPEN}:{}", site.port())]
    );
    assert!(!format!("{:?}", guard.policy()).contains("quiet"));
}
