//! The limits of the site, and everybody together: never one person.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::DeskError as NotDone;
use pages::{ConsolePage, ErrorSummary, Field};
use staff::exposure::{FEWEST, Together};

use super::{form, span};
use crate::reasoned::{Again, reason_in};
use crate::who::WellbeingLead;
use crate::{Desk, DeskError, Fields};

/// The field of the reason for other limits.
const REASON: &str = "reason-limits";

#[derive(Template)]
#[template(path = "rest/site.html")]
struct SitePage {
    page: ConsolePage,
    together: Option<Told>,
    fewest: i64,
    alarms: Vec<staff::Name>,
    summary: ErrorSummary,
    fields: [Field; 5],
    reason: Field,
}

/// Everybody together, in words.
struct Told {
    all: Together,
    mean: String,
}

/// `GET /wellbeing`.
pub(super) async fn show(
    State(desk): State<Desk>,
    person: WellbeingLead,
) -> Result<Response, DeskError> {
    whole(&desk, &person, StatusCode::OK, &Again::default()).await
}

async fn whole(
    desk: &Desk,
    person: &WellbeingLead,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let together = desk.work.wellbeing().await?;
    let page = SitePage {
        page: desk.page(person),
        together: together.map(|all| Told {
            mean: span(lang, all.material_ms / all.days.max(1)),
            all,
        }),
        fewest: FEWEST,
        alarms: desk.work.alarms().await?,
        summary: again.summary(lang),
        fields: form::site_fields(lang, desk.work.site_limits().await?, again),
        reason: again.reason(lang, REASON),
    };
    Ok(pages::answer(status, &page))
}

/// `POST /wellbeing`: with a reason.
pub(super) async fn set(
    State(desk): State<Desk>,
    person: WellbeingLead,
    fields: Fields,
) -> Result<Response, DeskError> {
    let read = form::site(&fields).and_then(|new| Ok((new, reason_in(&fields, REASON)?)));
    let wrong = match read {
        Err(wrong) => wrong,
        Ok((new, why)) => match desk.work.set_site_limits(person.id(), new, why).await {
            Ok(()) => return Ok(Redirect::to("/wellbeing?told=rest-site").into_response()),
            Err(NotDone::Limits(fault)) => form::wrong(fault),
            Err(fault) => return Err(fault.into()),
        },
    };
    let again = Again::because(wrong, &fields);
    whole(&desk, &person, StatusCode::UNPROCESSABLE_ENTITY, &again).await
}
