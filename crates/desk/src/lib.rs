//! The desk: the pages of the people who work here.
//!
//! One module for each word, with its templates beside it. A module offers `pub fn routes() ->`
//! [`Routes`]; [`routes`] below puts them together, `routes.txt` says who may use each, and the gate
//! ([`permissions`], [`gate`]) refuses what has no line there. A page is an askama template with a
//! field `page:` [`pages::ConsolePage`], made by [`Desk::page`]; what can be gone to stands in
//! [`navigation`].
//!
//! To add a page: write the handler (it takes [`who::Person`] or a role such as [`who::Analyst`]),
//! list it in the module's `routes()`, give it a line in `routes.txt` and, when it can be gone to,
//! an entry in [`navigation`]. The test in `permissions_tests.rs` walks it as every role.

mod contact;
mod error;
mod fields;
mod figures;
mod gate;
mod hand_over;
mod hash_check;
mod hashlist;
mod holds;
mod ledger;
mod likeness;
mod me;
mod navigation;
mod notice;
mod people;
pub mod permissions;
mod queue;
mod reasoned;
mod report;
mod response;
mod rest;
mod routes;
mod scheme;
mod sign_in;
mod takedown;
#[cfg(test)]
mod testing;
mod upload;
mod visits;
pub mod who;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use casework::Casework;
use ground::{Chance, Clock, Db};
use pages::FormKey;
use pages::headers::{self, Face};
use pages::same_site::{self, Origin};
use staff::Staff;
use vault::Vault;

pub use error::DeskError;
pub use fields::Fields;
pub use routes::Routes;

/// What the desk is told by the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The hotline's name, as the pages show it.
    pub site: String,
    /// The origin under which browsers reach the desk.
    pub origin: Origin,
    /// Whether this is the demonstration.
    pub demonstration: bool,
    /// The file of signed checkpoints of the ledger, one JSON object a line, when there is one.
    pub checkpoints: Option<PathBuf>,
}

/// Everything a page of the desk needs; cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// The records.
    pub db: Db,
    /// Keys and objects.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub chance: Chance,
    /// The people.
    pub staff: Staff,
    /// The order of work.
    pub work: Casework,
    /// What the configuration says.
    pub settings: Arc<Settings>,
    form_key: FormKey,
}

impl Desk {
    /// A desk over the records and keys of this casework.
    #[must_use]
    pub fn new(work: Casework, settings: Settings) -> Self {
        let (db, vault) = (work.db.clone(), work.vault.clone());
        let (clock, chance) = (work.clock.clone(), work.chance.clone());
        let staff = Staff::new(db.clone(), vault.clone(), clock.clone(), chance.clone())
            .demo(settings.demonstration);
        let form_key = FormKey::from_bytes(*vault.keys().token_key("desk form token"));
        Self {
            db,
            vault,
            clock,
            chance,
            staff,
            work,
            settings: Arc::new(settings),
            form_key,
        }
    }
}

/// All routes of the desk, before any guard.
fn routes() -> Routes {
    Routes::new()
        .and(navigation::routes())
        .and(sign_in::routes())
        .and(queue::routes())
        .and(report::routes())
        .and(visits::routes())
        .and(hand_over::routes())
        .and(likeness::routes())
        .and(scheme::routes())
        .and(rest::routes())
        .and(holds::routes())
        .and(takedown::routes())
        .and(response::routes())
        .and(notice::routes())
        .and(contact::routes())
        .and(hash_check::routes())
        .and(hashlist::routes())
        .and(figures::routes())
        .and(me::routes())
        .and(people::routes())
        .and(ledger::routes())
        .assets()
}

/// The desk, ready to be served: every route behind the gate, the same-site guard and the headers.
pub fn router(desk: Desk) -> Router {
    let origin = desk.settings.origin.clone();
    let face = Face::desk(origin.is_https());
    let gated = gate::around(routes().into_router(), desk.clone());
    let guarded = headers::guard(same_site::guard(gated, origin), face);
    guarded.with_state(desk)
}
