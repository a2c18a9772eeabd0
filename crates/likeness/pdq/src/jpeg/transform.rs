//! From coefficients to samples: libjpeg's accurate inverse cosine transform.
//!
//! Both directions are the same one-dimensional transform (Loeffler, Ligtenberg and Moschytz, 12 multiplications) in
//! whole numbers of 13 binary places; two more places are kept in between. Eight of them run side by side.

/// Eight whole numbers of 32 bits handled as one. Every implementation gives the same numbers.
pub(crate) trait Eight: Copy {
    /// Products of coefficients and quantisers, in the lowest 16 bits.
    fn dequantised(coefficients: &[i16; 8], quantisers: &[i16; 8]) -> Self;
    /// The same number eight times.
    fn of(number: i32) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    /// The lowest 32 bits of the products with one number.
    fn times(self, factor: i32) -> Self;
    fn shifted_left<const PLACES: i32>(self) -> Self;
    /// With the sign kept.
    fn shifted_right<const PLACES: i32>(self) -> Self;
    fn transposed(rows: [Self; 8]) -> [Self; 8];
    /// Writes eight rows of eight samples: 128 is added, and what is outside 0 to 255 becomes 0 or 255.
    fn write(rows: [Self; 8], to: &mut [u8], stride: usize);
}

/// The implementation for any processor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PortableEight(pub [i32; 8]);

impl PortableEight {
    #[inline(always)]
    fn each(self, other: Self, work: impl Fn(i32, i32) -> i32) -> Self {
        Self(std::array::from_fn(|lane| {
            work(self.0[lane], other.0[lane])
        }))
    }
}

impl Eight for PortableEight {
    #[inline(always)]
    fn dequantised(coefficients: &[i16; 8], quantisers: &[i16; 8]) -> Self {
        let product = |lane: usize| coefficients[lane].wrapping_mul(quantisers[lane]);
        Self(std::array::from_fn(|lane| i32::from(product(lane))))
    }

    #[inline(always)]
    fn of(number: i32) -> Self {
        Self([number; 8])
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.each(other, i32::wrapping_add)
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.each(other, i32::wrapping_sub)
    }

    #[inline(always)]
    fn times(self, factor: i32) -> Self {
        self.each(Self::of(factor), i32::wrapping_mul)
    }

    #[inline(always)]
    fn shifted_left<const PLACES: i32>(self) -> Self {
        self.each(self, |number, _| number << PLACES)
    }

    #[inline(always)]
    fn shifted_right<const PLACES: i32>(self) -> Self {
        self.each(self, |number, _| number >> PLACES)
    }

    #[inline(always)]
    fn transposed(rows: [Self; 8]) -> [Self; 8] {
        std::array::from_fn(|row| Self(std::array::from_fn(|lane| rows[lane].0[row])))
    }

    #[inline(always)]
    fn write(rows: [Self; 8], to: &mut [u8], stride: usize) {
        for (row, to) in rows.iter().zip(to.chunks_mut(stride)) {
            for (to, number) in to.iter_mut().zip(row.0) {
                *to = number.wrapping_add(128).clamp(0, 255) as u8;
            }
        }
    }
}

/// Transforms one block and writes its 8 × 8 samples; `last` is the place of the last coefficient that is not 0.
#[inline(always)]
pub(super) fn place<E: Eight>(
    block: &[i16; 64],
    last: u32,
    quantisers: &[i16; 64],
    to: &mut [u8],
    stride: usize,
) {
    if last == 0 {
        let level = i32::from(block[0].wrapping_mul(quantisers[0]));
        return E::write([E::of((level + 4) >> 3); 8], to, stride);
    }
    if last < 10 {
        return transform::<E, 4>(block, quantisers, to, stride);
    }
    transform::<E, 8>(block, quantisers, to, stride);
}

/// The same for a block whose coefficients lie in the first `SIDE` rows and columns. The first ten coefficients in
/// coded order lie in four.
#[inline(always)]
fn transform<E: Eight, const SIDE: usize>(
    block: &[i16; 64],
    quantisers: &[i16; 64],
    to: &mut [u8],
    stride: usize,
) {
    let (coefficients, _) = block.as_chunks::<8>();
    let (factors, _) = quantisers.as_chunks::<8>();
    let mut rows = [E::of(0); 8];
    for row in 0..SIDE {
        rows[row] = E::dequantised(&coefficients[row], &factors[row]);
    }
    let mut columns = E::transposed(one_way::<E, 11>(rows, 1 << 10));
    for column in &mut columns[SIDE..] {
        *column = E::of(0);
    }
    let rows = E::transposed(one_way::<E, 18>(columns, 1 << 17));
    E::write(rows, to, stride);
}

/// Eight one-dimensional transforms side by side; the results are rounded to `PLACES` fewer binary places, of which
/// `half` is one half.
#[inline(always)]
fn one_way<E: Eight, const PLACES: i32>(rows: [E; 8], half: i32) -> [E; 8] {
    let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
    // Even part.
    let z1 = r2.add(r6).times(4_433);
    let even2 = z1.add(r6.times(-15_137));
    let even3 = z1.add(r2.times(6_270));
    let half = E::of(half);
    let even0 = r0.add(r4).shifted_left::<13>().add(half);
    let even1 = r0.sub(r4).shifted_left::<13>().add(half);
    let (sum0, sum3) = (even0.add(even3), even0.sub(even3));
    let (sum1, sum2) = (even1.add(even2), even1.sub(even2));
    // Odd part.
    let (z3, z4) = (r7.add(r3), r5.add(r1));
    let z5 = z3.add(z4).times(9_633);
    let z1 = r7.add(r1).times(-7_373);
    let z2 = r5.add(r3).times(-20_995);
    let z3 = z3.times(-16_069).add(z5);
    let z4 = z4.times(-3_196).add(z5);
    let odd0 = r7.times(2_446).add(z1).add(z3);
    let odd1 = r5.times(16_819).add(z2).add(z4);
    let odd2 = r3.times(25_172).add(z2).add(z3);
    let odd3 = r1.times(12_299).add(z1).add(z4);
    let sums = [
        sum0.add(odd3),
        sum1.add(odd2),
        sum2.add(odd1),
        sum3.add(odd0),
        sum3.sub(odd0),
        sum2.sub(odd1),
        sum1.sub(odd2),
        sum0.sub(odd3),
    ];
    let mut out = sums;
    for (out, sum) in out.iter_mut().zip(sums) {
        *out = sum.shifted_right::<PLACES>();
    }
    out
}
