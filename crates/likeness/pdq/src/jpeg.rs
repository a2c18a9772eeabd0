//! The common kinds of JPEG, decoded to the pixels that libjpeg-turbo gives.
//!
//! The peers' hashes are made from libjpeg-turbo's pixels. Another decoder's differ by a grey level here and there,
//! and by several where colours were stored at half size, which moves bits of the hash. What that library computes
//! is settled by whole-number arithmetic (its accurate inverse cosine transform, its triangle filter for colours of
//! half size, its tables of colours), so the same is computed here, with the same result in every pixel. And the
//! hash needs no red, green and blue in memory: grey levels are made from the decoded planes.
//!
//! Only sound pictures are decoded: grey, or luma and two colours, 8 bits, Huffman-coded in one scan or
//! progressively. Whatever is unusual or damaged is left to the general decoder (see `crate::decode`), which also
//! finds the words for what is wrong.

mod entropy;
mod frame;
mod progressive;
mod sequential;
mod transform;
mod upsample;

pub(crate) use frame::{Frame, Reader};
pub(crate) use transform::{Eight, PortableEight};

/// A decoded picture, and what a decoder keeps from one picture to the next: fresh memory is slow the first time it
/// is touched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Planes {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Bytes of a row of each plane, at least the columns.
    pub stride: usize,
    /// Whether there is only the first plane.
    pub is_grey: bool,
    /// Luma and, unless the picture is grey, blueness and redness of every pixel.
    pub full: [Vec<u8>; 3],
    /// Colours as stored, where that is at smaller size.
    small: [Vec<u8>; 3],
    coded: Coded,
}

/// The coded bytes of a scan without what tells them from markers.
#[derive(Clone, Debug, Default)]
struct Coded {
    /// The bytes, and some zeros.
    bytes: Vec<u8>,
    /// Where each part between two restart markers ends.
    ends: Vec<usize>,
}

/// One component while it is decoded.
struct Part {
    plane: Vec<u8>,
    stride: usize,
    /// Blocks of each unit of the scan across and down.
    across: usize,
    down: usize,
    quantisers: [i16; 64],
}

/// Bytes of memory for each pixel: three planes, and up to two of colours as stored.
const SEQUENTIAL: u64 = 5;
/// The same with the coefficients that a progressive picture collects.
const PROGRESSIVE: u64 = 11;

impl Planes {
    /// Decodes a picture whose sides and memory are within the limits. None if it is not of the kinds above; what
    /// was here before is lost then.
    pub(crate) fn decode(&mut self, bytes: &[u8], side: u32, memory: u64) -> Option<()> {
        let mut reader = Reader::new(bytes)?;
        let frame = reader.frame()?;
        let (width, height) = (frame.width as u64, frame.height as u64);
        let each = if frame.is_progressive {
            PROGRESSIVE
        } else {
            SEQUENTIAL
        };
        // Whole blocks are decoded, mostly of 16 by 16 pixels.
        let needed = (width + 31) * (height + 31) * each + bytes.len() as u64;
        if width.max(height) > u64::from(side) || needed > memory {
            return None;
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = crate::avx2::Avx2Fma::detect() {
            return avx2.fill_planes(self, reader, &frame);
        }
        self.fill::<PortableEight>(reader, &frame)
    }

    /// Decodes all scans and brings every plane to full size.
    #[inline(always)]
    pub(crate) fn fill<E: Eight>(&mut self, mut reader: Reader<'_>, frame: &Frame) -> Option<()> {
        (self.width, self.height) = (frame.width, frame.height);
        (self.stride, self.is_grey) = (frame.stride(), frame.components.len() == 1);
        let scan = reader.scan(frame, &mut self.coded)??;
        let mut parts = self.parts(&reader, frame)?;
        if frame.is_progressive {
            progressive::decode::<E>(&mut reader, scan, frame, &mut self.coded, &mut parts)?;
        } else {
            sequential::decode::<E>(&reader, &scan, frame, &self.coded, &mut parts)?;
        }
        for (at, part) in parts.into_iter().enumerate() {
            if frame.is_small(at) {
                sized(&mut self.full[at], self.stride * self.height);
                upsample::enlarge(&part.plane, &mut self.full[at], frame, at)?;
                self.small[at] = part.plane;
            } else {
                self.full[at] = part.plane;
            }
        }
        Some(())
    }

    /// The components, with planes of their coded sizes. Of earlier pictures nothing remains to be seen, since every
    /// block is decoded.
    fn parts(&mut self, reader: &Reader<'_>, frame: &Frame) -> Option<Vec<Part>> {
        let parts = frame.components.iter().enumerate().map(|(at, component)| {
            let (stride, rows) = frame.coded_size(at);
            let kept = if frame.is_small(at) {
                &mut self.small[at]
            } else {
                &mut self.full[at]
            };
            let mut plane = std::mem::take(kept);
            sized(&mut plane, stride * rows);
            Some(Part {
                plane,
                stride,
                across: component.across,
                down: component.down,
                quantisers: reader.quantisers(component.quantisers)?,
            })
        });
        parts.collect()
    }

    /// Red, green and blue of all pixels, by rows; the grey levels only if the picture is grey.
    pub(crate) fn interleaved(&self) -> Vec<u8> {
        let row = |plane: usize, y: usize| &self.full[plane][y * self.stride..][..self.width];
        if self.is_grey {
            return (0..self.height).flat_map(|y| row(0, y)).copied().collect();
        }
        let mut out = Vec::with_capacity(self.width * self.height * 3);
        for y in 0..self.height {
            let pixels = row(0, y).iter().zip(row(1, y)).zip(row(2, y));
            out.extend(pixels.flat_map(|((&y, &cb), &cr)| rgb_of(y, cb, cr)));
        }
        out
    }
}

/// Gives a vector its length without touching what it has.
fn sized(bytes: &mut Vec<u8>, length: usize) {
    if length > bytes.capacity() {
        // Freed before the larger one is had, and nothing is copied over.
        *bytes = Vec::new();
    }
    bytes.resize(length, 0);
}

/// Red, green and blue of one pixel, in sixteen binary places as libjpeg does.
#[inline(always)]
pub(crate) fn rgb_of(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let half = 1 << 15;
    let red = y + ((91_881 * cr + half) >> 16);
    let green = y + ((-22_554 * cb - 46_802 * cr + half) >> 16);
    let blue = y + ((116_130 * cb + half) >> 16);
    [red, green, blue].map(|level| level.clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests;
