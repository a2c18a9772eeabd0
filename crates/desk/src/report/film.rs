//! A video at the desk: its contact sheet, then the video itself, in parts as the player asks for them.
//! Never part of a page, and given to a player only (law 3).

use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use casework::desk::Playing;
use futures_util::stream;
use ground::{ItemId, ReportId};

use super::material::told;
use crate::who::Analyst;
use crate::{Desk, DeskError};

/// `POST /reports/{report}/items/{item}/sheet`: recorded before anything is shown.
pub(super) async fn sheet(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
) -> Result<Response, DeskError> {
    let token = desk.work.reveal_sheet(person.id(), report, item).await;
    told(&desk, &person, token, "/revealed/").await
}

/// `POST /reports/{report}/items/{item}/play`: recorded before anything is shown.
pub(super) async fn play(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
) -> Result<Response, DeskError> {
    let token = desk.work.reveal_film(person.id(), report, item).await;
    told(&desk, &person, token, "/playing/").await
}

/// `POST /playing/{token}/end`: the analyst let go.
pub(super) async fn end(
    State(desk): State<Desk>,
    person: Analyst,
    Path(token): Path<String>,
) -> StatusCode {
    desk.work.end_playing(person.id(), &token);
    StatusCode::NO_CONTENT
}

/// Which bytes of so many are asked for: all, a part, or none that exists.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    All,
    Part(Range<u64>),
    Nothing,
}

/// Reads one range of bytes (RFC 9110, 14.2). Anything else that is asked for is answered with all.
fn asked(headers: &HeaderMap, length: u64) -> Asked {
    let text = headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok());
    let Some(range) = text.and_then(|text| text.strip_prefix("bytes=")) else {
        return Asked::All;
    };
    let Some((first, last)) = range.split_once('-') else {
        return Asked::All;
    };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(last)) if first.is_empty() => length.saturating_sub(last)..length,
        _ => return Asked::All,
    };
    if part.is_empty() {
        Asked::Nothing
    } else {
        Asked::Part(part)
    }
}

/// Opens one chunk after the other, as far as the player reads. Breaks off when the playing is over.
fn streamed(playing: Playing, part: Range<u64>) -> Body {
    let playing = Arc::new(playing);
    let pieces = stream::try_unfold(part, move |left| {
        let playing = Arc::clone(&playing);
        async move {
            if left.is_empty() {
                return Ok(None);
            }
            let piece = playing
                .piece(left.start)
                .await
                .map_err(std::io::Error::other)?;
            let most = usize::try_from(left.end - left.start).unwrap_or(usize::MAX);
            let piece = Bytes::copy_from_slice(&piece[..piece.len().min(most)]);
            if piece.is_empty() {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let next = left.start + piece.len() as u64..left.end;
            Ok::<_, std::io::Error>(Some((piece, next)))
        }
    });
    Body::from_stream(pieces)
}

/// `GET /playing/{token}`: to the one who revealed it, into a player on the page. Opened in a tab of its
/// own it is not there.
pub(super) async fn playing(
    State(desk): State<Desk>,
    person: Analyst,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, DeskError> {
    let wanted = headers.get("sec-fetch-dest");
    if wanted.is_some_and(|wanted| wanted.as_bytes() != b"video") {
        return Err(DeskError::NotFound);
    }
    let playing = desk.work.playing(person.id(), &token).await?;
    let length = playing.length();
    let of = |text: String| HeaderValue::from_str(&text).map_err(DeskError::broken);
    let (status, part, range) = match asked(&headers, length) {
        Asked::All => (StatusCode::OK, 0..length, None),
        Asked::Nothing => {
            let range = [(header::CONTENT_RANGE, of(format!("bytes */{length}"))?)];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
        Asked::Part(part) => {
            let range = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            (StatusCode::PARTIAL_CONTENT, part, Some(of(range)?))
        }
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(playing.media_type),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("inline"),
        ),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (
            header::CONTENT_LENGTH,
            of((part.end - part.start).to_string())?,
        ),
    ];
    let mut answer = (status, headers, streamed(playing, part)).into_response();
    if let Some(range) = range {
        answer.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    Ok(answer)
}

#[cfg(test)]
#[path = "film_tests.rs"]
mod tests;
