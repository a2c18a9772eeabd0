//! The index as a file: a header page, the generation as it lies in memory, the withdrawals, the pending entries.
//!
//! The header is 512 words in the machine's own byte order; a file of another order is refused. It holds, by
//! word: 0 magic, 1 version, 2 byte order mark, 3 hashes, 4 radius, 5 bands, 6 spilled lines, 7 pending entries,
//! 8 length of the file, 9 checksum of everything after the header, 16 to 47 bands (start, width and radius of
//! 16 bits each), 511 checksum of the words before. Nothing in the file is ever run or trusted: places out of range
//! are noticed when they are used.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::arena::Arena;
use crate::base::{Base, HEADER, Sections};
use crate::index::State;
use crate::layout::{Band, is_exact};
use crate::pending::{Pending, Struck};
use crate::{Hash, MAX_COUNT, MAX_RADIUS};

const MAGIC: u64 = u64::from_be_bytes(*b"LIKENESS");
/// Changes with the format, the permutation or the meaning of any word.
const VERSION: u64 = 1;
const ORDER: u64 = 0x0102_0304_0506_0708;
const WORDS: usize = HEADER / 8;
const BANDS: std::ops::Range<usize> = 16..48;

/// How much of a snapshot is looked at before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Header and length only: ready at once, whatever the size. Damage in a hash or a list would go unnoticed
    /// until [`crate::LikenessIndex::open`] is repeated with [`Check::Whole`], which belongs in the background.
    Header,
    /// Everything: reads the file once.
    Whole,
}

/// Why a snapshot cannot be written or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The system refused.
    #[error("the snapshot cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The file is something else.
    #[error("not a snapshot of an index")]
    NotASnapshot,
    /// The file was written by another version or on a machine of another byte order.
    #[error("a snapshot of another version ({0}) or kind of machine")]
    Version(u64),
    /// The file is shorter or longer than its header says.
    #[error("the snapshot has {actual} bytes instead of {expected}")]
    Length {
        /// Bytes by the header.
        expected: u64,
        /// Bytes found.
        actual: u64,
    },
    /// A checksum or a value is wrong.
    #[error("the snapshot is damaged: {0}")]
    Damaged(&'static str),
}

/// What a header says.
struct Header {
    count: usize,
    radius: u32,
    bands: Vec<Band>,
    sections: Sections,
    pending: usize,
    length: usize,
    body: u64,
}

impl Header {
    fn to_words(&self) -> [u64; WORDS] {
        let mut words = [0; WORDS];
        let spilled = self.sections.spill.len() / 256;
        let plain = [
            MAGIC,
            VERSION,
            ORDER,
            self.count as u64,
            u64::from(self.radius),
            self.bands.len() as u64,
            spilled as u64,
            self.pending as u64,
            self.length as u64,
            self.body,
        ];
        words[..plain.len()].copy_from_slice(&plain);
        for (word, band) in words[BANDS].iter_mut().zip(&self.bands) {
            *word =
                u64::from(band.start) | u64::from(band.width) << 16 | u64::from(band.radius) << 32;
        }
        words[WORDS - 1] = checksum(&words);
        words
    }

    fn from_words(words: &[u64; WORDS]) -> Result<Self, SnapshotError> {
        if words[0] != MAGIC {
            return Err(SnapshotError::NotASnapshot);
        }
        if words[1] != VERSION || words[2] != ORDER {
            return Err(SnapshotError::Version(words[1]));
        }
        if words[WORDS - 1] != checksum(words) {
            return Err(SnapshotError::Damaged("the header's checksum is wrong"));
        }
        let wrong = || SnapshotError::Damaged("the header holds a value out of range");
        let within = |word: usize, most: usize| {
            let value = usize::try_from(words[word])
                .ok()
                .filter(|value| *value <= most);
            value.ok_or_else(wrong)
        };
        let (count, pending) = (within(3, MAX_COUNT)?, within(7, MAX_COUNT)?);
        let radius = within(4, MAX_RADIUS as usize)? as u32;
        let number = within(5, BANDS.len())?;
        let spilled = within(6, count.saturating_mul(BANDS.len()))?;
        let field = |word: u64, shift: u32| (word >> shift & 0xFFFF) as u32;
        let band = |word: &u64| Band {
            start: field(*word, 0),
            width: field(*word, 16),
            radius: field(*word, 32),
        };
        let bands: Vec<Band> = words[BANDS][..number].iter().map(band).collect();
        if !(bands.is_empty() || is_exact(&bands, radius)) {
            return Err(SnapshotError::Damaged("the bands could miss a hash"));
        }
        let sections = Sections::of(count, &bands, spilled).ok_or_else(wrong)?;
        let length = tail(&sections, count, pending).ok_or_else(wrong)?.2;
        if words[8] != length as u64 {
            return Err(wrong());
        }
        Ok(Self {
            count,
            radius,
            bands,
            sections,
            pending,
            length,
            body: words[9],
        })
    }
}

/// Where pending hashes, pending numbers and the file end; the withdrawals begin where the sections end.
fn tail(sections: &Sections, count: usize, pending: usize) -> Option<(usize, usize, usize)> {
    let struck = sections.spill.end.checked_next_multiple_of(64)?;
    let hashes = struck.checked_add(count.div_ceil(64) * 8)?;
    let ids = hashes.checked_add(pending.checked_mul(32)?)?;
    Some((hashes, ids, ids.checked_add(pending.checked_mul(8)?)?))
}

fn checksum(words: &[u64; WORDS]) -> u64 {
    xxh3_64(bytemuck::cast_slice(&words[..WORDS - 1]))
}

/// Writes a snapshot beside `path`, then puts it in its place.
pub(crate) fn write(
    path: &Path,
    base: &Base,
    struck: &[u64],
    pending: &Pending,
) -> Result<(), SnapshotError> {
    let too_long = || SnapshotError::Damaged("the index is too long for a file");
    let sections = Sections::of(base.count(), base.bands(), base.spilled()).ok_or_else(too_long)?;
    let length = tail(&sections, base.count(), pending.len())
        .ok_or_else(too_long)?
        .2;
    let parts: [&[u8]; 4] = [
        &base.bytes()[HEADER..],
        bytemuck::cast_slice(struck),
        bytemuck::cast_slice(&pending.hashes),
        bytemuck::cast_slice(&pending.ids),
    ];
    let mut body = Xxh3::new();
    parts.iter().for_each(|part| body.update(part));
    let header = Header {
        count: base.count(),
        radius: base.radius(),
        bands: base.bands().to_vec(),
        sections,
        pending: pending.len(),
        length,
        body: body.digest(),
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh: PathBuf = path.with_file_name(name);
    let mut file = BufWriter::new(File::create(&fresh)?);
    file.write_all(bytemuck::cast_slice(&header.to_words()))?;
    for part in parts {
        file.write_all(part)?;
    }
    let file = file
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&fresh, path)?;
    Ok(())
}

/// Maps a snapshot and checks it.
pub(crate) fn open(path: &Path, check: Check) -> Result<State, SnapshotError> {
    let actual = std::fs::metadata(path)?.len();
    if actual < HEADER as u64 {
        return Err(SnapshotError::NotASnapshot);
    }
    let arena = Arena::map(path)?;
    let bytes = arena.bytes();
    let head = bytes.get(..HEADER).ok_or(SnapshotError::NotASnapshot)?;
    let words: [u64; WORDS] = bytemuck::cast_slice(head)
        .try_into()
        .map_err(|_| SnapshotError::NotASnapshot)?;
    let header = Header::from_words(&words)?;
    if bytes.len() != header.length {
        return Err(SnapshotError::Length {
            expected: header.length as u64,
            actual: bytes.len() as u64,
        });
    }
    if check == Check::Whole && xxh3_64(&bytes[HEADER..]) != header.body {
        return Err(SnapshotError::Damaged("the checksum is wrong"));
    }
    let wrong = || SnapshotError::Damaged("the header holds a value out of range");
    let (hashes, ids, end) =
        tail(&header.sections, header.count, header.pending).ok_or_else(wrong)?;
    let struck: &[u64] =
        bytemuck::cast_slice(&bytes[header.sections.spill.end.next_multiple_of(64)..hashes]);
    let beyond = struck
        .last()
        .is_some_and(|last| header.count % 64 > 0 && last >> (header.count % 64) > 0);
    if beyond {
        return Err(SnapshotError::Damaged("more is withdrawn than there is"));
    }
    let struck = Struck::from_words(struck.iter().copied());
    let pending_hashes: &[Hash] = bytemuck::cast_slice(&bytes[hashes..ids]);
    let pending_ids: &[u64] = bytemuck::cast_slice(&bytes[ids..end]);
    let pending = Pending {
        hashes: pending_hashes.to_vec(),
        ids: pending_ids.to_vec(),
    };
    let base = Base::new(
        arena,
        header.sections,
        header.count,
        header.radius,
        header.bands,
    );
    Ok(State::new(base.ok_or_else(wrong)?, struck, pending))
}
