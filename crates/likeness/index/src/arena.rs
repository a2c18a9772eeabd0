//! One stretch of memory that holds a whole generation of the index, in the layout of the snapshot file: made
//! in memory, or mapped from a file.
#![expect(
    unsafe_code,
    reason = "mapping a file is unsafe because another program could change it; see `Arena::map`"
)]

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::{Advice, Mmap, MmapMut, MmapOptions};

/// Read-only bytes, aligned to a page.
#[derive(Debug)]
pub(crate) enum Arena {
    /// In memory, on huge pages where the system has them.
    Resident(MmapMut),
    /// Read from a file as it is needed.
    Mapped(Mmap),
}

impl Arena {
    /// `length` bytes of zeros to be filled.
    pub(crate) fn zeroed(length: usize) -> io::Result<MmapMut> {
        let memory = MmapMut::map_anon(length.max(1))?;
        // Random reads are two to four times as fast on huge pages; without them everything still works.
        #[cfg(target_os = "linux")]
        let _ = memory.advise(Advice::HugePage);
        Ok(memory)
    }

    /// Maps a file for reading.
    pub(crate) fn map(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: reading mapped bytes is sound as long as nobody changes or shortens the file. Snapshots are
        // written to a new file and renamed into place, never changed (see `snapshot::write`), and lie in the
        // program's own data folder.
        let map = unsafe { MmapOptions::new().map(&file)? };
        #[cfg(target_os = "linux")]
        let _ = map.advise(Advice::WillNeed);
        Ok(Self::Mapped(map))
    }

    /// A copy in memory.
    pub(crate) fn to_resident(&self) -> io::Result<Self> {
        let mut memory = Self::zeroed(self.bytes().len())?;
        memory[..self.bytes().len()].copy_from_slice(self.bytes());
        Ok(Self::Resident(memory))
    }

    /// Whether the bytes are in memory and not a mapped file.
    pub(crate) fn is_resident(&self) -> bool {
        matches!(self, Self::Resident(_))
    }

    /// All bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Resident(memory) => memory,
            Self::Mapped(map) => map,
        }
    }
}
