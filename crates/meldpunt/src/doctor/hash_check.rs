//! What `doctor` says of the hash-check service.

use vault::HotlineKeys;

use super::Finding::{self, Bad, Good, Warning};
use crate::config::Config;
use crate::house;

/// How the service stands; nothing when it is not configured.
pub async fn hash_check(config: &Config) -> Vec<Finding> {
    let Some(at) = config.hash_check.listen else {
        return Vec::new();
    };
    let mut found = vec![key(config)];
    found.extend(asked(config).await);
    if !at.ip().is_loopback() {
        found.push(Warning(format!(
            "The hash-check service listens on {at}, beyond this machine and without TLS: providers' keys \
             could be read on the way. Set hash_check.listen to 127.0.0.1 and put a web server with TLS before it."
        )));
    }
    found
}

/// The service knows providers by a key that follows from the hotline's; another one knows nobody.
fn key(config: &Config) -> Finding {
    let folder = config.keys();
    match (
        HotlineKeys::load_hash_check(&folder),
        HotlineKeys::load(&folder),
    ) {
        (Err(fault), _) => Bad(format!(
            "The hash-check service cannot use its key: {fault}. `meldpunt client list` makes it where it is missing."
        )),
        (Ok(own), Ok(all)) if *own != *all.hash_check() => Bad(
            "The file hash-check.secret does not belong to hotline.secret, so no provider's key would be \
             accepted. Remove it and run `meldpunt client list`."
                .into(),
        ),
        (Ok(_), _) => Good("The hash-check service can use its key.".into()),
    }
}

async fn asked(config: &Config) -> Vec<Finding> {
    let db = match house::records(&config.records()).await {
        Ok(db) => db,
        // Told with the records themselves.
        Err(_) => return Vec::new(),
    };
    let clients = hashcheck::clients(&db).await;
    let lists = hashlist::lists(&db).await;
    let clients = match clients {
        Err(fault) => Bad(format!(
            "The hash-check's clients cannot be read: {fault}."
        )),
        Ok(all) => match all.iter().filter(|(client, _)| client.revoked_at.is_none()).count() {
            0 => Warning("Nobody may ask the hash-check service yet. Let a provider in with: meldpunt client add NAME".into()),
            n => Good(format!("Providers that may ask the hash-check service: {n}.")),
        },
    };
    let lists = match lists {
        Err(fault) => Bad(format!("The hash lists cannot be read: {fault}.")),
        Ok(all) => match all.iter().filter(|list| list.enabled).count() {
            0 => Warning(
                "No hash list is in use, so every answer of the hash-check is \"no match\".".into(),
            ),
            n => Good(format!("Hash lists in use: {n}.")),
        },
    };
    vec![clients, lists]
}
