//! From the 64 × 64 reduction to frequencies, hash, turned and mirrored hashes, and quality.

use std::sync::LazyLock;

use crate::Hash256;
use crate::blur::Grid64;

/// Rows 1 to 16 of the 64-point cosine transform.
static COSINES: LazyLock<[[f32; 64]; 16]> = LazyLock::new(|| {
    let scale = f64::from((2.0f64 / 64.0).sqrt() as f32);
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let angle = std::f64::consts::PI / 2.0 / 64.0 * (i + 1) as f64 * (2 * j + 1) as f64;
            (scale * angle.cos()) as f32
        })
    })
});

/// The same, transposed.
static COSINES_TURNED: LazyLock<[[f32; 16]; 64]> =
    LazyLock::new(|| std::array::from_fn(|j| std::array::from_fn(|i| COSINES[i][j])));

/// The 16 × 16 lowest frequencies of a picture, without the constant part.
///
/// Everything else follows from them, also the hashes of the picture turned or mirrored, at no further cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Frequencies([[f32; 16]; 16]);

/// A way of turning or mirroring a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// As stored.
    None,
    /// A quarter turn counter-clockwise.
    Rotate90,
    /// A half turn.
    Rotate180,
    /// A quarter turn clockwise.
    Rotate270,
    /// Top and bottom exchanged.
    FlipX,
    /// Left and right exchanged.
    FlipY,
    /// Mirrored at the main diagonal.
    FlipPlus1,
    /// Mirrored at the other diagonal.
    FlipMinus1,
}

impl Turn {
    /// All eight, in the order in which the reference lists them.
    pub const ALL: [Turn; 8] = [
        Turn::None,
        Turn::Rotate90,
        Turn::Rotate180,
        Turn::Rotate270,
        Turn::FlipX,
        Turn::FlipY,
        Turn::FlipPlus1,
        Turn::FlipMinus1,
    ];
}

impl Frequencies {
    pub(crate) fn of(grid: &Grid64) -> Self {
        let mut halfway = [[0.0f32; 64]; 16];
        for (row, cosines) in halfway.iter_mut().zip(COSINES.iter()) {
            for (weight, levels) in cosines.iter().zip(grid) {
                row.iter_mut()
                    .zip(levels)
                    .for_each(|(sum, level)| *sum += weight * level);
            }
        }
        let mut out = [[0.0f32; 16]; 16];
        for (row, from) in out.iter_mut().zip(&halfway) {
            for (value, cosines) in from.iter().zip(COSINES_TURNED.iter()) {
                row.iter_mut()
                    .zip(cosines)
                    .for_each(|(sum, cosine)| *sum += value * cosine);
            }
        }
        Self(out)
    }

    /// The hash: bit `16 i + j` is set where frequency (i, j) is above the median of all 256.
    pub fn hash(&self) -> Hash256 {
        let mut sorted: Vec<f32> = self.0.as_flattened().to_vec();
        // Of an even count the reference takes the lower of the two middle values.
        let (_, &mut median, _) = sorted.select_nth_unstable_by(127, f32::total_cmp);
        let mut words = [0u64; 4];
        for (k, &value) in self.0.as_flattened().iter().enumerate() {
            words[k / 64] |= u64::from(value > median) << (k % 64);
        }
        Hash256::from_words(words)
    }

    /// The frequencies of the picture turned or mirrored.
    #[must_use]
    pub fn turned(&self, turn: Turn) -> Self {
        let a = &self.0;
        let signed = |odd: usize, value: f32| if odd & 1 == 1 { value } else { -value };
        let at = |i: usize, j: usize| match turn {
            Turn::None => a[i][j],
            Turn::Rotate90 => signed(i, a[j][i]),
            Turn::Rotate180 => signed(i + j + 1, a[i][j]),
            Turn::Rotate270 => signed(j, a[j][i]),
            Turn::FlipX => signed(i, a[i][j]),
            Turn::FlipY => signed(j, a[i][j]),
            Turn::FlipPlus1 => a[j][i],
            Turn::FlipMinus1 => signed(i + j + 1, a[j][i]),
        };
        Self(std::array::from_fn(|i| std::array::from_fn(|j| at(i, j))))
    }

    /// The hashes of all eight turns, in the order of [`Turn::ALL`].
    pub fn dihedral(&self) -> [Hash256; 8] {
        Turn::ALL.map(|turn| self.turned(turn).hash())
    }
}

/// The reference's quality, 0 to 100: how much the neighbouring points of the reduction differ. Below 50 a
/// hash says little, and lists and look-ups leave it out.
pub(crate) fn quality(grid: &Grid64) -> u8 {
    let step = |u: f32, v: f32| (((u - v) * 100.0 / 255.0) as i32).unsigned_abs();
    let down = grid
        .iter()
        .zip(&grid[1..])
        .flat_map(|(a, b)| a.iter().zip(b));
    let across = grid.iter().flat_map(|row| row.iter().zip(&row[1..]));
    let sum: u32 = down.chain(across).map(|(&u, &v)| step(u, v)).sum();
    (sum / 90).min(100) as u8
}

/// Whether all points of the reduction lie within one grey level: then the frequencies are rounding noise.
pub(crate) fn is_flat(grid: &Grid64) -> bool {
    let levels = grid.as_flattened();
    let lowest = levels.iter().copied().fold(f32::INFINITY, f32::min);
    let highest = levels.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    highest - lowest < 1.0
}
