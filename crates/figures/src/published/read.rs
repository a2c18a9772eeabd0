//! Reading a file of published figures. Everything wrong with it is told, each with its line.

use crate::amount::{Amount, AmountFault};
use crate::growth::Under;
use crate::unit_name::{NotAUnit, UnitName};

/// The columns of the file, in any order.
const COLUMNS: [&str; 6] = ["figure", "year", "value", "unit", "definition", "source"];
/// The largest file that is read, in bytes.
const LARGEST: usize = 4 << 20;
/// Faults told at once; more do not help whoever mends the file.
const FAULTS: usize = 20;
/// Longest text of a definition or a source, in bytes.
const LONGEST: usize = 2_000;
/// The first year anybody may have published of: the web is not older.
const FIRST_YEAR: i16 = 1990;

/// The name of a figure in files: lower-case letters, digits and hyphens, beginning with a letter,
/// at most 60.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// A text is no name of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is no name of a figure: write letters, digits and hyphens, beginning with a letter, at most 60"
)]
pub struct KeyFault;

impl Key {
    /// Reads a name; capitals and underscores are taken as what they stand for.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        let key = text.trim().to_ascii_lowercase().replace('_', "-");
        let fits = key.len() <= 60
            && key.starts_with(|c: char| c.is_ascii_lowercase())
            && key
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if fits { Ok(Self(key)) } else { Err(KeyFault) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One published number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Of which figure.
    pub key: Key,
    /// Of which year.
    pub year: i16,
    /// The number.
    pub value: Amount,
    /// In which unit.
    pub unit: UnitName,
    /// Under which definition; `1` or `v1` says that it is the first of ours.
    pub definition: Under,
    /// Where it was published.
    pub source: String,
}

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// It is not UTF-8.
    #[error("is not UTF-8: save the file as \"CSV UTF-8\"")]
    NotUtf8,
    /// It has more or fewer cells than there are columns.
    #[error("has {found} cells, the first line has {wanted}: put text with a comma between quotes")]
    Cells {
        /// How many there are.
        found: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// The name of the figure.
    #[error("figure: {text:?} {fault}")]
    Figure {
        /// What was written.
        text: String,
        /// What is wrong.
        fault: KeyFault,
    },
    /// The year.
    #[error("year: {text:?} is no year from {FIRST_YEAR} to {latest}")]
    Year {
        /// What was written.
        text: String,
        /// The latest year of which anything can have been published.
        latest: i16,
    },
    /// The value.
    #[error("value: {text:?} {fault}")]
    Value {
        /// What was written.
        text: String,
        /// What is wrong.
        fault: AmountFault,
    },
    /// A count with decimals.
    #[error("value: {text:?} has decimals, but {unit} are counted in whole numbers")]
    Decimals {
        /// What was written.
        text: String,
        /// Of what.
        unit: String,
    },
    /// A share above the whole.
    #[error("value: {text:?} percent is more than the whole")]
    MoreThanAll {
        /// What was written.
        text: String,
    },
    /// The unit.
    #[error("unit: {text:?} {fault}")]
    Unit {
        /// What was written.
        text: String,
        /// What is wrong.
        fault: NotAUnit,
    },
    /// The definition or the source is too long or holds control characters.
    #[error("{column}: write at most {LONGEST} bytes of plain text")]
    Text {
        /// Which column.
        column: &'static str,
    },
    /// No source.
    #[error("source: is empty; say where the number was published")]
    NoSource,
    /// The same figure and year stand on an earlier line.
    #[error("{figure} {year} stands on line {first} already")]
    Twice {
        /// The figure.
        figure: String,
        /// The year.
        year: i16,
        /// The earlier line.
        first: u64,
    },
}

/// What is wrong, and on which line; the line of headings is line 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct Fault {
    /// The line.
    pub line: u64,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// Why a file of published figures was not read; nothing of it counts then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Too large to be a file of figures.
    #[error("the file is larger than {} MB", LARGEST >> 20)]
    TooLarge,
    /// Nothing is in it below the headings.
    #[error("there is no figure in the file")]
    Empty,
    /// The headings are not those of this file.
    #[error("line 1: the headings must be figure,year,value,unit,definition,source; {0}")]
    Headings(String),
    /// Lines are wrong.
    #[error("{}", told(.0))]
    Lines(Vec<Fault>),
}

fn told(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    if faults.len() >= FAULTS {
        lines.push("there may be more".to_owned());
    }
    lines.join("\n")
}

/// Where each column stands.
fn columns(headings: &csv::ByteRecord) -> Result<[usize; 6], Unread> {
    let names: Vec<String> = headings
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim().to_lowercase())
        .collect();
    if let Some(other) = names.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        return Err(Unread::Headings(format!("{other:?} is none of them")));
    }
    let mut places = [0; 6];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let mut found = (0..names.len()).filter(|at| names[*at] == column);
        match (found.next(), found.next()) {
            (Some(at), None) => *place = at,
            (None, _) => return Err(Unread::Headings(format!("{column:?} is missing"))),
            (Some(_), Some(_)) => {
                return Err(Unread::Headings(format!("{column:?} stands there twice")));
            }
        }
    }
    Ok(places)
}

/// Reads a whole file: UTF-8, with or without byte order mark, cells between commas or, as a Dutch
/// spreadsheet writes them, semicolons. `latest` is the present year.
///
/// # Errors
/// [`Unread`], with every fault found.
pub fn read(file: &[u8], latest: i16) -> Result<Vec<Published>, Unread> {
    if file.len() > LARGEST {
        return Err(Unread::TooLarge);
    }
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let first = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let semicolons = first.contains(&b';') && !first.contains(&b',');
    let mut lines = csv::ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .flexible(true)
        .from_reader(file);
    let broken = |fault: csv::Error| Unread::Headings(fault.to_string());
    let places = columns(lines.byte_headers().map_err(broken)?)?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let mut seen = std::collections::BTreeMap::new();
    for cells in lines.byte_records() {
        let cells = cells.map_err(broken)?;
        let line = cells.position().map_or(0, csv::Position::line);
        let before = faults.len();
        let mut fault = |kind| faults.push(Fault { line, kind });
        let row = row(&cells, places, latest, &mut fault);
        if let Some(row) = row {
            let at = (row.key.clone(), row.year);
            if let Some(first) = seen.get(&at) {
                fault(FaultKind::Twice {
                    figure: row.key.0.clone(),
                    year: row.year,
                    first: *first,
                });
            } else {
                seen.insert(at, line);
            }
            if faults.len() == before {
                rows.push(row);
            }
        }
        if faults.len() >= FAULTS {
            break;
        }
    }
    match (rows.is_empty(), faults.is_empty()) {
        (_, false) => Err(Unread::Lines(faults)),
        (true, true) => Err(Unread::Empty),
        (false, true) => Ok(rows),
    }
}

/// Reads one line; what is wrong with it is told to `fault`.
fn row(
    cells: &csv::ByteRecord,
    places: [usize; 6],
    latest: i16,
    fault: &mut impl FnMut(FaultKind),
) -> Option<Published> {
    if cells.len() != places.len() {
        fault(FaultKind::Cells {
            found: cells.len(),
            wanted: places.len(),
        });
        return None;
    }
    let mut texts = [""; 6];
    for (text, place) in texts.iter_mut().zip(places) {
        let Ok(cell) = std::str::from_utf8(cells.get(place).unwrap_or_default()) else {
            fault(FaultKind::NotUtf8);
            return None;
        };
        *text = cell.trim();
    }
    let [figure, year, value, unit, definition, source] = texts;
    let text = || figure.to_owned();
    let key = Key::parse(figure).map_err(|f| FaultKind::Figure {
        text: text(),
        fault: f,
    });
    let year = year_of(year, latest);
    let unit = UnitName::parse(unit).map_err(|fault| FaultKind::Unit {
        text: unit.to_owned(),
        fault,
    });
    let value = value_of(value, unit.as_ref().ok());
    let definition = plain("definition", definition).map(|words| under(&words));
    let source = plain("source", source).and_then(|source| {
        let empty = source.is_empty();
        if empty {
            Err(FaultKind::NoSource)
        } else {
            Ok(source)
        }
    });
    let mut take = |kind: Option<FaultKind>| kind.map(&mut *fault);
    take(key.as_ref().err().cloned());
    take(year.as_ref().err().cloned());
    take(value.as_ref().err().cloned());
    take(unit.as_ref().err().cloned());
    take(definition.as_ref().err().cloned());
    take(source.as_ref().err().cloned());
    Some(Published {
        key: key.ok()?,
        year: year.ok()?,
        value: value.ok()?,
        unit: unit.ok()?,
        definition: definition.ok()?,
        source: source.ok()?,
    })
}

fn year_of(text: &str, latest: i16) -> Result<i16, FaultKind> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|year| digits && (FIRST_YEAR..=latest).contains(year))
        .ok_or_else(|| FaultKind::Year {
            text: text.to_owned(),
            latest,
        })
}

fn value_of(text: &str, unit: Option<&UnitName>) -> Result<Amount, FaultKind> {
    let owned = || text.to_owned();
    let value = Amount::parse(text).map_err(|fault| FaultKind::Value {
        text: owned(),
        fault,
    })?;
    match unit {
        Some(UnitName::Ours(unit)) if UnitName::Ours(*unit).is_a_count() && !value.is_whole() => {
            Err(FaultKind::Decimals {
                text: owned(),
                unit: unit.key().to_owned(),
            })
        }
        Some(UnitName::Ours(crate::Unit::Percent)) if value > Amount::whole(100) => {
            Err(FaultKind::MoreThanAll { text: owned() })
        }
        _ => Ok(value),
    }
}

fn plain(column: &'static str, text: &str) -> Result<String, FaultKind> {
    if text.len() > LONGEST
        || text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\r')
    {
        return Err(FaultKind::Text { column });
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `1`, `v1` and `version 1` name a version of our own definition.
pub(super) fn under(words: &str) -> Under {
    let number = words
        .strip_prefix("version ")
        .or_else(|| words.strip_prefix('v'))
        .unwrap_or(words);
    match number.parse() {
        Ok(version) if version > 0 => Under::Version(version),
        _ => Under::Words(words.to_owned()),
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
