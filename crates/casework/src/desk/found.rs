//! What was found at the addresses of a report, in few statements however many addresses it names.

use std::collections::HashMap;

use capture::store::{ContentRow, ItemRow, VisitRow};
use ground::{AddressId, Ask, ContentId, DbError, ItemId, ReportId, values};
use serde::Deserialize;
use vault::{Opener, Owner, Place};

use super::view::{OpenFilm, OpenItem, OpenVisit, open_item, without_data};
use super::{Alike, DeskError};
use crate::likeness::{self, same};
use crate::{Casework, read};

/// The latest visit of each address a report names.
async fn visits(ask: &impl Ask, report: ReportId) -> Result<Vec<VisitRow>, DbError> {
    ask.rows(
        "select v.id, v.address_id, v.state, v.cause, v.via, v.status, v.ip, v.record, v.screenshot,
             v.wanted_at_ms, v.ended_at_ms, v.attempts, v.not_before_ms
         from sighting s join visit v on v.address_id = s.address_id
         where s.report_id = $1 and not exists (select 1 from visit o
             where o.address_id = v.address_id and (o.wanted_at_ms > v.wanted_at_ms
                 or (o.wanted_at_ms = v.wanted_at_ms and o.id < v.id)))",
        values![report],
    )
    .await
}

/// The items at the addresses a report names: by the sender's order of addresses and within one in
/// the order of the page, set apart ones last.
async fn items(ask: &impl Ask, report: ReportId) -> Result<Vec<ItemRow>, DbError> {
    ask.rows(
        "select i.id, i.address_id, i.content_id, i.blind, i.sealed, i.found_by, i.set_apart,
             i.position, i.found_at_ms
         from sighting s join item i on i.address_id = s.address_id
         where s.report_id = $1
         order by s.position, s.address_id, i.set_apart, i.found_at_ms, i.position, i.id",
        values![report],
    )
    .await
}

/// The contents of these items.
async fn contents(ask: &impl Ask, report: ReportId) -> Result<Vec<ContentRow>, DbError> {
    ask.rows(
        "select id, sha256, sha1, md5, size_bytes, media_type, width, height, undecodable,
             original, veiled, soft, found_at_ms
         from content where id in (select i.content_id
             from sighting s join item i on i.address_id = s.address_id where s.report_id = $1)",
        values![report],
    )
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kept {
    ended_at: Option<String>,
    gate: Option<String>,
    remark: Option<String>,
    links: Vec<String>,
}

/// The keys of the addresses of a report, taken out; one that was destroyed is absent.
pub(super) struct Openers(HashMap<Owner, Opener>);

impl Openers {
    fn of(&self, address: AddressId) -> Option<&Opener> {
        self.0.get(&Owner::Address(address))
    }
}

impl Casework {
    /// Takes out the keys of the addresses of a report.
    pub(super) async fn openers(&self, report: ReportId) -> Result<Openers, DeskError> {
        let addresses = read::addresses_of(&self.db, report).await?;
        let owners: Vec<Owner> = addresses.into_iter().map(Owner::Address).collect();
        Ok(Openers(self.vault.openers(&self.db, &owners).await?))
    }

    /// The latest visit of each address of a report.
    pub(super) async fn visits_found(
        &self,
        report: ReportId,
        openers: &Openers,
    ) -> Result<HashMap<AddressId, OpenVisit>, DeskError> {
        visits(&self.db, report)
            .await?
            .into_iter()
            .map(|row| Ok((row.address_id, open_visit(row, openers)?)))
            .collect()
    }

    /// The items of a report with their verdicts, each with the address it was found at; in order.
    pub(super) async fn items_found(
        &self,
        report: ReportId,
        openers: &Openers,
    ) -> Result<Vec<(AddressId, OpenItem)>, DeskError> {
        let rows = items(&self.db, report).await?;
        let contents: HashMap<ContentId, ContentRow> = contents(&self.db, report)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let ids: Vec<ItemId> = rows.iter().map(|row| row.id).collect();
        let verdicts = assessment::store::verdicts(&self.db, &ids).await?;
        let rule = self.settings.likeness;
        let proposed = likeness::proposals(&self.db, report, rule).await?;
        let pictures = same::pictures(&self.db, report, rule).await?;
        let mut firsts: HashMap<(ContentId, i64), ItemId> = HashMap::new();
        let known = crate::matches::known(&self.db, report).await?;
        let films = likeness::about(&self.db, report).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(content) = contents.get(&row.content_id) else {
                continue;
            };
            let own = match openers.of(row.address_id) {
                Some(opener) => Some(opener.open(&Place::new("item.sealed", row.id), &row.sealed)?),
                None => None,
            };
            let own = own.map(|plain| without_data(&String::from_utf8_lossy(&plain)));
            let verdict = verdicts.get(&row.id).copied();
            let like = proposed.iter().find(|one| one.content_id == row.content_id);
            let mut item = open_item(&row, content, own, verdict);
            item.alike = like.map(|like| Alike::of(like, &proposed, rule.same));
            let place = pictures.place(row.content_id);
            let first = firsts.entry((place.first, row.set_apart)).or_insert(row.id);
            (item.picture, item.apart) = (*first, place.distance);
            item.known = known.get(&row.content_id).cloned().unwrap_or_default();
            let film = films.iter().find(|one| one.content_id == row.content_id);
            item.film = film.map(|film| OpenFilm {
                duration_ms: film.duration_ms,
                codec: film.codec.clone(),
                sheet: film.sheet.is_some(),
            });
            found.push((row.address_id, item));
        }
        Ok(found)
    }
}

fn open_visit(row: VisitRow, openers: &Openers) -> Result<OpenVisit, DeskError> {
    let kept = match (&row.record, openers.of(row.address_id)) {
        (Some(sealed), Some(opener)) => {
            let plain = opener.open(&Place::new("visit.record", row.id), sealed)?;
            serde_json::from_slice(&plain).unwrap_or_default()
        }
        _ => Kept::default(),
    };
    Ok(OpenVisit {
        id: row.id,
        state: row.state.to_string(),
        cause: row.cause,
        via: row.via,
        status: row.status,
        ip: row.ip,
        final_address: kept.ended_at,
        gate: kept.gate,
        remark: kept.remark,
        links: kept.links,
        at: row.ended_at_ms,
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        screenshot: row.screenshot.is_some(),
    })
}
