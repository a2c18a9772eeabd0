//! What a child says it saw in bytes, held against what it may say.

use crate::visit::shorten::{LINE_MAX, shorten};
use crate::wire::{Decode, Film, FrameFault, Likeness, SHEET_MAX, SOFT_MAX, VEILED_MAX};

/// The pictures a child drew of what it decoded.
pub(super) struct Drawn {
    /// The strongly blurred preview.
    pub veiled: Option<Vec<u8>>,
    /// The small preview.
    pub soft: Option<Vec<u8>>,
    /// The contact sheet of a video.
    pub sheet: Option<Vec<u8>>,
}

impl Drawn {
    /// Cuts them out of the end of a frame's body, by the lengths said of the three.
    pub fn of(body: &[u8], lengths: [u32; 3]) -> Result<Self, FrameFault> {
        let limits = [VEILED_MAX, SOFT_MAX, SHEET_MAX];
        if lengths
            .iter()
            .zip(limits)
            .any(|(length, most)| *length > most)
        {
            return Err(FrameFault::Order("a preview is too large"));
        }
        let (veiled, rest) = split(body, lengths[0])?;
        let (soft, sheet) = split(rest, lengths[1])?;
        if sheet.len() != lengths[2] as usize {
            return Err(FrameFault::Order("a picture's lengths do not add up"));
        }
        Ok(Self {
            veiled: jpeg(veiled)?,
            soft: jpeg(soft)?,
            sheet: jpeg(sheet)?,
        })
    }
}

/// The first so many bytes, and the rest.
pub(super) fn split(body: &[u8], at: u32) -> Result<(&[u8], &[u8]), FrameFault> {
    body.split_at_checked(at as usize)
        .ok_or(FrameFault::Order("a picture's lengths do not add up"))
}

/// A preview is absent or a JPEG; it is not decoded here.
fn jpeg(bytes: &[u8]) -> Result<Option<Vec<u8>>, FrameFault> {
    match bytes {
        [] => Ok(None),
        [0xff, 0xd8, 0xff, ..] => Ok(Some(bytes.to_vec())),
        _ => Err(FrameFault::Order("a preview is not JPEG")),
    }
}

/// A hash is 64 hex digits, which its type has made sure of, with a quality up to 100.
pub(super) fn likeness(said: Option<Likeness>) -> Result<Option<Likeness>, FrameFault> {
    match said {
        Some(Likeness::Hashed(looks)) if looks.quality > 100 => {
            Err(FrameFault::Order("a hash is of an impossible quality"))
        }
        Some(Likeness::NotHashable(why)) => Ok(Some(Likeness::NotHashable(shorten(why, LINE_MAX)))),
        other => Ok(other),
    }
}

/// Whether it could be decoded, the reason at most a line.
pub(super) fn decode(said: Decode) -> Decode {
    match said {
        Decode::Decoded => Decode::Decoded,
        Decode::Failed(why) => Decode::Failed(shorten(why, LINE_MAX)),
    }
}

/// Of a video: frames as a video can have them.
pub(super) fn film(said: Option<Film>) -> Result<Option<Film>, FrameFault> {
    match said {
        Some(film) if !film.is_possible() => Err(FrameFault::Order("no video has such frames")),
        other => Ok(other.map(|film| Film {
            codec: shorten(film.codec, 100),
            ..film
        })),
    }
}
