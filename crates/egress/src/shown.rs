//! Which certificates a server shows, asked by a handshake of our own and nothing more.
//!
//! A browser's tunnel is sealed, and what a browser says of certificates is said from inside the box.
//! This is seen from outside it, a moment later: the server proves that it holds the key of the
//! certificate it shows, and a certificate that is expired or for another name is written down as
//! well as a good one. No request is sent.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use sha2::{Digest as _, Sha256};

use crate::tls::system_roots;
use crate::{Host, Metered, NotReached, Pass, Target};

/// Longest handshake, in seconds.
const PATIENCE: Duration = Duration::from_secs(8);
/// Most certificates of one chain that are noted.
const CHAIN_MAX: usize = 10;

/// What a server showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// SHA-256 of each certificate in lower-case hex, the server's own first.
    pub sha256: Vec<String>,
    /// Why this machine does not trust them; none when it does.
    pub fault: Option<String>,
    /// The address that was connected to; none for an onion address.
    pub ip: Option<IpAddr>,
}

/// Why nothing was shown.
#[derive(Debug, thiserror::Error)]
pub enum NotShown {
    /// There was no connection.
    #[error(transparent)]
    NotReached(#[from] NotReached),
    /// The server did not come to the point, or broke it off.
    #[error("the server showed no certificate: {0}")]
    Broken(String),
}

/// Asks which certificates a server shows, within a pass.
///
/// # Errors
/// [`NotShown`], after 8 s at the latest once there is a connection.
pub async fn certificates_of(pass: &Pass, host: &str, port: u16) -> Result<Shown, NotShown> {
    let target = Target::parse(host, port).map_err(NotReached::from)?;
    let stream = pass.connect(&target.host.to_string(), port).await?;
    let ip = stream.ip();
    let recorder = Arc::new(Recorder::over(roots()).map_err(NotShown::Broken)?);
    let shaken = tokio::time::timeout(PATIENCE, shake(stream, &target.host, &recorder)).await;
    match (recorder.take(), shaken) {
        (Some((sha256, fault)), Ok(Ok(()))) => Ok(Shown { sha256, fault, ip }),
        (_, Ok(Ok(()))) => Err(NotShown::Broken("none came".into())),
        (_, Ok(Err(said))) => Err(NotShown::Broken(said)),
        (_, Err(_)) => Err(NotShown::Broken("time ran out".into())),
    }
}

/// Those this machine trusts, read once.
fn roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    Arc::clone(ROOTS.get_or_init(|| Arc::new(system_roots())))
}

async fn shake(stream: Metered, host: &Host, recorder: &Arc<Recorder>) -> Result<(), String> {
    let said = |fault: &dyn std::fmt::Display| fault.to_string();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|fault| said(&fault))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(recorder) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let name = match host {
        Host::Ip(ip) => ServerName::IpAddress((*ip).into()),
        Host::Name(name) => ServerName::try_from(name.clone()).map_err(|fault| said(&fault))?,
    };
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    connector
        .connect(name, stream)
        .await
        .map_err(|fault| said(&fault))?;
    Ok(())
}

/// Writes down what is shown and lets the handshake go on, whatever it is.
#[derive(Debug)]
struct Recorder {
    judge: Arc<WebPkiServerVerifier>,
    seen: Mutex<Option<(Vec<String>, Option<String>)>>,
}

impl Recorder {
    fn over(roots: Arc<RootCertStore>) -> Result<Self, String> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let judge = WebPkiServerVerifier::builder_with_provider(roots, provider);
        Ok(Self {
            judge: judge.build().map_err(|fault| fault.to_string())?,
            seen: Mutex::new(None),
        })
    }

    fn take(&self) -> Option<(Vec<String>, Option<String>)> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = self.judge.verify_server_cert(own, between, name, ocsp, now);
        let chain = std::iter::once(own).chain(between).take(CHAIN_MAX);
        let digests = chain
            .map(|one| HEXLOWER.encode(&Sha256::digest(one)))
            .collect();
        let fault = judged.err().map(|fault| fault.to_string());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Some((digests, fault));
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, own, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, own, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}
