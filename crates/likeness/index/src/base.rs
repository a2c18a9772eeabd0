//! One immutable generation of the index: hashes, the caller's numbers, and for each band a directory of buckets.
//!
//! All of it lies in one [`Arena`], in this order, each section on a 64-byte boundary: a header page (see
//! `snapshot`), hashes, ids, directories of all bands, lists of all bands, spill.
//!
//! A directory line of 64 bytes serves 60 buckets: where the first one's list begins, and after how many places
//! each one's ends. If the 60 lists are longer than 255 together, the line points to 61 full positions in the
//! spill instead.

use std::ops::Range;

use crate::Hash;
use crate::arena::Arena;
use crate::layout::{Band, is_exact};
use crate::processor::{Level, distance, prefetch, scan, with_level};

/// Bytes before the first section.
pub(crate) const HEADER: usize = 4096;
/// Buckets of one directory line.
pub(crate) const BUCKETS: u32 = 60;
/// Marks a directory line whose positions are in the spill.
pub(crate) const SPILLED: u32 = 1 << 31;
/// How many reads are asked for ahead.
const AHEAD: usize = 28;
/// More hashes than one in so many are not compared at random places: all are scanned instead. Where a scan counts
/// the bits of eight words at once, a random place costs as much as thirty in order, so that by bands a query takes at
/// most about half a scan, and one that turns out to need a scan has not compared anything before.
pub(crate) const SCAN_PAYS: usize = 64;

/// Where everything is.
#[derive(Clone, Debug)]
pub(crate) struct Sections {
    pub hashes: Range<usize>,
    pub ids: Range<usize>,
    pub directory: Range<usize>,
    pub lists: Range<usize>,
    pub spill: Range<usize>,
}

/// Directory lines of a band.
pub(crate) fn lines_of(band: &Band) -> usize {
    (1usize << band.width).div_ceil(BUCKETS as usize)
}

impl Sections {
    /// The places for `count` hashes, and `spill` spilled lines; none if they exceed all memory.
    pub(crate) fn of(count: usize, bands: &[Band], spill: usize) -> Option<Self> {
        let mut end = HEADER;
        let mut section = |items: usize, size: usize| {
            let start = end;
            let stop = items.checked_mul(size)?.checked_add(start)?;
            end = stop.checked_next_multiple_of(64)?;
            Some(start..stop)
        };
        Some(Self {
            hashes: section(count, 32)?,
            ids: section(count, 8)?,
            directory: section(bands.iter().map(lines_of).sum(), 64)?,
            lists: section(count.checked_mul(bands.len())?, 4)?,
            spill: section(spill, 256)?,
        })
    }
}

/// One generation.
#[derive(Debug)]
pub(crate) struct Base {
    arena: Arena,
    sections: Sections,
    count: usize,
    radius: u32,
    bands: Vec<Band>,
    patterns: Vec<Vec<u32>>,
    level: Level,
}

/// What a search needs besides the index, kept from one search to the next.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Directory line and bucket of each probe.
    probes: Vec<(u32, u8)>,
    /// Start and length of each list that is not empty, within its band's lists.
    lists: Vec<(u32, u32)>,
    /// Hashes to compare.
    candidates: Vec<u32>,
    /// Place and distance of each hash found.
    pub found: Vec<(u32, u32)>,
}

impl Scratch {
    fn clear(&mut self) {
        self.probes.clear();
        self.lists.clear();
        self.candidates.clear();
        self.found.clear();
    }
}

impl Base {
    /// Takes over an arena that is laid out as `sections` say; none if the bands could miss something.
    pub(crate) fn new(
        arena: Arena,
        sections: Sections,
        count: usize,
        radius: u32,
        bands: Vec<Band>,
    ) -> Option<Self> {
        if !(bands.is_empty() || is_exact(&bands, radius))
            || arena.bytes().len() < sections.spill.end
        {
            return None;
        }
        Some(Self {
            arena,
            sections,
            count,
            radius,
            patterns: bands.iter().map(Band::patterns).collect(),
            bands,
            level: Level::detect(),
        })
    }

    /// The same generation, in memory.
    pub(crate) fn to_resident(&self) -> std::io::Result<Self> {
        Ok(Self {
            arena: self.arena.to_resident()?,
            sections: self.sections.clone(),
            bands: self.bands.clone(),
            patterns: self.patterns.clone(),
            ..*self
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn radius(&self) -> u32 {
        self.radius
    }

    pub(crate) fn bands(&self) -> &[Band] {
        &self.bands
    }

    pub(crate) fn is_resident(&self) -> bool {
        self.arena.is_resident()
    }

    /// Spilled directory lines.
    pub(crate) fn spilled(&self) -> usize {
        self.sections.spill.len() / 256
    }

    /// Bytes in use, header included.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.arena.bytes()[..self
            .sections
            .spill
            .end
            .next_multiple_of(64)
            .min(self.arena.bytes().len())]
    }

    /// The hashes, permuted, by place.
    pub(crate) fn hashes(&self) -> &[Hash] {
        bytemuck::cast_slice(&self.arena.bytes()[self.sections.hashes.clone()])
    }

    /// The caller's numbers, by place.
    pub(crate) fn ids(&self) -> &[u64] {
        bytemuck::cast_slice(&self.arena.bytes()[self.sections.ids.clone()])
    }

    fn directory(&self) -> &[[u8; 64]] {
        bytemuck::cast_slice(&self.arena.bytes()[self.sections.directory.clone()])
    }

    fn lists(&self) -> &[u32] {
        bytemuck::cast_slice(&self.arena.bytes()[self.sections.lists.clone()])
    }

    fn spill(&self) -> &[[u32; 64]] {
        bytemuck::cast_slice(&self.arena.bytes()[self.sections.spill.clone()])
    }

    /// Everything within `radius` of the (permuted) query, into `scratch.found`, each place once.
    pub(crate) fn search(&self, query: &Hash, radius: u32, scratch: &mut Scratch) {
        scratch.clear();
        let by_bands = !self.bands.is_empty()
            && radius <= self.radius
            && with_level(self.level, || self.search_bands(query, radius, scratch)).is_some();
        if !by_bands {
            self.scan(query, radius, scratch);
        }
    }

    /// The same by comparing every hash.
    pub(crate) fn scan(&self, query: &Hash, radius: u32, scratch: &mut Scratch) {
        scratch.found.clear();
        scan(self.level, self.hashes(), query, radius, &mut scratch.found);
    }

    /// Search by bands. None if there are so many hashes to compare that a scan is faster (which the lengths of the
    /// lists tell before any hash is compared), or if a directory is damaged.
    #[inline(always)]
    fn search_bands(&self, query: &Hash, radius: u32, scratch: &mut Scratch) -> Option<()> {
        self.list_probes(query, &mut scratch.probes);
        let ends = self.find_lists(scratch)?;
        let bounds = self.gather(&ends, scratch)?;
        let hashes = self.hashes();
        let mut from = 0;
        for (number, &end) in bounds.iter().enumerate().take(self.bands.len()) {
            for at in from..end {
                if let Some(&ahead) = scratch.candidates.get(at + AHEAD) {
                    prefetch(hashes, ahead as usize);
                }
                let place = scratch.candidates[at];
                let hash = hashes.get(place as usize)?;
                let distance = distance(hash, query);
                if distance <= radius && !self.found_before(number, hash, query) {
                    scratch.found.push((place, distance));
                }
            }
            from = end;
        }
        Some(())
    }

    /// Directory line and bucket of every value to look up, band by band.
    #[inline(always)]
    fn list_probes(&self, query: &Hash, probes: &mut Vec<(u32, u8)>) {
        probes.clear();
        let mut first_line = 0;
        for (band, patterns) in self.bands.iter().zip(&self.patterns) {
            let key = band.key(query);
            probes.extend(patterns.iter().map(|pattern| {
                let bucket = key ^ pattern;
                (first_line + bucket / BUCKETS, (bucket % BUCKETS) as u8)
            }));
            first_line += lines_of(band) as u32;
        }
    }

    /// The lists of all probes. Returns where each band's end in `scratch.lists`; none as soon as they promise to be
    /// too long. Among near-duplicates every band has about as many, so that the first one or two tell.
    #[inline(always)]
    fn find_lists(&self, scratch: &mut Scratch) -> Option<[usize; 32]> {
        let (directory, spill) = (self.directory(), self.spill());
        let Scratch { probes, lists, .. } = scratch;
        lists.clear();
        let most = self.count / SCAN_PAYS;
        let mut total = 0;
        let mut ends = [0; 32];
        let mut from = 0;
        for (number, patterns) in self.patterns.iter().enumerate() {
            for at in from..from + patterns.len() {
                if let Some(&(line, _)) = probes.get(at + AHEAD) {
                    prefetch(directory, line as usize);
                }
                let (line, bucket) = probes[at];
                let (start, end) = bucket_range(directory.get(line as usize)?, bucket, spill)?;
                let length = end.checked_sub(start)?;
                if length > 0 {
                    lists.push((start, length));
                    total += length as usize;
                }
            }
            if total * self.bands.len() > most * (number + 2).min(self.bands.len()) {
                return None;
            }
            from += patterns.len();
            *ends.get_mut(number)? = lists.len();
        }
        Some(ends)
    }

    /// The places on all lists. Returns where each band's end in `scratch.candidates`.
    #[inline(always)]
    fn gather(&self, ends: &[usize; 32], scratch: &mut Scratch) -> Option<[usize; 32]> {
        let all = self.lists();
        let Scratch {
            lists, candidates, ..
        } = scratch;
        candidates.clear();
        let mut bounds = [0; 32];
        let mut from = 0;
        for number in 0..self.bands.len() {
            let own = all.get(number * self.count..(number + 1) * self.count)?;
            let end = *ends.get(number)?;
            for at in from..end {
                // Near the end of a band this asks for a place in the wrong band: harmless, and rare.
                if let Some(&(start, _)) = lists.get(at + AHEAD) {
                    prefetch(own, start as usize);
                }
                let (start, length) = lists[at];
                let list = own.get(start as usize..)?.get(..length as usize)?;
                candidates.extend_from_slice(list);
            }
            from = end;
            *bounds.get_mut(number)? = candidates.len();
        }
        Some(bounds)
    }

    /// Whether a band before `number` finds the hash as well.
    fn found_before(&self, number: usize, hash: &Hash, query: &Hash) -> bool {
        let differing: Hash = std::array::from_fn(|word| hash[word] ^ query[word]);
        self.bands[..number]
            .iter()
            .any(|band| band.key(&differing).count_ones() <= band.radius)
    }

    /// The places of hashes equal to the (permuted) one.
    pub(crate) fn equal_to(&self, hash: &Hash) -> Vec<u32> {
        let hashes = self.hashes();
        let is_equal = |place: &u32| hashes.get(*place as usize) == Some(hash);
        let listed = || {
            let band = self.bands.first()?;
            let bucket = band.key(hash);
            let line = self.directory().get((bucket / BUCKETS) as usize)?;
            let (start, end) = bucket_range(line, (bucket % BUCKETS) as u8, self.spill())?;
            self.lists()
                .get(..self.count)?
                .get(start as usize..end as usize)
        };
        match listed() {
            Some(list) => list.iter().copied().filter(is_equal).collect(),
            None => (0..self.count as u32).filter(is_equal).collect(),
        }
    }
}

/// Where a bucket's list starts and ends.
#[inline(always)]
fn bucket_range(line: &[u8; 64], bucket: u8, spill: &[[u32; 64]]) -> Option<(u32, u32)> {
    let base = u32::from_ne_bytes([line[0], line[1], line[2], line[3]]);
    let bucket = usize::from(bucket);
    if base & SPILLED == 0 {
        let before = if bucket == 0 {
            0
        } else {
            *line.get(bucket + 3)?
        };
        let end = *line.get(bucket + 4)?;
        return Some((base + u32::from(before), base + u32::from(end)));
    }
    let positions = spill.get((base & !SPILLED) as usize)?;
    Some((*positions.get(bucket)?, *positions.get(bucket + 1)?))
}

#[cfg(test)]
mod tests;
