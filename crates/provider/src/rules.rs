//! Providers, their contacts, and the moves of a contact: only a human approves one.

use std::ops::Deref;

use ground::{Actor, ContactId, Fact, Instant, ProviderId, text_enum};
use sea_orm::FromQueryResult;

use crate::{ContactFormat, ContactLanguage, Country, FoundBy, MailAddress, Manner};

/// Somebody who hosts.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// By what it is found again, see [`provider_key`].
    pub key: String,
    /// Its name.
    pub name: String,
    /// Country of its registration.
    pub country: Option<Country>,
    /// The number of its network.
    pub asn: Option<i64>,
    /// When it was first seen.
    pub found_at_ms: Instant,
    /// Raised by every change.
    pub revision: i64,
}

/// By what a provider is found again: its network's number; without one, its name without capitals,
/// punctuation and legal form, with its country. So a name written differently makes no second
/// provider whose contact nobody approved.
#[must_use]
pub fn provider_key(asn: Option<u32>, name: &str, country: Option<Country>) -> String {
    match (asn, country) {
        (Some(asn), _) => format!("AS{asn}"),
        (None, Some(country)) => format!("{}/{country}", known_name(name)),
        (None, None) => known_name(name),
    }
}

const LEGAL_FORMS: &[&str] = &[
    "bv",
    "nv",
    "vof",
    "cv",
    "ltd",
    "limited",
    "llc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "kg",
    "ug",
    "ek",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "sl",
    "ab",
    "as",
    "aps",
    "oy",
    "ou",
    "plc",
    "pty",
    "pte",
    "sro",
    "doo",
    "ooo",
    "llp",
];

/// A name as it is compared: small letters and digits, without legal forms at its end.
#[must_use]
pub fn known_name(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .filter(|c| !matches!(c, '.' | '\'' | '’'))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(word)) {
        words.pop();
    }
    words.join(" ")
}

text_enum! {
    /// Whether a contact may be written to.
    pub enum ContactState {
        /// Nobody decided yet.
        Unapproved = "unapproved",
        /// A human approved it.
        Approved = "approved",
        /// A human refused it.
        Refused = "refused",
    }
}

/// A contact as stored and as shown.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ContactRow {
    /// Its id.
    pub id: ContactId,
    /// Whose contact it is.
    pub provider_id: ProviderId,
    /// Where mail goes.
    pub email: MailAddress,
    /// In which language.
    pub language: ContactLanguage,
    /// In which format.
    pub format: ContactFormat,
    /// Whether it may be written to.
    pub state: ContactState,
    /// By what it was found.
    pub found_by: FoundBy,
    /// Who approved or refused it.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at_ms: Option<Instant>,
    /// Raised by every change.
    pub revision: i64,
}

/// One mail address of a provider; read through its row, changed only by the moves below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact(pub(crate) ContactRow);

impl Deref for Contact {
    type Target = ContactRow;
    fn deref(&self) -> &ContactRow {
        &self.0
    }
}

/// Why a move was not made. Nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is as asked already.
    #[error("it is '{0}' already")]
    Already(ContactState),
    /// Only a member of staff decides about a contact.
    #[error("only a member of staff decides about a contact")]
    NotStaff,
    /// Nothing was altered.
    #[error("nothing was altered")]
    Unaltered,
}

impl Contact {
    /// A contact that was found or typed; nobody decided about it yet.
    #[must_use]
    pub const fn found(
        id: ContactId,
        provider: ProviderId,
        email: MailAddress,
        manner: Manner,
        found_by: FoundBy,
    ) -> (Self, Fact) {
        let row = ContactRow {
            id,
            provider_id: provider,
            email,
            language: manner.language,
            format: manner.format,
            state: ContactState::Unapproved,
            found_by,
            decided_by: None,
            decided_at_ms: None,
            revision: 0,
        };
        (Self(row), Fact::ContactFound { provider })
    }

    /// A human approves it: notices may go there from now on.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn approved(self, by: Actor, at: Instant) -> Result<(Self, Fact), Refused> {
        let fact = Fact::ContactApproved {
            provider: self.provider_id,
        };
        Ok((self.decided(ContactState::Approved, by, at)?, fact))
    }

    /// A human refuses it: no notice ever goes there.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn refused(self, by: Actor, at: Instant) -> Result<(Self, Fact), Refused> {
        let fact = Fact::ContactRefused {
            provider: self.provider_id,
        };
        Ok((self.decided(ContactState::Refused, by, at)?, fact))
    }

    fn decided(mut self, state: ContactState, by: Actor, at: Instant) -> Result<Self, Refused> {
        if !matches!(by, Actor::Staff(_)) {
            return Err(Refused::NotStaff);
        }
        if self.state == state {
            return Err(Refused::Already(state));
        }
        self.0.state = state;
        self.0.decided_by = Some(by.to_string());
        self.0.decided_at_ms = Some(at);
        Ok(self)
    }

    /// How it is written to.
    #[must_use]
    pub fn manner(&self) -> Manner {
        Manner {
            language: self.language,
            format: self.format,
        }
    }

    /// A human alters it. Another address must be approved again, another language or format need not.
    ///
    /// # Errors
    /// [`Refused::Unaltered`], [`Refused::NotStaff`].
    pub fn altered(
        mut self,
        email: MailAddress,
        manner: Manner,
        by: Actor,
    ) -> Result<(Self, Fact), Refused> {
        if !matches!(by, Actor::Staff(_)) {
            return Err(Refused::NotStaff);
        }
        if self.email == email && self.manner() == manner {
            return Err(Refused::Unaltered);
        }
        if self.email != email {
            self.0.state = ContactState::Unapproved;
            self.0.found_by = FoundBy::Hand;
            self.0.decided_by = None;
            self.0.decided_at_ms = None;
        }
        self.0.email = email;
        self.0.language = manner.language;
        self.0.format = manner.format;
        let fact = Fact::ContactChanged {
            provider: self.provider_id,
        };
        Ok((self, fact))
    }
}

/// Whom of a provider's contacts to write to: the first approved, else the first nobody decided
/// about, else one that was refused (so that the desk can say so).
#[must_use]
pub fn choose(contacts: &[Contact]) -> Option<&Contact> {
    let first = |state| contacts.iter().find(|contact| contact.state == state);
    first(ContactState::Approved)
        .or_else(|| first(ContactState::Unapproved))
        .or_else(|| contacts.first())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::StaffId;

    fn contact() -> Contact {
        let email = MailAddress::parse("abuse@hosting.example").unwrap();
        Contact::found(
            ContactId::from_bits(1),
            ProviderId::from_bits(2),
            email,
            Manner::usual(ContactLanguage::Dutch),
            FoundBy::Rdap,
        )
        .0
    }

    const SOMEBODY: Actor = Actor::Staff(StaffId::from_bits(3));

    #[test]
    fn only_a_human_approves_and_only_once() {
        let at = Instant::from_ms(5);
        assert_eq!(
            contact().approved(Actor::Worker("sender"), at).unwrap_err(),
            Refused::NotStaff
        );
        let (approved, _) = contact().approved(SOMEBODY, at).unwrap();
        assert_eq!(approved.state, ContactState::Approved);
        let again = approved.clone().approved(SOMEBODY, at).unwrap_err();
        assert_eq!(again, Refused::Already(ContactState::Approved));
        assert_eq!(
            approved.refused(SOMEBODY, at).unwrap().0.state,
            ContactState::Refused
        );
    }

    #[test]
    fn an_altered_address_must_be_approved_again_and_an_altered_manner_need_not() {
        let (approved, _) = contact().approved(SOMEBODY, Instant::from_ms(5)).unwrap();
        let same = approved.email.clone();
        let english = Manner {
            language: ContactLanguage::English,
            format: ContactFormat::XarfFour,
        };
        let (altered, _) = approved.altered(same, english, SOMEBODY).unwrap();
        assert_eq!(altered.state, ContactState::Approved);
        assert_eq!(altered.manner(), english);
        let other = MailAddress::parse("desk@hosting.example").unwrap();
        let (moved, _) = altered.altered(other, english, SOMEBODY).unwrap();
        assert_eq!(
            (moved.state, moved.decided_at_ms),
            (ContactState::Unapproved, None)
        );
    }

    #[test]
    fn an_approved_contact_is_chosen_before_a_new_one() {
        let (approved, _) = contact().approved(SOMEBODY, Instant::from_ms(5)).unwrap();
        let (refused, _) = contact().refused(SOMEBODY, Instant::from_ms(5)).unwrap();
        let state = |list: &[Contact]| choose(list).map(|contact| contact.state);
        let all = [refused.clone(), contact(), approved];
        assert_eq!(state(&all), Some(ContactState::Approved));
        assert_eq!(state(&all[..2]), Some(ContactState::Unapproved));
        assert_eq!(state(&[refused]), Some(ContactState::Refused));
        assert_eq!(state(&[]), None);
    }

    #[test]
    fn variants_of_a_name_are_one_provider() {
        let home = Country::parse("nl");
        let key = |name| provider_key(None, name, home);
        for variant in [
            "Example Hosting B.V.",
            "EXAMPLE HOSTING BV",
            "example-hosting, b.v.",
        ] {
            assert_eq!(key(variant), "example hosting/NL", "{variant}");
        }
        assert_eq!(
            known_name("Ltd"),
            "ltd",
            "a name is never taken away wholly"
        );
        assert_eq!(provider_key(Some(64_500), "anything", None), "AS64500");
    }
}
