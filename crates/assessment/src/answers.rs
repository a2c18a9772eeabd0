//! The answers given about one content.

use std::collections::BTreeMap;

use ground::{NotIllegalReason, Verdict};
use serde::{Deserialize, Serialize};

/// By question, the options chosen; each once, in order. A question without an answer is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, Vec<String>>);

/// What the answers add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not illegal, when it is not.
    pub why: Option<NotIllegalReason>,
}

/// Why answers do not make a judgement; reads on from "not judged: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// A question this scheme does not have.
    #[error("the scheme has no question {question}")]
    NoSuchQuestion {
        /// Its id.
        question: String,
    },
    /// A question that is not asked after the other answers.
    #[error("the question {question} is not asked here")]
    NotAsked {
        /// Its id.
        question: String,
    },
    /// Not one of the options.
    #[error("this is no answer to {question}")]
    NoSuchOption {
        /// The id of the question.
        question: String,
    },
    /// Several answers where one is taken.
    #[error("the question {question} takes one answer")]
    OnlyOne {
        /// Its id.
        question: String,
    },
    /// A required answer is missing.
    #[error("the question {question} needs an answer")]
    Missing {
        /// Its id.
        question: String,
    },
    /// No rule of the scheme covers these answers.
    #[error("no verdict follows from these answers")]
    NoVerdict,
}

impl Answers {
    /// No answer yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// These answers, from pairs of question and option as a form gives them; empty options are
    /// left out.
    pub fn from_pairs<Q: Into<String>, O: Into<String>>(
        pairs: impl IntoIterator<Item = (Q, O)>,
    ) -> Self {
        let mut answers = Self::default();
        for (question, option) in pairs {
            answers.give(question, option);
        }
        answers
    }

    /// Adds one option to the answer of a question.
    pub fn give(&mut self, question: impl Into<String>, option: impl Into<String>) {
        let option = option.into();
        if option.is_empty() {
            return;
        }
        let given = self.0.entry(question.into()).or_default();
        if !given.contains(&option) {
            given.push(option);
            given.sort();
        }
    }

    /// The options chosen for a question; none when it was not answered.
    #[must_use]
    pub fn of(&self, question: &str) -> &[String] {
        self.0.get(question).map_or(&[], Vec::as_slice)
    }

    /// Whether this option was chosen.
    #[must_use]
    pub fn has(&self, question: &str, option: &str) -> bool {
        self.of(question).iter().any(|given| given == option)
    }

    /// Question by question.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(question, given)| (question.as_str(), given.as_slice()))
    }

    /// These answers, with `other` taking the place of answers to the same questions.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.0.extend(other.0.clone());
        both
    }

    pub(crate) fn keeping(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(question, given)| keep(question) && !given.is_empty())
                .map(|(question, given)| (question.clone(), given.clone()))
                .collect(),
        )
    }

    /// As the ledger and the judgement keep them.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        // Text and lists of text: this cannot fail.
        serde_json::to_value(self).unwrap_or_default()
    }
}
