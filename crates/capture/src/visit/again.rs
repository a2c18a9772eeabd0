//! Looking into bytes that were captured before: in the same box, without an address and a way out.

use tokio::io::AsyncWriteExt as _;
use tokio::process::Child;

use crate::visit::boxed::{self, Started};
use crate::visit::seen::{Drawn, decode, film, likeness};
use crate::visit::shorten::shorten;
use crate::visit::{VisitError, VisitorSettings};
use crate::wire::{
    Decode, Examine, ExaminedSaid, Film, Frame, FrameFault, Kind, Likeness, read_frame,
    read_version,
};

/// What was seen in them.
#[derive(Clone, PartialEq, Eq)]
pub struct Examined {
    /// Their kind, told from the first of them.
    pub media_type: String,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Whether they could be decoded.
    pub decode: Decode,
    /// What a picture looks like; none when it was not decoded.
    pub likeness: Option<Likeness>,
    /// What a video is besides; none for a picture.
    pub film: Option<Film>,
    /// A grey, strongly blurred JPEG of at most 400 pixels a side; none when not decoded.
    pub veiled: Option<Vec<u8>>,
    /// A grey, lightly blurred JPEG of at most 160 pixels a side; none when not decoded.
    pub soft: Option<Vec<u8>>,
    /// The contact sheet of a video, JPEG: material; none for a picture.
    pub sheet: Option<Vec<u8>>,
}

/// Why bytes could not be looked into: always our side.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    /// It could not even begin.
    #[error(transparent)]
    Begin(#[from] VisitError),
    /// The child did not come to work, before it was given anything.
    #[error("the examining process did not begin: {0}")]
    NotBegun(#[source] FrameFault),
    /// More bytes than a child can be given.
    #[error("there are more bytes than can be looked into at once")]
    TooMany,
    /// What the child said could not be believed, or it broke off.
    #[error("the examining process failed: {0}")]
    Child(#[from] FrameFault),
    /// It was ended at its deadline.
    #[error("the examining process had not finished when its time was over")]
    Deadline,
}

/// Looks into bytes that are there already, as a visit does into those it receives. The process is
/// gone when this returns, also when the future is dropped.
///
/// # Errors
/// [`ExamineError`]; bytes that cannot be decoded are an answer.
pub async fn examine(settings: &VisitorSettings, bytes: &[u8]) -> Result<Examined, ExamineError> {
    let length = u32::try_from(bytes.len()).map_err(|_| ExamineError::TooMany)?;
    let folder = tempfile::Builder::new()
        .prefix("meldpunt-look-")
        .tempdir_in(&settings.folder)
        .map_err(VisitError::Folder)?;
    let Started {
        mut child, tree, ..
    } = boxed::start(settings, None, folder.path()).await?;
    let hearing = hear(&mut child, length, bytes);
    let heard = tokio::time::timeout(settings.deadline, hearing).await;
    tree.end(&mut child).await;
    // Removing the folder waits until the processes that may write into it are gone.
    drop(folder);
    match heard {
        Ok(heard) => heard,
        Err(_) => Err(ExamineError::Deadline),
    }
}

async fn hear(child: &mut Child, length: u32, bytes: &[u8]) -> Result<Examined, ExamineError> {
    let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(FrameFault::Order("the child has no pipes").into());
    };
    // A child that says this is at work; what breaks it after that may be the bytes.
    read_version(&mut output)
        .await
        .map_err(ExamineError::NotBegun)?;
    let asked = Examine {
        examine: length,
        film: crate::child::is_film(bytes),
    };
    let mut line = serde_json::to_vec(&asked).map_err(|fault| FrameFault::Pipe(fault.into()))?;
    line.push(b'\n');
    input.write_all(&line).await.map_err(FrameFault::Pipe)?;
    input.write_all(bytes).await.map_err(FrameFault::Pipe)?;
    input.flush().await.map_err(FrameFault::Pipe)?;
    drop(input);
    let frame = read_frame(&mut output, 0).await?;
    Ok(examined(&frame.ok_or(FrameFault::Short)?)?)
}

/// The one frame that answers.
pub(crate) fn examined(frame: &Frame) -> Result<Examined, FrameFault> {
    if frame.kind != Kind::Examined {
        return Err(FrameFault::Order(
            "a look into bytes was asked for, and no visit",
        ));
    }
    let said: ExaminedSaid = frame.said()?;
    let drawn = Drawn::of(&frame.body, [said.veiled, said.soft, said.sheet])?;
    Ok(Examined {
        media_type: shorten(said.media_type, 100),
        width: said.width,
        height: said.height,
        decode: decode(said.decode),
        likeness: likeness(said.likeness)?,
        film: film(said.film)?,
        veiled: drawn.veiled,
        soft: drawn.soft,
        sheet: drawn.sheet,
    })
}
