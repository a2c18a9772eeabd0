//! Speed and memory of the index, one JSON line for each figure.
//!
//! `cargo bench -p likeness-index -- 1000000 10000000` names the sizes (1,000,000 if none). With
//! `LIKENESS_PEER_PYTHON` set to a Python that has PyPI `threatexchange` and `faiss-cpu`, its index is measured in
//! the same run on the same hashes with the same queries, both in processor time of one core; without, the lines
//! have no peer. `LIKENESS_PEER_MOST` (1,000,000) is
//! the largest size given to the peer, which takes minutes and 9 GB for ten million. `LIKENESS_PEER_PRELOAD` names a
//! library to load into it: with jemalloc it is three to eight times as fast.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use likeness_index::{Check, DEFAULT_RADIUS, Entry, Hash, LikenessIndex};

const QUERIES: usize = 2_000;
/// No search may take longer than so many scans of all; what is over 1 is the noise of two timings.
const MOST_SCANS: f64 = 1.5;
/// Queries that a scan of all is held against: half of them planted, at every distance from 0 to 31.
const COMPARED: usize = 200;
/// Queries the peer is asked: it is slower.
const PEER_QUERIES: usize = 400;
const PEER: &str = include_str!("peer.py");

/// A small generator (splitmix).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    fn hash(&mut self) -> Hash {
        std::array::from_fn(|_| self.roll())
    }

    fn near(&mut self, hash: &Hash, flips: u64) -> Hash {
        let mut near = *hash;
        for _ in 0..flips {
            let bit = self.roll() % 256;
            near[(bit / 64) as usize] ^= 1 << (bit % 64);
        }
        near
    }
}

/// Prints a figure, with the peer's if there is one.
fn print(name: &str, median: f64, unit: &str, peer: Option<(&str, f64)>) {
    let beside = peer.map_or(String::new(), |(peer, value)| {
        let ratio = if unit == "1/s" {
            median / value
        } else {
            value / median
        };
        format!(r#","peer":"{peer}","peer_median":{value:.3},"ratio":{ratio:.2}"#)
    });
    println!(r#"{{"name":"{name}","median":{median:.3},"unit":"{unit}"{beside}}}"#);
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Microseconds of processor time that this thread has had: a busy machine does not lengthen them.
fn spent() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// The processor time of each query, in microseconds, shortest first.
fn timed(queries: &[Hash], mut ask: impl FnMut(&Hash)) -> Vec<f64> {
    let mut times: Vec<f64> = queries
        .iter()
        .map(|query| {
            let start = spent();
            ask(query);
            spent() - start
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn at(times: &[f64], percent: usize) -> f64 {
    times[(times.len() - 1) * percent / 100]
}

/// Half planted at 0 to 31 flipped bits, half random.
fn queries(dice: &mut Dice, hashes: &[Hash]) -> Vec<Hash> {
    let planted = |dice: &mut Dice, turn: usize| {
        let base = hashes[dice.roll() as usize % hashes.len()];
        dice.near(&base, turn as u64 / 2 % 32)
    };
    (0..QUERIES)
        .map(|turn| {
            if turn % 2 == 0 {
                planted(dice, turn)
            } else {
                dice.hash()
            }
        })
        .collect()
}

fn entries(hashes: &[Hash]) -> impl ExactSizeIterator<Item = Entry> + '_ {
    (0..hashes.len()).map(|n| Entry {
        hash: hashes[n],
        id: n as u64,
    })
}

/// Hashes as the peer reads them: 32 bytes each, one after the other.
fn written(file: &Path, hashes: &[Hash]) -> std::io::Result<()> {
    let mut to = BufWriter::new(File::create(file)?);
    for word in hashes.iter().flatten() {
        to.write_all(&word.to_be_bytes())?;
    }
    to.flush()
}

/// The peer's median time in microseconds and queries per second, on these hashes and queries; none when it
/// is not asked for.
fn peer(
    hashes: &[Hash],
    queries: &[Hash],
) -> Result<Option<(f64, f64)>, Box<dyn std::error::Error>> {
    let Some(python) = std::env::var_os("LIKENESS_PEER_PYTHON") else {
        return Ok(None);
    };
    let most = std::env::var("LIKENESS_PEER_MOST")
        .ok()
        .and_then(|most| most.parse().ok());
    if hashes.len() > most.unwrap_or(1_000_000) {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let files = [folder.path().join("hashes"), folder.path().join("queries")];
    written(&files[0], hashes)?;
    written(&files[1], &queries[..PEER_QUERIES])?;
    let mut command = Command::new(python);
    command
        .args(["-c", PEER])
        .args(&files)
        .env("OMP_NUM_THREADS", "1");
    if let Some(library) = std::env::var_os("LIKENESS_PEER_PRELOAD") {
        command.env("LD_PRELOAD", library);
    }
    let output = command.stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = text
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    match numbers[..] {
        [median, rate] => Ok(Some((median, rate))),
        _ => Err("the peer was asked for and gave no figure; see above".into()),
    }
}

fn random_hashes(count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut dice = Dice(count as u64);
    let hashes: Vec<Hash> = (0..count).map(|_| dice.hash()).collect();
    let start = Instant::now();
    let index = LikenessIndex::build(DEFAULT_RADIUS, entries(&hashes))?;
    let name = |what: &str| format!("likeness index, {count} random hashes: {what}");
    print(&name("build"), start.elapsed().as_secs_f64(), "s", None);
    let statistics = index.statistics();
    print(
        &name("memory"),
        statistics.bytes as f64 / count as f64,
        "bytes per hash",
        None,
    );
    let queries = queries(&mut dice, &hashes);
    let other = peer(&hashes, &queries)?;
    drop(hashes);
    let mut found = Vec::new();
    timed(&queries[..200], |query| {
        index.search_into(query, 31, &mut found)
    });
    let times = timed(&queries, |query| index.search_into(query, 31, &mut found));
    let rate = QUERIES as f64 / (times.iter().sum::<f64>() / 1e6);
    let named = |value: f64| ("python-threatexchange", value);
    print(
        &name("one search, p50"),
        at(&times, 50),
        "us",
        other.map(|(median, _)| named(median)),
    );
    print(&name("one search, p99"), at(&times, 99), "us", None);
    print(
        &name("searches on one core"),
        rate,
        "1/s",
        other.map(|(_, rate)| named(rate)),
    );
    let scans = timed(&queries[..20], |query| drop(index.linear(query, 31)));
    print(&name("one scan of all, p50"), at(&scans, 50), "us", None);
    let equal = queries[..COMPARED]
        .iter()
        .filter(|query| index.search(query, 31) == index.linear(query, 31))
        .count();
    print(
        &name("share of queries equal to a scan of all"),
        equal as f64 / COMPARED as f64,
        "1",
        None,
    );
    if equal < COMPARED {
        return Err("a search missed what a scan of all finds".into());
    }
    changes(&index, &name)?;
    snapshot(&index, &queries, &name)
}

/// How long a change takes until searches see it, and a merge of what changed.
fn changes(
    index: &LikenessIndex,
    name: &dyn Fn(&str) -> String,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut dice = Dice(99);
    let fresh: Vec<Hash> = (0..500).map(|_| dice.hash()).collect();
    let added = timed(&fresh, |hash| index.insert(hash, u64::MAX));
    let gone = timed(&fresh, |hash| {
        index.withdraw(hash, u64::MAX);
    });
    print(&name("one addition, p50"), at(&added, 50), "us", None);
    print(&name("one withdrawal, p50"), at(&gone, 50), "us", None);
    let start = Instant::now();
    index.merge()?;
    print(&name("a merge"), start.elapsed().as_secs_f64(), "s", None);
    Ok(())
}

fn snapshot(
    index: &LikenessIndex,
    queries: &[Hash],
    name: &dyn Fn(&str) -> String,
) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("snapshot");
    let start = Instant::now();
    index.save(&file)?;
    print(
        &name("save a snapshot"),
        start.elapsed().as_secs_f64(),
        "s",
        None,
    );
    for (what, check) in [
        ("open, header checked", Check::Header),
        ("open, all checked", Check::Whole),
    ] {
        let start = Instant::now();
        let opened = LikenessIndex::open(&file, check)?;
        print(&name(what), micros(start.elapsed()) / 1e3, "ms", None);
        if check == Check::Whole {
            let mut found = Vec::new();
            let times = timed(queries, |query| opened.search_into(query, 31, &mut found));
            print(
                &name("one search in the mapped file, p50"),
                at(&times, 50),
                "us",
                None,
            );
            let start = Instant::now();
            opened.make_resident()?;
            print(
                &name("copy the mapped file to memory"),
                start.elapsed().as_secs_f64(),
                "s",
                None,
            );
        }
    }
    Ok(())
}

/// Four fifths in clusters of near-duplicates of very different sizes, as lists are made in practice, and worse.
fn clustered_hashes(count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut dice = Dice(5);
    let mut hashes = Vec::with_capacity(count);
    let mut size = count / 4;
    while hashes.len() < count * 4 / 5 {
        let centre = dice.hash();
        for _ in 0..size.min(count * 4 / 5 - hashes.len()) {
            let flips = dice.roll() % 24;
            hashes.push(dice.near(&centre, flips));
        }
        size = (size * 2 / 3).max(3);
    }
    hashes.resize_with(count, || dice.hash());
    let index = LikenessIndex::build(DEFAULT_RADIUS, entries(&hashes))?;
    let name = |what: &str| format!("likeness index, {count} clustered hashes: {what}");
    // From the largest cluster to the smallest, and outside.
    let asked: Vec<Hash> = (0..60)
        .map(|turn| hashes[turn * (count - 1) / 59])
        .collect();
    let mut found = Vec::new();
    let mut worst: f64 = 0.0;
    for query in &asked {
        // The best of turns taken one by one, so that what disturbs hits neither alone.
        let (mut search, mut scan) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..7 {
            let one = timed(&[*query], |query| index.search_into(query, 31, &mut found));
            search = search.min(at(&one, 50));
            let one = timed(&[*query], |query| drop(index.linear(query, 31)));
            scan = scan.min(at(&one, 50));
        }
        worst = worst.max(search / scan);
    }
    print(&name("slowest search in scans of all"), worst, "1", None);
    if worst > MOST_SCANS {
        return Err("a search among near-duplicates took much longer than a scan of all".into());
    }
    let times = timed(&asked, |query| index.search_into(query, 31, &mut found));
    print(&name("one search, p50"), at(&times, 50), "us", None);
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes: Vec<usize> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    if sizes.is_empty() {
        sizes.push(1_000_000);
    }
    for count in sizes {
        random_hashes(count)?;
        clustered_hashes(count)?;
    }
    Ok(())
}
