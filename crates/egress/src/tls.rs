//! Transport security of our own fetching: rustls with the ring provider, named explicitly so that
//! no default of the process decides (P15).

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::Host;

/// Whom we trust; cheap to clone.
#[derive(Clone)]
pub struct TlsSetup(Arc<ClientConfig>);

impl std::fmt::Debug for TlsSetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsSetup")
    }
}

/// Transport security cannot be set up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("transport security cannot be set up: {0}")]
pub struct TlsSetupFault(String);

impl TlsSetup {
    /// The certificate authorities of the machine; when it has none, those of Mozilla's list that
    /// are built in.
    ///
    /// # Errors
    /// [`TlsSetupFault`].
    pub fn system() -> Result<Self, TlsSetupFault> {
        Self::of(system_roots())
    }

    /// Exactly these certificate authorities, in DER; for tests and closed networks.
    ///
    /// # Errors
    /// [`TlsSetupFault`] when one cannot be read.
    pub fn trusting_only(roots: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, TlsSetupFault> {
        let mut store = RootCertStore::empty();
        for der in roots {
            store
                .add(CertificateDer::from(der))
                .map_err(|fault| TlsSetupFault(fault.to_string()))?;
        }
        Self::of(store)
    }

    fn of(roots: RootCertStore) -> Result<Self, TlsSetupFault> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|fault| TlsSetupFault(fault.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    /// Shakes hands; the certificate must be valid for the host.
    pub(crate) async fn secure<S>(&self, stream: S, host: &Host) -> std::io::Result<TlsStream<S>>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    {
        let name = match host {
            Host::Ip(ip) => ServerName::IpAddress((*ip).into()),
            Host::Name(name) => {
                ServerName::try_from(name.clone()).map_err(std::io::Error::other)?
            }
        };
        TlsConnector::from(Arc::clone(&self.0))
            .connect(name, stream)
            .await
    }
}

/// The certificate authorities of the machine; when it has none, those built in.
pub(crate) fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (usable, _) = roots.add_parsable_certificates(found.certs);
    if usable == 0 {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}

/// SHA-256 over the certificates the server showed, in their order, in lower-case hex.
pub(crate) fn chain_digest<S>(stream: &TlsStream<S>) -> Option<String> {
    let chain = stream.get_ref().1.peer_certificates()?;
    let mut digest = Sha256::new();
    for certificate in chain {
        digest.update(certificate.as_ref());
    }
    Some(data_encoding::HEXLOWER.encode(&digest.finalize()))
}
