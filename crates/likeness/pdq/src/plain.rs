//! The filter as the reference writes it, for tests: whole planes, one sample after the other.

use crate::blur::{Grid64, Source};
use crate::lanes::Lanes;

/// A plane of grey levels.
#[derive(Clone, Debug)]
pub(crate) struct Plane {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Grey levels by rows.
    pub levels: Vec<f32>,
}

impl Source for Plane {
    fn width(&self) -> usize {
        self.width
    }

    fn height(&self) -> usize {
        self.height
    }

    fn fill<L: Lanes>(&self, y: usize, x: usize, to: &mut [f32]) {
        to.copy_from_slice(&self.levels[y * self.width + x..][..to.len()]);
    }
}

/// Filters twice along rows and columns and takes 64 × 64 samples.
pub(crate) fn plain_blur(plane: &Plane) -> Grid64 {
    let (width, height) = (plane.width, plane.height);
    let mut levels = plane.levels.clone();
    let mut spare = levels.clone();
    if (width, height) != (64, 64) {
        for _ in 0..2 {
            for y in 0..height {
                plain_box(&levels, &mut spare, y * width, width, 1);
            }
            for x in 0..width {
                plain_box(&spare, &mut levels, x, height, width);
            }
        }
    }
    let place = |k: usize, length: usize| ((k as f64 + 0.5) * length as f64 / 64.0) as usize;
    std::array::from_fn(|i| {
        std::array::from_fn(|j| levels[place(i, height) * width + place(j, width)])
    })
}

/// The running mean of `length` samples that lie `stride` apart from `start` on.
fn plain_box(from: &[f32], to: &mut [f32], start: usize, length: usize, stride: usize) {
    let full = length.div_ceil(128);
    let half = (full + 2) / 2;
    let at = |index: usize| start + index * stride;
    let (mut sum, mut count, mut left, mut right, mut out) = (0.0f32, 0usize, 0, 0, 0);
    for phase in [half - 1, full - half + 1, length - full, half - 1]
        .into_iter()
        .enumerate()
    {
        for _ in 0..phase.1 {
            if phase.0 < 3 {
                sum += from[at(right)];
                right += 1;
                count += 1;
            }
            if phase.0 > 1 {
                sum -= from[at(left)];
                left += 1;
                count -= 1;
            }
            if phase.0 > 0 {
                to[at(out)] = sum / count as f32;
                out += 1;
            }
        }
    }
}
