//! Exact look-up of digests of one length: a sorted table, and the last word on what changed since.
//!
//! What changed is merged into a new sorted table beside the look-ups, which see the same before,
//! meanwhile and after.

use std::collections::HashMap;
use std::sync::Arc;

/// Changes from which a merge is worth its while.
const MERGE_FROM: usize = 65_536;

/// The lowest bit of the entry's number in an id; what is below may change while the entry stays.
pub const ENTRY_SHIFT: u32 = 28;

/// The last word on entries, by digest: an entry's number and its id now, none when it is taken back.
type Changes<const N: usize> = HashMap<[u8; N], Vec<(u64, Option<u64>)>>;

/// Digests with an id each, sorted. Digests are evenly spread, so a directory by their first bits leads
/// to the one or two rows that can be meant.
#[derive(Debug)]
pub struct Sorted<const N: usize> {
    rows: Vec<([u8; N], u64)>,
    /// Where the rows begin whose first `bits` bits are the place; one more at the end.
    directory: Vec<u32>,
    bits: u32,
}

impl<const N: usize> Sorted<N> {
    /// Of these rows, in any order.
    pub fn new(mut rows: Vec<([u8; N], u64)>) -> Self {
        rows.sort_unstable();
        Self::of_sorted(rows)
    }

    /// Of rows that are in order.
    pub fn in_order(rows: Vec<([u8; N], u64)>) -> Self {
        Self::of_sorted(rows)
    }

    fn of_sorted(mut rows: Vec<([u8; N], u64)>) -> Self {
        rows.shrink_to_fit();
        let bits = rows.len().max(2).ilog2();
        let mut directory = vec![0_u32; (1 << bits) + 1];
        for (digest, _) in &rows {
            directory[place(digest, bits) + 1] += 1;
        }
        let mut before = 0;
        for count in &mut directory {
            before += *count;
            *count = before;
        }
        Self {
            rows,
            directory,
            bits,
        }
    }

    fn find(&self, digest: &[u8; N]) -> impl Iterator<Item = u64> {
        let at = place(digest, self.bits);
        let rows = self.directory[at] as usize..self.directory[at + 1] as usize;
        let rows = self.rows[rows].iter();
        rows.filter(move |row| row.0 == *digest).map(|row| row.1)
    }

    fn with(&self, changes: &Changes<N>) -> Self {
        let mut new: Vec<([u8; N], u64)> = changes
            .iter()
            .flat_map(|(digest, said)| said.iter().filter_map(|(_, id)| Some((*digest, (*id)?))))
            .collect();
        new.sort_unstable();
        let mut rows = Vec::with_capacity(self.rows.len() + new.len());
        let mut new = new.into_iter().peekable();
        for row in &self.rows {
            let said = changes.get(&row.0);
            if said.is_some_and(|said| said.iter().any(|one| one.0 == row.1 >> ENTRY_SHIFT)) {
                continue;
            }
            while let Some(earlier) = new.next_if(|new| new < row) {
                rows.push(earlier);
            }
            rows.push(*row);
        }
        rows.extend(new);
        Self::of_sorted(rows)
    }
}

/// The table that is asked.
#[derive(Debug)]
pub struct Table<const N: usize> {
    sorted: Arc<Sorted<N>>,
    /// What is being merged now.
    merging: Option<Arc<Changes<N>>>,
    since: Changes<N>,
}

/// A merge to be made.
#[derive(Debug)]
pub struct Merge<const N: usize>(Arc<Sorted<N>>, Arc<Changes<N>>);

impl<const N: usize> Merge<N> {
    /// The new table; takes time, and stands in nobody's way.
    pub fn make(&self) -> Sorted<N> {
        self.0.with(&self.1)
    }
}

impl<const N: usize> Default for Table<N> {
    fn default() -> Self {
        Self::new(Sorted::new(Vec::new()))
    }
}

impl<const N: usize> Table<N> {
    /// A table of these rows.
    pub fn new(sorted: Sorted<N>) -> Self {
        Self {
            sorted: Arc::new(sorted),
            merging: None,
            since: Changes::new(),
        }
    }

    /// The rows in order, as far as they are merged.
    pub fn settled(&self) -> &[([u8; N], u64)] {
        &self.sorted.rows
    }

    /// The ids of this digest.
    pub fn find(&self, digest: &[u8; N]) -> Vec<u64> {
        let mut ids: Vec<u64> = self.sorted.find(digest).collect();
        for changes in [self.merging.as_deref(), Some(&self.since)] {
            for (entry, now) in changes
                .and_then(|all| all.get(digest))
                .into_iter()
                .flatten()
            {
                ids.retain(|id| id >> ENTRY_SHIFT != *entry);
                ids.extend(now);
            }
        }
        ids
    }

    /// Says what the id of an entry with this digest is from now on; none takes it back.
    pub fn set(&mut self, digest: &[u8; N], entry: u64, now: Option<u64>) {
        let said = self.since.entry(*digest).or_default();
        said.retain(|one| one.0 != entry);
        said.push((entry, now));
    }

    /// The merge that is due, if one is and none is under way; to be ended with [`Table::merged`].
    pub fn due(&mut self) -> Option<Merge<N>> {
        let worth = MERGE_FROM.max(self.sorted.rows.len() / 16);
        if self.merging.is_some() || self.since.len() < worth {
            return None;
        }
        Some(self.begin())
    }

    /// The sorted rows, and how many digests changed since they were sorted.
    #[cfg(test)]
    pub fn sorted_and_since(&self) -> (Arc<Sorted<N>>, usize) {
        (Arc::clone(&self.sorted), self.since.len())
    }

    fn begin(&mut self) -> Merge<N> {
        let changes = Arc::new(std::mem::take(&mut self.since));
        self.merging = Some(Arc::clone(&changes));
        Merge(Arc::clone(&self.sorted), changes)
    }

    /// Takes the new table into use; what it replaces, to be dropped where it holds nobody up.
    pub fn merged(&mut self, sorted: Sorted<N>) -> impl Sized + use<N> {
        let old = std::mem::replace(&mut self.sorted, Arc::new(sorted));
        (old, self.merging.take())
    }
}

fn place<const N: usize>(digest: &[u8; N], bits: u32) -> usize {
    let first = digest
        .iter()
        .take(8)
        .fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    (first >> (64 - bits)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn id(entry: u64, low: u64) -> u64 {
        entry << ENTRY_SHIFT | low
    }

    proptest! {
        #[test]
        fn a_table_says_the_last_word_before_during_and_after_a_merge(
            first in proptest::collection::vec((0..8_u8, 0..9_u64), 0..40),
            then in proptest::collection::vec((0..8_u8, 0..9_u64, any::<bool>()), 0..40),
            later in proptest::collection::vec((0..8_u8, 0..9_u64, any::<bool>()), 0..40),
        ) {
            let mut plain: std::collections::BTreeMap<(u8, u64), u64> =
                first.iter().map(|(digest, entry)| ((*digest, *entry), id(*entry, 0))).collect();
            let rows = plain.iter().map(|((digest, _), id)| ([*digest; 16], *id)).collect();
            let mut table = Table::new(Sorted::new(rows));
            let mut merge = None;
            for (steps, low) in [(then, 1), (later, 2)] {
                for (digest, entry, live) in steps {
                    let now = live.then_some(id(entry, low));
                    table.set(&[digest; 16], entry, now);
                    plain.remove(&(digest, entry));
                    plain.extend(now.map(|now| ((digest, entry), now)));
                }
                merge = merge.or_else(|| Some(table.begin()));
            }
            for merged in [false, true] {
                if let Some(merge) = merge.as_ref().filter(|_| merged) {
                    table.merged(merge.make());
                }
                for digest in 0..8_u8 {
                    let mut found = table.find(&[digest; 16]);
                    found.sort_unstable();
                    let wanted: Vec<u64> =
                        plain.range((digest, 0)..(digest + 1, 0)).map(|(_, id)| *id).collect();
                    prop_assert_eq!(found, wanted);
                }
            }
        }
    }

    #[test]
    fn a_merge_is_due_when_much_has_changed_and_only_once() {
        let mut table = Table::<16>::default();
        for entry in 0..MERGE_FROM as u64 {
            assert!(table.due().is_none());
            let mut digest = [0; 16];
            digest[..8].copy_from_slice(&entry.to_be_bytes());
            table.set(&digest, entry, Some(id(entry, 0)));
        }
        let merge = table.due().unwrap();
        assert!(table.due().is_none());
        assert_eq!(table.find(&[0; 16]), [0]);
        table.merged(merge.make());
        assert_eq!(table.find(&[0; 16]), [0]);
    }
}
