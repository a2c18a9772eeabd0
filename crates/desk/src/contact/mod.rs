//! Contacts: whom notices may be sent to. A new one is approved once, by a human, before its first
//! notice; those that wait for that stand first.

mod acts;
mod edit;

use ::provider::{ContactFormat, ContactLanguage, ContactState, FoundBy, Manner};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::desk::{ContactBook, OpenContact, OpenProvider};
use ground::{ContactId, ProviderId};
use pages::{ConsolePage, Crumb, ErrorSummary, Field, FieldKind, Language, Tone};

use crate::notice::state_chip;
use crate::reasoned::Again;
use crate::takedown::{Chapter, Chip, chapters};
use crate::who::{Caseworker, Person};
use crate::{Desk, DeskError, Routes};

/// The pages about contacts and providers.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/contacts", list)
        .get("/contacts/{id}", show)
        .post("/contacts/{id}/approve", acts::approve)
        .post("/contacts/{id}/refuse", acts::refuse)
        .post("/contacts/{id}/change", edit::change)
        .get("/providers/{id}", show_provider)
        .post("/providers/{id}/contacts", edit::add)
}

/// Whether a contact may be written to.
fn contact_chip(lang: Language, state: ContactState) -> Chip {
    let tone = match state {
        ContactState::Unapproved => Tone::Warn,
        ContactState::Approved => Tone::Good,
        ContactState::Refused => Tone::Bad,
    };
    Chip {
        tone,
        says: lang.t(&format!("contact-state-{state}")),
    }
}

/// By what a contact was found, in words.
fn found_in(lang: Language, found: FoundBy) -> String {
    lang.t(&format!("contact-found-{found}"))
}

#[derive(Template)]
#[template(path = "contact/list.html")]
struct ListPage {
    page: ConsolePage,
    book: ContactBook,
    found: Vec<String>,
}

/// `GET /contacts`: what waits for approval, then every provider.
async fn list(State(desk): State<Desk>, person: Caseworker) -> Result<Response, DeskError> {
    let book = desk.work.contact_book().await?;
    let found = book
        .waiting
        .iter()
        .map(|row| found_in(person.lang(), row.contact.found_by));
    let page = ListPage {
        found: found.collect(),
        book,
        page: desk.page(&person),
    };
    Ok(pages::answer(StatusCode::OK, &page))
}

/// The fields that make a contact.
struct Edit {
    email: Field,
    manner: Manner,
    formats: Vec<FormatChoice>,
    reason: Field,
}

/// A format to choose, in words.
struct FormatChoice {
    code: &'static str,
    name: String,
    about: String,
    chosen: bool,
}

impl Edit {
    /// What was typed before, else what is known.
    fn of(lang: Language, again: &Again, reason: &'static str, known: (&str, Manner)) -> Self {
        let email = Field::new(edit::EMAIL, FieldKind::Line, lang.t("contact-email"))
            .hint(lang.t("contact-email-hint"))
            .value(again.typed(edit::EMAIL).unwrap_or(known.0))
            .fault(again.says(lang, edit::EMAIL));
        let language = again.typed(edit::LANGUAGE).and_then(|l| l.parse().ok());
        let format = again.typed(edit::FORMAT).and_then(|f| f.parse().ok());
        let manner = Manner {
            language: language.unwrap_or(known.1.language),
            format: format.unwrap_or(known.1.format),
        };
        let choice = |format: &ContactFormat| FormatChoice {
            code: format.as_str(),
            name: lang.t(&format!("contact-format-{format}")),
            about: lang.t(&format!("contact-format-{format}-about")),
            chosen: *format == manner.format,
        };
        Self {
            email,
            formats: ContactFormat::ALL.iter().map(choice).collect(),
            manner,
            reason: again.reason(lang, reason),
        }
    }

    /// The languages to choose from: code, own name, and whether it is the one chosen.
    fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        let of = |language: &ContactLanguage| {
            let chosen = *language == self.manner.language;
            (language.as_str(), own_name(*language), chosen)
        };
        ContactLanguage::ALL.iter().map(of).collect()
    }
}

/// What a language is called in itself.
const fn own_name(language: ContactLanguage) -> &'static str {
    match language {
        ContactLanguage::Dutch => "Nederlands",
        ContactLanguage::English => "English",
        ContactLanguage::German => "Deutsch",
        ContactLanguage::French => "français",
    }
}

/// A notice to a contact, in words.
struct NoticeLine {
    notice: ::notice::Listed,
    state: Chip,
}

#[derive(Template)]
#[template(path = "contact/one.html")]
struct OnePage {
    page: ConsolePage,
    open: OpenContact,
    provider: ::provider::Provider,
    items: usize,
    state: Chip,
    found: String,
    format: String,
    next: String,
    may_decide: bool,
    edit: Edit,
    approve_reason: Option<Field>,
    refuse_reason: Option<Field>,
    chapters: Vec<Chapter>,
    notices: Vec<NoticeLine>,
    summary: ErrorSummary,
}

/// `GET /contacts/{id}`: one contact, and deciding about it.
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

/// Whether this person may decide about contacts.
fn may_decide(person: &Person) -> bool {
    person
        .roles()
        .any(&[staff::Role::Analyst, staff::Role::Senior])
}

async fn one(
    desk: &Desk,
    person: &Person,
    id: ContactId,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let known = ::provider::contact(&desk.db, id)
        .await?
        .ok_or(DeskError::NotFound)?;
    let OpenProvider {
        provider,
        contacts,
        items,
        ..
    } = desk.work.open_provider(known.provider_id).await?;
    let mut open = contacts
        .into_iter()
        .find(|open| open.contact.id == id)
        .ok_or(DeskError::NotFound)?;
    let reason = |wanted: bool, name| wanted.then(|| again.reason(lang, name));
    let notices = std::mem::take(&mut open.notices)
        .into_iter()
        .map(|notice| NoticeLine {
            state: state_chip(lang, notice.state),
            notice,
        });
    let contact_state = open.contact.state;
    let mut crumbs = crumbs(lang);
    crumbs.push(Crumb {
        href: format!("/providers/{}", provider.id),
        label: provider.name.clone(),
    });
    let known = (open.contact.email.as_str(), open.contact.manner());
    let shown = OnePage {
        page: ConsolePage {
            crumbs,
            ..desk.page(person)
        },
        state: contact_chip(lang, contact_state),
        found: found_in(lang, open.contact.found_by),
        format: lang.t(&format!("contact-format-{}", open.contact.format)),
        next: lang.t_n(&format!("contact-next-{contact_state}"), "n", items),
        may_decide: may_decide(person),
        edit: Edit::of(lang, again, edit::CHANGE, known),
        approve_reason: reason(contact_state != ContactState::Approved, acts::APPROVE),
        refuse_reason: reason(contact_state != ContactState::Refused, acts::REFUSE),
        chapters: chapters(lang, &open.story),
        notices: notices.collect(),
        summary: again.summary(lang),
        open,
        provider,
        items,
    };
    Ok(pages::answer(status, &shown))
}

/// One contact of a provider, in words.
struct ContactLine {
    open: OpenContact,
    state: Chip,
    found: String,
}

#[derive(Template)]
#[template(path = "contact/provider.html")]
struct ProviderPage {
    page: ConsolePage,
    provider: ::provider::Provider,
    count: Option<::takedown::ProviderCount>,
    items: usize,
    lines: Vec<ContactLine>,
    may_decide: bool,
    edit: Edit,
    summary: ErrorSummary,
}

/// `GET /providers/{id}`: one provider with its contacts, and adding one by hand.
async fn show_provider(
    State(desk): State<Desk>,
    person: Caseworker,
    Path(id): Path<String>,
) -> Result<Response, DeskError> {
    provider_page(
        &desk,
        &person,
        id.parse()?,
        StatusCode::OK,
        &Again::default(),
    )
    .await
}

async fn provider_page(
    desk: &Desk,
    person: &Person,
    id: ProviderId,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let open = desk.work.open_provider(id).await?;
    let manner = Manner::usual(ContactLanguage::of(open.provider.country));
    let lines = open.contacts.into_iter().map(|open| ContactLine {
        state: contact_chip(lang, open.contact.state),
        found: found_in(lang, open.contact.found_by),
        open,
    });
    let shown = ProviderPage {
        page: ConsolePage {
            crumbs: crumbs(lang),
            ..desk.page(person)
        },
        lines: lines.collect(),
        may_decide: may_decide(person),
        edit: Edit::of(lang, again, edit::ADD, ("", manner)),
        summary: again.summary(lang),
        provider: open.provider,
        count: open.count,
        items: open.items,
    };
    Ok(pages::answer(status, &shown))
}

fn crumbs(lang: Language) -> Vec<Crumb> {
    vec![Crumb {
        href: "/contacts".to_owned(),
        label: lang.t("contact-title"),
    }]
}

#[cfg(test)]
mod tests;
