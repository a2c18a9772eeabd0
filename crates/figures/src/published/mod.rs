//! Figures that were published before Meldpunt counted, or by others: brought in from a file, written
//! in the ledger, and always shown as published.

mod read;
mod store;

pub use read::{Fault, FaultKind, Key, KeyFault, Published, Unread, read};
pub use store::{ImportError, Imported, import};

pub(crate) use store::all;
