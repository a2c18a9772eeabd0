//! Figures: the published numbers, each with its definition, computed from the ledger and from
//! nothing else (law 8).
//!
//! * A figure is **defined in code** ([`Definition`]): key, title, unit, definition, version, caveat.
//!   When what it counts changes, its version rises, and no growth is given across the change.
//! * **Units are types** ([`Count`]): reports cannot be added to items.
//! * [`compute`] counts one [`Period`] by when things happened, up to a fixed end of the ledger,
//!   which the result names: the same period and the same end give the same figures for ever.
//!   A verdict given and taken back counts once up and once down, each when it happened, so that
//!   the periods of a year add up to the year.
//! * A year is a year in the hotline's time zone ([`Calendar`]), not in UTC: that is how a country
//!   reads its figures.
//! * [`yearly`] puts a year beside those before it, with [growth](Growth) and the sentence that follows.
//!   Years before Meldpunt are brought in with [`import`] and shown as published.

mod amount;
mod breakdown;
mod clocks;
mod compute;
mod csv;
mod definition;
mod definitions;
#[cfg(test)]
mod drawn_ledger;
mod figure;
#[cfg(test)]
mod fold;
#[cfg(test)]
mod fold_clocks;
#[cfg(test)]
mod fold_tests;
mod growth;
mod handbook;
mod hashes;
mod judged;
mod period;
mod providers;
mod published;
mod report;
mod sentence;
mod sums;
mod suppress;
mod survival;
mod unit;
mod unit_name;
mod view;
mod years;

pub use amount::{Amount, AmountFault};
pub use breakdown::{Breakdown, By, Row, channel_label, outcome_label, verdict_label};
pub use clocks::Clock;
pub use compute::compute;
pub use csv::safe_cell;
pub use definition::{Defined, Definition, Text};
pub use definitions::{ALL, definition};
pub use figure::{Figure, Figures, Value};
pub use growth::{Growth, NoGrowth, Observed, Under, growth};
pub use handbook::handbook;
pub use judged::Crossing;
pub use period::{Calendar, Period, UnknownZone};
pub use published::{
    Fault, FaultKind, ImportError, Imported, Key, KeyFault, Published, Unread, import,
    read as read_published,
};
pub use report::{Making, Names, TableView};
pub use sentence::sentence;
pub use suppress::{FEW, Table};
pub use survival::{Curve, LogRank, Span, Step, log_rank};
pub use unit::{
    Addresses, Contents, Count, Counted, Hashes, Items, Looks, Notices, Reports, Sightings, Unit,
    Visits,
};
pub use unit_name::{NotAUnit, UnitName};
pub use view::{ProviderRow, Shown, ShownBreakdown, ShownRow};
pub use years::{Series, Yearly, yearly};

use ground::DbError;

/// Why figures could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum FiguresError {
    /// A line of the ledger cannot be read: written by a newer version, or damaged.
    #[error("a line of the ledger cannot be read: {0}")]
    Unreadable(String),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}
