//! What a figure means, as code.

use std::marker::PhantomData;

use pages::Language;
use serde::Serialize;

use crate::breakdown::Breakdown;
use crate::figure::{Figure, Value};
use crate::unit::{Count, Counted, Unit};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text<T = &'static str> {
    /// Dutch.
    pub nl: T,
    /// English.
    pub en: T,
}

impl<T: AsRef<str>> Text<T> {
    /// The text in this language.
    pub fn told_in(&self, lang: Language) -> &str {
        match lang {
            Language::Nl => self.nl.as_ref(),
            Language::En => self.en.as_ref(),
        }
    }
}

/// What a figure means. Its version rises when what it counts changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Its name in files and addresses; never changes.
    pub key: &'static str,
    /// Its name for people.
    pub title: Text,
    /// What it is expressed in.
    pub unit: Unit,
    /// What is counted, and by which moment it belongs to a period.
    pub definition: Text,
    /// What to keep in mind when reading it; empty when nothing.
    pub caveat: Text,
    /// From 1; raised when what is counted changes.
    pub version: u16,
}

/// A definition whose figure counts one kind of thing: a count of another kind does not fit.
#[derive(Debug)]
pub struct Defined<U: Counted> {
    /// The definition.
    pub definition: Definition,
    counts: PhantomData<U>,
}

impl<U: Counted> Defined<U> {
    /// A figure in units of `U`, version 1.
    #[must_use]
    pub const fn counting(key: &'static str, title: Text, definition: Text, caveat: Text) -> Self {
        Self {
            definition: Definition {
                key,
                title,
                unit: U::UNIT,
                definition,
                caveat,
                version: 1,
            },
            counts: PhantomData,
        }
    }

    /// The figure with this number.
    #[must_use]
    pub fn figure(&'static self, total: Count<U>, breakdowns: Vec<Breakdown>) -> Figure {
        Figure {
            definition: &self.definition,
            value: Value::Count(total.n()),
            breakdowns,
        }
    }
}

impl Definition {
    /// A figure that is no count: hours, or a share.
    #[must_use]
    pub const fn measuring(
        key: &'static str,
        unit: Unit,
        title: Text,
        definition: Text,
        caveat: Text,
    ) -> Self {
        Self {
            key,
            title,
            unit,
            definition,
            caveat,
            version: 1,
        }
    }

    /// The figure with this value.
    #[must_use]
    pub const fn figure(&'static self, value: Value, breakdowns: Vec<Breakdown>) -> Figure {
        Figure {
            definition: self,
            value,
            breakdowns,
        }
    }
}
