//! The phrases: Fluent files, one per room and language, read once.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::{Language, when};

include!(concat!(env!("OUT_DIR"), "/phrases.rs"));

struct Bundles {
    nl: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

static BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles {
    nl: bundle(Language::Nl),
    en: bundle(Language::En),
});

/// The files of one language: room and text.
const fn files(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::Nl => NL,
        Language::En => EN,
    }
}

/// A broken line costs that phrase and no other; the tests below refuse broken files.
fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks would end up in attributes, titles and mail.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::Nl => |value, _| grouped(Language::Nl, value),
        Language::En => |value, _| grouped(Language::En, value),
    }));
    for (room, text) in files(language) {
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) => resource,
            Err((resource, faults)) => {
                tracing::error!(
                    language = language.tag(),
                    room,
                    ?faults,
                    "phrase file is broken"
                );
                resource
            }
        };
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(
                language = language.tag(),
                room,
                ?faults,
                "phrase is there twice"
            );
        }
    }
    bundle
}

fn grouped(language: Language, value: &FluentValue) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "the fraction is nought")]
            Some(when::number(language, number.value as i128))
        }
        FluentValue::Number(number) => Some(when::decimal(language, number.value, 1)),
        _ => None,
    }
}

fn bundle_of(language: Language) -> &'static FluentBundle<FluentResource> {
    match language {
        Language::Nl => &BUNDLES.nl,
        Language::En => &BUNDLES.en,
    }
}

pub(crate) fn has(language: Language, id: &str) -> bool {
    bundle_of(language).has_message(id)
}

/// The names of what is filled into a phrase; empty when there is no such phrase.
pub(crate) fn variables(language: Language, id: &str) -> Vec<String> {
    let pattern = bundle_of(language).get_message(id);
    let pattern = pattern.and_then(|message| message.value());
    pattern
        .map(|pattern| crate::rewording::variables(&format!("{pattern:?}")))
        .unwrap_or_default()
}

/// The phrase, or its id when there is none.
pub(crate) fn get(language: Language, id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
    let bundle = bundle_of(language);
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return id.to_owned();
    };
    let given: FluentArgs<'_> = args.iter().cloned().collect();
    bundle
        .format_pattern(pattern, Some(&given), &mut Vec::new())
        .into_owned()
}

/// What can stand for a variable in a phrase: text and whole numbers, also borrowed.
pub trait PhraseValue {
    /// The value as Fluent knows it.
    fn for_phrase(&self) -> FluentValue<'_>;
}

impl PhraseValue for str {
    fn for_phrase(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl PhraseValue for String {
    fn for_phrase(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl<T: PhraseValue + ?Sized> PhraseValue for &T {
    fn for_phrase(&self) -> FluentValue<'_> {
        (**self).for_phrase()
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl PhraseValue for $kind {
            fn for_phrase(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        }
    )*};
}
numbers!(i16, i32, i64, u8, u16, u32, u64, usize, f64);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    /// Every phrase of one language with the names of its variables.
    fn inventory(language: Language) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::new();
        for (_, text) in files(language) {
            let mut id = String::new();
            for line in text.lines() {
                if let Some((name, _)) = line.split_once('=')
                    && !line.starts_with([' ', '#', '[', '}', '*'])
                {
                    name.trim().clone_into(&mut id);
                    found.entry(id.clone()).or_insert_with(Vec::new);
                }
                for piece in line.split('$').skip(1) {
                    let variable: String = piece
                        .chars()
                        .take_while(|c| c.is_alphanumeric() || *c == '_')
                        .collect();
                    found
                        .entry(id.clone())
                        .or_insert_with(Vec::new)
                        .push(variable);
                }
            }
        }
        for variables in found.values_mut() {
            variables.sort();
            variables.dedup();
        }
        found
    }

    fn below(folder: &Path, into: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, into);
            } else if path
                .extension()
                .is_some_and(|is| is == "html" || is == "rs")
            {
                into.push(path);
            }
        }
    }

    /// What stands between the quotes after each `opening` in the sources of the faces.
    pub(crate) fn named_in_sources(openings: &[&str]) -> Vec<(PathBuf, String)> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = Vec::new();
        below(&here.join("src/frame"), &mut sources);
        below(&here.join("../door/src"), &mut sources);
        below(&here.join("../desk/src"), &mut sources);
        let mut found = Vec::new();
        for source in sources {
            let text = std::fs::read_to_string(&source).unwrap();
            for opening in openings {
                for piece in text.split(opening).skip(1) {
                    if let Some((id, _)) = piece.split_once('"') {
                        found.push((source.clone(), id.to_owned()));
                    }
                }
            }
        }
        found
    }

    #[test]
    fn every_phrase_file_is_well_formed() {
        for language in Language::ALL {
            for (room, text) in files(language) {
                assert!(
                    FluentResource::try_new((*text).to_owned()).is_ok(),
                    "{}/{room}.ftl is broken",
                    language.tag()
                );
            }
        }
    }

    #[test]
    fn no_phrase_is_given_twice() {
        for language in Language::ALL {
            let mut seen = std::collections::BTreeSet::new();
            for (room, text) in files(language) {
                for line in text
                    .lines()
                    .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                {
                    let id = line.split('=').next().unwrap_or("").trim().to_owned();
                    assert!(
                        seen.insert(id.clone()),
                        "{}/{room}.ftl repeats {id}",
                        language.tag()
                    );
                }
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_phrases_with_the_same_variables() {
        let (nl, en) = (inventory(Language::Nl), inventory(Language::En));
        for (id, variables) in &nl {
            assert_eq!(
                en.get(id),
                Some(variables),
                "{id} differs between nl and en"
            );
        }
        for id in en.keys() {
            assert!(nl.contains_key(id), "{id} is missing in nl");
        }
        assert!(nl.len() > 20);
    }

    #[test]
    fn every_phrase_a_template_asks_for_exists() {
        for (source, id) in named_in_sources(&[".t(\"", ".t_n(\"", ".t_2(\""]) {
            for language in Language::ALL {
                assert!(
                    has(language, &id),
                    "{}: no phrase {id} in {}",
                    source.display(),
                    language.tag()
                );
            }
        }
    }

    #[test]
    fn every_icon_a_template_asks_for_exists() {
        for (source, name) in named_in_sources(&[".icon(\"", "Icon::named(\""]) {
            assert!(
                crate::Icon::exists(&name),
                "{}: no icon {name}",
                source.display()
            );
        }
    }

    #[test]
    fn a_missing_phrase_shows_its_id() {
        assert_eq!(get(Language::Nl, "no-such-phrase", &[]), "no-such-phrase");
    }

    #[test]
    fn a_number_in_a_phrase_is_counted_and_grouped() {
        assert_eq!(
            Language::Nl.t_n("console-count-items", "n", 1),
            "1 onderdeel"
        );
        assert_eq!(
            Language::Nl.t_n("console-count-items", "n", 12_345),
            "12.345 onderdelen"
        );
        assert_eq!(
            Language::En.t_n("console-count-items", "n", 12_345_u64),
            "12,345 items"
        );
    }
}
