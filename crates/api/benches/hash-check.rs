//! The hash-check over HTTP on loopback: lists in the records, read into memory, asked by many connections
//! at once; server and asker share the machine.
//!
//! `cargo bench -p api -- 1000000 10000000` names how many hashes are listed (1,000,000 if none): half of them
//! SHA-256, half PDQ. Half of what is asked is listed, or near what is. One JSON line for each figure. The
//! targets, with 10,000,000 listed: 15,000 single exact checks and 3,000 single PDQ checks each second, 5,000
//! PDQ checks each second in batches, 99 of 100 answers within 20 ms.

mod asker;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use api::{Api, Found, Hash, Lists, NotLoaded, Parts};
use asker::{Asked, Asker};
use ground::db::Durability;
use ground::{Act, Actor, Chance, Clock, Db, migrate};
use hashcheck::Quota;
use hashlist::{Category, Digest, Keeping, Key, Live};
use pdq::Hash256;

type Fault = Box<dyn std::error::Error + Send + Sync>;

const UNDER: [u8; 32] = [7; 32];
/// Entries put on the list at a time.
const STEP: u64 = 20_000;
/// How many of the listed hashes are asked for, by turns.
const KNOWN: u64 = 4_096;

/// The lists as the program asks them.
struct Memory(Live);

impl Lists for Memory {
    fn ready(&self) -> bool {
        self.0.loaded()
    }

    fn look_up(&self, hash: &Hash) -> Result<Option<Found>, NotLoaded> {
        let hit = match hash {
            Hash::Md5(bytes) => self.0.first(&Digest::Md5(*bytes)),
            Hash::Sha1(bytes) => self.0.first(&Digest::Sha1(*bytes)),
            Hash::Sha256(bytes) => self.0.first(&Digest::Sha256(*bytes)),
            Hash::Pdq(hash) => self.0.nearest(hash, 31).map(|near| near.hit),
        };
        Ok(hit.map(|hit| Found {
            category: hit.category.to_string(),
            entry: hit.entry,
        }))
    }
}

/// 32 bytes that follow from a number (splitmix).
fn drawn(seed: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (at, part) in (0_u64..).zip(bytes.chunks_exact_mut(8)) {
        let mut z = (seed * 4 + at + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        part.copy_from_slice(&(z ^ z >> 31).to_be_bytes());
    }
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn main() -> Result<(), Fault> {
    let sizes: Vec<u64> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![1_000_000]
    } else {
        sizes
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    for size in sizes {
        let folder = tempfile::tempdir()?;
        let db = runtime.block_on(filled(&folder.path().join("records.db"), size))?;
        let live = Live::empty();
        let begun = Instant::now();
        runtime.block_on(live.refresh(&db))?;
        figure(
            &format!("load {size} hashes"),
            begun.elapsed().as_secs_f64(),
            "s",
        );
        let kept = || Live::kept_in(Keeping::new(folder.path().join("lists"), 1));
        runtime.block_on(kept().refresh(&db))?;
        let begun = Instant::now();
        let read = runtime.block_on(kept().refresh(&db))?;
        if read > 0 {
            return Err("what was kept was not used".into());
        }
        figure(
            &format!("load {size} hashes that were kept"),
            begun.elapsed().as_secs_f64(),
            "s",
        );
        let (at, key) = runtime.block_on(serve(db, live))?;
        measure(size, &Asker { at, key })?;
    }
    Ok(())
}

async fn filled(path: &std::path::Path, size: u64) -> Result<Db, Fault> {
    let begun = Instant::now();
    let db = Db::open_sqlite(path, Durability::Normal).await?;
    migrate::run(&db, migrate::RECORDS).await?;
    let act = Act::by_worker("bench", Clock::system().now());
    let list = hashlist::add(&db, &act, &"A source".parse()?, &Chance::system()).await?;
    let category: Category = "illegal-baseline".parse()?;
    let mut from = 0;
    while from < size {
        let numbers = from..size.min(from + STEP);
        let entries: Vec<(Key, Category)> = numbers
            .map(|n| {
                let key = if n % 2 == 0 {
                    Key::Bytes(Digest::Sha256(drawn(n)))
                } else {
                    Key::Look(drawn(n))
                };
                (key, category.clone())
            })
            .collect();
        let tx = db.upkeep("fill").await?;
        hashlist::put(&tx, list.no, &entries, false).await?;
        tx.commit().await?;
        from += STEP;
    }
    eprintln!("filled in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(db)
}

async fn serve(db: Db, live: Live) -> Result<(SocketAddr, String), Fault> {
    let quota = Quota {
        per_minute: u32::MAX,
        per_day: u32::MAX,
    };
    let act = Act {
        who: Actor::Operator,
        at: Clock::system().now(),
        why: None,
    };
    let client = (&"Example Host".parse()?, quota);
    let (_, key) = hashcheck::add(&db, &act, client, (&Chance::system(), &UNDER)).await?;
    let api = Api::new(Parts {
        db,
        clock: Clock::system(),
        key_digests: UNDER,
        lists: Arc::new(Memory(live)),
    });
    api.refresh().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let at = listener.local_addr()?;
    tokio::spawn({
        let api = api.clone();
        async move { api.work_until(std::future::pending()).await }
    });
    tokio::spawn(axum::serve(listener, api::router(api)).into_future());
    Ok((at, key.reveal().to_string()))
}

/// Questions of so many hashes each: of every two hashes one is listed, or some bits from what is.
fn questions(size: u64, kind: &str, hashes: u64) -> Vec<String> {
    let odd = u64::from(kind == "pdq");
    let one = |n: u64| {
        let listed = (n * 7_919 % (size / 2)) * 2 + odd;
        let bytes = match (n % 2, kind) {
            (0, "pdq") => {
                let near = Hash256::from_bytes(drawn(listed));
                let flipped =
                    (0..n / 2 % 32).fold(near, |hash, bit| hash.with_flipped(bit as usize * 8));
                flipped.to_bytes()
            }
            (0, _) => drawn(listed),
            _ => drawn(size * 2 + n),
        };
        format!("{{\"kind\":\"{kind}\",\"hash\":\"{}\"}}", hex(&bytes))
    };
    let question = |first: u64| {
        let hashes: Vec<String> = (first..first + hashes).map(one).collect();
        format!("{{\"hashes\":[{}]}}", hashes.join(","))
    };
    (0..KNOWN.div_ceil(hashes))
        .map(|at| question(at * hashes))
        .collect()
}

fn measure(size: u64, asker: &Asker) -> Result<(), Fault> {
    for (name, kind, hashes, connections) in [
        ("single exact", "sha256", 1, 32),
        ("single pdq", "pdq", 1, 32),
        ("pdq in batches of 1000", "pdq", 1_000, 4),
    ] {
        let questions = questions(size, kind, hashes);
        asker.ask(&questions, connections, 2)?;
        let Asked {
            answers,
            matches,
            seconds,
            mut took_ms,
        } = asker.ask(&questions, connections, 8)?;
        let checks = answers * hashes;
        // Of every two hashes one is to be found.
        if matches * 10 < checks * 4 || matches * 10 > checks * 6 {
            return Err(format!("{matches} of {checks} matched, not half").into());
        }
        took_ms.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            took_ms
                .get(took_ms.len() * percent / 100)
                .copied()
                .unwrap_or_default()
        };
        let name = format!("hash-check {name}, {size} listed");
        figure(&name, checks as f64 / seconds, "checks/s");
        figure(&format!("{name}, p50"), at(50), "ms");
        figure(&format!("{name}, p99"), at(99), "ms");
    }
    Ok(())
}

fn figure(name: &str, median: f64, unit: &str) {
    println!("{{\"name\":\"{name}\",\"median\":{median:.2},\"unit\":\"{unit}\"}}");
}
