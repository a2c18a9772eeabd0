//! `meldpunt figures`: the figures of a year, computed from the ledger.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use figures::{Calendar, Making, Yearly, yearly};
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
    /// As JSON, which is the default.
    #[arg(long)]
    json: bool,
    /// As CSV.
    #[arg(long, group = "form")]
    csv: bool,
    /// As a document to read and to print.
    #[arg(long, group = "form")]
    html: bool,
    /// The document as PDF, tagged for screen readers.
    #[arg(long, group = "form")]
    pdf: bool,
    /// Where to write it; without it to standard output, and a PDF at a terminal to figures-YEAR.pdf.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Call providers by their names in the document, instead of by numbers.
    #[arg(long)]
    named: bool,
    /// The language: nl or en.
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
        other => anyhow::bail!("Nothing is written in {other:?}; give nl or en."),
    };
    if args.json && (args.csv || args.html || args.pdf) {
        anyhow::bail!("Give one of --json, --csv, --html and --pdf.");
    }
    let config = Config::read(&args.config)?;
    let db = house::records(&config.records()).await?;
    let calendar = Calendar::of(ZONE)?;
    let now = Clock::system().now();
    let yearly = yearly(&db, &calendar, args.year, BEFORE, now).await?;
    let bytes = if args.csv {
        yearly.to_csv(language).into_bytes()
    } else if args.html || args.pdf {
        let html = document(&yearly, &config, args.named, language)?;
        if args.pdf {
            printed(&config, &html).await?
        } else {
            html.into_bytes()
        }
    } else {
        format!("{}\n", serde_json::to_string_pretty(&yearly)?).into_bytes()
    };
    written(args, &bytes)?;
    Ok(ExitCode::SUCCESS)
}

fn document(
    yearly: &Yearly,
    config: &Config,
    named: bool,
    lang: Language,
) -> anyhow::Result<String> {
    let scheme = assessment::Scheme::standard()?;
    let making = Making {
        lang,
        site: &config.hotline.name,
        named,
        style: None,
        names: &|question, option, lang| scheme.called(question, option, lang.tag()).to_owned(),
    };
    Ok(yearly.to_html(&making)?)
}

/// The longest that printing a document may take.
const PATIENCE: Duration = Duration::from_secs(120);

async fn printed(config: &Config, html: &str) -> anyhow::Result<Vec<u8>> {
    let browser = config.visits.browser.clone().or_else(capture::find_browser);
    let Some(browser) = browser else {
        anyhow::bail!("There is no Chromium on this machine; make the document with --html.")
    };
    capture::box_works().await.map_err(|why| {
        anyhow::anyhow!("Bubblewrap does not work here ({why}); make the document with --html.")
    })?;
    Ok(capture::print(&browser, html, PATIENCE).await?)
}

fn written(args: &YearArgs, bytes: &[u8]) -> anyhow::Result<()> {
    let at_terminal = std::io::stdout().is_terminal();
    let named = format!("figures-{}.pdf", args.year);
    let unasked = (args.pdf && at_terminal).then(|| PathBuf::from(named));
    let Some(path) = args.out.clone().or(unasked) else {
        std::io::stdout().write_all(bytes)?;
        return Ok(());
    };
    std::fs::write(&path, bytes)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    say(&format!("{} is written.\n", path.display()));
    Ok(())
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
