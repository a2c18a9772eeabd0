//! All lists in memory, kept current while they are asked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use ground::{Ask, DbError, HashListId};
use likeness_index::{BuildError, DEFAULT_RADIUS, LikenessIndex};
use tokio::sync::Mutex;

use crate::digest::Digest;
use crate::held::{
    Changed, Held, Loaded, PAGE, changed_since, digest_of, handed_out, numbered, page,
};
use crate::kept::{Keeping, Kept, Reached};
use crate::rules::Category;
use crate::table::Merge;

/// An entry that has the same digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The list it is on.
    pub list: HashListId,
    /// The entry's number.
    pub entry: u64,
    /// The source's category.
    pub category: Category,
}

/// An entry that looks alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearHit {
    /// The entry.
    pub hit: Hit,
    /// In bits of 256.
    pub distance: u32,
}

/// Why the lists could not be brought up to date; what was loaded before stays.
#[derive(Debug, thiserror::Error)]
pub enum LoadFault {
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No index can be made.
    #[error("the index of hashes cannot be made")]
    Index(#[from] BuildError),
    /// There are more lists, categories or entries than a number in memory can tell apart.
    #[error("there are too many {0}")]
    TooMany(&'static str),
}

/// Changes worked in at a time: who asks waits for no more than these.
const AT_ONCE: usize = 500;

/// All enabled lists, shared by cloning. Answers come from memory.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    held: RwLock<Held>,
    /// Held while a refresh runs.
    seen: Mutex<Seen>,
    /// When the records last answered, to whoever asked.
    heard: RwLock<Option<Instant>>,
    merging: AtomicBool,
    /// Where they are kept from one start to the next.
    keeping: Option<Keeping>,
}

/// How far the records have been read.
type Seen = Reached;

impl Seen {
    fn note(&mut self, row: &Changed) {
        self.at = (row.changed, row.entry);
        self.newest = self.newest.max(row.entry);
    }
}

fn cut_off() -> BuildError {
    BuildError::Memory(std::io::Error::other("the making of the index was cut off"))
}

impl Live {
    /// No lists at all, not loaded.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The same lists, to be asked for looks within `radius` bits, at most [`likeness_index::MAX_RADIUS`];
    /// to be said before they are loaded. Looks that are further off are found by going through all, so it
    /// is never made for less than the usual.
    #[must_use]
    pub fn within(self, radius: u32) -> Self {
        self.write().radius = radius.max(DEFAULT_RADIUS);
        self
    }

    /// Within how many bits looks are found without going through all.
    #[must_use]
    pub fn radius(&self) -> u32 {
        self.read().radius
    }

    /// How long ago the records last answered, be it in the midst of a refresh; none before they did.
    #[must_use]
    pub fn heard(&self) -> Option<Duration> {
        let heard = self.0.heard.read().unwrap_or_else(PoisonError::into_inner);
        heard.map(|at| at.elapsed())
    }

    fn hear(&self) {
        let mut heard = self.0.heard.write().unwrap_or_else(PoisonError::into_inner);
        *heard = Some(Instant::now());
    }

    /// No lists yet, to be kept in this folder from one start to the next.
    #[must_use]
    pub fn kept_in(keeping: Keeping) -> Self {
        Self(Arc::new(Inner {
            keeping: Some(keeping),
            ..Inner::default()
        }))
    }

    /// Whether the records have been read: before, "no hit" means nothing.
    #[must_use]
    pub fn loaded(&self) -> bool {
        self.read().loaded
    }

    pub(crate) fn read(&self) -> std::sync::RwLockReadGuard<'_, Held> {
        self.0.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Held> {
        self.0.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entries of enabled lists with exactly this digest.
    #[must_use]
    pub fn exact(&self, digest: &Digest) -> Vec<Hit> {
        let held = self.read();
        let ids = held.exact(digest).into_iter();
        ids.filter_map(|id| held.hit(id)).collect()
    }

    /// Reads what changed since the last call (at first: everything) and works it in; how many entries
    /// changed. Call it a few times a second: a change made by any process is then effective at once.
    ///
    /// # Errors
    /// [`LoadFault`]; call again.
    pub async fn refresh(&self, ask: &impl Ask) -> Result<u64, LoadFault> {
        let mut seen = self.0.seen.lock().await;
        if self.loaded() {
            self.catch_up(ask, &mut seen).await
        } else {
            self.load(ask, &mut seen).await
        }
    }

    /// The same, but of changes only so many as are read at a time: how many, and whether more wait.
    ///
    /// # Errors
    /// [`LoadFault`]; call again.
    pub async fn refresh_some(&self, ask: &impl Ask) -> Result<(u64, bool), LoadFault> {
        let mut seen = self.0.seen.lock().await;
        if self.loaded() {
            self.catch_up_some(ask, &mut seen).await
        } else {
            Ok((self.load(ask, &mut seen).await?, false))
        }
    }

    async fn catch_up(&self, ask: &impl Ask, seen: &mut Seen) -> Result<u64, LoadFault> {
        let mut changed = 0;
        loop {
            let (more, waits) = self.catch_up_some(ask, seen).await?;
            changed += more;
            if !waits {
                return Ok(changed);
            }
        }
    }

    /// Works in one page of changes: how many, and whether more wait.
    async fn catch_up_some(
        &self,
        ask: &impl Ask,
        seen: &mut Seen,
    ) -> Result<(u64, bool), LoadFault> {
        let page = page(ask, seen.at).await?;
        let lists = numbered(ask).await?;
        self.hear();
        if *self.read().lists != lists {
            self.write().lists = Arc::new(lists);
        }
        for rows in page.chunks(AT_ONCE) {
            self.work_in(rows, seen)?;
            tokio::task::yield_now().await;
        }
        if !page.is_empty() {
            self.merge_beside();
        }
        Ok((page.len() as u64, page.len() >= PAGE as usize))
    }

    fn work_in(&self, rows: &[Changed], seen: &mut Seen) -> Result<(), LoadFault> {
        let (mut looks, newest) = (Vec::new(), seen.newest);
        let index = {
            let mut held = self.write();
            for row in rows {
                looks.extend(held.apply(row)?);
            }
            held.look.clone()
        };
        for look in looks {
            if let Some(index) = &index {
                look.apply(index, newest);
            }
        }
        // Only now, so that a fault above has them all read again; doing one twice changes nothing.
        for row in rows {
            seen.note(row);
        }
        Ok(())
    }

    /// Merges what has changed, if it is much, beside everything else.
    fn merge_beside(&self) {
        if self.0.merging.swap(true, Ordering::AcqRel) {
            return;
        }
        let due = Due::of(&mut self.write());
        let Some(due) = due else {
            self.0.merging.store(false, Ordering::Release);
            return;
        };
        let live = self.clone();
        tokio::task::spawn_blocking(move || {
            let merged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| due.make(&live)));
            if merged.is_err() {
                tracing::error!(
                    "merging the hash lists broke off; they are searched on as they are"
                );
            }
            live.0.merging.store(false, Ordering::Release);
        });
    }

    async fn load(&self, ask: &impl Ask, seen: &mut Seen) -> Result<u64, LoadFault> {
        if let Some(keeping) = self.0.keeping.clone() {
            match self.load_kept(ask, seen, keeping).await? {
                Some(changed) => return Ok(changed),
                None => tracing::info!("the hash lists are read from the records"),
            }
        }
        self.load_all(ask, seen).await
    }

    /// Takes into use what is kept, and works in what changed since; none when there is nothing that can be
    /// used, or most of it is old.
    async fn load_kept(
        &self,
        ask: &impl Ask,
        seen: &mut Seen,
        keeping: Keeping,
    ) -> Result<Option<u64>, LoadFault> {
        let radius = self.read().radius;
        let read = tokio::task::spawn_blocking(move || keeping.read(radius));
        let Kept {
            held,
            reached,
            witness,
        } = match read.await.map_err(|_| cut_off())? {
            Ok(Some(kept)) => kept,
            Ok(None) => return Ok(None),
            Err(fault) => {
                tracing::warn!(%fault, "the kept hash lists are not used");
                return Ok(None);
            }
        };
        let changes = changed_since(ask, reached.at).await?;
        let few = changes <= (held.len() / 8).max(PAGE as usize);
        let known = digest_of(ask, reached.newest).await? == Some(witness);
        if !few || !known || !handed_out(ask, reached.at.0).await? {
            return Ok(None);
        }
        *self.write() = held;
        *seen = reached;
        let changed = self.catch_up(ask, seen).await?;
        self.write().loaded = true;
        Ok(Some(changed))
    }

    async fn load_all(&self, ask: &impl Ask, seen: &mut Seen) -> Result<u64, LoadFault> {
        let (mut held, mut rows, mut now) = (Held::default(), Loaded::default(), Seen::default());
        let mut count = 0;
        loop {
            let page = page(ask, now.at).await?;
            for row in &page {
                rows.add(&mut held, row)?;
                now.note(row);
            }
            count += page.len() as u64;
            if page.len() < PAGE as usize {
                break;
            }
        }
        held.radius = self.read().radius;
        let witness = digest_of(ask, now.newest).await?;
        let keeping = self.0.keeping.clone().zip(witness);
        let filled = tokio::task::spawn_blocking(move || {
            held.fill(rows)?;
            let kept = keeping.map(|(keeping, witness)| keeping.write(&held, now, witness));
            if let Some(Err(fault)) = kept {
                tracing::warn!(%fault, "the hash lists are not kept; the next start reads them all");
            }
            Ok::<_, LoadFault>(held)
        });
        let held = filled.await.map_err(|_| cut_off())??;
        let lists = numbered(ask).await?;
        self.hear();
        let mut whole = self.write();
        *whole = held;
        whole.lists = Arc::new(lists);
        *seen = now;
        Ok(count)
    }
}

/// The merges that are due.
struct Due {
    md5: Option<Merge<16>>,
    sha1: Option<Merge<20>>,
    sha256: Option<Merge<32>>,
    look: Option<Arc<LikenessIndex>>,
}

impl Due {
    fn of(held: &mut Held) -> Option<Self> {
        let due = Self {
            md5: held.md5.due(),
            sha1: held.sha1.due(),
            sha256: held.sha256.due(),
            look: held.look.clone().filter(|index| index.should_merge()),
        };
        let any = due.md5.is_some() || due.sha1.is_some() || due.sha256.is_some();
        (any || due.look.is_some()).then_some(due)
    }

    /// Makes them; the lists are locked only to take each new table into use.
    fn make(self, live: &Live) {
        if let Some(merge) = self.md5 {
            let sorted = merge.make();
            let _old = live.write().md5.merged(sorted);
        }
        if let Some(merge) = self.sha1 {
            let sorted = merge.make();
            let _old = live.write().sha1.merged(sorted);
        }
        if let Some(merge) = self.sha256 {
            let sorted = merge.make();
            let _old = live.write().sha256.merged(sorted);
        }
        if let Some(Err(fault)) = self.look.map(|index| index.merge()) {
            let fault: &BuildError = &fault;
            tracing::warn!(%fault, "the index of looks was not merged and searches on as it is");
        }
    }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
