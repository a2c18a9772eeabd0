//! The queue: reports that are not closed, by priority, each with why it stands where it does.

mod narrowed;
mod search;

use ::report::{Spot, Why};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use casework::desk::{Holder, LooksTaken, Mine, Queue, QueueRow};
use ground::clock::{DAY_MS, HOUR_MS};
use ground::{Instant, StaffId};
use pages::{ConsolePage, Language, Tone};

use self::narrowed::Asked;
use crate::who::Analyst;
use crate::{Desk, DeskError, Fields, Routes};

/// The pages of the queue.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/queue", show)
        .post("/queue/search", search::search)
        .post("/queue/next", take_next)
}

/// Reports on one page.
const PAGE: u32 = 50;

/// A report of the queue in words.
struct Line {
    row: QueueRow,
    age: String,
    why: Vec<String>,
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

impl Standing {
    fn of(holder: Option<&Holder>, me: StaffId) -> Self {
        match holder {
            None => Self::Free,
            Some(holder) if holder.id == me => Self::Mine,
            Some(holder) => Self::Held(holder.name.clone()),
        }
    }
}

impl Line {
    fn of(lang: Language, me: StaffId, now: Instant, row: QueueRow) -> Self {
        let (visits, visited) = visited(lang, &row);
        Self {
            age: age(lang, now.since_ms(row.report.received_hour)),
            why: row.why.iter().map(|why| why_in(lang, *why)).collect(),
            channel: channel_in(lang, row.report.channel),
            origin: origin_in(lang, row.report.origin),
            visits,
            visited,
            known: row
                .known
                .iter()
                .map(|known| crate::hashlist::counted(lang, known))
                .collect(),
            standing: Standing::of(row.holder.as_ref(), me),
            row,
        }
    }
}

/// Why a report stands before others, in words.
fn why_in(lang: Language, why: Why) -> String {
    match why {
        Why::From(channel) => lang.t(&format!("queue-why-{channel}")),
        Why::OnList => lang.t("queue-why-on-list"),
        Why::NamedBy(reports) => lang.t_n("queue-why-named-by", "n", i64::from(reports)),
        Why::Captured => lang.t("queue-why-captured"),
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
    asked: Asked,
    sought: String,
    fault: Option<String>,
    next: Option<String>,
    begun: bool,
}

/// `GET /queue`.
async fn show(
    State(desk): State<Desk>,
    person: Analyst,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let (lang, me, now) = (person.lang(), person.id(), desk.clock.now());
    let fields = Fields::read(query.unwrap_or_default().as_bytes()).ok_or(DeskError::BadForm)?;
    let asked = Asked::read(&fields, lang, me)?;
    let spot = spot(&fields);
    let queue: Queue = desk
        .work
        .queue(&asked.narrowed, spot.unwrap_or(Spot::START), PAGE)
        .await?;
    let mut page = desk.page(&person);
    crate::rest::remind(&desk, &mut page, me).await?;
    let further = |spot: Spot| {
        let (query, rank, after) = (&asked.query, spot.rank.ms(), spot.id);
        format!("/queue?{query}rank={rank}&after={after}")
    };
    let page = QueuePage {
        paused: crate::visits::paused(&desk, &page).await?,
        page,
        mine: desk.work.mine(me).await?,
        next: queue.next.map(further),
        lines: queue
            .rows
            .into_iter()
            .map(|row| Line::of(lang, me, now, row))
            .collect(),
        length: queue.length,
        looks: looks_in(lang, desk.work.looks_of_a_day().await?),
        asked,
        sought: String::new(),
        fault: None,
        begun: spot.is_some(),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

/// Where the page begins, from its address.
fn spot(fields: &Fields) -> Option<Spot> {
    Some(Spot {
        rank: Instant::from_ms(fields.one("rank").parse().ok()?),
        id: fields.one("after").parse().ok()?,
    })
}

/// `POST /queue/next`: takes the first report that is free and offered.
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
