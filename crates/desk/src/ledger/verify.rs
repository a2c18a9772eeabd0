//! Holding the ledger against its own chain and against the signed checkpoints.

use std::path::Path;

use axum::extract::State;
use axum::response::Response;
use ground::ledger::{self, Checkpoint, Damage};
use pages::{Language, Tone};

use super::list;
use crate::who::Auditor;
use crate::{Desk, DeskError, Fields};

/// What was found, in words.
pub(super) struct Verdict {
    pub tone: Tone,
    pub says: String,
}

/// `POST /ledger/verify`: walks the whole chain and shows what was found above the list.
pub(super) async fn verify(
    State(desk): State<Desk>,
    person: Auditor,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let verdict = match checkpoints(desk.settings.checkpoints.as_deref()).await {
        Ok(points) => {
            let key = desk.vault.keys().signing().verifying_key();
            let found = ledger::verify(&desk.db, &points, Some(&key)).await?;
            match found.damage {
                None => whole(lang, found.lines, points.len()),
                Some(damage) => damaged(lang, &damage),
            }
        }
        Err(fault) => {
            tracing::error!(%fault, "the checkpoints of the ledger cannot be read");
            bad(lang.t("ledger-checkpoints-unreadable"))
        }
    };
    list(&desk, &person, &Fields::default(), Some(verdict)).await
}

/// The checkpoints in the file; none when there is no file yet.
async fn checkpoints(file: Option<&Path>) -> Result<Vec<Checkpoint>, std::io::Error> {
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    let text = match tokio::fs::read_to_string(file).await {
        Ok(text) => text,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(fault) => return Err(fault),
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| serde_json::from_str(line).map_err(std::io::Error::other))
        .collect()
}

fn whole(lang: Language, lines: i64, points: usize) -> Verdict {
    Verdict {
        tone: Tone::Good,
        says: lang.t_2("ledger-whole", "lines", lines, "points", points),
    }
}

fn bad(says: String) -> Verdict {
    Verdict {
        tone: Tone::Bad,
        says,
    }
}

fn damaged(lang: Language, damage: &Damage) -> Verdict {
    bad(match damage {
        Damage::Gap { wanted, .. } => lang.t_n("ledger-gap", "seq", *wanted),
        Damage::Changed { seq } => lang.t_n("ledger-changed", "seq", *seq),
        Damage::Cut { last, head } => lang.t_2("ledger-cut", "last", *last, "head", *head),
        Damage::NotInChain { seq } => lang.t_n("ledger-not-in-chain", "seq", *seq),
        Damage::BadSignature { seq } => lang.t_n("ledger-bad-signature", "seq", *seq),
    })
}
