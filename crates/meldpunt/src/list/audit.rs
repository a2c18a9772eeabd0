//! `meldpunt list audit`: what matched because of a list.

use std::process::ExitCode;

use casework::matches::Spot;
use clap::Args;

use super::{Place, list};
use crate::say;

/// `meldpunt list audit …`
#[derive(Args)]
pub struct AuditArgs {
    /// Only because of this list.
    #[arg(long)]
    list: Option<String>,
    /// Those before this place, which the last page told.
    #[arg(long)]
    before: Option<Spot>,
    /// At most so many; where more are left, how to go on is said on standard error.
    #[arg(long, default_value_t = 1_000)]
    limit: u32,
    #[command(flatten)]
    place: Place,
}

/// Prints the matches. That they were read is not recorded: they hold ids and words of lists only.
///
/// # Errors
/// When the records or the list cannot be read.
pub async fn run(args: &AuditArgs) -> anyhow::Result<ExitCode> {
    let (_, db) = args.place.open().await?;
    let only = match &args.list {
        Some(name) => Some(list(&db, name).await?.id),
        None => None,
    };
    let page = casework::matches::matched(&db, only, args.before, args.limit).await?;
    for one in page.rows {
        let line = serde_json::json!({
            "at_ms": one.at_ms.ms(),
            "list": one.list,
            "category": one.category,
            "by": one.kind,
            "distance": one.distance,
            "turned": one.turned == 1,
            "still_listed": one.withdrawn == 0,
            "content": one.content_id.to_string(),
            "verdict": one.verdict.map(|verdict| verdict.to_string()),
            "reports": one.reports,
        });
        say(&format!("{line}\n"));
    }
    if let Some(spot) = page.next {
        use std::io::Write as _;
        let told = format!("There are more; go on with: --before {spot}");
        let _ = writeln!(std::io::stderr(), "{told}");
    }
    Ok(ExitCode::SUCCESS)
}
