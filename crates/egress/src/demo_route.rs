//! The demo's stage set: names with documentation addresses that lead to local services.

use std::net::{IpAddr, SocketAddr};

/// One name of the demo. It resolves to a documentation address, and a connection to that address
/// and port is in truth made to a service on this machine, so that what the demo records looks
/// like the real thing without anything leaving the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRoute {
    /// The name, in lower case without a final dot.
    pub name: String,
    /// The address that is resolved, shown and recorded.
    pub documentation_ip: IpAddr,
    /// The port that is asked for.
    pub port: u16,
    /// Where the service in truth listens.
    pub to: SocketAddr,
}
