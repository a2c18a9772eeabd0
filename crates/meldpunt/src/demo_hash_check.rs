//! The demo's hash-check service: a list that holds one word, and a provider with a key.

use casework::Casework;
use ground::{Act, Actor, Chance, Clock, Fact, HashFact};
use hashcheck::{CheckError, Quota};
use hashlist::{Key, Kind};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::hash_check::{self, HashCheck};

/// SHA-256 of the word that is on the demo's list: `printf circle | sha256sum`.
const CIRCLE: &str = "8a39178d327e72a92d3b9800e55c5e95930f7ef61605464fe8cb43899abd1367";

/// Shows the service and lets one provider in; with what a person can try.
///
/// # Errors
/// When the records cannot be written.
pub async fn show(
    listener: TcpListener,
    casework: &Casework,
    faces: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<(HashCheck, String)> {
    fill(casework).await?;
    let key = let_in(casework).await?.map_or_else(
        || "THE-KEY-SHOWN-AT-THE-FIRST-START".to_owned(),
        |key| key.reveal().to_string(),
    );
    let at = listener.local_addr()?;
    let under = casework.vault.keys().hash_check();
    let service = hash_check::serve(listener, hash_check::shared(casework), under, faces);
    let told = format!(
        "7. As a provider ask the hash-check service, http://{at}/, whether the word \"circle\" is on its list:\n\
         \x20  curl -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\\n\
         \x20    -d '{{\"hashes\":[{{\"kind\":\"sha256\",\"hash\":\"{CIRCLE}\"}}]}}' http://{at}/v1/hash-check\n"
    );
    Ok((service, told))
}

fn act() -> Act {
    Act {
        who: Actor::Operator,
        at: Clock::system().now(),
        why: None,
    }
}

/// Puts the word on the demo's list, once.
async fn fill(casework: &Casework) -> anyhow::Result<()> {
    let (db, act) = (&casework.db, act());
    let list = hashlist::add(db, &act, &"Demonstration".parse()?, &Chance::system()).await?;
    let entry = (Key::parse(Kind::Sha256, CIRCLE)?, "demonstration".parse()?);
    let tx = db.act(&act, "fill the demo's list").await?;
    if hashlist::put(&tx, list.no, &[entry], false).await?.changed > 0 {
        let fact = Fact::Hash(HashFact::HashesImported {
            rows: 1,
            changed: 1,
            withdrawn: 0,
            refused: 0,
        });
        tx.record(list.id, &fact);
        tx.commit().await?;
    }
    Ok(())
}

/// Lets the demo's provider in; no key when it was let in at an earlier start.
async fn let_in(casework: &Casework) -> anyhow::Result<Option<hashcheck::Key>> {
    let (chance, under) = (Chance::system(), casework.vault.keys().hash_check());
    let client = (&"Example Hosting".parse()?, Quota::USUAL);
    match hashcheck::add(&casework.db, &act(), client, (&chance, &under)).await {
        Ok((_, key)) => Ok(Some(key)),
        Err(CheckError::NameTaken) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}
