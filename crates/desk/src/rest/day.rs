//! The end of a day: what went well, and what is still in one's hands.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use casework::desk::DayEnd;
use pages::ConsolePage;

use crate::who::Analyst;
use crate::{Desk, DeskError};

#[derive(Template)]
#[template(path = "rest/day.html")]
struct DayPage {
    page: ConsolePage,
    day: DayEnd,
}

/// `GET /day`: for the person alone.
pub(super) async fn show(State(desk): State<Desk>, person: Analyst) -> Result<Response, DeskError> {
    let page = DayPage {
        page: desk.page(&person),
        day: desk.work.day_end(person.id()).await?,
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

/// `POST /day/end`: what one holds goes back to the queue, and nothing more is shown.
pub(super) async fn end(State(desk): State<Desk>, person: Analyst) -> Result<Redirect, DeskError> {
    desk.work.end_day(person.id()).await?;
    Ok(Redirect::to("/day?told=rest-day-ended"))
}
