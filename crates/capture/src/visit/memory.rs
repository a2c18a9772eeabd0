//! How much memory the processes of a visit take, and an end to the one that takes too much.
//!
//! A page may ask for all the memory there is. No resource limit bounds what several processes take
//! together, so the tree is looked at from outside, where the page cannot reach, and when it takes
//! more than it may the largest process that runs a page is ended, or the largest of all when there
//! is none. What the visit has seen until then is brought back.
//!
//! What processes share is cheaply counted once for each of them only, so that a browser handing a
//! large drawing from one to another seems to take it several times, and what the process that all
//! others are forked from wrote before counts for each. Only when that sum is too large, each is asked
//! for its part of what it shares, which the kernel has to go through its pages for.

use std::collections::HashMap;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal};

/// How often the tree is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(40);
/// Which of these times the whole tree is looked for again, and not only those known are weighed.
const TREE_EVERY: u32 = 5;
/// With which word Chromium starts the processes that run pages.
const INNER: &[u8] = b"--type=renderer";
/// With which word it starts those that all others are forked from, and how all its words begin.
const FORKS: &[u8] = b"--type=zygote";
const TYPED: &[u8] = b"--type=";

/// One process of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Process {
    id: i32,
    /// What it wrote to, or its part of that where another was forked from it since, in bytes.
    own: u64,
    /// What it wrote to and shares with others, in bytes: all of it, or its part.
    shared: u64,
    /// What it has of files in memory, in bytes: programs, which many processes share.
    of_files: u64,
    /// Whether it is one of those that Chromium starts for a page, without which a visit goes on.
    is_inner: bool,
    /// Whether others are forked from it.
    forks: bool,
    /// Whether it may be one of those.
    forked: bool,
}

/// Keeps the tree below the process `root` within `most` bytes. Never ends by itself.
pub async fn kept_within(root: u32, most: u64) -> std::convert::Infallible {
    let mut known = Vec::new();
    for look in 0_u32.. {
        tokio::time::sleep(LOOK_EVERY).await;
        let ids = std::mem::take(&mut known);
        let looked = tokio::task::spawn_blocking(move || match look % TREE_EVERY {
            0 => tree_below(root),
            _ => ids.into_iter().map(weighed).collect(),
        });
        let tree = looked.await.unwrap_or_default();
        known = tree.iter().map(|process| process.id).collect();
        if taken_by(&tree) <= most {
            continue;
        }
        let tree = if taken_at_least_by(&tree) > most {
            tree
        } else {
            let parts = tokio::task::spawn_blocking(|| tree.into_iter().map(in_parts).collect());
            parts.await.unwrap_or_default()
        };
        let taken = taken_by(&tree);
        if taken <= most {
            continue;
        }
        let largest = tree
            .iter()
            .max_by_key(|one| (one.is_inner, one.own + one.shared));
        if let Some(largest) = largest {
            tracing::warn!(taken, most, "a visit took too much memory");
            end(root, *largest);
        }
    }
    std::future::pending().await
}

/// What a tree takes, in bytes. Of the programs each process has much the same part in memory, so that
/// the largest part counts for all.
fn taken_by(tree: &[Process]) -> u64 {
    let written: u64 = tree.iter().map(|one| one.own + one.shared).sum();
    let of_files = tree.iter().map(|process| process.of_files).max();
    written.saturating_add(of_files.unwrap_or(0))
}

/// What a tree takes even if all that is shared were one and the same, in bytes.
fn taken_at_least_by(tree: &[Process]) -> u64 {
    let forks = tree.iter().filter(|one| one.forks).map(|one| one.own).max();
    let before = |one: &Process| if one.forked { forks.unwrap_or(0) } else { 0 };
    let own: u64 = tree
        .iter()
        .map(|one| one.own.saturating_sub(before(one)))
        .sum();
    let most = |part: fn(&Process) -> u64| tree.iter().map(part).max().unwrap_or(0);
    own.saturating_add(most(|one| one.shared))
        .saturating_add(most(|one| one.of_files))
}

/// Ends a process if it is still of this tree. It is held by a handle first, so that its number
/// cannot have been given to another in between.
fn end(root: u32, process: Process) {
    let Some(id) = Pid::from_raw(process.id) else {
        return;
    };
    let Ok(handle) = rustix::process::pidfd_open(id, PidfdFlags::empty()) else {
        return;
    };
    if tree_below(root).iter().any(|still| still.id == process.id) {
        // One that is gone already needs no end.
        let _ = rustix::process::pidfd_send_signal(&handle, Signal::KILL);
    }
}

/// The processes below `root`, without it: that is bubblewrap, or the program that set the limits.
fn tree_below(root: u32) -> Vec<Process> {
    let Ok(root) = i32::try_from(root) else {
        return Vec::new();
    };
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for (id, parent) in everybody() {
        children.entry(parent).or_default().push(id);
    }
    let mut found = Vec::new();
    let mut below = children.remove(&root).unwrap_or_default();
    while let Some(id) = below.pop() {
        below.extend(children.remove(&id).unwrap_or_default());
        found.push(weighed(id));
    }
    found
}

/// A process with what it takes now; nothing when it is gone.
fn weighed(id: i32) -> Process {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"));
    let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let status = status.unwrap_or_default();
    Process {
        id,
        own: bytes_in(&status, &["RssAnon", "VmSwap"]),
        shared: bytes_in(&status, &["RssShmem"]),
        of_files: bytes_in(&status, &["RssFile"]),
        is_inner: has_word(&line, |word| word == INNER),
        forks: has_word(&line, |word| word == FORKS),
        forked: has_word(&line, |word| word.starts_with(TYPED) && word != FORKS),
    }
}

/// The same process with its part of what it shares with others, where the kernel tells that
/// (`smaps_rollup` in proc_pid_smaps(5)).
fn in_parts(process: Process) -> Process {
    let rollup = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", process.id));
    let Some(rollup) = rollup.ok().filter(|rollup| rollup.contains("Pss_Shmem:")) else {
        return process;
    };
    Process {
        own: bytes_in(&rollup, &["Pss_Anon", "SwapPss"]),
        shared: bytes_in(&rollup, &["Pss_Shmem"]),
        ..process
    }
}

/// Whether a command line has such a word. Chromium writes its own over, so that words may be divided
/// by spaces.
fn has_word(line: &[u8], wanted: impl Fn(&[u8]) -> bool) -> bool {
    line.split(|byte| matches!(byte, 0 | b' ')).any(wanted)
}

/// Every process of the machine with its parent.
fn everybody() -> impl Iterator<Item = (i32, i32)> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        Some((id, parent_in(&stat)?))
    })
}

/// The parent in a line of `/proc/…/stat`. The name before it may hold anything, also brackets.
fn parent_in(stat: &str) -> Option<i32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// The sum of these lines of `/proc/…/status`, in bytes.
fn bytes_in(status: &str, names: &[&str]) -> u64 {
    let lines = status.lines().filter_map(|line| line.split_once(':'));
    let counted = lines.filter(|(name, _)| names.contains(name));
    let kilobytes = counted.filter_map(|(_, value)| {
        let number = value.split_whitespace().next()?;
        number.parse::<u64>().ok()
    });
    kilobytes.fold(0, |all, one| all.saturating_add(one.saturating_mul(1_024)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn a_process_is_read_whatever_its_name_is() {
        assert_eq!(parent_in("12 (a b) c) ) S 7 12 12 0"), Some(7));
        assert_eq!(parent_in("12 no brackets"), None);
        let status =
            "Name:\tx\nVmRSS:\t  900 kB\nRssAnon:\t 10 kB\nRssShmem:\t 2 kB\nVmSwap:\t 1 kB\n";
        assert_eq!(
            bytes_in(status, &["RssAnon", "RssShmem", "VmSwap"]),
            13 * 1_024
        );
    }

    #[test]
    fn a_process_for_a_page_is_known_however_its_words_are_divided() {
        let is_inner = |line: &[u8]| has_word(line, |word| word == INNER);
        assert!(is_inner(b"/opt/chromium\0--type=renderer\0--lang=en\0"));
        assert!(is_inner(b"/opt/chromium --type=renderer --lang=en\0"));
        assert!(!is_inner(b"/opt/chromium\0--type=gpu-process\0"));
        assert!(!is_inner(b"/opt/chromium --no--type=renderer\0"));
    }

    /// A shell that keeps `megabytes` in a child of its own and then waits.
    fn keeping(megabytes: u32) -> std::process::Child {
        let keep = format!("head -c {megabytes}000000 /dev/zero | tail | sleep 60; true");
        Command::new("sh")
            .args(["-c", &keep])
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    #[tokio::test]
    async fn the_largest_process_of_a_tree_that_takes_too_much_is_ended_and_no_other_tree() {
        let (mut large, mut other) = (keeping(120), keeping(120));
        let taken = |child: &std::process::Child| -> u64 {
            tree_below(child.id()).iter().map(|one| one.own).sum()
        };
        while taken(&large) < 100_000_000 || taken(&other) < 100_000_000 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let watched = kept_within(large.id(), 60_000_000);
        let _ = tokio::time::timeout(Duration::from_secs(2), watched).await;
        assert!(taken(&large) < 60_000_000, "it still takes too much");
        assert!(taken(&other) > 100_000_000, "another tree was touched");
        for child in [&mut large, &mut other] {
            for process in tree_below(child.id()) {
                end(child.id(), process);
            }
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// A process that shares 60 MB with its child, both having written to all of it.
    const SHARING: &str = "
import mmap, os, time
shared = mmap.mmap(-1, 60_000_000)
os.fork()
for at in range(0, 60_000_000, 4096): shared[at] = 1
time.sleep(60)";

    #[tokio::test]
    async fn what_two_processes_share_counts_once() {
        // The tree of a visit is what is below its first process.
        let mut first = Command::new("sh")
            .args(["-c", "python3 -c \"$0\"; true", SHARING])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let root = first.id();
        let tree = || tree_below(root);
        let full = |one: &Process| one.shared > 58_000_000;
        while tree().iter().filter(|one| full(one)).count() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let counted = taken_by(&tree());
        let parts: Vec<Process> = tree().into_iter().map(in_parts).collect();
        let shared: u64 = parts.iter().map(|one| one.shared).sum();
        assert!((58_000_000..70_000_000).contains(&shared), "{parts:?}");
        assert!(taken_at_least_by(&tree()) + 50_000_000 < counted);
        let watched = kept_within(root, counted - 20_000_000);
        let _ = tokio::time::timeout(Duration::from_millis(600), watched).await;
        assert_eq!(tree().len(), parts.len(), "one of them was ended");
        // The innermost first: those below one that is gone belong to the tree no more.
        for process in tree().into_iter().rev() {
            end(root, process);
        }
        let _ = first.kill();
        let _ = first.wait();
    }
}
