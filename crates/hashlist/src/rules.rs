//! What a list and a category may be called.

use std::fmt;
use std::str::FromStr;

/// Why a name cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Nothing was said.
    #[error("it is empty")]
    Empty,
    /// It is longer than 64 bytes.
    #[error("it is longer than 64 bytes")]
    Long,
    /// It holds a control character.
    #[error("it holds a control character")]
    Control,
}

fn checked(text: &str) -> Result<String, NameFault> {
    let text = text.trim();
    if text.is_empty() {
        Err(NameFault::Empty)
    } else if text.len() > 64 {
        Err(NameFault::Long)
    } else if text.chars().any(char::is_control) {
        Err(NameFault::Control)
    } else {
        Ok(text.to_owned())
    }
}

macro_rules! names {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The words.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameFault;
            fn from_str(text: &str) -> Result<Self, NameFault> {
                checked(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// The category a source gives an entry, in its own words: what a category means differs from country
    /// to country, so it is never translated. 1 to 64 bytes.
    Category,
    /// What a list is called: its source. 1 to 64 bytes.
    ListName,
}

impl Category {
    /// That of an entry of which the source names none.
    #[must_use]
    pub fn unnamed() -> Self {
        Self("uncategorised".into())
    }
}
