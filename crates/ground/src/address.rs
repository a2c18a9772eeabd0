//! One canonical web address: what two people mean when they report the same page.
//!
//! Canonical form: scheme and host in lower case (IDNA, WHATWG URL), no default port, no dot at the
//! end of the host, path and query in the WHATWG's percent-encoding, and no fragment unless the page
//! uses it as a path (`#!…`, `#/…`). Query parameters are left alone: an address in a notice must be
//! exact (DSA Art. 16(2)(b)), and what looks like tracking may choose the picture.

use url::Url;

/// A web address in canonical form; at most [`WebAddress::MAX_BYTES`] long.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WebAddress(Url);

/// Why a text is no web address; reads on from "this address cannot be used: ". Never echoes the
/// text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// Nothing was typed.
    #[error("nothing was filled in")]
    Empty,
    /// Longer than [`WebAddress::MAX_BYTES`].
    #[error("it is longer than 2048 characters")]
    TooLong,
    /// Not the form of an address.
    #[error("it does not look like a web address")]
    NotAnAddress,
    /// Another scheme than http and https.
    #[error("only addresses that start with http:// or https:// can be visited")]
    OtherScheme,
    /// No host, or a host without a dot.
    #[error("the name of the site is missing or incomplete")]
    NoHost,
}

impl WebAddress {
    /// Longest address accepted, in bytes of UTF-8, before and after it is made canonical.
    pub const MAX_BYTES: usize = 2_048;

    /// Reads what a person typed: `https` is assumed when no scheme is given, and addresses made
    /// harmless for mailing (`hxxp`, `[.]`) are understood (CH-9).
    ///
    /// # Errors
    /// [`AddressFault`] to show beside the field.
    pub fn parse(typed: &str) -> Result<Self, AddressFault> {
        let typed = unwrapped(typed.trim()).trim();
        if typed.is_empty() {
            return Err(AddressFault::Empty);
        }
        if typed.len() > Self::MAX_BYTES {
            return Err(AddressFault::TooLong);
        }
        if typed.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(AddressFault::NotAnAddress);
        }
        let url =
            Url::parse(&with_scheme(&rearmed(typed))).map_err(|_| AddressFault::NotAnAddress)?;
        Self::from_url(url)
    }

    /// Makes an address that a browser or a page gave canonical.
    ///
    /// # Errors
    /// [`AddressFault`] when it is no http or https address with a host.
    pub fn from_url(mut url: Url) -> Result<Self, AddressFault> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressFault::OtherScheme);
        }
        let host = url
            .host_str()
            .ok_or(AddressFault::NoHost)?
            .trim_end_matches('.')
            .to_owned();
        let named = matches!(url.host(), Some(url::Host::Domain(_)));
        if host.is_empty() || (named && !host.contains('.') && host != "localhost") {
            return Err(AddressFault::NoHost);
        }
        // No name has them, and read again they would be taken for a dot made harmless.
        if host.contains(['(', ')']) {
            return Err(AddressFault::NotAnAddress);
        }
        url.set_host(Some(&host))
            .map_err(|_| AddressFault::NoHost)?;
        if !url
            .fragment()
            .is_some_and(|f| f.starts_with('!') || f.starts_with('/'))
        {
            url.set_fragment(None);
        }
        if url.as_str().len() > Self::MAX_BYTES {
            return Err(AddressFault::TooLong);
        }
        Ok(Self(url))
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address as a URL.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// The host, in ASCII.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether it lies behind Tor, where it has no provider and no country.
    #[must_use]
    pub fn is_onion(&self) -> bool {
        self.host().ends_with(".onion")
    }
}

impl std::fmt::Display for WebAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Addresses are not for logs.
impl std::fmt::Debug for WebAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebAddress(…)")
    }
}

impl serde::Serialize for WebAddress {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for WebAddress {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Takes off a pair of brackets or quotation marks around the whole; one alone is part of the
/// address.
fn unwrapped(typed: &str) -> &str {
    [('<', '>'), ('"', '"'), ('\'', '\'')]
        .into_iter()
        .find_map(|(open, close)| typed.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or(typed)
}

/// Undoes what makes an address harmless for mailing, in its scheme and host only: in a path the same
/// signs are part of the address.
fn rearmed(typed: &str) -> String {
    let ends_scheme = |at: &usize| {
        let before = &typed[..*at];
        (before.ends_with(':') || before.ends_with("[:]")) && !before.contains(['/', '?', '#'])
    };
    let host = typed.find("//").filter(ends_scheme).map_or(0, |at| at + 2);
    let end = typed[host..]
        .find(['/', '?', '#'])
        .map_or(typed.len(), |at| host + at);
    let (front, rest) = typed.split_at(end);
    let text = front
        .replace("[.]", ".")
        .replace("(.)", ".")
        .replace("[:]", ":")
        + rest;
    let lower = text.get(..8).unwrap_or(&text).to_ascii_lowercase();
    for (harmless, real) in [("hxxps://", "https://"), ("hxxp://", "http://")] {
        if lower.starts_with(harmless) {
            return format!("{real}{}", &text[harmless.len()..]);
        }
    }
    text
}

fn with_scheme(text: &str) -> String {
    let has_scheme = text.split_once(':').is_some_and(|(before, after)| {
        let spelled = before.starts_with(|c: char| c.is_ascii_alphabetic())
            && before
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        // `host.example:8080/…` has a port, not a scheme.
        spelled && (after.starts_with("//") || !before.contains('.')) && !starts_with_port(after)
    });
    if has_scheme {
        text.to_owned()
    } else {
        format!("https://{text}")
    }
}

fn starts_with_port(after: &str) -> bool {
    let digits = after.chars().take_while(char::is_ascii_digit).count();
    digits > 0 && matches!(after.chars().nth(digits), None | Some('/' | '?' | '#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_a_host_harmless_is_part_of_the_address_in_a_path() {
        for text in [
            "http://place.example/a(.)b",
            "http://place.example/?q=[.]",
            "http://place.example/x//y[:]z",
        ] {
            let address = WebAddress::parse(text).unwrap();
            assert_eq!(address.as_str(), text);
        }
        let harmless = WebAddress::parse("hxxps[:]//place[.]example/a(.)b").unwrap();
        assert_eq!(harmless.as_str(), "https://place.example/a(.)b");
        assert!(
            WebAddress::parse("(\u{34f}.)c").is_err(),
            "read again it would be another"
        );
    }
    use proptest::prelude::*;

    fn canonical(typed: &str) -> Result<String, AddressFault> {
        WebAddress::parse(typed).map(|address| address.to_string())
    }

    #[test]
    fn what_people_type_becomes_one_form() {
        for (typed, wanted) in [
            ("gallery.example", "https://gallery.example/"),
            (
                " HTTP://Gallery.Example:80/A?b=1#top ",
                "http://gallery.example/A?b=1",
            ),
            ("<https://gallery.example./x>", "https://gallery.example/x"),
            ("hxxps://gallery[.]example/a", "https://gallery.example/a"),
            ("gallery.example:8080/a", "https://gallery.example:8080/a"),
            (
                "https://app.example/#!/album/3",
                "https://app.example/#!/album/3",
            ),
            (
                "https://bücher.example/ä",
                "https://xn--bcher-kva.example/%C3%A4",
            ),
            ("192.0.2.7/a.png", "https://192.0.2.7/a.png"),
        ] {
            assert_eq!(canonical(typed).as_deref(), Ok(wanted), "{typed}");
        }
    }

    #[test]
    fn what_is_no_web_address_is_told_why() {
        assert_eq!(canonical("  "), Err(AddressFault::Empty));
        assert_eq!(canonical("a chat group"), Err(AddressFault::NotAnAddress));
        assert_eq!(
            canonical("ftp://files.example/a"),
            Err(AddressFault::OtherScheme)
        );
        assert_eq!(
            canonical("mailto:somebody@mail.example"),
            Err(AddressFault::OtherScheme)
        );
        assert_eq!(
            canonical("javascript:alert(1)"),
            Err(AddressFault::OtherScheme)
        );
        assert_eq!(canonical("nodot"), Err(AddressFault::NoHost));
        assert_eq!(
            canonical(&format!("a.example/{}", "x".repeat(3_000))),
            Err(AddressFault::TooLong)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn no_text_panics_and_the_canonical_form_is_its_own_canonical_form(typed in ".{0,80}") {
            if let Ok(once) = WebAddress::parse(&typed) {
                let twice = WebAddress::parse(once.as_str());
                prop_assert_eq!(twice.as_ref().map(WebAddress::as_str), Ok(once.as_str()));
            }
        }

        #[test]
        fn addresses_in_many_spellings_are_steady(
            typed in "(HTTPS?|hxxp|https?)://[a-z0-9.-]{1,12}\\.example(:[0-9]{1,5})?(/[^ ]{0,12}){0,3}(\\?[^ ]{0,10})?(#[^ ]{0,6})?"
        ) {
            if let Ok(once) = WebAddress::parse(&typed) {
                let twice = WebAddress::parse(once.as_str());
                prop_assert_eq!(twice.as_ref().map(WebAddress::as_str), Ok(once.as_str()));
            }
        }
    }
}
