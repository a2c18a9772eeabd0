//! A file that is taken by hand, as found at an address of a report that one holds.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::{DeskError as NotDone, TakeError};
use ground::{AddressId, ReportId};
use pages::{ConsolePage, Crumb, ErrorSummary, Field};

use crate::reasoned::{Again, Wrong, reason_in};
use crate::upload::Upload;
use crate::who::{Analyst, Person};
use crate::{Desk, DeskError, Fields};

const REASON: &str = "reason-file";
const ADDRESS: &str = "address";
const FILE: &str = "file";

/// An address at which the file may have been found.
struct Choice {
    id: AddressId,
    address: String,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "visits/file.html")]
struct FilePage {
    page: ConsolePage,
    report: ReportId,
    number: String,
    choices: Vec<Choice>,
    largest: u32,
    summary: ErrorSummary,
    address_fault: Option<String>,
    file_fault: Option<String>,
    reason: Field,
}

/// `GET /reports/{report}/file`. Who does not hold the report is offered to take it first.
pub(super) async fn show(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let fields = Fields::read(query.unwrap_or_default().as_bytes()).ok_or(DeskError::BadForm)?;
    let chosen = fields.one(ADDRESS).parse().ok();
    let again = Again::default();
    whole(&desk, &person, report, chosen, (StatusCode::OK, &again)).await
}

async fn whole(
    desk: &Desk,
    person: &Person,
    report: ReportId,
    chosen: Option<AddressId>,
    (status, again): (StatusCode, &Again),
) -> Result<Response, DeskError> {
    let held = desk.work.addresses_to_take_at(person.id(), report).await;
    let (found, named) = match held {
        Ok(held) => held,
        Err(NotDone::Report(::report::ReportError::Refused(_))) => {
            return Ok(Redirect::to(&format!("/reports/{report}")).into_response());
        }
        Err(fault) => return Err(fault.into()),
    };
    let only = named.len() == 1;
    let choices = named.into_iter().map(|(id, address)| Choice {
        ticked: only || chosen == Some(id),
        id,
        address,
    });
    let mut page = desk.page(person);
    page.crumbs = vec![Crumb {
        href: format!("/reports/{report}"),
        label: found.number.to_string(),
    }];
    let lang = page.lang;
    let shown = FilePage {
        report,
        number: found.number.to_string(),
        choices: choices.collect(),
        largest: desk.work.largest_file(),
        summary: again.summary(lang),
        address_fault: again.says(lang, ADDRESS),
        file_fault: again.says(lang, FILE),
        reason: again.reason(lang, REASON),
        page,
    };
    Ok(pages::answer(status, &shown))
}

/// `POST /reports/{report}/file`. A file that was not taken must be chosen again: no page may fill it
/// in.
pub(super) async fn take(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
    fields: Fields,
    Upload(file): Upload,
) -> Result<Response, DeskError> {
    let chosen: Option<AddressId> = fields.one(ADDRESS).parse().ok();
    let asked = chosen
        .ok_or((ADDRESS, "visits-fault-address"))
        .and_then(|address| Ok((address, reason_in(&fields, REASON)?)));
    let wrong = match asked {
        Err(wrong) => wrong,
        Ok((address, why)) => {
            let at = (report, address);
            let taken = desk.work.take_file(person.id(), at, file.to_vec(), why);
            match taken.await {
                Ok(()) => {
                    let then = format!("/reports/{report}?told=visits-file-taken");
                    return Ok(Redirect::to(&then).into_response());
                }
                Err(fault) => wrong_with(fault)?,
            }
        }
    };
    let again = Again::because(wrong, &fields);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    whole(&desk, &person, report, chosen, (status, &again)).await
}

/// What is wrong with the file; the failure itself when it is something else.
fn wrong_with(fault: TakeError) -> Result<Wrong, DeskError> {
    let phrase = match fault {
        TakeError::Empty => "visits-fault-file",
        TakeError::TooLarge { .. } => "visits-fault-large",
        TakeError::NoPicture(_) => "visits-fault-kind",
        TakeError::NotLookedInto(fault) => {
            tracing::warn!(%fault, "a file taken by hand was not looked into");
            "visits-fault-ours"
        }
        TakeError::Desk(NotDone::Report(::report::ReportError::Refused(_))) => {
            return Err(DeskError::Stale);
        }
        TakeError::Desk(fault) => return Err(fault.into()),
    };
    Ok((FILE, phrase))
}
