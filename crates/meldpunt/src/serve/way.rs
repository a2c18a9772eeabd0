//! What leads out of the house, as configured.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use capture::{Sandbox, VisitorSettings};
use egress::{Credentials, Guard, HttpClient, Policy, Relay, RelayTls, Resolver, TlsSetup};

use crate::config::{Config, Mail};
use crate::house::WayOut;

/// What leads out of the house, in real use: no network of our own, no route of the demo.
///
/// # Errors
/// When the name servers or the trusted certificates cannot be used.
pub fn way_out(config: &Config) -> anyhow::Result<WayOut> {
    let policy = Policy::public().with_ports(config.visits.ports.iter().copied());
    anyhow::ensure!(
        !policy.is_demo() && !policy.is_test(),
        "The way out is open to test networks."
    );
    let guard = Guard::new(policy, resolver(config)?);
    Ok(WayOut {
        web: web(&guard)?,
        guard,
        relay: relay(&config.mail)?,
        visitor: visitor(config)?,
    })
}

/// The name servers that are asked.
///
/// # Errors
/// When they cannot be used.
pub fn resolver(config: &Config) -> anyhow::Result<Resolver> {
    if config.visits.name_servers.is_empty() {
        return Resolver::system().context("The name servers of this machine cannot be used");
    }
    let servers: Vec<SocketAddr> = config
        .visits
        .name_servers
        .iter()
        .map(|ip| SocketAddr::new(*ip, 53))
        .collect();
    Resolver::servers(&servers).context("visits.name_servers cannot be used")
}

/// Our own fetching over a guard.
///
/// # Errors
/// When the machine's trusted certificates cannot be read.
pub fn web(guard: &Guard) -> anyhow::Result<HttpClient> {
    let tls =
        TlsSetup::system().context("The trusted certificates of this machine cannot be read")?;
    let name =
        axum::http::HeaderValue::from_static(concat!("Meldpunt/", env!("CARGO_PKG_VERSION")));
    Ok(HttpClient::new(guard.clone(), tls, name))
}

fn relay(mail: &Mail) -> anyhow::Result<Relay> {
    let credentials = match (&mail.user, &mail.password_file) {
        (Some(user), Some(file)) => {
            let password = std::fs::read_to_string(file).with_context(|| {
                format!("mail.password_file: {} cannot be read", file.display())
            })?;
            Some(Credentials {
                user: user.clone(),
                password: password.trim_end().into(),
            })
        }
        (Some(_), None) => anyhow::bail!("mail.user is given, but no mail.password_file."),
        (None, _) => None,
    };
    Ok(Relay {
        host: mail.host.clone(),
        port: mail.port,
        tls: match mail.encryption.as_str() {
            "tls" => RelayTls::Tls,
            "none" => RelayTls::None,
            _ => RelayTls::StartTls,
        },
        credentials,
        hello: "localhost".into(),
        also_trust: Vec::new(),
        patience: Duration::from_secs(30),
    })
}

/// How addresses are looked at, as configured.
///
/// # Errors
/// When this program's own place is not known, or a rule cannot be used.
pub fn visitor(config: &Config) -> anyhow::Result<VisitorSettings> {
    let mut settings = VisitorSettings::new(std::env::current_exe()?);
    if config.visits.browser.is_some() {
        settings.browser.clone_from(&config.visits.browser);
    }
    settings.sandbox = match config.visits.sandbox.as_str() {
        "off" => Sandbox::Off,
        "when-possible" => Sandbox::WhenPossible,
        _ => Sandbox::Required,
    };
    settings.deadline = Duration::from_secs(u64::from(config.visits.deadline_seconds));
    (settings.gates, settings.rules) = config.capture.rules()?;
    Ok(settings)
}
