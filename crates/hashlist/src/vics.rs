//! Project VIC's VICS JSON, 1.3 and 2.0, as its readers show it: `value[]` of media, or of cases with
//! `Media[]`. It is read as a stream: one medium is in memory at a time, however large the file. The format
//! has no word for an entry that is taken back: a file of such entries is read as withdrawals.

use std::fmt;
use std::io::BufRead;
use std::ops::ControlFlow;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::digest::{Key, Kind};
use crate::format::{FormatFault, Row, Said};

type Told<'a> = &'a mut dyn FnMut(Row) -> ControlFlow<()>;

/// Reads every medium; rows are counted from 1.
pub fn read(from: impl BufRead, told: Told<'_>) -> Result<(), FormatFault> {
    let mut place = Place {
        rows: 0,
        stopped: false,
        told,
    };
    let mut json = serde_json::Deserializer::from_reader(from);
    let read = json.deserialize_map(Objects(&mut place));
    match read {
        _ if place.stopped => Ok(()),
        Ok(_) => Ok(json.end()?),
        Err(fault) => Err(fault.into()),
    }
}

struct Place<'a> {
    rows: u64,
    stopped: bool,
    told: Told<'a>,
}

/// What a medium says of itself, as far as lists need it.
#[derive(Default)]
struct Medium {
    md5: Option<String>,
    sha1: Option<String>,
    category: Option<String>,
    others: Vec<(Option<String>, Option<String>)>,
    name: Option<String>,
    value: Option<String>,
    cases: bool,
}

impl Medium {
    fn said(&self) -> Result<Said, String> {
        let mut keys = Vec::new();
        for (kind, text) in [(Kind::Md5, &self.md5), (Kind::Sha1, &self.sha1)] {
            if let Some(text) = text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
                keys.push(Key::parse(kind, text).map_err(|fault| format!("{kind}: {fault}"))?);
            }
        }
        for (name, value) in &self.others {
            let kind = name.as_deref().and_then(other_kind);
            if let (Some(kind), Some(text)) = (kind, value) {
                let key = Key::parse(kind, text.trim());
                keys.push(key.map_err(|fault| format!("{kind}: {fault}"))?);
            }
        }
        if keys.is_empty() {
            return Err("it has no hash of a known kind".into());
        }
        let category = self.category.as_deref().unwrap_or("uncategorised");
        let category = category.parse();
        Ok(Said {
            keys,
            category: category.map_err(|fault| format!("category: {fault}"))?,
            withdrawn: false,
        })
    }
}

/// The kind that a hash beside MD5 and SHA1 goes by; others are passed over.
fn other_kind(name: &str) -> Option<Kind> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.to_ascii_lowercase().as_str() {
        "sha256" => Some(Kind::Sha256),
        "pdq" => Some(Kind::Pdq),
        "pdq512" => Some(Kind::Pdq512),
        _ => None,
    }
}

/// The outermost object, a case, a medium or one of its other hashes.
struct Objects<'p, 'a>(&'p mut Place<'a>);

impl<'de> Visitor<'de> for Objects<'_, '_> {
    type Value = Medium;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Medium, A::Error> {
        let mut medium = Medium::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "value" | "Media" => {
                    medium.cases = true;
                    map.next_value_seed(List(&mut *self.0))?;
                }
                "AlternativeHashes" => medium.others = map.next_value_seed(Others(&mut *self.0))?,
                "HashName" => medium.name = map.next_value_seed(Scalar)?,
                "HashValue" => medium.value = map.next_value_seed(Scalar)?,
                "MD5" => medium.md5 = map.next_value_seed(Scalar)?,
                "SHA1" => medium.sha1 = map.next_value_seed(Scalar)?,
                "Category" => medium.category = map.next_value_seed(Scalar)?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(medium)
    }
}

struct List<'p, 'a>(&'p mut Place<'a>);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of media or cases")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(medium) = seq.next_element_seed(Object(&mut *self.0))? {
            if medium.cases {
                continue;
            }
            self.0.rows += 1;
            let row = Row {
                number: self.0.rows,
                said: medium.said(),
            };
            if (self.0.told)(row).is_break() {
                self.0.stopped = true;
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// The hashes of a medium beside MD5 and SHA1: a list, or nothing.
struct Others<'p, 'a>(&'p mut Place<'a>);

impl<'de> DeserializeSeed<'de> for Others<'_, '_> {
    type Value = Vec<(Option<String>, Option<String>)>;
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Others<'_, '_> {
    type Value = Vec<(Option<String>, Option<String>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of hashes")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut others = Vec::new();
        while let Some(one) = seq.next_element_seed(Object(&mut *self.0))? {
            // More than anybody has; the rest is passed over so that one medium stays small.
            if others.len() < 16 {
                others.push((one.name, one.value));
            }
        }
        Ok(others)
    }
}

struct Object<'p, 'a>(&'p mut Place<'a>);

impl<'de> DeserializeSeed<'de> for Object<'_, '_> {
    type Value = Medium;
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Medium, D::Error> {
        from.deserialize_map(Objects(self.0))
    }
}

/// A text or number; anything else counts as not said.
struct Scalar;

impl<'de> DeserializeSeed<'de> for Scalar {
    type Value = Option<String>;
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Scalar {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
