//! Making a generation: hashes are put down in order, then each band's buckets are sorted out.

use bytemuck::cast_slice_mut;

use crate::arena::Arena;
use crate::base::{BUCKETS, Base, SPILLED, Sections, lines_of};
use crate::layout::{Band, bands_for};
use crate::{BuildError, Hash, MAX_COUNT, MAX_RADIUS};

/// Bits sorted by in one pass.
const DIGIT: u32 = 9;

/// Makes a generation of the (permuted) hashes and numbers that `entries` yields, which must be `count`.
pub(crate) fn build(
    count: usize,
    radius: u32,
    entries: impl Iterator<Item = (Hash, u64)>,
) -> Result<Base, BuildError> {
    if radius > MAX_RADIUS {
        return Err(BuildError::Radius(radius));
    }
    if count > MAX_COUNT {
        return Err(BuildError::TooMany(count));
    }
    let bands = bands_for(count, radius);
    // A spilled line holds at least 256 places of its band. Memory that is reserved and not touched costs nothing.
    let most_spilled = count / 256 * bands.len();
    let room = Sections::of(count, &bands, most_spilled).ok_or(BuildError::TooMany(count))?;
    let mut memory = Arena::zeroed(room.spill.end.next_multiple_of(64))?;
    let (front, back) = memory.split_at_mut(room.ids.start);
    let hashes: &mut [Hash] = cast_slice_mut(&mut front[room.hashes.clone()]);
    let ids: &mut [u64] = cast_slice_mut(&mut back[..room.ids.len()]);
    let mut filled = 0;
    for ((hash, id), entry) in hashes.iter_mut().zip(ids).zip(entries) {
        (*hash, *id) = entry;
        filled += 1;
    }
    if filled != count {
        return Err(BuildError::Fewer {
            announced: count,
            given: filled,
        });
    }
    let spilled = sort_out(&mut memory, &room, count, &bands);
    let sections = Sections::of(count, &bands, spilled).ok_or(BuildError::TooMany(count))?;
    Base::new(Arena::Resident(memory), sections, count, radius, bands)
        .ok_or(BuildError::Radius(radius))
}

/// Fills directories, lists and spill. Returns how many lines spilled.
fn sort_out(memory: &mut [u8], room: &Sections, count: usize, bands: &[Band]) -> usize {
    let (front, rest) = memory.split_at_mut(room.directory.start);
    let (directories, rest) = rest.split_at_mut(room.lists.start - room.directory.start);
    let (lists, spill) = rest.split_at_mut(room.spill.start - room.lists.start);
    let hashes: &[Hash] = bytemuck::cast_slice(&front[room.hashes.clone()]);
    let mut directories: &mut [[u8; 64]] = cast_slice_mut(&mut directories[..room.directory.len()]);
    let lists: &mut [u32] = cast_slice_mut(&mut lists[..room.lists.len()]);
    let spill: &mut [[u32; 64]] = cast_slice_mut(&mut spill[..room.spill.len()]);
    let mut spilled = 0;
    let (mut pairs, mut spare) = (vec![0u64; count], vec![0u64; count]);
    for (band, list) in bands.iter().zip(lists.chunks_exact_mut(count.max(1))) {
        for (place, (pair, hash)) in pairs.iter_mut().zip(hashes).enumerate() {
            *pair = u64::from(band.key(hash)) << 32 | place as u64;
        }
        for digit in 0..band.width.div_ceil(DIGIT) {
            sort_by_digit(&pairs, &mut spare, 32 + digit * DIGIT);
            std::mem::swap(&mut pairs, &mut spare);
        }
        list.iter_mut()
            .zip(&pairs)
            .for_each(|(place, &pair)| *place = pair as u32);
        let (own, others) = std::mem::take(&mut directories).split_at_mut(lines_of(band));
        directories = others;
        write_directory(own, &pairs, spill, &mut spilled);
    }
    spilled
}

/// One stable pass of a radix sort, by the nine bits from `shift` on.
fn sort_by_digit(from: &[u64], to: &mut [u64], shift: u32) {
    let digit = |pair: u64| (pair >> shift) as usize & ((1 << DIGIT) - 1);
    let mut next = [0usize; 1 << DIGIT];
    from.iter().for_each(|&pair| next[digit(pair)] += 1);
    let mut start = 0;
    for slot in &mut next {
        start += std::mem::replace(slot, start);
    }
    for &pair in from {
        let slot = &mut next[digit(pair)];
        to[*slot] = pair;
        *slot += 1;
    }
}

/// Writes the lines of one band from its sorted pairs.
fn write_directory(
    lines: &mut [[u8; 64]],
    pairs: &[u64],
    spill: &mut [[u32; 64]],
    spilled: &mut usize,
) {
    let mut at = 0;
    let mut bucket = 0;
    for line in lines {
        let mut positions = [at as u32; 64];
        for end in &mut positions[1..=BUCKETS as usize] {
            while pairs.get(at).is_some_and(|pair| pair >> 32 == bucket) {
                at += 1;
            }
            *end = at as u32;
            bucket += 1;
        }
        let base = positions[0];
        if at as u32 - base > u32::from(u8::MAX) {
            spill[*spilled] = positions;
            line[..4].copy_from_slice(&(SPILLED | *spilled as u32).to_ne_bytes());
            *spilled += 1;
            continue;
        }
        line[..4].copy_from_slice(&base.to_ne_bytes());
        for (end, position) in line[4..].iter_mut().zip(&positions[1..]) {
            *end = (position - base) as u8;
        }
    }
}
