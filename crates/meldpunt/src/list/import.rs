//! `meldpunt list import` and `withdraw`: a file into a list, or out of it.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use ground::Db;
use hashlist::{Done, FormatFault, HashList, ImportFault, Progress, Source};

use super::bar::Bar;
use super::{Place, Reading, beside, list, operator};
use crate::say;

/// `meldpunt list import …`
#[derive(Args)]
pub struct ImportArgs {
    /// The list; see `meldpunt list add`.
    #[arg(long)]
    list: String,
    #[command(flatten)]
    reading: Reading,
    /// Hashes that had been taken back match again when the file names them.
    #[arg(long)]
    revive: bool,
    #[command(flatten)]
    rejects: Rejects,
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// `meldpunt list withdraw …`
#[derive(Args)]
pub struct WithdrawArgs {
    /// The list.
    #[arg(long)]
    list: String,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    rejects: Rejects,
    /// The file, of which every row takes its hashes back.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Rejects {
    /// Where refused rows are written, as number and reason; beside the file when not given.
    #[arg(long)]
    rejects: Option<PathBuf>,
}

/// Refused rows, written down as they are met.
struct Refused {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    fault: Option<std::io::Error>,
}

impl Refused {
    fn note(&mut self, rows: &[(u64, String)]) {
        if self.fault.is_none()
            && let Err(fault) = self.write(rows)
        {
            self.fault = Some(fault);
        }
    }

    fn write(&mut self, rows: &[(u64, String)]) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(File::create(&self.path)?)),
        };
        rows.iter()
            .try_for_each(|(number, why)| writeln!(file, "{number}\t{why}"))
    }

    fn end(mut self) -> anyhow::Result<()> {
        let ended = match (self.fault.take(), &mut self.file) {
            (Some(fault), _) => Err(fault),
            (None, Some(file)) => file.flush(),
            (None, None) => Ok(()),
        };
        ended.with_context(|| format!("{} cannot be written", self.path.display()))
    }
}

/// Works a file in; exit code 1 when a row was refused.
///
/// # Errors
/// When the list, the file or the records cannot be used.
pub async fn import(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let (_, db) = args.place.open().await?;
    let list = list(&db, &args.list).await?;
    let source = Source {
        path: &args.file,
        format: &args.reading.format()?,
        withdrawals: false,
        revive: args.revive,
    };
    work_in(&db, &list, &source, args.rejects.rejects.as_deref()).await
}

/// Takes the hashes of a file back; exit code 1 when a row was refused.
///
/// # Errors
/// As [`import`].
pub async fn withdraw(args: &WithdrawArgs) -> anyhow::Result<ExitCode> {
    let (_, db) = args.place.open().await?;
    let list = list(&db, &args.list).await?;
    let source = Source {
        path: &args.file,
        format: &args.reading.format()?,
        withdrawals: true,
        revive: false,
    };
    work_in(&db, &list, &source, args.rejects.rejects.as_deref()).await
}

async fn work_in(
    db: &Db,
    list: &HashList,
    source: &Source<'_>,
    rejects: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let mut refused = Refused {
        path: rejects.map_or_else(|| beside(source.path, ".refused"), Path::to_owned),
        file: None,
        fault: None,
    };
    let mut bar = Bar::new();
    let done = hashlist::import((db, &operator()), list, source, &mut |now| match now {
        Progress::Read(bytes, of) => bar.draw("reading", bytes, of),
        Progress::Refused(rows) => refused.note(rows),
        Progress::Settled(hashes, of) => bar.draw("writing", hashes, of),
    })
    .await;
    bar.end();
    let path = refused.path.clone();
    refused.end()?;
    let done = done.map_err(|fault| {
        let told = format!("{} {}", source.path.display(), advice(&fault));
        anyhow::Error::new(fault).context(told)
    })?;
    say(&summary(&list.name, &done, &path));
    Ok(match done.refused {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// What to do about a file that was not worked in to its end.
const fn advice(fault: &ImportFault) -> &'static str {
    match fault {
        ImportFault::Format(FormatFault::Json(_)) => {
            "ends in a fault, which giving it again does not mend: what stands before it was worked in, \
             what stands behind it was not. Ask its source for a whole file"
        }
        ImportFault::Format(FormatFault::File(_)) => {
            "was not read to its end; see to it that it can be read, then give the same command again to \
             go on"
        }
        ImportFault::Own => "was not worked in",
        ImportFault::Db(_) | ImportFault::CutOff => {
            "was not worked in to its end; give the same command again to go on"
        }
    }
}

fn summary(list: &str, done: &Done, rejects: &Path) -> String {
    let mut text = format!(
        "{list}: {} rows, {} hashes\n  {} new or altered\n",
        done.rows, done.settled, done.changed
    );
    let mut also = |n: u64, says: &str| {
        if n > 0 {
            text.push_str(&format!("  {n} {says}\n"));
        }
    };
    also(
        done.before,
        "of the hashes were settled before it was cut off",
    );
    also(done.withdrawn, "taken back");
    also(
        done.remembered,
        "taken back that were not on it: remembered",
    );
    also(
        done.kept,
        "had been taken back and stay so; give --revive if they shall match again",
    );
    also(
        done.refused,
        &format!("rows refused: see {}", rejects.display()),
    );
    for (number, why) in done.shown.iter().take(5) {
        text.push_str(&format!("    row {number}: {why}\n"));
    }
    text
}
