//! Notices: what was asked of whom, whether it arrived, and sending a failed one again. A notice
//! that failed or is unsure is never shown as sent (law 6).

mod acts;
mod letter;

use std::collections::BTreeMap;

use ::notice::{Listed, NoticeState};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::desk::{NoticeItem, OpenNotice};
use ground::{NoticeId, ProviderId};
use pages::{ConsolePage, Crumb, ErrorSummary, Field, Language, Tone};

use crate::reasoned::Again;
use crate::takedown::{Chapter, Chip, chapters, stage_chip};
use crate::who::{Caseworker, Person};
use crate::{Desk, DeskError, Fields, Routes};
use letter::Letter;

/// The pages about notices.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/notices", list)
        .get("/notices/{id}", show)
        .post("/notices/{id}/retry", acts::retry)
        .post("/notices/{id}/arrived", acts::arrived)
}

/// How a notice stands.
pub(crate) fn state_chip(lang: Language, state: NoticeState) -> Chip {
    let tone = match state {
        NoticeState::Due => Tone::Info,
        NoticeState::Accepted => Tone::Good,
        NoticeState::Unsure => Tone::Warn,
        NoticeState::Failed => Tone::Bad,
    };
    Chip {
        tone,
        says: lang.t(&format!("notice-state-{state}")),
    }
}

/// One notice of the list, in words.
struct Line {
    notice: Listed,
    provider: String,
    state: Chip,
}

/// One number above the list, which is also the way to those notices.
struct Stat {
    href: String,
    number: i64,
    label: String,
    note: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "notice/list.html")]
struct ListPage {
    page: ConsolePage,
    stats: Vec<Stat>,
    chosen: Option<NoticeState>,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
}

/// Notices on one page.
const PAGE: i64 = 50;

/// `GET /notices`: the newest first, all or of one state.
async fn list(
    State(desk): State<Desk>,
    person: Caseworker,
    RawQuery(query): RawQuery,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let asked = query.unwrap_or_default();
    let fields = Fields::read(asked.as_bytes()).ok_or(DeskError::BadForm)?;
    let chosen: Option<NoticeState> = fields.one("state").parse().ok();
    let from = fields.one("from").parse().unwrap_or(0).max(0);
    let mut found = ::notice::list(&desk.db, chosen, PAGE + 1, from).await?;
    let more = found.len() > usize::try_from(PAGE).unwrap_or(0);
    found.truncate(usize::try_from(PAGE).unwrap_or(0));
    let names = provider_names(&desk).await?;
    let lines = found.into_iter().map(|notice| Line {
        provider: names.get(&notice.provider_id).cloned().unwrap_or_default(),
        state: state_chip(lang, notice.state),
        notice,
    });
    let page = ListPage {
        lines: lines.collect(),
        stats: stats(&desk, lang, chosen).await?,
        newer: (from > 0).then(|| path(chosen, (from - PAGE).max(0))),
        older: more.then(|| path(chosen, from + PAGE)),
        chosen,
        page: desk.page(&person),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

async fn provider_names(desk: &Desk) -> Result<BTreeMap<ProviderId, String>, DeskError> {
    let all = ::provider::all(&desk.db).await?;
    Ok(all.into_iter().map(|row| (row.id, row.name)).collect())
}

fn path(state: Option<NoticeState>, from: i64) -> String {
    let state = state
        .map(|state| format!("state={state}&"))
        .unwrap_or_default();
    format!("/notices?{state}from={from}")
}

/// What needs a human stands first.
async fn stats(
    desk: &Desk,
    lang: Language,
    chosen: Option<NoticeState>,
) -> Result<Vec<Stat>, DeskError> {
    let counts = ::notice::by_state(&desk.db).await?;
    let order = [
        NoticeState::Failed,
        NoticeState::Unsure,
        NoticeState::Due,
        NoticeState::Accepted,
    ];
    let stat = |state: NoticeState| Stat {
        href: format!("/notices?state={state}"),
        number: counts
            .iter()
            .filter(|count| count.state == state)
            .map(|count| count.n)
            .sum(),
        label: lang.t(&format!("notice-state-{state}")),
        note: lang.t(&format!("notice-about-{state}")),
        here: chosen == Some(state),
    };
    Ok(order.into_iter().map(stat).collect())
}

/// One item the notice names, in words.
struct ItemLine {
    item: NoticeItem,
    stage: Chip,
}

#[derive(Template)]
#[template(path = "notice/one.html")]
struct OnePage {
    page: ConsolePage,
    open: OpenNotice,
    state: Chip,
    next: String,
    letter: Option<Letter>,
    items: Vec<ItemLine>,
    chapters: Vec<Chapter>,
    summary: ErrorSummary,
    retry_reason: Option<Field>,
    arrived_reason: Option<Field>,
}

/// `GET /notices/{id}`: one notice with its text.
async fn show(
    State(desk): State<Desk>,
    person: Caseworker,
    Path(id): Path<String>,
) -> Result<Response, DeskError> {
    one(
        &desk,
        &person,
        id.parse()?,
        StatusCode::OK,
        &Again::default(),
    )
    .await
}

async fn one(
    desk: &Desk,
    person: &Person,
    id: NoticeId,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let mut open = desk.work.open_notice(id).await?;
    let state = open.notice.state;
    let doubtful = matches!(state, NoticeState::Failed | NoticeState::Unsure);
    let reason = |name| doubtful.then(|| again.reason(lang, name));
    let items = std::mem::take(&mut open.items)
        .into_iter()
        .map(|item| ItemLine {
            stage: stage_chip(lang, item.takedown.stage, item.watch.presence),
            item,
        });
    let crumb = Crumb {
        href: "/notices".to_owned(),
        label: lang.t("notice-title"),
    };
    let shown = OnePage {
        page: ConsolePage {
            crumbs: vec![crumb],
            ..desk.page(person)
        },
        state: state_chip(lang, state),
        next: if open.notice.returned_at_ms.is_some() {
            lang.t("notice-next-returned")
        } else {
            lang.t(&format!("notice-next-{state}"))
        },
        letter: open.mail.as_ref().map(Letter::read),
        items: items.collect(),
        chapters: chapters(lang, &open.story),
        summary: again.summary(lang),
        retry_reason: reason(acts::RETRY),
        arrived_reason: reason(acts::ARRIVED),
        open,
    };
    Ok(pages::answer(status, &shown))
}

#[cfg(test)]
mod tests;
