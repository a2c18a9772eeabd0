//! Meldpunt: the one binary — configuration, commands and wiring.

mod chat_line;
mod check;
mod client_commands;
mod config;
mod config_capture;
mod config_chat;
mod config_evidence;
mod config_fault;
mod config_hash_check;
mod config_keep;
mod config_keeping;
mod config_likeness;
mod config_notices;
mod config_queue;
mod demo;
mod demo_chat;
mod demo_hash_check;
mod doctor;
mod evidence;
mod face;
mod figures_command;
mod hash;
mod hash_check;
mod house;
mod ledger;
mod list;
mod outside;
mod provider_page;
mod serve;
mod simulate;
mod staff_commands;
mod visit;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use ground::Chance;

use crate::config::Config;

/// Software for a national hotline.
#[derive(Parser)]
#[command(name = "meldpunt", version, about, long_about = None)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What the program can do.
#[derive(Subcommand)]
enum Command {
    /// Shows the whole job on this machine: Meldpunt, a site that is reported, mail and registries.
    Demo(demo::DemoArgs),
    /// Runs the hotline.
    Serve {
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
        /// Which faces this process shows.
        #[arg(long, value_enum, default_value_t = serve::Role::All)]
        role: serve::Role,
    },
    /// Prints a commented configuration file.
    Config,
    /// Checks the set-up and says what is wrong and how to mend it.
    Doctor {
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
    },
    /// Makes the hotline's keys; never overwrites any.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Accounts of the staff, from the machine itself.
    Staff(staff_commands::StaffArgs),
    /// Providers that may ask the hash-check service.
    Client(client_commands::ClientArgs),
    /// The record of everything that was done.
    Ledger(ledger::LedgerArgs),
    /// Hash lists: what others, and we, know already.
    List(list::ListArgs),
    /// Makes one visit through the whole pipeline and prints JSON; stores nothing, shows no bytes.
    Visit(visit::VisitArgs),
    /// Prints the digests and perceptual hashes of files, one JSON line each.
    Hash(hash::HashArgs),
    /// Asks a hash-check service about files, as a provider; no file leaves the machine.
    Check(check::CheckArgs),
    /// The evidence of visits: verified anywhere, taken out without a byte of what was seen.
    Evidence(evidence::EvidenceArgs),
    /// The hotline's figures, computed from the ledger.
    Figures(figures_command::FiguresArgs),
    /// Plays a year of removals on a virtual clock and holds what was concluded against what was true.
    Simulate(simulate::SimulateArgs),
    /// The inner half of a visit; started by Meldpunt itself.
    #[command(hide = true)]
    VisitChild,
}

/// What can be done with keys.
#[derive(Subcommand)]
enum KeysCommand {
    /// Makes a new set of keys.
    Make {
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Command::VisitChild) {
        return capture::child_main();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(fault) => return told(&anyhow::anyhow!("The program cannot start: {fault}")),
    };
    start_logging();
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(fault) => told(&fault),
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(args) => demo::run(&args).await,
        Command::Serve { config, role } => serve::run(&Config::read(&config)?, role).await,
        Command::Config => {
            say(&Config::template());
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor { config } => doctor::run(&config).await,
        Command::Keys {
            command: KeysCommand::Make { config },
        } => {
            let folder = Config::read(&config)?.keys();
            vault::HotlineKeys::make(&folder, &Chance::system())?;
            say(&format!(
                "The keys are in {}.\nCopy that folder to a safe place now: without it nothing that \
                 is stored can ever be read again.\n",
                folder.display()
            ));
            Ok(ExitCode::SUCCESS)
        }
        Command::Staff(args) => staff_commands::run(&args).await,
        Command::Client(args) => client_commands::run(&args).await,
        Command::Ledger(args) => ledger::run(&args).await,
        Command::List(args) => list::run(&args).await,
        Command::Visit(args) => visit::run(&args).await,
        Command::Hash(args) => Ok(hash::run(&args)),
        Command::Check(args) => check::run(&args).await,
        Command::Evidence(args) => evidence::run(&args).await,
        Command::Figures(args) => figures_command::run(&args).await,
        Command::Simulate(args) => simulate::run(&args).await,
        Command::VisitChild => Ok(ExitCode::FAILURE),
    }
}

/// Prints for the person at the terminal; a closed terminal is no fault.
pub(crate) fn say(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().write_all(text.as_bytes());
    let _ = std::io::stdout().flush();
}

/// One clear sentence and its causes, and the exit code of failure.
fn told(fault: &anyhow::Error) -> ExitCode {
    use std::io::Write as _;
    let mut text = fault.to_string();
    for cause in fault.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{}: {cause}", text.trim_end_matches('.'));
        }
    }
    let _ = writeln!(std::io::stderr(), "{text}");
    ExitCode::FAILURE
}

/// Logs go to standard error, without the name of any reporter's address: see docs/privacy.md.
fn start_logging() {
    let level = std::env::var("MELDPUNT_LOG").unwrap_or_else(|_| "warn,meldpunt=info".into());
    let _ = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(level))
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}
