//! `meldpunt list audit`: what matched because of a list.

use std::process::ExitCode;

use clap::Args;
use ground::Instant;

use super::{Place, list};
use crate::say;

/// `meldpunt list audit …`
#[derive(Args)]
pub struct AuditArgs {
    /// Only because of this list.
    #[arg(long)]
    list: Option<String>,
    /// At most so many.
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
    let end = Instant::from_ms(i64::MAX);
    for one in casework::matches::matched(&db, only, end, args.limit).await? {
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
    Ok(ExitCode::SUCCESS)
}
