//! Our own fetching.

use std::time::Duration;

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder};
use egress::{FetchError, Fetched, HttpClient, Over, Refusal, Request, Stage, TlsSetup};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use crate::site::{OPEN, PRIVATE, Site, guard, page, sent_on, with_headers};

fn client(sites: &[&Site]) -> HttpClient {
    let tls = TlsSetup::trusting_only([]).unwrap();
    HttpClient::new(guard(sites), tls, "meldpunt-test".parse().unwrap())
}

fn url(site: &Site, path: &str) -> Url {
    let port = site.port();
    format!("http://site.example:{port}{path}").parse().unwrap()
}

async fn get(site: &Site, path: &str) -> Result<Fetched, FetchError> {
    client(&[site]).fetch(Request::get(url(site, path))).await
}

#[tokio::test]
async fn a_page_comes_with_its_address_and_the_way_there() {
    let site = Site::answering(OPEN, |head| {
        if head.starts_with("GET /old") {
            sent_on("new?x=1#part")
        } else {
            page(head)
        }
    })
    .await;
    let fetched = get(&site, "/old").await.unwrap();
    assert_eq!(
        (fetched.status, fetched.ip, fetched.cut),
        (200, OPEN, false)
    );
    assert_eq!(fetched.redirects, [url(&site, "/old")]);
    assert_eq!(fetched.final_url.path(), "/new");
    let seen = String::from_utf8(fetched.body).unwrap();
    assert!(seen.starts_with("GET /new?x=1 HTTP/1.1"), "{seen}");
    assert!(seen.contains("meldpunt-test"));
    assert!(fetched.certificates_sha256.is_none());
}

#[tokio::test]
async fn no_redirect_leads_into_a_private_network() {
    let inside = Site::answering(PRIVATE, |_| page("inside")).await;
    let port = inside.port();
    let places = [
        format!("http://127.0.0.2:{port}/"),
        format!("http://2130706434:{port}/"),
        format!("http://0x7f.2:{port}/"),
        format!("http://0177.0.0.2:{port}/"),
        format!("http://[::ffff:127.0.0.2]:{port}/"),
        format!("//127.2:{port}/"),
        format!("http://inside.example:{port}/"),
        format!("http://localhost:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.2/".to_owned(),
        "ftp://site.example/".to_owned(),
    ];
    for place in places {
        let to = place.clone();
        let site = Site::answering(OPEN, move |head| {
            if head.starts_with("GET /second") {
                sent_on(&to)
            } else {
                sent_on("/second")
            }
        })
        .await;
        let wish = Request::get(url(&site, "/"));
        let fetched = client(&[&site, &inside]).fetch(wish).await;
        assert!(
            matches!(fetched, Err(FetchError::Refused(_))),
            "{place}: {fetched:?}"
        );
        assert_eq!(site.hits(), 2);
    }
    assert_eq!(inside.hits(), 0);
}

#[tokio::test]
async fn redirects_in_a_circle_come_to_an_end() {
    let site = Site::answering(OPEN, |_| sent_on("/again")).await;
    assert_eq!(
        get(&site, "/").await.unwrap_err(),
        FetchError::TooManyRedirects(8)
    );
    assert_eq!(site.hits(), 9);
}

#[tokio::test]
async fn a_port_off_the_list_is_refused_as_ours() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    let wish = Request::get("http://site.example:25/".parse().unwrap());
    let fault = client(&[&site]).fetch(wish).await.unwrap_err();
    assert_eq!(fault, FetchError::Refused(Refusal::Port(25)));
    assert!(fault.is_ours());
}

async fn packed(coding: &str, plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    match coding {
        "gzip" => GzipEncoder::new(plain).read_to_end(&mut packed).await,
        "br" => BrotliEncoder::new(plain).read_to_end(&mut packed).await,
        _ => ZlibEncoder::new(plain).read_to_end(&mut packed).await,
    }
    .unwrap();
    packed
}

#[tokio::test]
async fn packed_bodies_are_unpacked_and_bombs_are_not() {
    for coding in ["gzip", "br", "deflate"] {
        let small = packed(coding, b"hello hello hello").await;
        let bomb = packed(coding, &vec![0; 20 << 20]).await;
        assert!(bomb.len() < 64 << 10, "{coding}: {}", bomb.len());
        let header = format!("Content-Encoding: {coding}\r\n");
        let site = Site::answering(OPEN, move |head| {
            let body = if head.starts_with("GET /bomb") {
                &bomb
            } else {
                &small
            };
            with_headers(&header, body)
        })
        .await;
        assert_eq!(
            get(&site, "/").await.unwrap().body,
            b"hello hello hello",
            "{coding}"
        );
        let fail = Request::get(url(&site, "/bomb")).at_most(1 << 20, Over::Fail);
        let fault = client(&[&site]).fetch(fail).await.unwrap_err();
        assert_eq!(fault, FetchError::TooLarge(1 << 20), "{coding}");
        let cut = Request::get(url(&site, "/bomb")).at_most(1 << 20, Over::Cut);
        let fetched = client(&[&site]).fetch(cut).await.unwrap();
        assert!(fetched.cut && fetched.body.len() == 1 << 20, "{coding}");
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_whole() {
    let site = Site::answering(OPEN, |_| page("12345")).await;
    for (most, cut) in [(5, false), (4, true)] {
        let wish = Request::get(url(&site, "/")).at_most(most, Over::Cut);
        let fetched = client(&[&site]).fetch(wish).await.unwrap();
        assert_eq!((fetched.body.len(), fetched.cut), (most, cut));
    }
}

#[tokio::test]
async fn an_endless_chunked_body_is_cut() {
    let site = Site::serving(OPEN, |mut stream, _| async move {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let _ = stream.write_all(head).await;
        while stream.write_all(b"5\r\nxxxxx\r\n").await.is_ok() {}
    })
    .await;
    let wish = Request::get(url(&site, "/")).at_most(100_000, Over::Cut);
    let fetched = client(&[&site]).fetch(wish).await.unwrap();
    assert!(fetched.cut && fetched.body.len() == 100_000);
}

#[tokio::test]
async fn a_slow_drip_ends_with_the_whole_time_and_silence_sooner() {
    let site = Site::serving(OPEN, |mut stream, head| async move {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
            .await;
        let pause = if head.starts_with("GET /silent") {
            60_000
        } else {
            50
        };
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    })
    .await;
    let bounded = |path: &str| {
        Request::get(url(&site, path))
            .within(Duration::from_millis(900))
            .silence(Duration::from_millis(300))
    };
    let drip = client(&[&site]).fetch(bounded("/drip")).await.unwrap_err();
    assert_eq!(drip, FetchError::Timeout(Stage::Whole));
    let silent = client(&[&site])
        .fetch(bounded("/silent"))
        .await
        .unwrap_err();
    assert_eq!(silent, FetchError::Timeout(Stage::Reading));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_answer() {
    let site = Site::answering(OPEN, |_| {
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf".to_vec()
    })
    .await;
    let fault = get(&site, "/").await.unwrap_err();
    assert!(matches!(fault, FetchError::Protocol(_)), "{fault:?}");
    assert!(!fault.is_ours());
}

#[tokio::test]
async fn a_server_that_only_listens_is_given_up() {
    let site = Site::silent(OPEN).await;
    let wish = Request::get(url(&site, "/")).silence(Duration::from_millis(200));
    let fault = client(&[&site]).fetch(wish).await.unwrap_err();
    assert_eq!(fault, FetchError::Timeout(Stage::Waiting));
}

#[tokio::test]
async fn posted_json_arrives_and_is_not_carried_on_by_a_redirect() {
    let site = Site::serving(OPEN, |mut stream, head| async move {
        let mut body = [0; 7];
        stream.read_exact(&mut body).await.unwrap();
        assert!(
            head.to_lowercase()
                .contains("content-type: application/json")
        );
        assert_eq!(&body, br#"{"a":1}"#);
        stream.write_all(&sent_on("/elsewhere")).await.unwrap();
    })
    .await;
    let wish = Request::post_json(url(&site, "/"), r#"{"a":1}"#);
    let fetched = client(&[&site]).fetch(wish).await.unwrap();
    assert_eq!(fetched.status, 302);
    assert_eq!(site.hits(), 1);
}

#[tokio::test]
async fn the_head_of_a_packed_page_has_no_body_to_unpack() {
    let site = Site::answering(OPEN, |_| {
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n".to_vec()
    })
    .await;
    let wish = Request::head(url(&site, "/"));
    let fetched = client(&[&site]).fetch(wish).await.unwrap();
    assert_eq!(
        (fetched.body.len(), fetched.header("content-length")),
        (0, Some("500"))
    );
}

#[tokio::test]
async fn faults_of_names_say_whose_they_are() {
    let site = Site::answering(OPEN, |_| page("open")).await;
    for (host, ours) in [("missing.example", false), ("broken.example", true)] {
        let place = format!("http://{host}:{}/", site.port());
        let fetched = client(&[&site])
            .fetch(Request::get(place.parse().unwrap()))
            .await;
        let fault = fetched.unwrap_err();
        assert!(matches!(fault, FetchError::Dns(_)), "{fault:?}");
        assert_eq!(fault.is_ours(), ours);
    }
}
