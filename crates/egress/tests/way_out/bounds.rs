//! The bounds of a visit: bytes, connections, time.

use std::time::Duration;

use egress::{Guard, HttpClient, Limits, NotReached, Pass, Refusal, Request, TlsSetup};
use ground::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::site::{OPEN, Proxied, Site, guard, names, page, policy, read_head};

async fn endless() -> Site {
    Site::serving(OPEN, |mut stream, _| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 4_096]).await.is_ok() {}
    })
    .await
}

#[tokio::test]
async fn a_download_is_cut_when_the_bytes_are_spent() {
    let site = endless().await;
    let limits = Limits {
        bytes_in: 300_000,
        ..Limits::default()
    };
    for ask in [
        "GET http://site.example:PORT/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT site.example:PORT HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    ] {
        let proxied = Proxied::start(guard(&[&site]), limits).await;
        let answer = proxied
            .ask(&ask.replace("PORT", &site.port().to_string()))
            .await;
        assert!(
            answer.len() <= 310_000,
            "{} bytes came through",
            answer.len()
        );
        assert_eq!(proxied.pass.ended(), Some(Refusal::BytesSpent));
        assert!(
            proxied
                .pass
                .connect("site.example", site.port())
                .await
                .is_err()
        );
        proxied.ends().await;
    }
}

#[tokio::test]
async fn one_connection_that_brings_too_much_is_cut_and_the_others_go_on() {
    let site = Site::serving(OPEN, |mut stream, head| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        if head.starts_with("GET /short") {
            let _ = stream.write_all(b"short").await;
            return;
        }
        while stream.write_all(&[b'x'; 4_096]).await.is_ok() {}
    })
    .await;
    let limits = Limits {
        bytes_in_each: 100_000,
        ..Limits::default()
    };
    let proxied = Proxied::start(guard(&[&site]), limits).await;
    let ask = |path: &str| {
        let port = site.port();
        format!(
            "GET http://site.example:{port}{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
    };
    let long = proxied.ask(&ask("/long")).await;
    assert!(long.len() <= 101_000, "{} bytes came through", long.len());
    assert!(proxied.ask(&ask("/short")).await.contains("short"));
    assert_eq!(proxied.pass.ended(), None);
    proxied.ends().await;
}

#[tokio::test]
async fn an_upload_is_cut_when_the_bytes_are_spent() {
    let site = Site::serving(OPEN, |mut stream, _| async move {
        let mut sink = vec![0; 4_096];
        while stream.read(&mut sink).await.is_ok_and(|n| n > 0) {}
    })
    .await;
    let limits = Limits {
        bytes_out: 100_000,
        ..Limits::default()
    };
    let proxied = Proxied::start(guard(&[&site]), limits).await;
    let ask = format!("CONNECT site.example:{} HTTP/1.1\r\n\r\n", site.port());
    let mut stream = proxied.say(&ask).await;
    read_head(&mut stream).await;
    while stream.write_all(&[0; 8_192]).await.is_ok() {}
    assert_eq!(proxied.pass.ended(), Some(Refusal::BytesSpent));
    proxied.ends().await;
}

#[tokio::test]
async fn everything_is_cut_at_the_deadline() {
    let site = Site::serving(OPEN, |mut stream, _| async move {
        let _ = stream.read_u8().await;
    })
    .await;
    let limits = Limits {
        lasting: Duration::from_millis(400),
        ..Limits::default()
    };
    let proxied = Proxied::start(guard(&[&site]), limits).await;
    let ask = format!("CONNECT site.example:{} HTTP/1.1\r\n\r\n", site.port());
    let mut stream = proxied.say(&ask).await;
    read_head(&mut stream).await;
    let ended = tokio::time::timeout(Duration::from_secs(3), stream.read_u8()).await;
    assert!(ended.unwrap().is_err());
    assert_eq!(proxied.pass.ended(), Some(Refusal::DeadlinePassed));
    tokio::time::timeout(Duration::from_secs(3), proxied.serving)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_visit_makes_no_more_connections_than_it_may_and_writes_down_no_more() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let limits = Limits {
        connections: 3,
        ..Limits::default()
    };
    let pass = Pass::new(guard(&[&site]), Clock::system(), limits);
    for _ in 0..3 {
        assert!(pass.connect("site.example", site.port()).await.is_ok());
    }
    for _ in 0..5 {
        let more = pass.connect("site.example", site.port()).await;
        assert!(matches!(
            more,
            Err(NotReached::Refused(Refusal::ConnectionsSpent))
        ));
    }
    assert_eq!(pass.records().len(), 3);
}

#[tokio::test]
async fn one_connection_too_many_at_once_waits_for_its_turn() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let limits = Limits {
        at_once: 1,
        ..Limits::default()
    };
    let pass = Pass::new(guard(&[&site]), Clock::system(), limits);
    let first = pass.connect("site.example", site.port()).await.unwrap();
    let second = tokio::time::timeout(
        Duration::from_millis(100),
        pass.connect("site.example", site.port()),
    );
    assert!(second.await.is_err());
    drop(first);
    assert!(pass.connect("site.example", site.port()).await.is_ok());
}

#[tokio::test]
async fn dropping_the_last_pass_cuts_its_connections() {
    let site = Site::silent(OPEN).await;
    let pass = Pass::new(guard(&[&site]), Clock::system(), Limits::default());
    let mut open = pass.connect("site.example", site.port()).await.unwrap();
    drop(pass);
    let ended = tokio::time::timeout(Duration::from_secs(3), open.read_u8()).await;
    assert!(
        ended
            .unwrap()
            .unwrap_err()
            .to_string()
            .contains("the visit has ended")
    );
}

#[tokio::test]
async fn a_fetch_within_a_pass_is_recorded_and_its_cut_is_told_as_ours() {
    let site = endless().await;
    let guard = Guard::new(policy(&[&site]), names());
    let tls = TlsSetup::trusting_only([]).unwrap();
    let client = HttpClient::new(guard.clone(), tls, "test".parse().unwrap());
    let limits = Limits {
        bytes_in: 50_000,
        ..Limits::default()
    };
    let pass = Pass::new(guard, Clock::system(), limits);
    let url = format!("http://site.example:{}/", site.port());
    let fetched = client
        .fetch_within(&pass, Request::get(url.parse().unwrap()))
        .await;
    let fault = fetched.unwrap_err();
    assert_eq!(fault, egress::FetchError::Refused(Refusal::BytesSpent));
    assert!(fault.is_ours());
    assert_eq!(pass.records()[0].ip, Some(OPEN));
}
