//! How far the judging of a report is.

use ground::Verdict;

/// How far the judging of a report is, in items. Items set apart, too small to be more than an
/// ornament, need no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Items that need a verdict and have one.
    pub judged: u32,
    /// Of them, those that are illegal.
    pub illegal: u32,
    /// Items that need a verdict and have none.
    pub to_judge: u32,
    /// Items set apart.
    pub set_apart: u32,
}

impl Progress {
    /// Counts the items of a report: whether each is set apart, and its verdict.
    pub fn of(items: impl IntoIterator<Item = (bool, Option<Verdict>)>) -> Self {
        let mut progress = Self::default();
        for (set_apart, verdict) in items {
            match verdict {
                Some(verdict) => {
                    progress.judged += 1;
                    progress.illegal += u32::from(verdict.is_illegal());
                }
                None if set_apart => progress.set_apart += 1,
                None => progress.to_judge += 1,
            }
        }
        progress
    }

    /// Whether no item waits for a verdict: only then is a report done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.to_judge == 0
    }
}
