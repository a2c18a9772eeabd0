//! Matching videos by the hashes of their frames, in the manner of Meta's vPDQ.
//!
//! A video is a list of [`Frame`]s. Two videos are compared by the share of each one's frames that look like some
//! frame of the other: a clip cut from a film has nearly all of its frames in the film, and the film few of its own
//! in the clip. Frames of low quality (black, blurred) look like frames of every video and are left out; of frames
//! with the same hash only the first counts, or a still picture would outweigh the rest.
//!
//! ```
//! use pdq::{Hash256, vpdq::{Frame, Rule, Video}};
//!
//! let frames = |range: std::ops::Range<u64>| range.map(|second| Frame {
//!     hash: Hash256::from_words([second.wrapping_mul(0x9E37_79B9_7F4A_7C15), !second, second << 40, 7]),
//!     quality: 90,
//!     at_ms: second * 1_000,
//! });
//! let rule = Rule { distance: 0, ..Rule::default() };
//! let film = Video::new(frames(0..100), &rule);
//! let clip = Video::new(frames(20..30), &rule);
//! let likeness = clip.likeness(&film, &rule);
//! assert_eq!((likeness.asked.matched, likeness.asked.frames), (10, 10));
//! assert_eq!(likeness.known.percent(), 10);
//! assert!(likeness.is_match(&rule));
//! ```

use std::collections::HashSet;

use crate::Hash256;

/// One frame of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its hash.
    pub hash: Hash256,
    /// The hash's quality, 0 to 100.
    pub quality: u8,
    /// Time from the start of the video, in milliseconds.
    pub at_ms: u64,
}

/// When frames and videos are taken for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The most differing bits, inclusive, of two frames that look the same.
    pub distance: u32,
    /// The least quality of a frame that counts.
    pub quality: u8,
    /// The least share of the asked video's frames that must be found in the known one, in percent.
    pub asked_percent: u8,
    /// The least share of the known video's frames that must be found in the asked one, in percent.
    pub known_percent: u8,
}

impl Default for Rule {
    /// 31 bits, quality 50, and 80 percent of the asked video's frames, whatever the share of the known one's.
    fn default() -> Self {
        Self {
            distance: 31,
            quality: 50,
            asked_percent: 80,
            known_percent: 0,
        }
    }
}

/// The frames of one video that count, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Video {
    frames: Vec<Frame>,
}

/// How many frames of one video look like some frame of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Frames found in the other video.
    pub matched: usize,
    /// Frames that count.
    pub frames: usize,
}

/// What two videos have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// Of the video asked about.
    pub asked: Share,
    /// Of the video known before.
    pub known: Share,
}

impl Share {
    /// The share in percent, rounded down; 0 if no frame counts.
    #[must_use]
    pub fn percent(self) -> u8 {
        let percent = (self.matched * 100).checked_div(self.frames).unwrap_or(0);
        u8::try_from(percent).unwrap_or(100)
    }

    fn reaches(self, percent: u8) -> bool {
        self.matched * 100 >= self.frames * usize::from(percent)
    }
}

impl Likeness {
    /// Whether the shares reach those of `rule`. Videos without a common frame never match.
    #[must_use]
    pub fn is_match(&self, rule: &Rule) -> bool {
        self.asked.matched > 0
            && self.asked.reaches(rule.asked_percent)
            && self.known.reaches(rule.known_percent)
    }
}

impl Video {
    /// The video of these frames, without those below the rule's quality and those whose hash an earlier one has.
    #[must_use]
    pub fn new(frames: impl IntoIterator<Item = Frame>, rule: &Rule) -> Self {
        let mut frames: Vec<Frame> = frames
            .into_iter()
            .filter(|frame| frame.quality >= rule.quality)
            .collect();
        frames.sort_by_key(|frame| frame.at_ms);
        let mut seen = HashSet::new();
        frames.retain(|frame| seen.insert(frame.hash));
        Self { frames }
    }

    /// The frames that count, in the order of time.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// What this video, asked about, and `known` have in common. Compares every frame with every other, some
    /// nanoseconds each.
    #[must_use]
    pub fn likeness(&self, known: &Self, rule: &Rule) -> Likeness {
        Likeness {
            asked: self.share_in(known, rule.distance),
            known: known.share_in(self, rule.distance),
        }
    }

    fn share_in(&self, other: &Self, distance: u32) -> Share {
        let is_there = |frame: &&Frame| {
            let mut others = other.frames.iter();
            others.any(|known| frame.hash.distance(&known.hash) <= distance)
        };
        Share {
            matched: self.frames.iter().filter(is_there).count(),
            frames: self.frames.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame() -> impl Strategy<Value = Frame> {
        // Few words and few bits, so that frames are often near or equal.
        (any::<[u16; 2]>(), 0u8..=100, 0u64..90_000).prop_map(|([a, b], quality, at_ms)| Frame {
            hash: Hash256::from_words([u64::from(a & 0x3F), u64::from(b & 0x0F) << 60, 5, 0]),
            quality,
            at_ms,
        })
    }

    fn frames() -> impl Strategy<Value = Vec<Frame>> {
        prop::collection::vec(frame(), 0..40)
    }

    fn rule() -> impl Strategy<Value = Rule> {
        (0u32..12, 0u8..=100, 0u8..=100, 0u8..=100).prop_map(|(distance, quality, a, k)| Rule {
            distance,
            quality,
            asked_percent: a,
            known_percent: k,
        })
    }

    #[test]
    fn videos_without_a_frame_that_counts_never_match() {
        let rule = Rule::default();
        let dark = Frame {
            hash: Hash256::from_words([1, 2, 3, 4]),
            quality: 49,
            at_ms: 0,
        };
        let video = Video::new([dark, dark], &rule);
        assert!(video.frames().is_empty());
        assert!(!video.likeness(&video, &rule).is_match(&rule));
    }

    #[test]
    fn a_frame_exactly_as_far_as_the_rule_allows_is_the_same() {
        let rule = Rule::default();
        let at = |word| {
            let hash = Hash256::from_words([word, 0, 0, 0]);
            Video::new(
                [Frame {
                    hash,
                    quality: 50,
                    at_ms: 0,
                }],
                &rule,
            )
        };
        assert!(at((1 << 31) - 1).likeness(&at(0), &rule).is_match(&rule));
        assert!(!at((1 << 32) - 1).likeness(&at(0), &rule).is_match(&rule));
    }

    proptest! {
        #[test]
        fn a_video_with_frames_matches_itself_whatever_the_rule(frames in frames(), rule in rule()) {
            let video = Video::new(frames, &rule);
            let likeness = video.likeness(&video, &rule);
            prop_assert_eq!(likeness.asked.matched, video.frames().len());
            prop_assert_eq!(likeness.is_match(&rule), !video.frames().is_empty());
        }

        #[test]
        fn the_shares_change_places_with_the_videos(a in frames(), b in frames(), rule in rule()) {
            let (a, b) = (Video::new(a, &rule), Video::new(b, &rule));
            let (there, back) = (a.likeness(&b, &rule), b.likeness(&a, &rule));
            prop_assert_eq!((there.asked, there.known), (back.known, back.asked));
            prop_assert_eq!(there.asked.matched > 0, there.known.matched > 0);
        }

        #[test]
        fn repeated_and_poor_frames_and_their_order_change_nothing(frames in frames(), other in frames(), rule in rule()) {
            let other = Video::new(other, &rule);
            let once = Video::new(frames.clone(), &rule);
            let mut more: Vec<Frame> = frames.iter().rev().copied().chain(frames.iter().copied()).collect();
            if rule.quality > 0 {
                more.extend(other.frames().iter().map(|frame| Frame { quality: rule.quality - 1, ..*frame }));
            }
            let again = Video::new(more, &rule);
            prop_assert_eq!(once.likeness(&other, &rule), again.likeness(&other, &rule));
        }

        #[test]
        fn a_part_of_a_video_is_wholly_found_in_it(frames in frames(), rule in rule(), from in 0usize..20) {
            let part = Video::new(frames.iter().skip(from).copied(), &rule);
            let whole = Video::new(frames, &rule);
            prop_assert_eq!(part.likeness(&whole, &rule).asked.matched, part.frames().len());
        }

        #[test]
        fn a_wider_distance_never_finds_fewer(a in frames(), b in frames(), rule in rule()) {
            let (a, b) = (Video::new(a, &rule), Video::new(b, &rule));
            let wider = Rule { distance: rule.distance + 1, ..rule };
            prop_assert!(a.likeness(&b, &wider).asked.matched >= a.likeness(&b, &rule).asked.matched);
        }
    }
}
