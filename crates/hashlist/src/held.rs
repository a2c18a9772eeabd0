//! What is held in memory of all lists, and how a change is worked in.

use std::collections::HashMap;
use std::sync::Arc;

use ground::{Ask, DbError, HashListId, values};
use likeness_index::{DEFAULT_RADIUS, Entry, LikenessIndex};
use pdq::Hash256;
use sea_orm::FromQueryResult;

use crate::digest::{Digest, Key, Kind};
use crate::live::{Hit, LoadFault};
use crate::rules::Category;
use crate::store;
use crate::table::{ENTRY_SHIFT, Sorted, Table};

/// Entries read at a time.
pub const PAGE: i64 = 50_000;

/// Everything that is asked.
#[derive(Debug)]
pub struct Held {
    pub loaded: bool,
    /// The distance that the index of looks is made for, in bits of 256.
    pub radius: u32,
    pub md5: Table<16>,
    pub sha1: Table<20>,
    pub sha256: Table<32>,
    pub look: Option<Arc<LikenessIndex>>,
    pub lists: Arc<Numbered>,
    pub categories: Vec<Category>,
    pub places: HashMap<Category, u16>,
}

impl Default for Held {
    fn default() -> Self {
        Self {
            loaded: false,
            radius: DEFAULT_RADIUS,
            md5: Table::default(),
            sha1: Table::default(),
            sha256: Table::default(),
            look: None,
            lists: Arc::default(),
            categories: Vec::new(),
            places: HashMap::new(),
        }
    }
}

/// The lists by number.
pub type Numbered = HashMap<u16, Listed>;

/// A list, as far as its entries need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    pub id: HashListId,
    pub enabled: bool,
    pub own: bool,
}

/// The number of the list and the place of the category in an id; the place is 0 for no category.
pub const fn parts(id: u64) -> (u16, u16) {
    ((id >> 16 & 0xFFF) as u16, (id & 0xFFFF) as u16)
}

/// An entry's number, list (12 bits) and category (16 bits) in one.
fn packed(entry: i64, list: i64, category: u16) -> Result<u64, LoadFault> {
    let entry = u64::try_from(entry).ok().filter(|n| *n < 1 << 36);
    let list = u64::try_from(list).ok().filter(|n| *n < 1 << 12);
    let entry = entry.ok_or(LoadFault::TooMany("entries"))?;
    let list = list.ok_or(LoadFault::TooMany("lists"))?;
    Ok(entry << ENTRY_SHIFT | list << 16 | u64::from(category))
}

/// An entry as the records hold it.
#[derive(FromQueryResult)]
pub struct Changed {
    pub entry: i64,
    list_no: i64,
    kind: Kind,
    digest: Vec<u8>,
    category: String,
    withdrawn: i64,
    pub changed: i64,
}

impl Changed {
    fn key(&self) -> Result<Key, DbError> {
        Key::from_bytes(self.kind, &self.digest).ok_or_else(|| unreadable("digest"))
    }
}

fn unreadable(column: &str) -> DbError {
    DbError::Unreadable {
        what: format!("hash_entry.{column}"),
    }
}

impl Held {
    /// The ids of the entries with exactly this digest.
    pub fn exact(&self, digest: &Digest) -> Vec<u64> {
        match digest {
            Digest::Md5(digest) => self.md5.find(digest),
            Digest::Sha1(digest) => self.sha1.find(digest),
            Digest::Sha256(digest) => self.sha256.find(digest),
        }
    }

    /// What an id stands for, if its list is enabled.
    pub fn hit(&self, id: u64) -> Option<Hit> {
        let (list, category) = parts(id);
        let list = self.lists.get(&list)?;
        let category = self.categories.get(usize::from(category))?;
        list.enabled.then(|| Hit {
            list: list.id,
            entry: id >> ENTRY_SHIFT,
            category: category.clone(),
        })
    }

    /// How many entries are held, changes since the last merge left out.
    pub fn len(&self) -> usize {
        let digests = self.md5.settled().len() + self.sha1.settled().len();
        let looks = self.look.as_ref().map_or(0, |index| index.len());
        digests + self.sha256.settled().len() + looks
    }

    /// The categories by their places.
    pub fn category_names(&self) -> Vec<String> {
        self.categories.iter().map(ToString::to_string).collect()
    }

    /// Gives categories their places, of none yet.
    pub fn name_categories(&mut self, names: &[String]) -> Result<(), LoadFault> {
        for name in names {
            let category: Category = name.parse().map_err(|_| unreadable("category"))?;
            let place = u16::try_from(self.categories.len());
            let place = place.map_err(|_| LoadFault::TooMany("categories"))?;
            self.places.insert(category.clone(), place);
            self.categories.push(category);
        }
        Ok(())
    }

    /// The place of a category. Those that no place is left for share that of an unnamed one, the first:
    /// the entry matches all the same.
    fn place_of(&mut self, category: &str) -> Result<u16, LoadFault> {
        let category: Category = category.parse().map_err(|_| unreadable("category"))?;
        if self.categories.is_empty() {
            self.categories.push(Category::unnamed());
            self.places.insert(Category::unnamed(), 0);
        }
        if let Some(place) = self.places.get(&category) {
            return Ok(*place);
        }
        let Ok(place) = u16::try_from(self.categories.len()) else {
            return Ok(0);
        };
        self.categories.push(category.clone());
        self.places.insert(category, place);
        Ok(place)
    }

    /// Builds everything anew from all live entries.
    pub fn fill(&mut self, rows: Loaded) -> Result<(), LoadFault> {
        self.look = Some(Arc::new(LikenessIndex::build(
            self.radius,
            rows.look.into_iter(),
        )?));
        self.md5 = Table::new(Sorted::new(rows.md5));
        self.sha1 = Table::new(Sorted::new(rows.sha1));
        self.sha256 = Table::new(Sorted::new(rows.sha256));
        self.loaded = true;
        Ok(())
    }

    /// Works one change of a digest of bytes in; one of a look is given back, to be worked into the index
    /// while others ask.
    pub fn apply(&mut self, row: &Changed) -> Result<Option<LookChange>, LoadFault> {
        let category = self.place_of(&row.category)?;
        let id = packed(row.entry, row.list_no, category)?;
        let entry = id >> ENTRY_SHIFT;
        let now = (row.withdrawn == 0).then_some(id);
        match row.key()? {
            Key::Bytes(Digest::Md5(digest)) => self.md5.set(&digest, entry, now),
            Key::Bytes(Digest::Sha1(digest)) => self.sha1.set(&digest, entry, now),
            Key::Bytes(Digest::Sha256(digest)) => self.sha256.set(&digest, entry, now),
            Key::Look(bytes) | Key::Reduced(bytes) => {
                return Ok(Some(LookChange {
                    hash: Hash256::from_bytes(bytes).words(),
                    entry,
                    now,
                }));
            }
        }
        Ok(None)
    }
}

/// A change of a hash of looks.
pub struct LookChange {
    hash: [u64; 4],
    entry: u64,
    now: Option<u64>,
}

impl LookChange {
    /// Works it in. An entry with a number over `newest` was never in the index, and is not sought.
    pub fn apply(&self, index: &LikenessIndex, newest: i64) {
        if u64::try_from(newest).is_ok_and(|newest| self.entry <= newest) {
            for id in index.ids_of(&self.hash) {
                if id >> ENTRY_SHIFT == self.entry && Some(id) != self.now {
                    index.withdraw(&self.hash, id);
                } else if Some(id) == self.now {
                    return;
                }
            }
        }
        if let Some(id) = self.now {
            index.insert(&self.hash, id);
        }
    }
}

/// Entries sorted out by kind, before the tables are built.
#[derive(Default)]
pub struct Loaded {
    md5: Vec<([u8; 16], u64)>,
    sha1: Vec<([u8; 20], u64)>,
    sha256: Vec<([u8; 32], u64)>,
    look: Vec<Entry>,
}

impl Loaded {
    /// Sorts one entry out.
    pub fn add(&mut self, held: &mut Held, row: &Changed) -> Result<(), LoadFault> {
        if row.withdrawn != 0 {
            return Ok(());
        }
        let category = held.place_of(&row.category)?;
        let id = packed(row.entry, row.list_no, category)?;
        match row.key()? {
            Key::Bytes(Digest::Md5(digest)) => self.md5.push((digest, id)),
            Key::Bytes(Digest::Sha1(digest)) => self.sha1.push((digest, id)),
            Key::Bytes(Digest::Sha256(digest)) => self.sha256.push((digest, id)),
            Key::Look(bytes) | Key::Reduced(bytes) => self.look.push(Entry {
                hash: Hash256::from_bytes(bytes).words(),
                id,
            }),
        }
        Ok(())
    }
}

/// All lists by number.
pub async fn numbered(ask: &impl Ask) -> Result<Numbered, LoadFault> {
    let lists = store::lists(ask).await?.into_iter();
    lists
        .map(|list| {
            let no = u16::try_from(list.no).map_err(|_| LoadFault::TooMany("lists"))?;
            let (id, enabled, own) = (list.id, list.enabled, list.own);
            Ok((no, Listed { id, enabled, own }))
        })
        .collect()
}

/// The next entries after this change and entry, in the order of changes.
pub async fn page(ask: &impl Ask, (changed, entry): (i64, i64)) -> Result<Vec<Changed>, DbError> {
    ask.rows(
        "select entry, list_no, kind, digest, category, changed,
            cast(case when withdrawn_at_ms is null then 0 else 1 end as bigint) as withdrawn
         from hash_entry where changed > $1 or (changed = $1 and entry > $2)
         order by changed, entry limit $3",
        values![changed, entry, PAGE],
    )
    .await
}

#[derive(FromQueryResult)]
struct Number {
    n: i64,
}

/// How many entries changed after this one.
pub async fn changed_since(ask: &impl Ask, (changed, entry): (i64, i64)) -> Result<usize, DbError> {
    let row: Option<Number> = ask
        .one(
            "select count(*) as n from hash_entry where changed > $1 or (changed = $1 and entry > $2)",
            values![changed, entry],
        )
        .await?;
    Ok(row.map_or(0, |row| usize::try_from(row.n).unwrap_or(usize::MAX)))
}

#[derive(FromQueryResult)]
struct Witness {
    digest: Vec<u8>,
}

/// The digest of an entry, which no change alters.
pub async fn digest_of(ask: &impl Ask, entry: i64) -> Result<Option<Vec<u8>>, DbError> {
    let sql = "select digest from hash_entry where entry = $1";
    let row: Option<Witness> = ask.one(sql, values![entry]).await?;
    Ok(row.map(|row| row.digest))
}

/// Whether these records handed out this change; older ones that were brought back did not.
pub async fn handed_out(ask: &impl Ask, change: i64) -> Result<bool, DbError> {
    let sql = "select last as n from hash_change where last >= $1";
    let row: Option<Number> = ask.one(sql, values![change]).await?;
    Ok(row.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_laid_out_for_the_radius_that_is_asked() {
        let entry = |id: u64| Entry {
            hash: [1, 2, 3, 4].map(|n| (id * 4 + n).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            id,
        };
        for radius in [31, 40] {
            let rows = Loaded {
                look: (0..300_000).map(entry).collect(),
                ..Loaded::default()
            };
            let mut held = Held {
                radius,
                ..Held::default()
            };
            assert!(held.fill(rows).is_ok());
            let bands = held.look.map(|look| look.statistics().bands);
            // By the pigeonhole: bands that are searched within these radii miss nothing up to one bit less.
            let reach = bands.map(|bands| bands.iter().map(|band| band.1 + 1).sum::<u32>());
            assert!(reach.is_some_and(|reach| reach > radius), "{reach:?}");
        }
    }
}
