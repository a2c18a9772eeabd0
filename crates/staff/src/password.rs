//! Which passwords are accepted, and passwords that are handed over.

use std::collections::BTreeSet;

use data_encoding::Encoding;
use ground::Chance;
use zeroize::Zeroizing;

use crate::Name;

/// Why a password was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Too short.
    #[error("use at least 12 characters; a few unrelated words work well")]
    TooShort,
    /// Too long.
    #[error("use at most 256 characters")]
    TooLong,
    /// Not much more than the name.
    #[error("choose something that is not the name")]
    IsName,
    /// A handful of characters over and over.
    #[error("choose something less repetitive")]
    Repetitive,
    /// The same as the present one.
    #[error("choose another one than the present one")]
    Unchanged,
}

/// Fewest characters of a password.
const LEAST: usize = 12;
/// Most characters of a password: hashing is bounded.
const MOST: usize = 256;
/// Fewest characters beside the name.
const LEAST_BESIDE_NAME: usize = 8;
/// Fewest different characters.
const LEAST_DIFFERENT: usize = 5;

/// Holds a password against the policy.
///
/// # Errors
/// [`PasswordFault`]; never [`PasswordFault::Unchanged`], which needs the present hash.
pub fn accept(password: &str, name: &Name) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < LEAST {
        return Err(PasswordFault::TooShort);
    }
    if length > MOST {
        return Err(PasswordFault::TooLong);
    }
    let beside = Zeroizing::new(password.to_lowercase().replace(name.as_str(), ""));
    if beside.chars().count() < LEAST_BESIDE_NAME {
        return Err(PasswordFault::IsName);
    }
    if password.chars().collect::<BTreeSet<_>>().len() < LEAST_DIFFERENT {
        return Err(PasswordFault::Repetitive);
    }
    Ok(())
}

/// A password made for somebody, to be handed over once and replaced at the first sign-in:
/// 100 random bits in four groups.
pub struct OneTimePassword(Zeroizing<String>);

impl OneTimePassword {
    /// A new one.
    pub(crate) fn fresh(chance: &Chance) -> Result<Self, crate::StaffError> {
        let alphabet = letters().map_err(|fault| crate::StaffError::Hashing(fault.to_string()))?;
        // 13 bytes give 21 letters; 20 of them carry 100 bits.
        let spelled = Zeroizing::new(alphabet.encode(&chance.bytes::<13>()));
        let groups: Vec<&str> = (0..4)
            .filter_map(|n| spelled.get(n * 5..n * 5 + 5))
            .collect();
        Ok(Self(Zeroizing::new(groups.join("-"))))
    }

    /// The password, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for OneTimePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OneTimePassword")
    }
}

/// Crockford's letters: none is easily mistaken for another when read aloud.
fn letters() -> Result<Encoding, data_encoding::SpecificationError> {
    let mut specification = data_encoding::Specification::new();
    specification
        .symbols
        .push_str("0123456789abcdefghjkmnpqrstvwxyz");
    specification.encoding()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_various_and_not_the_name() {
        let name = Name::parse("wilgenroos").unwrap();
        let accept = |password: &str| accept(password, &name);
        assert_eq!(accept("elevenchars"), Err(PasswordFault::TooShort));
        assert_eq!(accept("WilgenroosWilgenroos"), Err(PasswordFault::IsName));
        assert_eq!(accept("wilgenroos1234"), Err(PasswordFault::IsName));
        assert_eq!(accept("abababababababab"), Err(PasswordFault::Repetitive));
        assert_eq!(accept(&"x1y2z3".repeat(60)), Err(PasswordFault::TooLong));
        assert_eq!(accept("fietsbel lampenkap"), Ok(()));
        assert_eq!(accept("één twee drie vier"), Ok(()));
    }

    #[test]
    fn a_handed_over_password_is_acceptable_and_never_the_same() {
        let name = Name::parse("wilg").unwrap();
        let chance = Chance::seeded(3);
        let one = OneTimePassword::fresh(&chance).unwrap();
        let two = OneTimePassword::fresh(&chance).unwrap();
        assert_eq!(one.reveal().len(), 23);
        assert_eq!(accept(one.reveal(), &name), Ok(()));
        assert_ne!(one.reveal(), two.reveal());
        assert_eq!(format!("{one:?}"), "OneTimePassword");
    }
}
