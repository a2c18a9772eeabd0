//! The only way out (law 4): whatever leaves this program for the network leaves through here.
//!
//! Reported addresses are chosen by strangers and hosted by criminals, so nothing they name may
//! become a way into the hotline's own network (T18). A [`Policy`] says which addresses may be
//! reached; a [`Guard`] resolves a name once, drops every forbidden answer and connects to what
//! was resolved; a [`Pass`] bounds and records what one visit does; [`serve_proxy`] is the forward
//! proxy for browsers and other programs; [`HttpClient`] is our own fetching; [`Relay`] is the
//! only mail client. All of them open connections through the one guard, except the relay, whose
//! host the operator names and which may stand on a private network. An [`Exit`] is another way out
//! for some hosts, under the same policy.
//!
//! Every fault says whose it is (`is_ours`): a refusal by policy, a failing resolver or a dead
//! network of ours must never be read as "the page is offline" (law 6).

mod address;
mod body;
mod bridge;
mod client;
mod demo_route;
mod duplex;
mod exit;
mod fault;
mod fetched;
mod guard;
mod metered;
mod pass;
mod played;
mod policy;
mod proxy;
mod relay;
mod request;
mod resolver;
mod shown;
mod target;
mod tls;

pub use address::{AddressKind, kind_of};
pub use bridge::bridge;
pub use client::HttpClient;
pub use demo_route::DemoRoute;
pub use exit::Exit;
pub use fault::{ConnectFault, ConnectKind, DnsFault, ExitFault, ExitKind, NotReached, Refusal};
pub use fetched::{FetchError, Fetched, Stage};
pub use guard::{Connected, Guard};
pub use hyper::{HeaderMap, header};
pub use metered::Metered;
pub use pass::{Limits, Pass, Record};
pub use played::{Coming, Courier, Played};
pub use policy::{DEFAULT_PORTS, Policy};
pub use proxy::{Entrance, FAULT_HEADER, SIDE_HEADER, serve_proxy};
pub use relay::{Accepted, Credentials, Mail, Relay, RelayTls, SendError};
pub use request::{Over, Request};
pub use resolver::Resolver;
pub use shown::{NotShown, Shown, certificates_of};
pub use target::{Host, Target};
pub use tls::{TlsSetup, TlsSetupFault};
