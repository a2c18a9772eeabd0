//! The page itself.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::provider_page::{PAGE, ProviderPage, Said, TheirItem};
use ground::{Instant, ResponseKind, ResponseOutcome, TakedownId};
use pages::{Icon, Language, asset};

use crate::{Hatch, fault};

/// What stands behind the question mark.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(crate) lang: Option<String>,
    pub(crate) from: i64,
    taken: Option<u32>,
    before: u32,
    gone: u32,
}

impl Asked {
    /// The first items, in this language when it is one.
    pub(crate) fn in_language(tag: Option<&str>) -> Self {
        Self {
            lang: tag.map(str::to_owned),
            ..Self::default()
        }
    }
}

/// What was wrong with what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    NothingTicked,
    NothingSaid,
    NoWords,
    TooManyWords,
}

impl Fault {
    const fn phrase(self) -> &'static str {
        match self {
            Self::NothingTicked => "hatch-fault-nothing",
            Self::NothingSaid => "hatch-fault-say",
            Self::NoWords => "hatch-fault-words",
            Self::TooManyWords => "hatch-fault-long",
        }
    }

    /// The field it is about.
    const fn field(self) -> &'static str {
        match self {
            Self::NothingTicked => "items",
            Self::NothingSaid => "say",
            Self::NoWords | Self::TooManyWords => "words",
        }
    }
}

/// One item in words.
struct Line {
    item: TheirItem,
    ticked: bool,
    tone: &'static str,
    state: String,
    said: Option<String>,
    facts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct TheirPage {
    lang: Language,
    link: String,
    page: ProviderPage,
    demonstration: bool,
    there: usize,
    lines: Vec<Line>,
    told: Option<String>,
    fault: Option<Fault>,
    words: String,
    from: i64,
}

/// A page that shows nothing but why.
#[derive(Template)]
#[template(path = "sorry.html")]
pub(crate) struct Sorry {
    pub(crate) lang: Language,
    pub(crate) site: String,
    pub(crate) demonstration: bool,
    pub(crate) says: [(Language, String); 2],
    pub(crate) ended: Option<String>,
}

impl Sorry {
    fn asset(&self, file: &str) -> &'static str {
        asset::path(file)
    }
}

impl TheirPage {
    fn t(&self, id: &str) -> String {
        self.lang.t(id)
    }

    fn asset(&self, file: &str) -> &'static str {
        asset::path(file)
    }

    fn icon(&self, name: &str) -> Icon {
        Icon::named(name)
    }

    fn later(&self) -> i64 {
        self.from + PAGE
    }

    fn earlier(&self) -> Option<i64> {
        (self.from > 0).then(|| (self.from - PAGE).max(0))
    }
}

/// `GET /p/{link}`.
pub(crate) async fn show(
    State(hatch): State<Hatch>,
    Path(link): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    draw(&hatch, &link, asked, None, "", &[]).await
}

/// The page once more, with what was wrong and what was typed.
pub(crate) async fn again(
    hatch: &Hatch,
    link: &str,
    asked: Asked,
    (status, why): (StatusCode, Fault),
    words: &str,
    ticked: &[TakedownId],
) -> Response {
    draw(hatch, link, asked, Some((status, why)), words, ticked).await
}

async fn draw(
    hatch: &Hatch,
    link: &str,
    asked: Asked,
    wrong: Option<(StatusCode, Fault)>,
    words: &str,
    ticked: &[TakedownId],
) -> Response {
    let from = asked.from.max(0);
    let page = match hatch.work.provider_page(link, from).await {
        Ok(page) => page,
        Err(why) => return fault(hatch, link, &why),
    };
    let asked_for = asked.lang.as_deref().and_then(Language::from_tag);
    let lang = asked_for
        .or_else(|| Language::from_tag(page.language.as_str()))
        .unwrap_or(Language::En);
    let lines: Vec<Line> = page
        .items
        .iter()
        .map(|item| line(lang, item, ticked.contains(&item.id)))
        .collect();
    let shown = TheirPage {
        lang,
        link: link.to_owned(),
        there: lines.iter().filter(|line| line.item.is_there).count(),
        lines,
        told: asked.taken.map(|taken| told(lang, taken, &asked)),
        fault: wrong.map(|(_, why)| why),
        words: words.to_owned(),
        demonstration: hatch.demonstration,
        from,
        page,
    };
    let status = wrong.map_or(StatusCode::OK, |(status, _)| status);
    pages::answer(status, &shown)
}

fn told(lang: Language, taken: u32, asked: &Asked) -> String {
    let mut says = vec![lang.t_n("hatch-taken", "n", taken)];
    if asked.before > 0 {
        says.push(lang.t_n("hatch-said-before", "n", asked.before));
    }
    if asked.gone > 0 {
        says.push(lang.t_n("hatch-not-yours", "n", asked.gone));
    }
    says.join(" ")
}

fn line(lang: Language, item: &TheirItem, ticked: bool) -> Line {
    let (tone, state) = match item.removed_at.filter(|_| !item.is_there) {
        Some(at) => ("good", lang.t_n("hatch-removed-at", "at", minute(lang, at))),
        None if item.is_there => ("warn", lang.t("hatch-still-there")),
        None => ("", lang.t("hatch-not-looked-at")),
    };
    let mut facts = Vec::new();
    let mut fact = |phrase: &str, value: Option<String>| {
        facts.extend(value.map(|value| (lang.t(phrase), value)));
    };
    fact("hatch-page", item.page.clone());
    fact("hatch-notice", item.notice.clone());
    fact("hatch-told", item.told_at.map(|at| minute(lang, at)));
    fact(
        "hatch-last-seen",
        item.last_seen_at.map(|at| minute(lang, at)),
    );
    fact("hatch-ip", item.ip.clone());
    fact("hatch-sha256", item.sha256.clone());
    Line {
        item: item.clone(),
        ticked,
        tone,
        state,
        said: item.said.map(|said| in_words(lang, said)),
        facts,
    }
}

fn minute(lang: Language, at: Instant) -> String {
    lang.minute(at.ms())
}

fn in_words(lang: Language, said: Said) -> String {
    let what = lang.t(match said.kind {
        ResponseKind::Removed => "hatch-said-removed",
        ResponseKind::NotHost => "hatch-said-not-host",
        ResponseKind::Objection => "hatch-said-objection",
    });
    let came = lang.t(match said.outcome {
        None => "hatch-outcome-open",
        Some(ResponseOutcome::Checked) => "hatch-outcome-checked",
        Some(ResponseOutcome::OtherHost) => "hatch-outcome-other-host",
        Some(ResponseOutcome::SameHost) => "hatch-outcome-open",
        Some(ResponseOutcome::Upheld) => "hatch-outcome-upheld",
        Some(ResponseOutcome::Dismissed) => "hatch-outcome-dismissed",
    });
    format!("{what} ({}). {came}", minute(lang, said.at))
}
