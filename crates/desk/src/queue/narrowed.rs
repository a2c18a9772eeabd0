//! Showing a part of the queue: a plain form whose choices stand in the address of the page. They name
//! kinds of reports, never an address or a host.

use casework::desk::{Holding, Narrowed, ToDo};
use ground::{Channel, Origin, StaffId};
use pages::Language;

use super::{channel_in, origin_in};
use crate::{DeskError, Fields};

/// Who has it in hand, as it stands in the address of the page.
const HOLDINGS: [&str; 3] = ["nobody", "others", "mine"];
/// What is to be done, as it stands there.
const TO_DO: [&str; 2] = ["judge", "visits"];

/// What is asked for, and the form with it.
pub(super) struct Asked {
    pub narrowed: Narrowed,
    pub selects: Vec<Select>,
    /// Whether any choice was made.
    pub any: bool,
    /// The choices as they go on into the next page: empty, or pairs that end in `&`.
    pub query: String,
}

/// One choice of the form.
pub(super) struct Select {
    pub name: &'static str,
    pub label: String,
    pub options: Vec<Choice>,
}

/// One value to choose.
pub(super) struct Choice {
    pub value: &'static str,
    pub label: String,
    pub chosen: bool,
}

impl Asked {
    /// Reads the choices.
    ///
    /// # Errors
    /// [`DeskError::BadForm`] when a value is none of those offered.
    pub(super) fn read(fields: &Fields, lang: Language, me: StaffId) -> Result<Self, DeskError> {
        let holding = match fields.one("holding") {
            "" => None,
            "nobody" => Some(Holding::Nobody),
            "others" => Some(Holding::NotBy(me)),
            "mine" => Some(Holding::By(me)),
            _ => return Err(DeskError::BadForm),
        };
        let to_do = match fields.one("todo") {
            "" => None,
            "judge" => Some(ToDo::Judge),
            "visits" => Some(ToDo::AwaitVisits),
            _ => return Err(DeskError::BadForm),
        };
        let on_list = match fields.one("list") {
            "" => false,
            "yes" => true,
            _ => return Err(DeskError::BadForm),
        };
        let narrowed = Narrowed {
            channel: chosen(fields.one("channel"))?,
            origin: chosen(fields.one("origin"))?,
            holding,
            on_list,
            to_do,
        };
        let selects = selects(fields, lang);
        let query: String = selects
            .iter()
            .map(|select| (select.name, fields.one(select.name)))
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={value}&"))
            .collect();
        Ok(Self {
            any: narrowed != Narrowed::default(),
            narrowed,
            selects,
            query,
        })
    }
}

fn chosen<T: std::str::FromStr>(value: &str) -> Result<Option<T>, DeskError> {
    match value {
        "" => Ok(None),
        value => value.parse().map(Some).map_err(|_| DeskError::BadForm),
    }
}

fn selects(fields: &Fields, lang: Language) -> Vec<Select> {
    let select = |name: &'static str, phrase: &str, offered: Vec<(&'static str, String)>| Select {
        name,
        label: lang.t(phrase),
        options: std::iter::once(("", lang.t("queue-all")))
            .chain(offered)
            .map(|(value, label)| Choice {
                chosen: fields.one(name) == value,
                value,
                label,
            })
            .collect(),
    };
    let worded = |of: &str, values: &[&'static str]| {
        let phrase = |value: &str| lang.t(&format!("queue-{of}-{value}"));
        values
            .iter()
            .map(|value| (*value, phrase(value)))
            .collect::<Vec<_>>()
    };
    let channels = Channel::ALL
        .iter()
        .map(|channel| (channel.as_str(), channel_in(lang, *channel)));
    let origins = Origin::ALL
        .iter()
        .map(|origin| (origin.as_str(), origin_in(lang, *origin)));
    vec![
        select("channel", "queue-channel", channels.collect()),
        select("origin", "queue-origin", origins.collect()),
        select("holding", "queue-holding", worded("holding", &HOLDINGS)),
        select("todo", "queue-todo", worded("todo", &TO_DO)),
        select("list", "queue-list", worded("list", &["yes"])),
    ]
}
