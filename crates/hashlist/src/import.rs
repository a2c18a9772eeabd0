//! Working a file into a list: read and laid out in order beside, then written in steps, each durable
//! with how far it came. A run that is cut off goes on after its last step.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use ground::{Act, Ask, Db, DbError, Fact, HashFact, values};
use sea_orm::FromQueryResult;
use tokio::sync::mpsc;

use crate::digest::Kind;
use crate::entries::{Batch, put_batch, take_back_batch};
use crate::format::FormatFault;
use crate::reading::{Contents, Heard, Source, lay_out};
use crate::rules::Category;
use crate::sorting::Sorted;
use crate::store::{HashList, note_refused};

/// Hashes written in one transaction: a quarter of a second's work, so that nobody waits long for the
/// records.
const STEP: usize = 50_000;
/// Pause between two steps, in which others that write come to their turn.
const PAUSE: Duration = Duration::from_millis(25);

/// What was done of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Rows of the file.
    pub rows: u64,
    /// Hashes of the file that are settled, each counted once.
    pub settled: u64,
    /// Of these, settled in an earlier run that was cut off.
    pub before: u64,
    /// Entries new or altered, in all runs.
    pub changed: u64,
    /// Entries taken back.
    pub withdrawn: u64,
    /// Hashes taken back that were not on the list: remembered.
    pub remembered: u64,
    /// Hashes that were taken back before and stay so, though the file names them again.
    pub kept: u64,
    /// Rows that could not be read.
    pub refused: u64,
    /// The first 100 of them: number and reason.
    pub shown: Vec<(u64, String)>,
}

/// How far an import is.
#[derive(Debug)]
pub enum Progress<'a> {
    /// Bytes read, of so many.
    Read(u64, u64),
    /// Rows that cannot be read: number and reason.
    Refused(&'a [(u64, String)]),
    /// Hashes settled as often as the file names them, of so many.
    Settled(u64, u64),
}

/// Called while a file is worked in.
pub type Watch<'a> = &'a mut (dyn FnMut(Progress<'_>) + Send);

/// Why a file was not worked in to its end; what was before stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    /// The file cannot be read, or ends in a fault; the rows before it were worked in.
    #[error(transparent)]
    Format(#[from] FormatFault),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// It is our own list.
    #[error(
        "on our own list stands only what is judged here; make a list for the source of the file"
    )]
    Own,
    /// The reader was cut off.
    #[error("the reading was cut off")]
    CutOff,
}

impl From<std::io::Error> for ImportFault {
    fn from(fault: std::io::Error) -> Self {
        Self::Format(FormatFault::File(fault))
    }
}

/// Works a file into a list. A file whose import was cut off goes on where it was. Our own list takes no
/// file: its entries stand and fall with judgements, and would take the file's along.
///
/// # Errors
/// [`ImportFault`].
pub async fn import(
    (db, act): (&Db, &Act),
    list: &HashList,
    source: &Source<'_>,
    watch: Watch<'_>,
) -> Result<Done, ImportFault> {
    in_steps((db, act), list, source, watch, STEP).await
}

/// The same in steps of so many hashes.
async fn in_steps(
    (db, act): (&Db, &Act),
    list: &HashList,
    source: &Source<'_>,
    watch: Watch<'_>,
    step: usize,
) -> Result<Done, ImportFault> {
    if list.own {
        return Err(ImportFault::Own);
    }
    let Contents {
        digest,
        rows,
        refused,
        shown,
        hashes,
        categories,
        sorted,
        fault,
    } = contents(source, watch).await?;
    let run = Run {
        list,
        digest,
        revive: source.revive,
    };
    let mut done = run.begun(db).await?;
    (done.rows, done.refused, done.shown) = (rows, refused, shown);
    watch(Progress::Settled(done.before, hashes));
    let (send, mut ready) = mpsc::channel(1);
    let skip = done.before;
    let maker =
        tokio::task::spawn_blocking(move || steps(sorted, &categories, (skip, step), &send));
    while let Some(step) = ready.recv().await {
        run.settle((db, act), &step, &mut done).await?;
        watch(Progress::Settled(step.gone_through, hashes));
        tokio::time::sleep(PAUSE).await;
    }
    maker.await.map_err(|_| ImportFault::CutOff)??;
    match fault {
        Some(fault) => Err(fault.into()),
        None => {
            run.end((db, act), &done).await?;
            Ok(done)
        }
    }
}

/// Reads the file beside, telling how far it is.
async fn contents(source: &Source<'_>, watch: Watch<'_>) -> Result<Contents, ImportFault> {
    let (path, format) = (source.path.to_owned(), source.format.clone());
    let (withdrawals, revive) = (source.withdrawals, source.revive);
    let (send, mut heard) = mpsc::channel(4);
    let reader = tokio::task::spawn_blocking(move || {
        let source = Source {
            path: &path,
            format: &format,
            withdrawals,
            revive,
        };
        lay_out(&source, &mut |heard| match send.blocking_send(heard) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        })
    });
    while let Some(heard) = heard.recv().await {
        match heard {
            Heard::Read(bytes, of) => watch(Progress::Read(bytes, of)),
            Heard::Refused(rows) => watch(Progress::Refused(&rows)),
        }
    }
    Ok(reader.await.map_err(|_| ImportFault::CutOff)??)
}

/// Hashes to be written together.
struct Step {
    hashes: u64,
    /// Hashes up to its end, as often as the file names them.
    gone_through: u64,
    live: Vec<(Category, Batch)>,
    gone: Vec<Batch>,
}

/// Makes steps of `most` hashes of those after the first `skip`.
fn steps(
    mut sorted: Sorted,
    categories: &[Category],
    (skip, most): (u64, usize),
    send: &mpsc::Sender<Step>,
) -> std::io::Result<()> {
    for _ in 0..skip {
        sorted.next()?;
    }
    loop {
        // In the order of kinds and digests within each batch: written in that order, pages of the
        // tables are touched once.
        let mut live: BTreeMap<(&'static str, u16), Batch> = BTreeMap::new();
        let mut gone: BTreeMap<&'static str, Batch> = BTreeMap::new();
        let mut hashes = 0;
        while hashes < most as u64
            && let Some(record) = sorted.next()?
        {
            let kind: Kind = record.kind();
            let batch = if record.gone() {
                gone.entry(kind.as_str()).or_insert(Batch::of(kind))
            } else {
                let at = (kind.as_str(), record.category());
                live.entry(at).or_insert(Batch::of(kind))
            };
            batch.add(record.digest());
            hashes += 1;
        }
        if hashes == 0 {
            return Ok(());
        }
        let named = |number: u16| categories.get(usize::from(number)).cloned();
        let step = Step {
            hashes,
            gone_through: sorted.gone_through(),
            live: live
                .into_iter()
                .map(|((_, number), batch)| {
                    (named(number).unwrap_or_else(Category::unnamed), batch)
                })
                .collect(),
            gone: gone.into_values().collect(),
        };
        if send.blocking_send(step).is_err() {
            // Nobody receives when the writing failed, and that fault is told.
            return Ok(());
        }
    }
}

#[derive(FromQueryResult)]
struct Begun {
    reached: i64,
    changed: i64,
    withdrawn: i64,
    remembered: i64,
    kept: i64,
}

/// The import of one file into one list.
struct Run<'a> {
    list: &'a HashList,
    digest: Vec<u8>,
    revive: bool,
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn number(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

impl Run<'_> {
    /// What an earlier run that was cut off had done.
    async fn begun(&self, db: &Db) -> Result<Done, DbError> {
        let sql = "select reached, changed, withdrawn, remembered, kept from hash_import
            where list_no = $1 and file_digest = $2 and done = 0";
        let values = values![self.list.no, self.digest.clone()];
        let begun = db.one::<Begun>(sql, values).await?;
        Ok(begun.map_or_else(Done::default, |begun| Done {
            settled: number(begun.reached),
            before: number(begun.reached),
            changed: number(begun.changed),
            withdrawn: number(begun.withdrawn),
            remembered: number(begun.remembered),
            kept: number(begun.kept),
            ..Done::default()
        }))
    }

    async fn settle(
        &self,
        (db, act): (&Db, &Act),
        step: &Step,
        done: &mut Done,
    ) -> Result<(), DbError> {
        let (list, mut now) = (self.list.no, done.clone());
        let tx = db.act(act, "work in a step of a hash list").await?;
        for (category, batch) in &step.live {
            let put = put_batch(&tx, list, batch, category, self.revive).await?;
            now.changed += put.changed;
            now.kept += put.kept;
        }
        for batch in &step.gone {
            let taken = take_back_batch(&tx, act, list, batch, true).await?;
            now.withdrawn += taken.withdrawn;
            now.remembered += taken.remembered;
        }
        now.settled += step.hashes;
        self.note(&tx, act, &now, false).await?;
        let fact = Fact::Hash(HashFact::HashesWorkedIn {
            hashes: step.hashes,
            changed: now.changed - done.changed,
            withdrawn: now.withdrawn - done.withdrawn,
            remembered: now.remembered - done.remembered,
        });
        tx.record(self.list.id, &fact);
        tx.commit().await?;
        *done = now;
        Ok(())
    }

    async fn note(
        &self,
        tx: &ground::Tx,
        act: &Act,
        done: &Done,
        ended: bool,
    ) -> Result<(), DbError> {
        tx.execute(
            "insert into hash_import (list_no, file_digest, reached, refused, done, at_ms, lines,
                 changed, withdrawn, remembered, kept)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (list_no, file_digest) do update
             set reached = excluded.reached, refused = excluded.refused, done = excluded.done,
                 at_ms = excluded.at_ms, lines = excluded.lines, changed = excluded.changed,
                 withdrawn = excluded.withdrawn, remembered = excluded.remembered,
                 kept = excluded.kept",
            values![
                self.list.no,
                self.digest.clone(),
                if ended { 0 } else { count(done.settled) },
                count(done.refused),
                i64::from(ended),
                act.at,
                count(done.rows),
                count(done.changed),
                count(done.withdrawn),
                count(done.remembered),
                count(done.kept)
            ],
        )
        .await?;
        Ok(())
    }

    async fn end(&self, (db, act): (&Db, &Act), done: &Done) -> Result<(), DbError> {
        let tx = db.act(act, "end the import of a hash list").await?;
        self.note(&tx, act, done, true).await?;
        note_refused(&tx, self.list.no, &self.digest, &done.shown).await?;
        let fact = Fact::Hash(HashFact::HashesImported {
            rows: done.rows,
            changed: done.changed,
            withdrawn: done.withdrawn,
            refused: done.refused,
        });
        tx.record(self.list.id, &fact);
        tx.commit().await
    }
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
