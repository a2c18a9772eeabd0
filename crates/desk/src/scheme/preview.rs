//! How a scheme will look at the desk.

use askama::Template;
use assessment::{About, Condition, Question, Scheme, Shown, Take};
use pages::{Language, Tone};

/// A scheme in words, as the desk will ask it.
#[derive(Template)]
#[template(path = "scheme/preview.html")]
pub(super) struct Preview {
    lang: Language,
    id: String,
    title: String,
    keys: Vec<Key>,
    questions: Vec<Asked>,
    rules: Vec<Rule>,
}

/// A key, what it stands for and what follows.
struct Key {
    key: char,
    label: String,
    verdict: String,
    tone: Tone,
    answers: String,
}

/// A question.
struct Asked {
    label: String,
    id: String,
    how: String,
    when: Option<String>,
    options: Vec<(Option<char>, String)>,
}

/// A rule.
struct Rule {
    verdict: String,
    when: String,
}

impl Preview {
    /// The scheme in one language.
    pub(super) fn of(lang: Language, scheme: &Scheme) -> Self {
        let tag = lang.tag();
        let verdict = |verdict| crate::takedown::verdict_in(lang, verdict);
        let keys = scheme.quick().iter().filter_map(|quick| {
            let follows = scheme.verdict_of(quick)?;
            let given = quick.answers.iter();
            let given = given.map(|(question, options)| (question.to_owned(), options.to_vec()));
            Some(Key {
                key: quick.key,
                label: quick.label.told_in(tag).to_owned(),
                verdict: verdict(follows),
                tone: crate::report::tone(follows),
                answers: condition(lang, scheme, &given.collect()),
            })
        });
        Self {
            lang,
            id: scheme.id(),
            title: scheme.title().told_in(tag).to_owned(),
            keys: keys.collect(),
            questions: scheme
                .questions()
                .iter()
                .map(|question| Asked::of(lang, scheme, question))
                .collect(),
            rules: scheme
                .rules()
                .iter()
                .map(|rule| Rule {
                    verdict: verdict(rule.verdict),
                    when: condition(lang, scheme, &rule.when),
                })
                .collect(),
        }
    }
}

impl Asked {
    fn of(lang: Language, scheme: &Scheme, question: &Question) -> Self {
        let mut how = vec![
            match question.about {
                About::Content => "scheme-of-content",
                About::Report => "scheme-of-report",
            },
            match (question.take, question.shown) {
                (Take::Many, _) => "scheme-takes-many",
                (Take::One, Shown::Select) => "scheme-takes-select",
                (Take::One, Shown::Open) => "scheme-takes-one",
            },
        ];
        if question.required {
            how.push("scheme-required");
        }
        let how: Vec<String> = how.into_iter().map(|phrase| lang.t(phrase)).collect();
        let label = |text: &assessment::Text| text.told_in(lang.tag()).to_owned();
        Self {
            label: label(&question.label),
            id: question.id.clone(),
            how: how.join(" · "),
            when: (!question.when.is_empty()).then(|| condition(lang, scheme, &question.when)),
            options: question
                .options
                .iter()
                .map(|option| (option.key, label(&option.label)))
                .collect(),
        }
    }
}

/// `Finding: Illegal or Ignore; Illegal under: National law`.
fn condition(lang: Language, scheme: &Scheme, when: &Condition) -> String {
    let or = format!(" {} ", lang.t("scheme-or"));
    let parts = when.iter().map(|(id, options)| {
        let question = scheme.question(id);
        let named = question.map_or(id.as_str(), |known| known.label.told_in(lang.tag()));
        let told: Vec<&str> = options
            .iter()
            .map(|option| {
                let known = question.and_then(|q| q.options.iter().find(|o| o.id == *option));
                known.map_or(option.as_str(), |known| known.label.told_in(lang.tag()))
            })
            .collect();
        format!("{named}: {}", told.join(&or))
    });
    parts.collect::<Vec<_>>().join("; ")
}
