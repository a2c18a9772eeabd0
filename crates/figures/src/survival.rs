//! How long things last when some of them have not ended yet: Kaplan–Meier, with those still open as
//! censored instead of left out, and the log-rank test between two groups (M8).
//!
//! The band is that of Greenwood's variance on the scale log(−log S) (the *exponential Greenwood* or
//! *log-log* interval) at 95 %, which never leaves nought to one. Held against the PyPI package
//! `lifelines` on the numbers in `survival_numbers.json`, and on fresh ones in `./test`.

use serde::Serialize;

/// The 97.5th percentile of the normal distribution: both sides of a band of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// One thing that was watched from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// For so many milliseconds.
    pub ms: i64,
    /// Whether it ended then; else it was still open, or was no longer watched.
    pub ended: bool,
}

/// The curve at one moment at which something ended.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Step {
    /// Milliseconds after the beginning.
    pub ms: i64,
    /// How many were open and watched just before.
    pub at_risk: i64,
    /// How many ended then.
    pub ended: i64,
    /// The estimated share still open after it, nought to one.
    pub open: f64,
    /// The band around it; none when nothing is left to estimate it from.
    pub band: Option<(f64, f64)>,
}

/// A Kaplan–Meier curve.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Curve {
    /// How many were watched.
    pub n: i64,
    /// How many of them ended.
    pub ended: i64,
    /// The steps, in order of time.
    pub steps: Vec<Step>,
}

/// The two groups of the log-rank test differ by chance with this probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LogRank {
    /// The statistic, chi-squared with one degree of freedom.
    pub chi_squared: f64,
    /// The probability of a difference at least as large when there is none.
    pub p: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
const fn real(n: i64) -> f64 {
    n as f64
}

fn len(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The moments at which something ended: when, how many were at risk, how many ended. What is censored
/// at the same moment was still at risk.
fn moments(spans: &[Span]) -> Vec<(i64, i64, i64)> {
    let mut sorted: Vec<Span> = spans.to_vec();
    sorted.sort_unstable_by_key(|span| span.ms);
    let mut moments = Vec::new();
    let mut left = len(sorted.len());
    for group in sorted.chunk_by(|a, b| a.ms == b.ms) {
        let ended = len(group.iter().filter(|span| span.ended).count());
        if ended > 0 {
            moments.push((group[0].ms, left, ended));
        }
        left -= len(group.len());
    }
    moments
}

impl Curve {
    /// The curve of what was watched.
    #[must_use]
    pub fn of(spans: &[Span]) -> Self {
        let (mut open, mut variance) = (1.0_f64, 0.0_f64);
        let mut steps = Vec::new();
        for (ms, at_risk, ended) in moments(spans) {
            let (n, d) = (real(at_risk), real(ended));
            open *= (n - d) / n;
            let band = (at_risk > ended).then(|| {
                variance += d / (n * (n - d));
                band(open, variance)
            });
            steps.push(Step {
                ms,
                at_risk,
                ended,
                open,
                band,
            });
        }
        Self {
            n: len(spans.len()),
            ended: steps.iter().map(|step| step.ended).sum(),
            steps,
        }
    }

    /// The step that holds so many milliseconds after the beginning; none before the first.
    #[must_use]
    pub fn at(&self, ms: i64) -> Option<&Step> {
        let after = self.steps.partition_point(|step| step.ms <= ms);
        self.steps.get(after.checked_sub(1)?)
    }

    /// The estimated share still open after so many milliseconds.
    #[must_use]
    pub fn open(&self, ms: i64) -> f64 {
        self.at(ms).map_or(1.0, |step| step.open)
    }

    /// After how many milliseconds at least this share (nought to one) had ended; none when that was
    /// not seen.
    #[must_use]
    pub fn quantile(&self, ended: f64) -> Option<i64> {
        // Sums of fractions like ⅓ miss a half by the last bit.
        let left = 1.0 - ended + 1e-12;
        let step = self.steps.iter().find(|step| step.open <= left)?;
        Some(step.ms)
    }

    /// How many were still open, or no longer watched.
    #[must_use]
    pub const fn censored(&self) -> i64 {
        self.n - self.ended
    }
}

fn band(open: f64, variance: f64) -> (f64, f64) {
    let log = open.ln();
    let wide = Z * variance.sqrt() / log;
    let at = |shift: f64| (-((-log).ln() + shift).exp()).exp();
    (at(-wide), at(wide))
}

/// Whether two groups end at a different pace; none when that cannot be said: nothing ended, or only
/// one group was at risk when something did.
#[must_use]
pub fn log_rank(one: &[Span], other: &[Span]) -> Option<LogRank> {
    let both: Vec<Span> = one.iter().chain(other).copied().collect();
    let mut times: Vec<i64> = one.iter().map(|span| span.ms).collect();
    times.sort_unstable();
    let mut ends: Vec<i64> = one.iter().filter(|s| s.ended).map(|s| s.ms).collect();
    ends.sort_unstable();
    let (mut difference, mut variance) = (0.0, 0.0);
    for (ms, at_risk, ended) in moments(&both) {
        let of_one = len(times.len() - times.partition_point(|at| *at < ms));
        let ended_of_one =
            len(ends.partition_point(|at| *at <= ms) - ends.partition_point(|at| *at < ms));
        let (n, d, n1) = (real(at_risk), real(ended), real(of_one));
        difference += real(ended_of_one) - d * n1 / n;
        if at_risk > 1 {
            variance += d * (n1 / n) * (1.0 - n1 / n) * (n - d) / (n - 1.0);
        }
    }
    (variance > 0.0).then(|| {
        let chi_squared = difference * difference / variance;
        LogRank {
            chi_squared,
            p: libm::erfc((chi_squared / 2.0).sqrt()),
        }
    })
}

#[cfg(test)]
#[path = "survival_tests.rs"]
mod tests;
