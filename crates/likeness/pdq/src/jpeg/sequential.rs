//! Pictures coded in one scan, block by block.

use super::entropy::{Bits, Block, Table};
use super::frame::{Frame, Reader, Scan};
use super::transform::{Eight, place};
use super::{Coded, Part};

/// Decodes the scan into the planes of `parts`.
#[inline(always)]
pub(super) fn decode<E: Eight>(
    reader: &Reader<'_>,
    scan: &Scan,
    frame: &Frame,
    coded: &Coded,
    parts: &mut [Part],
) -> Option<()> {
    if scan.components.len() != parts.len() || scan.band != (0, 63) || scan.places != (0, 0) {
        return None;
    }
    let mut tables: Vec<(&Table, &Table)> = Vec::new();
    for &(_, dc, ac) in &scan.components {
        tables.push((
            reader.dc.get(dc)?.as_deref()?,
            reader.ac.get(ac)?.as_deref()?,
        ));
    }
    let (across, down) = frame.units();
    let mut segment = 0;
    let mut bits = Bits::of(coded, 0)?;
    let mut before = [0i32; 3];
    let mut left = reader.restart;
    let mut block: Block = [0; 128];
    for y in 0..down {
        for x in 0..across {
            if reader.restart > 0 && left == 0 {
                (left, segment, before) = (reader.restart, segment + 1, [0; 3]);
                if !bits.is_sound() {
                    return None;
                }
                bits = Bits::of(coded, segment)?;
            }
            left = left.wrapping_sub(1);
            for ((part, &tables), before) in parts.iter_mut().zip(&tables).zip(&mut before) {
                unit::<E>(&mut bits, part, tables, before, (x, y), &mut block)?;
            }
        }
    }
    (bits.is_sound() && segment + 1 == coded.ends.len()).then_some(())
}

/// The blocks of one component in one unit.
#[inline(always)]
fn unit<E: Eight>(
    bits: &mut Bits<'_>,
    part: &mut Part,
    (dc, ac): (&Table, &Table),
    before: &mut i32,
    (x, y): (usize, usize),
    block: &mut Block,
) -> Option<()> {
    for row in 0..part.down {
        for column in 0..part.across {
            block[..64].fill(0);
            *before = before.wrapping_add(bits.difference(dc)?);
            block[0] = *before as i16;
            let last = bits.coefficients(ac, block)?;
            let at = (y * part.down + row) * 8 * part.stride + (x * part.across + column) * 8;
            let to = part.plane.get_mut(at..)?;
            place::<E>(
                block.first_chunk()?,
                last,
                &part.quantisers,
                to,
                part.stride,
            );
        }
    }
    Some(())
}
