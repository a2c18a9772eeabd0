//! Hashes that lead from one to the next by a few bits, whatever else is asked between them.

use std::collections::VecDeque;

use pdq::Hash256;

use super::{Mark, STEPS};

/// How many of the latest PDQ hashes are remembered: between the first two steps of a trail there may
/// be as many others.
const LATEST: usize = 256;
/// Trails that are followed at a time. When there are more, the shortest makes room, of the shortest the
/// one that was gone longest ago.
const TRAILS: usize = 256;
/// Hashes at most this many bits apart, and not the same, are a step.
const STEP: u32 = 6;

/// One trail: where it was last, and which hashes are on it.
#[derive(Debug)]
struct Trail {
    last: Hash256,
    marks: Vec<Mark>,
    gone: u64,
}

/// The trails of one client.
#[derive(Debug, Default)]
pub(super) struct Trails {
    latest: VecDeque<(Hash256, Mark)>,
    trails: Vec<Trail>,
    steps: u64,
}

fn near(one: &Hash256, other: &Hash256) -> bool {
    one.distance(other) <= STEP
}

impl Trails {
    /// One was asked; how many different hashes are on its trail.
    pub(super) fn step(&mut self, hash: Hash256, mark: Mark) -> usize {
        if let Some(trail) = self.trails.iter_mut().find(|one| near(&one.last, &hash)) {
            self.steps += 1;
            (trail.last, trail.gone) = (hash, self.steps);
            if trail.marks.len() < STEPS && !trail.marks.contains(&mark) {
                trail.marks.push(mark);
            }
            return trail.marks.len();
        }
        let mut latest = self.latest.iter();
        let before = latest.find(|(known, other)| *other != mark && near(known, &hash));
        let before = before.map(|(_, mark)| *mark);
        if self.latest.len() == LATEST {
            self.latest.pop_front();
        }
        self.latest.push_back((hash, mark));
        before.map_or(1, |before| {
            self.begin(hash, vec![before, mark]);
            2
        })
    }

    fn begin(&mut self, last: Hash256, marks: Vec<Mark>) {
        self.steps += 1;
        if self.trails.len() == TRAILS {
            let by_length = |(_, one): &(usize, &Trail)| (one.marks.len(), one.gone);
            let least = self.trails.iter().enumerate().min_by_key(by_length);
            if let Some(at) = least.map(|(at, _)| at) {
                self.trails.swap_remove(at);
            }
        }
        self.trails.push(Trail {
            last,
            marks,
            gone: self.steps,
        });
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.latest.len().max(self.trails.len())
    }
}
