//! The scheme: questions, conditions, and the rules by which answers become a verdict.

use ground::{NotIllegalReason, PoliceReason, Verdict};
use serde::Deserialize;

use crate::answers::{AnswerFault, Answers, Judged};
use crate::scheme_file::{self, SchemeFault};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in the language with this tag (`nl`, `en`); English for any other.
    #[must_use]
    pub fn told_in(&self, tag: &str) -> &str {
        if tag == "nl" { &self.nl } else { &self.en }
    }
}

/// What a question is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// Each content.
    Content,
    /// A report, when it is done.
    Report,
}

/// How many of its options a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Take {
    /// One.
    One,
    /// One or more.
    Many,
}

/// How a question is shown at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// Every option beside the others: buttons, boxes.
    #[default]
    Open,
    /// A list that unfolds; for one answer out of many options.
    Select,
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its spelling in the answers.
    pub id: String,
    /// The key that gives it at the desk.
    pub key: Option<char>,
    /// The words.
    pub label: Text,
}

/// Earlier answers that must have been given: for each question, one of these options.
pub type Condition = std::collections::BTreeMap<String, Vec<String>>;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its spelling in the answers.
    pub id: String,
    /// What it is asked about.
    pub about: About,
    /// How many options it takes.
    pub take: Take,
    /// How it is shown.
    #[serde(default)]
    pub shown: Shown,
    /// Whether there is no verdict without it, once it is asked.
    #[serde(default)]
    pub required: bool,
    /// Asked only after these answers; always when empty.
    #[serde(default)]
    pub when: Condition,
    /// The words.
    pub label: Text,
    /// The options, in order.
    #[serde(rename = "option")]
    pub options: Vec<Choice>,
}

/// One rule: a verdict and the answers it follows from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What follows.
    pub verdict: Verdict,
    /// From which answers.
    pub when: Condition,
}

/// One key that stands for some answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quick {
    /// The key.
    pub key: char,
    /// The words.
    pub label: Text,
    /// The answers it stands for.
    pub answers: Answers,
}

/// From which answers a verdict followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because<'a> {
    /// What followed.
    pub verdict: Verdict,
    /// The question of each condition that held, with the answers that made it hold.
    pub held: Vec<(&'a Question, Vec<&'a Choice>)>,
    /// What was answered beside them.
    pub beside: Vec<(&'a Question, Vec<&'a Choice>)>,
}

/// A scheme that was read and found consistent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) title: Text,
    pub(crate) reason: String,
    pub(crate) police: String,
    pub(crate) questions: Vec<Question>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) quick: Vec<Quick>,
}

/// Whether these answers were given.
pub(crate) fn holds(condition: &Condition, answers: &Answers) -> bool {
    condition
        .iter()
        .all(|(question, options)| options.iter().any(|option| answers.has(question, option)))
}

impl Scheme {
    /// Longest scheme, in bytes of its TOML.
    pub const LONGEST: usize = 60_000;

    /// The scheme that comes with the program.
    ///
    /// # Errors
    /// [`SchemeFault`], which a test rules out.
    pub fn standard() -> Result<Self, SchemeFault> {
        Self::parse(Self::standard_text())
    }

    /// Reads a scheme and checks that it hangs together: every verdict can be reached by a key,
    /// conditions name earlier questions, and every text is there in both languages.
    ///
    /// # Errors
    /// [`SchemeFault`] that says where and what is wrong.
    pub fn parse(toml: &str) -> Result<Self, SchemeFault> {
        scheme_file::read(toml)
    }

    /// Name and version together, as judgements keep it: `standard-1`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// What it is called.
    #[must_use]
    pub const fn title(&self) -> &Text {
        &self.title
    }

    /// All questions, in order.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The question with this id.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// What a question, or one of its options when given, is called; its id when the scheme knows it no
    /// longer.
    #[must_use]
    pub fn called<'a>(&'a self, question: &'a str, option: Option<&'a str>, tag: &str) -> &'a str {
        let known = self.question(question);
        let Some(option) = option else {
            return known.map_or(question, |known| known.label.told_in(tag));
        };
        let options = known.into_iter().flat_map(|known| &known.options);
        let mut same = options.filter(|one| one.id == option);
        same.next().map_or(option, |one| one.label.told_in(tag))
    }

    /// The keys, in order.
    #[must_use]
    pub fn quick(&self) -> &[Quick] {
        &self.quick
    }

    /// The verdict a key leads to, once what else is required was answered.
    #[must_use]
    pub fn verdict_of(&self, quick: &Quick) -> Option<Verdict> {
        self.verdict(&quick.answers)
    }

    /// The question that asks why something is not illegal.
    #[must_use]
    pub fn reason(&self) -> Option<&Question> {
        self.question(&self.reason)
    }

    /// The question that asks why the police are told first.
    #[must_use]
    pub fn police(&self) -> Option<&Question> {
        self.question(&self.police)
    }

    /// The police reasons this scheme offers, with their words.
    #[must_use]
    pub fn police_reasons(&self) -> Vec<(PoliceReason, &Text)> {
        self.police().map_or_else(Vec::new, |question| {
            question
                .options
                .iter()
                .filter_map(|option| Some((option.id.parse().ok()?, &option.label)))
                .collect()
        })
    }

    /// The questions about a content that are asked after these answers, in order.
    pub fn asked<'a>(&'a self, answers: &'a Answers) -> impl Iterator<Item = &'a Question> {
        self.questions
            .iter()
            .filter(|question| question.about == About::Content && holds(&question.when, answers))
    }

    /// The answers to questions that are (still) asked; others are left out, again and again until
    /// none depends on one that went.
    #[must_use]
    pub fn only_asked(&self, answers: &Answers) -> Answers {
        let mut kept = answers.clone();
        loop {
            let next = kept.keeping(|id| self.asked(&kept).any(|question| question.id == id));
            if next == kept {
                return kept;
            }
            kept = next;
        }
    }

    pub(crate) fn verdict(&self, answers: &Answers) -> Option<Verdict> {
        self.rules
            .iter()
            .find(|rule| holds(&rule.when, answers))
            .map(|rule| rule.verdict)
    }

    /// Explains a verdict: the rule that gave it, in the questions and answers it speaks of. None when
    /// no rule covers these answers.
    #[must_use]
    pub fn because(&self, answers: &Answers) -> Option<Because<'_>> {
        let rule = self.rules.iter().find(|rule| holds(&rule.when, answers))?;
        let (mut held, mut beside) = (Vec::new(), Vec::new());
        for question in &self.questions {
            let options: Vec<&Choice> = question
                .options
                .iter()
                .filter(|option| answers.has(&question.id, &option.id))
                .collect();
            match (options.is_empty(), rule.when.contains_key(&question.id)) {
                (true, _) => {}
                (false, true) => held.push((question, options)),
                (false, false) => beside.push((question, options)),
            }
        }
        Some(Because {
            verdict: rule.verdict,
            held,
            beside,
        })
    }

    /// The rules, in the order in which they are tried.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Its name without the version.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version; a later one of the same name has a higher one.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The text of the scheme that comes with the program: what a first draft begins from.
    #[must_use]
    pub const fn standard_text() -> &'static str {
        include_str!("../schemes/standard-1.toml")
    }

    /// Computes the verdict.
    ///
    /// # Errors
    /// [`AnswerFault`] when an answer is not one of the options, was not asked for, or a required
    /// one is missing.
    pub fn judge(&self, answers: &Answers) -> Result<Judged, AnswerFault> {
        for (id, given) in answers.iter() {
            self.check(answers, id, given)?;
        }
        if let Some(missing) = self
            .asked(answers)
            .find(|question| question.required && answers.of(&question.id).is_empty())
        {
            return Err(AnswerFault::Missing {
                question: missing.id.clone(),
            });
        }
        let verdict = self.verdict(answers).ok_or(AnswerFault::NoVerdict)?;
        let why = answers
            .of(&self.reason)
            .first()
            .and_then(|option| option.parse::<NotIllegalReason>().ok());
        Ok(Judged { verdict, why })
    }

    fn check(&self, answers: &Answers, id: &str, given: &[String]) -> Result<(), AnswerFault> {
        let question = || id.to_owned();
        let Some(asked) = self.question(id) else {
            return Err(AnswerFault::NoSuchQuestion {
                question: question(),
            });
        };
        if asked.about != About::Content || !holds(&asked.when, answers) {
            return Err(AnswerFault::NotAsked {
                question: question(),
            });
        }
        if given
            .iter()
            .any(|option| asked.options.iter().all(|known| known.id != *option))
        {
            return Err(AnswerFault::NoSuchOption {
                question: question(),
            });
        }
        if asked.take == Take::One && given.len() > 1 {
            return Err(AnswerFault::OnlyOne {
                question: question(),
            });
        }
        Ok(())
    }
}
