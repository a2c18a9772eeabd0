//! Published figures in the ledger: a line for each number, so that a year computed again from the
//! ledger alone has its past.

use std::collections::BTreeMap;

use ground::{Act, Ask, Db, DbError, Fact, fact, sea_orm, values};

use super::read::{Key, Published, Unread, under};
use crate::FiguresError;
use crate::amount::Amount;
use crate::growth::Under;
use crate::unit_name::UnitName;

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Numbers that were not there before.
    pub added: usize,
    /// Numbers that took the place of another.
    pub replaced: usize,
    /// Numbers that were there already.
    pub unchanged: usize,
}

/// Why an import did nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error(transparent)]
    Unread(#[from] Unread),
    /// Numbers were published differently before.
    #[error(
        "{}\nNothing was imported. Give --replace when the earlier numbers were wrong.",
        .0.join("\n")
    )]
    Differs(Vec<String>),
    /// The records failed, or a line of the ledger cannot be read.
    #[error(transparent)]
    Figures(#[from] FiguresError),
}

impl From<DbError> for ImportError {
    fn from(fault: DbError) -> Self {
        Self::Figures(fault.into())
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Line {
    detail: String,
}

type Known = BTreeMap<(Key, i16), Published>;

/// Every published number in the ledger up to a line; of one figure and year the last one holds.
pub(crate) async fn all(ask: &impl Ask, last: i64) -> Result<Known, FiguresError> {
    let lines = ask
        .rows::<Line>(
            "select detail from ledger where kind = 'figure_published' and seq <= $1 order by seq",
            values![last],
        )
        .await?;
    let mut known = BTreeMap::new();
    for line in lines {
        let unreadable = |why: String| FiguresError::Unreadable(why);
        let fact = fact::read(&line.detail).map_err(|fault| unreadable(fault.to_string()))?;
        if let Fact::FigurePublished {
            figure,
            year,
            hundredths,
            unit,
            definition,
            source,
        } = fact
        {
            let published = Published {
                key: Key::parse(&figure).map_err(|fault| unreadable(fault.to_string()))?,
                year,
                value: Amount::of_hundredths(hundredths),
                unit: UnitName::parse(&unit).map_err(|fault| unreadable(fault.to_string()))?,
                definition: under(&definition),
                source,
            };
            known.insert((published.key.clone(), year), published);
        }
    }
    Ok(known)
}

fn fact_of(row: &Published) -> Fact {
    Fact::FigurePublished {
        figure: row.key.as_str().to_owned(),
        year: row.year,
        hundredths: row.value.hundredths(),
        unit: row.unit.key().to_owned(),
        definition: match &row.definition {
            Under::Version(version) => version.to_string(),
            Under::Words(words) => words.clone(),
        },
        source: row.source.clone(),
    }
}

/// Brings a file of published figures into the ledger, all of it or nothing. Importing the same file
/// again changes nothing. `latest` is the present year.
///
/// # Errors
/// [`ImportError`]; nothing was imported then.
pub async fn import(
    db: &Db,
    act: &Act,
    file: &[u8],
    latest: i16,
    replace: bool,
) -> Result<Imported, ImportError> {
    let rows = super::read(file, latest)?;
    let tx = db.act(act, "import published figures").await?;
    let known = all(&tx, i64::MAX).await?;
    let (mut done, mut differs) = (Imported::default(), Vec::new());
    for row in &rows {
        match known.get(&(row.key.clone(), row.year)) {
            Some(before) if before == row => done.unchanged += 1,
            Some(before) if !replace => differs.push(difference(before, row)),
            before => {
                if before.is_some() {
                    done.replaced += 1;
                } else {
                    done.added += 1;
                }
                tx.record(format!("figure:{}", row.key.as_str()), &fact_of(row));
            }
        }
    }
    if !differs.is_empty() {
        return Err(ImportError::Differs(differs));
    }
    if done.added + done.replaced > 0 {
        tx.commit().await?;
    }
    Ok(done)
}

fn difference(before: &Published, row: &Published) -> String {
    let lang = pages::Language::En;
    let number = |one: &Published| format!("{} {}", one.value.written(lang), one.unit.key());
    let name = format!("{} {}", row.key.as_str(), row.year);
    if number(before) == number(row) {
        format!(
            "{name} has another definition or source before: {}",
            before.source
        )
    } else {
        format!(
            "{name} is {} here and was {} before ({})",
            number(row),
            number(before),
            before.source
        )
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
