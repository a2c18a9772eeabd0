//! Schemes: the questions and the rules by which a verdict follows. An administrator draws one up as a
//! draft, sees at each saving how it will look and what is wrong with it, and puts it in force.

mod acts;
mod faults;
mod preview;

use askama::Template;
use assessment::schemes::KeptScheme;
use assessment::{Scheme, Standing};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use pages::{ConsolePage, Crumb, ErrorSummary, Field, FieldKind, Language, Tone};

use crate::reasoned::Again;
use crate::who::{Overseer, Person};
use crate::{Desk, DeskError, Routes};
use preview::Preview;

/// The pages of schemes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/schemes", list)
        .post("/schemes", acts::begin)
        .get("/schemes/{no}", show)
        .post("/schemes/{no}/text", acts::rewrite)
        .post("/schemes/{no}/activate", acts::activate)
        .post("/schemes/{no}/drop", acts::throw_away)
}

/// The field of the reason for putting a scheme in force.
const REASON: &str = "reason-scheme";
/// The field with the text.
const TEXT: &str = "text";

/// A scheme that was drawn up here, in words.
struct Line {
    kept: KeptScheme,
    name: String,
    tone: Tone,
    standing: String,
}

impl Line {
    fn of(lang: Language, kept: KeptScheme) -> Self {
        let (tone, phrase) = match kept.standing {
            Standing::Draft => (Tone::Info, "scheme-draft"),
            Standing::Active => (Tone::Good, "scheme-active"),
            Standing::Retired => (Tone::Quiet, "scheme-retired"),
        };
        Self {
            tone,
            standing: lang.t(phrase),
            name: named(lang, &kept),
            kept,
        }
    }
}

fn named(lang: Language, kept: &KeptScheme) -> String {
    let draft = || lang.t_n("scheme-draft-no", "n", kept.no);
    kept.id.clone().unwrap_or_else(draft)
}

#[derive(Template)]
#[template(path = "scheme/list.html")]
struct ListPage {
    page: ConsolePage,
    lines: Vec<Line>,
    now: Preview,
    may_write: bool,
}

/// `GET /schemes`: the one in force, as it looks, and those drawn up here.
async fn list(State(desk): State<Desk>, person: Overseer) -> Result<Response, DeskError> {
    let lang = person.lang();
    let now = desk.work.scheme().await?;
    let lines = desk.work.schemes().await?.into_iter();
    let page = ListPage {
        page: desk.page(&person),
        lines: lines.map(|kept| Line::of(lang, kept)).collect(),
        now: Preview::of(lang, &now),
        may_write: may_write(&person),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

fn may_write(person: &Person) -> bool {
    person.roles().any(&[staff::Role::Administrator])
}

#[derive(Template)]
#[template(path = "scheme/one.html")]
struct OnePage {
    page: ConsolePage,
    line: Line,
    summary: ErrorSummary,
    text: Field,
    reason: Field,
    /// What is wrong with the text as it is kept; none when it may be put in force.
    fault: Option<String>,
    preview: Option<Preview>,
    may_write: bool,
}

/// `GET /schemes/{no}`.
async fn show(
    State(desk): State<Desk>,
    person: Overseer,
    Path(no): Path<i64>,
) -> Result<Response, DeskError> {
    one(&desk, &person, no, StatusCode::OK, &Again::default()).await
}

async fn one(
    desk: &Desk,
    person: &Person,
    no: i64,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let kept = assessment::schemes::find(&desk.db, no)
        .await?
        .ok_or(DeskError::NotFound)?;
    let read = Scheme::parse(&kept.text);
    let fault = read.as_ref().err().map(|fault| faults::says(lang, fault));
    let text = again.typed(TEXT).unwrap_or(&kept.text).to_owned();
    let mut page = desk.page(person);
    page.crumbs = vec![Crumb {
        href: "/schemes".to_owned(),
        label: lang.t("scheme-title"),
    }];
    let page = OnePage {
        page,
        summary: again.summary(lang),
        text: Field::new(TEXT, FieldKind::Area(28), lang.t("scheme-text"))
            .hint(lang.t("scheme-text-hint"))
            .value(text)
            .fault(again.says(lang, TEXT).or_else(|| fault.clone())),
        reason: again.reason(lang, REASON),
        preview: read.ok().map(|scheme| Preview::of(lang, &scheme)),
        fault,
        may_write: may_write(person),
        line: Line::of(lang, kept),
    };
    Ok(pages::answer(status, &page))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
