//! The live index: every content that can be recognised, searched while it changes.

use std::collections::HashMap;
use std::sync::Arc;

use capture::Looks;
use ground::{Ask, ContentId, sea_orm, values};
use likeness_index::{BuildError, Entry, LikenessIndex};
use pdq::Hash256;
use sea_orm::FromQueryResult;
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use super::RADIUS;
use super::film::{self, Films, KnownFilm};
use crate::{Casework, WorkError};

/// The live index, once it is loaded.
#[derive(Default)]
pub(crate) struct Recognition(OnceCell<Mutex<Live>>);

/// Every content that can be recognised.
pub(crate) struct Live {
    pub(super) films: Films,
    index: Arc<LikenessIndex>,
    contents: Vec<ContentId>,
    numbers: HashMap<ContentId, u64>,
}

/// A content with its hashes by both definitions.
pub(crate) struct Known {
    pub content: ContentId,
    pub hashes: [Hash256; 2],
}

/// A content that is alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    pub content: ContentId,
    /// In bits of 256; of videos the mean of the frames that are found.
    pub distance: u32,
    /// Whether only when turned or mirrored.
    pub turned: bool,
    /// Of videos, how many of a hundred frames of the one are in the other: the lesser of both ways.
    pub share: Option<u8>,
}

/// Contents of which this transaction writes down what they look like: found by those that come after
/// them in it, and by all once it is durable.
#[derive(Default)]
pub(crate) struct Recent {
    pub pictures: Vec<Known>,
    pub films: Vec<KnownFilm>,
}

impl Live {
    pub(super) async fn of(known: Vec<Known>, films: Vec<KnownFilm>) -> Result<Self, WorkError> {
        let contents: Vec<ContentId> = known.iter().map(|one| one.content).collect();
        let entries: Vec<Entry> = (0..)
            .zip(&known)
            .flat_map(|(id, one)| one.entries(id))
            .collect();
        let index = built(entries).await?;
        let numbers = contents.iter().copied().zip(0..).collect();
        Ok(Self {
            films: Films::of(films).await?,
            index,
            contents,
            numbers,
        })
    }

    /// All contents within `radius`, nearest first, among those of the index and `recent` ones.
    pub(super) fn near(&self, looks: &Looks, recent: &[Known], radius: u32) -> Vec<Near> {
        let stored = [looks.pdq(), looks.pdq_512()].map(|hash| (hash, false));
        let turns = looks.turns[1..].iter().map(|turn| (turn.0, true));
        self.within(stored.into_iter().chain(turns), recent, radius)
    }

    /// All other contents within `radius` of a stored one as it stands, not turned, nearest first.
    pub(super) fn near_stored(&self, known: &Known, radius: u32) -> Vec<Near> {
        let mut near = self.within(known.hashes.map(|hash| (hash, false)), &[], radius);
        near.retain(|one| one.content != known.content);
        near
    }

    /// What is within `radius` of any of these hashes, each of which is of a turned picture or not.
    fn within(
        &self,
        hashes: impl IntoIterator<Item = (Hash256, bool)>,
        recent: &[Known],
        radius: u32,
    ) -> Vec<Near> {
        let mut best: HashMap<ContentId, (u32, bool)> = HashMap::new();
        let mut note = |content, distance, turned| {
            let seen = best.entry(content).or_insert((distance, turned));
            *seen = (*seen).min((distance, turned));
        };
        for (hash, turned) in hashes {
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
                share: None,
            })
            .collect();
        near.sort_unstable_by_key(|one| (one.distance, one.turned, one.content));
        near
    }

    /// The contents within `radius` of a hash of a list, pictures and videos, each with its distance
    /// and, of a video, the time of the nearest frame in milliseconds.
    pub(crate) fn like(&self, hash: &Hash256, radius: u32) -> Vec<(ContentId, u32, Option<u64>)> {
        let mut best: HashMap<ContentId, u32> = HashMap::new();
        for found in self.index.search(&hash.words(), radius) {
            let place = usize::try_from(found.id).ok();
            if let Some(content) = place.and_then(|place| self.contents.get(place)) {
                let seen = best.entry(*content).or_insert(found.distance);
                *seen = (*seen).min(found.distance);
            }
        }
        let pictures = best.into_iter();
        let pictures = pictures.map(|(content, distance)| (content, distance, None));
        let mut all: Vec<_> = pictures.collect();
        all.extend(self.films.like(hash, radius));
        all.sort_unstable();
        all
    }

    /// From now on these are found.
    pub(crate) fn admit(&mut self, recent: Recent) {
        self.films.admit(recent.films);
        for one in recent.pictures {
            let number = self.contents.len() as u64;
            self.contents.push(one.content);
            self.numbers.insert(one.content, number);
            self.index.insert_all(one.entries(number));
        }
        if self.index.should_merge() {
            merge_beside(&self.index);
        }
    }

    /// From now on this one is not found.
    pub(crate) fn withdraw(&mut self, content: ContentId) {
        self.films.withdraw(content);
        if let Some(number) = self.numbers.remove(&content) {
            self.index.withdraw_id(number);
        }
    }
}

/// An index of these, made beside everything else.
pub(super) async fn built(entries: Vec<Entry>) -> Result<Arc<LikenessIndex>, WorkError> {
    let made =
        tokio::task::spawn_blocking(move || LikenessIndex::build(RADIUS, entries.into_iter()));
    let index = made
        .await
        .map_err(WorkError::refused)?
        .map_err(WorkError::refused)?;
    Ok(Arc::new(index))
}

/// Works what is new into an index, beside the searches.
pub(super) fn merge_beside(index: &Arc<LikenessIndex>) {
    let index = Arc::clone(index);
    tokio::task::spawn_blocking(move || merge(&index));
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
pub(super) struct Row {
    content_id: ContentId,
    pdq: Vec<u8>,
    pdq_512: Vec<u8>,
}

impl Row {
    pub(super) fn read(self) -> Result<Known, WorkError> {
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
pub(super) async fn known(ask: &impl Ask, quality: u8) -> Result<Vec<Known>, WorkError> {
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

impl Casework {
    /// The live index, unless it is still being loaded.
    pub(super) async fn live_if_loaded(&self) -> Option<MutexGuard<'_, Live>> {
        let live = self.0.recognition.0.get()?;
        Some(live.lock().await)
    }

    /// The live index; loads it when that has not been done.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail or there is no memory for it.
    pub(crate) async fn live(&self) -> Result<MutexGuard<'_, Live>, WorkError> {
        let quality = self.settings.likeness.quality;
        let load = || async {
            let films = film::known(&self.db, self.settings.likeness).await?;
            let live = Live::of(known(&self.db, quality).await?, films).await?;
            Ok(Mutex::new(live))
        };
        let live: Result<_, WorkError> = self.0.recognition.0.get_or_try_init(load).await;
        Ok(live?.lock().await)
    }
}
