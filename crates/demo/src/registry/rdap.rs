//! RDAP: the JSON answers of RFC 9083 to the questions of RFC 9082, and the bootstrap files of RFC 9224.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::network::{Abuse, Network};
use crate::host::DemoHost;

/// The day all entries of the demo were last changed.
const CHANGED: &str = "2026-01-05T09:00:00Z";

pub(super) fn router(at: Arc<str>) -> Router {
    Router::new()
        .route("/ip/{address}", get(ip))
        .route("/ip/{address}/{length}", get(range))
        .route("/autnum/{system}", get(system))
        .route("/domain/{name}", get(domain))
        .route("/{bootstrap}", get(bootstrap))
        .with_state(at)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/rdap+json")],
        body.to_string(),
    )
        .into_response()
}

fn found(mut body: Value) -> Response {
    body["rdapConformance"] = json!(["rdap_level_0"]);
    body["notices"] = json!([{
        "title": "Demonstration",
        "description": ["This entry belongs to a demonstration; its names and numbers are reserved for examples."],
    }]);
    answer(StatusCode::OK, &body)
}

fn unknown(asked: &str) -> Response {
    let body = json!({
        "rdapConformance": ["rdap_level_0"],
        "errorCode": 404,
        "title": "Not Found",
        "description": [format!("there is no entry for {asked}")],
    });
    answer(StatusCode::NOT_FOUND, &body)
}

/// A contact as jCard (RFC 7095). Its order and its `text` markers are as the registries send them.
fn card(kind: &str, name: &str, mail: Option<&str>) -> Value {
    let mut fields = vec![
        json!(["version", {}, "text", "4.0"]),
        json!(["fn", {}, "text", name]),
        json!(["kind", {}, "text", kind]),
    ];
    if let Some(mail) = mail {
        fields.push(json!(["email", {"type": "abuse", "pref": "1"}, "text", mail]));
    }
    json!(["vcard", fields])
}

fn entities(network: &Network) -> Value {
    let short = network
        .name
        .trim_end_matches(char::is_numeric)
        .trim_end_matches("-NET");
    let abuse = |mail| {
        json!({
            "objectClassName": "entity",
            "handle": format!("{short}-ABUSE"),
            "roles": ["abuse"],
            "vcardArray": card("group", &format!("{} abuse desk", network.holder), Some(mail)),
        })
    };
    let mut registrant = json!({
        "objectClassName": "entity",
        "handle": format!("{short}-ORG"),
        "roles": ["registrant"],
        "vcardArray": card("org", network.holder, None),
    });
    match network.abuse {
        Abuse::Beside(mail) => json!([registrant, abuse(mail)]),
        Abuse::Inside(mail) => {
            registrant["entities"] = json!([abuse(mail)]);
            json!([registrant])
        }
        Abuse::Missing => json!([registrant]),
    }
}

fn events() -> Value {
    json!([
        {"eventAction": "registration", "eventDate": "2020-02-03T10:00:00Z"},
        {"eventAction": "last changed", "eventDate": CHANGED},
    ])
}

fn network_answer(at: &str, asked: &str) -> Response {
    let Some(network) = Network::with(asked) else {
        return unknown(asked);
    };
    let Some((first, last, length)) = network.bounds() else {
        return unknown(asked);
    };
    let (version, prefix) = if first.is_ipv4() {
        ("v4", "v4prefix")
    } else {
        ("v6", "v6prefix")
    };
    let link = format!("http://{at}/ip/{}", network.range());
    found(json!({
        "objectClassName": "ip network",
        "handle": network.handle,
        "startAddress": first.to_string(),
        "endAddress": last.to_string(),
        "ipVersion": version,
        "name": network.name,
        "type": "ASSIGNED PA",
        "country": network.country,
        "status": ["active"],
        "cidr0_cidrs": [{prefix: first.to_string(), "length": length}],
        "entities": entities(network),
        "events": events(),
        "links": [{"value": link, "rel": "self", "href": link, "type": "application/rdap+json"}],
        "port43": format!("whois.{}.example", network.registry),
    }))
}

async fn ip(State(at): State<Arc<str>>, Path(address): Path<String>) -> Response {
    network_answer(&at, &address)
}

async fn range(
    State(at): State<Arc<str>>,
    Path((address, length)): Path<(String, String)>,
) -> Response {
    network_answer(&at, &format!("{address}/{length}"))
}

async fn system(Path(asked): Path<String>) -> Response {
    let number = asked.trim_start_matches(['A', 'S', 'a', 's']).parse().ok();
    let Some(network) = number.and_then(Network::of_system) else {
        return unknown(&asked);
    };
    found(json!({
        "objectClassName": "autnum",
        "handle": format!("AS{}", network.system),
        "startAutnum": network.system,
        "endAutnum": network.system,
        "name": network.name,
        "type": "DIRECT ALLOCATION",
        "status": ["active"],
        "country": network.country,
        "entities": entities(network),
        "events": events(),
    }))
}

/// A name, or the part of it that is registered. The registrar's abuse desk is inside the registrar.
async fn domain(Path(asked): Path<String>) -> Response {
    let lower = asked.to_ascii_lowercase();
    let Some(host) = registered(&lower) else {
        return unknown(&asked);
    };
    let abuse = json!({
        "objectClassName": "entity",
        "roles": ["abuse"],
        "vcardArray": card("group", "Registrar abuse desk", Some("abuse@registrar.example")),
    });
    found(json!({
        "objectClassName": "domain",
        "handle": format!("{}-EXAMPLE", host.name.trim_end_matches(".example").to_uppercase()),
        "ldhName": host.name,
        "status": ["active"],
        "entities": [{
            "objectClassName": "entity",
            "handle": "9999",
            "roles": ["registrar"],
            "vcardArray": card("org", "Example Registrar", None),
            "publicIds": [{"type": "IANA Registrar ID", "identifier": "9999"}],
            "entities": [abuse],
        }],
        "events": events(),
        "nameservers": [{"objectClassName": "nameserver", "ldhName": "ns1.registrar.example"}],
    }))
}

fn registered(name: &str) -> Option<&'static DemoHost> {
    let start = name
        .trim_end_matches('.')
        .rmatch_indices('.')
        .nth(1)
        .map_or(0, |(dot, _)| dot + 1);
    DemoHost::named(name.trim_end_matches('.').get(start..)?)
}

/// The bootstrap files: which server knows which addresses, names and systems.
async fn bootstrap(State(at): State<Arc<str>>, Path(file): Path<String>) -> Response {
    let here = format!("http://{at}/");
    let known = match file.as_str() {
        "ipv4.json" => json!(["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"]),
        "ipv6.json" => json!(["2001:db8::/32"]),
        "dns.json" => json!(["example"]),
        "asn.json" => json!(["64500-64511"]),
        _ => return unknown(&file),
    };
    let body = json!({
        "description": "RDAP bootstrap file of the demonstration",
        "publication": CHANGED,
        "services": [[known, [here]]],
        "version": "1.0",
    });
    (
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_below_a_registered_one_is_answered_with_the_registered_one() {
        assert_eq!(
            registered("www.gallery.example").map(|host| host.name),
            Some("gallery.example")
        );
        assert_eq!(
            registered("album.example.").map(|host| host.name),
            Some("album.example")
        );
        assert_eq!(registered("example"), None);
    }

    #[test]
    fn the_abuse_contact_is_beside_inside_or_missing() {
        let at = |address| entities(Network::with(address).unwrap());
        assert_eq!(at("192.0.2.10")[1]["roles"], json!(["abuse"]));
        assert_eq!(
            at("198.51.100.20")[0]["entities"][0]["roles"],
            json!(["abuse"])
        );
        assert_eq!(at("203.0.113.7").as_array().unwrap().len(), 1);
    }
}
