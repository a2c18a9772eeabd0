//! `meldpunt client`: who may ask the hash-check service.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use ground::{Act, Actor, Chance, Clock, Reason};
use hashcheck::{Client, ClientId, Name, Quota};

use crate::config::Config;
use crate::{house, say};

/// `meldpunt client …`
#[derive(Args)]
pub struct ClientArgs {
    #[command(subcommand)]
    command: ClientCommand,
    /// The configuration file.
    #[arg(long, global = true, default_value = "meldpunt.toml")]
    config: PathBuf,
}

#[derive(Subcommand)]
enum ClientCommand {
    /// Lets a provider ask, and prints its key, once.
    Add {
        /// The provider's name.
        name: Name,
        /// Hashes in one minute.
        #[arg(long, default_value_t = Quota::USUAL.per_minute)]
        per_minute: u32,
        /// Hashes in one day, UTC.
        #[arg(long, default_value_t = Quota::USUAL.per_day)]
        per_day: u32,
    },
    /// Takes a provider's key away, for good and at once.
    Revoke {
        /// Its id, as `meldpunt client list` shows it.
        id: ClientId,
        /// Why, for the ledger.
        #[arg(long)]
        because: String,
    },
    /// Prints who may ask.
    List,
}

/// Runs the command.
///
/// # Errors
/// When the name is taken, there is no such client, or the keys or records cannot be used.
pub async fn run(args: &ClientArgs) -> anyhow::Result<ExitCode> {
    let config = Config::read(&args.config)?;
    let db = house::records(&config.records()).await?;
    let vault = house::vault(&config)?;
    // A folder of keys made by an earlier version does not have the service's own file.
    vault.keys().write_hash_check(&config.keys())?;
    let act = |why| Act {
        who: Actor::Operator,
        at: Clock::system().now(),
        why,
    };
    match &args.command {
        ClientCommand::Add {
            name,
            per_minute,
            per_day,
        } => {
            let quota = Quota {
                per_minute: *per_minute,
                per_day: *per_day,
            };
            let (chance, under) = (Chance::system(), vault.keys().hash_check());
            let (id, key) =
                hashcheck::add(&db, &act(None), (name, quota), (&chance, &under)).await?;
            say(&format!(
                "{name} ({id}) can ask with this key:\n\n    {}\n\nIt is not shown again.\n",
                *key.reveal()
            ));
        }
        ClientCommand::Revoke { id, because } => {
            hashcheck::revoke(&db, &act(Some(Reason::parse(because)?)), *id).await?;
            say("The key is revoked.\n");
        }
        ClientCommand::List => {
            for (client, _) in hashcheck::clients(&db).await? {
                say(&line(&client));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(client: &Client) -> String {
    let state = client.revoked_at.map_or_else(
        || "open".to_owned(),
        |at| format!("revoked {}", at.rfc3339()),
    );
    format!(
        "{}  {}  {}/minute  {}/day  {state}\n",
        client.id, client.name, client.quota.per_minute, client.quota.per_day
    )
}
