//! The played registries: RIPEstat and RDAP in the shape of the real ones.

use std::net::IpAddr;

use serde_json::json;
use url::Url;

use super::world::REGISTRY;

/// The number of the first provider's network: the first of those kept for documentation.
const FIRST_ASN: u32 = 64_496;

/// The provider that has an address.
fn provider_at(ip: IpAddr) -> Option<u32> {
    match ip {
        IpAddr::V4(ip) => {
            let [a, high, low, _] = ip.octets();
            let within = a == 198 && (high == 18 || high == 19);
            within.then(|| u32::from_be_bytes([0, 0, high - 18, low]))
        }
        IpAddr::V6(ip) => {
            let [a, b, group, ..] = ip.segments();
            (a == 0x2001 && b == 0xdb8).then(|| u32::from(group))
        }
    }
}

/// The name of a provider.
#[must_use]
pub fn name_of(provider: u32) -> String {
    format!("Hosting {provider} B.V.")
}

fn desks(provider: u32) -> Vec<String> {
    let first = format!("abuse@host{provider}.example");
    let second = format!("abuse-2@host{provider}.example");
    if first_desk_is_dead(provider) {
        vec![first, second]
    } else {
        vec![first]
    }
}

/// Whether the first abuse desk a provider names takes no mail; it then names another.
#[must_use]
pub const fn first_desk_is_dead(provider: u32) -> bool {
    provider % 10 == 4
}

/// Whose abuse desk an address is, and whether it is the second.
#[must_use]
pub fn desk_of(mail: &str) -> Option<(u32, bool)> {
    let (name, host) = mail.split_once('@')?;
    let provider = host.strip_prefix("host")?.strip_suffix(".example")?;
    Some((provider.parse().ok()?, name == "abuse-2"))
}

/// The answer to a question of a registry; none when there is no such entry.
#[must_use]
pub fn answer(url: &Url) -> Option<String> {
    let path = url.path();
    if path == "/ipv4.json" || path == "/ipv6.json" {
        let server = format!("http://{REGISTRY}/rdap/");
        let ranges = ["0.0.0.0/0", "::/0"];
        return Some(json!({"version": "1.0", "services": [[ranges, [server]]]}).to_string());
    }
    if let Some(ip) = path.strip_prefix("/rdap/ip/") {
        return rdap(provider_at(ip.parse().ok()?)?);
    }
    let about = url.query_pairs().find(|(key, _)| key == "resource")?.1;
    let ip = about.split('/').next()?.parse().ok()?;
    let provider = provider_at(ip)?;
    let asn = FIRST_ASN.checked_add(provider)?;
    let data = match path.split('/').nth(2)? {
        "network-info" => json!({"asns": [asn.to_string()], "prefix": format!("{ip}")}),
        "prefix-overview" => {
            let holder = format!("HOST-{provider} - {}, NL", name_of(provider));
            json!({"asns": [{"asn": asn, "holder": holder}]})
        }
        "abuse-contact-finder" => json!({"abuse_contacts": desks(provider)}),
        "rir-geo" => json!({"located_resources": [{"resource": about, "location": "NL"}]}),
        "maxmind-geo-lite" => {
            json!({"located_resources": [{"resource": about, "locations": [{"country": "NL"}]}]})
        }
        _ => return None,
    };
    Some(json!({"status": "ok", "data": data}).to_string())
}

fn rdap(provider: u32) -> Option<String> {
    let mail = |desk: &String| json!(["email", {}, "text", desk]);
    let mut card = vec![json!(["fn", {}, "text", "Abuse desk"])];
    card.extend(desks(provider).iter().map(mail));
    let network = json!({
        "objectClassName": "ip network",
        "name": format!("HOST-{provider}"),
        "country": "NL",
        "entities": [
            {"objectClassName": "entity", "roles": ["registrant"],
             "vcardArray": ["vcard", [["fn", {}, "text", name_of(provider)]]]},
            {"objectClassName": "entity", "roles": ["abuse"], "vcardArray": ["vcard", card]},
        ],
    });
    Some(network.to_string())
}
