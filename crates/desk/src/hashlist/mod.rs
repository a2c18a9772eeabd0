//! Hash lists: which there are, how much is on them, what their last files did, and what matched
//! because of them.

mod known;
mod matches;
mod switch;

use ::hashlist::{Imported, RefusedRow, Summary};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ground::HashListId;
use pages::{ConsolePage, Crumb, ErrorSummary, Field, Language, Tone};

use crate::reasoned::Again;
use crate::who::{ListReader, Person};
use crate::{Desk, DeskError, Routes};

pub(crate) use known::{counted, length, says};

/// The pages about hash lists.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/lists", show)
        .get("/lists/matches", matches::of_all)
        .get("/lists/{id}", one)
        .get("/lists/{id}/matches", matches::of_one)
        .post("/lists/{id}/switch", switch::switch)
}

/// Imports shown of a list.
const IMPORTS: i64 = 10;

/// One list in words.
struct Line {
    list: Summary,
    name: String,
    tone: Tone,
    state: String,
    last: Option<Imported>,
}

impl Line {
    fn of(lang: Language, list: Summary, last: Option<Imported>) -> Self {
        let (tone, state) = if list.enabled == 1 {
            (Tone::Good, "hashlist-on")
        } else {
            (Tone::Quiet, "hashlist-off")
        };
        Self {
            name: known::called(lang, &list.name, list.own == 1),
            tone,
            state: lang.t(state),
            list,
            last,
        }
    }
}

#[derive(Template)]
#[template(path = "hashlist/list.html")]
struct ListPage {
    page: ConsolePage,
    lines: Vec<Line>,
    may_audit: bool,
}

/// `GET /lists`: every list.
async fn show(State(desk): State<Desk>, person: ListReader) -> Result<Response, DeskError> {
    let lang = person.lang();
    let mut lines = Vec::new();
    for list in ::hashlist::summaries(&desk.db).await? {
        let last = ::hashlist::with_id(&desk.db, list.id).await?;
        let last = match last {
            Some(known) => ::hashlist::imports(&desk.db, known.no, 1).await?.pop(),
            None => None,
        };
        lines.push(Line::of(lang, list, last));
    }
    let page = ListPage {
        page: desk.page(&person),
        lines,
        may_audit: may_audit(&person),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

/// Whether this person may read what matched: it names reports.
fn may_audit(person: &Person) -> bool {
    person.roles().any(&[staff::Role::Senior])
}

/// A file that was worked in.
struct File {
    import: Imported,
    refused: Vec<RefusedRow>,
}

#[derive(Template)]
#[template(path = "hashlist/one.html")]
struct OnePage {
    page: ConsolePage,
    line: Line,
    files: Vec<File>,
    reason: Option<Field>,
    may_audit: bool,
    summary: ErrorSummary,
}

/// `GET /lists/{id}`: one list.
async fn one(
    State(desk): State<Desk>,
    person: ListReader,
    Path(id): Path<String>,
) -> Result<Response, DeskError> {
    one_page(
        &desk,
        &person,
        id.parse()?,
        StatusCode::OK,
        &Again::default(),
    )
    .await
}

async fn one_page(
    desk: &Desk,
    person: &Person,
    id: HashListId,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let list = ::hashlist::with_id(&desk.db, id)
        .await?
        .ok_or(DeskError::NotFound)?;
    let counted = ::hashlist::summary(&desk.db, id)
        .await?
        .ok_or(DeskError::NotFound)?;
    let mut files = Vec::new();
    for import in ::hashlist::imports(&desk.db, list.no, IMPORTS).await? {
        let refused = ::hashlist::refused(&desk.db, list.no, &import).await?;
        files.push(File { import, refused });
    }
    let may_switch = person.roles().any(&[staff::Role::Administrator]);
    let page = OnePage {
        page: ConsolePage {
            crumbs: crumbs(lang),
            ..desk.page(person)
        },
        line: Line::of(lang, counted, None),
        files,
        reason: may_switch.then(|| again.reason(lang, switch::REASON)),
        may_audit: may_audit(person),
        summary: again.summary(lang),
    };
    Ok(pages::answer(status, &page))
}

fn crumbs(lang: Language) -> Vec<Crumb> {
    vec![Crumb {
        href: "/lists".to_owned(),
        label: lang.t("hashlist-title"),
    }]
}

#[cfg(test)]
mod tests;
