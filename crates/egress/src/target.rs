//! What a piece of text names: a host and a port, read once and in one way.
//!
//! Attackers write an address so that one part of a program reads it as a name and another as an
//! IP address (`0x7f.1`, `017700000001`, `2130706433`). Everything here goes through the parser of
//! the URL standard, which browsers use too, and what it returns is what is connected to.

use std::net::IpAddr;

use url::Url;

use crate::Refusal;

/// A host, as it will be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name in ASCII, lower case, without a final dot.
    Name(String),
    /// An IP address, however it was written.
    Ip(IpAddr),
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Ip(ip) => ip.fmt(f),
        }
    }
}

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The host.
    pub host: Host,
    /// The port.
    pub port: u16,
}

impl Target {
    /// Reads a host; an IPv6 address may stand in brackets.
    ///
    /// # Errors
    /// [`Refusal::NotAHost`].
    pub fn parse(host: &str, port: u16) -> Result<Self, Refusal> {
        let parsed = match host.parse::<IpAddr>() {
            Ok(ip) => Host::Ip(ip),
            Err(_) => match url::Host::parse(host).map_err(|_| Refusal::NotAHost)? {
                url::Host::Ipv4(ip) => Host::Ip(ip.into()),
                url::Host::Ipv6(ip) => Host::Ip(ip.into()),
                url::Host::Domain(name) => Host::Name(proper_name(&name)?),
            },
        };
        Ok(Self { host: parsed, port })
    }

    /// The host and port of a web address.
    ///
    /// # Errors
    /// [`Refusal::NotAHost`] when it names none, [`Refusal::Scheme`] when its scheme has no port.
    pub fn of_url(url: &Url) -> Result<Self, Refusal> {
        let port = url
            .port_or_known_default()
            .ok_or_else(|| Refusal::Scheme(url.scheme().chars().take(40).collect()))?;
        Self::parse(url.host_str().ok_or(Refusal::NotAHost)?, port)
    }
}

/// A name that a name server can be asked for: at most 253 bytes, labels of 1 to 63.
fn proper_name(name: &str) -> Result<String, Refusal> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let proper = name.len() <= 253
        && name
            .split('.')
            .all(|label| (1..=63).contains(&label.len()) && label.is_ascii());
    // A name that would read as an IP address once more is a trick.
    if !proper || name.parse::<IpAddr>().is_ok() {
        return Err(Refusal::NotAHost);
    }
    Ok(name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_loopback_is_read_as_loopback() {
        for text in [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0X7F.0.0.1",
            "0177.0.0.1",
            "017700000001",
            "0177.0.0.0x1",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "１２７.０.０.１",
            "127。0。0。1",
        ] {
            let read = Target::parse(text, 80).unwrap();
            assert_eq!(read.host, Host::Ip("127.0.0.1".parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn mapped_addresses_are_read_as_they_are_written() {
        for text in ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "::ffff:127.0.0.1"] {
            let read = Target::parse(text, 80).unwrap();
            assert_eq!(
                read.host,
                Host::Ip("::ffff:127.0.0.1".parse().unwrap()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            ".",
            "a..b",
            "127.0.0.1..",
            "0x7f.1..",
            "a b",
            "a/b",
            "a@b",
            "[::1",
            "999.1.1.1",
        ] {
            assert_eq!(Target::parse(text, 80), Err(Refusal::NotAHost), "{text}");
        }
    }

    #[test]
    fn names_lose_their_final_dot_and_their_capitals() {
        let read = Target::parse("WWW.Gallery.Example.", 80).unwrap();
        assert_eq!(read.host, Host::Name("www.gallery.example".into()));
        let read = Target::parse("müller.example", 80).unwrap();
        assert_eq!(read.host, Host::Name("xn--mller-kva.example".into()));
    }
}
