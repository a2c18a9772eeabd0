//! One report: the sender's words and addresses first, then every image by itself, veiled, with one
//! key for each verdict.
//!
//! A page or part never holds original bytes: they are fetched once, by a token that a logged reveal
//! gave, and shown only as long as the key is held ([`material`]).

mod acts;
mod alike;
mod explained;
mod faults;
mod film;
mod handover;
mod judging;
mod keys;
mod known;
mod material;
mod parts;
mod picture;
#[cfg(test)]
pub(crate) mod scene;
mod view;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::desk::{OpenAddress, OpenReport};
use ground::{Instant, ItemId, Outcome, PoliceReason, ReportId, StaffId};
use pages::{ConsolePage, Crumb, Field, Flash, Language, Tone};

use crate::queue::{channel_in, looks_in, origin_in};
use crate::reasoned::Again;
use crate::who::Analyst;
use crate::{Desk, DeskError, Fields, Routes};
use parts::{Finish, Tile, Work};
use picture::Picture;
use view::Seen;
pub(crate) use view::tone;

/// The pages of a report.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/reports/{report}", show)
        .post("/reports/{report}/take", acts::take)
        .post("/reports/{report}/give-back", acts::give_back)
        .post("/reports/{report}/hand-over", handover::hand_over)
        .post("/reports/{report}/take-over", handover::take_over)
        .post("/reports/{report}/done", acts::done)
        .post("/reports/{report}/undo", judging::undo)
        .post(
            "/reports/{report}/addresses/{address}/visit",
            acts::look_again,
        )
        .post(
            "/reports/{report}/addresses/{address}/judge",
            judging::by_hand,
        )
        .get("/reports/{report}/items/{item}", judging::item)
        .get("/reports/{report}/items/{item}/veiled", material::veiled)
        .get("/reports/{report}/items/{item}/alike", alike::picture)
        .post("/reports/{report}/items/{item}/alike", alike::confirm)
        .post("/reports/{report}/items/{item}/not-alike", alike::refuse)
        .post("/reports/{report}/items/{item}/apart", picture::tell_apart)
        .post("/reports/{report}/items/{item}/judge", judging::judge)
        .post("/reports/{report}/items/{item}/reveal", material::reveal)
        .post(
            "/reports/{report}/visits/{visit}/reveal",
            material::reveal_screenshot,
        )
        .post("/reports/{report}/items/{item}/sheet", film::sheet)
        .post("/reports/{report}/items/{item}/play", film::play)
        .get("/revealed/{token}", material::revealed)
        .get("/playing/{token}", film::playing)
        .post("/playing/{token}/end", film::end)
}

/// One address with its visit, in words.
struct Address {
    open: OpenAddress,
    tone: Tone,
    standing: String,
    cause: Option<String>,
    remark: Option<String>,
    tiles: Vec<Tile>,
    /// How many of its items stand under a tile of an address above.
    elsewhere: Option<String>,
    /// Nothing was captured: it is judged by hand.
    by_hand: bool,
}

#[derive(Template)]
#[template(path = "report/report.html")]
struct ReportPage {
    page: ConsolePage,
    open: OpenReport,
    channel: String,
    origin: String,
    beside: Beside,
    held_until: Option<Instant>,
    addresses: Vec<Address>,
    work: Work,
    finish: Finish,
    /// The scheme the forms are made under, and its question for why something is not illegal.
    scheme: String,
    why_asked: String,
    quick: Vec<keys::Key>,
    reasons: Vec<keys::Key>,
    police: Vec<(PoliceReason, String)>,
    outcomes: Vec<(Outcome, String)>,
    closed: Option<String>,
}

/// What stands beside the report itself.
#[derive(Default)]
struct Beside {
    /// What likeness spared people in it.
    looks: String,
    /// That a limit is near.
    near: Option<String>,
    /// That visits are paused, when an address of it waits for one.
    paused: Option<String>,
    /// Whom it can be handed to.
    colleagues: Vec<(StaffId, staff::Name)>,
}

impl Beside {
    async fn of(desk: &Desk, person: &Analyst, report: ReportId) -> Result<Self, DeskError> {
        let lang = person.lang();
        Ok(Self {
            looks: looks_in(lang, desk.work.looks_of(report).await?),
            near: crate::rest::near(desk, lang, person.id()).await?,
            colleagues: desk.work.colleagues(person.id()).await?,
            paused: None,
        })
    }
}

#[derive(Template)]
#[template(path = "report/take.html")]
struct TakePage {
    page: ConsolePage,
    number: String,
    path: String,
    held: Option<(String, Instant)>,
    reason: Field,
}

/// `GET /reports/{report}`. Who does not hold an open report is offered to take it.
async fn show(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let asked = query.unwrap_or_default();
    let fields = Fields::read(asked.as_bytes()).ok_or(DeskError::BadForm)?;
    let mut page = desk.page(&person);
    page.crumbs = vec![Crumb {
        href: "/queue".to_owned(),
        label: page.t("queue-title"),
    }];
    // A report belongs to the queue it came from.
    for entry in &mut page.nav {
        entry.here = entry.href == "/queue";
    }
    if let Some(says) = faults::says(page.lang, fields.one("fault")) {
        let tone = Tone::Bad;
        page.flash = Some(Flash { tone, says });
    }
    match desk.work.open_report(person.id(), report).await {
        Ok(open) => {
            let chosen = fields.one("item").parse().ok();
            let asking = !fields.one("asking").is_empty();
            let scheme = desk.work.scheme().await?;
            let mut page = whole(&desk, &person, &scheme, page, open, (chosen, asking));
            page.beside = Beside::of(&desk, &person, report).await?;
            let mut visits = page.addresses.iter().flat_map(|one| &one.open.visit);
            if visits.any(|visit| visit.state == "wanted") {
                page.beside.paused = crate::visits::paused(&desk, &page.page).await?;
            }
            placed(&desk, &mut page.work).await?;
            Ok(pages::answer(StatusCode::OK, &page))
        }
        Err(casework::desk::DeskError::Stop(_)) => Ok(Redirect::to("/break").into_response()),
        Err(fault) if faults::is_not_held(&fault) => to_take(&desk, page, report).await,
        Err(fault) => Err(fault.into()),
    }
}

/// The page that offers to take a report that is free, or says who holds it.
async fn to_take(desk: &Desk, page: ConsolePage, id: ReportId) -> Result<Response, DeskError> {
    let report = ::report::find(&desk.db, id)
        .await
        .map_err(DeskError::broken)?
        .ok_or(DeskError::NotFound)?;
    let held = match report.state.holder(desk.clock.now()) {
        Some((by, until)) => {
            let people = desk.staff.people().await?;
            let name = people.into_iter().find(|account| account.id == by);
            Some((
                name.map_or_else(String::new, |account| account.name.to_string()),
                until,
            ))
        }
        None => None,
    };
    let lang = page.lang;
    let page = TakePage {
        page,
        reason: Again::default().reason(lang, handover::REASON),
        number: report.number.to_string(),
        path: format!("/reports/{id}"),
        held,
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

fn whole(
    desk: &Desk,
    person: &Analyst,
    scheme: &assessment::Scheme,
    page: ConsolePage,
    mut open: OpenReport,
    (chosen, asking): (Option<ItemId>, bool),
) -> ReportPage {
    let lang = page.lang;
    let id = open.report.id;
    let held_until = open
        .report
        .state
        .holder(desk.clock.now())
        .map(|(_, until)| until);
    let closed = match open.report.state {
        ::report::State::Closed { outcome } => Some(outcome_in(lang, outcome)),
        _ => None,
    };
    let addresses = std::mem::take(&mut open.addresses);
    let pictures = Picture::all(addresses.iter().flat_map(|one| &one.items));
    let seen = Seen {
        lang,
        report: id,
        me: person.id(),
        held: closed.is_none(),
        token: page.form_token.to_string(),
    };
    let work = Work::of(&seen, scheme, &pictures, open.progress, chosen, asking);
    let finish = Finish::of(&seen, open.progress, wanted(&addresses));
    let tiles: Vec<Vec<Tile>> = addresses
        .iter()
        .map(|one| tiles(&seen, one, &pictures, work.shows()))
        .collect();
    drop(pictures);
    let addresses: Vec<Address> = addresses
        .into_iter()
        .zip(tiles)
        .map(|(one, tiles)| address(&seen, one, tiles))
        .collect();
    let whole = open.progress.judged + open.progress.to_judge;
    ReportPage {
        channel: channel_in(lang, open.report.channel),
        origin: origin_in(lang, open.report.origin),
        beside: Beside::default(),
        held_until,
        scheme: scheme.id(),
        why_asked: why_asked(scheme),
        quick: keys::quick_keys(scheme, lang),
        reasons: keys::reason_keys(scheme, lang),
        police: police_reasons(scheme, lang),
        outcomes: if whole == 0 { outcomes(lang) } else { vec![] },
        closed,
        addresses,
        work,
        finish,
        open,
        page,
    }
}

/// The question of the scheme that asks why something is not illegal.
fn why_asked(scheme: &assessment::Scheme) -> String {
    let asked = scheme.reason();
    asked.map_or_else(String::new, |asked| asked.id.clone())
}

/// Finds the page in which the image at hand lies, when it has no address of its own, and why it has
/// its verdict.
async fn placed(desk: &Desk, work: &mut Work) -> Result<(), DeskError> {
    explained::explain(desk, work).await?;
    let Some(item) = work.in_page() else {
        return Ok(());
    };
    let row = capture::store::item(&desk.db, item)
        .await?
        .ok_or(DeskError::NotFound)?;
    let page = ::report::address(&desk.db, &desk.vault, row.address_id)
        .await
        .map_err(DeskError::broken)?;
    work.lies_in(page.map(|page| page.to_string()));
    Ok(())
}

fn wanted(addresses: &[OpenAddress]) -> usize {
    let under_way = |one: &&OpenAddress| one.visit.as_ref().is_none_or(|v| v.state == "wanted");
    addresses.iter().filter(under_way).count()
}

fn police_reasons(scheme: &assessment::Scheme, lang: Language) -> Vec<(PoliceReason, String)> {
    scheme
        .police_reasons()
        .into_iter()
        .map(|(reason, label)| (reason, label.told_in(lang.tag()).to_owned()))
        .collect()
}

fn outcome_in(lang: Language, outcome: Outcome) -> String {
    ::figures::outcome_label(outcome).told_in(lang).to_owned()
}

/// How a report without anything to judge may end.
fn outcomes(lang: Language) -> Vec<(Outcome, String)> {
    [
        Outcome::NothingFound,
        Outcome::NotIllegal,
        Outcome::OutOfMandate,
        Outcome::Read,
        Outcome::Junk,
    ]
    .map(|outcome| (outcome, outcome_in(lang, outcome)))
    .into()
}

/// The tiles of the pictures that are first shown at this address.
fn tiles(
    seen: &Seen,
    open: &OpenAddress,
    pictures: &[Picture<'_>],
    shown: Option<ItemId>,
) -> Vec<Tile> {
    let here = |picture: &Picture<'_>| open.items.iter().any(|item| item.id == picture.id());
    (1..)
        .zip(pictures)
        .filter(|(_, picture)| here(picture))
        .map(|(n, picture)| Tile::of(seen, picture, n, shown))
        .collect()
}

fn address(seen: &Seen, open: OpenAddress, tiles: Vec<Tile>) -> Address {
    let lang = seen.lang;
    let own: Vec<ItemId> = open.items.iter().map(|item| item.id).collect();
    let elsewhere = open
        .items
        .iter()
        .filter(|item| !own.contains(&item.picture));
    let elsewhere = elsewhere.count();
    let state = open.visit.as_ref().map_or("wanted", |visit| &visit.state);
    let (tone, standing) = match state {
        "captured" => (Tone::Good, lang.t("report-visit-captured")),
        "not-captured" => (Tone::Warn, lang.t("report-visit-not-captured")),
        _ => (Tone::Info, lang.t("report-visit-wanted")),
    };
    let cause = open.visit.as_ref().and_then(|visit| visit.cause.as_deref());
    let remark = open
        .visit
        .as_ref()
        .and_then(|visit| visit.remark.as_deref());
    Address {
        tone,
        standing,
        cause: cause.map(|cause| cause_in(lang, cause)),
        remark: remark.map(|remark| lang.t(&format!("report-remark-{remark}"))),
        by_hand: state == "not-captured" && open.items.is_empty() && seen.held,
        elsewhere: (elsewhere > 0).then(|| lang.t_n("report-shown-above", "n", elsewhere)),
        tiles,
        open,
    }
}

/// Why a visit did not capture anything, in words, with the status when there is one; the cause
/// itself when it has no words.
pub(crate) fn cause_in(lang: Language, cause: &str) -> String {
    let (key, status) = cause.split_once(' ').unwrap_or((cause, ""));
    let id = format!("report-cause-{key}");
    if !lang.has(&id) {
        return cause.to_owned();
    }
    let says = lang.t(&id);
    if status.is_empty() {
        says
    } else {
        format!("{says} ({status})")
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
