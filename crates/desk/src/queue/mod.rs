//! The queue: reports that are not closed, oldest first.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::{LooksTaken, Mine, Queue, QueueRow};
use ground::clock::{DAY_MS, HOUR_MS};
use ground::{Instant, StaffId};
use pages::{ConsolePage, Language, Tone};

use crate::who::Analyst;
use crate::{Desk, DeskError, Fields, Routes};

/// The pages of the queue.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/queue", show)
        .post("/queue/next", take_next)
}

/// Reports on one page.
const PAGE: u32 = 50;

/// A report of the queue in words.
struct Line {
    row: QueueRow,
    age: String,
    channel: String,
    origin: String,
    visits: Tone,
    visited: String,
    known: Vec<String>,
    standing: Standing,
}

/// Who works on a report.
enum Standing {
    /// Nobody.
    Free,
    /// The one who reads the page.
    Mine,
    /// A colleague.
    Held(String),
}

impl Line {
    fn of(lang: Language, me: StaffId, now: Instant, row: QueueRow) -> Self {
        let standing = match &row.holder {
            None => Standing::Free,
            Some(holder) if holder.id == me => Standing::Mine,
            Some(holder) => Standing::Held(holder.name.clone()),
        };
        let (visits, visited) = visited(lang, &row);
        Self {
            age: age(lang, now.since_ms(row.report.received_hour)),
            channel: channel_in(lang, row.report.channel),
            origin: origin_in(lang, row.report.origin),
            visits,
            visited,
            known: row
                .known
                .iter()
                .map(|known| crate::hashlist::counted(lang, known))
                .collect(),
            standing,
            row,
        }
    }
}

/// The words for a channel.
pub(crate) fn channel_in(lang: Language, channel: ground::Channel) -> String {
    ::figures::channel_label(channel).told_in(lang).to_owned()
}

/// The words for an origin.
pub(crate) fn origin_in(lang: Language, origin: ground::Origin) -> String {
    lang.t(&format!("queue-origin-{origin}"))
}

/// How long ago; the hour is the most exact that is known of a report.
fn age(lang: Language, ms: i64) -> String {
    if ms < 2 * DAY_MS {
        lang.t_n("queue-age-hours", "n", (ms / HOUR_MS).max(0))
    } else {
        lang.t_n("queue-age-days", "n", ms / DAY_MS)
    }
}

/// What likeness spared people, in words; each number with its own unit.
pub(crate) fn looks_in(lang: Language, looks: LooksTaken) -> String {
    lang.t_3(
        "report-looks",
        [
            ("images", looks.images),
            ("needed", looks.needed),
            ("saved", looks.saved),
        ],
    )
}

fn visited(lang: Language, row: &QueueRow) -> (Tone, String) {
    let visits = row.visits;
    if row.report.addresses == 0 {
        (Tone::Quiet, lang.t("queue-no-address"))
    } else if visits.wanted > 0 {
        (
            Tone::Info,
            lang.t_n("queue-visits-wanted", "n", visits.wanted),
        )
    } else if visits.not_captured > 0 {
        let n = visits.not_captured;
        (Tone::Warn, lang.t_n("queue-visits-not-captured", "n", n))
    } else {
        (Tone::Good, lang.t("queue-visits-captured"))
    }
}

#[derive(Template)]
#[template(path = "queue/queue.html")]
struct QueuePage {
    page: ConsolePage,
    mine: Vec<Mine>,
    lines: Vec<Line>,
    length: i64,
    looks: String,
    /// That visits are paused.
    paused: Option<String>,
    sought: String,
    lost: bool,
    next: Option<String>,
    begun: bool,
}

/// `GET /queue`; with `?number=` it leads to the report with that number.
async fn show(
    State(desk): State<Desk>,
    person: Analyst,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let asked = query.unwrap_or_default();
    let fields = Fields::read(asked.as_bytes()).ok_or(DeskError::BadForm)?;
    let sought = fields.trimmed("number").to_owned();
    if !sought.is_empty()
        && let Some(found) = desk.work.find_report(&sought).await?
    {
        return Ok(Redirect::to(&format!("/reports/{found}")).into_response());
    }
    let spot = spot(&fields);
    let queue: Queue = desk
        .work
        .queue(spot.unwrap_or(::report::Spot::START), PAGE)
        .await?;
    let (lang, me, now) = (person.lang(), person.id(), desk.clock.now());
    let mut page = desk.page(&person);
    crate::rest::remind(&desk, &mut page, me).await?;
    let page = QueuePage {
        paused: crate::visits::paused(&desk, &page).await?,
        page,
        mine: desk.work.mine(me).await?,
        lines: queue
            .rows
            .into_iter()
            .map(|row| Line::of(lang, me, now, row))
            .collect(),
        length: queue.length,
        looks: looks_in(lang, desk.work.looks_of_a_day().await?),
        lost: !sought.is_empty(),
        sought,
        next: queue
            .next
            .map(|spot| format!("/queue?hour={}&after={}", spot.received_hour.ms(), spot.id)),
        begun: spot.is_some(),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

/// Where the page begins, from its address.
fn spot(fields: &Fields) -> Option<::report::Spot> {
    Some(::report::Spot {
        received_hour: Instant::from_ms(fields.one("hour").parse().ok()?),
        id: fields.one("after").parse().ok()?,
    })
}

/// `POST /queue/next`: takes the oldest report that is free.
async fn take_next(State(desk): State<Desk>, person: Analyst) -> Result<Redirect, DeskError> {
    Ok(match desk.work.take_next(person.id()).await {
        Ok(Some(report)) => Redirect::to(&format!("/reports/{report}")),
        Ok(None) => Redirect::to("/queue?told=queue-none-free"),
        Err(casework::desk::DeskError::Stop(_)) => Redirect::to("/break"),
        Err(fault) => return Err(fault.into()),
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
