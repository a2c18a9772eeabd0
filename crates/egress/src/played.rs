//! The outside as a play: what a simulation puts where name servers, web servers and the mail relay
//! stand. Everything on our side of this border is the real thing; nothing of it leaves the machine.

use std::net::IpAddr;
use std::pin::Pin;

use url::Url;

use crate::{Accepted, DnsFault, FetchError, Fetched, Mail, Relay, SendError};

/// What is answered in a while.
pub type Coming<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A played outside: it answers in place of name servers and web servers.
pub trait Played: Send + Sync {
    /// All addresses of a name.
    ///
    /// # Errors
    /// As a name server would fail.
    fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, DnsFault>;

    /// What comes of asking for an address.
    fn fetch<'a>(&'a self, url: &'a Url) -> Coming<'a, Result<Fetched, FetchError>>;
}

/// Whoever takes mail over from us: the operator's relay, or a played one.
pub trait Courier: Send + Sync {
    /// Hands over one message to all its addresses or to none.
    fn send<'a>(&'a self, mail: &'a Mail) -> Coming<'a, Result<Accepted, SendError>>;
}

impl Courier for Relay {
    fn send<'a>(&'a self, mail: &'a Mail) -> Coming<'a, Result<Accepted, SendError>> {
        Box::pin(Self::send(self, mail))
    }
}
