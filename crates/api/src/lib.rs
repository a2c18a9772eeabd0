//! The hash-check service: a provider asks before it publishes, and hears match or no match with the
//! category of the list, and never more: no name of a list, no distance, no id.
//!
//! `POST /v1/hash-check` takes 1 to 1,000 hashes ([`question`]) from a client with a key
//! ([`clients`]) within its quota ([`quota`]); what was asked is counted ([`counts`]), never kept.
//! There is no prefix, range or wildcard, and whoever feels for the edge of a match is noticed
//! ([`watch`]). While the lists are not loaded the answer is 503, never "no match" (law 6).

mod answer;
mod clients;
mod counts;
mod lists;
mod problem;
mod question;
mod quota;
mod service;
mod watch;

pub use lists::{Found, Hash, Lists, NotLoaded};
pub use service::{Api, BODY_BYTES, Parts, router};

/// What fuzz targets reach.
#[cfg(feature = "fuzzing")]
pub mod fuzzing {
    /// Reads a body as `POST /v1/hash-check` does; how many hashes it holds, or none.
    #[must_use]
    pub fn question(body: &[u8]) -> Option<usize> {
        crate::question::read(body).ok().map(|asked| asked.len())
    }
}
