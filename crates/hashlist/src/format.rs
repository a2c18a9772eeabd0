//! The formats of lists, read row by row in bounded memory. A row that cannot be read is told with its
//! number and the reason, and the next one is read.

use std::fmt;
use std::io::{BufRead, Read as _};
use std::ops::ControlFlow;
use std::str::FromStr;

use crate::digest::{Key, Kind};
use crate::rules::Category;
use crate::{csv, vics};

/// Longest line, in bytes.
const LINE: usize = 64 << 10;

/// What a column of a CSV holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A hash; may be empty in a row that has another.
    Hash(Kind),
    /// The source's category.
    Category,
    /// Whether the source took it back: `withdrawn` or `deleted`, `true` or `1`.
    State,
    /// Anything else.
    Ignored,
}

impl FromStr for Column {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "category" => Ok(Self::Category),
            "state" => Ok(Self::State),
            "-" => Ok(Self::Ignored),
            kind => kind.parse().map(Self::Hash).map_err(|_| {
                format!(
                    "{kind:?} is none of md5, sha1, sha256, pdq, pdq_512, category, state and -"
                )
            }),
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hash(kind) => kind.as_str(),
            Self::Category => "category",
            Self::State => "state",
            Self::Ignored => "-",
        })
    }
}

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// One hash in each line.
    Plain(Kind),
    /// CSV with these columns. A first line that names just these columns is a heading; another one is
    /// refused as a bad row 1.
    Csv(Vec<Column>),
    /// `signal_type,signal_str,collab,category,tags`, as hasher-matcher-actioner's tools write it.
    Hma,
    /// Project VIC's JSON, 1.3 or 2.0.
    Vics,
}

/// What a good row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its hashes, at least one.
    pub keys: Vec<Key>,
    /// The source's category.
    pub category: Category,
    /// The source takes it back.
    pub withdrawn: bool,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line, or its place among the media of a VICS file; from 1.
    pub number: u64,
    /// What it says, or why it cannot be read.
    pub said: Result<Said, String>,
}

/// Why a file could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum FormatFault {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    File(#[from] std::io::Error),
    /// It is no JSON, or ends too early; the fault names the line.
    #[error("the file is not the JSON that was expected")]
    Json(#[from] serde_json::Error),
}

/// Reads all rows, `uncategorised` where a row names no category, until `told` breaks off.
///
/// # Errors
/// [`FormatFault`] when the file ends in a fault; the rows before it were told.
pub fn read(
    mut from: impl BufRead,
    format: &Format,
    told: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), FormatFault> {
    if from.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        from.consume(3);
    }
    if *format == Format::Vics {
        return vics::read(from, told);
    }
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        let read = from.by_ref().take(LINE as u64);
        if { read }.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        number += 1;
        let said = if line.len() == LINE && !line.ends_with(b"\n") {
            from.skip_until(b'\n')?;
            Err("the line is too long".into())
        } else {
            match std::str::from_utf8(&line).map(str::trim) {
                Err(_) => Err("it is not UTF-8".into()),
                Ok("") => continue,
                Ok(text) if number == 1 && is_heading(format, text) => continue,
                Ok(text) => row(text, format),
            }
        };
        if told(Row { number, said }).is_break() {
            return Ok(());
        }
    }
}

fn is_heading(format: &Format, text: &str) -> bool {
    match format {
        Format::Hma => text.starts_with("signal_type,"),
        Format::Csv(columns) => csv::fields(text).is_some_and(|fields| {
            let names = columns.iter().map(Column::to_string);
            fields.len() == columns.len()
                && fields
                    .iter()
                    .zip(names)
                    .all(|(field, name)| name == "-" || field.trim().eq_ignore_ascii_case(&name))
                && !columns.iter().all(|column| *column == Column::Ignored)
        }),
        Format::Plain(_) | Format::Vics => false,
    }
}

fn row(text: &str, format: &Format) -> Result<Said, String> {
    if let Format::Plain(kind) = format {
        let key = Key::parse(*kind, text).map_err(|fault| fault.to_string())?;
        return said(vec![key], "", false);
    }
    let fields = csv::fields(text).ok_or("a quote is not closed")?;
    match format {
        Format::Csv(columns) => declared(&fields, columns),
        _ => signal(&fields),
    }
}

fn declared(fields: &[String], columns: &[Column]) -> Result<Said, String> {
    if fields.len() != columns.len() {
        let (has, wanted) = (fields.len(), columns.len());
        return Err(format!("it has {has} columns, not {wanted}"));
    }
    let (mut keys, mut category, mut withdrawn) = (Vec::new(), "", false);
    for (column, field) in columns.iter().zip(fields) {
        let field = field.trim();
        match column {
            Column::Hash(_) if field.is_empty() => {}
            Column::Hash(kind) => {
                keys.push(Key::parse(*kind, field).map_err(|fault| format!("{kind}: {fault}"))?);
            }
            Column::Category => category = field,
            Column::State => withdrawn = taken_back(field)?,
            Column::Ignored => {}
        }
    }
    said(keys, category, withdrawn)
}

fn taken_back(state: &str) -> Result<bool, String> {
    match state.to_ascii_lowercase().as_str() {
        "withdrawn" | "deleted" | "true" | "1" => Ok(true),
        "" | "active" | "received" | "false" | "0" => Ok(false),
        _ => Err("the state is neither active nor withdrawn".into()),
    }
}

fn signal(fields: &[String]) -> Result<Said, String> {
    let (Some(kind), Some(hash)) = (fields.first(), fields.get(1)) else {
        return Err("it has fewer than two columns".into());
    };
    let kind = match kind.trim() {
        "pdq" => Kind::Pdq,
        "pdq_512" => Kind::Pdq512,
        "video_md5" | "md5" => Kind::Md5,
        "sha1" => Kind::Sha1,
        "video_sha256" | "sha256" => Kind::Sha256,
        _ => return Err("signals of this type are not supported".into()),
    };
    let key = Key::parse(kind, hash.trim()).map_err(|fault| fault.to_string())?;
    said(vec![key], fields.get(3).map_or("", |field| field), false)
}

fn said(keys: Vec<Key>, category: &str, withdrawn: bool) -> Result<Said, String> {
    if keys.is_empty() {
        return Err("it has no hash".into());
    }
    let category = match category.trim() {
        "" => "uncategorised",
        category => category,
    };
    let category = category.parse();
    Ok(Said {
        keys,
        category: category.map_err(|fault| format!("category: {fault}"))?,
        withdrawn,
    })
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
