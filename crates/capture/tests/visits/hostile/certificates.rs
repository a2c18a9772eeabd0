//! Servers whose certificates are not to be trusted: of another name, of yesterday, of tomorrow, of an
//! authority nobody knows, of themselves.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use capture::Cause;
use data_encoding::HEXLOWER;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::raw::{begun, read_head};
use super::{World, assert_found};
use crate::cause;

/// What is wrong with a server's certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Name,
    Expired,
    NotYetValid,
    Authority,
    Nobodys,
}

impl Wrong {
    const ALL: [Self; 5] = [
        Self::Name,
        Self::Expired,
        Self::NotYetValid,
        Self::Authority,
        Self::Nobodys,
    ];

    /// The host where it stands.
    const fn host(self) -> &'static str {
        match self {
            Self::Name => "false.example",
            Self::Expired => "expired.example",
            Self::NotYetValid => "early.example",
            Self::Authority => "unknown.example",
            Self::Nobodys => "own.example",
        }
    }

    /// The chain that is shown, the server's own first, and its key. The years are so far off that no
    /// clock of a machine makes them right.
    fn chain(self) -> (Vec<CertificateDer<'static>>, KeyPair) {
        let name = match self {
            Self::Name => "another.example",
            _ => self.host(),
        };
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        match self {
            Self::Expired => {
                params.not_before = date_time_ymd(2001, 1, 1);
                params.not_after = date_time_ymd(2002, 1, 1);
            }
            Self::NotYetValid => {
                params.not_before = date_time_ymd(2091, 1, 1);
                params.not_after = date_time_ymd(2092, 1, 1);
            }
            _ => {}
        }
        let key = KeyPair::generate().unwrap();
        if self == Self::Nobodys {
            let own = params.self_signed(&key).unwrap().der().clone();
            return (vec![own], key);
        }
        let above = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = authority.self_signed(&above).unwrap().der().clone();
        let issuer = Issuer::new(authority, above);
        let own = params.signed_by(&key, &issuer).unwrap().der().clone();
        (vec![own, root], key)
    }
}

/// Serves a page over TLS with these certificates, on an address of loopback of its own; gives the
/// digests of the certificates too.
async fn secured(last: u8, wrong: Wrong) -> (SocketAddr, Vec<String>) {
    let (chain, key) = wrong.chain();
    let digests = chain
        .iter()
        .map(|der| HEXLOWER.encode(&Sha256::digest(der)));
    let digests = digests.collect();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, last), 0));
    let listener = listener.await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    read_head(&mut stream).await;
                    let page =
                        "<title>Not to be trusted</title><img src='http://a.example/p/71.png'>";
                    let _ = stream
                        .write_all(&begun("text/html", page.len(), page.as_bytes()))
                        .await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    (at, digests)
}

#[tokio::test]
async fn a_certificate_that_is_not_to_be_trusted_is_no_page_and_is_written_down() {
    let mut servers = Vec::new();
    let mut shown = Vec::new();
    for (last, wrong) in (34..).zip(Wrong::ALL) {
        let (at, digests) = secured(last, wrong).await;
        servers.push((wrong.host(), 443, at));
        shown.push((wrong, digests));
    }
    for plain in [false, true] {
        let mut world = World::with(&servers).await;
        if plain {
            world.scene.settings.browser = None;
        }
        for (wrong, digests) in &shown {
            let host = wrong.host();
            let visited = world.endures(&format!("https://{host}/")).await;
            // Neither that it is gone nor that it is there: our word is that it is not secured.
            assert_eq!(cause(&visited), &Cause::TlsFailed, "{wrong:?}");
            assert_eq!(cause(&visited).key(), "tls-failed");
            assert!(!cause(&visited).is_ours(), "the host showed it");
            assert_eq!((visited.status, visited.title.as_deref()), (None, None));
            assert!(visited.pictures.is_empty() && visited.screenshot.is_none());
            let looked = &visited.traffic.looked;
            let looked = looked.iter().find(|one| one.host == host).unwrap();
            assert_eq!(&looked.sha256, digests, "{wrong:?}");
            assert!(looked.fault.is_some(), "{looked:?}");
        }
        world.is_unharmed().await;
    }
}

#[tokio::test]
async fn a_picture_behind_a_bad_certificate_is_missed_and_the_rest_of_the_page_is_found() {
    let (at, _) = secured(39, Wrong::Expired).await;
    let world = World::with(&[(Wrong::Expired.host(), 443, at)]).await;
    let visited = world.endures("http://a.example/secured/picture").await;
    assert_eq!(visited.outcome, capture::Captured::Yes);
    assert_found(&visited, &["70.png"]);
    let missed = visited.missed.iter();
    let missed: Vec<_> = missed
        .filter(|one| one.address.contains("expired.example"))
        .collect();
    assert_eq!(missed.len(), 1, "{:?}", visited.missed);
    assert_eq!(visited.pictures.len(), 1);
    world.is_unharmed().await;
}
