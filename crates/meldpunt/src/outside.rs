//! What the configuration says of the outside: which addresses may be reached, by which name servers
//! and exits, and how addresses are looked at.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use capture::{Sandbox, VisitorSettings, WarmBoxes};
use egress::{Policy, Resolver};

use crate::config::Config;

/// Which addresses may be reached, and through which exits.
///
/// # Errors
/// When an exit's password cannot be read.
pub fn policy(config: &Config) -> anyhow::Result<Policy> {
    Ok(Policy::public()
        .with_ports(config.visits.ports.iter().copied())
        .with_exits(config.capture.exits()?))
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

/// How addresses are looked at.
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
    settings.max_memory_bytes = u64::from(config.visits.memory_megabytes) * 1_000_000;
    settings.warm = WarmBoxes::at_most(config.visits.warm as usize);
    (settings.gates, settings.rules) = config.capture.rules()?;
    Ok(settings)
}
