//! What is known of contents because they are on a list. It is told before any picture is shown, and
//! is never a verdict.

mod audit;
mod later;

use std::collections::HashMap;

use capture::{Digests, Film, Likeness};
use ground::{Ask, ContentId, DbError, ReportId, sea_orm, values};
use hashlist::{Asked, Kind, Match};
use sea_orm::FromQueryResult;

use crate::{Casework, WorkError, read};

pub use audit::{Audited, Matched, NoSpot, Spot, matched};

/// A content is on a list.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Known {
    content_id: ContentId,
    /// The list.
    pub list: String,
    /// 1 when it is our own.
    pub own: i64,
    /// The category there, in the words of its source.
    pub category: String,
    /// In how many bits of 256 its look differs; 0 for the same bytes and for the same hash.
    pub distance: i64,
    /// By which hash.
    pub kind: String,
    /// 1 when only turned or mirrored.
    pub turned: i64,
    /// Of a video, when the frame that matched is shown, in ms.
    pub frame_ms: Option<i64>,
}

impl Known {
    /// Whether its bytes are the same.
    #[must_use]
    pub fn same_bytes(&self) -> bool {
        matches!(self.kind.parse(), Ok(Kind::Md5 | Kind::Sha1 | Kind::Sha256))
    }
}

/// So many items of a report are on a list under one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCount {
    /// The list.
    pub list: String,
    /// 1 when it is our own.
    pub own: i64,
    /// The category there.
    pub category: String,
    /// Items.
    pub items: i64,
}

/// Lists and entries that match now: what was taken back is told no more.
pub(crate) const MATCHING: &str = "join list_match m on m.content_id = i.content_id
     join hash_entry e on e.entry = m.entry and e.withdrawn_at_ms is null
     join hash_list l on l.no = e.list_no and l.enabled = 1";

/// On which lists the contents of a report are, the nearest first.
pub(crate) async fn known(
    ask: &impl Ask,
    report: ReportId,
) -> Result<HashMap<ContentId, Vec<Known>>, DbError> {
    let rows: Vec<Known> = ask
        .rows(
            &format!(
                "select distinct m.content_id, l.name as list, l.own, e.category, m.distance,
                     m.kind, m.turned, m.frame_ms
                 from sighting s join item i on i.address_id = s.address_id {MATCHING}
                 where s.report_id = $1 order by m.distance, l.name, m.kind"
            ),
            values![report],
        )
        .await?;
    let mut by_content: HashMap<ContentId, Vec<Known>> = HashMap::new();
    for row in rows {
        let of = by_content.entry(row.content_id).or_default();
        if !of.iter().any(|one| one.list == row.list) {
            of.push(row);
        }
    }
    Ok(by_content)
}

#[derive(FromQueryResult)]
struct CountOf {
    report_id: ReportId,
    list: String,
    own: i64,
    category: String,
    items: i64,
}

/// How many items of each of these reports are on which list, most first; at most three lines of each.
pub(crate) async fn counts(
    ask: &impl Ask,
    reports: &[ReportId],
) -> Result<HashMap<ReportId, Vec<KnownCount>>, DbError> {
    let mut by_report: HashMap<ReportId, Vec<KnownCount>> = HashMap::new();
    for some in reports.chunks(read::MOST_IDS) {
        let (places, values) = read::listed_as(some);
        let sql = format!(
            "select s.report_id, l.name as list, l.own, e.category, count(distinct i.id) as items
             from sighting s join item i on i.address_id = s.address_id {MATCHING}
             where s.report_id in ({places}) group by s.report_id, l.name, l.own, e.category
             order by count(distinct i.id) desc, l.name, e.category"
        );
        for row in ask.rows::<CountOf>(&sql, values).await? {
            let of = by_report.entry(row.report_id).or_default();
            if of.len() < 3 {
                of.push(KnownCount {
                    list: row.list,
                    own: row.own,
                    category: row.category,
                    items: row.items,
                });
            }
        }
    }
    Ok(by_report)
}

#[derive(FromQueryResult)]
struct OneCategory {
    category: String,
}

/// Under which categories of lists something of a report is known; each once.
pub(crate) async fn categories(ask: &impl Ask, report: ReportId) -> Result<Vec<String>, DbError> {
    let rows: Vec<OneCategory> = ask
        .rows(
            &format!(
                "select distinct e.category from sighting s
                 join item i on i.address_id = s.address_id {MATCHING} where s.report_id = $1"
            ),
            values![report],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.category).collect())
}

/// Under which categories of lists anything was ever found here, in order; at most so many.
pub(crate) async fn categories_met(ask: &impl Ask, most: u32) -> Result<Vec<String>, DbError> {
    let rows: Vec<OneCategory> = ask
        .rows(
            "select distinct category from list_match order by category limit $1",
            values![i64::from(most)],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.category).collect())
}

impl Casework {
    /// All lists in memory. Not loaded before the first [`Casework::refresh_lists`].
    #[must_use]
    pub fn lists(&self) -> &hashlist::Live {
        &self.lists
    }

    /// Brings the lists in memory up to date; how many entries changed.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub async fn refresh_lists(&self) -> Result<u64, WorkError> {
        self.lists()
            .refresh(&self.db)
            .await
            .map_err(WorkError::refused)
    }

    /// The lists that a content is on: by its bytes, by what a picture looks like, by the frames of a
    /// video. What is set apart is given without its look.
    pub(crate) fn on_lists(
        &self,
        digests: &Digests,
        (likeness, film): (Option<&Likeness>, Option<&Film>),
    ) -> Vec<Match> {
        let rule = self.settings.likeness;
        let looks = likeness.and_then(Likeness::looks);
        let looks = looks.filter(|looks| looks.quality >= rule.quality);
        let stored = looks.map(|looks| [(looks.pdq(), Kind::Pdq), (looks.pdq_512(), Kind::Pdq512)]);
        let turns = looks.map(|looks| looks.turns.map(|turn| turn.0));
        let asked = Asked {
            sha256: digests.sha256,
            md5: digests.md5,
            sha1: digests.sha1,
            looks: stored.as_ref().map_or(&[], |looks| looks.as_slice()),
            turns: turns.as_ref().map_or(&[], |turns| &turns[1..]),
        };
        let mut found = hashlist::look_up(self.lists(), &asked, rule.distance);
        if let Some(film) = film {
            let frames = crate::likeness::frames_of(film, rule);
            let near = hashlist::look_up_frames(self.lists(), &frames, rule.distance);
            for one in near {
                if !found.iter().any(|other| other.list == one.list) {
                    found.push(one);
                }
            }
        }
        found
    }
}
