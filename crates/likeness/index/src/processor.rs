//! What depends on the processor: comparing many hashes with one, and prefetching.
#![expect(
    unsafe_code,
    reason = "vector instructions are chosen at run time; the portable twin is tested to give the same answers"
)]

use crate::Hash;

/// The number of bits in which two hashes differ.
#[inline(always)]
pub(crate) fn distance(a: &Hash, b: &Hash) -> u32 {
    (a[0] ^ b[0]).count_ones()
        + (a[1] ^ b[1]).count_ones()
        + (a[2] ^ b[2]).count_ones()
        + (a[3] ^ b[3]).count_ones()
}

/// The places of all hashes within `radius` of `query` with their distances, in order: the portable form.
#[inline(always)]
pub(crate) fn scan_portable(
    hashes: &[Hash],
    query: &Hash,
    radius: u32,
    found: &mut Vec<(u32, u32)>,
) {
    for (place, hash) in hashes.iter().enumerate() {
        let distance = distance(hash, query);
        if distance <= radius {
            found.push((place as u32, distance));
        }
    }
}

/// What this processor can do beyond the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Nothing.
    Portable,
    /// Counts bits of a word in one instruction.
    #[cfg(target_arch = "x86_64")]
    Popcnt,
    /// Counts bits of eight words in one instruction.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best this processor has.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let popcnt = is_x86_feature_detected!("popcnt");
            if popcnt
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512vpopcntdq")
            {
                return Self::Avx512;
            }
            if popcnt {
                return Self::Popcnt;
            }
        }
        Self::Portable
    }
}

/// The places of all hashes within `radius` of `query` with their distances, in order.
pub(crate) fn scan(
    level: Level,
    hashes: &[Hash],
    query: &Hash,
    radius: u32,
    found: &mut Vec<(u32, u32)>,
) {
    match level {
        Level::Portable => scan_portable(hashes, query, radius, found),
        // SAFETY: the level says that the feature was detected.
        #[cfg(target_arch = "x86_64")]
        Level::Popcnt => unsafe { x86::scan_popcnt(hashes, query, radius, found) },
        // SAFETY: the level says that the features were detected.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { x86::scan_avx512(hashes, query, radius, found) },
    }
}

/// Runs `work`, compiled for the given level: loops inlined into it use the better instructions.
#[inline(always)]
pub(crate) fn with_level<T>(level: Level, work: impl FnOnce() -> T) -> T {
    match level {
        Level::Portable => work(),
        // SAFETY: both levels say that `popcnt` was detected.
        #[cfg(target_arch = "x86_64")]
        Level::Popcnt | Level::Avx512 => unsafe { x86::run_popcnt(work) },
    }
}

/// Asks for the memory of `all[at]` ahead of its use. Does nothing if there is no such place.
#[inline(always)]
pub(crate) fn prefetch<T>(all: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(item) = all.get(at) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: prefetching reads nothing that the program sees, and the address is that of a live item.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = all.get(at);
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use crate::Hash;

    /// # Safety
    /// The processor must have POPCNT.
    #[target_feature(enable = "popcnt")]
    pub(super) unsafe fn run_popcnt<T>(work: impl FnOnce() -> T) -> T {
        work()
    }

    /// # Safety
    /// The processor must have POPCNT.
    #[target_feature(enable = "popcnt")]
    pub(super) unsafe fn scan_popcnt(
        hashes: &[Hash],
        query: &Hash,
        radius: u32,
        found: &mut Vec<(u32, u32)>,
    ) {
        super::scan_portable(hashes, query, radius, found);
    }

    /// Eight hashes at a time. Four registers hold two hashes each; their bit counts, at most 64 for each word,
    /// share one register as fields of 16 bits, and are then added across the four words of each hash.
    ///
    /// # Safety
    /// The processor must have AVX-512F, AVX-512VPOPCNTDQ and POPCNT.
    #[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
    pub(super) unsafe fn scan_avx512(
        hashes: &[Hash],
        query: &Hash,
        radius: u32,
        found: &mut Vec<(u32, u32)>,
    ) {
        let [q0, q1, q2, q3] = query.map(u64::cast_signed);
        let both = _mm512_setr_epi64(q0, q1, q2, q3, q0, q1, q2, q3);
        let (blocks, rest) = hashes.as_chunks::<8>();
        for (number, block) in blocks.iter().enumerate() {
            let at: *const u64 = block.as_ptr().cast();
            // SAFETY: a block holds 32 words, so 8 are readable from each of 0, 8, 16 and 24.
            let words =
                [0, 8, 16, 24].map(|from| unsafe { _mm512_loadu_epi64(at.add(from).cast()) });
            let bits = words.map(|words| _mm512_popcnt_epi64(_mm512_xor_si512(words, both)));
            let fields = _mm512_or_si512(
                _mm512_or_si512(bits[0], _mm512_slli_epi64::<16>(bits[1])),
                _mm512_or_si512(
                    _mm512_slli_epi64::<32>(bits[2]),
                    _mm512_slli_epi64::<48>(bits[3]),
                ),
            );
            let pairs = _mm512_add_epi64(fields, _mm512_permutex_epi64::<0b10_11_00_01>(fields));
            let sums = _mm512_add_epi64(pairs, _mm512_permutex_epi64::<0b01_00_11_10>(pairs));
            let even = _mm_cvtsi128_si64(_mm512_castsi512_si128(sums)).cast_unsigned();
            let odd = _mm_cvtsi128_si64(_mm512_extracti32x4_epi32::<2>(sums)).cast_unsigned();
            for field in 0..4 {
                for (half, sums) in [even, odd].into_iter().enumerate() {
                    let distance = (sums >> (16 * field) & 0xFFFF) as u32;
                    if distance <= radius {
                        found.push(((number * 8 + field * 2 + half) as u32, distance));
                    }
                }
            }
        }
        let scanned = found.len();
        super::scan_portable(rest, query, radius, found);
        let before = (blocks.len() * 8) as u32;
        found[scanned..]
            .iter_mut()
            .for_each(|(place, _)| *place += before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_level_finds_the_same(hashes in prop::collection::vec(any::<Hash>(), 0..60), query: Hash, radius in 90u32..150) {
            let (mut portable, mut best) = (Vec::new(), Vec::new());
            scan_portable(&hashes, &query, radius, &mut portable);
            scan(Level::detect(), &hashes, &query, radius, &mut best);
            prop_assert_eq!(&portable, &best);
            #[cfg(target_arch = "x86_64")]
            if Level::detect() != Level::Portable {
                best.clear();
                scan(Level::Popcnt, &hashes, &query, radius, &mut best);
                prop_assert_eq!(portable, best);
            }
        }
    }

    #[test]
    fn distances_up_to_256_are_counted() {
        let hashes = vec![[u64::MAX; 4]; 9];
        let mut found = Vec::new();
        scan(Level::detect(), &hashes, &[0; 4], 256, &mut found);
        assert_eq!(found, (0..9).map(|place| (place, 256)).collect::<Vec<_>>());
    }
}
