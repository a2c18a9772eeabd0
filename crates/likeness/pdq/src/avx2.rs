//! The sixteen lanes as two AVX2 registers.
//!
//! The only unsafe code of the crate is here and in `jpeg` below. Two obligations are met: the intrinsics run only
//! where [`Avx2Fma::detect`] found what they need, and every load and store stays within a slice whose length was
//! checked.
#![expect(
    unsafe_code,
    reason = "vector instructions are chosen at run time; the portable twin is tested to give the same bits"
)]

use std::arch::x86_64::*;

mod jpeg;

use crate::blur::{Grid64, Source, blur};
use crate::lanes::{Divisor, Lanes};

/// Proof that this processor has AVX2, FMA and the bit operations that came with them.
#[derive(Clone, Copy)]
pub(crate) struct Avx2Fma(());

impl Avx2Fma {
    /// The proof, if the processor has all.
    pub(crate) fn detect() -> Option<Self> {
        let has_vectors = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        let has_bits = is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt");
        (has_vectors && has_bits).then_some(Self(()))
    }

    /// [`blur`] with AVX2.
    pub(crate) fn blur<S: Source>(self, source: &S) -> Grid64 {
        // SAFETY: `self` exists only where the features were detected.
        unsafe { blur_avx2(source) }
    }
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn blur_avx2<S: Source>(source: &S) -> Grid64 {
    blur::<Pair, S>(source)
}

/// Lanes 0 to 7 and 8 to 15. Private, and used only below `blur_avx2`.
#[derive(Clone, Copy)]
struct Pair(__m256, __m256);

// Each method below is reached from `blur_avx2` only, so the features are present; that is the first half of
// every safety comment.
impl Lanes for Pair {
    #[inline(always)]
    fn load(from: &[f32; 16]) -> Self {
        let at = from.as_ptr();
        // SAFETY: features as above; 16 numbers are readable at `at`.
        unsafe { Self(_mm256_loadu_ps(at), _mm256_loadu_ps(at.add(8))) }
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; 16]) {
        let at = to.as_mut_ptr();
        // SAFETY: features as above; 16 numbers are writable at `at`.
        unsafe {
            _mm256_storeu_ps(at, self.0);
            _mm256_storeu_ps(at.add(8), self.1);
        }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: features as above.
        unsafe {
            Self(
                _mm256_add_ps(self.0, other.0),
                _mm256_add_ps(self.1, other.1),
            )
        }
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: features as above.
        unsafe {
            Self(
                _mm256_sub_ps(self.0, other.0),
                _mm256_sub_ps(self.1, other.1),
            )
        }
    }

    #[inline(always)]
    fn divide(self, divisor: Divisor) -> Self {
        // SAFETY: features as above.
        unsafe {
            let value = _mm256_set1_ps(divisor.value);
            let reciprocal = _mm256_set1_ps(divisor.reciprocal);
            Self(
                quotient(self.0, value, reciprocal),
                quotient(self.1, value, reciprocal),
            )
        }
    }

    #[inline(always)]
    fn transpose(from: &[f32], from_stride: usize, to: &mut [f32], to_stride: usize) {
        assert!(from.len() >= 15 * from_stride + 16 && to.len() >= 15 * to_stride + 16);
        for row in [0, 8] {
            for column in [0, 8] {
                // SAFETY: features as above; the farthest number read is 15 strides + 15 in, the same for
                // those written, and both lengths were asserted.
                unsafe {
                    transpose8(
                        from.as_ptr().add(row * from_stride + column),
                        from_stride,
                        to.as_mut_ptr().add(column * to_stride + row),
                        to_stride,
                    );
                }
            }
        }
    }

    #[inline(always)]
    fn luma(rgb: &[u8], to: &mut [f32]) {
        let pixels = to.len().min(rgb.len() / 3);
        let mut done = 0;
        // Eight pixels are read as two times 16 bytes, of which the last four belong to later pixels.
        while done + 10 <= pixels {
            // SAFETY: features as above; bytes 3 done .. 3 done + 28 are inside `rgb`, which holds at least
            // 3 (done + 10); 8 numbers are writable from `done`.
            unsafe {
                let at = rgb.as_ptr().add(3 * done);
                _mm256_storeu_ps(to.as_mut_ptr().add(done), luma8(at));
            }
            done += 8;
        }
        for (pixel, out) in rgb.chunks_exact(3).zip(to).skip(done) {
            *out = crate::lanes::luma_of(pixel);
        }
    }

    #[inline(always)]
    fn luma_of_planes(planes: [&[u8]; 3], to: &mut [f32]) {
        let done = by_eights::<false>(planes, to);
        crate::lanes::luma_of_rest(planes, to, done);
    }

    #[inline(always)]
    fn weighted_of_planes(planes: [&[u8]; 3], to: &mut [f32]) {
        let done = by_eights::<true>(planes, to);
        crate::lanes::weighted_of_rest(planes, to, done);
    }

    #[inline(always)]
    fn ask_for(bytes: &[u8], at: usize) {
        jpeg::ask_for(bytes, at);
    }
}

/// Grey levels of eight pixels at a time, rounded once or at every step. Returns how many.
#[inline(always)]
fn by_eights<const STEPWISE: bool>(planes: [&[u8]; 3], to: &mut [f32]) -> usize {
    let [luma, blueness, redness] = planes;
    let (luma, blueness, redness) = (
        luma.as_chunks::<8>().0,
        blueness.as_chunks::<8>().0,
        redness.as_chunks::<8>().0,
    );
    let (eights, _) = to.as_chunks_mut::<8>();
    let mut done = 0;
    for (((eight, luma), blueness), redness) in
        eights.iter_mut().zip(luma).zip(blueness).zip(redness)
    {
        let planes = [luma.as_ptr(), blueness.as_ptr(), redness.as_ptr()];
        // SAFETY: reached from `blur_avx2` only, where the features are present; 8 bytes are readable at each
        // address and 8 numbers writable.
        unsafe {
            let levels = if STEPWISE {
                jpeg::weighted8(planes)
            } else {
                jpeg::luma8(planes)
            };
            _mm256_storeu_ps(eight.as_mut_ptr(), levels);
        }
        done += 8;
    }
    done
}

/// `sum / divisor`, correctly rounded: the remainder of the first guess is exact under FMA, and one step with it
/// ends at the nearest number (Markstein; tested for every divisor in use against division).
///
/// # Safety
/// The processor must have AVX2 and FMA.
#[inline(always)]
unsafe fn quotient(sum: __m256, divisor: __m256, reciprocal: __m256) -> __m256 {
    // SAFETY: the caller's promise.
    unsafe {
        let guess = _mm256_mul_ps(sum, reciprocal);
        let remainder = _mm256_fnmadd_ps(guess, divisor, sum);
        _mm256_fmadd_ps(remainder, reciprocal, guess)
    }
}

/// Grey levels of the eight pixels at `at`.
///
/// # Safety
/// The processor must have AVX2 and FMA; 28 bytes must be readable at `at`.
#[inline(always)]
unsafe fn luma8(at: *const u8) -> __m256 {
    // SAFETY: the caller's promise.
    unsafe {
        let low = _mm_loadu_si128(at.cast());
        let high = _mm_loadu_si128(at.add(12).cast());
        let bytes = _mm256_set_m128i(high, low);
        let red_green = _mm256_shuffle_epi8(
            bytes,
            _mm256_setr_epi8(
                0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1, //
                0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1,
            ),
        );
        let blue = _mm256_shuffle_epi8(
            bytes,
            _mm256_setr_epi8(
                2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1, //
                2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1,
            ),
        );
        let thousandths = _mm256_add_epi32(
            _mm256_madd_epi16(red_green, _mm256_set1_epi32(587 << 16 | 299)),
            _mm256_madd_epi16(blue, _mm256_set1_epi32(114)),
        );
        quotient(
            _mm256_cvtepi32_ps(thousandths),
            _mm256_set1_ps(1000.0),
            _mm256_set1_ps(1.0 / 1000.0),
        )
    }
}

/// Transposes 8 rows of 8 numbers.
///
/// # Safety
/// The processor must have AVX2; 8 numbers must be readable at `from + k from_stride` and writable at
/// `to + k to_stride` for k from 0 to 7.
#[inline(always)]
unsafe fn transpose8(from: *const f32, from_stride: usize, to: *mut f32, to_stride: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let row = |k: usize| _mm256_loadu_ps(from.add(k * from_stride));
        let (r0, r1, r2, r3) = (row(0), row(1), row(2), row(3));
        let (r4, r5, r6, r7) = (row(4), row(5), row(6), row(7));
        let (a0, a1) = (_mm256_unpacklo_ps(r0, r1), _mm256_unpackhi_ps(r0, r1));
        let (a2, a3) = (_mm256_unpacklo_ps(r2, r3), _mm256_unpackhi_ps(r2, r3));
        let (a4, a5) = (_mm256_unpacklo_ps(r4, r5), _mm256_unpackhi_ps(r4, r5));
        let (a6, a7) = (_mm256_unpacklo_ps(r6, r7), _mm256_unpackhi_ps(r6, r7));
        let (b0, b1) = (
            _mm256_shuffle_ps::<0x44>(a0, a2),
            _mm256_shuffle_ps::<0xEE>(a0, a2),
        );
        let (b2, b3) = (
            _mm256_shuffle_ps::<0x44>(a1, a3),
            _mm256_shuffle_ps::<0xEE>(a1, a3),
        );
        let (b4, b5) = (
            _mm256_shuffle_ps::<0x44>(a4, a6),
            _mm256_shuffle_ps::<0xEE>(a4, a6),
        );
        let (b6, b7) = (
            _mm256_shuffle_ps::<0x44>(a5, a7),
            _mm256_shuffle_ps::<0xEE>(a5, a7),
        );
        for (k, (low, high)) in [(b0, b4), (b1, b5), (b2, b6), (b3, b7)]
            .into_iter()
            .enumerate()
        {
            _mm256_storeu_ps(
                to.add(k * to_stride),
                _mm256_permute2f128_ps::<0x20>(low, high),
            );
            _mm256_storeu_ps(
                to.add((k + 4) * to_stride),
                _mm256_permute2f128_ps::<0x31>(low, high),
            );
        }
    }
}

#[cfg(test)]
mod tests;
