//! The visitor: looks at wanted addresses and stores what was found.
//!
//! Lease → look (in a box without keys) → seal the objects → settle everything in one transaction.
//! A visitor that dies in the middle loses its lease; what it had sealed is then never named by a
//! record and is swept up, and the address is looked at again.

mod record;

use capture::rules::{Next, VisitState, after_failure};
use capture::store::{ContentRow, Ended, ItemRow, VISITS};
use capture::{Captured, Cause, Decode, Picture, Visited};
use data_encoding::HEXLOWER;
use ground::clock::MINUTE_MS;
use ground::lease::Lease;
use ground::{Act, AddressId, ContentId, Fact, ItemId, Tx, VisitId, WebAddress};
use hashlist::Match;
use vault::{Blind, ObjectName, Owner, Place, Sealer};

use record::Record;
pub(crate) use record::word;

use crate::likeness::Recent;
use crate::{Casework, WorkError};

/// The name under which visits stand in the ledger.
const VISITOR: &str = "visitor";
/// How long a visit is leased for beyond its deadline: sealing takes time.
const MARGIN_MS: i64 = 2 * MINUTE_MS;

/// A picture whose bytes are sealed, not yet named by a record.
struct Kept<'a> {
    picture: &'a Picture,
    content: ContentRow,
    /// The object that holds the contact sheet of a video.
    sheet: Option<String>,
    /// Whether its objects were stored by this visit.
    fresh: bool,
}

impl Casework {
    /// Makes one wanted visit; false when none is due.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail; the lease then lapses by itself.
    pub async fn visit_one(&self) -> Result<bool, WorkError> {
        let lease_ms = i64::try_from(self.visitor.deadline.as_millis()).unwrap_or(MINUTE_MS);
        let taken = VISITS
            .take(
                &self.db,
                &self.chance,
                self.clock.now(),
                lease_ms + MARGIN_MS,
            )
            .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: VisitId = lease.id.parse().map_err(WorkError::unreadable)?;
        let row = capture::store::visit(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let address = self.address_text(row.address_id).await?;
        match capture::visit(&self.visitor, &self.guard, &self.clock, address.url()).await {
            Ok(visited) => match visited.outcome.clone() {
                Captured::Yes => self.captured(&lease, id, row.address_id, &visited).await?,
                Captured::No(cause) => {
                    self.not_captured(&lease, id, row.address_id, &cause, Some(&visited))
                        .await?;
                }
            },
            Err(fault) => {
                let cause = Cause::VisitorFailed(fault.to_string());
                self.not_captured(&lease, id, row.address_id, &cause, None)
                    .await?;
            }
        }
        Ok(true)
    }

    async fn not_captured(
        &self,
        lease: &Lease,
        id: VisitId,
        address: AddressId,
        cause: &Cause,
        visited: Option<&Visited>,
    ) -> Result<(), WorkError> {
        let now = self.clock.now();
        let key = cause.key();
        match after_failure(cause, lease.attempts, self.settings.patience, &self.chance) {
            Next::Again { wait_ms } => {
                let tx = self
                    .db
                    .act(&Act::by_worker(VISITOR, now), "put a visit off")
                    .await?;
                if !VISITS.put_off(&tx, lease, now.plus_ms(wait_ms)).await? {
                    return Ok(());
                }
                capture::store::note_cause(&tx, id, key).await?;
                let fact = Fact::VisitPutOff {
                    address,
                    cause: key.into(),
                    attempt: lease.attempts,
                };
                tx.record(id, &fact);
                tx.commit().await?;
            }
            Next::GiveUp => self.give_up(lease, (id, address), cause, visited).await?,
        }
        self.bell.ring();
        Ok(())
    }

    async fn give_up(
        &self,
        lease: &Lease,
        (id, address): (VisitId, AddressId),
        cause: &Cause,
        visited: Option<&Visited>,
    ) -> Result<(), WorkError> {
        let key = cause.key();
        let now = self.clock.now();
        let sealer = self.vault.ready(&self.db, Owner::Address(address)).await?;
        let mut ended = self.ended(&sealer, id, visited).await?;
        let evidence = match visited {
            Some(visited) => Some(self.seal_evidence(&sealer, id, address, visited).await?),
            None => None,
        };
        ended.state = VisitState::NotCaptured;
        ended.cause = Some(match cause {
            Cause::HttpStatus(status) => format!("{key} {status}"),
            _ => key.to_owned(),
        });
        let tx = self
            .db
            .act(&Act::by_worker(VISITOR, now), "give a visit up")
            .await?;
        if !VISITS.settle(&tx, lease).await? {
            return Ok(());
        }
        capture::store::end(&tx, id, &ended).await?;
        if let Some(evidence) = &evidence {
            self.keep_evidence(&tx, evidence).await?;
        }
        let cause = ended.cause.clone();
        let fact = Fact::VisitEnded {
            address,
            captured: false,
            cause,
            items: 0,
            set_apart: 0,
        };
        tx.record(id, &fact);
        tx.commit().await?;
        Ok(())
    }

    async fn captured(
        &self,
        lease: &Lease,
        id: VisitId,
        address: AddressId,
        visited: &Visited,
    ) -> Result<(), WorkError> {
        let sealer = self.vault.ready(&self.db, Owner::Address(address)).await?;
        let ended = self.ended(&sealer, id, Some(visited)).await?;
        let kept = self.keep_all(visited).await?;
        let evidence = self.seal_evidence(&sealer, id, address, visited).await?;
        // From here on no list is looked for among what is known, until this visit is durable.
        let mut live = self.live().await?;
        self.refresh_lists().await?;
        let mut recent = Recent::default();
        let now = self.clock.now();
        let tx = self
            .db
            .act(&Act::by_worker(VISITOR, now), "settle a visit")
            .await?;
        if !VISITS.settle(&tx, lease).await? {
            drop(tx);
            self.sweep_evidence(&evidence).await?;
            return self.sweep(kept.into_iter().filter(|kept| kept.fresh)).await;
        }
        let items = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        let small = kept.iter().filter(|kept| kept.picture.small).count();
        let set_apart = u32::try_from(small).unwrap_or(u32::MAX);
        let mut doubled = Vec::new();
        for (position, kept) in (0..).zip(kept) {
            let (content, new_content) =
                self.put(&tx, &sealer, id, address, position, &kept).await?;
            let looks = kept.picture.likeness.as_ref();
            if let Some(likeness) = looks.filter(|_| !kept.picture.small) {
                self.liken(&tx, &live, &mut recent, content, likeness)
                    .await?;
            }
            if let Some(film) = kept.picture.film.as_ref().filter(|_| new_content) {
                let of = (content, kept.sheet.as_deref());
                self.liken_film(&tx, &live, &mut recent, of, film).await?;
            }
            if kept.fresh && !new_content {
                doubled.push(kept);
            }
        }
        capture::store::end(&tx, id, &ended).await?;
        self.keep_evidence(&tx, &evidence).await?;
        let fact = Fact::VisitEnded {
            address,
            captured: true,
            cause: None,
            items,
            set_apart,
        };
        tx.record(id, &fact);
        tx.commit().await?;
        live.admit(recent);
        drop(live);
        self.confirm_by_itself_at(address).await?;
        self.bell.ring();
        self.sweep(doubled.into_iter()).await
    }

    /// Writes one picture down as an item; its content, and whether that was not known before.
    async fn put(
        &self,
        tx: &Tx,
        sealer: &Sealer,
        visit: VisitId,
        address: AddressId,
        position: i64,
        kept: &Kept<'_>,
    ) -> Result<(ContentId, bool), WorkError> {
        let (content, new_content) = capture::store::put_content(tx, &kept.content).await?;
        let row = self.item_row(sealer, address, content, position, kept.picture)?;
        let (item, new) = capture::store::put_item(tx, visit, &row).await?;
        for found in &self.picture_on_lists(kept.picture) {
            hashlist::note_match(tx, content, item, found).await?;
        }
        if !new {
            self.seen_by_visit(tx, item).await?;
            return Ok((content, new_content));
        }
        let set_apart = kept.picture.small;
        let found = Fact::ItemFound {
            address,
            content,
            new_content,
            set_apart,
        };
        tx.record(item, &found);
        self.recognise(tx, item, content).await?;
        Ok((content, new_content))
    }

    /// Law 7: what was judged before is recognised and inherits its verdict.
    async fn recognise(&self, tx: &Tx, item: ItemId, content: ContentId) -> Result<(), WorkError> {
        if let Some(report) = crate::read::report_of_item(tx, item).await? {
            assessment::store::inherit(tx, item, content, report).await?;
        }
        Ok(())
    }

    async fn ended(
        &self,
        sealer: &Sealer,
        id: VisitId,
        visited: Option<&Visited>,
    ) -> Result<Ended, WorkError> {
        let screenshot = match visited.and_then(|visited| visited.screenshot.as_deref()) {
            Some(png) => Some(sealer.put(png).await?.as_str().to_owned()),
            None => None,
        };
        let record = match visited {
            Some(visited) => {
                let plain = serde_json::to_vec(&Record::of(visited)).map_err(WorkError::json)?;
                Some(sealer.seal(&Place::new("visit.record", id), &plain)?)
            }
            None => None,
        };
        Ok(Ended {
            state: VisitState::Captured,
            cause: None,
            via: visited
                .and_then(|visited| visited.via)
                .map(|via| word(&via))
                .transpose()?,
            status: visited.and_then(|visited| visited.status).map(i64::from),
            ip: visited.and_then(Visited::server).map(|ip| ip.to_string()),
            record,
            screenshot,
            at: self.clock.now(),
        })
    }

    /// The lists that a captured picture is on. One that is set apart is looked up by its bytes alone.
    fn picture_on_lists(&self, picture: &Picture) -> Vec<Match> {
        let likeness = picture.likeness.as_ref().filter(|_| !picture.small);
        self.on_lists(&picture.digests, (likeness, picture.film.as_ref()))
    }

    /// Seals the pictures of a visit.
    async fn keep_all<'a>(&self, visited: &'a Visited) -> Result<Vec<Kept<'a>>, WorkError> {
        let mut kept = Vec::with_capacity(visited.pictures.len());
        for picture in &visited.pictures {
            kept.push(self.keep(picture).await?);
        }
        Ok(kept)
    }

    /// Seals the bytes of a picture, unless they are known.
    async fn keep<'a>(&self, picture: &'a Picture) -> Result<Kept<'a>, WorkError> {
        let sha256 = HEXLOWER.encode(&picture.digests.sha256);
        let known = capture::store::content_by_sha256(&self.db, &sha256).await?;
        if let Some(content) = known {
            return Ok(Kept {
                picture,
                content,
                sheet: None,
                fresh: false,
            });
        }
        let id = ContentId::fresh(&self.chance);
        let sealer = self.vault.ready(&self.db, Owner::Content(id)).await?;
        let original = sealer.put(&picture.bytes).await?;
        let content = ContentRow {
            id,
            sha256,
            sha1: HEXLOWER.encode(&picture.digests.sha1),
            md5: HEXLOWER.encode(&picture.digests.md5),
            size_bytes: i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX),
            media_type: picture.media_type.clone(),
            width: picture.width.map(i64::from),
            height: picture.height.map(i64::from),
            undecodable: match &picture.decode {
                Decode::Decoded => None,
                Decode::Failed(why) => Some(why.clone()),
            },
            original: original.as_str().to_owned(),
            veiled: put_some(&sealer, picture.veiled.as_deref()).await?,
            soft: put_some(&sealer, picture.soft.as_deref()).await?,
            found_at_ms: self.clock.now(),
        };
        Ok(Kept {
            picture,
            content,
            sheet: put_some(&sealer, picture.sheet.as_deref()).await?,
            fresh: true,
        })
    }

    fn item_row(
        &self,
        sealer: &Sealer,
        address: AddressId,
        content: ContentId,
        position: i64,
        picture: &Picture,
    ) -> Result<ItemRow, WorkError> {
        let id = ItemId::fresh(&self.chance);
        let own = canonical(&picture.address);
        Ok(ItemRow {
            id,
            address_id: address,
            content_id: content,
            blind: self.vault.blind(Blind::Address, &own),
            sealed: sealer.seal(&Place::new("item.sealed", id), own.as_bytes())?,
            found_by: word(&picture.found_by)?,
            set_apart: i64::from(picture.small),
            position,
            found_at_ms: self.clock.now(),
        })
    }

    /// Removes objects that no record names.
    async fn sweep(&self, unnamed: impl Iterator<Item = Kept<'_>>) -> Result<(), WorkError> {
        for kept in unnamed {
            let objects = [
                Some(&kept.content.original),
                kept.content.veiled.as_ref(),
                kept.content.soft.as_ref(),
                kept.sheet.as_ref(),
            ];
            for name in objects.into_iter().flatten() {
                self.vault
                    .objects()
                    .remove(&ObjectName::stored(name))
                    .await?;
            }
        }
        Ok(())
    }
}

async fn put_some(sealer: &Sealer, bytes: Option<&[u8]>) -> Result<Option<String>, WorkError> {
    match bytes {
        Some(bytes) => Ok(Some(sealer.put(bytes).await?.as_str().to_owned())),
        None => Ok(None),
    }
}

/// An item's own address in canonical form; `data:` addresses stay as they are.
fn canonical(address: &str) -> String {
    match address.parse().map(WebAddress::from_url) {
        Ok(Ok(address)) => address.as_str().to_owned(),
        _ => address.to_owned(),
    }
}
