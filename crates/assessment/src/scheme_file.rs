//! Reading a scheme from its file, and refusing one that does not hang together.

use std::collections::BTreeSet;

use ground::{NotIllegalReason, PoliceReason, Verdict};
use serde::Deserialize;

use crate::answers::Answers;
use crate::scheme::{About, Condition, Question, Quick, Rule, Scheme, Shown, Take, Text};

/// Why a scheme was not accepted; reads on from the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemeFault {
    /// Not TOML of the right form.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// A name or id that is not of lower-case letters, digits and dashes.
    #[error("'{0}' is no name; use lower-case letters, digits and dashes")]
    BadName(String),
    /// Something has the same id or key as something before it.
    #[error("{0} is there twice")]
    Twice(String),
    /// A text is empty in one of the languages.
    #[error("{0} lacks its words in Dutch or English")]
    NoWords(String),
    /// A question without options.
    #[error("the question {0} has no options")]
    NoOptions(String),
    /// A condition or key speaks of a question or an option that is not there (before it).
    #[error("{of} speaks of {question} = {option}, which is not there or comes later")]
    Unknown {
        /// Where.
        of: String,
        /// Which question.
        question: String,
        /// Which option.
        option: String,
    },
    /// `reason` or `police` names no fitting question, or an option outside the vocabulary.
    #[error("the question for {0} is missing or has an option the ledger has no word for")]
    BadVocabulary(&'static str),
    /// A verdict that no key leads to.
    #[error("no key leads to the verdict {0}")]
    Unreachable(Verdict),
    /// A key that the desk itself uses at that moment.
    #[error("the key {0} is used by the desk itself")]
    KeyOfTheDesk(char),
    /// A list that unfolds gives one answer only.
    #[error("the question {0} takes many answers and cannot be a list that unfolds")]
    SelectOfMany(String),
    /// Longer than [`Scheme::LONGEST`](crate::Scheme::LONGEST).
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    /// A key whose answers lead to no verdict.
    #[error("the key {0} leads to no verdict")]
    KeyWithoutVerdict(char),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    version: u32,
    title: Text,
    reason: String,
    police: String,
    question: Vec<Question>,
    rule: Vec<Rule>,
    quick: Vec<Quick>,
}

/// Keys the desk uses while an image is shown: reveal, next, previous, undo, likeness, going
/// elsewhere, moving, break, giving back, and the sheet of keys.
const DESK_KEYS: &str = "rnpuyxgjkbzo? ";
/// Of these, the keys it uses while a question is asked.
const DESK_KEYS_ASKING: &str = "rugbz? ";

pub(crate) fn read(toml: &str) -> Result<Scheme, SchemeFault> {
    if toml.len() > Scheme::LONGEST {
        return Err(SchemeFault::TooLong(Scheme::LONGEST));
    }
    let file: File =
        toml::from_str(toml).map_err(|fault| SchemeFault::Unreadable(fault.to_string()))?;
    let scheme = Scheme {
        name: file.name,
        version: file.version,
        title: file.title,
        reason: file.reason,
        police: file.police,
        questions: file.question,
        rules: file.rule,
        quick: file.quick,
    };
    named(&scheme.name)?;
    worded(&scheme.name, &scheme.title)?;
    questions(&scheme)?;
    vocabulary(&scheme)?;
    rules(&scheme)?;
    keys(&scheme)?;
    Ok(scheme)
}

fn named(id: &str) -> Result<(), SchemeFault> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(fits) {
        return Err(SchemeFault::BadName(id.to_owned()));
    }
    Ok(())
}

fn worded(of: &str, text: &Text) -> Result<(), SchemeFault> {
    if text.nl.trim().is_empty() || text.en.trim().is_empty() {
        return Err(SchemeFault::NoWords(of.to_owned()));
    }
    Ok(())
}

fn questions(scheme: &Scheme) -> Result<(), SchemeFault> {
    let mut seen = BTreeSet::new();
    for (at, question) in scheme.questions.iter().enumerate() {
        let id = &question.id;
        named(id)?;
        worded(id, &question.label)?;
        if !seen.insert(id.clone()) {
            return Err(SchemeFault::Twice(id.clone()));
        }
        if question.shown == Shown::Select && question.take == Take::Many {
            return Err(SchemeFault::SelectOfMany(id.clone()));
        }
        if question.options.is_empty() {
            return Err(SchemeFault::NoOptions(id.clone()));
        }
        known(
            scheme.questions.get(..at).unwrap_or(&[]),
            id,
            &question.when,
        )?;
        for option in &question.options {
            let full = format!("{id}.{}", option.id);
            named(&option.id)?;
            worded(&full, &option.label)?;
            if !seen.insert(full.clone()) {
                return Err(SchemeFault::Twice(full));
            }
            if let Some(key) = option.key.filter(|key| DESK_KEYS_ASKING.contains(*key)) {
                return Err(SchemeFault::KeyOfTheDesk(key));
            }
            if let Some(key) = option.key
                && !seen.insert(format!("{id} key {key}"))
            {
                return Err(SchemeFault::Twice(format!("the key {key} of {id}")));
            }
        }
    }
    Ok(())
}

/// Whether a condition speaks only of these questions and their options.
fn known(questions: &[Question], of: &str, condition: &Condition) -> Result<(), SchemeFault> {
    for (question, options) in condition {
        let there = questions.iter().find(|one| one.id == *question);
        for option in options {
            if !there.is_some_and(|one| one.options.iter().any(|known| known.id == *option)) {
                return Err(SchemeFault::Unknown {
                    of: of.to_owned(),
                    question: question.clone(),
                    option: option.clone(),
                });
            }
        }
    }
    Ok(())
}

fn vocabulary(scheme: &Scheme) -> Result<(), SchemeFault> {
    let spelled = |question: Option<&Question>, about, known: &dyn Fn(&str) -> bool| {
        question.is_some_and(|question| {
            question.about == about && question.options.iter().all(|option| known(&option.id))
        })
    };
    let reason = |id: &str| id.parse::<NotIllegalReason>().is_ok();
    if !spelled(scheme.reason(), About::Content, &reason) {
        return Err(SchemeFault::BadVocabulary("reason"));
    }
    let police = |id: &str| id.parse::<PoliceReason>().is_ok();
    if !spelled(scheme.police(), About::Report, &police) {
        return Err(SchemeFault::BadVocabulary("police"));
    }
    Ok(())
}

fn rules(scheme: &Scheme) -> Result<(), SchemeFault> {
    scheme.rules.iter().try_for_each(|rule| {
        known(
            &scheme.questions,
            &format!("the rule for {}", rule.verdict),
            &rule.when,
        )
    })
}

fn condition(answers: &Answers) -> Condition {
    answers
        .iter()
        .map(|(question, given)| (question.to_owned(), given.to_vec()))
        .collect()
}

fn keys(scheme: &Scheme) -> Result<(), SchemeFault> {
    let mut seen = BTreeSet::new();
    let mut reached = BTreeSet::new();
    for quick in &scheme.quick {
        let of = format!("the key {}", quick.key);
        worded(&of, &quick.label)?;
        known(&scheme.questions, &of, &condition(&quick.answers))?;
        if DESK_KEYS.contains(quick.key) {
            return Err(SchemeFault::KeyOfTheDesk(quick.key));
        }
        if !seen.insert(quick.key) {
            return Err(SchemeFault::Twice(of));
        }
        let verdict = scheme
            .verdict(&quick.answers)
            .ok_or(SchemeFault::KeyWithoutVerdict(quick.key))?;
        reached.insert(verdict);
    }
    match Verdict::ALL
        .iter()
        .find(|verdict| !reached.contains(verdict))
    {
        Some(missing) => Err(SchemeFault::Unreachable(*missing)),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "scheme_file_tests.rs"]
mod tests;
