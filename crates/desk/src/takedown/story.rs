//! The story of a takedown, a notice or a contact as a time line.

use assessment::Scheme;
use casework::desk::{OpenRemoval, Told};
use ground::{Fact, HostedIn};
use pages::{Language, Tone};

use super::words::{police_reason, verdict_in};

/// One step of a time line, in words.
pub(crate) struct Chapter {
    pub at: i64,
    /// The moment as machines read it.
    pub stamp: String,
    pub tone: Tone,
    pub what: String,
    /// More about it.
    pub more: Option<String>,
    /// Who did it; the program when nobody.
    pub by: String,
    pub reason: Option<String>,
    /// The page it speaks of, and its label.
    pub link: Option<(String, String)>,
}

impl Chapter {
    fn of(lang: Language, told: &Told) -> Self {
        let id = format!("fact-{}", told.fact.kind().replace('_', "-"));
        Self {
            at: told.at.ms(),
            stamp: told.at.rfc3339(),
            tone: tone(&told.fact),
            what: lang.t(&id),
            more: None,
            by: told
                .by
                .clone()
                .unwrap_or_else(|| lang.t("removal-by-itself")),
            reason: told.reason.clone(),
            link: None,
        }
    }
}

/// A story that needs no more than what each fact says of itself.
pub(crate) fn chapters(lang: Language, story: &[Told]) -> Vec<Chapter> {
    story
        .iter()
        .map(|told| Chapter {
            more: plain_more(lang, &told.fact),
            ..Chapter::of(lang, told)
        })
        .collect()
}

/// The story of a takedown, with the names of the providers and the numbers of the notices.
pub(crate) fn with_removal(lang: Language, scheme: &Scheme, removal: &OpenRemoval) -> Vec<Chapter> {
    let chapter = |told: &Told| Chapter {
        more: more(lang, scheme, removal, &told.fact),
        link: link(removal, &told.fact),
        ..Chapter::of(lang, told)
    };
    removal.story.iter().map(chapter).collect()
}

const fn tone(fact: &Fact) -> Tone {
    match fact {
        Fact::Removed { .. } | Fact::ContactApproved { .. } | Fact::NoticeAccepted { .. } => {
            Tone::Good
        }
        Fact::PoliceHoldPlaced { .. }
        | Fact::ContactAwaited { .. }
        | Fact::ToBeForwarded { .. }
        | Fact::NoticeUnsure { .. }
        | Fact::NoticePutOff { .. }
        | Fact::LocatingPutOff { .. } => Tone::Warn,
        Fact::PoliceHoldLapsed
        | Fact::Reappeared { .. }
        | Fact::NoticeFailed { .. }
        | Fact::NoticeReturned { .. }
        | Fact::ContactRefused { .. } => Tone::Bad,
        Fact::ProviderTold { .. } | Fact::NoticeNamesItem { .. } | Fact::HostLocated { .. } => {
            Tone::Info
        }
        _ => Tone::Quiet,
    }
}

fn plain_more(lang: Language, fact: &Fact) -> Option<String> {
    match fact {
        Fact::NoticeDrawnUp { items, .. } => Some(lang.t_n("notice-items", "n", *items)),
        Fact::NoticeAccepted { attempts, .. } => Some(lang.t_n("removal-attempts", "n", *attempts)),
        Fact::NoticeReturned { status, .. } => Some(status.clone()),
        Fact::NoticeFailed { cause, attempts: n }
        | Fact::NoticePutOff { cause, attempt: n }
        | Fact::NoticeUnsure { cause, attempt: n } => {
            Some(lang.t_2("removal-attempt", "n", *n, "cause", cause.as_str()))
        }
        _ => None,
    }
}

fn more(lang: Language, scheme: &Scheme, removal: &OpenRemoval, fact: &Fact) -> Option<String> {
    let name = |id| removal.providers.get(&id).cloned();
    match fact {
        Fact::TakedownOpened { verdict, .. } | Fact::TakedownReopened { verdict, .. } => {
            Some(verdict_in(lang, *verdict))
        }
        Fact::PoliceHoldPlaced { why, deadline } => Some(lang.t_2(
            "removal-held",
            "why",
            police_reason(lang, scheme, *why),
            "deadline",
            lang.minute(deadline.ms()),
        )),
        Fact::HostLocated {
            hosted_in,
            country,
            provider,
            ..
        } => {
            let place = match hosted_in {
                HostedIn::Home | HostedIn::Abroad => country.clone().unwrap_or_default(),
                HostedIn::Onion | HostedIn::Unknown => lang.t("removal-host-unknown"),
            };
            let host = provider.and_then(name);
            Some(host.map_or_else(|| place.clone(), |host| format!("{host} ({place})")))
        }
        Fact::LocatingPutOff { cause, attempt } => {
            Some(lang.t_2("removal-attempt", "n", *attempt, "cause", cause.as_str()))
        }
        Fact::ToBeForwarded { country } => country.clone(),
        Fact::ContactAwaited { provider }
        | Fact::HostChanged { provider }
        | Fact::HostConfirmed { provider } => provider.and_then(name),
        Fact::NoticeDue { provider, .. } | Fact::ProviderTold { provider, .. } => name(*provider),
        Fact::Removed { first_gone, .. } => {
            Some(lang.t_n("removal-first-gone", "at", lang.minute(first_gone.ms())))
        }
        _ => None,
    }
}

fn link(removal: &OpenRemoval, fact: &Fact) -> Option<(String, String)> {
    let (Fact::NoticeNamesItem { notice, .. }
    | Fact::ReminderNamesItem { notice, .. }
    | Fact::ProviderTold { notice, .. }) = fact
    else {
        return None;
    };
    let known = removal.notices.iter().find(|known| known.id == *notice)?;
    Some((format!("/notices/{notice}"), known.number.clone()))
}
