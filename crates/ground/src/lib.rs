//! The ground floor: ids, time, chance, the records and the ledger.
//!
//! Every other crate stands on this one and this one knows none of them. It holds what all words
//! share: typed [ids](id), [time](clock) and [chance](chance) as parameters, the [records](db) on
//! two engines, the append-only [ledger] with the [facts](fact) it is made of, and the
//! [leases](lease) by which workers find their work.
//!
//! The migrations of all words live in `migrations/` and are run from here ([`migrate`]), because
//! a schema has one order while words have none.

pub mod act;
pub mod address;
pub mod ask;
pub mod chance;
pub mod clock;
pub mod db;
mod durable;
pub mod fact;
pub mod id;
pub mod lease;
pub mod ledger;
pub mod migrate;
#[cfg(feature = "testing")]
pub mod testing;
mod text_enum;
pub mod vocabulary;

pub use act::{Act, Actor, Reason, ReasonFault};
pub use address::{AddressFault, WebAddress};
pub use ask::Ask;
pub use chance::Chance;
pub use clock::{Clock, Instant, TestClock};
pub use db::{Db, DbError, Tx};
pub use durable::careless_settings;
pub use fact::{ChatFact, EvidenceFact, Fact, HashFact, StaffFact};
pub use id::{
    AddressId, CheckId, ContactId, ContentId, ConversationId, EnvelopeId, HandOverId, HashListId,
    ItemId, LetterId, NoticeId, ProviderId, ReportId, ResponseId, StaffId, TakedownId, UtteranceId,
    VisitId,
};
pub use vocabulary::*;

#[doc(hidden)]
pub use sea_orm;
