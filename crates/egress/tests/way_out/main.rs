//! The way out over real sockets (T18): hostile servers, a hostile name server, slow and broken
//! clients. Servers that may be reached stand on 127.0.0.1, which the tests open; 127.0.0.2 stands
//! for the private network that must never be reached.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail the test where they stand"
)]

mod bounds;
mod client;
mod dns;
mod exit;
mod guard;
mod namespace;
mod proxy;
mod refusals;
mod relay;
mod site;
mod tls;
