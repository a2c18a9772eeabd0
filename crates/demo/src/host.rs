//! The hosts of the demo: which names there are, on which documentation address, at whose place.

use std::net::Ipv4Addr;

/// One host name of the demo. A resolver of the demo answers `address`, the connection itself goes
/// to [`crate::Running::site`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoHost {
    /// The host name as it stands in a reported address.
    pub name: &'static str,
    /// The address the name resolves to, from a range reserved for documentation (RFC 5737).
    pub address: Ipv4Addr,
    /// ISO 3166 country of the network.
    pub country: &'static str,
    /// The organisation that hosts it, as the registry names it.
    pub provider: &'static str,
}

/// Every host of the demo, the canary last.
pub const HOSTS: [DemoHost; 4] = [
    DemoHost {
        name: "gallery.example",
        address: Ipv4Addr::new(192, 0, 2, 10),
        country: "NL",
        provider: "Example Hosting B.V.",
    },
    DemoHost {
        name: "pictures.example",
        address: Ipv4Addr::new(192, 0, 2, 130),
        country: "NL",
        provider: "Polder Cloud",
    },
    DemoHost {
        name: "album.example",
        address: Ipv4Addr::new(198, 51, 100, 20),
        country: "US",
        provider: "Far Away Hosting",
    },
    DemoHost {
        name: CANARY_HOST,
        address: Ipv4Addr::new(192, 0, 2, 250),
        country: "NL",
        provider: "Polder Cloud",
    },
];

/// The host that always answers, so that a check can prove its own connection works.
pub const CANARY_HOST: &str = "canary.example";

/// What the canary answers, at any path, byte for byte.
pub const CANARY_BODY: &str = "the canary sings\n";

impl DemoHost {
    /// The host of that name, ignoring case and a port behind it.
    #[must_use]
    pub fn named(authority: &str) -> Option<&'static DemoHost> {
        let name = authority.split(':').next().unwrap_or_default();
        HOSTS
            .iter()
            .find(|host| host.name.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_with_a_port_and_in_capitals() {
        assert_eq!(
            DemoHost::named("Gallery.Example:8080").map(|host| host.country),
            Some("NL")
        );
        assert_eq!(DemoHost::named("127.0.0.1:8080"), None);
        assert_eq!(DemoHost::named(""), None);
    }
}
