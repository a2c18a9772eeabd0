//! The words of a notice, Dutch and English: plain text, one address on a line, unwrapped.

use askama::Template;

use crate::{LegalGround, NoticeLanguage, NoticeView};

#[derive(Template)]
#[template(path = "notice.nl.txt")]
struct Dutch<'a> {
    view: &'a NoticeView,
    grounds: Vec<LegalGround>,
}

#[derive(Template)]
#[template(path = "notice.en.txt")]
struct English<'a> {
    view: &'a NoticeView,
    grounds: Vec<LegalGround>,
}

/// The text of a notice; lines end with LF.
///
/// # Errors
/// When the template cannot be filled: a defect of ours.
pub fn body(view: &NoticeView) -> Result<String, askama::Error> {
    let view = &clean(view);
    let grounds = view.grounds();
    match view.language {
        NoticeLanguage::Dutch => Dutch { view, grounds }.render(),
        NoticeLanguage::English => English { view, grounds }.render(),
    }
}

/// The subject line: number and count, nothing about what it is.
#[must_use]
pub fn subject(view: &NoticeView) -> String {
    let (number, n) = (one_line(&view.number), view.items.len());
    match (view.language, n) {
        (NoticeLanguage::Dutch, 1) => format!("[{number}] Verzoek tot verwijdering (1 adres)"),
        (NoticeLanguage::Dutch, n) => format!("[{number}] Verzoek tot verwijdering ({n} adressen)"),
        (NoticeLanguage::English, 1) => format!("[{number}] Request for removal (1 address)"),
        (NoticeLanguage::English, n) => format!("[{number}] Request for removal ({n} addresses)"),
    }
}

/// Names come from registries and settings; each stays on its own line.
fn clean(view: &NoticeView) -> NoticeView {
    let mut clean = view.clone();
    for name in [
        &mut clean.number,
        &mut clean.provider,
        &mut clean.hotline.name,
        &mut clean.hotline.about,
        &mut clean.hotline.reply_to,
        &mut clean.hotline.from,
        &mut clean.hotline.website,
    ] {
        *name = one_line(name);
    }
    clean
}

/// Without what could break a line or a header.
pub(crate) fn one_line(text: &str) -> String {
    let flat: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    flat.split_whitespace().collect::<Vec<_>>().join(" ")
}
