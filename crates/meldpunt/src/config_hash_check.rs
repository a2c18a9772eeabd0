//! The section `[hash_check]` of the configuration.

use std::net::SocketAddr;

/// The service that providers ask before they publish.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct HashCheck {
    /// The address and port it listens on, as 127.0.0.1:7100; put a web server with TLS before it, for
    /// what is asked carries the provider's key. Not given: there is no such service here.
    pub listen: Option<SocketAddr>,
}
