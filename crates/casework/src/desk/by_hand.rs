//! Judging by hand: an address that could not be captured, and that the analyst judged otherwise.

use assessment::{Answers, Judging, store};
use capture::store::{ContentRow, ItemRow};
use data_encoding::HEXLOWER;
use ground::{AddressId, ContentId, Fact, ItemId, ReportId, StaffId};
use vault::{Blind, Owner, Place};

use super::DeskError;
use crate::{Casework, read};

/// The kind of a content that is an address, not a picture.
pub(crate) const BY_HAND: &str = "text/x-address";

impl Casework {
    /// Judges an address of a report that `by` holds and of which nothing was captured. The address
    /// itself becomes the item; its content is the text of the address, so that law 7 holds for it
    /// as well, and a check can only find it absent or not.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the report does not name the address or it was captured;
    /// otherwise as [`Casework::judge`].
    pub async fn judge_by_hand(
        &self,
        by: StaffId,
        report: ReportId,
        address: AddressId,
        answers: Answers,
    ) -> Result<(), DeskError> {
        let latest = capture::store::visits_of(&self.db, address, 1)
            .await?
            .into_iter()
            .next();
        let visit = latest
            .filter(|visit| visit.state == capture::rules::VisitState::NotCaptured)
            .ok_or(DeskError::NotFound)?;
        let text = report::address(&self.db, &self.vault, address)
            .await?
            .ok_or(DeskError::NotFound)?;
        let fresh = self.address_content(text.as_str()).await?;
        let act = self.act(by);
        let tx = self.db.act(&act, "judge an address by hand").await?;
        report::extend(&tx, report).await?;
        if !read::names(&tx, report, address).await? {
            return Err(DeskError::NotFound);
        }
        let (content, new_content) = capture::store::put_content(&tx, &fresh).await?;
        let row = self.hand_row(&tx, address, content, text.as_str()).await?;
        let (item, new) = capture::store::put_item(&tx, visit.id, &row).await?;
        if new {
            let found = Fact::ItemFound {
                address,
                content,
                new_content,
                set_apart: false,
            };
            tx.record(item, &found);
        }
        let items = read::items_with(&tx, content).await?;
        let acted_on = read::acted_on(&tx, content).await?;
        let judging = Judging {
            content,
            item,
            report,
            answers,
        };
        let scheme = self.scheme_in_force(&tx).await?;
        store::judge(&tx, &self.chance, &scheme, judging, &items, acted_on).await?;
        Ok(tx.commit().await?)
    }

    async fn address_content(&self, text: &str) -> Result<ContentRow, DeskError> {
        // Blind, like the address itself: a plain digest of an address could be tested by guessing.
        let blind = HEXLOWER.encode(&self.vault.blind(Blind::Address, text));
        let sha256 = blind.clone();
        if let Some(known) = capture::store::content_by_sha256(&self.db, &sha256).await? {
            return Ok(known);
        }
        let id = ContentId::fresh(&self.chance);
        let sealer = self.vault.ready(&self.db, Owner::Content(id)).await?;
        Ok(ContentRow {
            id,
            sha256,
            sha1: blind.chars().take(40).collect(),
            md5: blind.chars().take(32).collect(),
            size_bytes: i64::try_from(text.len()).unwrap_or(i64::MAX),
            media_type: BY_HAND.into(),
            width: None,
            height: None,
            undecodable: Some("judged by hand".into()),
            original: sealer.put(text.as_bytes()).await?.as_str().to_owned(),
            veiled: None,
            soft: None,
            found_at_ms: self.clock.now(),
        })
    }

    async fn hand_row(
        &self,
        tx: &ground::Tx,
        address: AddressId,
        content: ContentId,
        text: &str,
    ) -> Result<ItemRow, DeskError> {
        let id = ItemId::fresh(&self.chance);
        let place = Place::new("item.sealed", id);
        let owner = Owner::Address(address);
        Ok(ItemRow {
            id,
            address_id: address,
            content_id: content,
            blind: self.vault.blind(Blind::Address, text),
            sealed: self.vault.seal(tx, owner, place, text.as_bytes()).await?,
            found_by: crate::visits::BY_HAND.into(),
            set_apart: 0,
            position: 0,
            found_at_ms: self.clock.now(),
        })
    }
}
