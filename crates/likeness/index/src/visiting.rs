//! Matches told one by one, for callers that want few of very many, and the entries of exactly one hash.

use std::sync::Arc;

use crate::base::Base;
use crate::permutation::permute;
use crate::{Hash, LikenessIndex, Match};

impl LikenessIndex {
    /// Tells every entry that [`LikenessIndex::search`] finds, in no order and without gathering them: one hash
    /// in a cluster of millions costs no memory for each. `told` must not ask this or another index.
    pub fn visit(&self, hash: &Hash, radius: u32, told: impl FnMut(Match)) {
        self.each(hash, radius, Base::search, told);
    }

    /// The numbers of the entries with exactly this hash. One list is looked up, where a search looks through
    /// those of all bands.
    pub fn ids_of(&self, hash: &Hash) -> Vec<u64> {
        let hash = permute(hash);
        let (base, struck, mut ids) = {
            let state = self.read();
            let pending = state.pending.hashes.iter().zip(&state.pending.ids);
            let equal = pending.filter(|(other, _)| **other == hash);
            let ids: Vec<u64> = equal.map(|(_, id)| *id).collect();
            (Arc::clone(&state.base), Arc::clone(&state.struck), ids)
        };
        let live = base.equal_to(&hash).into_iter();
        let live = live.filter(|place| !struck.is_struck(*place));
        ids.extend(live.filter_map(|place| base.ids().get(place as usize)));
        ids
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
                let exact = index.search(&entry(asked).hash, 0).into_iter();
                let exact: Vec<u64> = exact.map(|one| one.id).collect();
                assert_eq!(index.ids_of(&entry(asked).hash), exact);
            }
        }
    }
}
