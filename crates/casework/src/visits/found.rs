//! Writing down what was found, in the transaction that settles the visit: items, what they are known
//! by, and what they look like.

use capture::Picture;
use capture::store::ItemRow;
use ground::{AddressId, ContentId, Fact, ItemId, ReportId, Tx, VisitId, WebAddress};
use hashlist::Match;
use vault::{Blind, Place, Sealer};

use super::kept::Kept;
use super::record::word;
use crate::likeness::{Live, Recent};
use crate::{Casework, WorkError};

/// How an item was found whose file was taken by hand.
pub(crate) const BY_HAND: &str = "hand";
/// What stands where such an item would have its own address: it has none.
pub(crate) const NO_ADDRESS: &str = "hand:";

/// How pictures came to us.
#[derive(Clone, Copy)]
pub(crate) enum Found {
    /// A visit found them.
    ByVisit(VisitId),
    /// An analyst took them by hand, for this report.
    ByHand(ReportId),
}

/// Where pictures were found.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub found: Found,
    pub address: AddressId,
    /// Seals under the key of the address.
    pub sealer: &'a Sealer,
}

impl Casework {
    /// Writes pictures down as items, with what they look like; those whose bytes another visit has
    /// sealed in the meantime, so that ours are named by nothing.
    pub(crate) async fn put_all<'a>(
        &self,
        tx: &Tx,
        at: At<'_>,
        live: &Live,
        recent: &mut Recent,
        kept: Vec<Kept<'a>>,
    ) -> Result<Vec<Kept<'a>>, WorkError> {
        let mut doubled = Vec::new();
        for (position, kept) in (0..).zip(kept) {
            let (content, new_content) = self.put(tx, at, position, &kept).await?;
            let looks = kept.picture.likeness.as_ref();
            if let Some(likeness) = looks.filter(|_| !kept.picture.small) {
                self.liken(tx, live, recent, content, likeness).await?;
            }
            if let Some(film) = kept.picture.film.as_ref().filter(|_| new_content) {
                let of = (content, kept.sheet.as_deref());
                self.liken_film(tx, live, recent, of, film).await?;
            }
            if kept.fresh && !new_content {
                doubled.push(kept);
            }
        }
        Ok(doubled)
    }

    /// Writes one picture down as an item; its content, and whether that was not known before.
    async fn put(
        &self,
        tx: &Tx,
        at: At<'_>,
        position: i64,
        kept: &Kept<'_>,
    ) -> Result<(ContentId, bool), WorkError> {
        let (content, new_content) = capture::store::put_content(tx, &kept.content).await?;
        let row = self.item_row(at, content, position, kept.picture)?;
        let (item, new) = match at.found {
            Found::ByVisit(visit) => capture::store::put_item(tx, visit, &row).await?,
            Found::ByHand(_) => capture::store::put_taken_item(tx, &row).await?,
        };
        if let Found::ByHand(report) = at.found {
            let address = at.address;
            let taken = Fact::FileTaken {
                report,
                address,
                content,
            };
            tx.record(item, &taken);
        }
        for found in &self.picture_on_lists(kept.picture) {
            hashlist::note_match(tx, content, item, found).await?;
        }
        if !new {
            // A file that somebody has says nothing about whether it is still there.
            if matches!(at.found, Found::ByVisit(_)) {
                self.seen_by_visit(tx, item).await?;
            }
            return Ok((content, new_content));
        }
        let set_apart = kept.picture.small;
        let found = Fact::ItemFound {
            address: at.address,
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

    /// The lists that a captured picture is on. One that is set apart is looked up by its bytes alone.
    fn picture_on_lists(&self, picture: &Picture) -> Vec<Match> {
        let likeness = picture.likeness.as_ref().filter(|_| !picture.small);
        self.on_lists(&picture.digests, (likeness, picture.film.as_ref()))
    }

    fn item_row(
        &self,
        at: At<'_>,
        content: ContentId,
        position: i64,
        picture: &Picture,
    ) -> Result<ItemRow, WorkError> {
        let id = ItemId::fresh(&self.chance);
        let own = canonical(&picture.address);
        Ok(ItemRow {
            id,
            address_id: at.address,
            content_id: content,
            blind: self.vault.blind(Blind::Address, &own),
            sealed: at
                .sealer
                .seal(&Place::new("item.sealed", id), own.as_bytes())?,
            found_by: match at.found {
                Found::ByVisit(_) => word(&picture.found_by)?,
                Found::ByHand(_) => BY_HAND.into(),
            },
            set_apart: i64::from(picture.small),
            position,
            found_at_ms: self.clock.now(),
        })
    }
}

/// An item's own address in canonical form; `data:` addresses stay as they are.
fn canonical(address: &str) -> String {
    match address.parse().map(WebAddress::from_url) {
        Ok(Ok(address)) => address.as_str().to_owned(),
        _ => address.to_owned(),
    }
}
