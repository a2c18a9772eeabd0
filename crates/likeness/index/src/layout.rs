//! Which bits form a band, and how far each band is searched.
//!
//! Cut the 256 bits into bands and search band i for values within radius rᵢ. A hash that no band finds differs by
//! more than rᵢ in every band, hence by at least Σ (rᵢ + 1) in all. If that sum is at least R + 1, no hash within R
//! is missed: the generalised pigeonhole. Wide bands have few hashes in each bucket but many buckets to visit;
//! which mix is fastest depends on the number of hashes, and a small dynamic program finds it.

/// Time to visit a bucket's directory line, relative to the other two.
const VISIT: f64 = 6.0;
/// Time to reach a bucket's list of hashes.
const LIST: f64 = 7.0;
/// Time to compare one hash of the list.
const COMPARE: f64 = 9.0;
/// Time to compare one hash in a scan of all.
const SCAN: f64 = 0.8;
/// Wider bands have directories that no longer pay.
const WIDEST: u32 = 27;
/// Narrower bands have too few buckets to sort anything out.
const NARROWEST: u32 = 8;

/// One band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    /// The first bit, of 256.
    pub start: u32,
    /// Bits in the band, at most 27.
    pub width: u32,
    /// Values differing in up to this many bits are looked up (0 to 2).
    pub radius: u32,
}

impl Band {
    /// The band's value in a hash.
    #[inline(always)]
    pub(crate) fn key(&self, hash: &crate::Hash) -> u32 {
        let (word, shift) = ((self.start / 64) as usize, self.start % 64);
        let low = hash[word] >> shift;
        let high = if shift + self.width > 64 {
            hash[word + 1] << (64 - shift)
        } else {
            0
        };
        ((low | high) & ((1 << self.width) - 1)) as u32
    }

    /// Every pattern of differing bits up to the radius, fewest first.
    pub(crate) fn patterns(&self) -> Vec<u32> {
        let mut patterns = vec![0];
        if self.radius >= 1 {
            patterns.extend((0..self.width).map(|bit| 1 << bit));
        }
        if self.radius >= 2 {
            let pairs = (1..self.width).flat_map(|a| (0..a).map(move |b| 1 << a | 1 << b));
            patterns.extend(pairs);
        }
        patterns
    }
}

/// Number of patterns of `width` bits with at most `radius` set.
fn patterns(width: u32, radius: u32) -> u32 {
    match radius {
        0 => 1,
        1 => 1 + width,
        _ => 1 + width + width * (width - 1) / 2,
    }
}

/// The bands that search `count` hashes for everything within `radius` fastest; none if a scan of all is.
pub(crate) fn bands_for(count: usize, radius: u32) -> Vec<Band> {
    let units = (radius + 1) as usize;
    let widest = (count.max(2).ilog2() + 2).clamp(NARROWEST, WIDEST);
    // best[bits][units]: least time to cover `units` units of radius with `bits` bits, and the last band's choice.
    let mut best = vec![vec![(f64::INFINITY, (0u32, 0u32)); units + 1]; 257];
    best.iter_mut().for_each(|row| row[0].0 = 0.0);
    for width in NARROWEST..=widest {
        for reach in 0..=2u32 {
            relax(&mut best, (width, reach), time_of(count, width, reach));
        }
    }
    if best[256][units].0 >= count as f64 * SCAN {
        return Vec::new();
    }
    let (mut bits, mut left) = (256usize, units);
    let mut chosen = Vec::new();
    while left > 0 {
        let (width, reach) = best[bits][left].1;
        chosen.push((width, reach));
        bits -= width as usize;
        left = left.saturating_sub(reach as usize + 1);
    }
    let bands = placed(chosen);
    if few_beside_a_scan(&bands, count) {
        bands
    } else {
        Vec::new()
    }
}

/// Whether what a search looks up and compares is so little beside a scan of all that a query which needs the scan
/// as well, as those among near-duplicates do, is hardly slower than the scan alone.
fn few_beside_a_scan(bands: &[Band], count: usize) -> bool {
    let probes: u32 = bands
        .iter()
        .map(|band| patterns(band.width, band.radius))
        .sum();
    let compared = |band: &Band| {
        f64::from(patterns(band.width, band.radius)) * count as f64 / f64::from(1u32 << band.width)
    };
    probes as usize * 80 <= count && bands.iter().map(compared).sum::<f64>() * 120.0 <= count as f64
}

/// Expected time to search one band.
fn time_of(count: usize, width: u32, radius: u32) -> f64 {
    let load = count as f64 / f64::from(1u32 << width);
    let filled = 1.0 - (-load).exp();
    f64::from(patterns(width, radius)) * (VISIT + LIST * filled + COMPARE * load)
}

/// Tries one more band of the given kind on top of every state; kinds may be used any number of times.
fn relax(best: &mut [Vec<(f64, (u32, u32))>], kind: (u32, u32), time: f64) {
    let width = kind.0 as usize;
    for bits in width..=256 {
        for units in 1..best[bits].len() {
            let rest = units.saturating_sub(kind.1 as usize + 1);
            let total = best[bits - width][rest].0 + time;
            if total < best[bits][units].0 {
                best[bits][units] = (total, kind);
            }
        }
    }
}

/// Puts the chosen bands side by side, narrow ones first.
fn placed(mut chosen: Vec<(u32, u32)>) -> Vec<Band> {
    chosen.sort_unstable();
    let mut start = 0;
    let place = |(width, radius)| {
        let band = Band {
            start,
            width,
            radius,
        };
        start += width;
        band
    };
    chosen.into_iter().map(place).collect()
}

/// Whether the bands find every hash within `radius`: they do not overlap, lie within 256 bits, and their radii
/// add up.
pub(crate) fn is_exact(bands: &[Band], radius: u32) -> bool {
    let mut end = 0;
    let mut units = 0;
    for band in bands {
        if band.start < end || !(1..=WIDEST).contains(&band.width) || band.radius > 2 {
            return false;
        }
        end = band.start.saturating_add(band.width);
        units += band.radius + 1;
    }
    end <= 256 && units > radius
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_and_radius_gets_exact_bands_or_a_scan() {
        for count in [
            0,
            1,
            100,
            10_000,
            100_000,
            1_000_000,
            10_000_000,
            100_000_000,
        ] {
            for radius in [0, 1, 5, 20, 31, 36, 40] {
                let bands = bands_for(count, radius);
                assert!(
                    bands.is_empty() || is_exact(&bands, radius),
                    "{count} {radius} {bands:?}"
                );
            }
        }
    }

    #[test]
    fn a_million_hashes_are_not_scanned() {
        assert!(!bands_for(1_000_000, 31).is_empty());
        assert!(!bands_for(10_000_000, 40).is_empty());
        assert!(bands_for(100, 31).is_empty());
    }

    #[test]
    fn a_key_may_straddle_two_words() {
        let band = Band {
            start: 56,
            width: 20,
            radius: 1,
        };
        let hash = [0xABu64 << 56, 0xCDE, 0, 0];
        assert_eq!(band.key(&hash), 0xCDEAB);
    }

    #[test]
    fn patterns_are_all_different_and_counted() {
        for radius in 0..=2 {
            let band = Band {
                start: 0,
                width: 24,
                radius,
            };
            let mut all = band.patterns();
            assert_eq!(all.len() as u32, patterns(24, radius));
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len() as u32, patterns(24, radius));
        }
    }
}
