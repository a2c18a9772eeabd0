//! Report: one letter, opened: one sending, through one channel, naming one or more addresses, with
//! the sender's words.
//!
//! A report waits in the queue, in the order of its priority ([`priority()`]), until an analyst takes it, is held by one analyst at a time for as
//! long as that analyst is at work on it, and is closed with an outcome ([`State`]). Naming an
//! address that was named before is one more *sighting*, never a refusal, and opens the address
//! again when it was closed. What the sender's receipt is told follows from the facts
//! ([`Answer::of`]) and never shows that the police hold something back.
//!
//! The words of the sender, the way to reach them and the analyst's note are sealed under the
//! report's own key; an address is sealed under a key of its own and found by its blind index.

mod answer;
mod answering;
mod holding;
mod notes;
mod number;
mod priority;
mod ranking;
mod receive;
mod rules;
mod store;
#[cfg(test)]
mod store_tests;
mod words;

pub use answer::{Answer, Removals};
pub use answering::{ANSWERS, AnswerDue, answer_due, answered, set_answer};
pub use holding::{close, extend, give_back, hand_over, lapse, lapsed, take, take_over};
pub use notes::{Note, notes};
pub use number::ReportNumber;
pub use priority::{HeadStarts, MOST_HOURS, Priority, Signals, Why, priority};
pub use ranking::{NAMES, RANKED_BEFORE, Unranked, rank, rank_all_again, ranked_before, to_rank};
pub use receive::{How, Received, Receiving, Sighted, receive};
pub use rules::{Closing, HOLD_MS, Refusal, State};
pub use store::{
    AddressState, Listed, Report, Spot, by_number, find, listed, open_reports_naming, queue_length,
};
pub use words::{NamedAddress, Words, address, addresses, note, opened, show_words};

use ground::{DbError, ReportId};
use vault::VaultError;

/// Why something about a report was not done.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// There is no such report or address.
    #[error("there is no such report")]
    NotFound,
    /// The move is not allowed now.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody else was first.
    #[error("the report {0} changed since it was shown")]
    Stale(ReportId),
    /// The act that opens a letter carries a more exact time than the hour it was left (IN-9).
    #[error("the time of a report must be the hour its letter was left")]
    TooExact,
    /// Something sealed could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}
