//! What was on a list when it was captured. A match is told, and is never a verdict.

use ground::{ContentId, DbError, Fact, HashFact, HashListId, ItemId, Tx, values};
use pdq::Hash256;

use crate::digest::{Digest, Kind};
use crate::live::Live;
use crate::rules::Category;

/// The hashes of one content.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Of its bytes.
    pub sha256: [u8; 32],
    /// Of its bytes.
    pub md5: [u8; 16],
    /// Of its bytes.
    pub sha1: [u8; 20],
    /// Of its look as it is stored, by each definition; none when it has none or a poor one.
    pub looks: &'a [(Hash256, Kind)],
    /// Of its look in the other turns and mirrorings.
    pub turns: &'a [Hash256],
}

/// A content that is on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The list.
    pub list: HashListId,
    /// The entry's number.
    pub entry: u64,
    /// By which hash of the content.
    pub kind: Kind,
    /// In bits of 256; 0 for the same bytes.
    pub distance: u32,
    /// Whether only when turned or mirrored.
    pub turned: bool,
    /// Of a video, when the frame that matched is shown, in ms.
    pub frame_ms: Option<u64>,
    /// The source's category.
    pub category: Category,
}

/// Looks a content up in all lists: SHA-256, then MD5 and SHA-1, then the look. One match for each list,
/// the first that is found in this order, of looks the nearest.
#[must_use]
pub fn look_up(live: &Live, asked: &Asked<'_>, radius: u32) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    let mut note = |new: Match| {
        if !found.iter().any(|one| one.list == new.list) {
            found.push(new);
        }
    };
    let digests = [
        (Digest::Sha256(asked.sha256), Kind::Sha256),
        (Digest::Md5(asked.md5), Kind::Md5),
        (Digest::Sha1(asked.sha1), Kind::Sha1),
    ];
    for (digest, kind) in digests {
        for hit in live.exact(&digest) {
            note(Match {
                list: hit.list,
                entry: hit.entry,
                kind,
                distance: 0,
                turned: false,
                frame_ms: None,
                category: hit.category,
            });
        }
    }
    let stored = asked.looks.iter().map(|(hash, kind)| (hash, *kind, false));
    let turned = asked.turns.iter().map(|hash| (hash, Kind::Pdq, true));
    let mut near: Vec<Match> = Vec::new();
    for (hash, kind, turned) in stored.chain(turned) {
        near.extend(
            live.nearest_of_each(hash, radius)
                .into_iter()
                .map(|near| Match {
                    list: near.hit.list,
                    entry: near.hit.entry,
                    kind,
                    distance: near.distance,
                    turned,
                    frame_ms: None,
                    category: near.hit.category,
                }),
        );
    }
    near.sort_by_key(|one| (one.distance, one.turned, one.entry));
    near.into_iter().for_each(note);
    found
}

/// Looks the frames of a video up in all lists, each with its time in ms: for each list the nearest.
#[must_use]
pub fn look_up_frames(live: &Live, frames: &[(u64, Hash256)], radius: u32) -> Vec<Match> {
    let mut near: Vec<Match> = Vec::new();
    for (at_ms, hash) in frames {
        near.extend(
            live.nearest_of_each(hash, radius)
                .into_iter()
                .map(|near| Match {
                    list: near.hit.list,
                    entry: near.hit.entry,
                    kind: Kind::Pdq,
                    distance: near.distance,
                    turned: false,
                    frame_ms: Some(*at_ms),
                    category: near.hit.category,
                }),
        );
    }
    near.sort_by_key(|one| (one.distance, one.frame_ms, one.entry));
    let mut lists = std::collections::HashSet::new();
    near.retain(|one| lists.insert(one.list));
    near
}

/// Notes that a content is on a list; false when that is known. `item` is what was captured.
///
/// # Errors
/// [`DbError`].
pub async fn note_match(
    tx: &Tx,
    content: ContentId,
    item: ItemId,
    found: &Match,
) -> Result<bool, DbError> {
    let entry = i64::try_from(found.entry).unwrap_or(i64::MAX);
    let at = tx.act().map(|act| act.at);
    let new = tx
        .execute(
            "insert into list_match (content_id, entry, kind, distance, turned, category, at_ms,
                 frame_ms)
             select cast($1 as text), entry, cast($3 as text), cast($4 as bigint),
                 cast($5 as bigint), cast($6 as text), cast($7 as bigint),
                 cast($8 as bigint)
             from hash_entry where entry = $2 on conflict (content_id, entry) do nothing",
            values![
                content,
                entry,
                found.kind.as_str(),
                i64::from(found.distance),
                i64::from(found.turned),
                found.category.as_str(),
                at,
                found.frame_ms.and_then(|ms| i64::try_from(ms).ok())
            ],
        )
        .await?;
    if new > 0 {
        let fact = Fact::Hash(HashFact::ListMatched {
            list: found.list,
            item,
            by: found.kind.to_string(),
            category: found.category.to_string(),
            distance: found.distance,
            turned: found.turned,
        });
        tx.record(content, &fact);
    }
    Ok(new > 0)
}
