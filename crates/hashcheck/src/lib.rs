//! Hash-check: providers ask before they publish whether a hash is on a list.
//!
//! This word knows who may ask (a [`Client`] with a [`Key`] of which only a keyed digest is kept),
//! how much ([`Quota`], in hashes) and how much was asked ([`Counted`], by client and day, in the
//! ledger once the day is over). What was asked is in no table and no fact: a hash that is on no list
//! is nobody's business, and one that is on a list is there already.

mod key;
mod rules;
mod store;

pub use key::{Key, KeyDigest, KeyUnreadable};
pub use rules::{AlarmKind, Client, ClientId, Counted, Name, NameFault, Quota, Refusal, day_of};
pub use store::{
    Alarm, CheckError, Day, add, alarms, clients, close_days, count, counted_on, days, raise,
    revision, revoke,
};
