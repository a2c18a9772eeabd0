//! What an analyst does at the desk: take, look, judge, undo, finish.
//!
//! Every function takes who acts; each opens one transaction, in which the hold is proven and
//! prolonged, the change is made and the ledger line written.

mod alike;
mod by_hand;
mod contacts;
mod day;
mod done;
mod fault;
mod found;
mod hand_over;
mod house;
mod looking;
mod looks;
mod material;
mod narrowed;
mod offered;
mod passed_on;
mod playing;
mod queue;
mod removal;
mod responses;
mod rest;
mod schemes;
mod search;
mod taking;
mod view;
mod visitors;

pub use alike::Alike;
pub(crate) use by_hand::BY_HAND;
pub use contacts::{BookedProvider, ContactBook, OpenContact, OpenProvider, WaitingContact};
pub use day::{DayEnd, Mine};
pub use done::Done;
pub use fault::DeskError;
pub use hand_over::{EvidenceReader, HandOverError, OpenHandOver};
pub use house::{Disagreement, HouseConfirms, HouseFault, SecondLooks, SetOnce};
pub use looks::LooksTaken;
pub use material::{Preview, RevealToken, Reveals, Shown};
pub use narrowed::{Holding, Narrowed, ToDo};
pub use offered::Choosable;
pub use passed_on::OpenNote;
pub use playing::{Playing, plays};
pub use queue::{Holder, Queue, QueueRow, VisitCounts};
#[cfg(any(test, feature = "testing"))]
pub use removal::staged;
pub use removal::{
    ListedRemoval, MOST_HOLD_MS, NoticeItem, OpenNotice, OpenRemoval, RemovalError, Told,
};
pub use responses::ShownResponse;
pub use rest::MyDay;
pub(crate) use schemes::ReadSchemes;
pub use schemes::WhyVerdict;
pub use search::{Found, FoundReport, Sought};
pub use taking::TakeError;
pub use view::{OpenAddress, OpenFilm, OpenItem, OpenReport, OpenVisit};
pub use visitors::{CauseCount, LineTest, VisitLine, VisitorsRoom};

use ground::{Act, AddressId, ItemId, ReportId, StaffId};

use crate::{Casework, read};

impl Casework {
    pub(crate) fn act(&self, by: StaffId) -> Act {
        Act::by_staff(by, self.clock.now())
    }

    /// Wants another visit of an address of a report that `by` holds.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn look_again(
        &self,
        by: StaffId,
        report: ReportId,
        address: AddressId,
    ) -> Result<(), DeskError> {
        let act = self.act(by);
        let tx = self.db.act(&act, "look again").await?;
        report::extend(&tx, report).await?;
        if !read::names(&tx, report, address).await? {
            return Err(DeskError::NotFound);
        }
        self.want_now(&tx, address, act.at).await?;
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }

    /// An item, when it belongs to a report.
    async fn item_in(
        &self,
        ask: &impl ground::Ask,
        report: ReportId,
        item: ItemId,
    ) -> Result<capture::store::ItemRow, DeskError> {
        let row = capture::store::item(ask, item)
            .await?
            .ok_or(DeskError::NotFound)?;
        if read::names(ask, report, row.address_id).await? {
            Ok(row)
        } else {
            Err(DeskError::NotFound)
        }
    }
}
