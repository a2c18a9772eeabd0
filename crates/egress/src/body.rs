//! Reading a body that may be endless, slow, or a bomb.
//!
//! Decoding happens while reading, and reading stops one byte after the limit, so a few kilobytes
//! that unfold to gigabytes cost no more than the limit.

use std::io;
use std::time::Duration;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder};
use futures_util::TryStreamExt;
use http_body_util::BodyDataStream;
use hyper::body::Incoming;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, BufReader};
use tokio_util::io::StreamReader;

use crate::{FetchError, Over, Refusal, Stage};

/// What a body may take.
pub(crate) struct Bounds {
    pub(crate) most_bytes: usize,
    /// How many of the bytes are kept; all are digested.
    pub(crate) keep: usize,
    pub(crate) over: Over,
    pub(crate) silence: Duration,
}

/// A body as it was read.
pub(crate) struct Body {
    pub(crate) kept: Vec<u8>,
    /// Over all of it, kept or not.
    pub(crate) sha256: [u8; 32],
    pub(crate) length: usize,
    /// Whether it was longer than it may be.
    pub(crate) cut: bool,
}

/// Reads, decodes and digests a body.
pub(crate) async fn read(
    body: Incoming,
    coding: &str,
    bounds: &Bounds,
) -> Result<Body, FetchError> {
    let raw = StreamReader::new(BodyDataStream::new(body).map_err(io::Error::other));
    // Raw bytes are bounded too: a stream can feed a decoder for ever without anything coming out.
    let most_raw = u64::try_from(bounds.most_bytes).unwrap_or(u64::MAX);
    let raw = BufReader::new(raw.take(most_raw.saturating_add(64 << 10)));
    match coding {
        "" | "identity" => collect(raw, bounds).await,
        "gzip" | "x-gzip" => collect(GzipDecoder::new(raw), bounds).await,
        "br" => collect(BrotliDecoder::new(raw), bounds).await,
        "deflate" => collect(ZlibDecoder::new(raw), bounds).await,
        other => Err(FetchError::Protocol(format!(
            "it is coded in a way that was not asked for ({})",
            other.chars().take(40).collect::<String>()
        ))),
    }
}

async fn collect(mut reader: impl AsyncRead + Unpin, bounds: &Bounds) -> Result<Body, FetchError> {
    let (mut kept, mut sha256, mut length) = (Vec::new(), Sha256::new(), 0);
    let mut chunk = vec![0; 16 << 10];
    let cut = loop {
        let read = tokio::time::timeout(bounds.silence, reader.read(&mut chunk)).await;
        let n = match read {
            Ok(Ok(0)) => break false,
            Ok(Ok(n)) => n,
            Ok(Err(fault)) => return Err(broken(&fault)),
            Err(_) => return Err(FetchError::Timeout(Stage::Reading)),
        };
        let room = bounds.most_bytes - length;
        let fits = chunk.get(..n.min(room)).unwrap_or_default();
        sha256.update(fits);
        length += fits.len();
        let wanted = fits.len().min(bounds.keep.saturating_sub(kept.len()));
        kept.extend_from_slice(fits.get(..wanted).unwrap_or_default());
        if n > room {
            match bounds.over {
                Over::Cut => break true,
                Over::Fail => return Err(FetchError::TooLarge(bounds.most_bytes)),
            }
        }
    };
    Ok(Body {
        kept,
        sha256: sha256.finalize().into(),
        length,
        cut,
    })
}

/// A body that broke off – by the server, or because the pass ended.
fn broken(fault: &io::Error) -> FetchError {
    refusal_in(fault).map_or_else(
        || FetchError::Protocol(format!("it broke off: {fault}")),
        FetchError::Refused,
    )
}

/// The refusal of our own that lies behind a fault, if there is one.
pub(crate) fn refusal_in(fault: &(dyn std::error::Error + 'static)) -> Option<Refusal> {
    let mut next = Some(fault);
    while let Some(fault) = next {
        if let Some(refusal) = fault.downcast_ref::<Refusal>() {
            return Some(refusal.clone());
        }
        // An io::Error shows what it wraps here, not as its source.
        next = match fault
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => fault.source(),
        };
    }
    None
}
