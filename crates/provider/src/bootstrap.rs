//! The bootstrap files of RFC 9224: which RDAP server knows about which addresses.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct File {
    services: Vec<(Vec<String>, Vec<String>)>,
}

/// The base address of the RDAP server for an IP address, ending with a slash: the longest range
/// that holds it, https before http. None when no range does or the file cannot be read.
#[must_use]
pub fn server_for(file: &[u8], ip: IpAddr) -> Option<Url> {
    let file: File = serde_json::from_slice(file).ok()?;
    let longest = |ranges: &[String]| {
        let held = ranges
            .iter()
            .filter_map(|range| range.parse::<IpNet>().ok());
        held.filter(|net| net.contains(&ip))
            .map(|net| net.prefix_len())
            .max()
    };
    let (_, servers) = file
        .services
        .iter()
        .filter_map(|(ranges, servers)| Some((longest(ranges)?, servers)))
        .max_by_key(|(length, _)| *length)?;
    let mut usable: Vec<Url> = servers
        .iter()
        .filter_map(|server| Url::parse(&format!("{}/", server.trim_end_matches('/'))).ok())
        .filter(|server| matches!(server.scheme(), "http" | "https") && server.has_host())
        .collect();
    usable.sort_by_key(|server| server.scheme() != "https");
    usable.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &[u8] = br#"{"version":"1.0","services":[
        [["192.0.0.0/8"],["https://rdap.far.example/"]],
        [["192.0.2.0/24","2001:db8::/32"],["http://rdap.near.example","https://rdap.near.example"]],
        [["198.51.100.0/24"],["gopher://rdap.example/"]]]}"#;

    fn server(ip: &str) -> Option<String> {
        server_for(FILE, ip.parse().unwrap()).map(|url| url.to_string())
    }

    #[test]
    fn the_longest_range_counts_and_https_comes_first() {
        assert_eq!(
            server("192.0.2.10").as_deref(),
            Some("https://rdap.near.example/")
        );
        assert_eq!(
            server("192.9.9.9").as_deref(),
            Some("https://rdap.far.example/")
        );
        assert_eq!(
            server("2001:db8::1").as_deref(),
            Some("https://rdap.near.example/")
        );
        assert_eq!(server("198.51.100.1"), None, "no web address");
        assert_eq!(server("203.0.113.1"), None);
    }

    proptest! {
        #[test]
        fn no_file_panics(file in ".{0,200}") {
            let _ = server_for(file.as_bytes(), "192.0.2.1".parse().unwrap());
        }
    }
}
