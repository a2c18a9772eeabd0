//! Huffman codes, and the bits they are read from.

use super::Coded;
use super::frame::ZIGZAG;

/// Bits looked at together.
const LOOK: u32 = 10;
/// In an entry of [`Table::ac`]: more bits follow than were looked at.
const EXTRA: u32 = 0x80;
/// In an entry of [`Table::ac`]: the code is longer than what was looked at.
const LONG: u32 = 0x40;
/// Steps that lead behind every coefficient: the block ends.
const END: u32 = 128;

/// One table of codes.
#[derive(Debug)]
pub(super) struct Table {
    /// For the next ten bits: length of the code and symbol; 0 if it is longer.
    symbols: [u16; 1 << LOOK],
    /// For the next ten bits, as coefficients: bits to pass over and flags (8 bits), steps (8), value (16).
    ac: [u32; 1 << LOOK],
    /// For each length, where longer codes begin, in 16 bits.
    limits: [u32; 17],
    /// For each length, from the code to its place among the symbols.
    offsets: [i32; 17],
    values: [u8; 256],
}

/// The number that `size` bits after a symbol stand for.
#[inline(always)]
fn extended(bits: u32, size: u32) -> i32 {
    let is_negative = bits >> (size - 1) == 0;
    bits as i32 - if is_negative { (1 << size) - 1 } else { 0 }
}

impl Table {
    /// None if there are more codes than their lengths allow.
    pub(super) fn of(counts: &[u8; 16], given: &[u8]) -> Option<Box<Self>> {
        let mut table = Box::new(Self {
            symbols: [0; 1 << LOOK],
            ac: [LONG; 1 << LOOK],
            limits: [0; 17],
            offsets: [0; 17],
            values: [0; 256],
        });
        table.values.get_mut(..given.len())?.copy_from_slice(given);
        let (mut code, mut at) = (0u32, 0usize);
        for (&count, length) in counts.iter().zip(1u32..) {
            table.offsets[length as usize] = at as i32 - code as i32;
            for &symbol in given.get(at..at + usize::from(count))? {
                if code >> length > 0 {
                    return None;
                }
                if length <= LOOK {
                    let first = (code << (LOOK - length)) as usize;
                    table.fill(first, length, symbol);
                }
                code += 1;
            }
            at += usize::from(count);
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Some(table)
    }

    /// Enters a code of up to ten bits at all places that begin with it.
    fn fill(&mut self, first: usize, length: u32, symbol: u8) {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        for place in first..first + (1 << (LOOK - length)) {
            self.symbols[place] = (length as u16) << 8 | u16::from(symbol);
            self.ac[place] = if size == 0 {
                length | if run == 15 { 16 } else { END } << 8
            } else if length + size <= LOOK {
                let bits = place as u32 >> (LOOK - length - size) & ((1 << size) - 1);
                (length + size) | (run + 1) << 8 | (extended(bits, size) as u32) << 16
            } else {
                length | EXTRA | (run + 1) << 8 | size << 16
            };
        }
    }
}

/// Bits of one part of a scan.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    /// The next bits, highest first.
    next: u64,
    /// How many of them are read.
    count: u32,
}

impl<'a> Bits<'a> {
    /// The bits of the given part between restart markers.
    pub(super) fn of(coded: &'a Coded, part: usize) -> Option<Self> {
        let at = match part {
            0 => 0,
            _ => *coded.ends.get(part - 1)?,
        };
        Some(Self {
            bytes: &coded.bytes,
            at,
            end: *coded.ends.get(part)?,
            next: 0,
            count: 0,
        })
    }

    /// Whether no more was used than there is.
    pub(super) fn is_sound(&self) -> bool {
        self.at * 8 <= self.end * 8 + self.count as usize
    }

    /// Makes at least 32 bits ready.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if self.count < 32 {
            let eight = self
                .bytes
                .get(self.at..)
                .and_then(|rest| rest.first_chunk());
            self.next |= eight.map_or(0, |bytes| u64::from_be_bytes(*bytes)) >> self.count;
            self.at += ((63 - self.count) >> 3) as usize;
            self.count |= 56;
        }
    }

    #[inline(always)]
    fn pass(&mut self, bits: u32) {
        self.next <<= bits;
        self.count -= bits;
    }

    /// The next bits, up to 16 of those made ready.
    #[inline(always)]
    pub(super) fn take(&mut self, bits: u32) -> u32 {
        // In two shifts, since one by 64 has no meaning.
        let value = (self.next >> 32 >> (32 - bits)) as u32;
        self.pass(bits);
        value
    }

    /// The number of `size` bits, up to 16 of those made ready.
    #[inline(always)]
    pub(super) fn number(&mut self, size: u32) -> i32 {
        if size == 0 {
            return 0;
        }
        let bits = self.take(size);
        extended(bits, size)
    }

    /// The next symbol, from 16 bits made ready.
    #[inline(always)]
    pub(super) fn symbol(&mut self, table: &Table) -> Option<u8> {
        let entry = table.symbols[(self.next >> (64 - LOOK)) as usize];
        if entry == 0 {
            let (length, symbol) = table.long_symbol(self.next)?;
            self.pass(length);
            return Some(symbol);
        }
        self.pass(u32::from(entry >> 8));
        Some(entry as u8)
    }

    /// The difference of a block's first coefficient from the one before.
    #[inline(always)]
    pub(super) fn difference(&mut self, table: &Table) -> Option<i32> {
        self.refill();
        let size = u32::from(self.symbol(table)?);
        (size <= 15).then(|| self.number(size))
    }

    /// The other coefficients of a block of zeros. Returns the place of the last in coded order, or 0.
    #[inline(always)]
    pub(super) fn coefficients(&mut self, table: &Table, block: &mut Block) -> Option<u32> {
        // By itself it stays in registers, which `self` does not.
        let (mut next, mut count, mut from) = (self.next, self.count, self.at);
        let mut at = 0u32;
        loop {
            if count < 32 {
                let eight = self.bytes.get(from..).and_then(|rest| rest.first_chunk());
                next |= eight.map_or(0, |bytes| u64::from_be_bytes(*bytes)) >> count;
                from += ((63 - count) >> 3) as usize;
                count |= 56;
            }
            let entry = table.ac[(next >> (64 - LOOK)) as usize];
            let (used, steps, value) = if entry & (EXTRA | LONG) == 0 {
                (entry & 0x3F, entry >> 8 & 0xFF, (entry >> 16) as i16)
            } else {
                table.long_coefficient(next, entry)?
            };
            next <<= used;
            count -= used;
            let before = at;
            at += steps;
            block[usize::from(PLACES[(at & 0xFF) as usize]) & 127] = value;
            if at >= 63 {
                (self.next, self.count, self.at) = (next, count, from);
                return match at {
                    63 => Some(63),
                    END.. => Some(before),
                    _ => None,
                };
            }
        }
    }
}

impl Table {
    /// Length and symbol of a code of more than ten bits.
    fn long_symbol(&self, next: u64) -> Option<(u32, u8)> {
        let ahead = (next >> 48) as u32;
        let length = (LOOK + 1..=16).find(|&length| ahead < self.limits[length as usize])?;
        let place = (ahead >> (16 - length)) as i32 + self.offsets[length as usize];
        let symbol = self.values.get(usize::try_from(place).ok()?)?;
        Some((length, *symbol))
    }

    /// Bits, steps and value of a coefficient that ten bits do not tell.
    #[inline(never)]
    fn long_coefficient(&self, next: u64, entry: u32) -> Option<(u32, u32, i16)> {
        let (length, run, size) = if entry & LONG == 0 {
            (entry & 0x3F, (entry >> 8 & 0xFF) - 1, entry >> 16)
        } else {
            let (length, symbol) = self.long_symbol(next)?;
            (length, u32::from(symbol >> 4), u32::from(symbol & 15))
        };
        match (run, size) {
            (15, 0) => Some((length, 16, 0)),
            (_, 0) => Some((length, END, 0)),
            _ => {
                let bits = (next << length >> 32 >> (32 - size)) as u32;
                Some((length + size, run + 1, extended(bits, size) as i16))
            }
        }
    }
}

/// Coefficients by rows, and room for what lies behind them.
pub(super) type Block = [i16; 128];

/// Where each coefficient belongs; what lies behind the last goes to a place behind the block.
static PLACES: [u8; 256] = {
    let mut places = [64; 256];
    let mut at = 0;
    while at < 64 {
        places[at] = ZIGZAG[at];
        at += 1;
    }
    places
};
