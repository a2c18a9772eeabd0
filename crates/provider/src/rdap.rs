//! Reading an RDAP answer about a network (RFC 9083), with the ways of the five registries.
//!
//! RIPE gives the abuse desk beside the registrant; ARIN puts it inside, often twice; APNIC marks
//! the preferred address; LACNIC and registro.br leave addresses out or put a placeholder; AFRINIC
//! has no abuse role at all. Only what is said is read; a missing field is none.

use serde_json::Value;

use crate::{Country, MailAddress};

/// How deep entities may lie within entities.
const DEEPEST: usize = 6;
/// Most addresses read of one kind.
const MOST: usize = 8;
/// Longest name kept, in characters.
const LONGEST: usize = 200;

/// What an RDAP server says about a network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RdapNetwork {
    /// The name of the network.
    pub name: Option<String>,
    /// Who it is registered to.
    pub organisation: Option<String>,
    /// Country of the registration.
    pub country: Option<Country>,
    /// Addresses with the role `abuse`, preferred first.
    pub abuse: Vec<MailAddress>,
    /// Addresses with any other role.
    pub others: Vec<MailAddress>,
}

/// Reads an answer; none when it is not an RDAP network.
#[must_use]
pub fn read(body: &[u8]) -> Option<RdapNetwork> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let network = value.as_object()?;
    let is_network = network.get("objectClassName").and_then(Value::as_str) == Some("ip network");
    if !is_network && !network.contains_key("startAddress") {
        return None;
    }
    let mut read = RdapNetwork {
        name: text(value.get("name")),
        country: value
            .get("country")
            .and_then(Value::as_str)
            .and_then(Country::parse),
        ..RdapNetwork::default()
    };
    let mut mails = Mails::default();
    for entity in entities(&value) {
        visit(entity, 0, false, &mut read, &mut mails);
    }
    read.abuse = mails.abuse.in_order();
    read.others = mails.others.in_order();
    if read.organisation.is_none() {
        let remark = value.pointer("/remarks/0/description/0");
        read.organisation = text(remark).or_else(|| read.name.clone());
    }
    Some(read)
}

#[derive(Default)]
struct Mails {
    abuse: Preferred,
    others: Preferred,
}

/// Addresses with how much each is preferred: 1 most, 100 least (RFC 6350).
#[derive(Default)]
struct Preferred(Vec<(u64, MailAddress)>);

impl Preferred {
    fn add(&mut self, preference: u64, email: MailAddress) {
        let full = self.0.len() >= MOST;
        match self.0.iter_mut().find(|(_, known)| known.is_same(&email)) {
            Some(known) => known.0 = known.0.min(preference),
            None if full => {}
            None => self.0.push((preference, email)),
        }
    }

    fn in_order(mut self) -> Vec<MailAddress> {
        self.0.sort_by_key(|(preference, _)| *preference);
        self.0.into_iter().map(|(_, email)| email).collect()
    }
}

fn entities(of: &Value) -> &[Value] {
    of.get("entities")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn visit(entity: &Value, depth: usize, in_abuse: bool, read: &mut RdapNetwork, mails: &mut Mails) {
    if depth > DEEPEST {
        return;
    }
    let has_role = |role: &str| {
        let roles = entity.get("roles").and_then(Value::as_array);
        roles.is_some_and(|roles| {
            roles
                .iter()
                .any(|r| r.as_str().is_some_and(|r| r.eq_ignore_ascii_case(role)))
        })
    };
    // A desk may name its people inside; they are the desk too.
    let in_abuse = in_abuse || has_role("abuse");
    let card = entity.pointer("/vcardArray/1").and_then(Value::as_array);
    for field in card.map_or(&[][..], Vec::as_slice) {
        let Some(field) = field.as_array() else {
            continue;
        };
        match field.first().and_then(Value::as_str) {
            Some("email") => {
                let preference = preference(field.get(1));
                for email in field.iter().skip(3).filter_map(Value::as_str) {
                    if let Ok(email) = MailAddress::parse(email) {
                        let of = if in_abuse {
                            &mut mails.abuse
                        } else {
                            &mut mails.others
                        };
                        of.add(preference, email);
                    }
                }
            }
            Some("fn") if has_role("registrant") && read.organisation.is_none() => {
                read.organisation = text(field.get(3));
            }
            Some("adr") if has_role("registrant") && read.country.is_none() => {
                let code = field
                    .get(1)
                    .and_then(|of| of.get("cc"))
                    .and_then(Value::as_str);
                read.country = code.and_then(Country::parse);
            }
            _ => {}
        }
    }
    for inner in entities(entity) {
        visit(inner, depth + 1, in_abuse, read, mails);
    }
}

fn preference(of: Option<&Value>) -> u64 {
    match of.and_then(|of| of.get("pref")) {
        Some(Value::String(text)) => text.parse().unwrap_or(100),
        Some(Value::Number(number)) => number.as_u64().unwrap_or(100),
        _ => 100,
    }
}

/// A name on one line, without what could break one; none when nothing is left.
pub(crate) fn one_line(text: &str) -> Option<String> {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    let joined = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    (!joined.is_empty()).then_some(joined)
}

fn text(value: Option<&Value>) -> Option<String> {
    one_line(value?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mails(list: &[MailAddress]) -> Vec<&str> {
        list.iter().map(MailAddress::as_str).collect()
    }

    #[test]
    fn ripe_has_the_desk_beside_the_registrant() {
        let read = read(include_bytes!("../samples/ripe.json")).unwrap();
        assert_eq!(read.organisation.as_deref(), Some("Example Hosting B.V."));
        assert_eq!(read.country, Country::parse("NL"));
        assert_eq!(mails(&read.abuse), ["abuse@hosting.example"]);
    }

    #[test]
    fn arin_has_the_desk_inside_the_registrant_and_twice() {
        let read = read(include_bytes!("../samples/arin.json")).unwrap();
        assert_eq!(read.organisation.as_deref(), Some("Far Away Hosting"));
        assert_eq!(read.country, None);
        assert_eq!(mails(&read.abuse), ["abuse@faraway.example"]);
        assert_eq!(mails(&read.others), ["noc@faraway.example"]);
    }

    #[test]
    fn apnic_says_which_address_is_preferred() {
        let read = read(include_bytes!("../samples/apnic.json")).unwrap();
        assert_eq!(
            mails(&read.abuse),
            ["abuse@island.example", "helpdesk@island.example"]
        );
        assert_eq!(read.organisation.as_deref(), Some("Island Network Pty"));
    }

    #[test]
    fn lacnic_puts_a_placeholder_where_the_address_was() {
        let read = read(include_bytes!("../samples/lacnic.json")).unwrap();
        assert!(read.abuse.is_empty() && read.others.is_empty());
        assert_eq!(read.country, Country::parse("BR"));
    }

    #[test]
    fn afrinic_names_no_desk_but_a_technician() {
        let read = read(include_bytes!("../samples/afrinic.json")).unwrap();
        assert!(read.abuse.is_empty());
        assert_eq!(mails(&read.others), ["noc@savanna.example"]);
    }

    #[test]
    fn an_error_is_no_network() {
        assert_eq!(read(br#"{"errorCode":404,"title":"Not Found"}"#), None);
        assert_eq!(read(b"<html>"), None);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            prop::sample::select(vec![
                "abuse",
                "email",
                "text",
                "a@b.example",
                "NL",
                "fn",
                "\u{0}x"
            ])
            .prop_map(Value::from),
        ];
        let key = || {
            prop::sample::select(vec![
                "entities",
                "roles",
                "vcardArray",
                "country",
                "name",
                "remarks",
                "description",
                "startAddress",
                "pref",
                "data",
                "asns",
                "located_resources",
                "abuse_contacts",
            ])
        };
        leaf.prop_recursive(6, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((key(), inner), 0..6).prop_map(|fields| {
                    Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_answer_panics(mut value in any_json(), raw in ".{0,100}") {
            if let Some(object) = value.as_object_mut() {
                object.insert("startAddress".into(), "192.0.2.0".into());
            }
            let _ = read(value.to_string().as_bytes());
            let _ = crate::ripestat::read(value.to_string().as_bytes());
            let _ = read(raw.as_bytes());
            let _ = crate::ripestat::read(raw.as_bytes());
        }
    }
}
