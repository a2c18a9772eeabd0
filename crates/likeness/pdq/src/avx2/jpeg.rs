//! The kernels of JPEG: eight numbers of 32 bits in one register, and grey levels from luma and colours.

use std::arch::x86_64::*;

use super::{Avx2Fma, quotient, transpose8};
use crate::jpeg::{Eight, Frame, Planes, Reader};

impl Avx2Fma {
    /// [`Planes::fill`] with AVX2.
    pub(crate) fn fill_planes(
        self,
        planes: &mut Planes,
        reader: Reader<'_>,
        frame: &Frame,
    ) -> Option<()> {
        // SAFETY: `self` exists only where the features were detected.
        unsafe { fill_planes_avx2(planes, reader, frame) }
    }
}

/// # Safety
/// The processor must have AVX2, FMA, BMI1, BMI2 and LZCNT.
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt")]
unsafe fn fill_planes_avx2(planes: &mut Planes, reader: Reader<'_>, frame: &Frame) -> Option<()> {
    planes.fill::<Whole>(reader, frame)
}

/// Private, and used only below `fill_planes_avx2`.
#[derive(Clone, Copy)]
#[repr(transparent)]
struct Whole(__m256i);

// Each method below is reached from `fill_planes_avx2` only, so the features are present; that is the first half of
// every safety comment.
impl Eight for Whole {
    #[inline(always)]
    fn dequantised(coefficients: &[i16; 8], quantisers: &[i16; 8]) -> Self {
        // SAFETY: features as above; 16 bytes are readable at both.
        unsafe {
            let coefficients = _mm_loadu_si128(coefficients.as_ptr().cast());
            let quantisers = _mm_loadu_si128(quantisers.as_ptr().cast());
            Self(_mm256_cvtepi16_epi32(_mm_mullo_epi16(
                coefficients,
                quantisers,
            )))
        }
    }

    #[inline(always)]
    fn of(number: i32) -> Self {
        // SAFETY: features as above.
        unsafe { Self(_mm256_set1_epi32(number)) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: features as above.
        unsafe { Self(_mm256_add_epi32(self.0, other.0)) }
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: features as above.
        unsafe { Self(_mm256_sub_epi32(self.0, other.0)) }
    }

    #[inline(always)]
    fn times(self, factor: i32) -> Self {
        // SAFETY: features as above.
        unsafe { Self(_mm256_mullo_epi32(self.0, _mm256_set1_epi32(factor))) }
    }

    #[inline(always)]
    fn shifted_left<const PLACES: i32>(self) -> Self {
        // SAFETY: features as above.
        unsafe { Self(_mm256_slli_epi32::<PLACES>(self.0)) }
    }

    #[inline(always)]
    fn shifted_right<const PLACES: i32>(self) -> Self {
        // SAFETY: features as above.
        unsafe { Self(_mm256_srai_epi32::<PLACES>(self.0)) }
    }

    #[inline(always)]
    fn transposed(rows: [Self; 8]) -> [Self; 8] {
        let mut out = rows;
        // SAFETY: features as above; `Whole` is a register and no more, so that eight of them are 64 numbers in
        // rows of eight, read and written as such.
        unsafe { transpose8(rows.as_ptr().cast(), 8, out.as_mut_ptr().cast(), 8) };
        out
    }

    #[inline(always)]
    fn write(rows: [Self; 8], to: &mut [u8], stride: usize) {
        assert!(to.len() >= 7 * stride + 8);
        // SAFETY: features as above; the last byte written is 7 strides + 7 in, and the length was asserted.
        unsafe {
            let middle = _mm256_set1_epi16(128);
            for pair in 0..4 {
                // Within each half of the register: four numbers of one row, four of the next.
                let both = _mm256_packs_epi32(rows[2 * pair].0, rows[2 * pair + 1].0);
                let bytes = _mm256_adds_epi16(both, middle);
                let bytes = _mm256_packus_epi16(bytes, bytes);
                let low = _mm256_castsi256_si128(bytes);
                let high = _mm256_extracti128_si256::<1>(bytes);
                let rows = _mm_unpacklo_epi32(low, high);
                let at = to.as_mut_ptr().add(2 * pair * stride);
                _mm_storel_epi64(at.cast(), rows);
                _mm_storeh_pd(at.add(stride).cast(), _mm_castsi128_pd(rows));
            }
        }
    }
}

/// Red, green and blue of eight pixels whose luma, blueness and redness are at the three addresses, from 0 to 255.
///
/// # Safety
/// The processor must have AVX2; 8 bytes must be readable at each address.
#[inline(always)]
unsafe fn rgb8([luma, blueness, redness]: [*const u8; 3]) -> [__m256i; 3] {
    // SAFETY: the caller's promise.
    unsafe {
        let eight = |at: *const u8| _mm256_cvtepu8_epi32(_mm_loadl_epi64(at.cast()));
        let middle = _mm256_set1_epi32(128);
        let y = eight(luma);
        let cb = _mm256_sub_epi32(eight(blueness), middle);
        let cr = _mm256_sub_epi32(eight(redness), middle);
        // Both in one lane, redness high. Whole multiples of the factors are taken off, so that the rest has 16 bits.
        let both = _mm256_blend_epi16::<0xAA>(cb, _mm256_slli_epi32::<16>(cr));
        let half = _mm256_set1_epi32(1 << 15);
        let part = |cb: i32, cr: i32| {
            let factors = _mm256_set1_epi32(cr << 16 | cb & 0xFFFF);
            _mm256_srai_epi32::<16>(_mm256_add_epi32(_mm256_madd_epi16(both, factors), half))
        };
        let red = _mm256_add_epi32(_mm256_add_epi32(y, cr), part(0, 91_881 - 65_536));
        let green = _mm256_add_epi32(_mm256_sub_epi32(y, cr), part(-22_554, 65_536 - 46_802));
        let blue = _mm256_add_epi32(
            _mm256_add_epi32(y, _mm256_add_epi32(cb, cb)),
            part(116_130 - 131_072, 0),
        );
        let (least, most) = (_mm256_setzero_si256(), _mm256_set1_epi32(255));
        // One by one: what a closure given to `map` holds is not inlined.
        [
            _mm256_min_epi32(_mm256_max_epi32(red, least), most),
            _mm256_min_epi32(_mm256_max_epi32(green, least), most),
            _mm256_min_epi32(_mm256_max_epi32(blue, least), most),
        ]
    }
}

/// Grey levels of eight pixels, rounded once, as [`Lanes::luma`] has them.
///
/// # Safety
/// The processor must have AVX2 and FMA; 8 bytes must be readable at each address.
///
/// [`Lanes::luma`]: crate::lanes::Lanes::luma
#[inline(always)]
pub(super) unsafe fn luma8(planes: [*const u8; 3]) -> __m256 {
    // SAFETY: the caller's promise.
    unsafe {
        let [red, green, blue] = rgb8(planes);
        let red_green = _mm256_or_si256(red, _mm256_slli_epi32::<16>(green));
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

/// Grey levels of eight pixels, rounded at every step.
///
/// # Safety
/// The processor must have AVX2; 8 bytes must be readable at each address.
#[inline(always)]
pub(super) unsafe fn weighted8(planes: [*const u8; 3]) -> __m256 {
    // SAFETY: the caller's promise.
    unsafe {
        let [red, green, blue] = rgb8(planes);
        let red = _mm256_mul_ps(_mm256_cvtepi32_ps(red), _mm256_set1_ps(0.299));
        let green = _mm256_mul_ps(_mm256_cvtepi32_ps(green), _mm256_set1_ps(0.587));
        let blue = _mm256_mul_ps(_mm256_cvtepi32_ps(blue), _mm256_set1_ps(0.114));
        _mm256_add_ps(_mm256_add_ps(red, green), blue)
    }
}

/// Asks for bytes that are needed soon; does nothing if there are none.
#[inline(always)]
pub(super) fn ask_for(bytes: &[u8], at: usize) {
    if let Some(byte) = bytes.get(at) {
        // SAFETY: every processor of this kind has the instruction, which reads nothing that the program sees, and
        // the address is that of a byte.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(byte).cast()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::PortableEight;
    use proptest::prelude::*;

    /// Every operation of eight numbers, one after the other, as samples.
    #[inline(always)]
    fn all<E: Eight>(block: &[i16; 64], quantisers: &[i16; 64]) -> Vec<u8> {
        let (rows, _) = block.as_chunks::<8>();
        let (factors, _) = quantisers.as_chunks::<8>();
        let rows: [E; 8] = std::array::from_fn(|row| E::dequantised(&rows[row], &factors[row]));
        let turned = E::transposed(rows);
        let mixed: [E; 8] = std::array::from_fn(|row| {
            let (own, other) = (turned[row], rows[7 - row]);
            let sum = own.times(25_172).add(other.shifted_left::<13>());
            sum.sub(E::of(77)).shifted_right::<18>()
        });
        let mut out = vec![0; 16 * 8];
        E::write(rows, &mut out, 16);
        E::write(mixed, &mut out[8..], 16);
        out
    }

    /// # Safety
    /// The processor must have AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    unsafe fn all_avx2(block: &[i16; 64], quantisers: &[i16; 64]) -> Vec<u8> {
        all::<Whole>(block, quantisers)
    }

    proptest! {
        #[test]
        fn eight_numbers_equal_the_portable_twin(
            block in prop::array::uniform32(-1_024i16..1_024),
            quantiser in 1i16..200,
        ) {
            prop_assume!(Avx2Fma::detect().is_some());
            let block = std::array::from_fn(|at| block[at % 32].wrapping_mul(at as i16 % 9));
            let quantisers = [quantiser; 64];
            // SAFETY: the features were detected.
            let fast = unsafe { all_avx2(&block, &quantisers) };
            prop_assert_eq!(fast, all::<PortableEight>(&block, &quantisers));
        }
    }
}
