//! One fixed permutation of the 256 bits.
//!
//! Neighbouring bits of perceptual hashes are alike from picture to picture, which would fill some buckets of a
//! band and leave others empty. Shuffling the bits keeps every distance and evens the buckets out. The
//! permutation is part of the snapshot format: it never changes.

use std::sync::LazyLock;

use crate::Hash;

/// For each of 32 bytes and each of its 256 values, the permuted bits.
static TABLE: LazyLock<Vec<Hash>> = LazyLock::new(|| {
    let places = places();
    let permuted = |entry: usize| {
        let (byte, value) = (entry / 256, entry % 256);
        let mut out = [0u64; 4];
        for bit in (0..8).filter(|bit| value >> bit & 1 == 1) {
            let place = places[byte * 8 + bit];
            out[place / 64] |= 1 << (place % 64);
        }
        out
    };
    (0..32 * 256).map(permuted).collect()
});

/// Where each bit goes: a shuffle by a fixed generator (Fisher and Yates, xorshift).
fn places() -> [usize; 256] {
    let mut places: [usize; 256] = std::array::from_fn(|i| i);
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    for last in (1..256).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        places.swap(last, (state >> 11) as usize % (last + 1));
    }
    places
}

/// The hash with its bits in the order the index works in.
pub(crate) fn permute(hash: &Hash) -> Hash {
    let table: &[Hash] = &TABLE;
    let mut out = [0u64; 4];
    for (byte, value) in hash.iter().flat_map(|word| word.to_le_bytes()).enumerate() {
        let bits = &table[byte * 256 + usize::from(value)];
        out.iter_mut()
            .zip(bits)
            .for_each(|(out, bits)| *out |= bits);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_place_is_taken_once() {
        let mut places = places();
        places.sort_unstable();
        assert!(places.into_iter().eq(0..256));
    }

    proptest! {
        #[test]
        fn distances_are_kept(a: Hash, b: Hash) {
            let distance = |a: Hash, b: Hash| a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
            prop_assert_eq!(distance(a, b), distance(permute(&a), permute(&b)));
        }
    }
}
