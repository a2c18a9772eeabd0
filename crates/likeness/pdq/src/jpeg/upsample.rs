//! Colours of smaller size, enlarged as libjpeg does: by a triangle filter where it has one, otherwise by repetition.

use super::frame::Frame;

/// Enlarges a component to the size of the picture.
#[inline(always)]
pub(super) fn enlarge(plane: &[u8], full: &mut [u8], frame: &Frame, at: usize) -> Option<()> {
    let (stride, _) = frame.coded_size(at);
    let (columns, rows) = frame.shown_size(at);
    let (across, down) = frame.factors(at);
    let row = |number: usize| plane.get(number * stride..)?.get(..columns);
    // Three columns are the fewest that are filtered across.
    let is_filtered = (across, down) == (1, 2) || across == 2 && down <= 2 && columns > 2;
    let mut sums = vec![0u16; columns + 2];
    for (y, to) in full.chunks_exact_mut(frame.stride()).enumerate() {
        let near = row(y / down)?;
        if !is_filtered {
            repeat(near, across, to);
            continue;
        }
        // The nearest row on the other side; beyond the first and the last row they are repeated.
        let far = if y % 2 == 0 {
            row((y / down).saturating_sub(1))?
        } else {
            row((y / down + 1).min(rows - 1))?
        };
        match (across, down) {
            (1, _) => mix(near, far, 1 + (y % 2) as u16, to),
            (_, 1) => {
                gather(near, near, (1, 0), &mut sums);
                spread::<2>(&sums, (1, 2), to);
            }
            _ => {
                gather(near, far, (3, 1), &mut sums);
                spread::<4>(&sums, (8, 7), to);
            }
        }
    }
    Some(())
}

fn repeat(from: &[u8], times: usize, to: &mut [u8]) {
    for (to, &sample) in to.chunks_mut(times).zip(from) {
        to.fill(sample);
    }
}

/// Three parts of the near row and one of the far, in quarters.
#[inline(always)]
fn mix(near: &[u8], far: &[u8], rounding: u16, to: &mut [u8]) {
    for ((to, &near), &far) in to.iter_mut().zip(near).zip(far) {
        *to = ((3 * u16::from(near) + u16::from(far) + rounding) >> 2) as u8;
    }
}

/// Weighted sums of two rows, the first and last repeated once.
#[inline(always)]
fn gather(near: &[u8], far: &[u8], weights: (u16, u16), sums: &mut [u16]) {
    let (Some(end), true) = (sums.len().checked_sub(1), sums.len() > 2) else {
        return;
    };
    for ((sum, &near), &far) in sums[1..end].iter_mut().zip(near).zip(far) {
        *sum = weights.0 * u16::from(near) + weights.1 * u16::from(far);
    }
    sums[0] = sums[1];
    sums[end] = sums[end - 1];
}

/// Two samples for each sum: three parts of it and one of its neighbour before or after.
#[inline(always)]
fn spread<const PLACES: u32>(sums: &[u16], rounding: (u16, u16), to: &mut [u8]) {
    let middle = sums.get(1..).unwrap_or_default();
    let after = sums.get(2..).unwrap_or_default();
    let (pairs, _) = to.as_chunks_mut::<2>();
    for (((pair, &before), &own), &after) in pairs.iter_mut().zip(sums).zip(middle).zip(after) {
        *pair = [
            ((3 * own + before + rounding.0) >> PLACES) as u8,
            ((3 * own + after + rounding.1) >> PLACES) as u8,
        ];
    }
}
