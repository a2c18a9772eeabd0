//! Taking figures along, as CSV or JSON. It is recorded that they were taken.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ground::Fact;

use super::{calendar, computed, year_asked};
use crate::who::Person;
use crate::{Desk, DeskError, Fields};

/// `POST /figures/export`: the fields `year` and `format` (`csv` or `json`).
pub(super) async fn export(
    State(desk): State<Desk>,
    person: Person,
    fields: Fields,
) -> Result<Response, DeskError> {
    let present = calendar()?.year_of(desk.clock.now());
    let year = year_asked(&fields, present);
    let (kind, name) = match fields.one("format") {
        "csv" => ("text/csv; charset=utf-8", format!("figures-{year}.csv")),
        "json" => ("application/json", format!("figures-{year}.json")),
        _ => return Err(DeskError::BadForm),
    };
    let yearly = computed(&desk, year).await?;
    let body = match fields.one("format") {
        "csv" => yearly.to_csv(person.lang()),
        _ => serde_json::to_string(&yearly).map_err(DeskError::broken)?,
    };
    let tx = desk
        .db
        .act(&person.act(&desk.clock), "export figures")
        .await?;
    let what = name.clone();
    tx.record("site", &Fact::Exported { what });
    tx.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, body).into_response())
}
