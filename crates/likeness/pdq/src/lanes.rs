//! Sixteen numbers handled as one: the operations the blur needs, and their portable form.

/// Sixteen `f32` side by side. Every implementation gives the same bits: each lane is one IEEE operation, in
/// the same order.
pub(crate) trait Lanes: Copy {
    /// Reads sixteen numbers.
    fn load(from: &[f32; 16]) -> Self;
    /// Writes sixteen numbers.
    fn store(self, to: &mut [f32; 16]);
    /// Lane by lane `self + other`.
    fn add(self, other: Self) -> Self;
    /// Lane by lane `self - other`.
    fn sub(self, other: Self) -> Self;
    /// Lane by lane `self / divisor`, correctly rounded.
    fn divide(self, divisor: Divisor) -> Self;
    /// Transposes 16 rows of 16 numbers; rows start `from_stride` and `to_stride` numbers apart.
    fn transpose(from: &[f32], from_stride: usize, to: &mut [f32], to_stride: usize);
    /// Grey levels of interleaved RGB bytes, three for each number of `to`: 0.299 R + 0.587 G + 0.114 B
    /// rounded once to `f32`.
    fn luma(rgb: &[u8], to: &mut [f32]);
    /// The same of luma, blueness and redness in planes of their own.
    fn luma_of_planes(planes: [&[u8]; 3], to: &mut [f32]);
    /// The same with `f32` weights, rounded at every step.
    fn weighted_of_planes(planes: [&[u8]; 3], to: &mut [f32]);
    /// Asks for bytes from `at` on that are needed soon.
    fn ask_for(_bytes: &[u8], _at: usize) {}
}

/// A whole number from 1 to 512, and its rounded reciprocal.
#[derive(Clone, Copy)]
pub(crate) struct Divisor {
    /// The number.
    pub value: f32,
    /// 1 / the number, rounded to nearest.
    pub reciprocal: f32,
}

impl Divisor {
    /// The divisor `count`.
    pub(crate) fn of(count: usize) -> Self {
        let value = count as f32;
        Self {
            value,
            reciprocal: 1.0 / value,
        }
    }
}

/// The weighted sum of one pixel in thousandths of a grey level: exact in `f32`, so that dividing it by 1000
/// rounds once, as computing in `f64` and rounding to `f32` does.
pub(crate) fn luma_of(rgb: &[u8]) -> f32 {
    let thousandths =
        299.0 * f32::from(rgb[0]) + 587.0 * f32::from(rgb[1]) + 114.0 * f32::from(rgb[2]);
    thousandths / 1000.0
}

/// Grey levels from `at` on of luma, blueness and redness in planes of their own.
#[inline(always)]
pub(crate) fn luma_of_rest([luma, blueness, redness]: [&[u8]; 3], to: &mut [f32], at: usize) {
    let pixels = luma.iter().zip(blueness).zip(redness);
    for (((&y, &cb), &cr), out) in pixels.zip(to).skip(at) {
        *out = luma_of(&crate::jpeg::rgb_of(y, cb, cr));
    }
}

/// Grey level of one pixel as Meta's C++ file tool weighs it: in `f32`, rounded at every step.
#[inline(always)]
pub(crate) fn weighted(rgb: [u8; 3]) -> f32 {
    let [r, g, b] = rgb.map(f32::from);
    0.299f32 * r + 0.587f32 * g + 0.114f32 * b
}

/// The same from `at` on of luma, blueness and redness in planes of their own.
#[inline(always)]
pub(crate) fn weighted_of_rest([luma, blueness, redness]: [&[u8]; 3], to: &mut [f32], at: usize) {
    let pixels = luma.iter().zip(blueness).zip(redness);
    for (((&y, &cb), &cr), out) in pixels.zip(to).skip(at) {
        *out = weighted(crate::jpeg::rgb_of(y, cb, cr));
    }
}

/// The implementation for any processor.
#[derive(Clone, Copy)]
pub(crate) struct Portable([f32; 16]);

impl Lanes for Portable {
    #[inline(always)]
    fn load(from: &[f32; 16]) -> Self {
        Self(*from)
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; 16]) {
        *to = self.0;
    }

    #[inline(always)]
    fn add(mut self, other: Self) -> Self {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a += b;
        }
        self
    }

    #[inline(always)]
    fn sub(mut self, other: Self) -> Self {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a -= b;
        }
        self
    }

    #[inline(always)]
    fn divide(mut self, divisor: Divisor) -> Self {
        for a in &mut self.0 {
            *a /= divisor.value;
        }
        self
    }

    #[inline(always)]
    fn transpose(from: &[f32], from_stride: usize, to: &mut [f32], to_stride: usize) {
        for i in 0..16 {
            for (j, &value) in from[i * from_stride..][..16].iter().enumerate() {
                to[j * to_stride + i] = value;
            }
        }
    }

    #[inline(always)]
    fn luma(rgb: &[u8], to: &mut [f32]) {
        for (pixel, out) in rgb.chunks_exact(3).zip(to) {
            *out = luma_of(pixel);
        }
    }

    #[inline(always)]
    fn luma_of_planes(planes: [&[u8]; 3], to: &mut [f32]) {
        luma_of_rest(planes, to, 0);
    }

    #[inline(always)]
    fn weighted_of_planes(planes: [&[u8]; 3], to: &mut [f32]) {
        weighted_of_rest(planes, to, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luma_equals_double_precision_rounded_once_for_every_colour() {
        for r in 0..=255u8 {
            for g in 0..=255u8 {
                for b in 0..=255u8 {
                    let double = f64::from(r) * 0.299 + f64::from(g) * 0.587 + f64::from(b) * 0.114;
                    assert_eq!(luma_of(&[r, g, b]), double as f32, "{r} {g} {b}");
                }
            }
        }
    }
}
