//! RDAP and RIPEstat.

use demo::HOSTS;

use crate::wire::{get, running};

#[tokio::test]
async fn the_registries_know_the_network_of_every_host() {
    let demo = running().await;
    let bootstrap = get(demo.registry, "127.0.0.1", "/ipv4.json").await.json();
    let server = bootstrap["services"][0][1][0].as_str().unwrap();
    assert_eq!(server, format!("http://{}/", demo.registry));
    for host in HOSTS {
        let address = host.address;
        let rdap = get(demo.registry, "127.0.0.1", &format!("/ip/{address}")).await;
        assert!(rdap.head.contains("application/rdap+json"));
        let rdap = rdap.json();
        assert_eq!(rdap["objectClassName"], "ip network");
        assert_eq!(rdap["country"], host.country);
        let path = format!("/data/network-info/data.json?resource={address}");
        let info = get(demo.registry, "127.0.0.1", &path).await.json();
        assert_eq!(info["status"], "ok");
        let prefix = info["data"]["prefix"].as_str().unwrap();
        let path = format!("/data/prefix-overview/data.json?resource={prefix}");
        let overview = get(demo.registry, "127.0.0.1", &path).await.json();
        assert!(
            overview["data"]["asns"][0]["holder"]
                .as_str()
                .unwrap()
                .contains(host.provider)
        );
        let path = format!("/data/rir-geo/data.json?resource={address}");
        let country = get(demo.registry, "127.0.0.1", &path).await.json();
        assert_eq!(
            country["data"]["located_resources"][0]["location"],
            host.country
        );
    }
    demo.stop().await;
}

#[tokio::test]
async fn an_abuse_contact_is_found_or_plainly_missing() {
    let demo = running().await;
    let contacts = async |address: &str| {
        let path = format!("/data/abuse-contact-finder/data.json?resource={address}");
        get(demo.registry, "127.0.0.1", &path).await.json()["data"]["abuse_contacts"].clone()
    };
    assert_eq!(
        contacts("192.0.2.10").await,
        serde_json::json!(["abuse@hosting.example"])
    );
    assert_eq!(contacts("203.0.113.9").await, serde_json::json!([]));
    let rdap = get(demo.registry, "127.0.0.1", "/ip/192.0.2.130")
        .await
        .json();
    let mail = &rdap["entities"][1]["vcardArray"][1][3];
    assert_eq!(
        (&mail[0], &mail[3]),
        (&"email".into(), &"abuse@polder.example".into())
    );
    assert_eq!(
        get(demo.registry, "127.0.0.1", "/ip/8.8.8.8").await.status,
        404
    );
    let domain = get(demo.registry, "127.0.0.1", "/domain/www.gallery.example")
        .await
        .json();
    assert_eq!(domain["ldhName"], "gallery.example");
    assert_eq!(
        get(demo.registry, "127.0.0.1", "/autnum/64510")
            .await
            .status,
        200
    );
    let path = "/data/network-info/data.json";
    assert_eq!(get(demo.registry, "127.0.0.1", path).await.status, 400);
    demo.stop().await;
}
