//! Why an act on a report was not done, in words: refusals lead back to the page, which says so.

use ::report::{Refusal, ReportError};
use assessment::AssessmentError;
use axum::response::Redirect;
use casework::desk::DeskError as NotDone;
use ground::ReportId;
use pages::Language;

use crate::DeskError;

/// The end of the phrase `report-fault-…` that says why; none when the person can do nothing.
fn why(fault: &NotDone) -> Option<&'static str> {
    Some(match fault {
        NotDone::Report(ReportError::Refused(refusal)) => match refusal {
            Refusal::HeldByAnother { .. } => "held",
            Refusal::NotHeld | Refusal::NotStaff | Refusal::StillHeld => "not-held",
            Refusal::Lapsed => "lapsed",
            Refusal::NoReason => "no-reason",
            Refusal::ToOneself => "to-oneself",
            Refusal::Closed => "closed",
            Refusal::OutcomeDoesNotFit => "no-outcome",
        },
        NotDone::Report(ReportError::Stale(_)) => "stale",
        NotDone::Assessment(AssessmentError::Refused(refusal)) => match refusal {
            assessment::Refusal::JudgedBefore { .. } => "judged-before",
            assessment::Refusal::NothingToUndo => "nothing-to-undo",
            assessment::Refusal::NotYours | assessment::Refusal::NotStaff => "not-yours",
            assessment::Refusal::ActedOn => "acted-on",
        },
        NotDone::Assessment(AssessmentError::Answers(_)) => "answers",
        NotDone::NotAllJudged { .. } => "not-all",
        NotDone::VisitsUnderWay { .. } => "visiting",
        NotDone::NoOutcome => "no-outcome",
        NotDone::NoSuchToken => "token",
        _ => return None,
    })
}

/// The words for `?fault=` of the address; a name without a phrase says nothing.
pub(super) fn says(lang: Language, fault: &str) -> Option<String> {
    let id = format!("report-fault-{fault}");
    (!fault.is_empty() && lang.has(&id)).then(|| lang.t(&id))
}

/// Whether the report is open and somebody else's, or nobody's.
pub(super) const fn is_not_held(fault: &NotDone) -> bool {
    matches!(
        fault,
        NotDone::Report(ReportError::Refused(
            Refusal::HeldByAnother { .. } | Refusal::NotHeld | Refusal::Lapsed
        ))
    )
}

/// The page of the report, telling why something was not done.
///
/// # Errors
/// The failure itself, when the person can do nothing about it.
pub(super) fn back(report: ReportId, fault: NotDone) -> Result<String, DeskError> {
    if let NotDone::Stop(_) = fault {
        return Ok("/break".to_owned());
    }
    match why(&fault) {
        Some(why) => Ok(format!("/reports/{report}?fault={why}")),
        None => Err(fault.into()),
    }
}

/// Where an act leads: to `then` when it was done, back to the report when it was refused.
pub(super) fn lead<T>(
    done: Result<T, NotDone>,
    report: ReportId,
    then: &str,
) -> Result<Redirect, DeskError> {
    match done {
        Ok(_) => Ok(Redirect::to(then)),
        Err(fault) => Ok(Redirect::to(&back(report, fault)?)),
    }
}

impl From<NotDone> for DeskError {
    fn from(fault: NotDone) -> Self {
        use axum::http::StatusCode;
        match fault {
            NotDone::NotFound | NotDone::Report(ReportError::NotFound) => Self::NotFound,
            NotDone::Stop(_) => Self::Told(StatusCode::FORBIDDEN, "rest-stop"),
            NotDone::NoSuchToken => Self::Told(StatusCode::GONE, "report-fault-token"),
            NotDone::Db(fault) => fault.into(),
            NotDone::Vault(fault) => fault.into(),
            other if why(&other).is_some() => Self::Stale,
            other => Self::broken(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_words_in_both_languages() {
        for lang in Language::ALL {
            for why in [
                "held",
                "not-held",
                "lapsed",
                "closed",
                "no-outcome",
                "stale",
                "judged-before",
                "nothing-to-undo",
                "not-yours",
                "acted-on",
                "answers",
                "not-all",
                "visiting",
                "token",
                "scheme",
                "no-reason",
                "to-oneself",
                "no-note",
            ] {
                assert!(says(lang, why).is_some(), "{why}");
            }
            assert_eq!(says(lang, "your account is gone"), None);
            assert_eq!(says(lang, ""), None);
        }
    }
}
