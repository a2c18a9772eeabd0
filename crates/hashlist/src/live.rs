//! All lists in memory, kept current while they are asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use ground::{Ask, DbError, HashListId, values};
use likeness_index::{BuildError, DEFAULT_RADIUS, Entry, LikenessIndex};
use pdq::Hash256;
use sea_orm::FromQueryResult;
use tokio::sync::Mutex;

use crate::digest::{Digest, Key, Kind};
use crate::rules::Category;
use crate::store;
use crate::table::Table;

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

/// Entries read at a time.
const PAGE: i64 = 50_000;
/// Entries worked in before whoever asks has a turn again.
const TURN: usize = 32;

/// All enabled lists, shared by cloning. Answers come from memory.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    held: RwLock<Held>,
    /// The last change and entry seen; held while a refresh runs.
    seen: Mutex<(i64, i64)>,
    /// Whether the index is being made anew beside the searches.
    merging: AtomicBool,
}

#[derive(Debug, Default)]
struct Held {
    loaded: bool,
    md5: Table<16>,
    sha1: Table<20>,
    sha256: Table<32>,
    look: Option<Arc<LikenessIndex>>,
    lists: HashMap<u16, (HashListId, bool)>,
    categories: Vec<Category>,
    places: HashMap<Category, u16>,
}

/// An entry's number, list (12 bits) and category (16 bits) in one.
fn packed(entry: i64, list: i64, category: u16) -> Result<u64, LoadFault> {
    let entry = u64::try_from(entry).ok().filter(|n| *n < 1 << 36);
    let list = u64::try_from(list).ok().filter(|n| *n < 1 << 12);
    let entry = entry.ok_or(LoadFault::TooMany("entries"))?;
    let list = list.ok_or(LoadFault::TooMany("lists"))?;
    Ok(entry << 28 | list << 16 | u64::from(category))
}

#[derive(FromQueryResult)]
struct Changed {
    entry: i64,
    list_no: i64,
    kind: Kind,
    digest: Vec<u8>,
    category: String,
    withdrawn: i64,
    changed: i64,
}

impl Changed {
    fn key(&self) -> Result<Key, DbError> {
        Key::from_bytes(self.kind, &self.digest).ok_or_else(|| unreadable("digest"))
    }
}

fn cut_off() -> BuildError {
    BuildError::Memory(std::io::Error::other("the making of the index was cut off"))
}

fn unreadable(column: &str) -> DbError {
    DbError::Unreadable {
        what: format!("hash_entry.{column}"),
    }
}

impl Held {
    fn hit(&self, id: u64) -> Option<Hit> {
        let (list, enabled) = self.lists.get(&((id >> 16 & 0xFFF) as u16))?;
        let category = self.categories.get((id & 0xFFFF) as usize)?;
        enabled.then(|| Hit {
            list: *list,
            entry: id >> 28,
            category: category.clone(),
        })
    }

    fn place_of(&mut self, category: &str) -> Result<u16, LoadFault> {
        let category: Category = category.parse().map_err(|_| unreadable("category"))?;
        if let Some(place) = self.places.get(&category) {
            return Ok(*place);
        }
        let place = u16::try_from(self.categories.len());
        let place = place.map_err(|_| LoadFault::TooMany("categories"))?;
        self.categories.push(category.clone());
        self.places.insert(category, place);
        Ok(place)
    }

    /// Builds everything anew from all live entries.
    fn fill(&mut self, rows: Loaded) -> Result<(), LoadFault> {
        self.look = Some(Arc::new(LikenessIndex::build(
            DEFAULT_RADIUS,
            rows.look.into_iter(),
        )?));
        self.md5 = Table::new(rows.md5);
        self.sha1 = Table::new(rows.sha1);
        self.sha256 = Table::new(rows.sha256);
        self.loaded = true;
        Ok(())
    }

    /// Works one change in; nothing is built anew.
    fn apply(&mut self, row: &Changed) -> Result<(), LoadFault> {
        let category = self.place_of(&row.category)?;
        let id = packed(row.entry, row.list_no, category)?;
        let old = |other: u64| other >> 28 == id >> 28;
        let new = (row.withdrawn == 0).then_some(id);
        match row.key()? {
            Key::Bytes(Digest::Md5(digest)) => self.md5.change(&digest, old, new),
            Key::Bytes(Digest::Sha1(digest)) => self.sha1.change(&digest, old, new),
            Key::Bytes(Digest::Sha256(digest)) => self.sha256.change(&digest, old, new),
            Key::Look(bytes) => {
                if let Some(index) = &self.look {
                    let hash = Hash256::from_bytes(bytes).words();
                    for found in index.search(&hash, 0) {
                        if old(found.id) {
                            index.withdraw(&hash, found.id);
                        }
                    }
                    if let Some(id) = new {
                        index.insert(&hash, id);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Entries sorted out by kind, before the tables are built.
#[derive(Default)]
struct Loaded {
    md5: Vec<([u8; 16], u64)>,
    sha1: Vec<([u8; 20], u64)>,
    sha256: Vec<([u8; 32], u64)>,
    look: Vec<Entry>,
}

impl Loaded {
    fn add(&mut self, held: &mut Held, row: &Changed) -> Result<(), LoadFault> {
        if row.withdrawn != 0 {
            return Ok(());
        }
        let category = held.place_of(&row.category)?;
        let id = packed(row.entry, row.list_no, category)?;
        match row.key()? {
            Key::Bytes(Digest::Md5(digest)) => self.md5.push((digest, id)),
            Key::Bytes(Digest::Sha1(digest)) => self.sha1.push((digest, id)),
            Key::Bytes(Digest::Sha256(digest)) => self.sha256.push((digest, id)),
            Key::Look(bytes) => self.look.push(Entry {
                hash: Hash256::from_bytes(bytes).words(),
                id,
            }),
        }
        Ok(())
    }
}

impl Live {
    /// No lists at all, not loaded.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Whether the records have been read: before, "no hit" means nothing.
    #[must_use]
    pub fn loaded(&self) -> bool {
        self.read().loaded
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Held> {
        self.0.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Held> {
        self.0.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entries of enabled lists with exactly this digest.
    #[must_use]
    pub fn exact(&self, digest: &Digest) -> Vec<Hit> {
        let held = self.read();
        let ids = match digest {
            Digest::Md5(digest) => held.md5.find(digest),
            Digest::Sha1(digest) => held.sha1.find(digest),
            Digest::Sha256(digest) => held.sha256.find(digest),
        };
        ids.into_iter().filter_map(|id| held.hit(id)).collect()
    }

    /// Every entry of an enabled list within `radius` bits of this hash, nearest first.
    #[must_use]
    pub fn like(&self, pdq: &Hash256, radius: u32) -> Vec<NearHit> {
        let index = self.read().look.clone();
        let found = index.map_or_else(Vec::new, |index| index.search(&pdq.words(), radius));
        let held = self.read();
        let near = found.into_iter().filter_map(|found| {
            held.hit(found.id).map(|hit| NearHit {
                hit,
                distance: found.distance,
            })
        });
        near.collect()
    }

    /// Reads what changed since the last call (at first: everything) and works it in; how many entries
    /// changed. Call it a few times a second: a change made by any process is then effective at once.
    ///
    /// # Errors
    /// [`LoadFault`]; call again.
    pub async fn refresh(&self, ask: &impl Ask) -> Result<u64, LoadFault> {
        let mut changed = 0;
        loop {
            let (more, waits) = self.refresh_some(ask).await?;
            changed += more;
            if !waits {
                return Ok(changed);
            }
        }
    }

    /// The same, but of changes only so many as are read at a time: how many, and whether more wait. For
    /// whoever must know that the records still answer while very much is worked in.
    ///
    /// # Errors
    /// [`LoadFault`]; call again.
    pub async fn refresh_some(&self, ask: &impl Ask) -> Result<(u64, bool), LoadFault> {
        let mut seen = self.0.seen.lock().await;
        if !self.loaded() {
            return Ok((self.load(ask, &mut seen).await?, false));
        }
        let page = page(ask, *seen).await?;
        self.set_lists(ask).await?;
        self.work_in(&page, &mut seen)?;
        self.merge_beside();
        Ok((page.len() as u64, page.len() >= PAGE as usize))
    }

    fn work_in(&self, page: &[Changed], seen: &mut (i64, i64)) -> Result<(), LoadFault> {
        for some in page.chunks(TURN) {
            let mut held = self.write();
            for row in some {
                held.apply(row)?;
                *seen = (row.changed, row.entry);
            }
        }
        Ok(())
    }

    /// Makes the index anew when enough has changed, while everybody goes on asking and changing.
    fn merge_beside(&self) {
        let index = self.read().look.clone();
        let Some(index) = index.filter(|index| index.should_merge()) else {
            return;
        };
        if self.0.merging.swap(true, Ordering::AcqRel) {
            return;
        }
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            if let Err(fault) = index.merge() {
                tracing::warn!(%fault, "the index of hashes was not made anew; it is searched as it is");
            }
            inner.merging.store(false, Ordering::Release);
        });
    }

    async fn load(&self, ask: &impl Ask, seen: &mut (i64, i64)) -> Result<u64, LoadFault> {
        let (mut held, mut rows, mut at) = (Held::default(), Loaded::default(), (0, 0));
        let mut count = 0;
        loop {
            let page = page(ask, at).await?;
            for row in &page {
                rows.add(&mut held, row)?;
                at = (row.changed, row.entry);
            }
            count += page.len() as u64;
            if page.len() < PAGE as usize {
                break;
            }
        }
        let held = tokio::task::spawn_blocking(move || held.fill(rows).map(|()| held))
            .await
            .map_err(|_| cut_off())??;
        let lists = numbered(ask).await?;
        let mut now = self.write();
        *now = held;
        now.lists = lists;
        *seen = at;
        Ok(count)
    }

    async fn set_lists(&self, ask: &impl Ask) -> Result<(), LoadFault> {
        let lists = numbered(ask).await?;
        self.write().lists = lists;
        Ok(())
    }
}

async fn numbered(ask: &impl Ask) -> Result<HashMap<u16, (HashListId, bool)>, LoadFault> {
    let lists = store::lists(ask).await?.into_iter();
    lists
        .map(|list| {
            let no = u16::try_from(list.no).map_err(|_| LoadFault::TooMany("lists"))?;
            Ok((no, (list.id, list.enabled)))
        })
        .collect()
}

async fn page(ask: &impl Ask, (changed, entry): (i64, i64)) -> Result<Vec<Changed>, DbError> {
    ask.rows(
        "select entry, list_no, kind, digest, category, changed,
            cast(case when withdrawn_at_ms is null then 0 else 1 end as bigint) as withdrawn
         from hash_entry where changed > $1 or (changed = $1 and entry > $2)
         order by changed, entry limit $3",
        values![changed, entry, PAGE],
    )
    .await
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
