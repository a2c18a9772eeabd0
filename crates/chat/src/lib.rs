//! The chat line: what people send to the hotline's number, and what they are told.
//!
//! A **conversation** is what one sender and the hotline say to each other on one platform. What is
//! said is gathered until its sender confirms it, or falls silent; then it becomes a letter of the
//! channel `chat`, and so a report in the same queue as every other. The conversation itself is a
//! state machine that knows no platform ([`rules`]): a [`Heard`] goes in, what is to be [`Say`]d and
//! what is [`Want`]ed comes out. A receipt is said only after the letter is stored (law 1).
//!
//! What a platform sends is read in [`whatsapp`] and [`telegram`], which keep no name of anybody
//! (CH-6). Addresses are found in what was said and shown back so that nobody can tap them
//! ([`links`]); what is said in distress is answered with help before anything else ([`distress`]).

pub mod commands;
mod delivery;
pub mod distress;
pub mod forgetting;
pub mod language;
pub mod links;
mod notes;
pub mod rules;
mod say;
mod saying;
pub mod store;
pub mod telegram;
pub mod texts;
pub mod utf16;
pub mod whatsapp;
mod wording;

pub use delivery::Outcome;
pub use notes::{Draft, MOST_ADDRESSES, MOST_BYTES};
pub use rules::{Talk, Turn};
pub use say::{Say, Want};
pub use saying::{Arrived, Forwarded, Heard, MediaKind, Sender, Unreadable, What, Words};
pub use wording::{PREFIX, Wording};
