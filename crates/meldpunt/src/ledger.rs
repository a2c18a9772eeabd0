//! `meldpunt ledger`: checks the chain, and signs where it ends.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use ground::ledger::{self, Checkpoint};
use ground::{Ask, Clock};
use vault::HotlineKeys;

use crate::config::Config;
use crate::{house, say};

/// `meldpunt ledger …`
#[derive(Args)]
pub struct LedgerArgs {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Subcommand)]
enum LedgerCommand {
    /// Walks the whole chain and holds it against the signed checkpoints.
    Verify {
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
        /// A file of checkpoints, best one kept on another machine. Not given: the one in the folder.
        #[arg(long)]
        checkpoints: Option<PathBuf>,
    },
    /// Signs the present end of the chain; prints the checkpoint to be kept elsewhere.
    Checkpoint {
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
    },
}

/// The file of checkpoints in the folder, one JSON on each line.
pub fn checkpoint_file(folder: &Path) -> PathBuf {
    folder.join("ledger.checkpoints")
}

/// Runs the command; exit code 1 when the ledger is damaged.
///
/// # Errors
/// When the records or keys cannot be opened.
pub async fn run(args: &LedgerArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        LedgerCommand::Verify {
            config,
            checkpoints,
        } => {
            let config = Config::read(config)?;
            let file = checkpoints
                .clone()
                .unwrap_or_else(|| checkpoint_file(&config.keep.folder));
            verify(&config, &file).await
        }
        LedgerCommand::Checkpoint { config } => {
            let config = Config::read(config)?;
            let keys = HotlineKeys::load(&config.keys())?;
            let db = house::records(&config.records()).await?;
            let point = sign(&db, &keys, &config.keep.folder).await?;
            say(&format!("{point}\n"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn verify(config: &Config, file: &Path) -> anyhow::Result<ExitCode> {
    let keys = HotlineKeys::load(&config.keys())?;
    let db = house::records(&config.records()).await?;
    let points = read_checkpoints(file)?;
    let found = ledger::verify(&db, &points, Some(&keys.signing().verifying_key())).await?;
    match found.damage {
        None => {
            say(&format!(
                "The ledger is whole: {} lines, {} signed checkpoints agree.\n",
                found.lines,
                points.len()
            ));
            Ok(ExitCode::SUCCESS)
        }
        Some(damage) => {
            say(&format!("The ledger is DAMAGED: {damage}.\n"));
            Ok(ExitCode::FAILURE)
        }
    }
}

fn read_checkpoints(file: &Path) -> anyhow::Result<Vec<Checkpoint>> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("The checkpoints in {} cannot be read", file.display()))?;
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            serde_json::from_str(line)
                .with_context(|| format!("{} holds a line that is no checkpoint", file.display()))
        })
        .collect()
}

/// Signs the present end of the ledger and adds it to the file; the line that was added.
///
/// # Errors
/// When the records cannot be read or the file cannot be written.
pub async fn sign(db: &impl Ask, keys: &HotlineKeys, folder: &Path) -> anyhow::Result<String> {
    use std::io::Write as _;
    let (seq, hash) = ledger::head(db).await?;
    let point = Checkpoint::sign(seq, Clock::system().now(), &hash, keys.signing());
    let line = serde_json::to_string(&point)?;
    let path = checkpoint_file(folder);
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    writeln!(file, "{line}")?;
    file.sync_all()?;
    Ok(line)
}
