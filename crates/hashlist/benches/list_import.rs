//! Importing a list of SHA-256 hashes in no order, and how soon what changes is effective.
//!
//! The records are an SQLite file on disk, every step durable. `LIST_HASHES` sets how many hashes, a
//! million unless given; the target is 10 million in 60 s. The lists in memory are then loaded, and a
//! hash is added and taken back while they are followed as the program does, four times a second.
//! Prints one JSON line for each figure.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ground::db::Durability;
use ground::{Act, Chance, Clock, Db, Fact, HashFact, migrate};
use hashlist::{Digest, Format, HashList, Key, Kind, Live, Source, add, import, put, take_back};
use sha2::{Digest as _, Sha256};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// How often the program reads what changed.
const FOLLOW: Duration = Duration::from_millis(250);

fn main() -> Result<(), Fault> {
    let hashes: u64 = match std::env::var("LIST_HASHES") {
        Ok(text) => text.parse()?,
        Err(_) => 1_000_000,
    };
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("list.csv");
    write_list(&file, hashes)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(measure(folder.path(), &file, hashes))
}

fn figure(name: &str, value: f64, unit: &str) {
    println!("{{\"name\":\"{name}\",\"median\":{value:.2},\"unit\":\"{unit}\"}}");
}

fn digest(n: u64) -> [u8; 32] {
    Sha256::digest(n.to_be_bytes()).into()
}

fn write_list(path: &Path, hashes: u64) -> Result<(), Fault> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for n in 0..hashes {
        let mut line = String::with_capacity(80);
        for byte in digest(n) {
            write!(line, "{byte:02x}")?;
        }
        writeln!(file, "{line},{}", n % 4)?;
    }
    Ok(file.flush()?)
}

fn act() -> Act {
    Act::by_worker("bench", Clock::system().now())
}

async fn measure(folder: &Path, file: &Path, hashes: u64) -> Result<(), Fault> {
    let db = Db::open_sqlite(&folder.join("records.db"), Durability::Full).await?;
    migrate::run(&db, migrate::RECORDS).await?;
    let list = add(&db, &act(), &"a source".parse()?, &Chance::system()).await?;
    let format = Format::Csv(vec!["sha256".parse()?, "category".parse()?]);
    let source = Source {
        path: file,
        format: &format,
        withdrawals: false,
        revive: false,
    };
    let begun = Instant::now();
    let done = import((&db, &act()), &list, &source, &mut |_| ()).await?;
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(done.changed, hashes);
    figure(&format!("import of {hashes} hashes"), seconds, "s");
    #[expect(clippy::cast_precision_loss, reason = "far under 2^52 hashes")]
    figure("import", hashes as f64 / seconds, "hashes/s");
    let begun = Instant::now();
    let again = import((&db, &act()), &list, &source, &mut |_| ()).await?;
    assert_eq!(again.changed, 0);
    figure("the same file again", begun.elapsed().as_secs_f64(), "s");
    let (live, begun) = (Live::empty(), Instant::now());
    live.refresh(&db).await?;
    figure("loading the lists", begun.elapsed().as_secs_f64(), "s");
    effective(&db, &list, &live).await
}

/// How long after a change is durable an answer knows it.
async fn effective(db: &Db, list: &HashList, live: &Live) -> Result<(), Fault> {
    let (following, reader) = (live.clone(), db.clone());
    let follower = tokio::spawn(async move {
        while following.refresh(&reader).await.is_ok() {
            tokio::time::sleep(FOLLOW).await;
        }
    });
    let (bytes, mut slowest) = ([7; 32], Duration::ZERO);
    let key = Key::from_bytes(Kind::Sha256, &bytes).ok_or("no key")?;
    for round in 0..20 {
        let here = round % 2 == 0;
        let tx = db.act(&act(), "change").await?;
        if here {
            put(&tx, list.no, &[(key, "a".parse()?)], true).await?;
        } else {
            take_back(&tx, &act(), list.no, &[key]).await?;
        }
        tx.record(
            list.id,
            &Fact::Hash(HashFact::HashListSwitched { enabled: true }),
        );
        tx.commit().await?;
        let begun = Instant::now();
        while live.exact(&Digest::Sha256(bytes)).is_empty() == here {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        slowest = slowest.max(begun.elapsed());
    }
    follower.abort();
    figure(
        "a change is effective, slowest of 20",
        slowest.as_secs_f64() * 1e3,
        "ms",
    );
    Ok(())
}
