use super::*;
use crate::lanes::Portable;
use proptest::prelude::*;

/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn divide_avx2(sums: &[f32; 16], count: usize) -> [f32; 16] {
    let mut out = [0.0; 16];
    Pair::load(sums).divide(Divisor::of(count)).store(&mut out);
    out
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn luma_avx2(rgb: &[u8], out: &mut [f32]) {
    Pair::luma(rgb, out);
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn transpose_avx2(from: &[f32], to: &mut [f32]) {
    Pair::transpose(from, 16, to, 16);
}

#[test]
fn division_is_correctly_rounded_for_every_window_and_many_sums() {
    if Avx2Fma::detect().is_none() {
        return;
    }
    for count in 1..=512 {
        for step in 0..2_000u32 {
            let mantissa = step
                .wrapping_mul(0x9E37_79B9)
                .wrapping_add(count as u32 * 7919)
                & 0x7F_FFFF;
            let sums: [f32; 16] = std::array::from_fn(|lane| {
                f32::from_bits((120 + lane as u32) << 23 | (mantissa ^ lane as u32))
            });
            // SAFETY: the features were detected.
            let quotients = unsafe { divide_avx2(&sums, count) };
            for (sum, quotient) in sums.into_iter().zip(quotients) {
                assert_eq!(
                    quotient.to_bits(),
                    (sum / count as f32).to_bits(),
                    "{sum} / {count}"
                );
            }
        }
    }
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn levels_of_planes_avx2(planes: [&[u8]; 3], once: &mut [f32], stepwise: &mut [f32]) {
    Pair::luma_of_planes(planes, once);
    Pair::weighted_of_planes(planes, stepwise);
}

#[test]
fn every_luma_and_colour_has_the_same_grey_levels_as_the_portable_twin() {
    if Avx2Fma::detect().is_none() {
        return;
    }
    let blueness: Vec<u8> = (0..65_536u32).map(|both| (both >> 8) as u8).collect();
    let redness: Vec<u8> = (0..65_536u32).map(|both| both as u8).collect();
    for level in 0..=255u8 {
        let luma = vec![level; 65_536];
        let planes = [&luma[..], &blueness, &redness].map(|plane| &plane[..65_531]);
        let mut levels = [(); 4].map(|()| vec![0.0f32; 65_531]);
        let [once, stepwise, plain_once, plain_stepwise] = &mut levels;
        // SAFETY: the features were detected.
        unsafe { levels_of_planes_avx2(planes, once, stepwise) };
        Portable::luma_of_planes(planes, plain_once);
        Portable::weighted_of_planes(planes, plain_stepwise);
        assert_eq!(once, plain_once);
        assert_eq!(stepwise, plain_stepwise);
    }
}

#[test]
fn every_colour_has_the_same_luma_as_the_portable_twin() {
    if Avx2Fma::detect().is_none() {
        return;
    }
    for red in 0..=255u8 {
        let rgb: Vec<u8> = (0..65_536u32)
            .flat_map(|gb| [red, (gb >> 8) as u8, gb as u8])
            .collect();
        let (mut fast, mut slow) = (vec![0.0; 65_536], vec![0.0; 65_536]);
        // SAFETY: the features were detected.
        unsafe { luma_avx2(&rgb, &mut fast) };
        Portable::luma(&rgb, &mut slow);
        assert_eq!(fast, slow);
    }
}

proptest! {
    #[test]
    fn transposition_equals_the_portable_twin(from in prop::collection::vec(-1e6f32..1e6, 256)) {
        prop_assume!(Avx2Fma::detect().is_some());
        let (mut fast, mut slow) = (vec![0.0; 256], vec![0.0; 256]);
        // SAFETY: the features were detected.
        unsafe { transpose_avx2(&from, &mut fast) };
        Portable::transpose(&from, 16, &mut slow, 16);
        prop_assert_eq!(fast, slow);
    }
}
