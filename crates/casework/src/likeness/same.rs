//! The items of one report that are the same picture: one tile, one look.
//!
//! A picture is gathered around the first item that shows it, in the order of the page; everything in
//! it is as near to that first one as the rule says, so that pictures do not run into one another by
//! small steps. Turned and mirrored copies are not gathered: a person confirms those.

use std::collections::{HashMap, HashSet};

use ground::{Ask, ContentId, DbError, Instant, ReportId, Tx, Verdict, sea_orm, values};
use pdq::Hash256;
use sea_orm::FromQueryResult;

use super::LikenessRule;

/// The rule by which contents of one report are the same picture, and its version: the nearer of both
/// definitions, measured from the first.
pub(crate) const RULE: &str = "pdq-same-1";

#[derive(FromQueryResult)]
struct Row {
    content_id: ContentId,
    pdq: Vec<u8>,
    pdq_512: Vec<u8>,
    verdict: Option<Verdict>,
}

/// A content of a report that can be compared.
#[derive(Debug, Clone, Copy)]
struct Seen {
    content: ContentId,
    hashes: [Hash256; 2],
    verdict: Option<Verdict>,
}

impl Seen {
    fn of(row: Row) -> Option<Self> {
        let hash = |bytes: Vec<u8>| <[u8; 32]>::try_from(bytes).ok().map(Hash256::from_bytes);
        Some(Self {
            content: row.content_id,
            hashes: [hash(row.pdq)?, hash(row.pdq_512)?],
            verdict: row.verdict,
        })
    }

    fn distance(&self, other: &Self) -> u32 {
        let [full, reduced] = self.hashes;
        let (full, reduced) = (
            full.distance(&other.hashes[0]),
            reduced.distance(&other.hashes[1]),
        );
        full.min(reduced)
    }

    /// Whether people gave the two different verdicts.
    fn judged_apart(&self, other: &Self) -> bool {
        let both = self.verdict.zip(other.verdict);
        both.is_some_and(|(one, other)| one != other)
    }
}

/// Where a content of a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The first content that shows the same picture; itself when there is none before it.
    pub first: ContentId,
    /// In how many bits of 256 it differs from that one.
    pub distance: u32,
}

/// A content without a verdict that is the same picture as another of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copy {
    pub content: ContentId,
    pub distance: u32,
}

/// Which contents of a report are the same picture.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    seen: Vec<Seen>,
    places: HashMap<ContentId, Place>,
}

impl Pictures {
    /// Gathers contents, given in the order of the page; `apart` are pairs of which somebody said
    /// that they are not the same.
    fn gather(seen: Vec<Seen>, apart: &HashSet<(ContentId, ContentId)>, same: u32) -> Self {
        let mut firsts: Vec<Seen> = Vec::new();
        let mut places = HashMap::with_capacity(seen.len());
        for one in &seen {
            let with = |first: &&Seen| {
                first.distance(one) <= same
                    && !first.judged_apart(one)
                    && !apart.contains(&(first.content, one.content))
                    && !apart.contains(&(one.content, first.content))
            };
            let place = match firsts.iter().find(with) {
                Some(first) => Place {
                    first: first.content,
                    distance: first.distance(one),
                },
                None => {
                    firsts.push(*one);
                    Place {
                        first: one.content,
                        distance: 0,
                    }
                }
            };
            places.insert(one.content, place);
        }
        Self { seen, places }
    }

    /// Where a content stands; a content that cannot be compared stands by itself.
    pub fn place(&self, content: ContentId) -> Place {
        let alone = Place {
            first: content,
            distance: 0,
        };
        self.places.get(&content).copied().unwrap_or(alone)
    }

    /// The contents without a verdict that are the same picture as `content`, measured from it.
    pub fn copies(&self, content: ContentId, same: u32) -> Vec<Copy> {
        let Some(asked) = self.seen.iter().find(|one| one.content == content) else {
            return Vec::new();
        };
        let first = self.place(content).first;
        let copy = |one: &Seen| Copy {
            content: one.content,
            distance: asked.distance(one),
        };
        let waits = |one: &&Seen| {
            one.content != content
                && one.verdict.is_none()
                && self.place(one.content).first == first
        };
        let copies = self.seen.iter().filter(waits).map(copy);
        copies.filter(|copy| copy.distance <= same).collect()
    }
}

/// Which contents of a report are the same picture, as its page shows them now. Items set apart and
/// contents that are asked of a person for a second look stand by themselves.
pub(crate) async fn pictures(
    ask: &impl Ask,
    report: ReportId,
    rule: LikenessRule,
) -> Result<Pictures, DbError> {
    let rows: Vec<Row> = ask
        .rows(
            "select l.content_id, l.pdq, l.pdq_512, j.verdict
             from sighting s join item i on i.address_id = s.address_id
             join likeness l on l.content_id = i.content_id
             left join judgement j on j.content_id = i.content_id and j.undone_at_ms is null
             where s.report_id = $1 and i.set_apart = 0 and l.quality >= $2
                 and l.pdq is not null and l.pdq_512 is not null
                 and not exists (select 1 from second_look k
                     where k.content_id = i.content_id and k.verdict is null)
             order by s.position, s.address_id, i.found_at_ms, i.position, i.id",
            values![report, i64::from(rule.quality)],
        )
        .await?;
    let mut once = HashSet::new();
    let seen: Vec<Seen> = rows
        .into_iter()
        .filter_map(Seen::of)
        .filter(|one| once.insert(one.content))
        .collect();
    let apart = if seen.len() > 1 {
        told_apart(ask, report).await?
    } else {
        HashSet::new()
    };
    Ok(Pictures::gather(seen, &apart, rule.same))
}

async fn told_apart(
    ask: &impl Ask,
    report: ReportId,
) -> Result<HashSet<(ContentId, ContentId)>, DbError> {
    #[derive(FromQueryResult)]
    struct Pair {
        content_id: ContentId,
        like_id: ContentId,
    }
    let rows: Vec<Pair> = ask
        .rows(
            "select distinct n.content_id, n.like_id from sighting s
             join item i on i.address_id = s.address_id
             join near n on n.content_id = i.content_id
             where s.report_id = $1 and n.refused_at_ms is not null",
            values![report],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.content_id, row.like_id))
        .collect())
}

/// Notes that two contents are not the same picture.
pub(crate) async fn tell_apart(
    tx: &Tx,
    content: ContentId,
    first: ContentId,
    distance: u32,
    at: Instant,
) -> Result<(), DbError> {
    tx.execute(
        "insert into near (content_id, like_id, distance, turned, rule, refused_at_ms)
         values ($1, $2, $3, 0, $4, $5)
         on conflict (content_id, like_id) do update set refused_at_ms = excluded.refused_at_ms",
        values![content, first, i64::from(distance), RULE, at],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(n: u128, bits: u64) -> Seen {
        let hash = Hash256::from_words([bits, 0, 0, 0]);
        Seen {
            content: ContentId::from_bits(n),
            hashes: [hash, hash],
            verdict: None,
        }
    }

    fn firsts(pictures: &Pictures, of: &[u128]) -> Vec<ContentId> {
        of.iter()
            .map(|n| pictures.place(ContentId::from_bits(*n)).first)
            .collect()
    }

    #[test]
    fn pictures_are_measured_from_the_first_and_do_not_drift() {
        let drifting = vec![seen(1, 0), seen(2, 0xFF), seen(3, 0xFFFF)];
        let pictures = Pictures::gather(drifting, &HashSet::new(), 10);
        assert_eq!(
            firsts(&pictures, &[1, 2, 3]),
            [1, 1, 3].map(ContentId::from_bits)
        );
        assert_eq!(pictures.place(ContentId::from_bits(2)).distance, 8);
        let copies = pictures.copies(ContentId::from_bits(1), 10);
        assert_eq!(copies.len(), 1);
        assert_eq!(
            pictures.place(ContentId::from_bits(9)).first,
            ContentId::from_bits(9)
        );
    }

    #[test]
    fn what_was_told_apart_or_judged_differently_is_another_picture() {
        let pair = |a, b| (ContentId::from_bits(a), ContentId::from_bits(b));
        let apart = HashSet::from([pair(2, 1)]);
        let pictures = Pictures::gather(vec![seen(1, 0), seen(2, 1)], &apart, 10);
        assert_eq!(firsts(&pictures, &[1, 2]), [1, 2].map(ContentId::from_bits));
        let (mut one, mut other) = (seen(1, 0), seen(2, 1));
        one.verdict = Some(Verdict::Ignore);
        other.verdict = Some(Verdict::NotIllegal);
        let pictures = Pictures::gather(vec![one, other], &HashSet::new(), 10);
        assert_eq!(firsts(&pictures, &[1, 2]), [1, 2].map(ContentId::from_bits));
        other.verdict = None;
        let pictures = Pictures::gather(vec![one, other], &HashSet::new(), 10);
        assert_eq!(firsts(&pictures, &[1, 2]), [1, 1].map(ContentId::from_bits));
    }
}
