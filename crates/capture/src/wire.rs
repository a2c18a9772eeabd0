//! What the child says to its parent: a version byte, then frames, each bounded.
//!
//! A frame is one byte of kind, the length of its JSON and of its body (four bytes each, big
//! endian), the JSON, the body. The parent reads this as hostile input: the child opened what
//! strangers made, and may be theirs by now.

mod again;
mod film;
mod likeness;
mod said;
mod traffic;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

pub use again::{Examine, ExaminedSaid};
pub use film::{FRAME_SIDE, FRAMES_MAX, Film, FilmFrame};
pub use likeness::{Likeness, Looks};
pub use said::{
    Began, Caps, Decode, Done, FailedBecause, FoundBy, Gates, Missed, PageSaid, PictureSaid,
    Redirect, RedirectBy, Remark, Setting, Via, Viewport, Wanted,
};
pub use traffic::{Exchange, ShownBy};

/// The first byte a child sends: the version of this language.
pub const VERSION: u8 = 1;

/// The largest JSON part of a frame, in bytes.
pub const JSON_MAX: u32 = 512 * 1024;

/// The largest screenshot, in bytes of PNG.
pub const SCREENSHOT_MAX: u32 = 48 * 1024 * 1024;

/// The largest strongly blurred preview, in bytes of JPEG.
pub const VEILED_MAX: u32 = 256 * 1024;

/// The largest small preview, in bytes of JPEG.
pub const SOFT_MAX: u32 = 64 * 1024;

/// The largest contact sheet of a video, in bytes of JPEG.
pub const SHEET_MAX: u32 = 2 * 1024 * 1024;
/// The largest answer that is no picture, in bytes.
pub const PIECE_MAX: u32 = 9 * 1024 * 1024;

/// What a frame is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The child is at work: with what.
    Began = 1,
    /// The main document: where it ended and what the server said.
    Page = 2,
    /// The picture of the page as a person would have seen it; the body is PNG.
    Screenshot = 3,
    /// One picture; the body is its bytes, then the two previews and, of a video, the contact sheet.
    Picture = 4,
    /// One picture that was asked for and not received.
    Missed = 5,
    /// The page could not be captured.
    Failed = 6,
    /// Nothing more comes.
    Done = 7,
    /// What was seen in bytes the parent gave; the body is the two previews and the contact sheet.
    Examined = 32,
    /// One request and what came of it; the body is what was answered, unless that is a picture.
    Exchange = 16,
    /// The certificates one server showed.
    Shown = 17,
}

impl Kind {
    fn from_byte(byte: u8) -> Result<Self, FrameFault> {
        Ok(match byte {
            1 => Self::Began,
            2 => Self::Page,
            3 => Self::Screenshot,
            4 => Self::Picture,
            5 => Self::Missed,
            6 => Self::Failed,
            7 => Self::Done,
            32 => Self::Examined,
            16 => Self::Exchange,
            17 => Self::Shown,
            other => return Err(FrameFault::UnknownKind(other)),
        })
    }

    /// The most bytes a body of this kind may have.
    fn body_max(self, picture_max: u32) -> u32 {
        match self {
            Self::Screenshot => SCREENSHOT_MAX,
            Self::Exchange => PIECE_MAX,
            Self::Picture => picture_max.saturating_add(VEILED_MAX + SOFT_MAX + SHEET_MAX),
            Self::Examined => VEILED_MAX + SOFT_MAX + SHEET_MAX,
            Self::Began | Self::Page | Self::Missed | Self::Failed | Self::Done | Self::Shown => 0,
        }
    }
}

/// One frame, its lengths already held against the bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What it is about.
    pub kind: Kind,
    /// Its JSON part, not yet parsed.
    pub json: Vec<u8>,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl Frame {
    /// The JSON part as what this kind of frame says.
    ///
    /// # Errors
    /// When it is not that.
    pub fn said<T: DeserializeOwned>(&self) -> Result<T, FrameFault> {
        serde_json::from_slice(&self.json).map_err(|_| FrameFault::Json(self.kind))
    }
}

/// Why what the child said is not believed.
#[derive(Debug, thiserror::Error)]
pub enum FrameFault {
    /// Another version of the language.
    #[error("the child speaks version {0} of the frames, not {VERSION}")]
    Version(u8),
    /// A kind that does not exist.
    #[error("a frame of unknown kind {0}")]
    UnknownKind(u8),
    /// Larger than allowed.
    #[error("a {kind:?} frame of {bytes} bytes where at most {max} are allowed")]
    TooLarge {
        /// What the frame is about.
        kind: Kind,
        /// What it claims.
        bytes: u32,
        /// What is allowed.
        max: u32,
    },
    /// Not the JSON this kind of frame holds.
    #[error("a {0:?} frame does not say what it should")]
    Json(Kind),
    /// Frames in an order that makes no sense, or more of them than allowed.
    #[error("{0}")]
    Order(&'static str),
    /// The stream ended in the middle.
    #[error("the child stopped in the middle of its account")]
    Short,
    /// The pipe failed.
    #[error("the pipe to the child failed: {0}")]
    Pipe(#[from] std::io::Error),
}

/// Reads the version byte.
///
/// # Errors
/// When it is another version or the stream ends.
pub async fn read_version(from: &mut (impl AsyncRead + Unpin)) -> Result<(), FrameFault> {
    match from.read_u8().await {
        Ok(VERSION) => Ok(()),
        Ok(other) => Err(FrameFault::Version(other)),
        Err(_) => Err(FrameFault::Short),
    }
}

/// Reads one frame, or none at a clean end.
///
/// # Errors
/// When it is not a frame within the bounds, or the stream ends inside it.
pub async fn read_frame(
    from: &mut (impl AsyncRead + Unpin),
    picture_max: u32,
) -> Result<Option<Frame>, FrameFault> {
    let Ok(kind) = from.read_u8().await else {
        return Ok(None);
    };
    let kind = Kind::from_byte(kind)?;
    let json_len = from.read_u32().await.map_err(|_| FrameFault::Short)?;
    let body_len = from.read_u32().await.map_err(|_| FrameFault::Short)?;
    let body_max = kind.body_max(picture_max);
    for (bytes, max) in [(json_len, JSON_MAX), (body_len, body_max)] {
        if bytes > max {
            return Err(FrameFault::TooLarge { kind, bytes, max });
        }
    }
    let json = read_exactly(from, json_len).await?;
    let body = read_exactly(from, body_len).await?;
    Ok(Some(Frame { kind, json, body }))
}

/// Reads so many bytes, growing as they arrive: a claimed length alone takes no memory.
async fn read_exactly(
    from: &mut (impl AsyncRead + Unpin),
    bytes: u32,
) -> Result<Vec<u8>, FrameFault> {
    let mut read = Vec::new();
    from.take(u64::from(bytes)).read_to_end(&mut read).await?;
    if read.len() == bytes as usize {
        Ok(read)
    } else {
        Err(FrameFault::Short)
    }
}

/// Writes one frame from its JSON part and the pieces of its body.
///
/// # Errors
/// When it is larger than a frame can be, or the pipe fails.
pub async fn write_frame(
    to: &mut (impl AsyncWrite + Unpin),
    kind: Kind,
    said: &impl Serialize,
    body: &[&[u8]],
) -> std::io::Result<()> {
    to.write_all(&head(kind, said, body)?).await?;
    for piece in body {
        to.write_all(piece).await?;
    }
    to.flush().await
}

/// One frame as bytes, for whoever has no runtime.
///
/// # Errors
/// When it is larger than a frame can be.
pub fn frame(kind: Kind, said: &impl Serialize, body: &[&[u8]]) -> std::io::Result<Vec<u8>> {
    let mut frame = head(kind, said, body)?;
    frame.extend(body.iter().copied().flatten());
    Ok(frame)
}

/// A frame up to its body.
fn head(kind: Kind, said: &impl Serialize, body: &[&[u8]]) -> std::io::Result<Vec<u8>> {
    let json = serde_json::to_vec(said)?;
    let too_large = |_| std::io::Error::other("a frame is too large");
    let json_len = u32::try_from(json.len()).map_err(too_large)?;
    let body_len: usize = body.iter().map(|piece| piece.len()).sum();
    let body_len = u32::try_from(body_len).map_err(too_large)?;
    let mut head = vec![kind as u8];
    head.extend(json_len.to_be_bytes());
    head.extend(body_len.to_be_bytes());
    head.extend(json);
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wait<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(future)
    }

    async fn read_all(mut bytes: &[u8], picture_max: u32) -> Result<Vec<Frame>, FrameFault> {
        read_version(&mut bytes).await?;
        let mut frames = Vec::new();
        while let Some(frame) = read_frame(&mut bytes, picture_max).await? {
            frames.push(frame);
        }
        Ok(frames)
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut written = vec![VERSION];
        let missed = Missed {
            address: "http://a.example/x.png".to_owned(),
            why: "http status 404".to_owned(),
        };
        wait(write_frame(&mut written, Kind::Missed, &missed, &[])).unwrap();
        wait(write_frame(
            &mut written,
            Kind::Screenshot,
            &(),
            &[b"ab", b"c"],
        ))
        .unwrap();
        let frames = wait(read_all(&written, 10)).unwrap();
        assert_eq!(frames[0].said::<Missed>().unwrap(), missed);
        assert_eq!(frames[1].body, b"abc");
    }

    #[test]
    fn a_frame_that_claims_too_much_is_refused_before_it_is_read() {
        let mut bytes = vec![VERSION, Kind::Picture as u8];
        bytes.extend(0_u32.to_be_bytes());
        bytes.extend(u32::MAX.to_be_bytes());
        assert!(matches!(
            wait(read_all(&bytes, 1_000)),
            Err(FrameFault::TooLarge {
                bytes: u32::MAX,
                ..
            })
        ));
    }

    proptest! {
        #[test]
        fn any_bytes_are_frames_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut with_version = vec![VERSION];
            with_version.extend(&bytes);
            let _ = wait(read_all(&bytes, 100));
            let _ = wait(read_all(&with_version, 100));
        }

        #[test]
        fn a_stream_cut_anywhere_is_never_taken_for_more_than_was_sent(cut in 0_usize..60) {
            let mut written = vec![VERSION];
            wait(write_frame(&mut written, Kind::Screenshot, &(), &[&[7; 20]])).unwrap();
            wait(write_frame(&mut written, Kind::Done, &(), &[])).unwrap();
            let cut = cut.min(written.len());
            match wait(read_all(&written[..cut], 100)) {
                Ok(frames) => prop_assert!(frames.len() <= 2),
                Err(fault) => prop_assert!(matches!(fault, FrameFault::Short)),
            }
        }
    }
}
