//! What leads out of the house, as configured.

use std::time::Duration;

use anyhow::Context as _;
use egress::{Credentials, Guard, HttpClient, Relay, RelayTls, TlsSetup};

use crate::config::{Config, Mail};
use crate::house::WayOut;
use crate::outside::{policy, resolver, visitor};

/// What leads out of the house, in real use: no network of our own, no route of the demo.
///
/// # Errors
/// When the name servers or the trusted certificates cannot be used.
pub fn way_out(config: &Config) -> anyhow::Result<WayOut> {
    let policy = policy(config)?;
    anyhow::ensure!(
        !policy.is_demo() && !policy.is_test() && !config.visits.test,
        "The way out is open to test networks, or visits.test is true."
    );
    let guard = Guard::new(policy, resolver(config)?);
    Ok(WayOut {
        web: web(&guard)?,
        guard,
        relay: relay(&config.mail)?,
        visitor: visitor(config)?,
    })
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
