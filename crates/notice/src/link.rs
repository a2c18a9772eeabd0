//! The mail with a new link to a provider's own page. It names no item.

use askama::Template;
use ground::clock::DAY_MS;
use ground::{Instant, NoticeId};
use lettre::message::SinglePart;

use crate::mail::{ComposeFault, Composed, crlf, plain_part, put_together};
use crate::text::one_line;
use crate::{Hotline, NoticeLanguage};

/// What the mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// In which language.
    pub language: NoticeLanguage,
    /// Who writes.
    pub hotline: Hotline,
    /// The whole address of the page.
    pub link: String,
    /// When it is written.
    pub at: Instant,
    /// How long the link leads there, ms.
    pub lasts_ms: i64,
}

impl LinkView {
    /// Whole days for which the link leads there, at least one.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.lasts_ms / DAY_MS).max(1)
    }
}

#[derive(Template)]
#[template(path = "link.nl.txt")]
struct Dutch<'a> {
    view: &'a LinkView,
}

#[derive(Template)]
#[template(path = "link.en.txt")]
struct English<'a> {
    view: &'a LinkView,
}

#[derive(Template)]
#[template(path = "link.de.txt")]
struct German<'a> {
    view: &'a LinkView,
}

#[derive(Template)]
#[template(path = "link.fr.txt")]
struct French<'a> {
    view: &'a LinkView,
}

/// Makes the mail, from the hotline's address to the contact's; `name` makes its Message-ID.
///
/// # Errors
/// [`ComposeFault`].
pub fn compose_link(name: NoticeId, view: &LinkView, to: &str) -> Result<Composed, ComposeFault> {
    let mut flat = view.clone();
    for text in [
        &mut flat.hotline.name,
        &mut flat.hotline.about,
        &mut flat.hotline.reply_to,
        &mut flat.hotline.website,
        &mut flat.link,
    ] {
        *text = one_line(text);
    }
    let view = &flat;
    let (subject, body) = match flat.language {
        NoticeLanguage::Dutch => ("Nieuwe link naar uw pagina", Dutch { view }.render()?),
        NoticeLanguage::English => ("A new link to your page", English { view }.render()?),
        NoticeLanguage::German => ("Ein neuer Link zu Ihrer Seite", German { view }.render()?),
        NoticeLanguage::French => ("Un nouveau lien vers votre page", French { view }.render()?),
    };
    let part: SinglePart = plain_part(crlf(&body))?;
    put_together(
        (name, view.at),
        &flat.hotline,
        to,
        subject.to_owned(),
        |builder| builder.singlepart(part),
    )
}
