//! What to do next about one takedown.

use ::takedown::{Cause, Presence, Stage};
use casework::desk::OpenRemoval;
use pages::Language;
use staff::{Role, Roles};

/// What to do next: a sentence, and where to do it.
pub(super) struct Next {
    pub says: String,
    pub link: Option<(String, String)>,
}

impl Next {
    pub fn of(lang: Language, removal: &OpenRemoval, roles: &Roles) -> Self {
        let phrase = phrase(removal);
        let may_release = roles.any(&[Role::Senior, Role::Liaison]);
        let (way, label) = match place(removal) {
            Some((_, "takedown-go-hold")) if !may_release => (None, ""),
            Some((path, label)) => (Some(path), label),
            None => (None, ""),
        };
        Self {
            says: lang.t(phrase),
            link: way.map(|path| (path, lang.t(label))),
        }
    }
}

fn phrase(removal: &OpenRemoval) -> &'static str {
    let takedown = &removal.takedown;
    if removal.watch.presence == Presence::Gone {
        return "takedown-next-gone";
    }
    match (takedown.stage, takedown.cause) {
        (Stage::Locating, Cause::LookUpFailed) => "takedown-next-look-up-failed",
        (Stage::Locating, _) => "takedown-next-locating",
        (Stage::Held, _) => "takedown-next-held",
        (Stage::HoldLapsed, _) => "takedown-next-lapsed",
        (Stage::AwaitingContact, Cause::ContactUnapproved) => "takedown-next-approve",
        (Stage::AwaitingContact, Cause::NoticeFailed) => "takedown-next-notice-failed",
        (Stage::AwaitingContact, _) => "takedown-next-find-contact",
        (Stage::ToForward, _) => "takedown-next-forward",
        (Stage::NotAttributable, _) => "takedown-next-not-attributable",
        (Stage::NoticeDue, _) => "takedown-next-notice-due",
        (Stage::Noticed, _) => "takedown-next-noticed",
        (Stage::Told, _) => "takedown-next-told",
        (Stage::Ended, _) => "takedown-next-ended",
    }
}

/// The page on which it is done, and the label of the link there.
fn place(removal: &OpenRemoval) -> Option<(String, &'static str)> {
    let takedown = &removal.takedown;
    if removal.watch.presence == Presence::Gone {
        return None;
    }
    let notice = || {
        Some((
            format!("/notices/{}", takedown.notice_id?),
            "takedown-go-notice",
        ))
    };
    match (takedown.stage, takedown.cause) {
        (Stage::Held | Stage::HoldLapsed, _) => {
            Some((format!("/holds/{}", takedown.id), "takedown-go-hold"))
        }
        (Stage::AwaitingContact, Cause::ContactUnapproved) => Some((
            format!("/contacts/{}", takedown.contact_id?),
            "takedown-go-contact",
        )),
        (Stage::AwaitingContact, Cause::NoticeFailed) | (Stage::Noticed, _) => notice(),
        (Stage::AwaitingContact, _) => Some((
            format!("/providers/{}", takedown.provider_id?),
            "takedown-go-provider",
        )),
        _ => None,
    }
}
