//! Another way out: a SOCKS5 server (RFC 1928) through which some hosts are reached instead of
//! directly. Tor for onion addresses, or a machine in another country for sites that show other
//! visitors another page.
//!
//! The policy holds as before. What is not an onion address is resolved and checked here, and the
//! exit is asked for the address that was checked, never for the name: its name servers and its
//! network lead nowhere that ours may not lead. An onion name has no address; it goes to the exit as
//! it is, and no name server of ours hears of it. When an exit fails there is no connection: nothing
//! ever falls back to the direct way.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio_socks::TargetAddr;
use tokio_socks::tcp::Socks5Stream;

use crate::{ExitFault, ExitKind, Refusal};

/// How long an exit may take over one connection: Tor first has to find a way.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long an exit is waited for that only has to listen.
const LISTENS_WITHIN: Duration = Duration::from_secs(5);
/// Characters of an onion name before its ending (version 3; older ones no longer exist).
const ONION_LENGTH: usize = 56;

/// Another way out.
#[derive(Debug, Clone)]
pub struct Exit {
    /// What the settings call it.
    pub name: String,
    /// Where it listens; named by the operator, so that it may stand on this machine.
    pub at: SocketAddr,
    /// User and password, when it wants them.
    pub login: Option<(String, SecretString)>,
    /// Whether it leads to onion addresses.
    pub onion: bool,
    /// How long it may take over one connection.
    pub patience: Duration,
}

impl Exit {
    /// An exit without a login that takes its time as Tor does.
    #[must_use]
    pub fn new(name: impl Into<String>, at: SocketAddr) -> Self {
        Self {
            name: name.into(),
            at,
            login: None,
            onion: false,
            patience: PATIENCE,
        }
    }

    /// Whether somebody listens where it should, for `meldpunt doctor`; nothing is asked of it.
    ///
    /// # Errors
    /// With what the system said.
    pub async fn listens(&self) -> Result<(), String> {
        let connected = tokio::time::timeout(LISTENS_WITHIN, self.connected()).await;
        let connected = connected.map_err(|_| "it does not answer".to_owned())?;
        connected.map(drop).map_err(|fault| fault.to_string())
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the operator's own exit, for hosts that the policy allows"
    )]
    async fn connected(&self) -> std::io::Result<TcpStream> {
        TcpStream::connect(self.at).await
    }

    /// A connection to `target` through this exit.
    pub(crate) async fn dial(&self, target: &Asked) -> Result<TcpStream, ExitFault> {
        let fault = |kind, said: String| ExitFault {
            exit: self.name.clone(),
            kind,
            said,
        };
        tokio::time::timeout(self.patience, self.shake(target))
            .await
            .unwrap_or_else(|_| Err((ExitKind::TimedOut, "it did not answer in time".into())))
            .map_err(|(kind, said)| fault(kind, said))
    }

    async fn shake(&self, target: &Asked) -> Result<TcpStream, (ExitKind, String)> {
        let connected = self.connected().await;
        let stream = connected.map_err(|fault| (ExitKind::NotThere, fault.to_string()))?;
        // A request is one small write: waiting to fill a packet only delays it.
        let _ = stream.set_nodelay(true);
        let asked = match target {
            Asked::Onion(name, port) => TargetAddr::Domain(name.as_str().into(), *port),
            Asked::Address(at) => TargetAddr::Ip(*at),
        };
        let shaken = match &self.login {
            None => Socks5Stream::connect_with_socket(stream, asked).await,
            Some((user, password)) => {
                let password = password.expose_secret();
                Socks5Stream::connect_with_password_and_socket(stream, asked, user, password).await
            }
        };
        let through = shaken.map_err(|fault| (kind_of(&fault), fault.to_string()))?;
        Ok(through.into_inner())
    }
}

/// What an exit is asked for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// An onion name and a port.
    Onion(String, u16),
    /// An address that the policy allowed.
    Address(SocketAddr),
}

/// Whose failure an exit's answer is. Only that the host itself refused is the host's: what cannot
/// be reached may be so for the exit's own reasons.
fn kind_of(fault: &tokio_socks::Error) -> ExitKind {
    match fault {
        tokio_socks::Error::ConnectionRefused => ExitKind::HostRefused,
        tokio_socks::Error::HostUnreachable
        | tokio_socks::Error::NetworkUnreachable
        | tokio_socks::Error::TtlExpired => ExitKind::HostNotReached,
        _ => ExitKind::NotWilling,
    }
}

/// Refuses what ends on `.onion` and can be no onion address.
pub(crate) fn check_onion(name: &str) -> Result<(), Refusal> {
    let own = name.strip_suffix(".onion").unwrap_or_default();
    let own = own.rsplit('.').next().unwrap_or_default();
    let letter = |c: char| c.is_ascii_lowercase() || ('2'..='7').contains(&c);
    if own.len() == ONION_LENGTH && own.chars().all(letter) {
        Ok(())
    } else {
        Err(Refusal::NotAHost)
    }
}

/// Whether a name is under `.onion`.
pub(crate) fn is_onion(name: &str) -> bool {
    name == "onion" || name.ends_with(".onion")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_third_version_are_onion_addresses() {
        let own = "a2".repeat(28);
        for good in [format!("{own}.onion"), format!("www.shop.{own}.onion")] {
            assert!(is_onion(&good) && check_onion(&good).is_ok(), "{good}");
        }
        let old = "a".repeat(16);
        for bad in [
            "onion",
            ".onion",
            "x.onion",
            &format!("{old}.onion"),
            &format!("{own}1.onion"),
        ] {
            assert!(is_onion(bad) && check_onion(bad).is_err(), "{bad}");
        }
        assert!(check_onion(&format!("{}.onion", "1".repeat(56))).is_err());
        assert!(!is_onion("notonion") && !is_onion("onion.example"));
    }
}
