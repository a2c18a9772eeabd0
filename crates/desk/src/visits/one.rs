//! One visit of the room, and the form that asks for a look again, with a reason.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capture::rules::VisitState;
use ground::VisitId;
use pages::{ConsolePage, Crumb, ErrorSummary, Field};

use super::Line;
use crate::reasoned::{Again, reason_in};
use crate::who::{Analyst, Person};
use crate::{Desk, DeskError, Fields};

const REASON: &str = "reason-again";

#[derive(Template)]
#[template(path = "visits/one.html")]
struct OnePage {
    page: ConsolePage,
    line: Line,
    summary: ErrorSummary,
    reason: Field,
    /// What the button says.
    button: String,
}

/// `GET /visits/{visit}`.
pub(super) async fn show(
    State(desk): State<Desk>,
    person: Analyst,
    Path(visit): Path<VisitId>,
) -> Result<Response, DeskError> {
    whole(&desk, &person, visit, StatusCode::OK, &Again::default()).await
}

async fn whole(
    desk: &Desk,
    person: &Person,
    visit: VisitId,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let line = desk.work.visit_line(visit).await?;
    let mut page = desk.page(person);
    page.crumbs = vec![Crumb {
        href: "/visits".to_owned(),
        label: page.t("visits-title"),
    }];
    let lang = page.lang;
    let shown = OnePage {
        button: lang.t(match line.state {
            VisitState::Wanted => "visits-now",
            VisitState::Captured | VisitState::NotCaptured => "report-look-again",
        }),
        line: Line::of(lang, line),
        summary: again.summary(lang),
        reason: again.reason(lang, REASON),
        page,
    };
    Ok(pages::answer(status, &shown))
}

/// `POST /visits/{visit}/again`: what waits is made before all others, what ended is made anew.
pub(super) async fn again(
    State(desk): State<Desk>,
    person: Analyst,
    Path(visit): Path<VisitId>,
    fields: Fields,
) -> Result<Response, DeskError> {
    match reason_in(&fields, REASON) {
        Ok(why) => {
            desk.work.visit_again(person.id(), visit, why).await?;
            Ok(Redirect::to("/visits?told=report-visit-wanted").into_response())
        }
        Err(wrong) => {
            let again = Again::because(wrong, &fields);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            whole(&desk, &person, visit, status, &again).await
        }
    }
}
