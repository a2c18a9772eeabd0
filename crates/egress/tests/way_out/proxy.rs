//! What the proxy carries, and what it says when it cannot.

use std::time::Duration;

use egress::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::site::{OPEN, Proxied, Site, guard, page, read_head, with_headers};

#[tokio::test]
async fn a_plain_request_goes_through_without_what_was_meant_for_the_proxy() {
    let site = Site::answering(OPEN, |head| {
        let headers =
            "X-Egress-Refused: forged\r\nX-Egress-Side: ours\r\nKeep-Alive: 5\r\nX-Own: 1\r\n";
        with_headers(headers, head.as_bytes())
    })
    .await;
    let proxied = Proxied::over(&[&site]).await;
    let port = site.port();
    let answer = proxied
        .ask(&format!(
            "GET http://site.example:{port}/a?b=c HTTP/1.1\r\nHost: other.example\r\n\
             Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\n\
             Connection: close, X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\nUpgrade: h2c\r\n\
             Accept-Language: nl\r\n\r\n"
        ))
        .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (head, seen) = answer.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    assert!(head.contains("x-own") && !head.contains("x-egress") && !head.contains("keep-alive"));
    assert!(seen.starts_with("GET /a?b=c HTTP/1.1\r\n"), "{seen}");
    let seen = seen.to_lowercase();
    assert!(
        seen.contains(&format!("host: site.example:{port}\r\n")),
        "{seen}"
    );
    assert!(seen.contains("accept-language: nl"));
    for gone in ["other.example", "proxy-", "x-mine", "te:", "upgrade"] {
        assert!(!seen.contains(gone), "{gone} in {seen}");
    }
    let record = &proxied.pass.records()[0];
    assert_eq!(
        (record.host.as_str(), record.ip),
        ("site.example", Some(OPEN))
    );
    assert!(record.bytes_in > 100 && record.bytes_out > 50 && record.refused.is_none());
    proxied.ends().await;
}

#[tokio::test]
async fn a_posted_body_reaches_the_server() {
    let site = Site::serving(OPEN, |mut stream, _| async move {
        let mut body = [0; 5];
        stream.read_exact(&mut body).await.unwrap();
        stream.write_all(&with_headers("", &body)).await.unwrap();
    })
    .await;
    let proxied = Proxied::over(&[&site]).await;
    let answer = proxied
        .ask(&format!(
            "POST http://site.example:{}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
            site.port()
        ))
        .await;
    assert!(answer.ends_with("hello"), "{answer}");
    proxied.ends().await;
}

#[tokio::test]
async fn a_tunnel_carries_both_ways_and_goes_on_when_one_side_has_finished() {
    let site = Site::serving(OPEN, |mut stream, _| async move {
        // Answers only when the client has closed its half.
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.unwrap();
        all.reverse();
        stream.write_all(&all).await.unwrap();
    })
    .await;
    let proxied = Proxied::over(&[&site]).await;
    let ask = format!("CONNECT site.example:{} HTTP/1.1\r\n\r\n", site.port());
    let mut stream = proxied.say(&ask).await;
    assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 200"));
    stream.write_all(b"\r\n\r\nabc").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer, "cba");
    proxied.ends().await;
}

#[tokio::test]
async fn a_missing_name_and_a_failing_name_server_are_told_apart() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let proxied = Proxied::over(&[&site]).await;
    for (host, side) in [("missing.example", "theirs"), ("broken.example", "ours")] {
        let ask = format!(
            "GET http://{host}:{}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            site.port()
        );
        let answer = proxied.ask(&ask).await;
        assert!(answer.starts_with("HTTP/1.1 502"), "{answer}");
        assert!(
            answer.contains(&format!("x-egress-side: {side}")),
            "{answer}"
        );
    }
    proxied.ends().await;
}

#[tokio::test]
async fn a_server_that_speaks_nonsense_is_told_as_theirs() {
    let site = Site::answering(OPEN, |_| b"SSH-2.0-none\r\n".to_vec()).await;
    let proxied = Proxied::over(&[&site]).await;
    let ask = format!(
        "GET http://site.example:{}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        site.port()
    );
    let answer = proxied.ask(&ask).await;
    assert!(
        answer.starts_with("HTTP/1.1 502") && answer.contains("side: theirs"),
        "{answer}"
    );
    proxied.ends().await;
}

#[tokio::test]
async fn slow_silent_and_vanished_clients_leave_no_task_behind() {
    let site = Site::serving(OPEN, |stream, _| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    let limits = Limits {
        connections: 200,
        ..Limits::default()
    };
    let proxied = Proxied::start(guard(&[&site]), limits).await;
    let port = site.port();
    let mut kept = Vec::new();
    for turn in 0..40 {
        let text = match turn % 4 {
            0 => String::new(),
            1 => "GET http://site.exam".to_owned(),
            2 => format!("CONNECT site.example:{port} HTTP/1.1\r\n\r\nx"),
            _ => format!("GET http://site.example:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        };
        let stream = proxied.say(&text).await;
        if turn % 8 < 4 {
            kept.push(stream);
        }
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    proxied.ends().await;
    drop(kept);
}

#[tokio::test]
async fn dropping_the_proxy_drops_its_tunnels() {
    let site = Site::silent(OPEN).await;
    let proxied = Proxied::over(&[&site]).await;
    let ask = format!("CONNECT site.example:{} HTTP/1.1\r\n\r\n", site.port());
    let mut stream = proxied.say(&ask).await;
    read_head(&mut stream).await;
    proxied.serving.abort();
    let ended = tokio::time::timeout(Duration::from_secs(3), stream.read_u8()).await;
    assert!(ended.unwrap().is_err());
}
