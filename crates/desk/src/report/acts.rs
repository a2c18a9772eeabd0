//! Taking, giving back, looking again, and *Done*.

use axum::extract::{Path, State};
use axum::response::Redirect;
use casework::desk::Done;
use ground::{AddressId, ReportId};

use super::faults::lead;
use crate::who::Analyst;
use crate::{Desk, DeskError, Fields};

/// Longest note, in bytes of UTF-8.
const LONGEST_NOTE: usize = 8_000;

/// `POST /reports/{report}/take`.
pub(super) async fn take(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
) -> Result<Redirect, DeskError> {
    let taken = desk.work.take(person.id(), report).await;
    lead(taken, report, &format!("/reports/{report}"))
}

/// `POST /reports/{report}/give-back`.
pub(super) async fn give_back(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
) -> Result<Redirect, DeskError> {
    let given = desk.work.give_back(person.id(), report).await;
    lead(given, report, "/queue?told=report-given-back")
}

/// `POST /reports/{report}/addresses/{address}/visit`: look again.
pub(super) async fn look_again(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, address)): Path<(ReportId, AddressId)>,
) -> Result<Redirect, DeskError> {
    let wanted = desk.work.look_again(person.id(), report, address).await;
    let then = format!("/reports/{report}?told=report-visit-wanted");
    lead(wanted, report, &then)
}

/// `POST /reports/{report}/done`.
pub(super) async fn done(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
    fields: Fields,
) -> Result<Redirect, DeskError> {
    let note = fields.trimmed("note");
    if note.len() > LONGEST_NOTE {
        return Err(DeskError::BadForm);
    }
    let police = match (fields.one("police"), fields.one("police-reason")) {
        ("", _) => None,
        (_, reason) => Some(reason.parse().map_err(|_| DeskError::BadForm)?),
    };
    let outcome = match fields.one("outcome") {
        "" => None,
        outcome => Some(outcome.parse().map_err(|_| DeskError::BadForm)?),
    };
    let done = Done {
        outcome,
        police,
        note: (!note.is_empty()).then(|| note.to_owned()),
    };
    let closed = desk.work.done(person.id(), report, done).await;
    lead(closed, report, "/queue?told=report-done")
}
