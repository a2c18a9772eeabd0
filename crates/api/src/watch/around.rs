//! Which entries are asked around: how many different hashes match each.

use std::collections::HashMap;

use super::{Mark, NEIGHBOURS};

/// Entries that are counted at a time. When there are more, the one of which fewest hashes were asked
/// makes room, of several the one that was asked longest ago: what is asked around stays.
const ENTRIES: usize = 256;

/// The hashes that match one entry, and when the last one was asked.
#[derive(Debug, Default)]
struct Asked {
    marks: Vec<Mark>,
    last: u64,
}

/// The hashes that matched, by entry.
#[derive(Debug, Default)]
pub(super) struct Around {
    entries: HashMap<u64, Asked>,
    asked: u64,
}

impl Around {
    /// One that matched this entry; how many different ones did.
    pub(super) fn saw(&mut self, entry: u64, mark: Mark) -> usize {
        if self.entries.len() >= ENTRIES && !self.entries.contains_key(&entry) {
            let by_use = |(_, one): &(&u64, &Asked)| (one.marks.len(), one.last);
            let least = self.entries.iter().min_by_key(by_use);
            if let Some(least) = least.map(|(entry, _)| *entry) {
                self.entries.remove(&least);
            }
        }
        self.asked += 1;
        let one = self.entries.entry(entry).or_default();
        one.last = self.asked;
        if one.marks.len() < NEIGHBOURS && !one.marks.contains(&mark) {
            one.marks.push(mark);
        }
        one.marks.len()
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.entries.len()
    }
}
