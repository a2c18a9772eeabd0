//! `meldpunt list export`: a list, or what changed of it, as a signed file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use data_encoding::HEXLOWER;
use ground::{Act, Db, Fact};
use hashlist::{CsvOut, HashList, OWN_LIST, Outgoing, Signed, Statement, VicsOut};
use vault::HotlineKeys;

use super::verify::digest;
use super::{Place, beside, list, operator};
use crate::say;

/// `meldpunt list export …`
#[derive(Args)]
pub struct ExportArgs {
    /// The list.
    #[arg(long, default_value = OWN_LIST)]
    list: String,
    /// How the file is written.
    #[arg(long, value_enum, default_value_t = OutFormat::Csv)]
    format: OutFormat,
    /// Only what changed since: the cursor that the last export told.
    #[arg(long, default_value_t = 0)]
    since: i64,
    /// Of --format vics: the number that a category has in VICS, as category=number; may be repeated.
    #[arg(long = "category", value_parser = numbered)]
    categories: Vec<(String, u32)>,
    /// The file to be written; there must be none yet.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// How a list leaves the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutFormat {
    /// Columns, with withdrawals in a column.
    Csv,
    /// VICS JSON 2.0; withdrawals in a file of their own.
    Vics,
}

fn numbered(text: &str) -> Result<(String, u32), String> {
    let (category, number) = text.rsplit_once('=').ok_or("it is not category=number")?;
    let number = number.parse().map_err(|_| "what follows = is no number")?;
    Ok((category.to_owned(), number))
}

/// Writes the file and its statement.
///
/// # Errors
/// When the list, the keys or a file cannot be used.
pub async fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let (config, db) = args.place.open().await?;
    let keys = HotlineKeys::load(&config.keys())?;
    let list = list(&db, &args.list).await?;
    let span = (args.since, hashlist::cursor(&db).await?);
    anyhow::ensure!(
        (0..=span.1).contains(&span.0),
        "There is no change {} yet; the last is {}.",
        span.0,
        span.1
    );
    let act = operator();
    note(&db, &act, &list, span).await?;
    let mut written = vec![write(args, &db, &list, span, false).await?];
    if args.format == OutFormat::Vics && args.since > 0 {
        written.push(write(args, &db, &list, span, true).await?);
    }
    for file in written {
        let statement = Statement {
            list: list.name.clone(),
            format: args
                .format
                .to_possible_value()
                .map_or_else(String::new, |value| value.get_name().to_owned()),
            withdrawals_only: file.withdrawals_only,
            since: span.0,
            cursor: span.1,
            additions: file.additions,
            withdrawals: file.withdrawals,
            sha256: HEXLOWER.encode(&digest(&file.path)?),
            made_at_ms: act.at.ms(),
        };
        let signed = Signed::by(keys.signing(), statement);
        let beside = beside(&file.path, ".signed");
        std::fs::write(&beside, serde_json::to_string_pretty(&signed)? + "\n")
            .with_context(|| format!("{} cannot be written", beside.display()))?;
        say(&format!(
            "{}: {} hashes, {} withdrawals, signed beside it\n",
            file.path.display(),
            file.additions,
            file.withdrawals
        ));
    }
    say(&format!(
        "The next time, what changed since is written with: --since {}\n\
         The key that signed it, to be made known by another way: {}\n",
        span.1,
        HEXLOWER.encode(keys.signing().verifying_key().as_bytes())
    ));
    Ok(ExitCode::SUCCESS)
}

/// That a list leaves the house is in the ledger first.
async fn note(db: &Db, act: &Act, list: &HashList, span: (i64, i64)) -> anyhow::Result<()> {
    let tx = db.act(act, "export a hash list").await?;
    let what = format!("hash list, changes {} to {}", span.0, span.1);
    tx.record(list.id, &Fact::Exported { what });
    Ok(tx.commit().await?)
}

/// A file that was written.
struct Written {
    path: PathBuf,
    withdrawals_only: bool,
    additions: u64,
    withdrawals: u64,
}

enum Out<W> {
    Csv(CsvOut<W>),
    Vics(VicsOut<W>),
}

impl<W: Write> Out<W> {
    fn begin(args: &ExportArgs, to: W) -> io::Result<Self> {
        match args.format {
            OutFormat::Csv => Ok(Self::Csv(CsvOut::begin(to)?)),
            OutFormat::Vics => Ok(Self::Vics(VicsOut::begin(to, args.categories.clone())?)),
        }
    }

    fn write(&mut self, one: &Outgoing) -> io::Result<()> {
        match self {
            Self::Csv(out) => out.write(one),
            Self::Vics(out) => out.write(one),
        }
    }

    fn end(self) -> io::Result<W> {
        match self {
            Self::Csv(out) => out.end(),
            Self::Vics(out) => out.end(),
        }
    }
}

fn new_file(path: &Path) -> anyhow::Result<BufWriter<File>> {
    let file =
        File::create_new(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(BufWriter::new(file))
}

/// Writes one file; with `withdrawals`, of VICS, what was taken back.
async fn write(
    args: &ExportArgs,
    db: &Db,
    list: &HashList,
    span: (i64, i64),
    withdrawals: bool,
) -> anyhow::Result<Written> {
    let path = if withdrawals {
        beside(&args.file, ".withdrawn")
    } else {
        args.file.clone()
    };
    let mut out = Out::begin(args, new_file(&path)?)?;
    let mut written = Written {
        withdrawals_only: withdrawals,
        path,
        additions: 0,
        withdrawals: 0,
    };
    let apart = args.format == OutFormat::Vics;
    hashlist::outgoing(db, list.no, span, &mut |one| {
        if apart && one.withdrawn != withdrawals {
            return Ok(());
        }
        written.additions += u64::from(!one.withdrawn);
        written.withdrawals += u64::from(one.withdrawn);
        out.write(&one)
    })
    .await?;
    out.end()?.get_ref().sync_all()?;
    Ok(written)
}
