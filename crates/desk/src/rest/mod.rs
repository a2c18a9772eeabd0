//! Breaks, one's own limits, what is not offered, and the end of a day: for the person alone. And the
//! limits of the site with totals of everybody together, for who looks after the staff.

mod day;
mod form;
mod induction;
mod offered;
mod site;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::{DeskError as NotDone, MyDay};
use ground::StaffId;
use ground::clock::{DAY_MS, MINUTE_MS, SECOND_MS};
use pages::{ConsolePage, ErrorSummary, Field, Flash, Language, Tone};
use staff::Stop;
use staff::exposure::DayOf;
use staff::induction::Level;

use crate::reasoned::Again;
use crate::who::Analyst;
use crate::{Desk, DeskError, Fields, Routes};
use offered::Offered;

/// The pages of breaks and limits.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/break", show)
        .post("/break", begin)
        .post("/break/end", end)
        .post("/break/limits", limits)
        .post("/break/opt-out", offered::opt_out)
        .post("/break/opt-in", offered::opt_in)
        .get("/day", day::show)
        .post("/day/end", day::end)
        .get("/induction", induction::show)
        .post("/induction", induction::raise)
        .get("/wellbeing", site::show)
        .post("/wellbeing", site::set)
}

#[derive(Template)]
#[template(path = "rest/rest.html")]
struct RestPage {
    page: ConsolePage,
    mine: MyDay,
    stop: Option<String>,
    on_break: bool,
    had: String,
    left: String,
    until_break: String,
    level: Option<String>,
    week: Vec<DayLine>,
    summary: ErrorSummary,
    fields: [Field; 5],
    offered: Offered,
}

/// One of one's own days in words.
struct DayLine {
    day: String,
    had: String,
    of: DayOf,
}

/// Why nothing is shown, in words.
pub(crate) fn stop_in(lang: Language, stop: Stop) -> String {
    match stop {
        Stop::OnBreak { since } => lang.t_n("rest-on-break", "at", lang.minute(since.ms())),
        Stop::BreakDue { until } => lang.t_n("rest-break-due", "at", lang.minute(until.ms())),
        Stop::HardRun { until } => lang.t_n("rest-hard-run", "at", lang.minute(until.ms())),
        Stop::DayOver => lang.t("rest-day-over"),
        Stop::AfterHours => lang.t("rest-after-hours"),
    }
}

/// That a limit is near, in words; none when none is.
///
/// # Errors
/// [`DeskError`] when the records fail.
pub(crate) async fn near(
    desk: &Desk,
    lang: Language,
    who: StaffId,
) -> Result<Option<String>, DeskError> {
    let near = desk.work.limit_is_near(who).await?;
    Ok(near.then(|| lang.t("rest-near")))
}

/// Tells above a page that a limit is near, unless something else is told there.
///
/// # Errors
/// [`DeskError`] when the records fail.
pub(crate) async fn remind(
    desk: &Desk,
    page: &mut ConsolePage,
    who: StaffId,
) -> Result<(), DeskError> {
    if page.flash.is_none() {
        let says = near(desk, page.lang, who).await?;
        page.flash = says.map(|says| Flash {
            tone: Tone::Warn,
            says,
        });
    }
    Ok(())
}

/// A time as `2 h 5 min`, a short one as `5 min 40 s`.
fn span(lang: Language, ms: i64) -> String {
    let (minutes, seconds) = (ms.max(0) / MINUTE_MS, ms.max(0) % MINUTE_MS / SECOND_MS);
    if minutes < 60 {
        lang.t_2("rest-span-short", "minutes", minutes, "seconds", seconds)
    } else {
        lang.t_2("rest-span", "hours", minutes / 60, "minutes", minutes % 60)
    }
}

/// How far somebody new has come, in words.
fn level_in(lang: Language, level: Level) -> String {
    lang.t(&format!("rest-level-{level}"))
}

/// `GET /break`.
async fn show(State(desk): State<Desk>, person: Analyst) -> Result<Response, DeskError> {
    whole(&desk, &person, StatusCode::OK, &Again::default()).await
}

async fn whole(
    desk: &Desk,
    person: &Analyst,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let mine = desk.work.my_day(person.id()).await?;
    let left = |of: i64, had: i64| span(lang, of.saturating_sub(had));
    let mut page = desk.page(person);
    remind(desk, &mut page, person.id()).await?;
    let page = RestPage {
        page,
        stop: mine.stop.map(|stop| stop_in(lang, stop)),
        on_break: mine.day.break_from.is_some(),
        had: span(lang, mine.day.material_ms),
        left: left(mine.limits.day_ms, mine.day.material_ms),
        until_break: left(mine.limits.stretch_ms, mine.day.since_break_ms),
        level: (mine.level != Level::Full).then(|| level_in(lang, mine.level)),
        week: mine
            .week
            .iter()
            .map(|of| DayLine {
                day: lang.day(of.day * DAY_MS),
                had: span(lang, of.material_ms),
                of: *of,
            })
            .collect(),
        summary: again.summary(lang),
        fields: form::own_fields(lang, &mine, again),
        offered: Offered::of(desk, lang, person.id()).await?,
        mine,
    };
    Ok(pages::answer(status, &page))
}

/// `POST /break`: now, and nobody asks why.
async fn begin(State(desk): State<Desk>, person: Analyst) -> Result<Redirect, DeskError> {
    desk.work.take_break(person.id()).await?;
    Ok(Redirect::to("/break"))
}

/// `POST /break/end`.
async fn end(State(desk): State<Desk>, person: Analyst) -> Result<Redirect, DeskError> {
    desk.work.end_break(person.id()).await?;
    Ok(Redirect::to("/queue"))
}

/// `POST /break/limits`: one's own, narrower than the site's.
async fn limits(
    State(desk): State<Desk>,
    person: Analyst,
    fields: Fields,
) -> Result<Response, DeskError> {
    let wrong = match form::own(&fields) {
        Err(wrong) => wrong,
        Ok(own) => match desk.work.set_own_limits(person.id(), own).await {
            Ok(()) => return Ok(Redirect::to("/break?told=rest-limits").into_response()),
            Err(NotDone::Limits(fault)) => form::wrong(fault),
            Err(fault) => return Err(fault.into()),
        },
    };
    let again = Again::because(wrong, &fields);
    whole(&desk, &person, StatusCode::UNPROCESSABLE_ENTITY, &again).await
}

#[cfg(test)]
mod offered_tests;
#[cfg(test)]
mod tests;
