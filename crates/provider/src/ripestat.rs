//! Reading the data calls of RIPEstat: each answer is an envelope with `data` in it.

use serde_json::Value;

use crate::rdap::one_line;
use crate::{Country, MailAddress};

/// What the data calls say; each call fills its own fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// `network-info`: the number of the network that announces the address.
    pub asn: Option<u32>,
    /// `network-info`: the prefix that holds the address.
    pub prefix: Option<String>,
    /// `prefix-overview`: who holds the network.
    pub holder: Option<String>,
    /// `abuse-contact-finder`.
    pub abuse: Vec<MailAddress>,
    /// `rir-geo` and `maxmind-geo-lite`: the country.
    pub country: Option<Country>,
}

/// Reads an answer; none when it is no answer of RIPEstat or tells of an error.
#[must_use]
pub fn read(body: &[u8]) -> Option<Said> {
    let envelope: Value = serde_json::from_slice(body).ok()?;
    if envelope
        .get("status")
        .and_then(Value::as_str)
        .is_some_and(|status| status == "error")
    {
        return None;
    }
    let data = envelope.get("data").filter(|data| data.is_object())?;
    let prefix = data
        .get("prefix")
        .and_then(Value::as_str)
        .filter(|prefix| !prefix.is_empty());
    let mut said = Said {
        asn: asn(data.pointer("/asns/0")),
        prefix: prefix.and_then(one_line),
        holder: data
            .pointer("/asns/0/holder")
            .and_then(Value::as_str)
            .and_then(holder),
        country: located(data),
        ..Said::default()
    };
    for email in list(data.get("abuse_contacts"))
        .iter()
        .take(8)
        .filter_map(Value::as_str)
    {
        said.abuse.extend(MailAddress::parse(email).ok());
    }
    Some(said)
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A number, a number as text, or an object with one.
fn asn(value: Option<&Value>) -> Option<u32> {
    match value? {
        Value::Number(number) => number
            .as_u64()
            .and_then(|number| u32::try_from(number).ok()),
        Value::String(text) => text.trim_start_matches("AS").parse().ok(),
        Value::Object(of) => asn(of.get("asn").filter(|asn| !asn.is_object())),
        _ => None,
    }
    .filter(|asn| *asn != 0)
}

/// `SHORT-NAME - Organisation, CC` without the short name and the country.
fn holder(text: &str) -> Option<String> {
    let text = text.split_once(" - ").map_or(text, |(_, name)| name);
    let text = match text.rsplit_once(", ") {
        Some((name, code)) if code.len() == 2 && Country::parse(code).is_some() => name,
        _ => text,
    };
    one_line(text)
}

/// `rir-geo` has a `location` for each range, `maxmind-geo-lite` a list of `locations`. Where a
/// range lies in several countries nothing is concluded.
fn located(data: &Value) -> Option<Country> {
    let ranges = list(data.get("located_resources"));
    let mut countries: Vec<Country> = ranges
        .iter()
        .flat_map(|range| {
            let one = range.get("location").and_then(Value::as_str);
            let many = list(range.get("locations")).iter();
            one.into_iter()
                .chain(many.filter_map(|place| place.get("country")?.as_str()))
        })
        .filter_map(Country::parse)
        .collect();
    countries.dedup();
    match countries.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(data: &str) -> Said {
        read(format!(r#"{{"status":"ok","data":{data}}}"#).as_bytes()).unwrap()
    }

    #[test]
    fn each_call_fills_its_own_fields() {
        let network = said(r#"{"asns":["64500"],"prefix":"2001:db8::/32"}"#);
        assert_eq!(
            (network.asn, network.prefix.as_deref()),
            (Some(64_500), Some("2001:db8::/32"))
        );
        let overview =
            said(r#"{"asns":[{"asn":64500,"holder":"EX-NET - Example, Hosting B.V., NL"}]}"#);
        assert_eq!(overview.holder.as_deref(), Some("Example, Hosting B.V."));
        assert_eq!(overview.asn, Some(64_500));
        let desk = said(r#"{"abuse_contacts":["abuse@hosting.example","removed@lacnic.net"]}"#);
        assert_eq!(desk.abuse.len(), 1);
        let delegated =
            said(r#"{"located_resources":[{"resource":"192.0.2.0/24","location":"NL"}]}"#);
        assert_eq!(delegated.country, Country::parse("NL"));
        let measured = said(r#"{"located_resources":[{"locations":[{"country":"DE"}]}]}"#);
        assert_eq!(measured.country, Country::parse("DE"));
    }

    #[test]
    fn a_range_in_two_countries_and_an_unannounced_address_say_nothing() {
        let two =
            said(r#"{"located_resources":[{"locations":[{"country":"DE"},{"country":"NL"}]}]}"#);
        assert_eq!(two.country, None);
        assert_eq!(said(r#"{"asns":[],"prefix":""}"#), Said::default());
        assert_eq!(read(br#"{"status":"error","data":{}}"#), None);
    }
}
