//! Exact look-up of digests of one length: a sorted table, what came since, and what is struck out.

use std::collections::{HashMap, HashSet};

/// Digests with a number each. Digests are evenly spread, so a directory by their first bits leads to
/// the one or two rows that can be meant.
#[derive(Debug)]
pub struct Table<const N: usize> {
    sorted: Vec<([u8; N], u64)>,
    /// Where the rows begin whose first `bits` bits are the place; one more at the end.
    directory: Vec<u32>,
    bits: u32,
    since: HashMap<[u8; N], Vec<u64>>,
    struck: HashSet<u64>,
}

impl<const N: usize> Default for Table<N> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<const N: usize> Table<N> {
    /// A table of these rows, in any order.
    pub fn new(mut rows: Vec<([u8; N], u64)>) -> Self {
        rows.sort_unstable();
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
            sorted: rows,
            directory,
            bits,
            since: HashMap::new(),
            struck: HashSet::new(),
        }
    }

    fn merged(&self, digest: &[u8; N]) -> impl Iterator<Item = u64> {
        let at = place(digest, self.bits);
        let rows = self.directory[at] as usize..self.directory[at + 1] as usize;
        let rows = self.sorted[rows].iter();
        rows.filter(move |row| row.0 == *digest).map(|row| row.1)
    }

    /// The numbers of this digest.
    pub fn find(&self, digest: &[u8; N]) -> Vec<u64> {
        let live = self.merged(digest).filter(|id| !self.struck.contains(id));
        let since = self.since.get(digest).into_iter().flatten().copied();
        live.chain(since).collect()
    }

    /// Takes away every number of this digest that `old` names, then adds `new`.
    pub fn change(&mut self, digest: &[u8; N], old: impl Fn(u64) -> bool, new: Option<u64>) {
        let merged: Vec<u64> = self.merged(digest).filter(|id| old(*id)).collect();
        self.struck.extend(&merged);
        if let Some(ids) = self.since.get_mut(digest) {
            ids.retain(|id| !old(*id));
        }
        match new {
            Some(id) if merged.contains(&id) => {
                self.struck.remove(&id);
            }
            Some(id) => self.since.entry(*digest).or_default().push(id),
            None => (),
        }
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

    proptest! {
        #[test]
        fn a_table_finds_what_a_plain_list_holds(
            rows in proptest::collection::vec((any::<[u8; 16]>(), any::<u64>()), 0..200),
        ) {
            let table = Table::new(rows.clone());
            for (digest, id) in &rows {
                prop_assert!(table.find(digest).contains(id));
            }
        }
    }

    #[test]
    fn what_is_struck_out_is_not_found_and_comes_back_when_it_is_added_again() {
        let mut table = Table::new(vec![([7; 16], 1), ([7; 16], 2)]);
        table.change(&[7; 16], |id| id == 1, None);
        assert_eq!(table.find(&[7; 16]), [2]);
        table.change(&[7; 16], |id| id == 1, Some(1));
        assert_eq!(table.find(&[7; 16]), [1, 2]);
        table.change(&[8; 16], |id| id == 3, Some(3));
        assert_eq!(table.find(&[8; 16]), [3]);
        table.change(&[8; 16], |id| id == 3, None);
        assert!(table.find(&[8; 16]).is_empty());
    }
}
