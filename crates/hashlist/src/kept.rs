//! What is held in memory of all lists, kept in a folder, so that a start need not read every entry again.
//!
//! Two files of one making: `looks-N.index`, the index as it lies in memory, and `digests`, which names it
//! and holds the place in the records up to which both go, the categories, and the sorted digests. The
//! second is put in its place last. Both are read whole and summed before they are used; whatever is wrong
//! with them, the lists are read from the records instead and kept anew. Nothing in them is run.
//!
//! They hold no more than the records do, in the clear as they do there, and are for this account alone.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use likeness_index::{BuildError, Check, LikenessIndex, SnapshotError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::held::Held;
use crate::table::{Sorted, Table};

const MAGIC: &[u8; 16] = b"MELDPUNT LISTS 2";
/// Longer headings than this are none of ours: 65,536 categories of 64 bytes fit.
const HEADING_MAX: u32 = 8 << 20;

/// The folder in which the lists are kept.
#[derive(Debug, Clone)]
pub struct Keeping {
    folder: PathBuf,
    /// Fewer entries are read from the records at once and not kept.
    least: usize,
}

/// Up to where the records were read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// The last change and the last entry of it.
    pub at: (i64, i64),
    /// The highest number of any entry.
    pub newest: i64,
}

/// Why what is kept cannot be used, or nothing can be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeptFault {
    /// The system refused.
    #[error("the kept lists cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The index is damaged, or of another version.
    #[error(transparent)]
    Index(#[from] SnapshotError),
    /// There is no memory for the index.
    #[error(transparent)]
    Memory(#[from] BuildError),
    /// The digests are damaged, or of another version.
    #[error("the kept lists are damaged or of another version: {0}")]
    Damaged(&'static str),
}

/// What was kept.
pub struct Kept {
    pub held: Held,
    pub reached: Reached,
    /// The digest of the newest entry: by it the records are known again.
    pub witness: Vec<u8>,
}

/// How the file of digests begins, as JSON.
#[derive(Serialize, Deserialize)]
struct Heading {
    /// The number in the name of the index of the same making.
    making: u64,
    radius: u32,
    reached: Reached,
    /// The digest of the newest entry: by it the records are known again.
    witness: Vec<u8>,
    categories: Vec<String>,
    md5: usize,
    sha1: usize,
    sha256: usize,
    looks: usize,
}

/// Writes and sums.
struct Summing<W> {
    to: W,
    sum: Sha256,
}

impl<W: Write> Summing<W> {
    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.sum.update(bytes);
        self.to.write_all(bytes)
    }

    fn rows<const N: usize>(&mut self, rows: &[([u8; N], u64)]) -> std::io::Result<()> {
        for (digest, id) in rows {
            self.put(digest)?;
            self.put(&id.to_le_bytes())?;
        }
        Ok(())
    }
}

/// Reads and sums.
struct Summed<R> {
    from: R,
    sum: Sha256,
}

impl<R: Read> Summed<R> {
    fn take<const N: usize>(&mut self) -> std::io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes)?;
        self.sum.update(bytes);
        Ok(bytes)
    }

    /// As many rows as the heading says and the file can hold.
    fn rows<const N: usize>(&mut self, count: usize) -> std::io::Result<Vec<([u8; N], u64)>> {
        let mut rows = Vec::new();
        rows.try_reserve_exact(count)
            .map_err(std::io::Error::other)?;
        for _ in 0..count {
            rows.push((self.take()?, u64::from_le_bytes(self.take()?)));
        }
        Ok(rows)
    }
}

impl Keeping {
    /// Keeps lists of `least` entries and more in this folder, which is made when it is not there.
    #[must_use]
    pub const fn new(folder: PathBuf, least: usize) -> Self {
        Self { folder, least }
    }

    fn digests(&self) -> PathBuf {
        self.folder.join("digests")
    }

    fn looks(&self, making: u64) -> PathBuf {
        self.folder.join(format!("looks-{making:016x}.index"))
    }

    /// Keeps what was just read up to `reached`, in place of what was kept before. Takes some seconds for
    /// ten million entries.
    ///
    /// # Errors
    /// [`KeptFault`]; what was kept before may be gone then, which costs the next start its time and no more.
    pub fn write(&self, held: &Held, reached: Reached, witness: Vec<u8>) -> Result<(), KeptFault> {
        let Some(index) = held.look.as_ref().filter(|_| held.len() >= self.least) else {
            return self.forget(None);
        };
        make_private(&self.folder)?;
        let making = u64::try_from(reached.at.0).unwrap_or(0) << 20 ^ held.len() as u64;
        let heading = Heading {
            making,
            radius: held.radius,
            reached,
            witness,
            categories: held.category_names(),
            md5: held.md5.settled().len(),
            sha1: held.sha1.settled().len(),
            sha256: held.sha256.settled().len(),
            looks: index.len(),
        };
        // Never two halves of different makings: the name goes before its index is replaced.
        match std::fs::remove_file(self.digests()) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(fault.into()),
            _ => {}
        }
        index.save(&self.looks(making))?;
        private(&self.looks(making))?;
        let fresh = self.folder.join("digests.new");
        let heading = serde_json::to_vec(&heading).map_err(std::io::Error::other)?;
        let length = u32::try_from(heading.len()).map_err(std::io::Error::other)?;
        let mut to = Summing {
            to: BufWriter::with_capacity(1 << 20, File::create(&fresh)?),
            sum: Sha256::new(),
        };
        private(&fresh)?;
        to.put(MAGIC)?;
        to.put(&length.to_le_bytes())?;
        to.put(&heading)?;
        to.rows(held.md5.settled())?;
        to.rows(held.sha1.settled())?;
        to.rows(held.sha256.settled())?;
        let sum: [u8; 32] = to.sum.finalize().into();
        to.to.write_all(&sum)?;
        let file = to
            .to
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&fresh, self.digests())?;
        self.forget(Some(making))
    }

    /// Removes what is kept, but for this making.
    fn forget(&self, but: Option<u64>) -> Result<(), KeptFault> {
        let Ok(there) = std::fs::read_dir(&self.folder) else {
            return Ok(());
        };
        let stays = but.map(|making| (self.digests(), self.looks(making)));
        for file in there {
            let path = file?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let ours =
                name.is_some_and(|name| name.starts_with("digests") || name.starts_with("looks-"));
            let kept = stays
                .as_ref()
                .is_some_and(|(digests, looks)| path == *digests || path == *looks);
            if ours && !kept {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// What is kept for searches up to `radius`, and how far it goes; none when nothing is.
    ///
    /// # Errors
    /// [`KeptFault`]: read the records instead.
    pub fn read(&self, radius: u32) -> Result<Option<Kept>, KeptFault> {
        let file = match File::open(self.digests()) {
            Ok(file) => file,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(fault.into()),
        };
        let size = file.metadata()?.len();
        let mut from = Summed {
            from: BufReader::with_capacity(1 << 20, file),
            sum: Sha256::new(),
        };
        if from.take()? != *MAGIC {
            return Err(KeptFault::Damaged("it begins otherwise"));
        }
        let heading = heading(&mut from)?;
        let rows = |count: usize, width: u64| (count as u64).checked_mul(width);
        let long = rows(heading.md5, 24)
            .zip(rows(heading.sha1, 28))
            .zip(rows(heading.sha256, 40))
            .and_then(|((md5, sha1), sha256)| md5.checked_add(sha1)?.checked_add(sha256));
        if long.is_none_or(|long| long > size) {
            return Err(KeptFault::Damaged("it is shorter than it says"));
        }
        if heading.radius != radius {
            return Ok(None);
        }
        let md5 = from.rows::<16>(heading.md5)?;
        let sha1 = from.rows::<20>(heading.sha1)?;
        let sha256 = from.rows::<32>(heading.sha256)?;
        let mut sum = [0; 32];
        from.from.read_exact(&mut sum)?;
        if from.from.read(&mut [0])? != 0 || sum != <[u8; 32]>::from(from.sum.finalize()) {
            return Err(KeptFault::Damaged("its sum is another"));
        }
        let index = LikenessIndex::open(&self.looks(heading.making), Check::Whole)?;
        if index.len() != heading.looks {
            return Err(KeptFault::Damaged("its index is of another making"));
        }
        // Searches are faster in memory, and whoever cuts the file off then does no harm.
        index.make_resident()?;
        let mut held = Held {
            radius,
            md5: Table::new(Sorted::in_order(md5)),
            sha1: Table::new(Sorted::in_order(sha1)),
            sha256: Table::new(Sorted::in_order(sha256)),
            look: Some(Arc::new(index)),
            ..Held::default()
        };
        held.name_categories(&heading.categories)
            .map_err(|_| KeptFault::Damaged("a category is none"))?;
        Ok(Some(Kept {
            held,
            reached: heading.reached,
            witness: heading.witness,
        }))
    }
}

fn heading(from: &mut Summed<impl Read>) -> Result<Heading, KeptFault> {
    let length = u32::from_le_bytes(from.take()?);
    if length > HEADING_MAX {
        return Err(KeptFault::Damaged("its heading is too long"));
    }
    let mut text = vec![0; length as usize];
    from.from.read_exact(&mut text)?;
    from.sum.update(&text);
    serde_json::from_slice(&text).map_err(|_| KeptFault::Damaged("its heading is no heading"))
}

/// A folder for this account alone.
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

fn private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
