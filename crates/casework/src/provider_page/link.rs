//! The link itself: which contact, until when, and a seal that only we can make.
//!
//! `<26 letters of the contact's id><32 letters>`, the latter the hour in which it ends (4 bytes,
//! hours since 1970) and the first 16 bytes of HMAC-SHA256 over both and the contact's mail address.
//! So a link needs no table, cannot be guessed (2^128), and ends when the address is altered.

use data_encoding::{Encoding, Specification};
use ground::clock::HOUR_MS;
use ground::{ContactId, Instant};
use hmac::{Hmac, KeyInit, Mac};
use provider::{Contact, MailAddress};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Casework;

/// Letters of an id without its prefix.
const ID_LETTERS: usize = 26;
/// Bytes of the seal.
const SEAL: usize = 16;

/// How providers reach their page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSetting {
    /// Scheme, host and port, without a slash at the end.
    pub origin: String,
    /// How long a link leads there, ms.
    pub lasts_ms: i64,
}

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) contact: ContactId,
    pub(super) until: Instant,
    hours: u32,
    seal: Vec<u8>,
}

/// Small letters and digits without 0, 1, 8 and 9 look-alikes (RFC 4648 base 32), for addresses that
/// people may have to type.
fn letters() -> Option<Encoding> {
    let mut spec = Specification::new();
    spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    spec.translate.from.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    spec.translate.to.push_str("abcdefghijklmnopqrstuvwxyz");
    spec.encoding().ok()
}

fn seal(key: &[u8; 32], contact: ContactId, hours: u32, email: &MailAddress) -> Hmac<Sha256> {
    // HMAC fills a short key up to its block of 64 bytes with noughts; so do we.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(b"meldpunt provider page 1");
    mac.update(contact.to_string().as_bytes());
    mac.update(&hours.to_be_bytes());
    mac.update(email.as_str().to_lowercase().as_bytes());
    mac
}

/// The link of a contact that ends with the hour of `until`.
pub(super) fn write(
    key: &[u8; 32],
    contact: ContactId,
    email: &MailAddress,
    until: Instant,
) -> Option<String> {
    let hours = u32::try_from(until.ms().div_euclid(HOUR_MS)).unwrap_or(0);
    let mut bytes = hours.to_be_bytes().to_vec();
    let made = seal(key, contact, hours, email).finalize().into_bytes();
    bytes.extend(made.iter().take(SEAL));
    let id = contact.to_string();
    let (_, id) = id.split_once('_')?;
    Some(format!("{id}{}", letters()?.encode(&bytes)))
}

/// Reads a link; none when it has not the form of one.
pub(super) fn read(link: &str) -> Option<Claim> {
    let (id, rest) = link.trim().split_at_checked(ID_LETTERS)?;
    let contact = format!("{}_{}", ContactId::PREFIX, id.to_ascii_lowercase());
    let bytes = letters()?.decode(rest.as_bytes()).ok()?;
    let (hours, seal) = bytes.split_first_chunk::<4>()?;
    let hours = u32::from_be_bytes(*hours);
    Some(Claim {
        contact: contact.parse().ok()?,
        until: Instant::from_ms(i64::from(hours) * HOUR_MS),
        hours,
        seal: (seal.len() == SEAL).then(|| seal.to_vec())?,
    })
}

impl Claim {
    /// Whether we made it for this contact at this address; takes the same time whatever is wrong.
    pub(super) fn holds(&self, key: &[u8; 32], email: &MailAddress) -> bool {
        seal(key, self.contact, self.hours, email)
            .verify_truncated_left(&self.seal)
            .is_ok()
    }
}

impl Casework {
    pub(super) fn link_key(&self) -> Zeroizing<[u8; 32]> {
        self.vault.keys().token_key("provider page link")
    }

    /// How long a link leads somewhere, ms; 0 when there is no page.
    pub(super) fn link_lasts_ms(&self) -> i64 {
        let setting = self.settings.provider_page.as_ref();
        setting.map_or(0, |setting| setting.lasts_ms)
    }

    /// The link of a contact, for tests of the faces.
    ///
    /// # Errors
    /// When the records fail.
    #[cfg(any(test, feature = "testing"))]
    pub async fn provider_link_of(&self, id: ContactId) -> Result<Option<String>, ground::DbError> {
        let contact = provider::contact(&self.db, id).await?;
        Ok(contact.and_then(|contact| self.provider_link(&contact)))
    }

    /// The whole address of a contact's page, for a mail to it; none when there is no such page.
    pub(crate) fn provider_link(&self, contact: &Contact) -> Option<String> {
        let setting = self.settings.provider_page.as_ref()?;
        let until = self.clock.now().plus_ms(setting.lasts_ms);
        let link = write(&self.link_key(), contact.id, &contact.email, until)?;
        Some(format!("{}/p/{link}", setting.origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: [u8; 32] = [7; 32];

    fn mail(text: &str) -> MailAddress {
        MailAddress::parse(text).unwrap()
    }

    #[test]
    fn a_link_holds_for_its_contact_its_address_and_its_key_only() {
        let desk = mail("abuse@hosting.example");
        let contact = ContactId::from_bits(5);
        let until = Instant::from_ms(1_790_000 * HOUR_MS);
        let link = write(&KEY, contact, &desk, until).unwrap();
        assert_eq!(link.len(), 58);
        let claim = read(&link).unwrap();
        assert_eq!((claim.contact, claim.until), (contact, until));
        assert!(claim.holds(&KEY, &desk));
        assert!(claim.holds(&KEY, &mail("Abuse@hosting.example")));
        assert!(!claim.holds(&KEY, &mail("desk@hosting.example")));
        assert!(!claim.holds(&[8; 32], &desk));
        assert_eq!(read(&link.to_uppercase()), Some(claim));
    }

    proptest! {
        #[test]
        fn no_letter_of_a_link_can_be_changed(at in 0..58_usize, to in "[a-z2-7]") {
            let desk = mail("abuse@hosting.example");
            let link = write(&KEY, ContactId::from_bits(5), &desk, Instant::from_ms(9)).unwrap();
            let mut changed: Vec<char> = link.chars().collect();
            changed[at] = to.chars().next().unwrap();
            let changed: String = changed.into_iter().collect();
            let holds = read(&changed).is_some_and(|claim| claim.holds(&KEY, &desk));
            prop_assert_eq!(holds, changed == link);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            let _ = read(&text);
        }
    }
}
