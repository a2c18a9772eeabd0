//! `meldpunt figures`: the figures of a year, computed from the ledger.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use figures::{Calendar, yearly};
use ground::{Act, Actor, Clock};
use pages::Language;

use crate::config::Config;
use crate::{house, say};

/// `meldpunt figures …`
#[derive(Args)]
pub struct FiguresArgs {
    #[command(subcommand)]
    command: FiguresCommand,
}

#[derive(Subcommand)]
enum FiguresCommand {
    /// Every figure of one year, with the years before beside it.
    Year(YearArgs),
    /// Prints what each figure means, in Markdown: docs/figures.md.
    Definitions,
    /// Brings in figures that were published before, by us or by others.
    Import {
        /// The file: CSV with the columns figure,year,value,unit,definition,source.
        file: PathBuf,
        /// Let the file's numbers take the place of others for the same figure and year.
        #[arg(long)]
        replace: bool,
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
    },
}

#[derive(Args)]
struct YearArgs {
    /// The calendar year.
    year: i16,
    /// As CSV instead of JSON.
    #[arg(long)]
    csv: bool,
    /// As JSON, which is the default.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// The language of the headings in CSV.
    #[arg(long, default_value = "en")]
    language: String,
    /// The configuration file.
    #[arg(long, default_value = "meldpunt.toml")]
    config: PathBuf,
}

/// The zone in which a year begins.
const ZONE: &str = "Europe/Amsterdam";

/// Years before the one asked for that are counted from the ledger as well.
const BEFORE: i16 = 4;

/// Runs the command.
///
/// # Errors
/// When the records cannot be opened, the ledger cannot be read, or a file is not as it should be.
pub async fn run(args: &FiguresArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        FiguresCommand::Year(args) => year(args).await,
        FiguresCommand::Definitions => {
            say(&figures::handbook());
            Ok(ExitCode::SUCCESS)
        }
        FiguresCommand::Import {
            file,
            replace,
            config,
        } => import(file, *replace, config).await,
    }
}

async fn year(args: &YearArgs) -> anyhow::Result<ExitCode> {
    let language = match args.language.as_str() {
        "nl" => Language::Nl,
        "en" => Language::En,
        other => anyhow::bail!("There are no headings in {other:?}; give nl or en."),
    };
    let db = house::records(&Config::read(&args.config)?.records()).await?;
    let calendar = Calendar::of(ZONE)?;
    let now = Clock::system().now();
    let yearly = yearly(&db, &calendar, args.year, BEFORE, now).await?;
    if args.csv {
        say(&yearly.to_csv(language));
    } else {
        say(&format!("{}\n", serde_json::to_string_pretty(&yearly)?));
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(file: &Path, replace: bool, config: &Path) -> anyhow::Result<ExitCode> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let db = house::records(&Config::read(config)?.records()).await?;
    let now = Clock::system().now();
    let act = Act {
        who: Actor::Operator,
        at: now,
        why: None,
    };
    let present = Calendar::of(ZONE)?.year_of(now);
    let done = figures::import(&db, &act, &bytes, present, replace)
        .await
        .with_context(|| format!("{} was not imported", file.display()))?;
    say(&format!(
        "{} published figures are new, {} took the place of another, {} were there already.\n",
        done.added, done.replaced, done.unchanged
    ));
    Ok(ExitCode::SUCCESS)
}
