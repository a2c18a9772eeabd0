//! The audit of lists: everything that matched because of one, newest first, in pages that lose nothing
//! and tell nothing twice.

use std::fmt;
use std::str::FromStr;

use ground::{Ask, ContentId, DbError, HashListId, Instant, Verdict, sea_orm, values};
use report::ReportNumber;
use sea_orm::FromQueryResult;

/// Something that matched because of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// When it was matched: when it was captured, or when the list came later.
    pub at_ms: Instant,
    /// The list.
    pub list: String,
    /// 1 when it is our own.
    pub own: i64,
    /// The category there at that time.
    pub category: String,
    /// By which hash.
    pub kind: String,
    /// In bits of 256.
    pub distance: i64,
    /// 1 when only turned or mirrored.
    pub turned: i64,
    /// Of a video, when the frame that matched is shown, in ms.
    pub frame_ms: Option<i64>,
    /// 1 when the source has taken the entry back since.
    pub withdrawn: i64,
    /// What matched.
    pub content_id: ContentId,
    /// The entry's number.
    pub entry: i64,
    /// What a human judged it to be.
    pub verdict: Option<Verdict>,
    /// The reports in which it was found, newest first; at most five.
    pub reports: Vec<String>,
}

/// Where a page ends. Much that matches is noted in one instant, so an instant alone says too little.
/// Written as `INSTANT.CONTENT.ENTRY`, for an address or a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    at: Instant,
    content: ContentId,
    entry: i64,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.at.ms(), self.content, self.entry)
    }
}

/// A text that names no place in the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no place in the audit, as the page before told it")]
pub struct NoSpot;

impl FromStr for Spot {
    type Err = NoSpot;

    fn from_str(text: &str) -> Result<Self, NoSpot> {
        let mut parts = text.split('.');
        let (Some(at), Some(content), Some(entry), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoSpot);
        };
        Ok(Self {
            at: Instant::from_ms(at.parse().map_err(|_| NoSpot)?),
            content: content.parse().map_err(|_| NoSpot)?,
            entry: entry.parse().map_err(|_| NoSpot)?,
        })
    }
}

/// One page of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// What matched, newest first.
    pub rows: Vec<Matched>,
    /// Where the next page goes on; none when this is the last.
    pub next: Option<Spot>,
}

#[derive(FromQueryResult)]
struct Row {
    at_ms: Instant,
    list: String,
    own: i64,
    category: String,
    kind: String,
    distance: i64,
    turned: i64,
    frame_ms: Option<i64>,
    withdrawn: i64,
    content_id: ContentId,
    entry: i64,
    verdict: Option<Verdict>,
}

#[derive(FromQueryResult)]
struct Numbered {
    number: ReportNumber,
}

/// What matched because of a list, or of any, newest first: at most `limit`, after `spot` when there is
/// one.
///
/// # Errors
/// [`DbError`].
pub async fn matched(
    ask: &impl Ask,
    list: Option<HashListId>,
    spot: Option<Spot>,
    limit: u32,
) -> Result<Audited, DbError> {
    let at = spot.map_or(Instant::from_ms(i64::MAX), |spot| spot.at);
    let content = spot.map_or_else(String::new, |spot| spot.content.to_string());
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found: Vec<Row> = ask
        .rows(
            "select m.at_ms, l.name as list, l.own, m.category, m.kind, m.distance, m.turned,
                 m.frame_ms,
                 cast(case when e.withdrawn_at_ms is null then 0 else 1 end as bigint)
                     as withdrawn, m.content_id, m.entry, j.verdict
             from list_match m join hash_entry e on e.entry = m.entry
             join hash_list l on l.no = e.list_no
             left join judgement j on j.content_id = m.content_id and j.undone_at_ms is null
             where (m.at_ms, m.content_id, m.entry) < ($1, $2, $3)
                 and (cast($4 as text) is null or l.id = $4)
             order by m.at_ms desc, m.content_id desc, m.entry desc limit $5",
            values![
                at,
                content,
                spot.map_or(0, |spot| spot.entry),
                list.map(|id| id.to_string()),
                i64::from(limit).saturating_add(1)
            ],
        )
        .await?;
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|last| Spot {
        at: last.at_ms,
        content: last.content_id,
        entry: last.entry,
    });
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let reports = reports_with(ask, row.content_id).await?;
        rows.push(row.in_reports(reports));
    }
    Ok(Audited { rows, next })
}

/// The numbers of the newest reports in which a content was found.
async fn reports_with(ask: &impl Ask, content: ContentId) -> Result<Vec<String>, DbError> {
    let numbers: Vec<Numbered> = ask
        .rows(
            "select distinct r.number, r.received_hour_ms from item i
             join sighting s on s.address_id = i.address_id join report r on r.id = s.report_id
             where i.content_id = $1 order by r.received_hour_ms desc, r.number limit 5",
            values![content],
        )
        .await?;
    Ok(numbers.iter().map(|one| one.number.to_string()).collect())
}

impl Row {
    fn in_reports(self, reports: Vec<String>) -> Matched {
        Matched {
            at_ms: self.at_ms,
            list: self.list,
            own: self.own,
            category: self.category,
            kind: self.kind,
            distance: self.distance,
            turned: self.turned,
            frame_ms: self.frame_ms,
            withdrawn: self.withdrawn,
            content_id: self.content_id,
            entry: self.entry,
            verdict: self.verdict,
            reports,
        }
    }
}
