//! Visits: the room of the visitors, where it is seen what waits, what failed and why; one visit, which
//! can be asked for again; and a file that is taken by hand. No page of the room names a reported
//! address: a line leads to the report that does.

mod file;
mod one;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::VisitLine;
use pages::{ConsolePage, ErrorSummary, Field, FieldKind, Language, Tone};

use crate::reasoned::Again;
use crate::report::cause_in;
use crate::who::{Analyst, Person};
use crate::{Desk, DeskError, Fields, Routes};

/// The pages about visits.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/visits", room)
        .get("/visits/file", find)
        .get("/visits/{visit}", one::show)
        .post("/visits/{visit}/again", one::again)
        .get("/reports/{report}/file", file::show)
        .post("/reports/{report}/file", file::take)
}

/// The field in which a report is named.
const NUMBER: &str = "number";

/// One visit, in words.
struct Line {
    of: VisitLine,
    wish: String,
    cause: Option<String>,
}

impl Line {
    fn of(lang: Language, of: VisitLine) -> Self {
        Self {
            wish: lang.t(&format!("visits-wish-{}", of.wish)),
            cause: of.cause.as_deref().map(|cause| cause_in(lang, cause)),
            of,
        }
    }

    /// What one calls it: the number of its report.
    fn name(&self, lang: &Language) -> String {
        let number = self.of.number.as_ref();
        number.map_or_else(|| lang.t("visits-no-report"), ToString::to_string)
    }
}

/// One kind of line.
struct Part {
    id: &'static str,
    title: String,
    /// What is said when there is none.
    none: String,
    /// What the time of a line is.
    time: String,
    /// What may be done with a line; none when nothing.
    act: Option<String>,
    lines: Vec<Line>,
}

impl Part {
    fn of(lang: Language, id: &'static str, lines: Vec<VisitLine>) -> Self {
        let act = match id {
            "next" => Some(lang.t("visits-now")),
            "failed" => Some(lang.t("report-look-again")),
            _ => None,
        };
        Self {
            id,
            title: lang.t(&format!("visits-{id}")),
            none: lang.t(&format!("visits-{id}-none")),
            time: lang.t(&format!("visits-{id}-time")),
            act,
            lines: lines.into_iter().map(|one| Line::of(lang, one)).collect(),
        }
    }

    /// The time that matters for a line: when it ended, when it began, or when it was wanted.
    fn at(&self, line: &Line) -> i64 {
        match self.id {
            "failed" => line.of.ended_at_ms.unwrap_or(line.of.wanted_at_ms).ms(),
            "running" => line.of.looked_at_ms.ms(),
            _ => line.of.wanted_at_ms.ms(),
        }
    }

    /// Whether a line tells how often it was tried: what has ended is not tried any more.
    fn tries(&self) -> bool {
        self.id != "failed"
    }
}

/// What is said of our own line.
struct OurLine {
    tone: Tone,
    says: String,
}

/// That visits are paused, since when, why and what to do, wherever somebody waits for one; none while
/// they go on.
///
/// # Errors
/// [`DeskError`] when the records fail.
pub(crate) async fn paused(desk: &Desk, page: &ConsolePage) -> Result<Option<String>, DeskError> {
    let since = desk.work.visits_paused_since().await?;
    Ok(since.map(|since| {
        let when = page.t_n("visits-paused-since", "when", page.minute(since.ms()));
        let (why, act) = (page.t("visits-paused"), page.t("visits-paused-act"));
        format!("{why} {when} {act}")
    }))
}

#[derive(Template)]
#[template(path = "visits/room.html")]
struct RoomPage {
    page: ConsolePage,
    line: OurLine,
    paused: Option<String>,
    waiting: i64,
    put_off: i64,
    running: usize,
    oldest: Option<i64>,
    causes: Vec<(String, i64)>,
    parts: Vec<Part>,
    summary: ErrorSummary,
    number: Field,
}

/// `GET /visits`: what waits, what is under way, what failed and why.
async fn room(State(desk): State<Desk>, person: Analyst) -> Result<Response, DeskError> {
    whole(&desk, &person, StatusCode::OK, &Again::default()).await
}

async fn whole(
    desk: &Desk,
    person: &Person,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let room = desk.work.visitors_room().await?;
    let (tone, says) = match room.line {
        None => (Tone::Quiet, "visits-line-untested"),
        Some(test) if test.works => (Tone::Good, "visits-line-works"),
        Some(_) => (Tone::Bad, "visits-line-fails"),
    };
    let page = desk.page(person);
    let causes = room.causes.into_iter().map(|one| {
        let cause = one.cause.unwrap_or_default();
        (cause_in(lang, &cause), one.n)
    });
    let shown = RoomPage {
        line: OurLine {
            tone,
            says: lang.t(says),
        },
        paused: paused(desk, &page).await?,
        page,
        waiting: room.waiting,
        put_off: room.put_off,
        running: room.running.len(),
        oldest: room.oldest.map(|oldest| oldest.ms()),
        causes: causes.collect(),
        parts: vec![
            Part::of(lang, "running", room.running),
            Part::of(lang, "next", room.next),
            Part::of(lang, "failed", room.failed),
        ],
        summary: again.summary(lang),
        number: Field::new(NUMBER, FieldKind::Line, lang.t("visits-file-number"))
            .hint(lang.t("visits-file-number-hint"))
            .value(again.typed(NUMBER).unwrap_or_default())
            .fault(again.says(lang, NUMBER)),
    };
    Ok(pages::answer(status, &shown))
}

/// `GET /visits/file?number=…`: to the page of the report where its file is taken.
async fn find(
    State(desk): State<Desk>,
    person: Analyst,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<Response, DeskError> {
    let fields = Fields::read(query.unwrap_or_default().as_bytes()).ok_or(DeskError::BadForm)?;
    match desk.work.find_report(fields.trimmed(NUMBER)).await? {
        Some(report) => Ok(Redirect::to(&format!("/reports/{report}/file")).into_response()),
        None => {
            let again = Again::because((NUMBER, "visits-fault-number"), &fields);
            whole(&desk, &person, StatusCode::UNPROCESSABLE_ENTITY, &again).await
        }
    }
}

#[cfg(test)]
mod tests;
