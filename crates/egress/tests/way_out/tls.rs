//! Encrypted fetching, against a certificate authority of the test's own.

use std::sync::Arc;

use egress::{FetchError, HttpClient, Request, TlsSetup};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::site::{OPEN, names, page, read_head};

/// A server's side of TLS, and the authority that vouches for it.
pub struct Vouched {
    pub root: Vec<u8>,
    pub acceptor: TlsAcceptor,
}

pub fn vouched(name: &str, expired: bool) -> Vouched {
    let root_key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::new(Vec::new()).unwrap();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_der = root.self_signed(&root_key).unwrap().der().to_vec();
    let issuer = Issuer::new(root, root_key);
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    }
    let certificate = params.signed_by(&key, &issuer).unwrap().der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Vouched {
        root: root_der,
        acceptor: TlsAcceptor::from(Arc::new(config)),
    }
}

async fn fetched_from(name: &str, expired: bool) -> Result<egress::Fetched, FetchError> {
    let vouched = vouched(name, expired);
    let listener = TcpListener::bind((OPEN, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = vouched.acceptor;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                read_head(&mut stream).await;
                let _ = stream.write_all(&page("secure")).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    let policy = egress::Policy::public()
        .with_ports([port])
        .with_test_networks(["127.0.0.1/32".parse().unwrap()]);
    let tls = TlsSetup::trusting_only([vouched.root]).unwrap();
    let guard = egress::Guard::new(policy, names());
    let client = HttpClient::new(guard, tls, "test".parse().unwrap());
    let url = format!("https://site.example:{port}/");
    client.fetch(Request::get(url.parse().unwrap())).await
}

#[tokio::test]
async fn an_encrypted_page_comes_with_the_digest_of_its_certificates() {
    let fetched = fetched_from("site.example", false).await.unwrap();
    assert_eq!(fetched.body, b"secure");
    assert_eq!(fetched.certificates_sha256.unwrap().len(), 64);
}

#[tokio::test]
async fn a_wrong_name_and_an_expired_certificate_are_refused_as_theirs() {
    for (name, expired) in [("other.example", false), ("site.example", true)] {
        let fault = fetched_from(name, expired).await.unwrap_err();
        assert!(matches!(fault, FetchError::Tls(_)), "{fault:?}");
        assert!(!fault.is_ours());
    }
}

#[test]
fn the_machines_own_authorities_or_the_built_in_ones_can_be_loaded() {
    assert!(TlsSetup::system().is_ok());
}

/// What is shown to a handshake by a server with this certificate.
async fn shown_by(name: &str, expired: bool) -> egress::Shown {
    let vouched = vouched(name, expired);
    let listener = TcpListener::bind((OPEN, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = vouched.acceptor.accept(stream).await;
        }
    });
    let policy = egress::Policy::public()
        .with_ports([port])
        .with_test_networks(["127.0.0.1/32".parse().unwrap()]);
    let guard = egress::Guard::new(policy, names());
    let pass = egress::Pass::new(guard, ground::Clock::system(), egress::Limits::default());
    let shown = egress::certificates_of(&pass, "site.example", port)
        .await
        .unwrap();
    assert_eq!(
        pass.records().len(),
        1,
        "it is written down as a connection"
    );
    shown
}

#[tokio::test]
async fn certificates_are_written_down_whether_they_are_trusted_or_not() {
    let unknown = shown_by("site.example", false).await;
    let expired = shown_by("site.example", true).await;
    let other = shown_by("other.example", false).await;
    for shown in [&unknown, &expired, &other] {
        assert_eq!((shown.sha256.len(), shown.sha256[0].len()), (1, 64));
        assert!(
            shown.fault.is_some(),
            "an authority of the test is trusted by nobody"
        );
    }
    assert!(
        expired
            .fault
            .as_deref()
            .unwrap()
            .to_lowercase()
            .contains("expired")
    );
}
