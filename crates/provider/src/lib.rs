//! Provider: who hosts an item, and the contact there that may be written to.
//!
//! [`WhoHosts`] finds out who hosts an address: all its addresses from DNS, network and system from
//! RIPEstat, the registration from RDAP, the country from several [signals](Signals) whose
//! disagreement is kept, and the abuse desk. A **provider** is known by its network's number
//! ([`provider_key`]), so that no variant of a name makes a second one. A **contact** is one mail
//! address of a provider; a human approves it once before the first notice ([`Contact::approved`]),
//! and again when the address is altered.
//!
//! What a registry does not say is left open and never guessed; that we could not ask is told apart
//! from what was answered ([`Fault`], law 6).

mod abuse;
mod bootstrap;
mod cache;
mod country;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod mail_address;
mod manner;
mod rdap;
mod ripestat;
mod rules;
mod store;
#[cfg(test)]
mod store_tests;
mod web;
mod who_hosts;
#[cfg(test)]
mod who_hosts_tests;

pub use abuse::{Abuse, FoundBy};
pub use cache::tidy;
pub use country::{Country, Signal, Signals, hosted_in};
pub use mail_address::{MailAddress, MailAddressFault};
pub use manner::{ContactFormat, ContactLanguage, Manner};
pub use rdap::RdapNetwork;
pub use rules::{
    Contact, ContactRow, ContactState, Provider, Refused, choose, known_name, provider_key,
};
pub use store::{
    ContactListed, Placed, ProviderListed, StoreFault, add_contact, all, contact, contacts_in,
    contacts_of, place, provider, save_contact, waiting_for_approval,
};
pub use web::{EgressWeb, Fault, Web, WebAnswer};
pub use who_hosts::{Located, Question, Registries, Source, WhoHosts};
