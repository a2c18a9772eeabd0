//! From start to ready with 300,000 reports, and memory when idle, all roles in one process.
//!
//! The program is started on an SQLite folder filled beforehand; it is ready when it says so, which
//! is after the schema was checked, both faces listen and the workers run. Memory is what the system
//! counts as resident ten seconds later. Prints one JSON line for each figure; targets are under
//! 500 ms and under 80 MB.

mod years;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ground::db::Durability;
use ground::{Db, migrate};

type Fault = Box<dyn std::error::Error + Send + Sync>;

const REPORTS: u32 = 300_000;
const STARTS: usize = 7;
const IDLE: Duration = Duration::from_secs(10);

fn main() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let config = configure(folder.path())?;
    let begun = Instant::now();
    runtime.block_on(fill(&folder.path().join("records.db")))?;
    eprintln!("filled in {:.0} s", begun.elapsed().as_secs_f64());
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (program, ready) = start(&config)?;
        starts.push(ready.as_secs_f64() * 1_000.0);
        end(program)?;
    }
    figure("start to ready, 300000 reports", starts, "ms");
    let mut resident = Vec::new();
    for _ in 0..3 {
        let (program, _) = start(&config)?;
        std::thread::sleep(IDLE);
        resident.push(resident_mb(&program)?);
        end(program)?;
    }
    figure("memory when idle, all roles", resident, "MB");
    Ok(())
}

fn figure(name: &str, mut values: Vec<f64>, unit: &str) {
    values.sort_by(f64::total_cmp);
    let median = values.get(values.len() / 2).copied().unwrap_or_default();
    println!("{{\"name\":\"{name}\",\"median\":{median:.1},\"unit\":\"{unit}\"}}");
}

fn configure(folder: &Path) -> Result<std::path::PathBuf, Fault> {
    let port = || -> Result<u16, Fault> {
        Ok(std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port())
    };
    let (door, desk) = (port()?, port()?);
    let text = format!(
        "[hotline]\nname = \"Example Hotline\"\nnotices_from = \"notices@hotline.example\"\n\
         reply_to = \"answers@hotline.example\"\n[keep]\nfolder = {folder:?}\n\
         [door]\nlisten = \"127.0.0.1:{door}\"\n\
         [desk]\nlisten = \"127.0.0.1:{desk}\"\norigin = \"http://127.0.0.1:{desk}\"\n\
         [visits]\nsandbox = \"when-possible\"\n[checks]\ncanary = \"https://canary.example/\"\n"
    );
    let config = folder.join("meldpunt.toml");
    std::fs::write(&config, text)?;
    let made = Command::new(env!("CARGO_BIN_EXE_meldpunt"))
        .args(["keys", "make", "--config"])
        .arg(&config)
        .output()?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into_owned().into());
    }
    Ok(config)
}

async fn fill(path: &Path) -> Result<(), Fault> {
    let db = Db::open_sqlite(path, Durability::Normal).await?;
    migrate::run(&db, migrate::RECORDS).await?;
    years::fill(&db, REPORTS).await?;
    db.close().await;
    Ok(())
}

/// Starts the program; how long it took to be ready.
fn start(config: &Path) -> Result<(Child, Duration), Fault> {
    let begun = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_meldpunt"))
        .args(["serve", "--role", "all", "--config"])
        .arg(config)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let said = program.stdout.take().ok_or("the program has no output")?;
    for line in BufReader::new(said).lines() {
        if line? == "Ready." {
            return Ok((program, begun.elapsed()));
        }
    }
    end(program)?;
    Err("the program ended before it was ready".into())
}

fn end(mut program: Child) -> Result<(), Fault> {
    program.kill()?;
    program.wait()?;
    Ok(())
}

fn resident_mb(program: &Child) -> Result<f64, Fault> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    Ok(kib.ok_or("the system does not tell the memory of the program")? / 1_024.0)
}
