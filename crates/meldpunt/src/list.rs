//! `meldpunt list`: hash lists from the machine itself. See docs/hash-lists.md.

mod audit;
mod bar;
mod export;
mod import;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use ground::{Act, Actor, Chance, Clock, Db, Reason};
use hashlist::{Column, Format, HashList, Kind, ListName, OWN_LIST};

use crate::config::Config;
use crate::{house, say};

/// `meldpunt list …`
#[derive(Args)]
pub struct ListArgs {
    #[command(subcommand)]
    command: ListCommand,
}

#[derive(Subcommand)]
enum ListCommand {
    /// Makes a list for a source.
    Add {
        /// What the list is called: its source.
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Works a file of a source into its list.
    Import(import::ImportArgs),
    /// Takes the hashes of a file back from a list; those it does not have are remembered.
    Withdraw(import::WithdrawArgs),
    /// Switches a list off or on again, with a reason.
    Switch {
        /// The list.
        name: String,
        /// Whether it matches.
        #[arg(value_enum)]
        to: Switched,
        /// Why.
        #[arg(long)]
        because: String,
        #[command(flatten)]
        place: Place,
    },
    /// Writes a list into a file, with a signed statement beside it.
    Export(export::ExportArgs),
    /// Holds an exported file against the statement beside it.
    Verify(verify::VerifyArgs),
    /// Shows the lists with how much is on them.
    Show {
        #[command(flatten)]
        place: Place,
    },
    /// Prints what matched because of a list, newest first, one JSON line each.
    Audit(audit::AuditArgs),
}

/// Where the hotline is.
#[derive(Args)]
struct Place {
    /// The configuration file.
    #[arg(long, default_value = "meldpunt.toml")]
    config: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Switched {
    On,
    Off,
}

/// How a file of a source is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    /// One hash in each line; say of which kind with --kind.
    Plain,
    /// Columns; say which with --columns.
    Csv,
    /// As hasher-matcher-actioner's tools write it.
    Hma,
    /// Project VIC's JSON, 1.3 or 2.0.
    Vics,
}

/// How a file is read.
#[derive(Args)]
struct Reading {
    /// How the file is written.
    #[arg(long, value_enum)]
    format: FileFormat,
    /// Of --format plain: md5, sha1, sha256, pdq or pdq_512.
    #[arg(long)]
    kind: Option<Kind>,
    /// Of --format csv: the columns in order, separated by commas; each is a kind of hash, category,
    /// state, or - for one that is passed over.
    #[arg(long, value_delimiter = ',')]
    columns: Vec<Column>,
}

impl Reading {
    fn format(&self) -> anyhow::Result<Format> {
        let hashes = |column: &Column| matches!(column, Column::Hash(_));
        match (self.format, self.kind) {
            (FileFormat::Plain, Some(kind)) => Ok(Format::Plain(kind)),
            (FileFormat::Plain, None) => {
                anyhow::bail!("Say what the lines are, for example --kind sha256.")
            }
            (FileFormat::Csv, _) if self.columns.iter().any(hashes) => {
                Ok(Format::Csv(self.columns.clone()))
            }
            (FileFormat::Csv, _) => {
                anyhow::bail!("Say what the columns are, for example --columns sha256,category.")
            }
            (FileFormat::Hma, _) => Ok(Format::Hma),
            (FileFormat::Vics, _) => Ok(Format::Vics),
        }
    }
}

impl Place {
    async fn open(&self) -> anyhow::Result<(Config, Db)> {
        let config = Config::read(&self.config)?;
        let db = house::records(&config.records()).await?;
        Ok((config, db))
    }
}

fn operator() -> Act {
    Act {
        who: Actor::Operator,
        at: Clock::system().now(),
        why: None,
    }
}

fn name(text: &str) -> anyhow::Result<ListName> {
    text.parse()
        .with_context(|| format!("{text:?} is no name for a list"))
}

async fn list(db: &Db, text: &str) -> anyhow::Result<HashList> {
    let Some(list) = hashlist::named(db, &name(text)?).await? else {
        anyhow::bail!("There is no list called {text:?}. See: meldpunt list show")
    };
    Ok(list)
}

/// A file beside another, with this ending after its name.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Runs the command; exit code 1 when rows were refused or a file is not what was signed.
///
/// # Errors
/// When the records, the list or a file cannot be used.
pub async fn run(args: &ListArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        ListCommand::Add { name, place } => add(name, place).await,
        ListCommand::Import(args) => import::import(args).await,
        ListCommand::Withdraw(args) => import::withdraw(args).await,
        ListCommand::Switch {
            name,
            to,
            because,
            place,
        } => switch(name, *to, because, place).await,
        ListCommand::Export(args) => export::run(args).await,
        ListCommand::Verify(args) => verify::run(args),
        ListCommand::Show { place } => show(place).await,
        ListCommand::Audit(args) => audit::run(args).await,
    }
}

async fn add(text: &str, place: &Place) -> anyhow::Result<ExitCode> {
    let (_, db) = place.open().await?;
    let known = hashlist::named(&db, &name(text)?).await?;
    hashlist::add(&db, &operator(), &name(text)?, &Chance::system()).await?;
    say(&match known {
        Some(_) => format!("There is a list called {text:?} already.\n"),
        None => format!("There is a list called {text:?} now; nothing is on it.\n"),
    });
    Ok(ExitCode::SUCCESS)
}

async fn switch(
    text: &str,
    to: Switched,
    because: &str,
    place: &Place,
) -> anyhow::Result<ExitCode> {
    let (_, db) = place.open().await?;
    let list = list(&db, text).await?;
    let act = operator().because(Reason::parse(because)?);
    let enabled = matches!(to, Switched::On);
    hashlist::set_enabled(&db, &act, list.id, enabled).await?;
    say(&format!(
        "The list {text:?} {}.\n",
        if enabled {
            "matches"
        } else {
            "matches no more"
        }
    ));
    Ok(ExitCode::SUCCESS)
}

async fn show(place: &Place) -> anyhow::Result<ExitCode> {
    let (_, db) = place.open().await?;
    let lists = hashlist::summaries(&db).await?;
    if lists.is_empty() {
        say(&format!(
            "There are no lists. One is made with: meldpunt list add NAME ({OWN_LIST:?} is made by itself)\n"
        ));
    }
    for list in lists {
        let state = if list.enabled == 1 { "on" } else { "off" };
        say(&format!(
            "{}\n  {state} · {} hashes · {} taken back\n",
            list.name, list.entries, list.withdrawn
        ));
    }
    Ok(ExitCode::SUCCESS)
}
