//! Names, roles and which roles go together.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use ground::id::Unreadable;
use ground::{stored_as_text, text_enum};

text_enum! {
    /// What somebody may do here.
    pub enum Role {
        /// Judges what was reported.
        Analyst = "analyst",
        /// Gives the second opinion and releases.
        Senior = "senior",
        /// Speaks with the police and decides about holds.
        Liaison = "liaison",
        /// Publishes figures; sees aggregates only.
        Statistics = "statistics",
        /// Looks after the staff; sees aggregates only.
        Wellbeing = "wellbeing",
        /// Reads the ledger.
        Auditor = "auditor",
        /// Decides about people and settings; never sees material.
        Administrator = "administrator",
    }
}

impl Role {
    /// Whether this role may reveal material.
    #[must_use]
    pub const fn sees_material(self) -> bool {
        matches!(self, Self::Analyst | Self::Senior | Self::Liaison)
    }
}

text_enum! {
    /// The language in which somebody wants the pages.
    pub enum Language {
        /// Dutch.
        Dutch = "nl",
        /// English.
        English = "en",
    }
}

/// The roles of one account: at least one, and never an administrator who sees material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles(BTreeSet<Role>);

/// Why a set of roles was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RolesFault {
    /// None was chosen.
    #[error("choose at least one role")]
    None,
    /// An administrator was to see material.
    #[error("an administrator can never have a role that sees material")]
    AdministratorSeesMaterial,
}

impl Roles {
    /// These roles together.
    ///
    /// # Errors
    /// [`RolesFault`] when there is none, or an administrator would see material.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Result<Self, RolesFault> {
        let roles: BTreeSet<Role> = roles.into_iter().collect();
        if roles.is_empty() {
            return Err(RolesFault::None);
        }
        if roles.contains(&Role::Administrator) && roles.iter().any(|role| role.sees_material()) {
            return Err(RolesFault::AdministratorSeesMaterial);
        }
        Ok(Self(roles))
    }

    /// Whether this role is among them.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether any of these roles is among them.
    #[must_use]
    pub fn any(&self, of: &[Role]) -> bool {
        of.iter().any(|role| self.has(*role))
    }

    /// Each of them, in the order of [`Role::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// Their spellings, as the ledger holds them.
    #[must_use]
    pub fn spelled(&self) -> Vec<String> {
        self.iter().map(|role| role.to_string()).collect()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled().join(" "))
    }
}

impl FromStr for Roles {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let roles: Vec<Role> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        Self::of(roles).map_err(|_| Unreadable {
            wanted: "set of roles",
        })
    }
}

stored_as_text!(Roles);

/// The name somebody signs in with: a pseudonym, lower case, 2 to 40 of `a–z 0–9 . - _`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

/// Why a name was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name has 2 to 40 letters, digits, dots or dashes, and begins with a letter")]
pub struct NameFault;

impl Name {
    /// Longest name, in characters.
    pub const MAX_CHARACTERS: usize = 40;

    /// Reads a name; capitals become small.
    ///
    /// # Errors
    /// [`NameFault`] when it is too short, too long or has other characters.
    pub fn parse(typed: &str) -> Result<Self, NameFault> {
        let name = typed.trim().to_ascii_lowercase();
        let fits = (2..=Self::MAX_CHARACTERS).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c));
        if fits { Ok(Self(name)) } else { Err(NameFault) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Name {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        Self::parse(text).map_err(|_| Unreadable { wanted: "name" })
    }
}

stored_as_text!(Name);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_roles() -> impl Strategy<Value = Vec<Role>> {
        proptest::sample::subsequence(Role::ALL.to_vec(), 0..=Role::ALL.len())
    }

    proptest! {
        #[test]
        fn no_set_of_roles_has_an_administrator_who_sees_material(roles in any_roles()) {
            if let Ok(roles) = Roles::of(roles) {
                prop_assert!(roles.iter().next().is_some());
                prop_assert!(
                    !(roles.has(Role::Administrator) && roles.iter().any(Role::sees_material))
                );
            }
        }

        #[test]
        fn roles_are_read_back_as_they_were_stored(roles in any_roles()) {
            if let Ok(roles) = Roles::of(roles) {
                prop_assert_eq!(roles.to_string().parse::<Roles>(), Ok(roles));
            }
        }

        #[test]
        fn no_name_panics_and_an_accepted_one_is_canonical(typed in ".{0,50}") {
            if let Ok(name) = Name::parse(&typed) {
                prop_assert_eq!(Name::parse(name.as_str()), Ok(name));
            }
        }
    }

    #[test]
    fn a_stored_administrator_who_sees_material_is_not_read() {
        assert!("administrator analyst".parse::<Roles>().is_err());
        assert_eq!(
            Roles::of([Role::Administrator, Role::Liaison]),
            Err(RolesFault::AdministratorSeesMaterial)
        );
        assert_eq!(Roles::of([]), Err(RolesFault::None));
        assert!(Roles::of([Role::Administrator, Role::Wellbeing]).is_ok());
    }

    #[test]
    fn a_name_is_written_small_and_has_no_spaces() {
        assert_eq!(
            Name::parse(" Wilg.3 ").map(|n| n.to_string()),
            Ok("wilg.3".into())
        );
        for bad in ["", "a", "3wilg", "two words", "a:b", &"a".repeat(41)] {
            assert_eq!(Name::parse(bad), Err(NameFault), "{bad}");
        }
    }
}
