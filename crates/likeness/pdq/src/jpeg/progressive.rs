//! Pictures coded in many scans, each of some coefficients of some components to some binary place.

use super::entropy::{Bits, Table};
use super::frame::{Frame, Reader, Scan, ZIGZAG};
use super::transform::{Eight, place};
use super::{Coded, Part};

/// The coefficients of one component, by blocks.
struct Collected {
    blocks: Vec<[i16; 64]>,
    /// Blocks of a row.
    stride: usize,
    /// Blocks across and down that a scan of this component alone has.
    alone: (usize, usize),
    /// For each coefficient, the binary places that are still missing; 255 if it was never coded.
    missing: [u8; 64],
}

/// What runs on from block to block.
struct Run<'a> {
    bits: Bits<'a>,
    /// Blocks that end without a further code.
    ended: u32,
    before: [i32; 3],
}

/// Decodes this and all further scans, then transforms.
#[inline(always)]
pub(super) fn decode<E: Eight>(
    reader: &mut Reader<'_>,
    first: Scan,
    frame: &Frame,
    coded: &mut Coded,
    parts: &mut [Part],
) -> Option<()> {
    let collected = |at: usize| {
        let ((columns, rows), shown) = (frame.coded_size(at), frame.shown_size(at));
        Collected {
            blocks: vec![[0; 64]; columns / 8 * (rows / 8)],
            stride: columns / 8,
            alone: (shown.0.div_ceil(8), shown.1.div_ceil(8)),
            missing: [255; 64],
        }
    };
    let mut all: Vec<Collected> = (0..parts.len()).map(collected).collect();
    let mut next = Some(first);
    // More scans than coefficients have binary places say nothing new and cost time.
    for _ in 0..200 {
        let Some(scan) = next else { break };
        one_scan(reader, &scan, frame, coded, &mut all, parts)?;
        next = reader.scan(frame, coded)?;
    }
    // Of what is not complete, libjpeg guesses the rest.
    let is_whole = all.iter().all(|one| one.missing == [0; 64]);
    if next.is_some() || !is_whole {
        return None;
    }
    for (part, one) in parts.iter_mut().zip(&all) {
        for (number, block) in one.blocks.iter().enumerate() {
            let at = number / one.stride * 8 * part.stride + number % one.stride * 8;
            place::<E>(
                block,
                63,
                &part.quantisers,
                part.plane.get_mut(at..)?,
                part.stride,
            );
        }
    }
    Some(())
}

/// Decodes one scan into the coefficients.
#[inline(always)]
fn one_scan(
    reader: &Reader<'_>,
    scan: &Scan,
    frame: &Frame,
    coded: &Coded,
    all: &mut [Collected],
    parts: &[Part],
) -> Option<()> {
    note_places(scan, all)?;
    let alone = match scan.components[..] {
        [(at, ..)] => Some(at),
        _ => None,
    };
    let (across, down) = alone.map_or(frame.units(), |at| all[at].alone);
    let mut run = Run {
        bits: Bits::of(coded, 0)?,
        ended: 0,
        before: [0; 3],
    };
    let (mut segment, mut left) = (0, reader.restart);
    for number in 0..across * down {
        if reader.restart > 0 && left == 0 {
            (left, segment) = (reader.restart, segment + 1);
            if !run.bits.is_sound() {
                return None;
            }
            let bits = Bits::of(coded, segment)?;
            run = Run {
                bits,
                ended: 0,
                before: [0; 3],
            };
        }
        left = left.wrapping_sub(1);
        let (x, y) = (number % across, number / across);
        if let Some(at) = alone {
            let block = y * all[at].stride + x;
            one_block(reader, scan, 0, &mut run, all[at].blocks.get_mut(block)?)?;
            continue;
        }
        for (order, &(at, ..)) in scan.components.iter().enumerate() {
            let (across, down) = (parts[at].across, parts[at].down);
            for inner in 0..across * down {
                let (x, y) = (x * across + inner % across, y * down + inner / across);
                let block = y * all[at].stride + x;
                one_block(
                    reader,
                    scan,
                    order,
                    &mut run,
                    all[at].blocks.get_mut(block)?,
                )?;
            }
        }
    }
    (run.bits.is_sound() && segment + 1 == coded.ends.len()).then_some(())
}

/// Notes what the scan makes known; none if it does not follow from what was known.
fn note_places(scan: &Scan, all: &mut [Collected]) -> Option<()> {
    let ((first, last), (known, missing)) = (scan.band, scan.places);
    let is_one_kind = first > 0 || last == 0;
    let is_refined = known > 0;
    if !is_one_kind
        || first > last
        || last > 63
        || missing > 13
        || is_refined && known != missing + 1
        || first > 0 && scan.components.len() != 1
    {
        return None;
    }
    for &(at, ..) in &scan.components {
        for place in &mut all[at].missing[first..=last] {
            let expected = if is_refined { known as u8 } else { 255 };
            if *place != expected {
                return None;
            }
            *place = missing as u8;
        }
    }
    Some(())
}

/// What the scan says of one block.
#[inline(always)]
fn one_block(
    reader: &Reader<'_>,
    scan: &Scan,
    order: usize,
    run: &mut Run<'_>,
    block: &mut [i16; 64],
) -> Option<()> {
    let (_, dc, ac) = scan.components[order];
    let (known, missing) = scan.places;
    let bit = 1i16 << missing;
    run.bits.refill();
    match (scan.band.0, known) {
        (0, 0) => {
            let table = reader.dc.get(dc)?.as_deref()?;
            let before = &mut run.before[order];
            *before = before.wrapping_add(run.bits.difference(table)?);
            block[0] = (*before as i16).wrapping_shl(missing);
        }
        (0, _) => {
            if run.bits.take(1) == 1 {
                block[0] |= bit;
            }
        }
        (_, 0) => first_pass(reader.ac.get(ac)?.as_deref()?, scan, run, block)?,
        _ => refine(reader.ac.get(ac)?.as_deref()?, scan, run, block, bit)?,
    }
    Some(())
}

/// Coefficients for the first time.
#[inline(always)]
fn first_pass(table: &Table, scan: &Scan, run: &mut Run<'_>, block: &mut [i16; 64]) -> Option<()> {
    if run.ended > 0 {
        run.ended -= 1;
        return Some(());
    }
    let (mut at, last) = scan.band;
    while at <= last {
        run.bits.refill();
        let symbol = run.bits.symbol(table)?;
        let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size > 0 {
            at += zeros as usize;
            let value = run.bits.number(size) as i16;
            block[usize::from(*ZIGZAG.get(at)?)] = value.wrapping_shl(scan.places.1);
            at += 1;
        } else if zeros == 15 {
            at += 16;
        } else {
            run.ended = (1 << zeros) - 1 + run.bits.take(zeros);
            break;
        }
    }
    Some(())
}

/// One more binary place of coefficients that are known, and new ones among them.
#[inline(always)]
fn refine(
    table: &Table,
    scan: &Scan,
    run: &mut Run<'_>,
    block: &mut [i16; 64],
    bit: i16,
) -> Option<()> {
    let (mut at, last) = scan.band;
    while run.ended == 0 && at <= last {
        run.bits.refill();
        let symbol = run.bits.symbol(table)?;
        let (mut zeros, size) = (u32::from(symbol >> 4), symbol & 15);
        let value = match size {
            0 if zeros < 15 => {
                run.ended = (1 << zeros) + run.bits.take(zeros);
                break;
            }
            0 => 0,
            1 if run.bits.take(1) == 1 => bit,
            1 => -bit,
            _ => return None,
        };
        while at <= last {
            let own = &mut block[usize::from(ZIGZAG[at])];
            if *own == 0 {
                if zeros == 0 {
                    break;
                }
                zeros -= 1;
            } else {
                correct(&mut run.bits, own, bit);
            }
            at += 1;
        }
        if value != 0 {
            block[usize::from(*ZIGZAG.get(at)?)] = value;
        }
        at += 1;
    }
    if run.ended > 0 {
        run.ended -= 1;
        for &place in ZIGZAG.get(at..=last).unwrap_or_default() {
            let own = &mut block[usize::from(place)];
            if *own != 0 {
                correct(&mut run.bits, own, bit);
            }
        }
    }
    Some(())
}

/// Adds a binary place to a coefficient that is known if the next bit says so.
#[inline(always)]
fn correct(bits: &mut Bits<'_>, own: &mut i16, bit: i16) {
    bits.refill();
    if bits.take(1) == 1 && *own & bit == 0 {
        *own = own.wrapping_add(if *own > 0 { bit } else { -bit });
    }
}
