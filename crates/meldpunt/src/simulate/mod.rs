//! `meldpunt simulate year`: a year of removals on a virtual clock, with real rules, real records and the
//! real work, before a played outside; then what was concluded is held against what was true.

mod audit;
mod drive;
mod plan;
mod registry;
mod stage;
#[cfg(test)]
mod tests;
mod truth;
mod world;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use clap::{Args, Subcommand};
use ground::db::Durability;
use ground::{Db, TestClock, migrate};

use self::audit::Audit;
use self::plan::{Plan, Size};
use self::stage::Hotline;
use self::world::World;
use crate::say;

/// `meldpunt simulate …`
#[derive(Args)]
pub struct SimulateArgs {
    #[command(subcommand)]
    command: SimulateCommand,
}

#[derive(Subcommand)]
enum SimulateCommand {
    /// A year of removals; fails when anything was concluded wrongly, missed, lost or doubled.
    Year(YearArgs),
}

/// How large the year is.
#[derive(Args)]
pub struct YearArgs {
    /// Everything that happens follows from this number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Illegal items reported in the year.
    #[arg(long, default_value_t = 100_000)]
    items: u32,
    /// Providers, 1 to 500.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=500))]
    providers: u32,
    /// Length in days.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(30..=3_650))]
    days: u32,
    /// Records in PostgreSQL instead of a temporary SQLite file: the address of an empty database.
    #[arg(long)]
    records: Option<String>,
    /// As JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When the records cannot be opened or a step of the work fails.
pub async fn run(args: &SimulateArgs) -> anyhow::Result<ExitCode> {
    let SimulateCommand::Year(args) = &args.command;
    let size = Size {
        seed: args.seed,
        items: args.items,
        providers: args.providers,
        days: args.days,
    };
    let folder = tempfile::Builder::new()
        .prefix("meldpunt-year-")
        .tempdir()?;
    let file = folder.path().join("records.db").display().to_string();
    let place = args.records.as_ref().unwrap_or(&file);
    let db = Db::open(place, Durability::Normal).await?;
    migrate::run(&db, migrate::RECORDS).await?;
    let begun = Stopwatch::now();
    let audit = simulate(size, db).await?;
    let seconds = begun.elapsed().as_secs();
    if args.json {
        let out = serde_json::json!({
            "seed": size.seed, "items": size.items, "providers_asked": size.providers,
            "days": size.days, "seconds": seconds, "clean": audit.is_clean(), "year": audit,
        });
        say(&format!("{}\n", serde_json::to_string_pretty(&out)?));
    } else {
        say(&table(&audit, seconds));
    }
    Ok(if audit.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Lets a year of this size go by over empty records.
async fn simulate(size: Size, db: Db) -> anyhow::Result<Audit> {
    let plan = Plan::of(size);
    let clock = TestClock::at(plan.begins);
    let world = Arc::new(World::new(plan, clock.clock()));
    let mut hotline = Hotline::open(db, world, clock.clock())?;
    drive::year(&mut hotline, &clock).await?;
    Audit::of(&hotline).await
}

/// The table for people.
fn table(audit: &Audit, seconds: u64) -> String {
    let head = format!(
        "{:<20} {:<13} {:>6} {:>8} {:>8} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>5} {:>10}\n",
        "provider",
        "behaviour",
        "items",
        "removed",
        "found",
        "false",
        "missed",
        "returns",
        "missed",
        "due",
        "sent",
        "doubled",
        "lost",
        "error min"
    );
    let line = |row: &audit::Row| {
        let behaviour = row.behaviour.map(|b| format!("{b:?}")).unwrap_or_default();
        let minutes = row.median_error_ms.map(|ms| (ms / 60_000).to_string());
        format!(
            "{:<20} {:<13} {:>6} {:>8} {:>8} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>5} {:>10}\n",
            row.name,
            behaviour,
            row.items,
            row.true_removals,
            row.concluded_removals,
            row.false_removals,
            row.missed_removals,
            row.returns,
            row.missed_returns,
            row.notices_due,
            row.notices_sent,
            row.notices_doubled,
            row.notices_lost,
            minutes.unwrap_or_else(|| "-".into()),
        )
    };
    let rows: String = audit.providers.iter().map(line).collect();
    let totals = line(&audit.totals);
    let off = audit.totals.beyond_interval;
    format!(
        "{head}{rows}{totals}\n{} checks and {} lines of the ledger in {seconds} s; {off} times of removal \
         off by more than one check interval; {} deaths of the program; {} second copies of a message; {} \
         mails about what was held for the police; {} reminders, {} of them astray.\n",
        audit.checks,
        audit.ledger_lines,
        audit.kills,
        audit.second_copies,
        audit.betrayed_holds,
        audit.reminders,
        audit.reminders_astray
    )
}
