//! How much memory everything below this test's process takes: each test is a process of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Weighs until it is asked for the most there was.
pub struct Weight {
    most: Arc<AtomicU64>,
    enough: Arc<AtomicBool>,
    weighing: Option<JoinHandle<()>>,
}

impl Weight {
    pub fn watched() -> Self {
        let (most, enough) = (
            Arc::new(AtomicU64::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let (noted, until) = (Arc::clone(&most), Arc::clone(&enough));
        let weighing = std::thread::spawn(move || {
            while !until.load(Ordering::Relaxed) {
                noted.fetch_max(below(std::process::id()), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Self {
            most,
            enough,
            weighing: Some(weighing),
        }
    }

    /// The most bytes there were at one moment, what is shared counted once.
    pub fn most(mut self) -> u64 {
        self.end();
        self.most.load(Ordering::Relaxed)
    }

    fn end(&mut self) {
        self.enough.store(true, Ordering::Relaxed);
        if let Some(weighing) = self.weighing.take() {
            weighing.join().unwrap();
        }
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.end();
    }
}

/// The bytes of all processes below this one.
fn below(root: u32) -> u64 {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let id = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| {
            let parent = rest.split_whitespace().nth(1)?;
            parent.parse::<u32>().ok()
        });
        if let (Some(id), Some(parent)) = (id, parent) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut all = 0;
    let mut left = children.remove(&root).unwrap_or_default();
    while let Some(id) = left.pop() {
        left.extend(children.remove(&id).unwrap_or_default());
        all += share_of(id);
    }
    all
}

/// The proportional share of one process (`Pss`), in bytes.
fn share_of(id: u32) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with("Pss:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1_024
}
