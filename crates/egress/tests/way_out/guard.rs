//! Names, name servers and connections.

use egress::{ConnectKind, DemoRoute, DnsFault, Guard, NotReached, Policy, Refusal};
use hickory_resolver::proto::op::ResponseCode;

use crate::dns::{NameServer, Say};
use crate::site::{OPEN, PRIVATE, Site, guard, page, policy};

#[tokio::test]
async fn a_rebinding_name_server_cannot_win() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let lying =
        NameServer::saying(|before| Say::Addresses(vec![if before == 0 { OPEN } else { PRIVATE }]))
            .await;
    let guard = Guard::new(policy(&[&site]), lying.resolver());
    let connected = guard.connect("rebind.example", site.port()).await.unwrap();
    assert_eq!(connected.ip, Some(OPEN));
    assert_eq!(lying.asked(), 1, "it is asked once per connection");
    let second = guard.connect("rebind.example", site.port()).await;
    assert!(
        matches!(second, Err(NotReached::Refused(Refusal::Address { ip, .. })) if ip == PRIVATE),
        "{second:?}"
    );
}

#[tokio::test]
async fn of_mixed_answers_only_the_allowed_one_is_connected_to() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let connected = guard(&[&site]).connect("mixed.example", site.port()).await;
    assert_eq!(connected.unwrap().ip, Some(OPEN));
}

async fn fault_when(say: impl Fn() -> Say + Send + Sync + 'static) -> DnsFault {
    let server = NameServer::saying(move |_| say()).await;
    let guard = Guard::new(Policy::public(), server.resolver());
    match guard.connect("any.example", 80).await {
        Err(NotReached::Dns(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_missing_name_is_theirs_and_a_failing_name_server_is_ours() {
    let missing = fault_when(|| Say::Code(ResponseCode::NXDomain)).await;
    assert_eq!(missing, DnsFault::NoSuchName);
    assert!(!missing.is_ours());
    let empty = fault_when(|| Say::Addresses(Vec::new())).await;
    assert_eq!(empty, DnsFault::NoAddress);
    assert!(!empty.is_ours());
    for code in [ResponseCode::ServFail, ResponseCode::Refused] {
        let failing = fault_when(move || Say::Code(code)).await;
        assert!(matches!(failing, DnsFault::ServerFailure(_)), "{failing:?}");
        assert!(failing.is_ours());
    }
}

#[tokio::test]
async fn a_silent_name_server_is_ours_and_is_not_waited_for_long() {
    let started = std::time::Instant::now();
    let fault = fault_when(|| Say::Nothing).await;
    assert!(fault.is_ours(), "{fault:?}");
    assert!(started.elapsed().as_secs() < 10);
}

#[tokio::test]
async fn a_closed_port_is_theirs() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let guard = guard(&[&site]);
    let port = site.port();
    drop(site);
    tokio::task::yield_now().await;
    match guard.connect("site.example", port).await {
        Err(NotReached::Connect(fault)) => {
            assert_eq!(fault.kind, ConnectKind::Refused);
            assert!(!fault.is_ours());
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_demo_name_shows_its_documentation_address_and_leads_to_the_local_service() {
    let site = Site::answering(OPEN, |_| page("gallery")).await;
    let route = |name: &str, to| DemoRoute {
        name: name.into(),
        documentation_ip: "192.0.2.10".parse().unwrap(),
        port: 80,
        to,
    };
    let policy = Policy::public().with_demo_routes([route("gallery.example", site.at)]);
    assert!(policy.is_demo());
    let guard = Guard::new(policy, crate::site::names());
    for host in ["gallery.example", "192.0.2.10"] {
        let connected = guard.connect(host, 80).await.unwrap();
        assert_eq!(connected.ip, Some("192.0.2.10".parse().unwrap()));
        assert_eq!(connected.stream.peer_addr().unwrap(), site.at);
    }
    let resolved = guard.resolve("gallery.example").await.unwrap();
    assert_eq!(
        resolved,
        ["192.0.2.10".parse::<std::net::IpAddr>().unwrap()]
    );
    // The stage set opens nothing else: not the service itself, nor another port of the address.
    assert!(guard.connect("127.0.0.1", 80).await.is_err());
    assert!(guard.connect("gallery.example", 443).await.is_err());
    assert!(guard.connect("gallery.example", site.port()).await.is_err());
}
