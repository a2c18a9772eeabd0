//! Project VIC's VICS JSON, 1.3 and 2.0, as its readers show it: `value[]` of media, or of cases with
//! `Media[]`. It is read as a stream: one medium is in memory at a time, however large the file. The format
//! has no word for an entry that is taken back: a file of such entries is read as withdrawals.
//!
//! A medium that is none, or says of itself what nobody expects, is a row that cannot be read: only what
//! is no JSON ends the file.

use std::fmt;
use std::io::BufRead;
use std::ops::ControlFlow;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

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
    let read = json.deserialize_map(Object {
        place: &mut place,
        depth: 0,
    });
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

impl Place<'_> {
    /// Tells the next row; the fault only ends the reading, and is not told.
    fn tell<E: Error>(&mut self, said: Result<Said, String>) -> Result<(), E> {
        self.rows += 1;
        let number = self.rows;
        if (self.told)(Row { number, said }).is_break() {
            self.stopped = true;
            return Err(E::custom("stopped"));
        }
        Ok(())
    }
}

/// What a medium says of itself, as far as lists need it.
#[derive(Default)]
struct Medium {
    md5: Option<String>,
    sha1: Option<String>,
    category: Option<String>,
    others: Vec<Other>,
    cases: bool,
    /// Why it cannot be read, whatever else it says.
    fault: Option<&'static str>,
}

/// A hash beside MD5 and SHA1.
struct Other {
    name: Option<String>,
    value: Option<String>,
}

impl Medium {
    fn said(&self) -> Result<Said, String> {
        if let Some(fault) = self.fault {
            return Err(fault.into());
        }
        let mut keys = Vec::new();
        for (kind, text) in [(Kind::Md5, &self.md5), (Kind::Sha1, &self.sha1)] {
            if let Some(text) = text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
                keys.push(Key::parse(kind, text).map_err(|fault| format!("{kind}: {fault}"))?);
            }
        }
        for Other { name, value } in &self.others {
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

/// A text or number; anything else counts as not said.
fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The hashes of a medium beside MD5 and SHA1: a list, or nothing.
fn others(raw: &RawValue) -> Result<Vec<Other>, &'static str> {
    /// More than anybody has; the rest is passed over so that one medium stays small.
    const MOST: usize = 16;
    let listed: Option<Vec<&RawValue>> =
        serde_json::from_str(raw.get()).map_err(|_| "AlternativeHashes is no list")?;
    let listed = listed.into_iter().flatten().take(MOST);
    let read = listed.map(|one| match serde_json::from_str(one.get()) {
        Ok(Value::Object(mut one)) => Ok(Other {
            name: one.remove("HashName").and_then(text),
            value: one.remove("HashValue").and_then(text),
        }),
        _ => Err("one of AlternativeHashes is no object"),
    });
    read.collect()
}

/// The value of a field, whatever it is.
fn said<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    let raw = map.next_value::<Box<RawValue>>()?;
    Ok(serde_json::from_str(raw.get()).ok().and_then(text))
}

/// Makes of everything but the one shape that is expected what `otherwise` says.
macro_rules! otherwise {
    () => {
        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
            self.otherwise()
        }
        fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
            self.otherwise()
        }
        fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
            self.otherwise()
        }
        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            self.otherwise()
        }
        fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
            self.otherwise()
        }
    };
}

/// The outermost object, a case or a medium; a medium when it holds no list of others.
struct Object<'p, 'a> {
    place: &'p mut Place<'a>,
    /// In how many lists it stands.
    depth: u8,
}

/// The media of a case stand in so many lists; what is deeper is none.
const DEEPEST: u8 = 2;

impl Object<'_, '_> {
    fn otherwise<E>(self) -> Result<Medium, E> {
        Ok(Medium {
            fault: Some("it is no object"),
            ..Medium::default()
        })
    }
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_> {
    type Value = Medium;
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Medium, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_> {
    type Value = Medium;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Medium, A::Error> {
        let mut medium = Medium::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "value" | "Media" if self.depth < DEEPEST => {
                    medium.cases = true;
                    map.next_value_seed(List {
                        place: &mut *self.place,
                        depth: self.depth + 1,
                    })?;
                }
                "AlternativeHashes" => match others(&map.next_value::<Box<RawValue>>()?) {
                    Ok(others) => medium.others = others,
                    Err(fault) => medium.fault = Some(fault),
                },
                "MD5" => medium.md5 = said(&mut map)?,
                "SHA1" => medium.sha1 = said(&mut map)?,
                "Category" => medium.category = said(&mut map)?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(medium)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Medium, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.otherwise()
    }
    fn visit_unit<E: Error>(self) -> Result<Medium, E> {
        self.otherwise()
    }
    otherwise!();
}

/// The cases or media of an object.
struct List<'p, 'a> {
    place: &'p mut Place<'a>,
    depth: u8,
}

impl List<'_, '_> {
    /// Told as a row, so that media that may be in it are not passed over unseen.
    fn otherwise<E: Error>(self) -> Result<(), E> {
        self.place.tell(Err("a list of media is no list".into()))
    }
}

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of media or cases")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let depth = self.depth;
        while let Some(medium) = seq.next_element_seed(Object {
            place: &mut *self.place,
            depth,
        })? {
            if !medium.cases {
                self.place.tell(medium.said())?;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.otherwise()
    }
    /// There is none.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
    otherwise!();
}
