//! The **address registries** of the demo's networks, in the formats of the real ones: RDAP (RFC 9082
//! and 9083) with the bootstrap files of RFC 9224, and the data calls of RIPEstat that tell network,
//! holder, country and abuse contact of an address.
//!
//! The networks differ in how they answer, as the real registries do: one carries its abuse contact at
//! the top, one inside the registrant (as ARIN nests it), one has none.

mod network;
mod rdap;
mod ripestat;

use std::sync::Arc;

use axum::Router;

/// The routes of both registries. `at` is the host (and port) under which the registries are asked:
/// the bootstrap files point there.
pub fn router(at: Arc<str>) -> Router {
    rdap::router(at).merge(ripestat::router())
}
