//! A hotline's own words in place of the phrases that come with the program.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::{Language, PhraseValue as _, phrases};

/// Why a file of phrases cannot be used; reads on from the name of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RewordingFault {
    /// It is not in the form of Fluent.
    #[error(
        "is not written as phrases are: one `name = text` on each line, further lines of it indented"
    )]
    Form,
    /// It says a phrase that nobody asks for.
    #[error("gives the phrase {0}, which does not exist or may not be changed here")]
    Unknown(String),
    /// It says a phrase without what has to stand in it.
    #[error("leaves {variable} out of the phrase {phrase}")]
    Left {
        /// The phrase.
        phrase: String,
        /// What must stand in it, as it is written there.
        variable: String,
    },
}

/// Some phrases in other words; all others stay as they are.
#[derive(Default)]
pub struct Rewording {
    nl: Option<FluentBundle<FluentResource>>,
    en: Option<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Rewording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rewording")
    }
}

impl Rewording {
    /// Takes the phrases of one file in. Only those whose names begin with `prefix` may be changed,
    /// and what the usual phrase fills in must be filled in by the new one.
    ///
    /// # Errors
    /// [`RewordingFault`]; nothing was taken in.
    pub fn with(
        mut self,
        language: Language,
        text: &str,
        prefix: &str,
    ) -> Result<Self, RewordingFault> {
        let resource =
            FluentResource::try_new(text.to_owned()).map_err(|_| RewordingFault::Form)?;
        let mut bundle =
            FluentBundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
        bundle.set_use_isolating(false);
        let ids: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
            .filter_map(|line| line.split_once('=').map(|(id, _)| id.trim()))
            .collect();
        for id in &ids {
            if !id.starts_with(prefix) || !phrases::has(language, id) {
                return Err(RewordingFault::Unknown((*id).to_owned()));
            }
        }
        bundle
            .add_resource(resource)
            .map_err(|_| RewordingFault::Form)?;
        for id in ids {
            let new = bundle.get_message(id).and_then(|message| message.value());
            let new = new
                .map(|pattern| variables(&format!("{pattern:?}")))
                .unwrap_or_default();
            if let Some(left) = phrases::variables(language, id)
                .into_iter()
                .find(|name| !new.contains(name))
            {
                return Err(RewordingFault::Left {
                    phrase: id.to_owned(),
                    variable: format!("{{ ${left} }}"),
                });
            }
        }
        match language {
            Language::Nl => self.nl = Some(bundle),
            Language::En => self.en = Some(bundle),
        }
        Ok(self)
    }

    /// The phrase with this id, in the hotline's words when it has its own.
    #[must_use]
    pub fn say(&self, language: Language, id: &str, filled: &[(&str, String)]) -> String {
        let own = match language {
            Language::Nl => &self.nl,
            Language::En => &self.en,
        };
        let values: Vec<_> = filled
            .iter()
            .map(|(name, value)| (*name, value.for_phrase()))
            .collect();
        let pattern = own.as_ref().and_then(|bundle| {
            let pattern = bundle.get_message(id)?.value()?;
            Some((bundle, pattern))
        });
        match pattern {
            Some((bundle, pattern)) => {
                let values: FluentArgs<'_> = values.into_iter().collect();
                bundle
                    .format_pattern(pattern, Some(&values), &mut Vec::new())
                    .into_owned()
            }
            None => phrases::get(language, id, &values),
        }
    }
}

/// The names of the variables in a pattern as Rust shows it.
pub(crate) fn variables(shown: &str) -> Vec<String> {
    let references = shown.split("VariableReference").skip(1);
    references
        .filter_map(|rest| rest.split('"').nth(1).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Rewording, RewordingFault> {
        Rewording::default().with(Language::En, text, "chat-")
    }

    #[test]
    fn a_hotline_says_it_in_its_own_words_and_the_rest_as_usual() {
        let own = read("chat-stopped = Goodbye.\n").unwrap();
        assert_eq!(own.say(Language::En, "chat-stopped", &[]), "Goodbye.");
        assert_eq!(
            own.say(Language::Nl, "chat-stopped", &[]),
            Language::Nl.t("chat-stopped")
        );
        let receipt = [
            ("receipt", "ABCD".to_owned()),
            ("page", "https://hotline.example/".to_owned()),
        ];
        assert!(
            own.say(Language::En, "chat-registered", &receipt)
                .contains("ABCD")
        );
    }

    #[test]
    fn a_phrase_that_does_not_exist_or_leaves_something_out_is_refused() {
        assert_eq!(
            read("chat-no-such = x").err(),
            Some(RewordingFault::Unknown("chat-no-such".into()))
        );
        assert_eq!(
            read("door-send = x").err(),
            Some(RewordingFault::Unknown("door-send".into()))
        );
        let left = read("chat-registered = Thank you, follow it on { $page }.").err();
        let wanted = RewordingFault::Left {
            phrase: "chat-registered".into(),
            variable: "{ $receipt }".into(),
        };
        assert_eq!(left, Some(wanted));
        assert_eq!(read("not fluent at all").err(), Some(RewordingFault::Form));
    }
}
