//! Recognising pictures that look like known ones: re-encoded, resized, slightly cropped, turned.
//!
//! Every content with a usable hash is in one live index, under both definitions of PDQ. It is made
//! from the records in the background of the start; recognition waits for it, nothing else does. A
//! visit holds it from its first look-up until its records are durable, so that of two visits with
//! like pictures the later one finds the earlier one's. Likeness proposes; a human decides.

pub(crate) mod house;
pub(crate) mod same;

use std::collections::HashMap;
use std::sync::Arc;

use capture::{Likeness, Looks};
use ground::{Ask, ContentId, DbError, Instant, ItemId, NotIllegalReason, ReportId, Tx, Verdict};
use ground::{sea_orm, values};
use likeness_index::{BuildError, Entry, LikenessIndex};
use pdq::Hash256;
use sea_orm::FromQueryResult;
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use crate::{Casework, WorkError};

/// The rule by which contents are found to be alike, and its version: the nearest of both definitions
/// and all turns.
const RULE: &str = "pdq-1";
/// The largest distance that the index is made for, in bits of 256.
const RADIUS: u32 = 40;
/// The most neighbours that are noted of one content, nearest first.
const NEIGHBOURS: usize = 16;

/// What counts as alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LikenessRule {
    /// Up to this distance a picture is proposed as alike, in bits of 256; at most 40.
    pub distance: u32,
    /// Up to this distance it is called the same picture, in bits.
    pub same: u32,
    /// Hashes of less quality (0 to 100) are not looked up and not found.
    pub quality: u8,
}

impl Default for LikenessRule {
    /// Meta's thresholds.
    fn default() -> Self {
        Self {
            distance: 31,
            same: 10,
            quality: 50,
        }
    }
}

/// The live index, once it is loaded.
#[derive(Default)]
pub(crate) struct Recognition(OnceCell<Mutex<Live>>);

/// Every content that can be recognised.
pub(crate) struct Live {
    index: Arc<LikenessIndex>,
    contents: Vec<ContentId>,
    numbers: HashMap<ContentId, u64>,
}

/// A content with its hashes by both definitions.
pub(crate) struct Known {
    content: ContentId,
    hashes: [Hash256; 2],
}

/// A content that is alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Near {
    content: ContentId,
    distance: u32,
    turned: bool,
}

impl Live {
    async fn of(known: Vec<Known>) -> Result<Self, WorkError> {
        let contents: Vec<ContentId> = known.iter().map(|one| one.content).collect();
        let entries: Vec<Entry> = (0..)
            .zip(&known)
            .flat_map(|(id, one)| one.entries(id))
            .collect();
        let built =
            tokio::task::spawn_blocking(move || LikenessIndex::build(RADIUS, entries.into_iter()));
        let index = built
            .await
            .map_err(WorkError::refused)?
            .map_err(WorkError::refused)?;
        let numbers = contents.iter().copied().zip(0..).collect();
        Ok(Self {
            index: Arc::new(index),
            contents,
            numbers,
        })
    }

    /// The nearest contents within `radius`, among those of the index and `recent` ones.
    fn near(&self, looks: &Looks, recent: &[Known], radius: u32) -> Vec<Near> {
        let mut best: HashMap<ContentId, (u32, bool)> = HashMap::new();
        let mut note = |content, distance, turned| {
            let seen = best.entry(content).or_insert((distance, turned));
            *seen = (*seen).min((distance, turned));
        };
        let stored = [looks.pdq(), looks.pdq_512()].map(|hash| (hash, false));
        let turns = looks.turns[1..].iter().map(|turn| (turn.0, true));
        for (hash, turned) in stored.into_iter().chain(turns) {
            for found in self.index.search(&hash.words(), radius) {
                let place = usize::try_from(found.id).ok();
                if let Some(content) = place.and_then(|place| self.contents.get(place)) {
                    note(*content, found.distance, turned);
                }
            }
            for one in recent {
                for distance in one.hashes.map(|known| known.distance(&hash)) {
                    if distance <= radius {
                        note(one.content, distance, turned);
                    }
                }
            }
        }
        let mut near: Vec<Near> = best
            .into_iter()
            .map(|(content, (distance, turned))| Near {
                content,
                distance,
                turned,
            })
            .collect();
        near.sort_unstable_by_key(|one| (one.distance, one.turned, one.content));
        near.truncate(NEIGHBOURS);
        near
    }

    /// From now on these are found.
    pub(crate) fn admit(&mut self, recent: Vec<Known>) {
        for one in recent {
            let number = self.contents.len() as u64;
            self.contents.push(one.content);
            self.numbers.insert(one.content, number);
            self.index.insert_all(one.entries(number));
        }
        if self.index.should_merge() {
            let index = Arc::clone(&self.index);
            tokio::task::spawn_blocking(move || merge(&index));
        }
    }

    /// From now on this one is not found.
    pub(crate) fn withdraw(&mut self, content: ContentId) {
        if let Some(number) = self.numbers.remove(&content) {
            self.index.withdraw_id(number);
        }
    }
}

fn merge(index: &LikenessIndex) {
    if let Err(fault) = index.merge() {
        let fault: &BuildError = &fault;
        tracing::warn!(%fault, "the index of likeness was not merged and searches on as it is");
    }
}

impl Known {
    fn entries(&self, id: u64) -> [Entry; 2] {
        self.hashes.map(|hash| Entry {
            hash: hash.words(),
            id,
        })
    }
}

#[derive(FromQueryResult)]
struct Row {
    content_id: ContentId,
    pdq: Vec<u8>,
    pdq_512: Vec<u8>,
}

impl Row {
    fn read(self) -> Result<Known, WorkError> {
        let hash = |bytes: Vec<u8>| {
            let bytes = <[u8; 32]>::try_from(bytes);
            bytes
                .map(Hash256::from_bytes)
                .map_err(|_| WorkError::unreadable("likeness.pdq is not 32 bytes"))
        };
        Ok(Known {
            content: self.content_id,
            hashes: [hash(self.pdq)?, hash(self.pdq_512)?],
        })
    }
}

/// Every content that can still be opened and has a hash of this quality.
async fn known(ask: &impl Ask, quality: u8) -> Result<Vec<Known>, WorkError> {
    let rows: Vec<Row> = ask
        .rows(
            "select l.content_id, l.pdq, l.pdq_512 from likeness l
             join seal_key k on k.owner = l.content_id
             where l.pdq is not null and l.pdq_512 is not null and l.quality >= $1",
            values![i64::from(quality)],
        )
        .await?;
    rows.into_iter().map(Row::read).collect()
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

async fn put_near(tx: &Tx, content: ContentId, near: Near) -> Result<(), DbError> {
    for (one, other) in [(content, near.content), (near.content, content)] {
        tx.execute(
            "insert into near (content_id, like_id, distance, turned, rule)
             values ($1, $2, $3, $4, $5) on conflict do nothing",
            values![
                one,
                other,
                i64::from(near.distance),
                i64::from(near.turned),
                RULE
            ],
        )
        .await?;
    }
    Ok(())
}

impl Casework {
    /// The live index; loads it when that has not been done.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail or there is no memory for it.
    pub(crate) async fn live(&self) -> Result<MutexGuard<'_, Live>, WorkError> {
        let quality = self.settings.likeness.quality;
        let load = || async { Ok(Mutex::new(Live::of(known(&self.db, quality).await?).await?)) };
        let live: Result<_, WorkError> = self.0.recognition.0.get_or_try_init(load).await;
        Ok(live?.lock().await)
    }

    /// Notes what a content looks like and what is like it; `recent` are those of the same visit. Does
    /// nothing for a content whose likeness is known.
    pub(crate) async fn liken(
        &self,
        tx: &Tx,
        live: &Live,
        recent: &mut Vec<Known>,
        content: ContentId,
        likeness: &Likeness,
    ) -> Result<(), WorkError> {
        let rule = self.settings.likeness;
        if !put(tx, content, likeness).await? {
            return Ok(());
        }
        let Some(looks) = likeness
            .looks()
            .filter(|looks| looks.quality >= rule.quality)
        else {
            return Ok(());
        };
        for near in live.near(looks, recent, rule.distance) {
            put_near(tx, content, near).await?;
        }
        recent.push(Known {
            content,
            hashes: [looks.pdq(), looks.pdq_512()],
        });
        Ok(())
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
    pub verdict: Verdict,
    pub why: Option<NotIllegalReason>,
    pub at_ms: Instant,
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
            "select i.item_id, n.content_id, n.like_id, n.distance, n.turned, n.rule,
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
