//! Working a file into a list: read beside, written in large steps, each durable with how far it came.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ground::{Act, Ask, Db, DbError, Fact, values};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use crate::digest::Key;
use crate::format::{Format, FormatFault, Row, read};
use crate::rules::Category;
use crate::store::{HashList, put, take_back};

/// Rows written in one transaction.
const STEP: usize = 20_000;
/// Refused rows that are kept to be shown.
const SHOWN: usize = 100;

/// What was done of a file, this time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Rows read.
    pub rows: u64,
    /// Rows that were settled in an earlier run that was cut off.
    pub before: u64,
    /// Entries new or altered.
    pub changed: u64,
    /// Entries taken back.
    pub withdrawn: u64,
    /// Rows that could not be read.
    pub refused: u64,
    /// The first 100 of them: number and reason.
    pub shown: Vec<(u64, String)>,
}

/// Called after each step.
pub type Progress<'a> = &'a mut (dyn FnMut(&Done) + Send);

/// Why a file was not worked in to its end; what was before stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    /// The file cannot be read.
    #[error(transparent)]
    Format(#[from] FormatFault),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The reader was cut off.
    #[error("the reading was cut off")]
    CutOff,
}

/// Works a file into a list; every row is a withdrawal if `withdrawals`. A file whose reading was cut off
/// goes on where it was.
///
/// # Errors
/// [`ImportFault`].
pub async fn import(
    (db, act): (&Db, &Act),
    list: &HashList,
    (path, format, withdrawals): (&Path, &Format, bool),
    progress: Progress<'_>,
) -> Result<Done, ImportFault> {
    let (file, how) = (path.to_owned(), format!("{format:?} {withdrawals}"));
    let digest = tokio::task::spawn_blocking(move || digest(&file, &how)).await;
    let digest = digest.map_err(|_| ImportFault::CutOff)?;
    let digest = digest.map_err(FormatFault::from)?;
    let reached = "select reached as n from hash_import
        where list_no = $1 and file_digest = $2 and done = 0";
    let reached = db.count(reached, values![list.no, digest.clone()]).await?;
    let mut done = Done {
        before: u64::try_from(reached).unwrap_or(0),
        ..Done::default()
    };
    let (steps, mut ready) = mpsc::channel(2);
    let (file, how, before) = (path.to_owned(), format.clone(), done.before);
    let reader = tokio::task::spawn_blocking(move || rows(file, &how, before, &steps));
    while let Some(step) = ready.recv().await {
        settle((db, act), list, (&digest, &step, withdrawals), &mut done).await?;
        progress(&done);
    }
    reader.await.map_err(|_| ImportFault::CutOff)??;
    let tx = db.upkeep("end an import").await?;
    tx.execute(
        "update hash_import set done = 1, reached = 0 where list_no = $1 and file_digest = $2",
        values![list.no, digest],
    )
    .await?;
    tx.commit().await?;
    Ok(done)
}

fn digest(path: &Path, how: &str) -> std::io::Result<Vec<u8>> {
    let (mut file, mut buffer) = (File::open(path)?, vec![0; 1 << 20]);
    let mut digest = Sha256::new();
    digest.update(how.as_bytes());
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest.finalize().to_vec()),
            n => digest.update(&buffer[..n]),
        }
    }
}

/// Reads the file and sends its rows in steps, leaving out the first `before` of them.
fn rows(
    path: PathBuf,
    format: &Format,
    before: u64,
    steps: &mpsc::Sender<Vec<Row>>,
) -> Result<(), FormatFault> {
    let from = BufReader::with_capacity(1 << 18, File::open(path)?);
    let (mut step, mut skip) = (Vec::with_capacity(STEP), before);
    let whole = read(from, format, &mut |row| {
        if skip > 0 {
            skip -= 1;
            return ControlFlow::Continue(());
        }
        step.push(row);
        if step.len() == STEP {
            let full = std::mem::replace(&mut step, Vec::with_capacity(STEP));
            if steps.blocking_send(full).is_err() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    if !step.is_empty() {
        // Nobody receives when the writing failed, and that fault is told.
        let _ = steps.blocking_send(step);
    }
    whole
}

/// The rows of one step, by what they do.
struct Sorted {
    live: Vec<(Key, Category)>,
    gone: Vec<Key>,
    refused: u64,
    shown: Vec<(u64, String)>,
}

impl Sorted {
    fn of(step: &[Row], withdrawals: bool) -> Self {
        // The last word on a hash counts.
        let mut last: HashMap<Key, Option<&Category>> = HashMap::new();
        let (mut refused, mut shown) = (0, Vec::new());
        for row in step {
            match &row.said {
                Ok(said) => {
                    let gone = withdrawals || said.withdrawn;
                    let category = (!gone).then_some(&said.category);
                    last.extend(said.keys.iter().map(|key| (*key, category)));
                }
                Err(why) => {
                    refused += 1;
                    shown.push((row.number, why.clone()));
                }
            }
        }
        let (mut live, mut gone) = (Vec::new(), Vec::new());
        for (key, category) in last {
            match category {
                Some(category) => live.push((key, category.clone())),
                None => gone.push(key),
            }
        }
        Self {
            live,
            gone,
            refused,
            shown,
        }
    }
}

async fn settle(
    (db, act): (&Db, &Act),
    list: &HashList,
    (digest, step, withdrawals): (&[u8], &[Row], bool),
    done: &mut Done,
) -> Result<(), ImportFault> {
    let Sorted {
        live,
        gone,
        refused,
        shown,
    } = Sorted::of(step, withdrawals);
    let rows = step.len() as u64;
    let tx = db.act(act, "work in a step of a hash list").await?;
    let changed = put(&tx, list.no, &live).await?;
    let withdrawn = take_back(&tx, act, list.no, &gone).await?;
    tx.execute(
        "insert into hash_import (list_no, file_digest, reached, refused, done, at_ms)
         values ($1, $2, $3, $4, 0, $5)
         on conflict (list_no, file_digest) do update
         set reached = excluded.reached, refused = excluded.refused, done = 0, at_ms = excluded.at_ms",
        values![
            list.no,
            digest.to_vec(),
            i64::try_from(done.before + done.rows + rows).unwrap_or(i64::MAX),
            i64::try_from(done.refused + refused).unwrap_or(i64::MAX),
            act.at
        ],
    )
    .await?;
    let fact = Fact::HashesImported {
        rows,
        changed,
        withdrawn,
        refused,
    };
    tx.record(list.id, &fact);
    tx.commit().await?;
    done.rows += rows;
    done.changed += changed;
    done.withdrawn += withdrawn;
    done.refused += refused;
    let room = SHOWN.saturating_sub(done.shown.len());
    done.shown.extend(shown.into_iter().take(room));
    Ok(())
}
