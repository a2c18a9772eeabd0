//! What a video is besides its bytes: how the child says it, read strictly by the parent.

use pdq::Hash256;
use pdq::vpdq::Frame;
use serde::{Deserialize, Serialize};

use super::likeness::SaidHash;

/// The most frames that are hashed of one video.
pub const FRAMES_MAX: usize = 600;

/// The longest side of a hashed frame, in pixels: of pictures up to this size both definitions of PDQ
/// are the same, so that a frame has one hash.
pub const FRAME_SIDE: u32 = 512;

/// What a video is besides its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Film {
    /// How long it lasts, in milliseconds, when it says so.
    pub duration_ms: Option<u64>,
    /// How it is coded, by ffmpeg's name, for example `h264`.
    pub codec: String,
    /// What its frames look like, in the order of time; at most [`FRAMES_MAX`].
    #[serde(default)]
    pub frames: Vec<FilmFrame>,
}

/// What one frame of a video looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmFrame {
    at_ms: u32,
    hash: SaidHash,
    quality: u8,
}

impl FilmFrame {
    /// A frame `at_ms` from the start with this hash, of this quality (0 to 100).
    #[must_use]
    pub const fn new(at_ms: u32, hash: Hash256, quality: u8) -> Self {
        Self {
            at_ms,
            hash: SaidHash(hash),
            quality,
        }
    }

    /// The frame as it is compared.
    #[must_use]
    pub fn frame(&self) -> Frame {
        Frame {
            hash: self.hash.0,
            quality: self.quality,
            at_ms: u64::from(self.at_ms),
        }
    }
}

impl Film {
    /// Whether its frames are ones a video can have: not too many, one after the other, of a possible
    /// quality.
    pub(crate) fn is_possible(&self) -> bool {
        let times = self.frames.windows(2);
        self.frames.len() <= FRAMES_MAX
            && self.frames.iter().all(|frame| frame.quality <= 100)
            && times.into_iter().all(|pair| pair[0].at_ms < pair[1].at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(frames: Vec<FilmFrame>) -> Film {
        Film {
            duration_ms: Some(4_000),
            codec: "vp8".to_owned(),
            frames,
        }
    }

    fn frame(at_ms: u32) -> FilmFrame {
        FilmFrame::new(at_ms, Hash256::from_words([1, 2, 3, u64::from(at_ms)]), 80)
    }

    #[test]
    fn frames_are_said_and_read_back() {
        let said = film(vec![frame(0), frame(1_000)]);
        let json = serde_json::to_string(&said).unwrap();
        assert_eq!(serde_json::from_str::<Film>(&json).unwrap(), said);
        let short = json.replacen("\"hash\":\"0", "\"hash\":\"", 1);
        assert!(serde_json::from_str::<Film>(&short).is_err());
    }

    #[test]
    fn frames_that_no_video_has_are_impossible() {
        assert!(film(vec![frame(0), frame(1_000)]).is_possible());
        assert!(!film(vec![frame(1_000), frame(1_000)]).is_possible());
        assert!(!film(vec![frame(2_000), frame(1_000)]).is_possible());
        let poor = FilmFrame::new(0, Hash256::from_words([0; 4]), 101);
        assert!(!film(vec![poor]).is_possible());
        let many = (0..=600).map(frame).collect();
        assert!(!film(many).is_possible());
    }
}
