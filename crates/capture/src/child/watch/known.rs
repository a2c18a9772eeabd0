//! Which addresses a page has asked for: marks of them, since a `data:` address may be long.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

/// Most addresses that are remembered.
const KNOWN_MAX: usize = 50_000;

/// The addresses asked for.
#[derive(Debug, Default)]
pub struct Known {
    marks: HashSet<u64>,
    /// Of this visit alone, so that no page can prepare two addresses with the same mark.
    with: RandomState,
}

impl Known {
    /// Remembers an address; whether it is new, and there is room for it.
    pub fn add(&mut self, address: &str) -> bool {
        let mark = self.with.hash_one(address);
        self.marks.len() < KNOWN_MAX && self.marks.insert(mark)
    }
}
