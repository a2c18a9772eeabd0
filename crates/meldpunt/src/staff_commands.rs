//! `meldpunt staff`: accounts made from the machine itself — the first administrator, above all.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use ground::{Act, Actor, Chance, Clock};
use staff::{Credential, Language, Name, NewAccount, Role, Roles, Staff};

use crate::config::Config;
use crate::{house, say};

/// `meldpunt staff …`
#[derive(Args)]
pub struct StaffArgs {
    #[command(subcommand)]
    command: StaffCommand,
}

#[derive(Subcommand)]
enum StaffCommand {
    /// Makes an account and prints its first password.
    Add {
        /// The name to sign in with; a pseudonym is advised.
        name: String,
        /// What the person may do; may be given more than once.
        #[arg(long = "role", required = true)]
        roles: Vec<Role>,
        /// The language of the pages: nl or en.
        #[arg(long, default_value = "nl")]
        language: Language,
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
    },
    /// Gives somebody a new first password and second factor.
    Reset {
        /// The name to sign in with.
        name: String,
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
    },
}

/// Runs the command.
///
/// # Errors
/// When the name or the roles cannot be used, or the records cannot be opened.
pub async fn run(args: &StaffArgs) -> anyhow::Result<ExitCode> {
    let clock = Clock::system();
    let act = Act {
        who: Actor::Operator,
        at: clock.now(),
        why: None,
    };
    match &args.command {
        StaffCommand::Add {
            name,
            roles,
            language,
            config,
        } => {
            let staff = open(&Config::read(config)?).await?;
            let new = NewAccount {
                name: Name::parse(name)?,
                roles: Roles::of(roles.iter().copied())?,
                language: *language,
            };
            let (_, password) = staff.add(&act, new).await?;
            say(&format!(
                "{name} can sign in with this password, for three days:\n\n    {}\n\nIt is not shown \
                 again. At the first sign-in a second factor is set and the password replaced.\n",
                password.reveal()
            ));
        }
        StaffCommand::Reset { name, config } => {
            let staff = open(&Config::read(config)?).await?;
            let account = staff.named(&Name::parse(name)?).await?;
            let Some(account) = account else {
                anyhow::bail!("Nobody is called {name}.")
            };
            let password = staff
                .reset(&act, account.id, account.revision, Credential::Both)
                .await?;
            say(&format!(
                "The new password of {name}, for three days:\n\n    {}\n",
                password.reveal()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(config: &Config) -> anyhow::Result<Staff> {
    let db = house::records(&config.records()).await?;
    Ok(Staff::new(
        db,
        house::vault(config)?,
        Clock::system(),
        Chance::system(),
    ))
}
