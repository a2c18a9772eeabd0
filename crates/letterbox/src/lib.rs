//! The letterbox: where letters are sealed on arrival and receipts are answered.
//!
//! A **letter** is what somebody sent, sealed to the hotline's public key before it is stored. A
//! **receipt** is the secret that lets the sender ask what became of it. The public side ([`Slot`])
//! can drop letters and look up answers, and can read neither; the staff side ([`Collector`]) opens
//! letters and writes answers, sealed to a key that only the receipt gives.
//!
//! The letterbox is a database of its own, with durable commits: a receipt shown means a letter
//! stored (law 1). What chat platforms send goes the same way as
//! **envelopes** ([`Inlet`]), sealed unread. It knows of no address, browser or exact time of a sender (law 2, IN-1, IN-9).

mod collect;
mod envelope;
mod letter;
mod receipt;
mod slot;
mod token;

pub use collect::{Answer, CollectError, Collector, Opened};
pub use envelope::{Envelope, Inlet, MAX_ENVELOPE_BYTES};
pub use letter::{
    FieldFault, Letter, LetterFaults, LetterForm, MAX_ADDRESSES, MAX_REACH_BYTES, MAX_WORDS_BYTES,
    Named,
};
pub use receipt::{Receipt, ReceiptFault};
pub use slot::{Slot, SlotError};
pub use token::FormToken;
