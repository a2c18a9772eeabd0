//! The networks the registries know, and which of them an address or range lies in.

use std::net::IpAddr;

use ipnet::IpNet;

/// How a registry gives the abuse contact of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abuse {
    /// An entity beside the registrant, as RIPE gives it.
    Beside(&'static str),
    /// An entity inside the registrant, as ARIN gives it.
    Inside(&'static str),
    /// None.
    Missing,
}

impl Abuse {
    pub(super) const fn mail(self) -> Option<&'static str> {
        match self {
            Abuse::Beside(mail) | Abuse::Inside(mail) => Some(mail),
            Abuse::Missing => None,
        }
    }
}

/// One network.
#[derive(Debug)]
pub(super) struct Network {
    range: &'static str,
    pub handle: &'static str,
    pub name: &'static str,
    pub holder: &'static str,
    pub country: &'static str,
    pub system: u32,
    /// The regional registry that hands it out, as RIPEstat names it.
    pub registry: &'static str,
    pub abuse: Abuse,
}

const NETWORKS: &[Network] = &[
    Network {
        range: "192.0.2.0/25",
        handle: "192.0.2.0 - 192.0.2.127",
        name: "EXAMPLE-HOSTING-NET",
        holder: "Example Hosting B.V.",
        country: "NL",
        system: 64500,
        registry: "ripe",
        abuse: Abuse::Beside("abuse@hosting.example"),
    },
    Network {
        range: "192.0.2.128/25",
        handle: "192.0.2.128 - 192.0.2.255",
        name: "POLDER-CLOUD-NET",
        holder: "Polder Cloud",
        country: "NL",
        system: 64501,
        registry: "ripe",
        abuse: Abuse::Beside("abuse@polder.example"),
    },
    Network {
        range: "198.51.100.0/24",
        handle: "NET-198-51-100-0-1",
        name: "FAR-AWAY",
        holder: "Far Away Hosting",
        country: "US",
        system: 64510,
        registry: "arin",
        abuse: Abuse::Inside("abuse@faraway.example"),
    },
    Network {
        range: "203.0.113.0/24",
        handle: "203.0.113.0 - 203.0.113.255",
        name: "NO-DESK-NET",
        holder: "Hosting without a Desk",
        country: "DE",
        system: 64505,
        registry: "ripe",
        abuse: Abuse::Missing,
    },
    Network {
        range: "2001:db8::/32",
        handle: "2001:db8::/32",
        name: "EXAMPLE-HOSTING-NET6",
        holder: "Example Hosting B.V.",
        country: "NL",
        system: 64500,
        registry: "ripe",
        abuse: Abuse::Beside("abuse@hosting.example"),
    },
];

impl Network {
    /// The range in CIDR notation.
    pub(super) const fn range(&self) -> &'static str {
        self.range
    }

    /// The first and last address and the length of the prefix.
    pub(super) fn bounds(&self) -> Option<(IpAddr, IpAddr, u8)> {
        let range: IpNet = self.range.parse().ok()?;
        Some((range.network(), range.broadcast(), range.prefix_len()))
    }

    /// The network an address or a range lies in.
    pub(super) fn with(resource: &str) -> Option<&'static Network> {
        let asked: IpNet = match resource.parse::<IpAddr>() {
            Ok(address) => address.into(),
            Err(_) => resource.parse().ok()?,
        };
        NETWORKS.iter().find(|network| {
            network
                .range
                .parse::<IpNet>()
                .is_ok_and(|range| range.contains(&asked))
        })
    }

    /// The first network announced by that autonomous system.
    pub(super) fn of_system(system: u32) -> Option<&'static Network> {
        NETWORKS.iter().find(|network| network.system == system)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::HOSTS;

    #[test]
    fn every_host_lies_in_a_network_of_its_provider_and_country() {
        for host in HOSTS {
            let network = Network::with(&host.address.to_string()).unwrap();
            assert_eq!(
                (network.holder, network.country),
                (host.provider, host.country)
            );
        }
    }

    #[test]
    fn a_half_and_an_unknown_range_are_told_apart() {
        assert_eq!(
            Network::with("192.0.2.128/26").unwrap().holder,
            "Polder Cloud"
        );
        assert!(Network::with("192.0.2.0/24").is_none());
        assert!(Network::with("8.8.8.8").is_none());
        assert!(Network::with("gallery.example").is_none());
    }
}
