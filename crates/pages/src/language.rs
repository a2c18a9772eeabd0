//! The languages the pages are written in.

use crate::phrases::{self, PhraseValue};
use crate::when::{self, Whole};

/// A language every page exists in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Nl, Self::En];

    /// The BCP 47 tag, as in the `lang` attribute.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// The language with this tag (`nl`, `en`, also `nl-BE`).
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next().unwrap_or(tag);
        Self::ALL
            .into_iter()
            .find(|language| first.eq_ignore_ascii_case(language.tag()))
    }

    /// What the language calls itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Nl => "Nederlands",
            Self::En => "English",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Nl => Self::En,
            Self::En => Self::Nl,
        }
    }

    /// The phrase with this id. An unknown id is shown as it is; a test finds it before a person does.
    #[must_use]
    pub fn t(self, id: &str) -> String {
        phrases::get(self, id, &[])
    }

    /// The phrase with this id, one variable filled in.
    #[must_use]
    pub fn t_n(self, id: &str, name: &str, value: impl PhraseValue) -> String {
        phrases::get(self, id, &[(name, value.for_phrase())])
    }

    /// The phrase with this id, two variables filled in.
    #[must_use]
    pub fn t_2(
        self,
        id: &str,
        first: &str,
        first_value: impl PhraseValue,
        second: &str,
        second_value: impl PhraseValue,
    ) -> String {
        phrases::get(
            self,
            id,
            &[
                (first, first_value.for_phrase()),
                (second, second_value.for_phrase()),
            ],
        )
    }

    /// The phrase with this id, three whole numbers filled in, each under its name.
    #[must_use]
    pub fn t_3(self, id: &str, numbers: [(&str, i64); 3]) -> String {
        let [one, two, three] = &numbers;
        let filled = [one, two, three].map(|(name, number)| (*name, number.for_phrase()));
        phrases::get(self, id, &filled)
    }

    /// Whether a phrase with this id exists.
    #[must_use]
    pub fn has(self, id: &str) -> bool {
        phrases::has(self, id)
    }

    /// The day of a moment (milliseconds since 1970, UTC) in Amsterdam: `23 november 2026`.
    #[must_use]
    pub fn day(self, at_ms: impl Whole) -> String {
        when::day(self, at_ms.small())
    }

    /// The minute of a moment (milliseconds since 1970, UTC) in Amsterdam: `23 nov 2026 14:05`.
    /// For the desk only: the public is never shown more than a day (IN-9).
    #[must_use]
    pub fn minute(self, at_ms: impl Whole) -> String {
        when::minute(self, at_ms.small())
    }

    /// A whole number with the language's grouping: `12.345` or `12,345`.
    #[must_use]
    pub fn number(self, number: impl Whole) -> String {
        when::number(self, number.whole())
    }

    /// A number with so many decimals, in the language's writing: `1.234,5` or `1,234.5`.
    #[must_use]
    pub fn decimal(self, number: f64, decimals: usize) -> String {
        when::decimal(self, number, decimals)
    }

    /// A size in bytes as kB or MB (powers of 1,000), one decimal from 1 kB on.
    #[must_use]
    pub fn bytes(self, bytes: impl Whole) -> String {
        when::bytes(self, u64::try_from(bytes.whole()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_tag_and_region() {
        assert_eq!(Language::from_tag("nl-BE"), Some(Language::Nl));
        assert_eq!(Language::from_tag("EN"), Some(Language::En));
        assert_eq!(Language::from_tag("de"), None);
    }
}
