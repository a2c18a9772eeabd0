//! Recognising pictures that look like known ones: re-encoded, resized, slightly cropped, turned.
//!
//! Every content with a usable hash is in one live index, under both definitions of PDQ. It is made
//! from the records in the background of the start; recognition waits for it, nothing else does. A
//! visit holds it from its first look-up until its records are durable, so that of two visits with
//! like pictures the later one finds the earlier one's. Likeness proposes; a human decides.

mod around;
mod film;
pub(crate) mod house;
mod live;
mod older;
pub(crate) mod same;

use capture::{Film, Likeness};
use ground::{Ask, ContentId, DbError, Instant, ItemId, NotIllegalReason, ReportId, Tx, Verdict};
use ground::{sea_orm, values};
use sea_orm::FromQueryResult;

use crate::{Casework, WorkError};

use film::KnownFilm;
pub(crate) use film::{about, frames_of, sheet};
use live::Near;
pub(crate) use live::{Known, Live, Recent, Recognition};

/// The rule by which contents are found to be alike, and its version: the nearest of both definitions
/// and all turns.
const RULE: &str = "pdq-1";
/// The rule by which videos are found to be alike, and its version: the frames of each that are found in
/// the other.
const FILM_RULE: &str = "vpdq-1";
/// The largest distance that the index is made for, in bits of 256.
const RADIUS: u32 = 40;

/// What counts as alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LikenessRule {
    /// Up to this distance a picture is proposed as alike, in bits of 256; at most 40.
    pub distance: u32,
    /// Up to this distance it is called the same picture, in bits.
    pub same: u32,
    /// Hashes of less quality (0 to 100) are not looked up and not found.
    pub quality: u8,
    /// Of a hundred frames of each of two videos, so many must be found in the other.
    pub film: u8,
}

impl Default for LikenessRule {
    /// Meta's thresholds.
    fn default() -> Self {
        Self {
            distance: 31,
            same: 10,
            quality: 50,
            film: 80,
        }
    }
}

/// Writes down what a content looks like; false when it is known.
async fn put(tx: &Tx, content: ContentId, likeness: &Likeness) -> Result<bool, DbError> {
    let looks = likeness.looks();
    let not_hashable = match likeness {
        Likeness::NotHashable(why) => Some(why.clone()),
        Likeness::Hashed(_) => None,
    };
    let written = tx
        .execute(
            "insert into likeness (content_id, pdq, pdq_512, quality, not_hashable)
             values ($1, $2, $3, $4, $5) on conflict (content_id) do nothing",
            values![
                content,
                looks.map(|looks| looks.pdq().to_bytes().to_vec()),
                looks.map(|looks| looks.pdq_512().to_bytes().to_vec()),
                looks.map(|looks| i64::from(looks.quality)),
                not_hashable
            ],
        )
        .await?;
    Ok(written == 1)
}

async fn put_near(tx: &Tx, content: ContentId, near: &Near) -> Result<(), DbError> {
    for (one, other) in [(content, near.content), (near.content, content)] {
        tx.execute(
            "insert into near (content_id, like_id, distance, turned, rule, share)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            values![
                one,
                other,
                i64::from(near.distance),
                i64::from(near.turned),
                if near.share.is_some() {
                    FILM_RULE
                } else {
                    RULE
                },
                near.share.map(i64::from)
            ],
        )
        .await?;
    }
    Ok(())
}

impl Casework {
    /// Notes what a content looks like and what is like it, among all and the `recent` ones; how many
    /// are. Does nothing for a content whose likeness is known.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub(crate) async fn liken(
        &self,
        tx: &Tx,
        live: &Live,
        recent: &mut Recent,
        content: ContentId,
        likeness: &Likeness,
    ) -> Result<usize, WorkError> {
        let rule = self.settings.likeness;
        if !put(tx, content, likeness).await? {
            return Ok(0);
        }
        let Some(looks) = likeness
            .looks()
            .filter(|looks| looks.quality >= rule.quality)
        else {
            return Ok(0);
        };
        let near = live.near(looks, &recent.pictures, rule.distance);
        let near = around::worth_noting(tx, near).await?;
        for near in &near {
            put_near(tx, content, near).await?;
        }
        recent.pictures.push(Known {
            content,
            hashes: [looks.pdq(), looks.pdq_512()],
        });
        Ok(near.len())
    }

    /// The same for a video, with the object that holds its contact sheet.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub(crate) async fn liken_film(
        &self,
        tx: &Tx,
        live: &Live,
        recent: &mut Recent,
        (content, sheet): (ContentId, Option<&str>),
        film: &Film,
    ) -> Result<usize, WorkError> {
        if !film::put(tx, content, film, sheet).await? {
            return Ok(0);
        }
        let rule = self.settings.likeness;
        let video = film::video(film, rule);
        if video.frames().is_empty() {
            return Ok(0);
        }
        let near = live.films.near(&video, &recent.films, rule);
        let near = around::worth_noting(tx, near).await?;
        for near in &near {
            put_near(tx, content, near).await?;
        }
        recent.films.push(KnownFilm { content, video });
        Ok(near.len())
    }
}

/// A content of a report without a verdict, and the judged one that is most like it.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Proposal {
    pub item_id: ItemId,
    pub content_id: ContentId,
    pub like_id: ContentId,
    pub distance: i64,
    pub turned: i64,
    pub rule: String,
    /// Of videos, how many of a hundred frames of the one are in the other.
    pub share: Option<i64>,
    pub verdict: Verdict,
    pub why: Option<NotIllegalReason>,
    pub at_ms: Instant,
}

impl Proposal {
    /// By which rule and version it was found; of a video with the share of its frames.
    pub fn rule(&self) -> String {
        match self.share {
            Some(share) => format!("{} ({share} % of frames)", self.rule),
            None => self.rule.clone(),
        }
    }
}

/// What is proposed in a report: for each content the nearest one that was judged by looking and can
/// still be shown beside it.
pub(crate) async fn proposals(
    ask: &impl Ask,
    report: ReportId,
    rule: LikenessRule,
) -> Result<Vec<Proposal>, DbError> {
    let mut rows: Vec<Proposal> = ask
        .rows(
            "select i.item_id, n.content_id, n.like_id, n.distance, n.turned, n.rule, n.share,
                 j.verdict, j.why, j.at_ms
             from (select i.content_id, min(i.id) as item_id from sighting s
                   join item i on i.address_id = s.address_id
                   where s.report_id = $1 group by i.content_id) i
             join near n on n.content_id = i.content_id
             join judgement j on j.content_id = n.like_id and j.undone_at_ms is null
                 and j.from_content is null
             join seal_key k on k.owner = n.like_id
             where n.refused_at_ms is null and n.distance <= $2
                 and not exists (select 1 from judgement own
                     where own.content_id = n.content_id and own.undone_at_ms is null)
                 and not exists (select 1 from second_look k where k.content_id = n.content_id)
             order by n.distance, j.at_ms, n.like_id",
            values![report, i64::from(rule.distance)],
        )
        .await?;
    let mut seen = std::collections::HashSet::new();
    rows.retain(|row| seen.insert(row.content_id));
    Ok(rows)
}

/// Notes that a content is not the same as any judged one that is like it.
pub(crate) async fn refuse(tx: &Tx, content: ContentId, at: Instant) -> Result<(), DbError> {
    tx.execute(
        "update near set refused_at_ms = $2 where content_id = $1 and refused_at_ms is null
             and like_id in (select content_id from judgement where undone_at_ms is null)",
        values![content, at],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
#[path = "likeness_tests.rs"]
mod tests;
