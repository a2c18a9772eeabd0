//! Asking decoders: one that is kept for all pictures of a visit, and one of its own for each video.
//!
//! What they say is read as hostile input. One that falls over, is late or talks nonsense fails what
//! it was given, and the next is looked into by another.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::child::decoder::said_of;
use crate::child::magic;
use crate::child::picture::Examined;
use crate::wire::{Examine, ExaminedSaid, FrameFault, Kind, read_frame, read_version};

/// How long one picture may take.
const PICTURE_WITHIN: Duration = Duration::from_secs(6);
/// How long one video may take: all its programs, each within its own time.
const FILM_WITHIN: Duration = Duration::from_secs(50);

/// What was seen in bytes.
#[derive(Debug)]
pub struct Looked {
    /// What is said of them.
    pub said: ExaminedSaid,
    /// The two previews and the contact sheet, one after the other.
    pub drawn: Vec<u8>,
}

impl Looked {
    /// Nothing was seen, for this reason.
    fn failed(bytes: &[u8], why: &str) -> Self {
        let examined = Examined {
            media_type: magic::media_type(bytes),
            failed: Some(why.to_owned()),
            ..Examined::default()
        };
        Self {
            said: said_of(&examined),
            drawn: Vec::new(),
        }
    }
}

/// The decoders of one visit.
#[derive(Debug, Default)]
pub struct Decoders {
    of_pictures: Option<Decoder>,
}

/// A decoder at work; it ends with the value.
#[derive(Debug)]
struct Decoder {
    input: ChildStdin,
    output: ChildStdout,
    has_greeted: bool,
    _process: Child,
}

impl Decoders {
    /// Looks into a picture or a video.
    pub async fn look_into(&mut self, bytes: &[u8]) -> Looked {
        let film = magic::is_film(bytes);
        let kept = if film { None } else { self.of_pictures.take() };
        let within = if film { FILM_WITHIN } else { PICTURE_WITHIN };
        let decoder = match kept.map_or_else(Decoder::start, Ok) {
            Ok(decoder) => decoder,
            Err(fault) => {
                return Looked::failed(bytes, &format!("no decoder could be started: {fault}"));
            }
        };
        match tokio::time::timeout(within, decoder.asked(bytes, film)).await {
            Ok(Ok((looked, decoder))) => {
                if !film {
                    self.of_pictures = Some(decoder);
                }
                looked
            }
            Ok(Err(_)) => Looked::failed(bytes, "the decoder gave up"),
            Err(_) => Looked::failed(bytes, "the decoder took too long"),
        }
    }

    /// Starts the decoder of pictures before there is a picture.
    pub fn prepare(&mut self) {
        if self.of_pictures.is_none() {
            // Should it not start now, it is tried again when it is needed.
            self.of_pictures = Decoder::start().ok();
        }
    }
}

impl Decoder {
    /// Starts this program again, which becomes a decoder when it is asked to be one.
    fn start() -> std::io::Result<Self> {
        let mut process = Command::new("/proc/self/exe")
            .args(std::env::args_os().skip(1))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self {
            input,
            output,
            has_greeted: false,
            _process: process,
        })
    }

    /// Gives it bytes; what it said of them, and itself for the next.
    async fn asked(mut self, bytes: &[u8], film: bool) -> Result<(Looked, Self), FrameFault> {
        let examine = u32::try_from(bytes.len()).map_err(|_| FrameFault::Short)?;
        let asked = Examine { examine, film };
        let mut line = serde_json::to_vec(&asked).map_err(std::io::Error::from)?;
        line.push(b'\n');
        self.input.write_all(&line).await?;
        self.input.write_all(bytes).await?;
        self.input.flush().await?;
        if !self.has_greeted {
            read_version(&mut self.output).await?;
            self.has_greeted = true;
        }
        let frame = read_frame(&mut self.output, 0).await?;
        let frame = frame.ok_or(FrameFault::Short)?;
        if frame.kind != Kind::Examined {
            return Err(FrameFault::Order(
                "a decoder says what it saw and nothing else",
            ));
        }
        let said: ExaminedSaid = frame.said()?;
        let drawn = [said.veiled, said.soft, said.sheet].map(u64::from);
        if drawn.iter().sum::<u64>() != frame.body.len() as u64 {
            return Err(FrameFault::Order(
                "the lengths of what was drawn do not add up",
            ));
        }
        let looked = Looked {
            said,
            drawn: frame.body,
        };
        Ok((looked, self))
    }
}
