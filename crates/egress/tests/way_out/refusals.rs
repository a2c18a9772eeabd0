//! Nothing that can be written as a host leads into the private network (T18).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use egress::{Guard, NotReached, Policy, kind_of};
use proptest::prelude::*;
use tokio::net::TcpListener;

use crate::site::{OPEN, Proxied, Site, names, page};

/// Spellings of an IPv4 address that some program somewhere understands.
fn spellings(ip: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = ip.octets();
    let whole = u32::from(ip);
    let (low24, low16) = (whole & 0xff_ffff, whole & 0xffff);
    let mapped = ip.to_ipv6_mapped();
    let [high, low] = [whole >> 16, whole & 0xffff];
    vec![
        ip.to_string(),
        format!("{ip}."),
        format!("{whole}"),
        format!("{whole:#x}"),
        format!("{whole:#X}").replace("0X", "0x"),
        format!("0{whole:o}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("{a}.{low24}"),
        format!("{a}.{b}.{low16}"),
        format!("0x0000{a:x}.{b}.{c}.{d}"),
        format!("{mapped}"),
        format!("[{mapped}]"),
        format!("[::ffff:{high:x}:{low:x}]"),
        format!("[::{ip}]"),
        format!("[64:ff9b::{high:x}:{low:x}]"),
        format!("[64:ff9b:1::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        format!("[2001:0:{high:x}:{low:x}::]"),
        format!("%{:02x}{}", b'0' + a / 100, &ip.to_string()[1..]),
        ip.to_string().replace('.', "。"),
        ip.to_string().replace('1', "１"),
        format!("user@{ip}"),
        format!("{ip}#"),
        format!(" {ip}"),
        format!("{ip}%00.example"),
        format!("[{ip}]"),
        format!("[::1%25lo]"),
        format!("[fe80::1%25eth0]"),
    ]
}

fn not_public() -> impl Strategy<Value = Ipv4Addr> {
    prop_oneof![
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(127, b, c, d)),
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(10, b, c, d)),
        any::<[u8; 2]>().prop_map(|[c, d]| Ipv4Addr::new(192, 168, c, d)),
        any::<[u8; 2]>().prop_map(|[c, d]| Ipv4Addr::new(169, 254, c, d)),
        any::<[u8; 2]>().prop_map(|[c, d]| Ipv4Addr::new(172, 16 + c % 16, c, d)),
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(0, b, c, d)),
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(224 + b % 32, b, c, d)),
    ]
}

/// Listens on a port of every address of this machine; fails when anybody comes.
async fn tripwire() -> (u16, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("[::]:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = tokio::spawn(async move {
        let _ = listener.accept().await;
    });
    (port, came)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_spelling_of_a_private_address_is_ever_connected_to(ip in not_public()) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let (port, came) = tripwire().await;
            let guard = Guard::new(Policy::public().with_ports([port]), names());
            for host in spellings(ip) {
                let tried = guard.connect(&host, port).await;
                let refused = matches!(&tried, Err(NotReached::Refused(_) | NotReached::Dns(_)));
                assert!(refused, "{host}: {tried:?}");
            }
            tokio::task::yield_now().await;
            assert!(!came.is_finished());
        });
    }

    #[test]
    fn no_private_answer_of_a_name_server_is_ever_connected_to(bits in any::<u128>(), high in 0_usize..8) {
        // Half of the addresses lie where the interesting networks are.
        let prefixes: [u128; 8] = [0, 0xfe80 << 112, 0xfc00 << 112, 0xff00 << 112, 0xfec0 << 112,
            0x2002 << 112, 0x2001_0db8 << 96, 0x0064_ff9b << 96];
        let v6 = Ipv6Addr::from_bits(prefixes[high] | (bits >> 32));
        let v4 = Ipv4Addr::from_bits((bits & 0xffff_ffff) as u32);
        let private: Vec<IpAddr> = [IpAddr::V6(v6), IpAddr::V4(v4)]
            .into_iter()
            .filter(|ip| kind_of(*ip).is_some())
            .collect();
        prop_assert!(!private.is_empty());
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let table = egress::Resolver::table([("x.example", Ok(private))]);
            let guard = Guard::new(Policy::public(), table);
            let tried = guard.connect("x.example", 80).await;
            assert!(matches!(tried, Err(NotReached::Refused(_))), "{tried:?}");
        });
    }
}

#[tokio::test]
async fn the_proxy_refuses_tunnels_and_requests_to_every_spelling_and_says_so() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let inside = Site::answering(crate::site::PRIVATE, |_| page("inside")).await;
    let (port, _) = (inside.port(), ());
    let proxied = Proxied::over(&[&site, &inside]).await;
    for host in [
        "127.0.0.2",
        "2130706434",
        "0x7f000002",
        "0x7f.2",
        "0177.0.0.2",
        "127.2",
        "[::ffff:127.0.0.2]",
        "[::1]",
        "inside.example",
        "localhost",
        "a.localhost.",
        "0.0.0.0",
        "169.254.169.254",
    ] {
        for ask in [
            format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
            format!(
                "GET http://{host}:{port}/ HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\r\n"
            ),
        ] {
            let answer = proxied.ask(&ask).await;
            assert!(answer.starts_with("HTTP/1.1 403"), "{host}: {answer}");
            assert!(answer.contains("x-egress-refused: "), "{host}: {answer}");
            assert!(answer.contains("x-egress-side: ours"), "{host}: {answer}");
        }
    }
    assert_eq!(inside.hits(), 0);
    assert!(
        proxied
            .pass
            .records()
            .iter()
            .all(|record| record.refused.is_some() && record.ours)
    );
    proxied.ends().await;
}

#[tokio::test]
async fn ports_and_schemes_off_the_list_are_refused() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let other = Site::answering(OPEN, |_| page("other")).await;
    let proxied = Proxied::over(&[&site]).await;
    let port = other.port();
    for ask in [
        format!("CONNECT site.example:{port} HTTP/1.1\r\nConnection: close\r\n\r\n"),
        format!("GET http://site.example:{port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        "GET ftp://site.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        "GET gopher://site.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\r\n".to_owned(),
        "CONNECT site.example HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
    ] {
        let answer = proxied.ask(&ask).await;
        // What is no request at all is answered 400 before it comes to us.
        assert!(answer.starts_with("HTTP/1.1 40"), "{ask}: {answer}");
    }
    assert_eq!((site.hits(), other.hits()), (0, 0));
    proxied.ends().await;
}
