//! Who may ask, and how a day is counted.

use std::fmt;

use ground::clock::DAY_MS;
use ground::id::Unreadable;
use ground::{Fact, HashFact, Instant, text_enum};

/// A client's name: 2 to 60 letters, digits, spaces, dots and hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// A name that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name must have 2 to 60 letters, digits, spaces, dots and hyphens")]
pub struct NameFault;

impl std::str::FromStr for Name {
    type Err = NameFault;
    fn from_str(text: &str) -> Result<Self, NameFault> {
        let text = text.trim();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-');
        if (2..=60).contains(&text.chars().count()) && text.chars().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameFault)
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a client, printed with the prefix `chc_`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(pub(crate) u128);

impl ClientId {
    /// A new random id.
    #[must_use]
    pub fn fresh(chance: &ground::Chance) -> Self {
        Self(u128::from_be_bytes(chance.bytes()))
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chc_{:032x}", self.0)
    }
}

impl std::str::FromStr for ClientId {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let wanted = Unreadable { wanted: "ClientId" };
        let digits = text.strip_prefix("chc_").ok_or(wanted.clone())?;
        let id = u128::from_str_radix(digits, 16).map_err(|_| wanted.clone())?;
        let id = Self(id);
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(wanted)
        }
    }
}

ground::stored_as_text!(ClientId);

/// How many hashes a client may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// In one minute.
    pub per_minute: u32,
    /// In one day, UTC.
    pub per_day: u32,
}

impl Quota {
    /// What a client gets unless something else is agreed: a million a day.
    pub const USUAL: Self = Self {
        per_minute: 60_000,
        per_day: 1_000_000,
    };
}

/// Somebody who may ask, or might once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Who.
    pub id: ClientId,
    /// The provider's name.
    pub name: String,
    /// How much.
    pub quota: Quota,
    /// Since when.
    pub made_at: Instant,
    /// Since when no longer.
    pub revoked_at: Option<Instant>,
}

/// Why a client was not altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its key was revoked before.
    #[error("the key was revoked before")]
    Revoked,
}

impl Client {
    /// Takes the key away, for good.
    ///
    /// # Errors
    /// [`Refusal::Revoked`].
    pub fn revoked(self, at: Instant) -> Result<(Self, Fact), Refusal> {
        if self.revoked_at.is_some() {
            return Err(Refusal::Revoked);
        }
        let next = Self {
            revoked_at: Some(at),
            ..self
        };
        Ok((next, Fact::Hash(HashFact::CheckClientRevoked)))
    }
}

text_enum! {
    /// A way of asking that a provider has no reason for.
    pub enum AlarmKind {
        /// PDQ hashes a few bits apart, one after the other: somebody feels for the edge of a match.
        Walking = "walking",
        /// Many different hashes near one entry of a list.
        Neighbours = "neighbours",
        /// Very many hashes in an hour and hardly one of them on a list.
        Flood = "flood",
    }
}

/// What was asked, in hashes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Compared with the lists.
    pub checks: u32,
    /// On a list.
    pub matches: u32,
    /// Of too low a quality to be compared.
    pub not_checked: u32,
}

impl Counted {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            checks: self.checks.saturating_add(other.checks),
            matches: self.matches.saturating_add(other.matches),
            not_checked: self.not_checked.saturating_add(other.not_checked),
        }
    }

    /// Nothing at all.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.checks == 0 && self.not_checked == 0
    }
}

/// The day of a moment: whole days since 1970 began, UTC.
#[must_use]
pub const fn day_of(at: Instant) -> i64 {
    at.ms().div_euclid(DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_read_back_and_only_the_canonical_text_is_read() {
        let id = ClientId(7);
        assert_eq!(id.to_string().parse::<ClientId>(), Ok(id));
        assert!("chc_7".parse::<ClientId>().is_err());
    }

    #[test]
    fn a_name_says_who_and_nothing_that_could_be_markup() {
        assert!("Example Host B.V.".parse::<Name>().is_ok());
        for bad in ["", "a", "<b>x</b>", "a\nb"] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }
}
