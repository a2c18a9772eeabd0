//! Which of very many like contents are noted beside one, so that the judged one is always among them.
//!
//! The pictures that are spread most have the most copies, and most copies have their verdict from another
//! one: they are no ground for a proposal. So beside the nearest of all, the nearest that were judged by
//! looking are noted; and when a report is taken, those that were judged since are looked for once more.

use std::collections::HashSet;

use ground::{Ask, ContentId, DbError, ReportId, sea_orm, values};
use sea_orm::FromQueryResult;

use super::live::{Near, Row};
use super::put_near;
use crate::{Casework, WorkError};

/// So many are noted whatever they are, the nearest first.
const NEAREST: usize = 16;
/// And so many that were judged by looking.
const JUDGED: usize = 8;
/// Most contents asked for in one statement.
const STRIDE: usize = 400;

#[derive(FromQueryResult)]
struct Looked {
    content_id: ContentId,
}

/// Those of a few contents that were judged by looking, and still are.
async fn looked_at(ask: &impl Ask, some: &[Near]) -> Result<HashSet<ContentId>, DbError> {
    let places: Vec<String> = (1..=some.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "select content_id from judgement where undone_at_ms is null and from_content is null
             and content_id in ({})",
        places.join(", ")
    );
    let ids = some
        .iter()
        .map(|near| sea_orm::Value::from(near.content))
        .collect();
    let rows: Vec<Looked> = ask.rows(&sql, ids).await?;
    Ok(rows.into_iter().map(|row| row.content_id).collect())
}

/// Of all neighbours, nearest first, the few that were judged by looking.
async fn judged(ask: &impl Ask, near: &[Near]) -> Result<Vec<Near>, DbError> {
    let mut judged = Vec::new();
    for some in near.chunks(STRIDE) {
        let looked = looked_at(ask, some).await?;
        let found = some.iter().filter(|near| looked.contains(&near.content));
        judged.extend(found.copied().take(JUDGED - judged.len()));
        if judged.len() == JUDGED {
            break;
        }
    }
    Ok(judged)
}

/// Of all neighbours, nearest first, those that are noted: the nearest, and the nearest of those that were
/// judged by looking.
pub(super) async fn worth_noting(
    ask: &impl Ask,
    mut near: Vec<Near>,
) -> Result<Vec<Near>, DbError> {
    if near.len() <= NEAREST {
        return Ok(near);
    }
    let further = near.split_off(NEAREST);
    near.extend(judged(ask, &further).await?);
    Ok(near)
}

impl Casework {
    /// Notes for each content of a report that nobody judged, and beside which nothing judged is noted yet,
    /// what was judged by looking since it came and is like it. Does nothing while the index is being loaded.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail.
    pub(crate) async fn look_around(&self, report: ReportId) -> Result<(), WorkError> {
        let rule = self.settings.likeness;
        let rows: Vec<Row> = self
            .db
            .rows(
                "select l.content_id, l.pdq, l.pdq_512 from likeness l
                 where l.pdq is not null and l.pdq_512 is not null and l.quality >= $2
                     and l.content_id in (select i.content_id from sighting s
                         join item i on i.address_id = s.address_id where s.report_id = $1)
                     and not exists (select 1 from judgement own
                         where own.content_id = l.content_id and own.undone_at_ms is null)
                     and not exists (select 1 from near n
                         join judgement j on j.content_id = n.like_id and j.undone_at_ms is null
                             and j.from_content is null
                         where n.content_id = l.content_id)",
                values![report, i64::from(rule.quality)],
            )
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut found = Vec::new();
        {
            let Some(live) = self.live_if_loaded().await else {
                return Ok(());
            };
            for row in rows {
                let known = row.read()?;
                found.push((known.content, live.near_stored(&known, rule.distance)));
            }
        }
        let mut noted = Vec::new();
        for (content, near) in found {
            let judged = judged(&self.db, &near).await?;
            noted.extend(judged.into_iter().map(|near| (content, near)));
        }
        if noted.is_empty() {
            return Ok(());
        }
        let tx = self.db.upkeep("note what was judged since").await?;
        for (content, near) in &noted {
            put_near(&tx, *content, near).await?;
        }
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
#[path = "around_tests.rs"]
mod tests;
