//! Handing a report to a colleague, and taking over what a colleague holds.

use axum::extract::{Path, State};
use axum::response::Redirect;
use ground::{ReportId, StaffId};

use super::faults::lead;
use crate::reasoned::reason_in;
use crate::who::Analyst;
use crate::{Desk, DeskError, Fields};

/// The field of the reason for taking over.
pub(super) const REASON: &str = "reason-over";
/// Longest note, in bytes of UTF-8.
const LONGEST_NOTE: usize = 4_000;

/// `POST /reports/{report}/hand-over`: to a colleague, with a note.
pub(super) async fn hand_over(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
    fields: Fields,
) -> Result<Redirect, DeskError> {
    let to: StaffId = fields.one("to").parse().map_err(|_| DeskError::BadForm)?;
    let note = fields.trimmed("handover-note");
    if note.is_empty() || note.len() > LONGEST_NOTE {
        return Ok(Redirect::to(&format!("/reports/{report}?fault=no-note")));
    }
    let handed = desk.work.hand_over(person.id(), report, to, note).await;
    lead(handed, report, "/queue?told=report-handed-over")
}

/// `POST /reports/{report}/take-over`: from a colleague, with a reason.
pub(super) async fn take_over(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
    fields: Fields,
) -> Result<Redirect, DeskError> {
    let Ok(why) = reason_in(&fields, REASON) else {
        return Ok(Redirect::to(&format!("/reports/{report}?fault=no-reason")));
    };
    let taken = desk.work.take_over(person.id(), report, why).await;
    lead(taken, report, &format!("/reports/{report}"))
}

#[cfg(test)]
#[path = "handover_tests.rs"]
mod tests;
