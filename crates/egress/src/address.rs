//! What kind of address an IP address is, and so whether it lies on the public internet (T18).
//!
//! Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its
//! updates) and the metadata addresses the large clouds document. For IPv6 the rule is turned
//! round: only 2000::/3 is public, and of that not the parts listed here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use AddressKind as Kind;
use ipnet::{Ipv4Net, Ipv6Net};

/// Why an IP address is not one of the public internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressKind {
    /// "This network", 0.0.0.0/8 or `::`; on many systems it reaches the machine itself.
    Unspecified,
    /// The machine itself.
    Loopback,
    /// RFC 1918, or unique local (fc00::/7).
    Private,
    /// 169.254.0.0/16, fe80::/10.
    LinkLocal,
    /// fec0::/10, deprecated.
    SiteLocal,
    /// Shared by a provider's customers (RFC 6598).
    CarrierGrade,
    /// Where a cloud tells its machines their secrets.
    Metadata,
    /// To a group of machines.
    Multicast,
    /// To every machine on the network.
    Broadcast,
    /// For examples in documents.
    Documentation,
    /// For measuring equipment.
    Benchmarking,
    /// Kept for later, or for protocols.
    Reserved,
    /// An IPv4 address written as IPv6 (`::ffff:0:0/96` and the older `::/96`).
    Mapped,
    /// An IPv4 address behind a translator (NAT64).
    Translated,
    /// An IPv4 address inside a 6to4 address.
    SixToFour,
    /// An IPv4 address inside a Teredo address.
    Teredo,
}

impl std::fmt::Display for AddressKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "an unspecified address",
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::LinkLocal => "a link-local address",
            Self::SiteLocal => "a site-local address",
            Self::CarrierGrade => "an address shared by a provider's customers",
            Self::Metadata => "a cloud metadata address",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "a broadcast address",
            Self::Documentation => "a documentation address",
            Self::Benchmarking => "a benchmarking address",
            Self::Reserved => "a reserved address",
            Self::Mapped => "an IPv4 address written as IPv6",
            Self::Translated => "a NAT64 address",
            Self::SixToFour => "a 6to4 address",
            Self::Teredo => "a Teredo address",
        })
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(high: [u16; 4], length: u8) -> Ipv6Net {
    let [a, b, c, d] = high;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), length)
}

/// The first match counts, so single addresses stand before the networks they lie in.
const V4: &[(Ipv4Net, Kind)] = &[
    (v4(169, 254, 169, 254, 32), Kind::Metadata),
    (v4(169, 254, 170, 2, 32), Kind::Metadata),
    (v4(100, 100, 100, 200, 32), Kind::Metadata),
    (v4(192, 0, 0, 192, 32), Kind::Metadata),
    (v4(168, 63, 129, 16, 32), Kind::Metadata),
    (v4(0, 0, 0, 0, 8), Kind::Unspecified),
    (v4(10, 0, 0, 0, 8), Kind::Private),
    (v4(100, 64, 0, 0, 10), Kind::CarrierGrade),
    (v4(127, 0, 0, 0, 8), Kind::Loopback),
    (v4(169, 254, 0, 0, 16), Kind::LinkLocal),
    (v4(172, 16, 0, 0, 12), Kind::Private),
    (v4(192, 0, 0, 0, 24), Kind::Reserved),
    (v4(192, 0, 2, 0, 24), Kind::Documentation),
    (v4(192, 88, 99, 0, 24), Kind::SixToFour),
    (v4(192, 168, 0, 0, 16), Kind::Private),
    (v4(198, 18, 0, 0, 15), Kind::Benchmarking),
    (v4(198, 51, 100, 0, 24), Kind::Documentation),
    (v4(203, 0, 113, 0, 24), Kind::Documentation),
    (v4(224, 0, 0, 0, 4), Kind::Multicast),
    (v4(255, 255, 255, 255, 32), Kind::Broadcast),
    (v4(240, 0, 0, 0, 4), Kind::Reserved),
];

const V6: &[(Ipv6Net, Kind)] = &[
    (
        Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 128),
        Kind::Unspecified,
    ),
    (
        Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128),
        Kind::Loopback,
    ),
    (
        Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96),
        Kind::Mapped,
    ),
    (
        Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96),
        Kind::Mapped,
    ),
    (v6([0, 0, 0, 0], 96), Kind::Mapped),
    (v6([0x64, 0xff9b, 0, 0], 96), Kind::Translated),
    (v6([0x64, 0xff9b, 1, 0], 48), Kind::Translated),
    (
        Ipv6Net::new_assert(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), 128),
        Kind::Metadata,
    ),
    (v6([0xfc00, 0, 0, 0], 7), Kind::Private),
    (v6([0xfe80, 0, 0, 0], 10), Kind::LinkLocal),
    (v6([0xfec0, 0, 0, 0], 10), Kind::SiteLocal),
    (v6([0xff00, 0, 0, 0], 8), Kind::Multicast),
    (v6([0x2001, 0, 0, 0], 32), Kind::Teredo),
    (v6([0x2001, 2, 0, 0], 48), Kind::Benchmarking),
    (v6([0x2001, 0, 0, 0], 23), Kind::Reserved),
    (v6([0x2001, 0xdb8, 0, 0], 32), Kind::Documentation),
    (v6([0x2002, 0, 0, 0], 16), Kind::SixToFour),
    (v6([0x3fff, 0, 0, 0], 20), Kind::Documentation),
    (v6([0x3ffe, 0, 0, 0], 16), Kind::Reserved),
];

/// The part of IPv6 that is given out for use on the public internet.
const V6_PUBLIC: Ipv6Net = v6([0x2000, 0, 0, 0], 3);

/// What kind of not-public address this is; `None` when it lies on the public internet.
#[must_use]
pub fn kind_of(ip: IpAddr) -> Option<AddressKind> {
    match ip {
        IpAddr::V4(ip) => first(V4, |net| net.contains(&ip)),
        IpAddr::V6(ip) => first(V6, |net| net.contains(&ip))
            .or_else(|| (!V6_PUBLIC.contains(&ip)).then_some(Kind::Reserved)),
    }
}

fn first<N>(list: &[(N, Kind)], holds: impl Fn(&N) -> bool) -> Option<Kind> {
    list.iter()
        .find(|(net, _)| holds(net))
        .map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<Kind> {
        kind_of(text.parse().unwrap())
    }

    #[test]
    fn every_special_ipv4_network_is_refused_from_its_first_to_its_last_address() {
        for (net, _) in V4 {
            for ip in [net.network(), net.broadcast()] {
                assert!(kind_of(IpAddr::V4(ip)).is_some(), "{ip} of {net}");
            }
        }
    }

    #[test]
    fn every_special_ipv6_network_is_refused_from_its_first_to_its_last_address() {
        for (net, _) in V6 {
            for ip in [net.network(), net.broadcast()] {
                assert!(kind_of(IpAddr::V6(ip)).is_some(), "{ip} of {net}");
            }
        }
    }

    #[test]
    fn neighbours_just_outside_a_special_network_are_public() {
        for ip in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00::1",
        ] {
            assert_eq!(kind(ip), None, "{ip}");
        }
    }

    #[test]
    fn each_kind_is_named_for_what_it_is() {
        for (ip, expected) in [
            ("169.254.169.254", Kind::Metadata),
            ("fd00:ec2::254", Kind::Metadata),
            ("168.63.129.16", Kind::Metadata),
            ("255.255.255.255", Kind::Broadcast),
            ("::ffff:127.0.0.1", Kind::Mapped),
            ("::ffff:0:127.0.0.1", Kind::Mapped),
            ("::127.0.0.1", Kind::Mapped),
            ("64:ff9b::7f00:1", Kind::Translated),
            ("64:ff9b:1::1", Kind::Translated),
            ("2002:7f00:1::", Kind::SixToFour),
            ("2001:0:7f00:1::", Kind::Teredo),
            ("2001:db8::1", Kind::Documentation),
            ("fec0::1", Kind::SiteLocal),
            ("fe80::1", Kind::LinkLocal),
            ("fc00::1", Kind::Private),
            ("ff02::1", Kind::Multicast),
            ("::", Kind::Unspecified),
            ("::1", Kind::Loopback),
            ("5f00::1", Kind::Reserved),
            ("100.64.0.1", Kind::CarrierGrade),
            ("192.0.2.1", Kind::Documentation),
            ("198.18.0.1", Kind::Benchmarking),
        ] {
            assert_eq!(kind(ip), Some(expected), "{ip}");
        }
    }
}
