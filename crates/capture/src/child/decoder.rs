//! The decoder: a process that is given bytes and says what is in them, shut in before it has any.

use std::io::{BufRead, Read, Write};

use crate::child::cell::{self, Cell};
use crate::child::picture::Examined;
use crate::child::{REQUEST_MAX, film, magic, picture};
use crate::wire::{self, Decode, Examine, ExaminedSaid, Kind};

/// Answers one request after the other until there are no more. The first decides about the cell.
pub fn serve(first: Examine, mut input: impl BufRead) -> std::io::Result<()> {
    cell::shut(if first.film {
        Cell::Films
    } else {
        Cell::Pictures
    })?;
    let mut asked = first;
    loop {
        if asked.film != first.film {
            return Err(std::io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = Vec::new();
        let mut body = input.by_ref().take(u64::from(asked.examine));
        body.read_to_end(&mut bytes)?;
        if bytes.len() != asked.examine as usize {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let examined = match magic::media_type(&bytes) {
            kind if asked.film => film::examine(&bytes, kind),
            _ => picture::examine(&bytes),
        };
        drop(bytes);
        say(&examined)?;
        let mut line = Vec::new();
        input
            .by_ref()
            .take(REQUEST_MAX)
            .read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        asked = serde_json::from_slice(&line)?;
    }
}

fn say(examined: &Examined) -> std::io::Result<()> {
    let body = [
        &examined.veiled[..],
        &examined.soft[..],
        &examined.sheet[..],
    ];
    let frame = wire::frame(Kind::Examined, &said_of(examined), &body)?;
    let mut out = std::io::stdout().lock();
    out.write_all(&frame)?;
    out.flush()
}

/// What is said of bytes that were looked into.
pub fn said_of(examined: &Examined) -> ExaminedSaid {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    ExaminedSaid {
        media_type: examined.media_type.to_owned(),
        width: examined.size.map(|size| size.0),
        height: examined.size.map(|size| size.1),
        decode: examined
            .failed
            .clone()
            .map_or(Decode::Decoded, Decode::Failed),
        likeness: examined.likeness.clone(),
        film: examined.film.clone(),
        veiled: length(&examined.veiled),
        soft: length(&examined.soft),
        sheet: length(&examined.sheet),
    }
}
