//! Taking a file by hand: what a partner sent, as found at an address that a report names. It goes the
//! way of everything a visit brings back: decoded and hashed by a child without keys, looked up,
//! sealed, noted in the ledger.

use capture::{Digests, ExamineError, Examined, FoundBy, Picture};
use ground::{AddressId, Reason, ReportId, StaffId, Tx};
use vault::Owner;

use super::DeskError;
use crate::likeness::Recent;
use crate::visits::{At, Found, NO_ADDRESS};
use crate::{Casework, WorkError, read};

/// Why a file was not taken. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than a picture of a visit may be.
    #[error("the file is larger than {most} bytes")]
    TooLarge {
        /// Bytes.
        most: u32,
    },
    /// Its first bytes are those of something else: its kind.
    #[error("{0} is neither picture nor video")]
    NoPicture(String),
    /// We could not look into it, which says nothing about it.
    #[error("it could not be looked into: {0}")]
    NotLookedInto(#[from] ExamineError),
    /// The report does not allow it.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<WorkError> for TakeError {
    fn from(fault: WorkError) -> Self {
        Self::Desk(fault.into())
    }
}

impl From<ground::DbError> for TakeError {
    fn from(fault: ground::DbError) -> Self {
        Self::Desk(fault.into())
    }
}

impl From<vault::VaultError> for TakeError {
    fn from(fault: vault::VaultError) -> Self {
        Self::Desk(fault.into())
    }
}

impl Casework {
    /// The largest file that is taken, in bytes: as large as a picture of a visit.
    #[must_use]
    pub fn largest_file(&self) -> u32 {
        self.visitor.max_picture_bytes
    }

    /// The addresses of a report that `by` holds, at which a file may have been found; those that were
    /// forgotten are left out.
    ///
    /// # Errors
    /// [`DeskError::Report`] when `by` does not hold it.
    pub async fn addresses_to_take_at(
        &self,
        by: StaffId,
        id: ReportId,
    ) -> Result<(report::Report, Vec<(AddressId, String)>), DeskError> {
        let found = report::find(&self.db, id)
            .await?
            .ok_or(DeskError::NotFound)?;
        found
            .state
            .held_by(by, self.clock.now())
            .map_err(report::ReportError::from)?;
        let named = report::addresses(&self.db, &self.vault, id).await?;
        let named = named
            .into_iter()
            .filter_map(|one| Some((one.id, one.address?.to_string())));
        Ok((found, named.collect()))
    }

    /// Takes a file as found at an address of a report that `by` holds. The reason says where it came
    /// from.
    ///
    /// # Errors
    /// [`TakeError`]; nothing of the file was kept.
    pub async fn take_file(
        &self,
        by: StaffId,
        (report, address): (ReportId, AddressId),
        bytes: Vec<u8>,
        why: Reason,
    ) -> Result<(), TakeError> {
        let most = self.largest_file();
        if bytes.is_empty() {
            return Err(TakeError::Empty);
        }
        if u32::try_from(bytes.len()).map_or(true, |length| length > most) {
            return Err(TakeError::TooLarge { most });
        }
        let (_, named) = self.addresses_to_take_at(by, report).await?;
        if !named.iter().any(|(known, _)| *known == address) {
            return Err(DeskError::NotFound.into());
        }
        let seen = capture::examine(&self.visitor, &bytes).await?;
        self.taken(by, (report, address), picture(bytes, seen)?, why)
            .await
    }

    /// Seals and notes a file that was looked into.
    async fn taken(
        &self,
        by: StaffId,
        (report, address): (ReportId, AddressId),
        picture: Picture,
        why: Reason,
    ) -> Result<(), TakeError> {
        let sealer = self.vault.ready(&self.db, Owner::Address(address)).await?;
        let pictures = [picture];
        let kept = self.keep_all(&pictures).await?;
        // From here on no list is looked for among what is known, until this is durable.
        let mut live = self.live().await?;
        self.refresh_lists().await?;
        let mut recent = Recent::default();
        let act = self.act(by).because(why);
        let tx = self.db.act(&act, "take a file by hand").await?;
        if let Err(fault) = may_take(&tx, report, address).await {
            drop((tx, live));
            self.sweep(kept.into_iter().filter(|kept| kept.fresh))
                .await?;
            return Err(fault.into());
        }
        let at = At {
            found: Found::ByHand(report),
            address,
            sealer: &sealer,
        };
        let doubled = self.put_all(&tx, at, &live, &mut recent, kept).await?;
        self.rank_naming(&tx, address).await?;
        tx.commit().await?;
        live.admit(recent);
        drop(live);
        self.confirm_by_itself_at(address).await?;
        self.bell.ring();
        Ok(self.sweep(doubled.into_iter()).await?)
    }
}

/// The hold is proven again, in the transaction: looking into a file takes a while.
async fn may_take(tx: &Tx, report: ReportId, address: AddressId) -> Result<(), DeskError> {
    report::extend(tx, report).await?;
    match read::names(tx, report, address).await? {
        true => Ok(()),
        false => Err(DeskError::NotFound),
    }
}

/// The file as a visit would bring it. What somebody took by hand is no ornament, however small.
fn picture(bytes: Vec<u8>, seen: Examined) -> Result<Picture, TakeError> {
    let kind = &seen.media_type;
    if !kind.starts_with("image/") && !kind.starts_with("video/") {
        return Err(TakeError::NoPicture(seen.media_type));
    }
    Ok(Picture {
        address: NO_ADDRESS.to_owned(),
        found_by: FoundBy::Address,
        media_type: seen.media_type,
        status: None,
        width: seen.width,
        height: seen.height,
        small: false,
        decode: seen.decode,
        likeness: seen.likeness,
        film: seen.film,
        cut_short: false,
        veiled: seen.veiled,
        soft: seen.soft,
        sheet: seen.sheet,
        digests: Digests::of(&bytes),
        bytes,
    })
}

#[cfg(test)]
#[path = "taking_tests.rs"]
mod tests;
