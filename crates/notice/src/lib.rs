//! Notice: a request to remove, to one contact, about one or more items.
//!
//! It is drawn up once, as the whole mail that will be sent, sealed under a key of its own; every
//! attempt sends exactly that, under one fixed Message-ID. It carries addresses and hashes: its
//! input ([`NoticeView`], [`NamedItem`]) has no field that could hold a picture (law 3).
//!
//! A notice is `due` until the relay took it (`accepted`: only then does the removal clock start),
//! refused it for good or a mail server sent it back ([`read_bounce`]; `failed`: a human must act) or was lost after the message had gone out
//! (`unsure`). What happens then is decided in `docs/decisions/0009-one-mail-not-two.md`: it waits, is
//! shown, and is sent again as the same message. A failed notice is never "sent" (law 6), no
//! calendar holds one back, and none is ever sent to a contact that nobody approved (which
//! `casework` checks before it draws one up and again before it hands it over).

mod bounce;
mod csv;
mod digest;
mod group;
mod legal;
mod link;
mod mail;
mod manner;
mod patience;
mod rules;
mod store;
#[cfg(test)]
mod store_tests;
mod text;
#[cfg(test)]
mod text_tests;
mod view;
mod xarf;
#[cfg(test)]
mod xarf_tests;

pub use bounce::{Bounce, Fate, read_bounce};
pub use csv::{cell, table};
pub use digest::{Digest, DigestFault};
pub use group::{Waiting, Window, ripe_groups};
pub use legal::LegalGround;
pub use link::{LinkView, compose_link};
pub use mail::{ComposeFault, Composed, compose, message_id};
pub use manner::{NoticeFormat, NoticeKind, NoticeLanguage};
pub use patience::Patience;
pub use rules::{DrawUp, Notice, NoticeRow, NoticeState, Outcome, Refused, number_of, outcome_of};
pub use store::{
    Listed, NOTICES, StateCount, StoreFault, by_message_id, by_state, draw_up, hand_over, items_of,
    list, load, naming, of_contact, open_mail, save,
};
pub use text::{body, subject};
pub use view::{Hotline, Media, NamedItem, NoticeView};
