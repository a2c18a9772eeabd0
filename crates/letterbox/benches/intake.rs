//! Durable intake: letters stored per second from 32 senders at once, and how long each one waits.
//!
//! A letter counts when its receipt may be shown: sealed, inserted and committed with
//! `synchronous=FULL` (SQLite) or `fsync=on` (PostgreSQL, on a cluster started for this). Prints one
//! JSON line for each figure; targets are at least 1,000 letters per second with a p99 under 250 ms.

mod cluster;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cluster::Cluster;
use ground::db::Durability;
use ground::{Chance, Clock, Db, migrate};
use letterbox::{Letter, LetterForm, Receipt, Slot};
use vault::HotlineKeys;

type Fault = Box<dyn std::error::Error + Send + Sync>;

const SENDERS: usize = 32;
const WARM_UP: Duration = Duration::from_secs(1);
const SAMPLE: Duration = Duration::from_secs(3);
const SAMPLES: usize = 5;

/// What one sample measured.
struct Sample {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
}

fn main() -> Result<(), Fault> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("letterbox.db");
    runtime.block_on(async {
        let db = Db::open_sqlite(&path, Durability::Full).await?;
        measure("sqlite", db).await
    })?;
    match Cluster::start()? {
        Some(cluster) => runtime.block_on(async {
            let db = Db::open_postgres(&cluster.address).await?;
            measure("postgres", db).await
        }),
        None => {
            eprintln!("PostgreSQL is not installed here; left out");
            Ok(())
        }
    }
}

async fn measure(engine: &str, db: Db) -> Result<(), Fault> {
    migrate::run(&db, migrate::LETTERBOX).await?;
    let keys = HotlineKeys::from_seed(&[7; 32]);
    let slot = Slot::open(
        db,
        keys.intake_public().clone(),
        Clock::system(),
        Chance::system(),
    );
    sample(&slot, WARM_UP).await?;
    let mut samples = Vec::new();
    for _ in 0..SAMPLES {
        samples.push(sample(&slot, SAMPLE).await?);
    }
    figure(engine, "letters", "letters/s", &samples, |sample| {
        sample.per_second
    });
    figure(engine, "wait, p50", "ms", &samples, |sample| sample.p50_ms);
    figure(engine, "wait, p99", "ms", &samples, |sample| sample.p99_ms);
    Ok(())
}

/// Lets all senders drop letters for a while.
async fn sample(slot: &Slot, during: Duration) -> Result<Sample, Fault> {
    let form = LetterForm {
        addresses: "https://gallery.example/a/page\nhttps://other.example/".into(),
        words: "Seen on a page with many pictures. ".repeat(8),
        ..LetterForm::default()
    };
    let over = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| tokio::spawn(send(slot.clone(), form.clone(), Arc::clone(&over))))
        .collect();
    tokio::time::sleep(during).await;
    over.store(true, Ordering::Relaxed);
    let mut waits = Vec::new();
    for sender in senders {
        waits.extend(sender.await??);
    }
    let took = begun.elapsed();
    waits.sort_unstable();
    let at = |share: f64| {
        let place = (waits.len() as f64 * share) as usize;
        waits
            .get(place)
            .map_or(0.0, |wait| wait.as_secs_f64() * 1_000.0)
    };
    let per_second = waits.len() as f64 / took.as_secs_f64();
    Ok(Sample {
        per_second,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
    })
}

async fn send(slot: Slot, form: LetterForm, over: Arc<AtomicBool>) -> Result<Vec<Duration>, Fault> {
    let mut waits = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let letter = Letter::parse(&form, "en").map_err(|_| "the form has faults")?;
        slot.drop_letter(&letter, Receipt::fresh(&Chance::system()))
            .await?;
        waits.push(begun.elapsed());
    }
    Ok(waits)
}

fn figure(engine: &str, what: &str, unit: &str, samples: &[Sample], of: fn(&Sample) -> f64) {
    let mut values: Vec<f64> = samples.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    let median = values.get(values.len() / 2).copied().unwrap_or_default();
    let name = format!("intake on {engine}, {SENDERS} senders: {what}");
    println!("{{\"name\":\"{name}\",\"median\":{median:.1},\"unit\":\"{unit}\"}}");
}
