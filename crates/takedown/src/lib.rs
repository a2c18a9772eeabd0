//! Takedown: the life of one illegal item, from verdict to removal. The heart of the program.
//!
//! Two axes are kept apart. The **way** ([`Stage`]) is what we did: held for the police, who hosts
//! it, whom to write to, named in a notice, told. The **watch** ([`Presence`]) is what we saw:
//! there, gone. An item may be gone while nobody was told, and told while it is still there;
//! neither axis ever moves the other, but for one move: an item that comes back begins its way
//! anew.
//!
//! The police hold cannot be skipped: a [`Takedown`] on which a hold was placed leaves it by
//! [`Takedown::released`] or by being ended, and by nothing else, whatever happens in whatever
//! order. A hold whose deadline passes goes to the liaison's list and never on.
//!
//! *Removed* is a conclusion from three absences, spread over time, each while our own way out was
//! proven to work; an error page is not "there" and our failure is not "gone" (law 6, [`Watch`],
//! [`read_answer`]).

mod list;
mod many;
mod pace;
mod reading;
mod response;
mod response_store;
mod rules;
mod signs;
mod store;
#[cfg(test)]
mod store_tests;
mod watch;
#[cfg(test)]
mod way_tests;

pub use list::{
    Due, Listed, ProviderCount, StageCount, Which, awaiting_contact, by_provider, by_stage, due,
    list, of_report, oldest_open, to_remind, told_to,
};
pub use many::{Settled, load_some, load_watches, save_watches, write_observations};
pub use pace::Pace;
pub use reading::{Answer, Failure, Known, Reading, Why, read_answer};
pub use response::{Response, ResponseRefused, ResponseRow, ResponseState};
pub use response_store::{
    RESPONSES, give, response, responses_about, responses_for_human, responses_of, save_response,
};
pub use rules::{Cause, ContactStanding, Hold, Host, Opening, Refused, Stage, Takedown, Way};
pub use signs::{Looks, PageSign, looks_of, page_sign};
pub use store::{
    CHECKS, HOLDS, LOCATING, Observed, StoreFault, load, load_watch, observations, of_item, open,
    save, save_watch,
};
pub use watch::{Conclusion, Presence, Seen, Watch, WatchRow};
