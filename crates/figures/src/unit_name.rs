//! The unit of a published figure: one of ours, or another that somebody else counted in.

use pages::Language;
use serde::{Serialize, Serializer};

use crate::unit::Unit;

/// What a number is expressed in, by whoever counted it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UnitName {
    /// One of ours.
    Ours(Unit),
    /// Another one, by its name: 3 to 40 lower-case letters, spaces and hyphens.
    Other(String),
}

/// A text is no name of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is no unit: write reports, addresses, items, contents, notices, hours, percent, or another word of 2 to 40 letters"
)]
pub struct NotAUnit;

/// Other words for our units. A link and a URL are an address; what else a publisher counted keeps its
/// own name, so that it is never added to or compared with ours.
const ALSO: [(&str, Unit); 12] = [
    ("report", Unit::Reports),
    ("meldingen", Unit::Reports),
    ("address", Unit::Addresses),
    ("adressen", Unit::Addresses),
    ("webadressen", Unit::Addresses),
    ("url", Unit::Addresses),
    ("urls", Unit::Addresses),
    ("links", Unit::Addresses),
    ("item", Unit::Items),
    ("uur", Unit::Hours),
    ("procent", Unit::Percent),
    ("%", Unit::Percent),
];

impl UnitName {
    /// Reads a unit by its name in either language.
    ///
    /// # Errors
    /// [`NotAUnit`].
    pub fn parse(text: &str) -> Result<Self, NotAUnit> {
        let name = text.trim().to_lowercase();
        let ours = Unit::ALL.into_iter().find(|unit| unit.key() == name);
        let also = || ALSO.iter().find(|(word, _)| *word == name).map(|at| at.1);
        if let Some(unit) = ours.or_else(also) {
            return Ok(Self::Ours(unit));
        }
        let fits = (2..=40).contains(&name.chars().count())
            && name.starts_with(char::is_alphabetic)
            && name
                .chars()
                .all(|c| c.is_alphabetic() || c == ' ' || c == '-');
        if fits {
            Ok(Self::Other(name))
        } else {
            Err(NotAUnit)
        }
    }

    /// Its name in files.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Ours(unit) => unit.key(),
            Self::Other(name) => name,
        }
    }

    /// The word for so many of them.
    #[must_use]
    pub fn words(&self, lang: Language, n: i64) -> &str {
        match self {
            Self::Ours(unit) => unit.words(lang, n),
            Self::Other(name) => name,
        }
    }

    /// Whether it counts things, which can grow by a percentage; hours and shares do not.
    #[must_use]
    pub const fn is_a_count(&self) -> bool {
        !matches!(self, Self::Ours(Unit::Hours | Unit::Percent))
    }
}

impl From<Unit> for UnitName {
    fn from(unit: Unit) -> Self {
        Self::Ours(unit)
    }
}

impl Serialize for UnitName {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_an_address_and_a_picture_is_no_item() {
        assert_eq!(UnitName::parse(" URLs "), Ok(Unit::Addresses.into()));
        assert_eq!(UnitName::parse("meldingen"), Ok(Unit::Reports.into()));
        assert_eq!(UnitName::parse("%"), Ok(Unit::Percent.into()));
        assert_eq!(
            UnitName::parse("Images"),
            Ok(UnitName::Other("images".into()))
        );
        for text in ["", "x", "12", "=1+1", "a\nb"] {
            assert_eq!(UnitName::parse(text), Err(NotAUnit), "{text:?}");
        }
    }

    #[test]
    fn every_unit_of_ours_is_read_back_by_its_key() {
        for unit in Unit::ALL {
            assert_eq!(UnitName::parse(unit.key()), Ok(unit.into()));
        }
    }
}
