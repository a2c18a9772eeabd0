//! One key, one verdict; undo; judging by hand. With the script running a key sends back the next
//! image, the tiles that changed and whether the report can be finished; without it, the whole page.

use askama::Template;
use assessment::{AnswerFault, Answers, AssessmentError, Scheme};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::desk::{DeskError as NotDone, OpenItem};
use ground::{AddressId, ContentId, ItemId, ReportId};

use super::faults::{back, lead};
use super::parts::{Finish, Tile, Work, next_after};
use super::picture::Picture;
use super::placed;
use super::view::Seen;
use crate::who::Analyst;
use crate::{Desk, DeskError, Fields};

/// Whether the script on the page asks, and not the browser for a whole page.
fn by_script(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// The whole page moves to `path`.
pub(super) fn moved(headers: &HeaderMap, path: &str) -> Response {
    if by_script(headers) {
        ([("hx-redirect", path.to_owned())], "").into_response()
    } else {
        Redirect::to(path).into_response()
    }
}

/// Whether the form was made under a scheme that is no longer in force: its keys may mean something
/// else now.
fn stale(scheme: &Scheme, fields: &Fields) -> bool {
    let made_under = fields.one("scheme");
    !made_under.is_empty() && made_under != scheme.id()
}

/// The answers a form gives: those of the key that was pressed, and what was answered beside it, as
/// far as the scheme asks it then.
fn answers(scheme: &Scheme, fields: &Fields) -> Result<(char, Answers), DeskError> {
    let mut pressed = fields.one("quick").chars();
    let (Some(key), None) = (pressed.next(), pressed.next()) else {
        return Err(DeskError::BadForm);
    };
    let quick = scheme
        .quick()
        .iter()
        .find(|quick| quick.key == key)
        .ok_or(DeskError::BadForm)?;
    let mut beside = Answers::none();
    for question in scheme.questions() {
        for option in fields.all(&format!("answer.{}", question.id)) {
            beside.give(question.id.as_str(), option);
        }
    }
    Ok((key, scheme.only_asked(&beside.with(&quick.answers))))
}

/// A report's items after a key, for the one who pressed it.
struct After {
    seen: Seen,
    items: Vec<OpenItem>,
    progress: assessment::Progress,
}

impl After {
    async fn read(desk: &Desk, person: &Analyst, report: ReportId) -> Result<Self, DeskError> {
        let (items, progress, held) = desk.work.items_of_report(person.id(), report).await?;
        let seen = Seen {
            lang: person.lang(),
            report,
            me: person.id(),
            held,
            token: desk.form_token(person).to_string(),
        };
        Ok(Self {
            seen,
            items,
            progress,
        })
    }

    /// The next image that waits after this one; this one when none does.
    fn next(&self, item: ItemId) -> ItemId {
        let pictures = Picture::all(&self.items);
        let at = pictures.iter().position(|one| one.has(item));
        let next = next_after(&pictures, at).and_then(|at| pictures.get(at));
        next.map_or(item, |next| next.shown().id)
    }

    async fn work(&self, desk: &Desk, chosen: Option<ItemId>) -> Result<Work, DeskError> {
        let scheme = &*desk.work.scheme().await?;
        let pictures = Picture::all(&self.items);
        let mut work = Work::of(&self.seen, scheme, &pictures, self.progress, chosen, false);
        work.swapped = true;
        placed(desk, &mut work).await?;
        Ok(work)
    }

    /// The tiles that carry one of these contents, and whether the report can be finished.
    fn beside(&self, contents: &[ContentId], shown: Option<ItemId>) -> Result<String, DeskError> {
        let mut out = String::new();
        for (n, picture) in (1..).zip(Picture::all(&self.items)) {
            if picture.shows_any(contents) {
                let mut tile = Tile::of(&self.seen, &picture, n, shown);
                tile.swapped = true;
                out.push_str(&tile.render().map_err(DeskError::broken)?);
            }
        }
        let mut finish = Finish::of(&self.seen, self.progress, 0);
        finish.swapped = true;
        out.push_str(&finish.render().map_err(DeskError::broken)?);
        Ok(out)
    }

    fn answer(&self, work: &Work, contents: &[ContentId]) -> Result<Response, DeskError> {
        let mut html = work.render().map_err(DeskError::broken)?;
        html.push_str(&self.beside(contents, work.shows())?);
        Ok((StatusCode::OK, Html(html)).into_response())
    }

    /// The contents of these items, and those that are proposed: one act can take several back.
    fn contents_of(&self, items: &[ItemId]) -> Vec<ContentId> {
        let proposed = self.items.iter().filter(|one| one.alike.is_some());
        let changed = proposed.map(|one| one.content);
        let judged = items.iter().flat_map(|item| self.contents_beside(*item));
        changed.chain(judged).collect()
    }

    /// The contents under the tile of an item: one key judges them all.
    fn contents_beside(&self, item: ItemId) -> Vec<ContentId> {
        let pictures = Picture::all(&self.items);
        let picture = pictures.iter().find(|one| one.has(item));
        picture.map_or_else(Vec::new, |one| one.contents().collect())
    }
}

/// `GET /reports/{report}/items/{item}`: one image with its keys.
pub(super) async fn item(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
    headers: HeaderMap,
) -> Result<Response, DeskError> {
    if !by_script(&headers) {
        return Ok(Redirect::to(&format!("/reports/{report}?item={item}")).into_response());
    }
    let after = After::read(&desk, &person, report).await?;
    if !after.seen.held {
        return Ok(moved(&headers, &format!("/reports/{report}?item={item}")));
    }
    let work = after.work(&desk, Some(item)).await?;
    after.answer(&work, &[])
}

/// `POST /reports/{report}/items/{item}/judge`.
pub(super) async fn judge(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, DeskError> {
    let scheme = &*desk.work.scheme().await?;
    if stale(scheme, &fields) {
        return Ok(moved(&headers, &format!("/reports/{report}?fault=scheme")));
    }
    let (key, given) = answers(scheme, &fields)?;
    let judged = desk
        .work
        .judge(person.id(), report, item, given.clone())
        .await;
    let missing = match judged {
        Ok(_) => None,
        Err(NotDone::Assessment(AssessmentError::Answers(AnswerFault::Missing { question }))) => {
            Some(question)
        }
        Err(fault) => return Ok(moved(&headers, &back(report, fault)?)),
    };
    let after = After::read(&desk, &person, report).await?;
    if let Some(question) = missing.and_then(|id| scheme.question(&id)) {
        if !by_script(&headers) {
            let page = format!("/reports/{report}?item={item}&asking=1");
            return Ok(Redirect::to(&page).into_response());
        }
        let mut work = after.work(&desk, Some(item)).await?;
        work.ask(question, key, &given);
        return after.answer(&work, &[]);
    }
    let next = after.next(item);
    if !by_script(&headers) {
        return Ok(Redirect::to(&format!("/reports/{report}?item={next}#work")).into_response());
    }
    let chosen = (!after.progress.is_done()).then_some(next);
    let work = after.work(&desk, chosen).await?;
    after.answer(&work, &after.contents_beside(item))
}

/// `POST /reports/{report}/undo`: takes the last judgement back and shows its image again.
pub(super) async fn undo(
    State(desk): State<Desk>,
    person: Analyst,
    Path(report): Path<ReportId>,
    headers: HeaderMap,
) -> Result<Response, DeskError> {
    let item = match desk.work.undo(person.id(), report).await {
        Ok(Some(item)) => item,
        Ok(None) => {
            let page = format!("/reports/{report}?fault=nothing-to-undo");
            return Ok(moved(&headers, &page));
        }
        Err(fault) => return Ok(moved(&headers, &back(report, fault)?)),
    };
    if !by_script(&headers) {
        return Ok(Redirect::to(&format!("/reports/{report}?item={item}#work")).into_response());
    }
    let after = After::read(&desk, &person, report).await?;
    let work = after.work(&desk, Some(item)).await?;
    after.answer(&work, &after.contents_of(&[item]))
}

/// What is shown after a likeness was confirmed for these items: the next image. When none was, since
/// it was refused: the same image, to be judged.
pub(super) async fn after_likeness(
    desk: &Desk,
    person: &Analyst,
    (report, item): (ReportId, ItemId),
    confirmed: &[ItemId],
    headers: &HeaderMap,
) -> Result<Response, DeskError> {
    let after = After::read(desk, person, report).await?;
    let shown = if confirmed.is_empty() {
        item
    } else {
        after.next(item)
    };
    if !by_script(headers) {
        return Ok(Redirect::to(&format!("/reports/{report}?item={shown}#work")).into_response());
    }
    let chosen = (!after.progress.is_done()).then_some(shown);
    let work = after.work(desk, chosen).await?;
    after.answer(&work, &after.contents_of(confirmed))
}

/// `POST /reports/{report}/addresses/{address}/judge`: an address of which nothing was captured.
pub(super) async fn by_hand(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, address)): Path<(ReportId, AddressId)>,
    fields: Fields,
) -> Result<Redirect, DeskError> {
    let scheme = &*desk.work.scheme().await?;
    if stale(scheme, &fields) {
        return Ok(Redirect::to(&format!("/reports/{report}?fault=scheme")));
    }
    let (_, given) = answers(scheme, &fields)?;
    let judged = desk
        .work
        .judge_by_hand(person.id(), report, address, given)
        .await;
    let then = format!("/reports/{report}?told=report-judged-by-hand");
    lead(judged, report, &then)
}
