//! The two-pass box filter ("Jarosz") and its reduction to 64 × 64, in one pass over the picture.
//!
//! The reference filters whole planes: rows, columns, rows, columns. Each filter is a running sum in `f32`, so
//! the order of additions decides the last bits of the result and has to be kept. Kept it is, but sixteen rows
//! are worked on side by side, transposed so that the sums along a row run across lanes; a ring holds just as
//! many filtered rows as the column window needs; and the second pass only emits the 64 columns and rows that
//! are looked at in the end.
//!
//! A box filter of width `full` has output `o` = mean of inputs `o - behind ..= o + ahead`, clipped at the ends.
//! In running form: at step `s`, add input `s`, subtract input `s - full`, emit output `s - ahead`. Inputs
//! outside the picture count as 0.0, which leaves every sum as it is.

use crate::lanes::{Divisor, Lanes};

/// The 64 × 64 reduction, by rows.
pub(crate) type Grid64 = [[f32; 64]; 64];

/// Rows and columns handled side by side.
const LANES: usize = 16;
/// Columns read from the source at a time.
pub(crate) const CHUNK: usize = 64;

/// Grey levels to filter, read row by row.
pub(crate) trait Source {
    /// Columns, at least 1.
    fn width(&self) -> usize;
    /// Rows, at least 1.
    fn height(&self) -> usize;
    /// Writes the grey levels of row `y` from column `x` on.
    fn fill<L: Lanes>(&self, y: usize, x: usize, to: &mut [f32]);
}

/// One direction of the box filter.
struct Window {
    /// Width at full extent.
    full: usize,
    /// Inputs after the output's own place.
    ahead: usize,
    /// How many inputs are in the window at each step.
    counts: Vec<Divisor>,
}

impl Window {
    /// The window the reference uses for `length` samples reduced to 64, with counts for `steps` steps.
    fn for_length(length: usize, steps: usize) -> Self {
        let full = length.div_ceil(128);
        let ahead = (full + 2) / 2 - 1;
        let count = |step: usize| {
            let last = step.min(length - 1);
            let first = (step + 1).saturating_sub(full);
            Divisor::of((last + 1).saturating_sub(first).max(1))
        };
        Self {
            full,
            ahead,
            counts: (0..steps).map(count).collect(),
        }
    }
}

/// `n` rounded up to whole lanes.
fn whole_lanes(n: usize) -> usize {
    n.div_ceil(LANES) * LANES
}

/// Where sample `k` of 64 is taken among `length`.
fn sample(k: usize, length: usize) -> usize {
    (2 * k + 1) * length / 128
}

/// Filters twice and reduces to 64 × 64. A source of exactly that size is copied, as the reference does.
#[inline(always)]
pub(crate) fn blur<L: Lanes, S: Source>(source: &S) -> Grid64 {
    let (width, height) = (source.width(), source.height());
    let mut grid = [[0.0; 64]; 64];
    if (width, height) == (64, 64) {
        for (y, row) in grid.iter_mut().enumerate() {
            source.fill::<L>(y, 0, row);
        }
        return grid;
    }
    let mut pass = Pass::new(width, height);
    for block in 0..pass.rows.counts.len() / LANES {
        pass.filter_rows::<L, S>(source, block);
        pass.filter_columns::<L>(block);
        pass.filter_rows_again::<L>(block);
    }
    pass.filter_columns_again(&mut grid);
    grid
}

/// The state of the filter between blocks of sixteen rows.
struct Pass {
    width: usize,
    height: usize,
    /// The filter along rows.
    columns: Window,
    /// The filter along columns.
    rows: Window,
    /// Width of a ring row: outputs plus `ahead`, in whole lanes.
    stride: usize,
    /// Sixteen rows, transposed, after `columns.full` columns of zeros.
    strip: Vec<[f32; LANES]>,
    /// The last rows of the first row filter.
    ring: Vec<f32>,
    /// Rows in the ring, a multiple of sixteen.
    ring_rows: usize,
    /// Running sums of the first column filter.
    sums: Vec<[f32; LANES]>,
    /// The 64 columns of each row after the second row filter.
    reduced: Vec<[f32; 64]>,
}

impl Pass {
    fn new(width: usize, height: usize) -> Self {
        let ahead = |length: usize| (length.div_ceil(128) + 2) / 2 - 1;
        let stride = whole_lanes(width + ahead(width));
        let columns = Window::for_length(width, stride);
        let rows = Window::for_length(height, whole_lanes(height + ahead(height)));
        let ring_rows = whole_lanes(rows.full + LANES);
        Self {
            width,
            height,
            strip: vec![[0.0; LANES]; columns.full + stride + columns.ahead],
            ring: vec![0.0; ring_rows * stride],
            ring_rows,
            sums: vec![[0.0; LANES]; stride / LANES],
            reduced: Vec::with_capacity(height),
            columns,
            rows,
            stride,
        }
    }

    /// Where the ring keeps row `row`.
    fn ring_row(&self, row: usize) -> usize {
        row % self.ring_rows * self.stride
    }

    /// First filter along rows, of rows 16 block to 16 block + 15, into the ring.
    #[inline(always)]
    fn filter_rows<L: Lanes, S: Source>(&mut self, source: &S, block: usize) {
        let top = block * LANES;
        let target = self.ring_row(top);
        if top >= self.height {
            self.ring[target..][..LANES * self.stride].fill(0.0);
            return;
        }
        let full = self.columns.full;
        let mut grey = [0.0f32; LANES * CHUNK];
        let mut filtered = [0.0f32; LANES * CHUNK];
        let mut sum = L::load(&[0.0; LANES]);
        for x in (0..self.stride).step_by(CHUNK) {
            let length = CHUNK.min(self.stride - x);
            read_chunk::<L, S>(source, top, x, &mut grey);
            for part in (0..length).step_by(LANES) {
                let to = self.strip[full + x + part..][..LANES].as_flattened_mut();
                L::transpose(&grey[part..], CHUNK, to, LANES);
            }
            let entering = &self.strip[full + x..][..length];
            let leaving = &self.strip[x..][..length];
            let counts = &self.columns.counts[x..][..length];
            let (out, _) = filtered.as_chunks_mut::<LANES>();
            for (((enter, leave), &count), out) in entering.iter().zip(leaving).zip(counts).zip(out)
            {
                sum = sum.add(L::load(enter)).sub(L::load(leave));
                sum.divide(count).store(out);
            }
            for part in (0..length).step_by(LANES) {
                let to = &mut self.ring[target + x + part..][..(LANES - 1) * self.stride + LANES];
                L::transpose(&filtered[part * LANES..], LANES, to, self.stride);
            }
        }
    }

    /// First filter along columns, from the ring into the strip (transposed). Lane j is row
    /// 16 block + j - ahead.
    #[inline(always)]
    fn filter_columns<L: Lanes>(&mut self, block: usize) {
        let top = block * LANES;
        let (full, lead) = (self.rows.full, self.columns.full);
        let entering: [usize; LANES] = std::array::from_fn(|j| self.ring_row(top + j));
        // One turn of the ring is added so that rows before the first are found, still zero.
        let turns = (full / self.ring_rows + 1) * self.ring_rows;
        let leaving: [usize; LANES] =
            std::array::from_fn(|j| self.ring_row(top + j + turns - full));
        let counts = &self.rows.counts[top..][..LANES];
        let mut tile = [[0.0f32; LANES]; LANES];
        for (part, kept) in self.sums.iter_mut().enumerate() {
            let x = part * LANES;
            let mut sum = L::load(kept);
            for j in 0..LANES {
                let enter = sixteen(&self.ring, entering[j] + x);
                let leave = sixteen(&self.ring, leaving[j] + x);
                sum = sum.add(L::load(enter)).sub(L::load(leave));
                sum.divide(counts[j]).store(&mut tile[j]);
            }
            sum.store(kept);
            let to = self.strip[lead + x..][..LANES].as_flattened_mut();
            L::transpose(tile.as_flattened(), LANES, to, LANES);
        }
        // Beside the picture there are no outputs: the second row filter has to see zeros there.
        let ahead = self.columns.ahead;
        self.strip[lead..lead + ahead].fill([0.0; LANES]);
        self.strip[lead + ahead + self.width..].fill([0.0; LANES]);
    }

    /// Second filter along rows, from the strip; keeps 64 columns of each row that exists.
    #[inline(always)]
    fn filter_rows_again<L: Lanes>(&mut self, block: usize) {
        let (full, ahead) = (self.columns.full, self.columns.ahead);
        let mut kept = [[0.0f32; LANES]; 64];
        let mut sum = L::load(&[0.0; LANES]);
        let mut step = 0;
        for (k, out) in kept.iter_mut().enumerate() {
            let end = sample(k, self.width) + ahead + 1;
            if end > step {
                let entering = &self.strip[full + ahead + step..full + ahead + end];
                let leaving = &self.strip[ahead + step..ahead + end];
                for (enter, leave) in entering.iter().zip(leaving) {
                    sum = sum.add(L::load(enter)).sub(L::load(leave));
                }
                step = end;
            }
            sum.divide(self.columns.counts[step - 1]).store(out);
        }
        // Some lanes hold rows before the first or after the last of the picture.
        let (first, ahead, height) = (block * LANES, self.rows.ahead, self.height);
        let is_row = |lane: &usize| (ahead..ahead + height).contains(&(first + lane));
        let row = |lane: usize| std::array::from_fn(|k| kept[k][lane]);
        self.reduced.extend((0..LANES).filter(is_row).map(row));
    }

    /// Second filter along columns, of the 64 kept; keeps 64 rows.
    #[inline(always)]
    fn filter_columns_again(&self, grid: &mut Grid64) {
        let mut sums = [0.0f32; 64];
        let mut step = 0;
        for (k, out) in grid.iter_mut().enumerate() {
            let end = sample(k, self.height) + self.rows.ahead + 1;
            while step < end {
                if let Some(row) = self.reduced.get(step) {
                    sums.iter_mut()
                        .zip(row)
                        .for_each(|(sum, value)| *sum += value);
                }
                if let Some(row) = step
                    .checked_sub(self.rows.full)
                    .and_then(|at| self.reduced.get(at))
                {
                    sums.iter_mut()
                        .zip(row)
                        .for_each(|(sum, value)| *sum -= value);
                }
                step += 1;
            }
            *out = sums.map(|sum| sum / self.rows.counts[step - 1].value);
        }
    }
}

/// Sixteen numbers of `all` from `at` on; zeros where there are none.
#[inline(always)]
fn sixteen(all: &[f32], at: usize) -> &[f32; LANES] {
    all.get(at..)
        .and_then(|rest| rest.first_chunk())
        .unwrap_or(&[0.0; LANES])
}

/// Reads columns `x` to `x + CHUNK` of sixteen rows from `top` on; zeros outside the picture.
#[inline(always)]
fn read_chunk<L: Lanes, S: Source>(
    source: &S,
    top: usize,
    x: usize,
    grey: &mut [f32; LANES * CHUNK],
) {
    let inside = source.width().saturating_sub(x).min(CHUNK);
    for (j, row) in grey.chunks_exact_mut(CHUNK).enumerate() {
        let (read, beside) = row.split_at_mut(inside);
        if top + j >= source.height() {
            read.fill(0.0);
        } else if inside > 0 {
            source.fill::<L>(top + j, x, read);
        }
        beside.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Portable;
    use crate::plain::{Plane, plain_blur};
    use proptest::prelude::*;

    fn drawn(width: usize, height: usize, seed: u32) -> Plane {
        let mut state = seed | 1;
        let levels = (0..width * height)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                (state % 255_000) as f32 / 1000.0
            })
            .collect();
        Plane {
            width,
            height,
            levels,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn the_fast_filter_gives_the_bits_of_the_plain_one(width in 5usize..700, height in 5usize..700, seed: u32) {
            let plane = drawn(width, height, seed);
            let expected = plain_blur(&plane);
            prop_assert_eq!(blur::<Portable, _>(&plane), expected);
            #[cfg(target_arch = "x86_64")]
            if let Some(avx2) = crate::avx2::Avx2Fma::detect() {
                prop_assert_eq!(avx2.blur(&plane), expected);
            }
        }
    }

    #[test]
    fn very_long_and_very_wide_pictures_are_filtered_as_the_plain_filter_does() {
        for (width, height) in [
            (5, 9_000),
            (9_000, 5),
            (64, 64),
            (64, 65),
            (4_096, 17),
            (5, 5),
        ] {
            let plane = drawn(width, height, 7);
            assert_eq!(
                blur::<Portable, _>(&plane),
                plain_blur(&plane),
                "{width} x {height}"
            );
        }
    }
}
