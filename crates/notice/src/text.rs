//! The words of a notice, in Dutch, English, German and French: plain text, one address on a line, unwrapped.

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

#[derive(Template)]
#[template(path = "notice.de.txt")]
struct German<'a> {
    view: &'a NoticeView,
    grounds: Vec<LegalGround>,
}

#[derive(Template)]
#[template(path = "notice.fr.txt")]
struct French<'a> {
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
        NoticeLanguage::German => German { view, grounds }.render(),
        NoticeLanguage::French => French { view, grounds }.render(),
    }
}

/// The subject line: number and count, nothing about what it is.
#[must_use]
pub fn subject(view: &NoticeView) -> String {
    let (number, n) = (one_line(&view.number), view.items.len());
    let (request, reminder, one, many) = match view.language {
        NoticeLanguage::Dutch => (
            "Verzoek tot verwijdering",
            "Herinnering: verzoek tot verwijdering",
            "adres",
            "adressen",
        ),
        NoticeLanguage::English => (
            "Request for removal",
            "Reminder: request for removal",
            "address",
            "addresses",
        ),
        NoticeLanguage::German => (
            "Aufforderung zur Entfernung",
            "Erinnerung: Aufforderung zur Entfernung",
            "Adresse",
            "Adressen",
        ),
        NoticeLanguage::French => (
            "Demande de retrait",
            "Rappel : demande de retrait",
            "adresse",
            "adresses",
        ),
    };
    let what = if view.reminds() { reminder } else { request };
    let unit = if n == 1 { one } else { many };
    format!("[{number}] {what} ({n} {unit})")
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
