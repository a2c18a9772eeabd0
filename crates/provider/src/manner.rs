//! How a contact is written to: in which language, and in which format.

use ground::text_enum;

use crate::Country;

text_enum! {
    /// The language of the notices to a contact.
    pub enum ContactLanguage {
        /// Dutch.
        Dutch = "nl",
        /// English.
        English = "en",
        /// German.
        German = "de",
        /// French.
        French = "fr",
    }
}

impl ContactLanguage {
    /// The language for a provider of this country.
    #[must_use]
    pub fn of(country: Option<Country>) -> Self {
        match country.as_ref().map(Country::as_str) {
            Some("NL") => Self::Dutch,
            Some("DE" | "AT") => Self::German,
            Some("FR") => Self::French,
            _ => Self::English,
        }
    }
}

text_enum! {
    /// The format of the notices to a contact.
    pub enum ContactFormat {
        /// A mail, and nothing beside its text.
        Mail = "mail",
        /// A mail with a table of the items.
        Table = "mail-csv",
        /// A mail with an XARF report of version 4, one for each item.
        XarfFour = "xarf-4",
        /// A mail with an XARF report of version 3, one for each item.
        XarfThree = "xarf-3",
    }
}

/// How a contact is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// In which language.
    pub language: ContactLanguage,
    /// In which format.
    pub format: ContactFormat,
}

impl Manner {
    /// How somebody is written to who asked for nothing else: a mail that people read, with a table
    /// that programs read.
    #[must_use]
    pub const fn usual(language: ContactLanguage) -> Self {
        Self {
            language,
            format: ContactFormat::Table,
        }
    }
}
