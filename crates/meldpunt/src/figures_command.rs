//! `meldpunt figures`: the figures of a year, computed from the ledger.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use figures::{Calendar, yearly};
use ground::Clock;
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
    /// Every figure of one year, with the year before beside it.
    Year {
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
    },
}

/// The zone in which a year begins.
const ZONE: &str = "Europe/Amsterdam";

/// Runs the command.
///
/// # Errors
/// When the records cannot be opened or the ledger cannot be read.
pub async fn run(args: &FiguresArgs) -> anyhow::Result<ExitCode> {
    let FiguresCommand::Year {
        year,
        csv,
        json: _,
        language,
        config,
    } = &args.command;
    let language = match language.as_str() {
        "nl" => Language::Nl,
        "en" => Language::En,
        other => anyhow::bail!("There are no headings in {other:?}; give nl or en."),
    };
    let db = house::records(&Config::read(config)?.records()).await?;
    let calendar = Calendar::of(ZONE)?;
    let yearly = yearly(&db, &calendar, *year - 4, *year, Clock::system().now()).await?;
    let Some(figures) = yearly.years.last() else {
        anyhow::bail!("There is no such year.")
    };
    if *csv {
        say(&figures.to_csv(language));
    } else {
        let out = serde_json::json!({ "figures": figures, "series": yearly.series });
        say(&format!("{}\n", serde_json::to_string_pretty(&out)?));
    }
    Ok(ExitCode::SUCCESS)
}
