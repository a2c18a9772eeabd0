//! What matched because of a list: the audit that shows what an entry of a source has led to.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::matches::{Matched, Spot, matched};
use ground::HashListId;
use pages::{ConsolePage, Crumb, Tone};

use super::known::{called, category, how_matched};
use crate::who::{Person, Senior};
use crate::{Desk, DeskError, Fields};

/// Matches on one page.
const PAGE: u32 = 100;

/// One match in words.
struct Line {
    matched: Matched,
    list: String,
    category: String,
    how: String,
    verdict: Option<(Tone, String)>,
}

impl Line {
    fn of(person: &Person, matched: Matched) -> Self {
        let (lang, own) = (person.lang(), matched.own == 1);
        let verdict = matched.verdict.map(|verdict| {
            let tone = if verdict.is_illegal() {
                Tone::Bad
            } else {
                Tone::Good
            };
            let label = ::figures::verdict_label(verdict);
            (tone, label.told_in(lang).to_owned())
        });
        Self {
            list: called(lang, &matched.list, own),
            category: category(lang, &matched.category, own),
            how: how_matched(lang, &matched),
            verdict,
            matched,
        }
    }
}

#[derive(Template)]
#[template(path = "hashlist/matches.html")]
struct MatchesPage {
    page: ConsolePage,
    title: String,
    lines: Vec<Line>,
    older: Option<String>,
}

/// `GET /lists/matches`: because of any list.
pub(super) async fn of_all(
    State(desk): State<Desk>,
    person: Senior,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    page_of(&desk, &person, None, query).await
}

/// `GET /lists/{id}/matches`: because of one list.
pub(super) async fn of_one(
    State(desk): State<Desk>,
    person: Senior,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    page_of(&desk, &person, Some(id.parse()?), query).await
}

async fn page_of(
    desk: &Desk,
    person: &Person,
    only: Option<HashListId>,
    query: Option<String>,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let asked = query.unwrap_or_default();
    let fields = Fields::read(asked.as_bytes()).ok_or(DeskError::BadForm)?;
    let before: Option<Spot> = match fields.one("before") {
        "" => None,
        text => Some(text.parse().map_err(|_| DeskError::NotFound)?),
    };
    let audited = matched(&desk.db, only, before, PAGE).await?;
    let mut crumbs = super::crumbs(lang);
    let (title, here) = match only {
        Some(id) => {
            let list = ::hashlist::with_id(&desk.db, id)
                .await?
                .ok_or(DeskError::NotFound)?;
            let name = called(lang, &list.name, list.own);
            crumbs.push(Crumb {
                href: format!("/lists/{id}"),
                label: name.clone(),
            });
            let title = lang.t_n("hashlist-matches-of", "list", name);
            (title, format!("/lists/{id}/matches"))
        }
        None => (lang.t("hashlist-matches"), "/lists/matches".to_owned()),
    };
    let page = MatchesPage {
        page: ConsolePage {
            crumbs,
            ..desk.page(person)
        },
        title,
        lines: audited
            .rows
            .into_iter()
            .map(|row| Line::of(person, row))
            .collect(),
        older: audited.next.map(|spot| format!("{here}?before={spot}")),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}
