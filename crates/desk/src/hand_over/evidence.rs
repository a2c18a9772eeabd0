//! The evidence of one visit: what its signed manifest says, and the form that asks for a hand-over.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::OpenEvidence;
use ground::{ReportId, VisitId};
use pages::{ConsolePage, Crumb, ErrorSummary, Field};

use super::attached;
use crate::reasoned::{Again, reason_in};
use crate::who::{Analyst, Person};
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
    /// Whether there is a key of the police to seal to.
    may_ask: bool,
}

/// `GET /reports/{report}/visits/{visit}/evidence`.
pub(super) async fn show(
    State(desk): State<Desk>,
    person: Analyst,
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
    let open = desk.work.visit_evidence(report, visit).await?;
    let mut page = desk.page(person);
    page.crumbs = vec![Crumb {
        href: format!("/reports/{report}"),
        label: page.t("evidence-report"),
    }];
    let lang = page.lang;
    let shown = EvidencePage {
        report,
        visit,
        open,
        summary: again.summary(lang),
        reason: again.reason(lang, REASON),
        may_ask: desk.work.police_key().is_some(),
        page,
    };
    Ok(pages::answer(status, &shown))
}

/// `POST /reports/{report}/visits/{visit}/evidence`: the file without any payload; in the ledger
/// before it is sent.
pub(super) async fn take(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, visit)): Path<(ReportId, VisitId)>,
) -> Result<Response, DeskError> {
    let file = desk.work.take_evidence(person.id(), report, visit).await?;
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
            desk.work.ask_hand_over(person.id(), of, why).await?;
            Ok(Redirect::to("/hand-over?told=hand-over-asked").into_response())
        }
        Err(wrong) => {
            let again = Again::because(wrong, &fields);
            let again = (StatusCode::UNPROCESSABLE_ENTITY, &again);
            whole(&desk, &person, (report, visit), again).await
        }
    }
}
