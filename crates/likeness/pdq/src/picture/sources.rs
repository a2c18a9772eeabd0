//! A picture's grey levels, as each definition of the hash sees them.

use super::{Picture, Pixels};
use crate::blur::{CHUNK, Source};
use crate::jpeg::Planes;
use crate::lanes::{Lanes, weighted};

/// The side to which the second definition reduces larger pictures.
pub(super) const REDUCED_SIDE: usize = 512;

/// How many pixels ahead of those in use the next are asked for: sixteen rows are read side by side, which the
/// processor does not foresee.
const AHEAD: usize = 192;

/// Grey bytes.
pub(super) struct Grey<'a> {
    pub width: usize,
    pub height: usize,
    pub bytes: &'a [u8],
}

impl Source for Grey<'_> {
    fn width(&self) -> usize {
        self.width
    }

    fn height(&self) -> usize {
        self.height
    }

    #[inline(always)]
    fn fill<L: Lanes>(&self, y: usize, x: usize, to: &mut [f32]) {
        let from = &self.bytes[y * self.width + x..][..to.len()];
        to.iter_mut()
            .zip(from)
            .for_each(|(to, &grey)| *to = f32::from(grey));
    }
}

/// Interleaved red, green and blue bytes.
pub(super) struct Rgb<'a> {
    pub width: usize,
    pub height: usize,
    pub bytes: &'a [u8],
}

impl Source for Rgb<'_> {
    fn width(&self) -> usize {
        self.width
    }

    fn height(&self) -> usize {
        self.height
    }

    #[inline(always)]
    fn fill<L: Lanes>(&self, y: usize, x: usize, to: &mut [f32]) {
        let at = 3 * (y * self.width + x);
        for line in [0, 64, 128] {
            L::ask_for(self.bytes, at + 3 * AHEAD + line);
        }
        let from = &self.bytes[at..][..3 * to.len()];
        L::luma(from, to);
    }
}

/// Grey levels in the first plane.
pub(super) struct GreyPlane<'a>(pub &'a Planes);

impl Source for GreyPlane<'_> {
    fn width(&self) -> usize {
        self.0.width
    }

    fn height(&self) -> usize {
        self.0.height
    }

    #[inline(always)]
    fn fill<L: Lanes>(&self, y: usize, x: usize, to: &mut [f32]) {
        let from = &self.0.full[0][y * self.0.stride + x..][..to.len()];
        to.iter_mut()
            .zip(from)
            .for_each(|(to, &grey)| *to = f32::from(grey));
    }
}

/// Luma and colours in three planes.
pub(super) struct Colours<'a>(pub &'a Planes);

impl Source for Colours<'_> {
    fn width(&self) -> usize {
        self.0.width
    }

    fn height(&self) -> usize {
        self.0.height
    }

    #[inline(always)]
    fn fill<L: Lanes>(&self, y: usize, x: usize, to: &mut [f32]) {
        let from = y * self.0.stride + x;
        let planes = self.0.full.each_ref();
        for plane in planes {
            L::ask_for(plane, from + AHEAD);
        }
        L::luma_of_planes(planes.map(|plane| &plane[from..][..to.len()]), to);
    }
}

/// The picture as the C++ file tool sees it: at most 512 × 512, weighted in `f32`.
pub(super) struct Nearest<'a> {
    picture: &'a Picture<'a>,
    /// The column of the picture for each column.
    columns: Vec<usize>,
    /// The row of the picture for each row.
    rows: Vec<usize>,
    /// Whether these are not simply all.
    is_reduced: bool,
}

impl<'a> Nearest<'a> {
    pub(super) fn of(picture: &'a Picture<'a>) -> Self {
        let (width, height) = (picture.width, picture.height);
        let is_reduced = width.max(height) > REDUCED_SIDE;
        let places = |length: usize| -> Vec<usize> {
            if !is_reduced {
                return (0..length).collect();
            }
            (0..REDUCED_SIDE)
                .map(|k| k * length / REDUCED_SIDE)
                .collect()
        };
        Self {
            picture,
            columns: places(width),
            rows: places(height),
            is_reduced,
        }
    }
}

impl Source for Nearest<'_> {
    fn width(&self) -> usize {
        self.columns.len()
    }

    fn height(&self) -> usize {
        self.rows.len()
    }

    #[inline(always)]
    fn fill<L: Lanes>(&self, y: usize, x: usize, to: &mut [f32]) {
        let row = self.rows[y] * self.picture.width;
        let columns = &self.columns[x..][..to.len()];
        match &self.picture.pixels {
            Pixels::Grey(bytes) => {
                let row = &bytes[row..][..self.picture.width];
                to.iter_mut()
                    .zip(columns)
                    .for_each(|(to, &at)| *to = f32::from(row[at]));
            }
            Pixels::Rgb(bytes) => {
                let (row, _) = bytes[3 * row..][..3 * self.picture.width].as_chunks::<3>();
                for (to, &at) in to.iter_mut().zip(columns) {
                    *to = weighted(row[at]);
                }
            }
            Pixels::Planes(planes) => {
                let rows = planes.full.each_ref().map(|plane| {
                    let start = self.rows[y] * planes.stride;
                    let end = (start + planes.stride).min(plane.len());
                    plane.get(start..end).unwrap_or_default()
                });
                if planes.is_grey {
                    let levels = to.iter_mut().zip(columns);
                    return levels.for_each(|(to, &at)| *to = f32::from(rows[0][at]));
                }
                if !self.is_reduced {
                    let rows = rows.map(|row| &row[x..][..to.len()]);
                    return L::weighted_of_planes(rows, to);
                }
                for (to, columns) in to.chunks_mut(CHUNK).zip(columns.chunks(CHUNK)) {
                    let mut taken = [[0; CHUNK]; 3];
                    for (taken, row) in taken.iter_mut().zip(rows) {
                        let pairs = taken.iter_mut().zip(columns);
                        pairs.for_each(|(taken, &at)| *taken = row[at]);
                    }
                    L::weighted_of_planes(taken.each_ref().map(|all| &all[..to.len()]), to);
                }
            }
        }
    }
}
