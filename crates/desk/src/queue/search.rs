//! Finding a report again. What is looked for is sent in the body of a form, so that it stands in no
//! address, history or log.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::{Found, FoundReport, Sought};
use ground::{Instant, StaffId};
use pages::{ConsolePage, Language};

use super::{Standing, age, channel_in};
use crate::who::Analyst;
use crate::{Desk, DeskError, Fields};

/// A report that was found, in words.
struct FoundLine {
    found: FoundReport,
    age: String,
    channel: String,
    closed: bool,
    standing: Standing,
}

impl FoundLine {
    fn of(lang: Language, me: StaffId, now: Instant, found: FoundReport) -> Self {
        Self {
            age: age(lang, now.since_ms(found.report.received_hour)),
            channel: channel_in(lang, found.report.channel),
            closed: matches!(found.report.state, ::report::State::Closed { .. }),
            standing: Standing::of(found.holder.as_ref(), me),
            found,
        }
    }
}

#[derive(Template)]
#[template(path = "queue/search.html")]
struct SearchPage {
    page: ConsolePage,
    sought: String,
    fault: Option<String>,
    at_host: bool,
    more: bool,
    lines: Vec<FoundLine>,
}

/// `POST /queue/search`: leads to the one report that was found, or shows which there are.
pub(super) async fn search(
    State(desk): State<Desk>,
    person: Analyst,
    fields: Fields,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let typed = fields.trimmed("sought").to_owned();
    let Some(sought) = Sought::parse(&typed) else {
        let fault = lang.t("queue-sought-unreadable");
        return Ok(page(&desk, &person, typed, Err(fault)));
    };
    let found = desk.work.search(&sought).await?;
    if let ([one], false) = (found.reports.as_slice(), found.at_host) {
        return Ok(Redirect::to(&format!("/reports/{}", one.report.id)).into_response());
    }
    let found = match found.reports.is_empty() {
        true => Err(lang.t(nothing(&sought))),
        false => Ok(found),
    };
    Ok(page(&desk, &person, typed, found))
}

const fn nothing(sought: &Sought) -> &'static str {
    match sought {
        Sought::Number(_) => "queue-lost",
        Sought::Address(_) => "queue-lost-address",
        Sought::Host(_) => "queue-lost-host",
        Sought::Hash(_) => "queue-lost-hash",
    }
}

fn page(desk: &Desk, person: &Analyst, sought: String, found: Result<Found, String>) -> Response {
    let (lang, me, now) = (person.lang(), person.id(), desk.clock.now());
    let (status, fault, found) = match found {
        Ok(found) => (StatusCode::OK, None, Some(found)),
        Err(fault) => (StatusCode::UNPROCESSABLE_ENTITY, Some(fault), None),
    };
    let page = SearchPage {
        page: desk.page(person),
        sought,
        fault,
        at_host: found.as_ref().is_some_and(|found| found.at_host),
        more: found.as_ref().is_some_and(|found| found.more),
        lines: found
            .into_iter()
            .flat_map(|found| found.reports)
            .map(|one| FoundLine::of(lang, me, now, one))
            .collect(),
    };
    pages::answer(status, &page)
}
