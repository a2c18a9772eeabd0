//! The parts of the page that change with every key: the image at hand, its tile, and whether the
//! report can be finished. Each is a template of its own, so that a key sends back no more than that.

use askama::Template;
use assessment::{Answers, Progress, Question, Scheme};
use casework::desk::OpenItem;
use ground::{ContentId, ItemId, Verdict};
use pages::{Icon, Language, Tone};

use super::alike::Proposed;
use super::keys::{Ask, Asking, Key, more, option_keys, quick_keys};
use super::picture::{Copy, Picture};
use super::view::{Seen, measures, tone};

/// One image in the grid.
#[derive(Template)]
#[template(path = "report/tile.html")]
pub(super) struct Tile {
    lang: Language,
    id: ItemId,
    page: String,
    part: String,
    picture: Option<String>,
    name: String,
    verdict: Option<String>,
    known: bool,
    alike: bool,
    listed: bool,
    undecodable: bool,
    set_apart: bool,
    tone: Tone,
    current: bool,
    /// How many items show it, when it is more than one.
    copies: Option<String>,
    /// Whether it takes the place of the tile on the page.
    pub swapped: bool,
}

impl Tile {
    pub fn of(seen: &Seen, picture: &Picture<'_>, n: usize, shown: Option<ItemId>) -> Self {
        let lang = seen.lang;
        let item = picture.shown();
        let given = item.verdict.as_ref();
        let count = picture.count();
        Self {
            lang,
            id: picture.id(),
            page: format!("/reports/{}?item={}", seen.report, item.id),
            part: seen.path(item, ""),
            picture: item.veiled.then(|| seen.path(item, "/veiled")),
            name: lang.t_n("report-image", "n", n),
            verdict: given.map(|given| seen.verdict(given)),
            known: given.is_some_and(|given| seen.filled_in(given).is_some()),
            alike: item.alike.is_some(),
            listed: !item.known.is_empty(),
            undecodable: item.undecodable.is_some(),
            set_apart: item.set_apart,
            tone: given.map_or(Tone::Quiet, |given| tone(given.verdict)),
            current: shown.is_some_and(|shown| picture.has(shown)),
            copies: (count > 1).then(|| lang.t_n("report-copies", "n", count)),
            swapped: false,
        }
    }

    fn icon(&self, name: &str) -> Icon {
        Icon::named(name)
    }
}

/// A video at hand, beside its contact sheet.
struct FilmShown {
    /// Where it is played; none when no browser can.
    play: Option<String>,
}

impl FilmShown {
    fn of(seen: &Seen, item: &OpenItem) -> Option<Self> {
        let film = item.film.as_ref().filter(|_| seen.held)?;
        let plays = casework::desk::plays(&item.media_type, &film.codec).is_some();
        Some(Self {
            play: plays.then(|| seen.path(item, "/play")),
        })
    }
}

/// Where a look at what is veiled is asked for: at an image, or at the contact sheet of a video.
fn reveal(seen: &Seen, item: &OpenItem) -> Option<String> {
    let sheet = item.film.as_ref().is_some_and(|film| film.sheet);
    let what = match (item.media_type.starts_with("image/"), sheet) {
        (true, _) => "/reveal",
        (false, true) => "/sheet",
        (false, false) => return None,
    };
    seen.held.then(|| seen.path(item, what))
}

/// The image at hand.
struct Shown {
    id: ItemId,
    content: ContentId,
    n: usize,
    of: usize,
    picture: Option<String>,
    reveal: Option<String>,
    film: Option<FilmShown>,
    judge: String,
    address: Option<String>,
    in_page: bool,
    by_hand: bool,
    measures: String,
    undecodable: bool,
    verdict: Option<String>,
    filled_in: Option<String>,
    tone: Tone,
    may_judge: bool,
    alike: Option<Proposed>,
    known: Vec<String>,
    before: Option<(String, String)>,
    after: Option<(String, String)>,
    copies: Vec<Copy>,
    copies_title: String,
}

/// The image at hand with its keys, or that all is judged.
#[derive(Template)]
#[template(path = "report/work.html")]
pub(super) struct Work {
    lang: Language,
    token: String,
    undo: Option<String>,
    shown: Option<Shown>,
    progress: Progress,
    scheme: String,
    because: Vec<(String, String)>,
    keys: Vec<Key>,
    more: Vec<Ask>,
    asking: Option<Asking>,
    given: Vec<(String, String)>,
    has_items: bool,
    held: bool,
    /// Whether it takes the place of the one on the page.
    pub swapped: bool,
}

impl Work {
    /// The image `chosen`, else the first that waits for a verdict. `asking` asks at once why it is
    /// not illegal.
    pub fn of(
        seen: &Seen,
        scheme: &Scheme,
        pictures: &[Picture<'_>],
        progress: Progress,
        chosen: Option<ItemId>,
        asking: bool,
    ) -> Self {
        let at = chosen
            .and_then(|id| pictures.iter().position(|picture| picture.has(id)))
            .or_else(|| next_after(pictures, None));
        let not_illegal = scheme
            .quick()
            .iter()
            .find(|quick| scheme.verdict_of(quick) == Some(Verdict::NotIllegal));
        let mut work = Self {
            lang: seen.lang,
            token: seen.token.clone(),
            undo: (seen.held && progress.judged > 0)
                .then(|| format!("/reports/{}/undo", seen.report)),
            shown: at.and_then(|at| Shown::of(seen, pictures, at)),
            progress,
            scheme: scheme.id(),
            because: Vec::new(),
            keys: quick_keys(scheme, seen.lang),
            more: more(scheme, seen.lang),
            asking: None,
            given: Vec::new(),
            has_items: !pictures.is_empty(),
            held: seen.held,
            swapped: false,
        };
        if let Some(quick) = not_illegal.filter(|_| asking)
            && let Some(reason) = scheme.reason()
        {
            work.ask(reason, quick.key, &Answers::none());
        }
        work
    }

    /// Asks for what is missing, keeping what was answered.
    pub fn ask(&mut self, question: &Question, quick: char, given: &Answers) {
        self.asking = Some(Asking {
            id: question.id.clone(),
            label: question.label.told_in(self.lang.tag()).to_owned(),
            options: option_keys(question, self.lang),
        });
        self.given = vec![("quick".to_owned(), quick.to_string())];
        for (id, options) in given.iter() {
            let name = format!("answer.{id}");
            self.given
                .extend(options.iter().map(|option| (name.clone(), option.clone())));
        }
    }

    /// The image shown, when it has no address of its own because it lies in the page itself. Its
    /// `data:` address is the image, so it is never written out (law 3).
    pub fn in_page(&self) -> Option<ItemId> {
        let shown = self.shown.as_ref().filter(|shown| shown.in_page);
        shown.map(|shown| shown.id)
    }

    /// Says in which page the image shown lies.
    pub fn lies_in(&mut self, page: Option<String>) {
        if let Some(shown) = &mut self.shown {
            shown.address = page;
        }
    }

    /// The image shown and its content, when it has a verdict.
    pub fn judged(&self) -> Option<ContentId> {
        let shown = self.shown.as_ref()?;
        shown.verdict.is_some().then_some(shown.content)
    }

    /// Says why the image shown has its verdict.
    pub fn explained_by(&mut self, because: Vec<(String, String)>) {
        self.because = because;
    }

    /// In which language it is written.
    pub const fn lang(&self) -> Language {
        self.lang
    }

    /// Which image is shown.
    pub fn shows(&self) -> Option<ItemId> {
        self.shown.as_ref().map(|shown| shown.id)
    }

    fn icon(&self, name: &str) -> Icon {
        Icon::named(name)
    }
}

/// The place of the next image that waits for a verdict, after `at` and then from the beginning.
pub(super) fn next_after(pictures: &[Picture<'_>], at: Option<usize>) -> Option<usize> {
    let waits = |at: &usize| pictures.get(*at).is_some_and(Picture::waits);
    let from = at.map_or(0, |at| at + 1);
    (from..pictures.len()).chain(0..from).find(waits)
}

impl Shown {
    fn of(seen: &Seen, pictures: &[Picture<'_>], at: usize) -> Option<Self> {
        let picture = pictures.get(at)?;
        let item = picture.shown();
        let beside = |at: Option<usize>| {
            let item = at.and_then(|at| pictures.get(at))?.shown();
            let page = format!("/reports/{}?item={}", seen.report, item.id);
            Some((page, seen.path(item, "")))
        };
        let given = item.verdict.as_ref();
        Some(Self {
            id: item.id,
            content: item.content,
            n: at + 1,
            of: pictures.len(),
            picture: item.veiled.then(|| seen.path(item, "/veiled")),
            reveal: reveal(seen, item),
            film: FilmShown::of(seen, item),
            judge: seen.path(item, "/judge"),
            address: item.address.clone().filter(|own| own.starts_with("http")),
            in_page: item
                .address
                .as_ref()
                .is_some_and(|own| !own.starts_with("http")),
            by_hand: item.by_hand,
            measures: measures(seen.lang, item),
            undecodable: item.undecodable.is_some(),
            verdict: given.map(|given| seen.verdict(given)),
            filled_in: given.and_then(|given| seen.filled_in(given)),
            tone: given.map_or(Tone::Quiet, |given| tone(given.verdict)),
            may_judge: seen.may_judge(item),
            alike: item
                .alike
                .as_ref()
                .filter(|_| seen.may_judge(item))
                .map(|alike| Proposed::of(seen, item, alike)),
            known: super::known::lines(seen.lang, item),
            before: beside(at.checked_sub(1)),
            after: beside(Some(at + 1)),
            copies: Copy::all(seen, picture),
            copies_title: seen
                .lang
                .t_n("report-copies-title", "n", picture.count() - 1),
        })
    }
}

/// Whether the report can be finished.
#[derive(Template)]
#[template(path = "report/finish.html")]
pub(super) struct Finish {
    lang: Language,
    /// Why not yet; none when it can.
    wait: Option<String>,
    illegal: u32,
    /// Whether it takes the place of the one on the page.
    pub swapped: bool,
}

impl Finish {
    /// `wanted` addresses are still being visited.
    pub fn of(seen: &Seen, progress: Progress, wanted: usize) -> Self {
        let lang = seen.lang;
        let wait = if wanted > 0 {
            Some(lang.t_n("report-wait-visits", "n", wanted))
        } else if progress.is_done() {
            None
        } else {
            Some(lang.t_n("report-wait-items", "n", progress.to_judge))
        };
        Self {
            lang,
            wait,
            illegal: progress.illegal,
            swapped: false,
        }
    }

    fn icon(&self, name: &str) -> Icon {
        Icon::named(name)
    }
}
