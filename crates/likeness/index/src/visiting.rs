//! Matches told one by one, for callers that want few of very many.

use crate::base::Base;
use crate::{Hash, LikenessIndex, Match};

impl LikenessIndex {
    /// Tells every entry that [`LikenessIndex::search`] finds, in no order and without gathering them: one hash
    /// in a cluster of millions costs no memory for each. `told` must not ask this or another index.
    pub fn visit(&self, hash: &Hash, radius: u32, told: impl FnMut(Match)) {
        self.each(hash, radius, Base::search, told);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entry;

    #[test]
    fn what_is_visited_is_what_is_found_merged_pending_or_withdrawn() {
        let entry = |id: u64| Entry {
            hash: [id, !id, id << 7, 0x9E37],
            id,
        };
        for merged in [300, 40_000] {
            let index =
                LikenessIndex::build(31, (0..merged).map(entry).collect::<Vec<_>>().into_iter());
            let index = index.unwrap();
            index.insert_all((merged..merged + 50).map(entry));
            assert_eq!(index.withdraw(&entry(7).hash, 7), 1);
            for asked in [5, 7, merged + 3] {
                let mut visited = Vec::new();
                index.visit(&entry(asked).hash, 31, |one| visited.push(one));
                visited.sort_unstable();
                assert_eq!(visited, index.search(&entry(asked).hash, 31));
                assert!(visited.len() > 20 && visited.iter().all(|one| one.id != 7));
            }
        }
    }
}
