//! What may be answered, as the scheme has it: buttons that are also keys, and questions with their options.

use assessment::{Question, Scheme};
use pages::{Language, Tone};

use super::view::tone;

/// A button that is also a key.
#[derive(Clone)]
pub(super) struct Key {
    /// The key; none for a button without one.
    pub key: Option<char>,
    /// What is sent.
    pub value: String,
    /// The words.
    pub label: String,
    /// How it looks.
    pub tone: Tone,
}

/// A question that may be answered beside the verdict.
pub(super) struct Ask {
    pub id: String,
    pub label: String,
    pub many: bool,
    pub unfolds: bool,
    pub options: Vec<(String, String)>,
}

/// A question that must be answered before there is a verdict.
pub(super) struct Asking {
    pub id: String,
    pub label: String,
    pub options: Vec<Key>,
}

/// The keys of the scheme.
pub(super) fn quick_keys(scheme: &Scheme, lang: Language) -> Vec<Key> {
    scheme
        .quick()
        .iter()
        .map(|quick| Key {
            key: Some(quick.key),
            value: quick.key.to_string(),
            label: quick.label.told_in(lang.tag()).to_owned(),
            tone: scheme.verdict_of(quick).map_or(Tone::Quiet, tone),
        })
        .collect()
}

/// The reasons why something is not illegal.
pub(super) fn reason_keys(scheme: &Scheme, lang: Language) -> Vec<Key> {
    scheme
        .reason()
        .map_or_else(Vec::new, |question| option_keys(question, lang))
}

pub(super) fn option_keys(question: &Question, lang: Language) -> Vec<Key> {
    question
        .options
        .iter()
        .map(|option| Key {
            key: option.key,
            value: option.id.clone(),
            label: option.label.told_in(lang.tag()).to_owned(),
            tone: Tone::Quiet,
        })
        .collect()
}

/// What may be answered beside the verdict.
pub(super) fn more(scheme: &Scheme, lang: Language) -> Vec<Ask> {
    let optional =
        |question: &&Question| question.about == assessment::About::Content && !question.required;
    scheme
        .questions()
        .iter()
        .filter(optional)
        .map(|question| Ask {
            id: question.id.clone(),
            label: question.label.told_in(lang.tag()).to_owned(),
            many: question.take == assessment::Take::Many,
            unfolds: question.shown == assessment::Shown::Select,
            options: question
                .options
                .iter()
                .map(|option| {
                    let label = option.label.told_in(lang.tag()).to_owned();
                    (option.id.clone(), label)
                })
                .collect(),
        })
        .collect()
}
