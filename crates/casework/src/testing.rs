//! A casework for tests of the faces: real records and vault, a way out that leads nowhere.

use std::net::IpAddr;
use std::time::Duration;

use egress::{DnsFault, Guard, HttpClient, Policy, Relay, RelayTls, Resolver, TlsSetup};
use ground::{Chance, Clock, Db, WebAddress};
use letterbox::Collector;
use vault::Vault;

use crate::{Bell, Casework, Parts, Settings};

/// A casework over these records, with a scripted clock. Nothing it might fetch or send can be
/// reached; its letterbox is in the same database.
///
/// # Errors
/// When the standard scheme or the machine's certificates cannot be read.
pub fn idle(db: Db, vault: Vault, clock: Clock) -> Result<Casework, Box<dyn std::error::Error>> {
    idle_with(db, vault, clock, |_| {})
}

/// The same, with some of its parts altered.
///
/// # Errors
/// As [`idle`].
pub fn idle_with(
    db: Db,
    vault: Vault,
    clock: Clock,
    alter: impl FnOnce(&mut Parts),
) -> Result<Casework, Box<dyn std::error::Error>> {
    let mut parts = parts(db, vault, clock)?;
    alter(&mut parts);
    Ok(Casework::new(parts))
}

/// The parts of [`idle`].
///
/// # Errors
/// As [`idle`].
pub fn parts(db: Db, vault: Vault, clock: Clock) -> Result<Parts, Box<dyn std::error::Error>> {
    let nobody: [(&str, Result<Vec<IpAddr>, DnsFault>); 0] = [];
    let guard = Guard::new(Policy::public(), Resolver::table(nobody));
    let agent = egress::header::HeaderValue::from_static("test");
    let registry = url::Url::parse("http://registry.example/")?;
    let mut settings = Settings::usual(
        "Example Hotline",
        "notices@hotline.example",
        "answers@hotline.example",
        WebAddress::parse("http://canary.example/")?,
        assessment::Scheme::standard()?,
        provider::Registries::at(&registry),
    )?;
    // Tests run at any hour; those of the limits set their own.
    settings.limits = staff::Limits::WIDE;
    Ok(Parts {
        collector: Collector::new(db.clone(), Chance::system()),
        db,
        vault,
        clock,
        chance: Chance::system(),
        web: HttpClient::new(guard.clone(), TlsSetup::system()?, agent),
        guard,
        relay: std::sync::Arc::new(Relay {
            host: "127.0.0.1".into(),
            port: 9,
            tls: RelayTls::None,
            credentials: None,
            hello: "localhost".into(),
            also_trust: Vec::new(),
            patience: Duration::from_secs(1),
        }),
        visitor: capture::VisitorSettings::new("/nowhere"),
        settings,
        bell: Bell::default(),
        reveals: crate::desk::Reveals::default(),
        lists: hashlist::Live::empty(),
    })
}
