//! The index as others use it: searches, changes, merges.

use std::cell::RefCell;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::base::{Base, Scratch};
use crate::building::build;
use crate::pending::{Pending, Struck};
use crate::permutation::permute;
use crate::processor::{Level, scan};
use crate::{BuildError, Check, Hash, SnapshotError, snapshot};

/// The number of pending entries from which a merge pays, whatever the size of the index.
const MERGE_FROM: usize = 16_384;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// One entry: a hash, and the number under which the caller knows it. Several entries may have the same hash or
/// the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The hash.
    pub hash: Hash,
    /// The caller's number.
    pub id: u64,
}

/// An entry found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// The number of differing bits.
    pub distance: u32,
    /// The entry's number.
    pub id: u64,
}

/// What an index holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Entries that searches find.
    pub entries: usize,
    /// Entries added since the last merge.
    pub pending: usize,
    /// Entries withdrawn since the last merge and still taking room.
    pub withdrawn: usize,
    /// Memory of the merged part and the pending list, in bytes.
    pub bytes: usize,
    /// Width and radius, in bits, of each band; none if the index is small enough to be scanned.
    pub bands: Vec<(u32, u32)>,
    /// Whether the merged part is in memory (true) or a mapped file.
    pub resident: bool,
}

/// An exact index of 256-bit hashes; see the crate's documentation. Shared by reference between threads.
#[derive(Debug)]
pub struct LikenessIndex {
    state: RwLock<State>,
    /// Held while a new generation is made.
    merging: Mutex<()>,
    level: Level,
}

/// One moment of the index.
#[derive(Debug)]
pub(crate) struct State {
    pub base: Arc<Base>,
    pub struck: Arc<Struck>,
    pub pending: Pending,
    /// Changes since a merge began, to be repeated on its result.
    since: Option<Vec<Change>>,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Insert(Hash, u64),
    Withdraw(Hash, u64),
    WithdrawId(u64),
}

impl State {
    pub(crate) fn new(base: Base, struck: Struck, pending: Pending) -> Self {
        Self {
            base: Arc::new(base),
            struck: Arc::new(struck),
            pending,
            since: None,
        }
    }

    /// Makes a change. Returns the entries added or withdrawn.
    fn apply(&mut self, change: Change) -> usize {
        if let Some(since) = &mut self.since {
            since.push(change);
        }
        match change {
            Change::Insert(hash, id) => {
                self.pending.push(hash, id);
                1
            }
            Change::Withdraw(hash, id) => {
                let ids = self.base.ids();
                let places = self.base.equal_to(&hash).into_iter();
                let merged = places
                    .filter(|&place| ids[place as usize] == id && self.struck.strike(place))
                    .count();
                merged
                    + self
                        .pending
                        .remove(|other, number| number == id && *other == hash)
            }
            Change::WithdrawId(id) => {
                let places = self
                    .base
                    .ids()
                    .iter()
                    .enumerate()
                    .filter(|(_, number)| **number == id);
                let merged = places
                    .filter(|(place, _)| self.struck.strike(*place as u32))
                    .count();
                merged + self.pending.remove(|_, number| number == id)
            }
        }
    }
}

impl LikenessIndex {
    /// An empty index for distances up to `radius` bits.
    ///
    /// # Errors
    /// If `radius` is over [`crate::MAX_RADIUS`].
    pub fn new(radius: u32) -> Result<Self, BuildError> {
        Self::build(radius, std::iter::empty())
    }

    /// An index of the given entries for distances up to `radius` bits. 10 million take a few seconds and, while
    /// it is made, 16 bytes each beyond the finished size.
    ///
    /// # Errors
    /// If `radius` is over [`crate::MAX_RADIUS`], there are too many entries or too little memory.
    pub fn build(
        radius: u32,
        entries: impl ExactSizeIterator<Item = Entry>,
    ) -> Result<Self, BuildError> {
        let count = entries.len();
        let base = build(
            count,
            radius,
            entries.map(|entry| (permute(&entry.hash), entry.id)),
        )?;
        Ok(Self::from_state(State::new(
            base,
            Struck::none(count),
            Pending::default(),
        )))
    }

    pub(crate) fn from_state(state: State) -> Self {
        Self {
            state: RwLock::new(state),
            merging: Mutex::new(()),
            level: Level::detect(),
        }
    }

    // A panic in another thread leaves the state whole: every change is made by steps that cannot fail halfway.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.merging.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every entry within `radius` bits of `hash`, nearest first. Beyond the radius the index was made for, all
    /// entries are scanned.
    pub fn search(&self, hash: &Hash, radius: u32) -> Vec<Match> {
        let mut matches = Vec::new();
        self.search_into(hash, radius, &mut matches);
        matches
    }

    /// [`Self::search`] into a vector that is emptied first, for callers that ask often.
    pub fn search_into(&self, hash: &Hash, radius: u32, matches: &mut Vec<Match>) {
        self.collect(hash, radius, matches, Base::search);
    }

    /// The answers for many hashes, in their order.
    pub fn search_batch(&self, hashes: &[Hash], radius: u32) -> Vec<Vec<Match>> {
        hashes
            .iter()
            .map(|hash| self.search(hash, radius))
            .collect()
    }

    /// What [`Self::search`] answers, found by comparing every entry: the measure of the index's exactness.
    pub fn linear(&self, hash: &Hash, radius: u32) -> Vec<Match> {
        let mut matches = Vec::new();
        self.collect(hash, radius, &mut matches, Base::scan);
        matches
    }

    fn collect(
        &self,
        hash: &Hash,
        radius: u32,
        matches: &mut Vec<Match>,
        find: impl Fn(&Base, &Hash, u32, &mut Scratch),
    ) {
        matches.clear();
        self.each(hash, radius, find, |one| matches.push(one));
        matches.sort_unstable();
    }

    /// Tells every match, in no order.
    pub(crate) fn each(
        &self,
        hash: &Hash,
        radius: u32,
        find: impl Fn(&Base, &Hash, u32, &mut Scratch),
        mut told: impl FnMut(Match),
    ) {
        let query = permute(hash);
        SCRATCH.with_borrow_mut(|scratch| {
            // One moment: what is pending now is not in this base, and what is merged later is not pending now.
            let (base, struck) = {
                let state = self.read();
                scratch.found.clear();
                scan(
                    self.level,
                    &state.pending.hashes,
                    &query,
                    radius,
                    &mut scratch.found,
                );
                for &(at, distance) in &scratch.found {
                    told(Match {
                        distance,
                        id: state.pending.ids[at as usize],
                    });
                }
                (Arc::clone(&state.base), Arc::clone(&state.struck))
            };
            find(&base, &query, radius, scratch);
            let ids = base.ids();
            for &(place, distance) in &scratch.found {
                if !struck.is_struck(place) {
                    told(Match {
                        distance,
                        id: ids[place as usize],
                    });
                }
            }
        });
    }

    /// Adds an entry; searches that begin afterwards find it.
    pub fn insert(&self, hash: &Hash, id: u64) {
        self.write().apply(Change::Insert(permute(hash), id));
    }

    /// Adds many entries at once.
    pub fn insert_all(&self, entries: impl IntoIterator<Item = Entry>) {
        let mut state = self.write();
        for entry in entries {
            state.apply(Change::Insert(permute(&entry.hash), entry.id));
        }
    }

    /// Withdraws the entries with this hash and number; searches that begin afterwards do not find them. Returns
    /// how many there were.
    pub fn withdraw(&self, hash: &Hash, id: u64) -> usize {
        self.write().apply(Change::Withdraw(permute(hash), id))
    }

    /// Withdraws every entry with this number, for callers that no longer know its hash. Reads all numbers (some
    /// milliseconds for 10 million). Returns how many there were.
    pub fn withdraw_id(&self, id: u64) -> usize {
        self.write().apply(Change::WithdrawId(id))
    }

    /// Whether enough has changed that [`Self::merge`] would make searches faster or memory smaller.
    pub fn should_merge(&self) -> bool {
        let state = self.read();
        let worth = MERGE_FROM.max(state.base.count() / 100);
        state.pending.len() > worth || state.struck.count() > worth.max(state.base.count() / 4)
    }

    /// Works pending entries and withdrawals into a new generation. Takes as long as building; searches and
    /// changes go on meanwhile and lose nothing.
    ///
    /// # Errors
    /// If there is no memory for the new generation; the index then stays as it was.
    pub fn merge(&self) -> Result<(), BuildError> {
        let _alone = self.one_at_a_time();
        let (base, struck, pending) = {
            let mut state = self.write();
            state.since = Some(Vec::new());
            let struck = Struck::from_words(state.struck.words().into_iter());
            (Arc::clone(&state.base), struck, state.pending.clone())
        };
        let count = base.count() - struck.count() + pending.len();
        let merged = base.hashes().iter().zip(base.ids()).enumerate();
        let live = merged
            .filter(|(place, _)| !struck.is_struck(*place as u32))
            .map(|(_, (hash, id))| (*hash, *id));
        let built = build(
            count,
            base.radius(),
            live.chain(pending.hashes.into_iter().zip(pending.ids)),
        );
        let mut state = self.write();
        let since = state.since.take().unwrap_or_default();
        *state = State::new(built?, Struck::none(count), Pending::default());
        for change in since {
            state.apply(change);
        }
        Ok(())
    }

    /// Writes a snapshot of this moment, pending entries and withdrawals included, without holding up searches. A
    /// file of that name is replaced at the end, all at once.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), SnapshotError> {
        let (base, struck, pending) = {
            let state = self.read();
            (
                Arc::clone(&state.base),
                state.struck.words(),
                state.pending.clone(),
            )
        };
        snapshot::write(path, &base, &struck, &pending)
    }

    /// Opens a snapshot by mapping it; see [`Check`] for how much is looked at before the first search.
    ///
    /// # Errors
    /// If the file cannot be read or is no sound snapshot: build the index anew then.
    pub fn open(path: &Path, check: Check) -> Result<Self, SnapshotError> {
        snapshot::open(path, check).map(Self::from_state)
    }

    /// Copies a mapped snapshot into memory, where searches are faster, while searches go on. Does nothing if the
    /// index is in memory.
    ///
    /// # Errors
    /// If there is no memory; the index then stays as it was.
    pub fn make_resident(&self) -> Result<(), BuildError> {
        let _alone = self.one_at_a_time();
        let base = Arc::clone(&self.read().base);
        if !base.is_resident() {
            let resident = Arc::new(base.to_resident()?);
            self.write().base = resident;
        }
        Ok(())
    }

    /// Entries that searches find.
    pub fn len(&self) -> usize {
        self.statistics().entries
    }

    /// Whether searches find nothing at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the index holds.
    pub fn statistics(&self) -> Statistics {
        let state = self.read();
        let withdrawn = state.struck.count();
        let changed = state.pending.len() * 40 + state.base.count() / 8;
        Statistics {
            entries: state.base.count() - withdrawn + state.pending.len(),
            pending: state.pending.len(),
            withdrawn,
            bytes: state.base.bytes().len() + changed,
            bands: state
                .base
                .bands()
                .iter()
                .map(|band| (band.width, band.radius))
                .collect(),
            resident: state.base.is_resident(),
        }
    }
}
