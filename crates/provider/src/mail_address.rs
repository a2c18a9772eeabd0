//! A mail address to which a notice may go.

use ground::id::Unreadable;
use ground::stored_as_text;

/// A mail address, its domain in lower case; nothing in it can break a header.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MailAddress(String);

/// Why a text is no mail address to write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailAddressFault {
    /// Not the form `somebody@domain`.
    #[error("that is not the form of a mail address")]
    NotAnAddress,
    /// A registry put it there instead of an address.
    #[error("that address is a placeholder of a registry")]
    Placeholder,
}

/// Domains of the registries themselves: an address there is a placeholder for one that is missing
/// or kept back, never the desk of a provider.
const REGISTRIES: &[&str] = &[
    "ripe.net",
    "arin.net",
    "apnic.net",
    "lacnic.net",
    "afrinic.net",
    "iana.org",
];

/// Beginnings of addresses nobody reads, and words registries put where they keep one back.
const PLACEHOLDERS: &[&str] = &[
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "removed",
    "redacted",
    "nobody",
];

impl MailAddress {
    /// Longest address, in bytes (RFC 5321, 4.5.3.1.3).
    pub const MAX_BYTES: usize = 254;

    /// Reads an address; `mailto:` before it and blanks around it are taken off.
    ///
    /// # Errors
    /// [`MailAddressFault`].
    pub fn parse(text: &str) -> Result<Self, MailAddressFault> {
        use MailAddressFault::NotAnAddress;
        let text = text.trim();
        let text = text.strip_prefix("mailto:").unwrap_or(text);
        if text.len() > Self::MAX_BYTES {
            return Err(NotAnAddress);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnAddress)?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
        let domain = domain.to_ascii_lowercase();
        let labels_ok = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            });
        if !(local_ok && labels_ok) {
            return Err(NotAnAddress);
        }
        let lower = local.to_ascii_lowercase();
        let of_registry = REGISTRIES.iter().any(|registry| {
            domain
                .strip_suffix(registry)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        if of_registry || PLACEHOLDERS.iter().any(|word| lower.starts_with(word)) {
            return Err(MailAddressFault::Placeholder);
        }
        Ok(Self(format!("{local}@{domain}")))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether both reach the same mailbox as far as is known: capitals are not told apart.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl std::fmt::Display for MailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for MailAddress {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        Self::parse(text).map_err(|_| Unreadable {
            wanted: "MailAddress",
        })
    }
}

stored_as_text!(MailAddress);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_read_and_a_placeholder_is_not() {
        let read = |text| MailAddress::parse(text).map(|address| address.to_string());
        assert_eq!(
            read(" mailto:Abuse@Hosting.Example "),
            Ok("Abuse@hosting.example".into())
        );
        for placeholder in [
            "removed@lacnic.net",
            "x@db.ripe.net",
            "no-reply@hosting.example",
        ] {
            assert_eq!(
                read(placeholder),
                Err(MailAddressFault::Placeholder),
                "{placeholder}"
            );
        }
        for wrong in [
            "",
            "abuse",
            "abuse@host",
            "a b@c.example",
            "a@b..example",
            "a@-b.example",
            "a\r\nBcc: x@y.example",
            "a@b.example\r\nX: y",
            "<a@b.example>",
        ] {
            assert_eq!(read(wrong), Err(MailAddressFault::NotAnAddress), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_none_breaks_a_header(text in "\\PC{0,20}@?\\PC{0,20}|[\\x00-\\x7f]{0,40}") {
            if let Ok(address) = MailAddress::parse(&text) {
                prop_assert!(address.as_str().bytes().all(|b| b.is_ascii_graphic()));
                let again = MailAddress::parse(address.as_str());
                prop_assert_eq!(again.as_ref(), Ok(&address));
            }
        }
    }
}
