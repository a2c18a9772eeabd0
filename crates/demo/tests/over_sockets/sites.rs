//! The reported web sites and the provider's buttons.

use std::time::Duration;

use crate::wire::{get, post, running};

#[tokio::test]
async fn each_host_shows_its_own_pages_and_says_it_is_a_demonstration() {
    let demo = running().await;
    let spring = get(demo.site, "gallery.example", "/spring").await;
    assert_eq!(spring.status, 200);
    let page = spring.text();
    for part in [
        "srcset=",
        "<source",
        "background-image",
        "data:image/png;base64,",
        "loading=\"lazy\"",
    ] {
        assert!(page.contains(part), "{part} is missing from the page");
    }
    assert!(page.contains("demonstration site"));
    let summer = get(demo.site, "gallery.example:80", "/summer").await.text();
    assert!(summer.contains("poster=\"/pictures/poster.jpg\""));
    assert!(summer.contains("<iframe src=\"/summer/frame\""));
    let frame = get(demo.site, "gallery.example", "/summer/frame").await;
    assert!(frame.text().contains("/pictures/frame-rings.jpg"));
    assert_eq!(
        get(demo.site, "pictures.example", "/spring").await.status,
        404
    );
    assert_eq!(
        get(demo.site, "gallery.example", "/nothing-here")
            .await
            .status,
        404
    );
    demo.stop().await;
}

#[tokio::test]
async fn every_page_and_every_picture_named_in_it_answers() {
    let demo = running().await;
    for (address, _) in demo::addresses_to_report() {
        let (host, path) = address
            .strip_prefix("http://")
            .unwrap()
            .split_once('/')
            .unwrap();
        if ["nothing-here", "restless"].contains(&path) {
            continue;
        }
        let page = get(demo.site, host, &format!("/{path}")).await;
        assert_eq!(page.status, 200, "{address}");
        let text = page.text();
        let sources = text
            .split('"')
            .filter(|part| part.starts_with('/') && part.contains('.') && !part.contains(' '));
        for source in sources {
            let picture = get(demo.site, host, source).await;
            assert_eq!(picture.status, 200, "{address} names {source}");
            let kind = match source.ends_with(".webm") {
                true => "content-type: video/webm",
                false => "content-type: image/",
            };
            assert!(picture.head.contains(kind), "{source}");
        }
    }
    demo.stop().await;
}

#[tokio::test]
async fn a_shared_picture_is_the_same_bytes_on_both_hosts() {
    let demo = running().await;
    let one = get(demo.site, "gallery.example", "/pictures/card-hello.png").await;
    let other = get(demo.site, "pictures.example", "/img/card-hello.png").await;
    assert_eq!((one.status, other.status), (200, 200));
    assert_eq!(one.body, other.body);
    let coarser = get(demo.site, "pictures.example", "/img/bubbles-copy.jpg").await;
    let finer = get(demo.site, "gallery.example", "/pictures/bubbles.jpg").await;
    assert_ne!(coarser.body, finer.body);
    assert_eq!(
        get(demo.site, "gallery.example", "/pictures/towers.png")
            .await
            .status,
        404
    );
    demo.stop().await;
}

#[tokio::test]
async fn the_provider_removes_puts_back_and_walls_up() {
    let demo = running().await;
    let statuses = async || {
        let page = get(demo.site, "gallery.example", "/spring").await.status;
        let picture = get(demo.site, "gallery.example", "/pictures/rings.jpg")
            .await
            .status;
        (
            page,
            picture,
            get(demo.site, "gallery.example", "/summer").await.status,
        )
    };
    assert_eq!(statuses().await, (200, 200, 200));
    let pressed = post(
        demo.site,
        "/control",
        "host=gallery.example&page=/spring&act=remove",
    )
    .await;
    assert_eq!(pressed.status, 303);
    assert_eq!(statuses().await, (410, 404, 200));
    assert!(
        get(demo.site, "gallery.example", "/spring")
            .await
            .text()
            .contains("removed")
    );
    post(demo.site, "/control", "host=gallery.example&act=put_back").await;
    assert_eq!(statuses().await, (200, 200, 200));
    post(demo.site, "/control", "host=gallery.example&act=wall").await;
    assert_eq!(statuses().await, (503, 503, 503));
    assert_eq!(
        get(demo.site, "album.example", "/photos/rings.jpg")
            .await
            .status,
        200
    );
    assert_eq!(
        post(demo.site, "/control", "host=other.example&act=remove")
            .await
            .status,
        404
    );
    demo.stop().await;
}

#[tokio::test]
async fn the_buttons_are_not_reachable_under_the_name_of_a_reported_site() {
    let demo = running().await;
    let buttons = get(demo.site, "127.0.0.1", "/").await.text();
    assert!(buttons.contains("Provider removes these pages"));
    assert!(buttons.contains("<code>http://gallery.example/spring</code>"));
    assert!(
        !get(demo.site, "gallery.example", "/")
            .await
            .text()
            .contains("/control")
    );
    let seen = get(demo.site, "127.0.0.1", "/see/gallery.example/spring")
        .await
        .text();
    assert!(seen.contains("src=\"/see/gallery.example/pictures/bubbles.jpg\""));
    let picture = get(
        demo.site,
        "127.0.0.1",
        "/see/gallery.example/pictures/bubbles.jpg",
    )
    .await;
    assert_eq!(picture.status, 200);
    demo.stop().await;
}

#[tokio::test]
async fn the_canary_sings_the_same_song_whatever_is_asked() {
    let demo = running().await;
    for path in ["/", "/anything/at/all"] {
        let song = get(demo.site, demo::CANARY_HOST, path).await;
        assert_eq!(
            (song.status, song.text().as_str()),
            (200, demo::CANARY_BODY)
        );
    }
    demo.stop().await;
}

#[tokio::test]
async fn the_slow_page_is_slow_and_the_restless_page_recovers() {
    let demo = running().await;
    let started = tokio::time::Instant::now();
    assert_eq!(get(demo.site, "gallery.example", "/slow").await.status, 200);
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert_eq!(
        get(demo.site, "gallery.example", "/restless").await.status,
        500
    );
    tokio::time::sleep(Duration::from_millis(450)).await;
    assert_eq!(
        get(demo.site, "gallery.example", "/restless").await.status,
        200
    );
    demo.stop().await;
}
