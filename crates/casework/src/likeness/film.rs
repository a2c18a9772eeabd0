//! Videos that look like known ones: most frames of each are found in the other, in the manner of vPDQ.
//!
//! Every frame of every video that can still be opened is in an index of its own. What few frames have
//! in common with many videos (a title, a dark room) makes none of them alike: the share counts, both
//! ways, so that a piece cut from a film is not proposed with the verdict of the whole.

use std::collections::HashMap;
use std::sync::Arc;

use capture::{Film, FilmFrame};
use ground::{Ask, ContentId, DbError, ReportId, Tx, sea_orm, values};
use likeness_index::{Entry, LikenessIndex};
use pdq::Hash256;
use pdq::vpdq::{Rule, Video};
use sea_orm::FromQueryResult;

use super::LikenessRule;
use super::live::{Near, built, merge_beside};
use crate::WorkError;

/// Bytes of one stored frame: its time in ms, its quality, its hash.
const FRAME: usize = 4 + 1 + 32;

/// A video with the frames that count.
pub(crate) struct KnownFilm {
    pub content: ContentId,
    pub video: Video,
}

/// Every video that can be recognised.
pub(crate) struct Films {
    index: Arc<LikenessIndex>,
    known: Vec<KnownFilm>,
    numbers: HashMap<ContentId, u64>,
}

/// How many frames of one video were found in another, and how far they were together, in bits.
#[derive(Default, Clone, Copy)]
struct Found {
    frames: usize,
    bits: u64,
}

impl LikenessRule {
    fn of_films(self) -> Rule {
        Rule {
            distance: self.distance,
            quality: self.quality,
            asked_percent: self.film,
            known_percent: self.film,
        }
    }
}

/// The frames of a captured video that count.
pub(super) fn video(film: &Film, rule: LikenessRule) -> Video {
    Video::new(film.frames.iter().map(FilmFrame::frame), &rule.of_films())
}

/// The frames of a captured video that are looked up on hash lists: when, and what they look like.
pub(crate) fn frames_of(film: &Film, rule: LikenessRule) -> Vec<(u64, Hash256)> {
    let video = video(film, rule);
    let frames = video.frames().iter();
    frames.map(|frame| (frame.at_ms, frame.hash)).collect()
}

impl Films {
    pub(super) async fn of(films: Vec<KnownFilm>) -> Result<Self, WorkError> {
        let entries: Vec<Entry> = (0..)
            .zip(&films)
            .flat_map(|(number, film)| film.entries(number))
            .collect();
        let index = built(entries).await?;
        let contents = films.iter().map(|film| film.content);
        Ok(Self {
            index,
            numbers: contents.zip(0..).collect(),
            known: films,
        })
    }

    fn at(&self, number: u64) -> Option<&KnownFilm> {
        self.known.get(usize::try_from(number).ok()?)
    }

    /// All videos that share enough frames with this one both ways, most first, among those of the
    /// index and `recent` ones.
    pub(super) fn near(
        &self,
        asked: &Video,
        recent: &[KnownFilm],
        rule: LikenessRule,
    ) -> Vec<Near> {
        let mut found: HashMap<u64, Found> = HashMap::new();
        for frame in asked.frames() {
            let mut best: HashMap<u64, u32> = HashMap::new();
            for hit in self.index.search(&frame.hash.words(), rule.distance) {
                let seen = best.entry(hit.id).or_insert(hit.distance);
                *seen = (*seen).min(hit.distance);
            }
            for (number, distance) in best {
                let one = found.entry(number).or_default();
                one.frames += 1;
                one.bits += u64::from(distance);
            }
        }
        let films = rule.of_films();
        let enough = |found: &Found| {
            found.frames * 100 >= asked.frames().len() * usize::from(films.asked_percent)
        };
        let known = found.into_iter().filter(|(_, found)| enough(found));
        let known =
            known.filter_map(|(number, found)| alike(asked, self.at(number)?, found, &films));
        let recent = recent.iter().filter_map(|film| {
            alike(
                asked,
                film,
                nearest(asked, &film.video, films.distance),
                &films,
            )
        });
        let mut near: Vec<Near> = known.chain(recent).collect();
        near.sort_unstable_by_key(|one| (std::cmp::Reverse(one.share), one.distance, one.content));
        near
    }

    /// The videos with a frame within `radius` of a hash: how far, and when that frame is shown, in ms.
    pub(super) fn like(&self, hash: &Hash256, radius: u32) -> Vec<(ContentId, u32, Option<u64>)> {
        let mut best: HashMap<u64, u32> = HashMap::new();
        for hit in self.index.search(&hash.words(), radius) {
            let seen = best.entry(hit.id).or_insert(hit.distance);
            *seen = (*seen).min(hit.distance);
        }
        let told = best.into_iter().filter_map(|(number, distance)| {
            let film = self.at(number)?;
            let mut frames = film.video.frames().iter();
            let shown = frames.find(|frame| frame.hash.distance(hash) == distance)?;
            Some((film.content, distance, Some(shown.at_ms)))
        });
        told.collect()
    }

    pub(super) fn admit(&mut self, recent: Vec<KnownFilm>) {
        for film in recent {
            let number = self.known.len() as u64;
            self.numbers.insert(film.content, number);
            self.index.insert_all(film.entries(number));
            self.known.push(film);
        }
        if self.index.should_merge() {
            merge_beside(&self.index);
        }
    }

    pub(super) fn withdraw(&mut self, content: ContentId) {
        let Some(number) = self.numbers.remove(&content) else {
            return;
        };
        self.index.withdraw_id(number);
        let place = usize::try_from(number).ok();
        if let Some(film) = place.and_then(|place| self.known.get_mut(place)) {
            film.video = Video::default();
        }
    }
}

impl KnownFilm {
    fn entries(&self, id: u64) -> impl Iterator<Item = Entry> {
        let frames = self.video.frames().iter();
        frames.map(move |frame| Entry {
            hash: frame.hash.words(),
            id,
        })
    }
}

/// How many frames of one video are found in another, compared one by one.
fn nearest(asked: &Video, known: &Video, distance: u32) -> Found {
    let mut found = Found::default();
    for frame in asked.frames() {
        let others = known.frames().iter();
        let least = others.map(|other| frame.hash.distance(&other.hash)).min();
        if let Some(bits) = least.filter(|bits| *bits <= distance) {
            found.frames += 1;
            found.bits += u64::from(bits);
        }
    }
    found
}

/// The known video, when each has enough frames in common with the other.
fn alike(asked: &Video, known: &KnownFilm, found: Found, rule: &Rule) -> Option<Near> {
    let likeness = asked.likeness(&known.video, rule);
    if !likeness.is_match(rule) {
        return None;
    }
    let mean = found.bits.checked_div(found.frames as u64).unwrap_or(0);
    Some(Near {
        content: known.content,
        distance: u32::try_from(mean).unwrap_or(u32::MAX),
        turned: false,
        share: Some(likeness.asked.percent().min(likeness.known.percent())),
    })
}

/// Frames as they are stored.
fn packed(frames: &[FilmFrame]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(frames.len() * FRAME);
    for frame in frames {
        let frame = frame.frame();
        let at_ms = u32::try_from(frame.at_ms).unwrap_or(u32::MAX);
        bytes.extend(at_ms.to_be_bytes());
        bytes.push(frame.quality);
        bytes.extend(frame.hash.to_bytes());
    }
    bytes
}

fn unpacked(bytes: &[u8]) -> Option<Vec<FilmFrame>> {
    let (frames, []) = bytes.as_chunks::<FRAME>() else {
        return None;
    };
    let frame = |bytes: &[u8; FRAME]| {
        let (at_ms, rest) = bytes.split_first_chunk()?;
        let (quality, hash) = rest.split_first()?;
        let hash = Hash256::from_bytes(hash.try_into().ok()?);
        Some(FilmFrame::new(u32::from_be_bytes(*at_ms), hash, *quality))
    };
    frames.iter().map(frame).collect()
}

/// Writes down what a video is and looks like; false when it is known.
pub(super) async fn put(
    tx: &Tx,
    content: ContentId,
    film: &Film,
    sheet: Option<&str>,
) -> Result<bool, DbError> {
    let length = film.duration_ms.and_then(|ms| i64::try_from(ms).ok());
    let written = tx
        .execute(
            "insert into film (content_id, duration_ms, codec, frames, sheet)
             values ($1, $2, $3, $4, $5) on conflict (content_id) do nothing",
            values![
                content,
                length,
                film.codec.as_str(),
                packed(&film.frames),
                sheet.map(str::to_owned)
            ],
        )
        .await?;
    Ok(written == 1)
}

#[derive(FromQueryResult)]
struct Row {
    content_id: ContentId,
    frames: Vec<u8>,
}

/// Every video that can still be opened and has a frame that counts.
pub(super) async fn known(ask: &impl Ask, rule: LikenessRule) -> Result<Vec<KnownFilm>, WorkError> {
    let rows: Vec<Row> = ask
        .rows(
            "select f.content_id, f.frames from film f join seal_key k on k.owner = f.content_id",
            values![],
        )
        .await?;
    let mut films = Vec::with_capacity(rows.len());
    for row in rows {
        let frames = unpacked(&row.frames)
            .ok_or_else(|| WorkError::unreadable("film.frames is not whole frames"))?;
        let video = Video::new(frames.iter().map(FilmFrame::frame), &rule.of_films());
        if !video.frames().is_empty() {
            films.push(KnownFilm {
                content: row.content_id,
                video,
            });
        }
    }
    Ok(films)
}

/// What is told of a video beside its size.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(crate) struct About {
    pub content_id: ContentId,
    pub duration_ms: Option<i64>,
    pub codec: String,
    /// The object of its contact sheet.
    pub sheet: Option<String>,
}

/// What is told of the videos of a report.
pub(crate) async fn about(ask: &impl Ask, report: ReportId) -> Result<Vec<About>, DbError> {
    ask.rows(
        "select f.content_id, f.duration_ms, f.codec, f.sheet from film f
         where f.content_id in (select i.content_id from sighting s
             join item i on i.address_id = s.address_id where s.report_id = $1)",
        values![report],
    )
    .await
}

/// What is told of one video, with the object of its contact sheet.
pub(crate) async fn sheet(ask: &impl Ask, content: ContentId) -> Result<Option<About>, DbError> {
    let sql = "select content_id, duration_ms, codec, sheet from film where content_id = $1";
    ask.one(sql, values![content]).await
}

#[cfg(test)]
#[path = "film_tests.rs"]
mod tests;
