//! The evidence of one visit: what its signed manifest says, and the form that asks for a hand-over.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::OpenEvidence;
use casework::desk::EvidenceReader;
use ground::{ReportId, VisitId};
use pages::{ConsolePage, Crumb, ErrorSummary, Field};

use super::attached;
use crate::reasoned::{Again, reason_in};
use crate::who::{Analyst, Caseworker, Person};
use crate::{Desk, DeskError, Fields};

const REASON: &str = "reason-ask";

#[derive(Template)]
#[template(path = "hand_over/evidence.html")]
struct EvidencePage {
    page: ConsolePage,
    report: ReportId,
    visit: VisitId,
    open: OpenEvidence,
    summary: ErrorSummary,
    reason: Field,
    /// Whether there is a key of the police to seal to, and this person may ask.
    may_ask: bool,
}

/// This person, as one who opens evidence.
fn reader(person: &Person) -> EvidenceReader {
    EvidenceReader {
        by: person.id(),
        oversees: person
            .roles()
            .any(&[staff::Role::Senior, staff::Role::Liaison]),
    }
}

/// Whether this person may ask for a hand-over.
fn asks(person: &Person) -> bool {
    person
        .roles()
        .any(&[staff::Role::Analyst, staff::Role::Senior])
}

/// `GET /reports/{report}/visits/{visit}/evidence`.
pub(super) async fn show(
    State(desk): State<Desk>,
    person: Caseworker,
    Path((report, visit)): Path<(ReportId, VisitId)>,
) -> Result<Response, DeskError> {
    let again = (StatusCode::OK, &Again::default());
    whole(&desk, &person, (report, visit), again).await
}

async fn whole(
    desk: &Desk,
    person: &Person,
    (report, visit): (ReportId, VisitId),
    (status, again): (StatusCode, &Again),
) -> Result<Response, DeskError> {
    let open = desk
        .work
        .visit_evidence(reader(person), report, visit)
        .await?;
    let mut page = desk.page(person);
    // Who speaks with the police comes from the hand-overs, and opens no report.
    let (href, label) = match asks(person) {
        true => (format!("/reports/{report}"), "evidence-report"),
        false => ("/hand-over".to_owned(), "hand-over-title"),
    };
    page.crumbs = vec![Crumb {
        href,
        label: page.t(label),
    }];
    let lang = page.lang;
    let shown = EvidencePage {
        report,
        visit,
        open,
        summary: again.summary(lang),
        reason: again.reason(lang, REASON),
        may_ask: desk.work.police_key().is_some() && asks(person),
        page,
    };
    Ok(pages::answer(status, &shown))
}

/// `POST /reports/{report}/visits/{visit}/evidence`: the file without any payload; in the ledger
/// before it is sent.
pub(super) async fn take(
    State(desk): State<Desk>,
    person: Caseworker,
    Path((report, visit)): Path<(ReportId, VisitId)>,
) -> Result<Response, DeskError> {
    let reader = reader(&person);
    let file = desk.work.take_evidence(reader, report, visit).await?;
    Ok(attached(
        "application/wacz+zip",
        &format!("{visit}.wacz"),
        file,
    ))
}

/// `POST /reports/{report}/visits/{visit}/hand-over`: with a reason.
pub(super) async fn ask(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, visit)): Path<(ReportId, VisitId)>,
    fields: Fields,
) -> Result<Response, DeskError> {
    match reason_in(&fields, REASON) {
        Ok(why) => {
            let of = (report, visit);
            desk.work.ask_hand_over(reader(&person), of, why).await?;
            Ok(Redirect::to("/hand-over?told=hand-over-asked").into_response())
        }
        Err(wrong) => {
            let again = Again::because(wrong, &fields);
            let again = (StatusCode::UNPROCESSABLE_ENTITY, &again);
            whole(&desk, &person, (report, visit), again).await
        }
    }
}
