//! The same number, divided.

use std::collections::BTreeMap;

use ground::{Basis, Channel, HostedIn, Origin, Outcome, Verdict};
use serde::Serialize;

use crate::definition::Text;
use crate::figure::Value;

/// By what a figure is divided.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum By {
    /// Through which door.
    Channel,
    /// National or international.
    Origin,
    /// How a report ended.
    Outcome,
    /// Whether a visit captured anything.
    Captured,
    /// The verdict.
    Verdict,
    /// By what an item came to its verdict.
    Basis,
    /// The country of the host.
    Country,
    /// The host, seen from the hotline.
    HostedIn,
    /// Who hosts.
    Provider,
    /// What the hash-check said.
    Checked,
    /// Who asked the hash-check.
    Client,
    /// The day, UTC.
    Day,
    /// Within how much time.
    Within,
    /// What weighs the same in the mean: items or providers.
    Weighting,
    /// Provider, type and action together.
    Notified,
    /// Whether it was named before.
    First,
    /// The answers to one question of the scheme.
    Answer(String),
}

impl By {
    /// Its name in files.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Channel => "channel".into(),
            Self::Origin => "origin".into(),
            Self::Outcome => "outcome".into(),
            Self::Captured => "captured".into(),
            Self::Verdict => "verdict".into(),
            Self::Basis => "basis".into(),
            Self::Country => "country".into(),
            Self::HostedIn => "hosted-in".into(),
            Self::Provider => "provider".into(),
            Self::Checked => "result".into(),
            Self::Client => "client".into(),
            Self::Day => "day".into(),
            Self::Within => "within".into(),
            Self::Weighting => "weighting".into(),
            Self::Notified => "notified".into(),
            Self::First => "first".into(),
            Self::Answer(question) => format!("answer:{question}"),
        }
    }

    /// Its name for people; a question of the scheme is called by its id.
    #[must_use]
    pub fn title(&self) -> Text<String> {
        let text = |nl: &str, en: &str| Text {
            nl: nl.to_owned(),
            en: en.to_owned(),
        };
        match self {
            Self::Channel => text("naar kanaal", "by channel"),
            Self::Origin => text("nationaal en internationaal", "national and international"),
            Self::Outcome => text("naar afloop", "by outcome"),
            Self::Captured => text("naar resultaat", "by result"),
            Self::Verdict => text("naar oordeel", "by verdict"),
            Self::Basis => text("naar grondslag", "by basis"),
            Self::Country => text("naar land van de host", "by country of the host"),
            Self::HostedIn => text("binnen en buiten het land", "at home and abroad"),
            Self::Provider => text("naar provider", "by provider"),
            Self::Checked => text("naar antwoord", "by answer"),
            Self::Client => text("naar wie vroeg", "by who asked"),
            Self::Day => text("naar dag (UTC)", "by day (UTC)"),
            Self::Within => text("naar tijd", "by time"),
            Self::Weighting => text("naar weging", "by weighting"),
            Self::Notified => text(
                "naar provider, soort en gevolg",
                "by provider, type and action",
            ),
            Self::First => text("nieuw en eerder genoemd", "new and named before"),
            Self::Answer(question) => text(question, question),
        }
    }
}

impl Serialize for By {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.key())
    }
}

/// One part of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its name in files.
    pub key: String,
    /// Its name for people.
    pub label: Text<String>,
    /// The number, in the figure's unit.
    pub value: Value,
}

/// A figure divided in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breakdown {
    /// By what.
    pub by: By,
    /// The parts.
    pub rows: Vec<Row>,
}

impl Breakdown {
    /// Counts by a closed vocabulary: a row for each of its words, also when it is nought.
    pub(crate) fn of_words(
        by: By,
        words: impl IntoIterator<Item = (&'static str, Text<String>)>,
        counts: &BTreeMap<String, i64>,
    ) -> Self {
        let rows = words
            .into_iter()
            .map(|(key, label)| Row {
                key: key.to_owned(),
                label,
                value: Value::Count(counts.get(key).copied().unwrap_or(0)),
            })
            .collect();
        Self { by, rows }
    }

    /// Counts by names met in the ledger: largest first, then by name; those at nought left out.
    pub(crate) fn of_names(
        by: By,
        counts: &BTreeMap<String, i64>,
        label: impl Fn(&str) -> Text<String>,
    ) -> Self {
        let mut rows: Vec<Row> = counts
            .iter()
            .filter(|(_, n)| **n != 0)
            .map(|(key, n)| Row {
                key: key.clone(),
                label: label(key),
                value: Value::Count(*n),
            })
            .collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.value.count()), row.key.clone()));
        Self { by, rows }
    }
}

fn text(nl: &str, en: &str) -> Text<String> {
    Text {
        nl: nl.to_owned(),
        en: en.to_owned(),
    }
}

/// The same text in both languages: names, codes.
pub(crate) fn same(name: &str) -> Text<String> {
    text(name, name)
}

/// The words for a channel.
#[must_use]
pub fn channel_label(channel: Channel) -> Text<String> {
    match channel {
        Channel::Web => text("Formulier", "Form"),
        Channel::Chat => text("Chat", "Chat"),
        Channel::Mail => text("E-mail", "E-mail"),
        Channel::Partner => text("Meldpunt in het buitenland", "Hotline abroad"),
        Channel::Police => text("Politie", "Police"),
        Channel::Trusted => text("Vaste melder", "Trusted reporter"),
        Channel::Recheck => text("Eigen hercontrole", "Own second look"),
    }
}

/// The words for an origin.
pub(crate) fn origin_label(origin: Origin) -> Text<String> {
    match origin {
        Origin::National => text("Nationaal", "National"),
        Origin::International => text("Internationaal", "International"),
    }
}

/// The words for a verdict.
#[must_use]
pub fn verdict_label(verdict: Verdict) -> Text<String> {
    match verdict {
        Verdict::IllegalBaseline => text("Strafbaar, basislijn", "Illegal, baseline"),
        Verdict::IllegalNational => text("Strafbaar, nationaal", "Illegal, national"),
        Verdict::NotIllegal => text("Niet strafbaar", "Not illegal"),
        Verdict::NotAssessable => text("Niet te beoordelen", "Not assessable"),
        Verdict::Ignore => text("Hoort er niet bij", "Not part of it"),
    }
}

/// The words for how a report ended.
#[must_use]
pub fn outcome_label(outcome: Outcome) -> Text<String> {
    match outcome {
        Outcome::Illegal => text("Strafbaar", "Illegal"),
        Outcome::NotIllegal => text("Niet strafbaar", "Not illegal"),
        Outcome::NothingFound => text("Niets gevonden", "Nothing found"),
        Outcome::OutOfMandate => text("Buiten bevoegdheid", "Outside the mandate"),
        Outcome::Read => text("Gelezen", "Read"),
        Outcome::Junk => text("Geen melding", "Not a report"),
    }
}

pub(crate) fn basis_label(basis: Basis) -> Text<String> {
    match basis {
        Basis::Looked => text("Bekeken", "Looked at"),
        Basis::SameBytes => text(
            "Zelfde bytes, eerder beoordeeld",
            "Same bytes, judged before",
        ),
        Basis::Likeness => text(
            "Zelfde beeld, eerder beoordeeld",
            "Same picture, judged before",
        ),
        Basis::SamePicture => text(
            "Zelfde beeld, samen beoordeeld",
            "Same picture, judged together",
        ),
        Basis::ByItself => text(
            "Zelfde beeld, vanzelf bevestigd",
            "Same picture, confirmed by the house itself",
        ),
    }
}

pub(crate) fn hosted_in_label(hosted_in: HostedIn) -> Text<String> {
    match hosted_in {
        HostedIn::Home => text("In eigen land", "At home"),
        HostedIn::Abroad => text("In het buitenland", "Abroad"),
        HostedIn::Onion => text("Achter Tor", "Behind Tor"),
        HostedIn::Unknown => text("Onbekend", "Unknown"),
    }
}

/// The words for a stretch of time: in hours up to three days, else in days.
pub(crate) fn within_label(hours: i64) -> Text<String> {
    if hours <= 72 {
        text(
            &format!("binnen {hours} uur"),
            &format!("within {hours} hours"),
        )
    } else {
        let days = hours / 24;
        text(
            &format!("binnen {days} dagen"),
            &format!("within {days} days"),
        )
    }
}

/// The words for an answer of the hash-check: `match`, `no-match` or `not-checked`.
pub(crate) fn checked_label(said: &str) -> Text<String> {
    match said {
        "match" => text("Op een lijst", "On a list"),
        "no-match" => text("Op geen lijst", "On no list"),
        _ => text("Te lage kwaliteit", "Of too low a quality"),
    }
}

/// The words for an address a report names for the first time, or again.
pub(crate) fn named_label(first: bool) -> Text<String> {
    if first {
        text("Voor het eerst genoemd", "Named for the first time")
    } else {
        text("Eerder genoemd", "Named before")
    }
}

pub(crate) fn captured_label(captured: bool) -> Text<String> {
    if captured {
        text("Vastgelegd", "Captured")
    } else {
        text("Niet vastgelegd", "Not captured")
    }
}
