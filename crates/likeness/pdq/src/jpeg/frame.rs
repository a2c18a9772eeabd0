//! Headers: what the picture is made of, and where its scans begin.

use super::Coded;
use super::entropy::Table;

/// Position in a block, by rows, of each coefficient in the order they are coded in.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// One component as the frame header describes it.
#[derive(Debug)]
pub(super) struct Component {
    id: u8,
    /// Blocks of a unit across.
    pub across: usize,
    /// Blocks of a unit down.
    pub down: usize,
    /// The number of its table of quantisers.
    pub quantisers: usize,
}

/// The frame header.
#[derive(Debug)]
pub(crate) struct Frame {
    pub width: usize,
    pub height: usize,
    pub is_progressive: bool,
    pub(super) components: Vec<Component>,
    /// The most blocks of a unit of any component, across and down.
    most: (usize, usize),
}

/// Which components and coefficients a scan holds.
#[derive(Debug)]
pub(super) struct Scan {
    /// Component, DC table and AC table.
    pub components: Vec<(usize, usize, usize)>,
    /// The first and the last coefficient.
    pub band: (usize, usize),
    /// Binary places known before, and missing after.
    pub places: (u32, u32),
}

/// Goes through the markers.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    quantisers: [Option<[i16; 64]>; 4],
    pub(super) dc: [Option<Box<Table>>; 4],
    pub(super) ac: [Option<Box<Table>>; 4],
    /// Units between two restart markers; 0 without.
    pub(super) restart: usize,
    has_jfif: bool,
    /// The colour transform that Adobe's marker names.
    adobe: Option<u8>,
}

impl Frame {
    /// Units of an interleaved scan across and down.
    pub(super) fn units(&self) -> (usize, usize) {
        (
            self.width.div_ceil(8 * self.most.0),
            self.height.div_ceil(8 * self.most.1),
        )
    }

    /// Bytes of a row of full size.
    pub(super) fn stride(&self) -> usize {
        self.units().0 * self.most.0 * 8
    }

    /// Columns and rows of all blocks of a component.
    pub(super) fn coded_size(&self, at: usize) -> (usize, usize) {
        let (component, (across, down)) = (&self.components[at], self.units());
        (across * component.across * 8, down * component.down * 8)
    }

    /// Columns and rows of a component that show something.
    pub(super) fn shown_size(&self, at: usize) -> (usize, usize) {
        let component = &self.components[at];
        (
            (self.width * component.across).div_ceil(self.most.0),
            (self.height * component.down).div_ceil(self.most.1),
        )
    }

    /// How many times a component has to be enlarged, across and down.
    pub(super) fn factors(&self, at: usize) -> (usize, usize) {
        let component = &self.components[at];
        (self.most.0 / component.across, self.most.1 / component.down)
    }

    /// Whether a component is stored at smaller size.
    pub(super) fn is_small(&self, at: usize) -> bool {
        self.factors(at) != (1, 1)
    }

    fn of(segment: &[u8], is_progressive: bool) -> Option<Self> {
        let [8, h1, h0, w1, w0, count, rest @ ..] = segment else {
            return None;
        };
        let (width, height) = (
            u16::from_be_bytes([*w1, *w0]),
            u16::from_be_bytes([*h1, *h0]),
        );
        if width == 0
            || height == 0
            || !matches!(count, 1 | 3)
            || rest.len() != usize::from(*count) * 3
        {
            return None;
        }
        let component = |[id, factors, table]: &[u8; 3]| Component {
            id: *id,
            across: usize::from(factors >> 4),
            down: usize::from(factors & 15),
            quantisers: usize::from(*table),
        };
        let mut components: Vec<_> = rest.as_chunks().0.iter().map(component).collect();
        if let [only] = &mut components[..] {
            // A lone component is coded block by block, whatever its factors say.
            (only.across, only.down) = (1, 1);
        }
        let most = (
            components.iter().map(|one| one.across).max()?,
            components.iter().map(|one| one.down).max()?,
        );
        let is_whole = |one: &Component| {
            (1..=4).contains(&one.across)
                && (1..=4).contains(&one.down)
                && most.0 % one.across == 0
                && most.1 % one.down == 0
        };
        // The general decoder reads the few whose luma is not of full size.
        let is_usual =
            components.iter().all(is_whole) && (components[0].across, components[0].down) == most;
        is_usual.then_some(Self {
            width: usize::from(width),
            height: usize::from(height),
            is_progressive,
            components,
            most,
        })
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        bytes.starts_with(&[0xFF, 0xD8, 0xFF]).then_some(Self {
            bytes,
            at: 2,
            quantisers: [None; 4],
            dc: Default::default(),
            ac: Default::default(),
            restart: 0,
            has_jfif: false,
            adobe: None,
        })
    }

    pub(super) fn quantisers(&self, table: usize) -> Option<[i16; 64]> {
        *self.quantisers.get(table)?
    }

    /// The next marker and what belongs to it; none at the end of the bytes or of sense.
    fn segment(&mut self) -> Option<(u8, &'a [u8])> {
        while self.bytes.get(self.at..self.at + 2)? == [0xFF, 0xFF] {
            self.at += 1;
        }
        let [0xFF, marker] = *self.bytes.get(self.at..)?.first_chunk()? else {
            return None;
        };
        self.at += 2;
        if marker == 0xD9 {
            return Some((marker, &[]));
        }
        let length = u16::from_be_bytes(*self.bytes.get(self.at..)?.first_chunk()?);
        let end = self.at + usize::from(length);
        let segment = self.bytes.get(self.at + 2..end)?;
        self.at = end;
        Some((marker, segment))
    }

    /// Reads up to the frame header.
    pub(super) fn frame(&mut self) -> Option<Frame> {
        let frame = loop {
            let (marker, segment) = self.segment()?;
            match marker {
                0xC0 | 0xC1 => break Frame::of(segment, false)?,
                0xC2 => break Frame::of(segment, true)?,
                _ => self.note(marker, segment)?,
            }
        };
        Some(frame)
    }

    /// Reads up to the next scan and takes its coded bytes over. `Some(None)` at the end of the picture.
    pub(super) fn scan(&mut self, frame: &Frame, coded: &mut Coded) -> Option<Option<Scan>> {
        let segment = loop {
            let (marker, segment) = self.segment()?;
            match marker {
                0xDA => break segment,
                0xD9 => return Some(None),
                _ => self.note(marker, segment)?,
            }
        };
        if frame.components.len() == 3 && !self.is_luma_and_colours(frame) {
            return None;
        }
        let (count, rest) = segment.split_first()?;
        let (parts, rest) = rest.split_at_checked(usize::from(*count) * 2)?;
        let [first, last, places] = *rest else {
            return None;
        };
        let component = |[id, tables]: &[u8; 2]| {
            let at = frame.components.iter().position(|one| one.id == *id)?;
            Some((at, usize::from(tables >> 4), usize::from(tables & 15)))
        };
        let components: Option<Vec<_>> = parts.as_chunks().0.iter().map(component).collect();
        let scan = Scan {
            components: components
                .filter(|all| !all.is_empty() && all.is_sorted_by_key(|one| one.0))?,
            band: (usize::from(first), usize::from(last)),
            places: (u32::from(places >> 4), u32::from(places & 15)),
        };
        self.at = coded.take(self.bytes, self.at)?;
        Some(Some(scan))
    }

    /// Whether the three components are luma, blueness and redness, by the rules of libjpeg.
    fn is_luma_and_colours(&self, frame: &Frame) -> bool {
        let ids: Vec<u8> = frame.components.iter().map(|one| one.id).collect();
        match self.adobe {
            _ if self.has_jfif => true,
            Some(transform) => transform == 1,
            None => ids[..] != *b"RGB",
        }
    }

    /// Remembers what a segment before a frame or scan says; none if it is not to be expected here.
    fn note(&mut self, marker: u8, segment: &[u8]) -> Option<()> {
        match marker {
            0xDB => self.note_quantisers(segment),
            0xC4 => self.note_codes(segment),
            0xDD => {
                self.restart = usize::from(u16::from_be_bytes(segment.try_into().ok()?));
                Some(())
            }
            0xE0 => {
                self.has_jfif |= segment.starts_with(b"JFIF\0");
                Some(())
            }
            0xEE => {
                if segment.starts_with(b"Adobe") {
                    self.adobe = segment.get(11).copied();
                }
                Some(())
            }
            0xE1..=0xEF | 0xFE => Some(()),
            _ => None,
        }
    }

    fn note_quantisers(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((&head, rest)) = segment.split_first() {
            let mut table = [0i16; 64];
            let size = if head >> 4 == 0 { 1 } else { 2 };
            let (values, rest) = rest.split_at_checked(64 * size)?;
            for (value, at) in values.chunks_exact(size).zip(ZIGZAG) {
                let value = value
                    .iter()
                    .fold(0, |sum, &byte| sum << 8 | u16::from(byte));
                table[usize::from(at)] = i16::try_from(value).ok()?;
            }
            *self.quantisers.get_mut(usize::from(head & 15))? = Some(table);
            segment = rest;
        }
        Some(())
    }

    fn note_codes(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((&head, rest)) = segment.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let many = counts.iter().map(|&count| usize::from(count)).sum();
            let (values, rest) = rest.split_at_checked(many)?;
            let tables = match head >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *tables.get_mut(usize::from(head & 15))? = Some(Table::of(counts, values)?);
            segment = rest;
        }
        Some(())
    }
}

impl Coded {
    /// Takes over the coded bytes from `at` on. Returns where the marker after them is.
    fn take(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        self.bytes.clear();
        self.ends.clear();
        loop {
            let rest = bytes.get(at..)?;
            let length = memchr::memchr(0xFF, rest)?;
            self.bytes.extend_from_slice(&rest[..length]);
            at += length;
            match *bytes.get(at + 1)? {
                0 => self.bytes.push(0xFF),
                0xFF => {
                    at += 1;
                    continue;
                }
                marker @ 0xD0..=0xD7 if usize::from(marker & 7) == self.ends.len() % 8 => {
                    self.ends.push(self.bytes.len());
                }
                0xD0..=0xD7 => return None,
                _ => break,
            }
            at += 2;
        }
        self.ends.push(self.bytes.len());
        self.bytes.extend_from_slice(&[0; 16]);
        Some(at)
    }
}
