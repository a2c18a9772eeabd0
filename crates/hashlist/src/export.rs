//! Lists as they leave the house: hashes in words and nothing else. No type here has a field of bytes.

use std::io::{self, Write};

use ground::{Ask, DbError, values};
use sea_orm::FromQueryResult;
use serde_json::{Map, Value, json};

use crate::digest::{Key, Kind};

/// Entries read at a time.
const PAGE: i64 = 20_000;

/// One entry on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// What it is a hash of.
    pub kind: Kind,
    /// Its hexadecimal digits.
    pub hash: String,
    /// The category on our list.
    pub category: String,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// What holds the hashes of one content together; never an id that is used elsewhere.
    pub group: Option<u64>,
}

#[derive(FromQueryResult)]
struct Row {
    entry: i64,
    kind: Kind,
    digest: Vec<u8>,
    category: String,
    withdrawn: i64,
    changed: i64,
    content: Option<String>,
}

/// The last change that is durable: where the next delta begins.
///
/// # Errors
/// [`DbError`].
pub async fn cursor(ask: &impl Ask) -> Result<i64, DbError> {
    ask.count("select last as n from hash_change where one = 1", values![])
        .await
}

/// Tells every entry of a list that changed after `since` and not after `upto`, in the order of changes;
/// entries that were taken back only in a delta, that is with a `since` over 0.
///
/// # Errors
/// [`ExportFault`].
pub async fn outgoing(
    ask: &impl Ask,
    list: i64,
    (since, upto): (i64, i64),
    told: &mut (dyn FnMut(Outgoing) -> io::Result<()> + Send),
) -> Result<(), ExportFault> {
    let (mut at, mut last, mut group) = ((since, i64::MAX), None, 0);
    loop {
        let rows: Vec<Row> = ask
            .rows(
                "select e.entry, e.kind, e.digest, e.category, e.changed,
                     cast(case when e.withdrawn_at_ms is null then 0 else 1 end as bigint)
                         as withdrawn,
                     (select min(o.content_id) from own_hash o where o.entry = e.entry) as content
                 from hash_entry e
                 where (e.changed > $1 or (e.changed = $1 and e.entry > $2)) and e.changed <= $3
                     and e.list_no = $4 and ($5 > 0 or e.withdrawn_at_ms is null)
                 order by e.changed, e.entry limit $6",
                values![at.0, at.1, upto, list, since, PAGE],
            )
            .await?;
        let Some(end) = rows.last() else {
            return Ok(());
        };
        at = (end.changed, end.entry);
        for row in rows {
            let key = Key::from_bytes(row.kind, &row.digest);
            let key = key.ok_or_else(|| DbError::Unreadable {
                what: "hash_entry.digest".into(),
            })?;
            if row.content.is_none() || row.content != last {
                group += 1;
                last.clone_from(&row.content);
            }
            told(Outgoing {
                kind: row.kind,
                hash: key.to_string(),
                category: row.category,
                withdrawn: row.withdrawn == 1,
                group: row.content.is_some().then_some(group),
            })?;
        }
    }
}

/// Why a list was not written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The file cannot be written.
    #[error("the file cannot be written")]
    File(#[from] io::Error),
}

/// The columns of an exported CSV, which name it in its first line.
pub const COLUMNS: &str = "sha256,sha1,md5,pdq,pdq_512,category,state";
/// The kinds in the order of these columns.
const ORDER: [Kind; 5] = [Kind::Sha256, Kind::Sha1, Kind::Md5, Kind::Pdq, Kind::Pdq512];

/// Writes CSV, one hash in each row, so that a hash can be taken back alone.
pub struct CsvOut<W>(W);

impl<W: Write> CsvOut<W> {
    /// Writes the heading.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn begin(mut to: W) -> io::Result<Self> {
        writeln!(to, "{COLUMNS}")?;
        Ok(Self(to))
    }

    /// Writes one entry.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, one: &Outgoing) -> io::Result<()> {
        for kind in ORDER {
            let hash = if kind == one.kind { &one.hash } else { "" };
            write!(self.0, "{hash},")?;
        }
        let category = one.category.replace('"', "\"\"");
        let state = if one.withdrawn { "withdrawn" } else { "active" };
        writeln!(self.0, "\"{category}\",{state}")
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn end(mut self) -> io::Result<W> {
        self.0.flush()?;
        Ok(self.0)
    }
}

/// Writes VICS JSON 2.0, one medium for each content.
pub struct VicsOut<W> {
    to: W,
    numbers: Vec<(String, u32)>,
    medium: Option<(Option<u64>, Map<String, Value>)>,
    written: u64,
}

impl<W: Write> VicsOut<W> {
    /// Writes the beginning. VICS has categories by number, which mean something else in each country:
    /// `numbers` says which number a category has; one without is written in words beside.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn begin(mut to: W, numbers: Vec<(String, u32)>) -> io::Result<Self> {
        writeln!(
            to,
            "{{\"@odata.context\":\"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/$metadata#Media\",\"value\":["
        )?;
        Ok(Self {
            to,
            numbers,
            medium: None,
            written: 0,
        })
    }

    /// Writes one entry.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, one: &Outgoing) -> io::Result<()> {
        let same = |medium: &(Option<u64>, _)| medium.0.is_some() && medium.0 == one.group;
        if !self.medium.as_ref().is_some_and(same) {
            self.flush_medium()?;
            self.medium = Some((one.group, self.head(one)));
        }
        let Some((_, medium)) = &mut self.medium else {
            return Ok(());
        };
        let upper = one.hash.to_uppercase();
        let name = match one.kind {
            Kind::Md5 => "MD5",
            Kind::Sha1 => "SHA1",
            Kind::Sha256 => "SHA256",
            Kind::Pdq => "PDQ",
            Kind::Pdq512 => "PDQ_512",
        };
        if matches!(one.kind, Kind::Md5 | Kind::Sha1) {
            medium.insert(name.into(), upper.into());
            return Ok(());
        }
        let others = medium.entry("AlternativeHashes").or_insert(json!([]));
        if let Value::Array(others) = others {
            others.push(json!({ "HashName": name, "HashValue": upper }));
        }
        Ok(())
    }

    fn head(&self, one: &Outgoing) -> Map<String, Value> {
        let mut head = Map::new();
        head.insert("MediaID".into(), (self.written + 1).into());
        let number = self.numbers.iter().find(|named| named.0 == one.category);
        if let Some((_, number)) = number {
            head.insert("Category".into(), (*number).into());
        }
        head.insert("Comments".into(), one.category.as_str().into());
        head
    }

    fn flush_medium(&mut self) -> io::Result<()> {
        if let Some((_, medium)) = self.medium.take() {
            let comma = if self.written > 0 { ",\n" } else { "" };
            write!(self.to, "{comma}{}", Value::Object(medium))?;
            self.written += 1;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn end(mut self) -> io::Result<W> {
        self.flush_medium()?;
        writeln!(self.to, "\n]}}")?;
        self.to.flush()?;
        Ok(self.to)
    }
}
