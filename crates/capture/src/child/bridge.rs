//! A TCP door on the loopback of the box that leads to the proxy's unix socket: Chromium speaks
//! to proxies over TCP only, and in the box nothing else listens.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The open door; it closes when dropped.
pub struct Bridge {
    at: SocketAddr,
    _closes_with_us: DropGuard,
}

impl Bridge {
    /// Opens the door.
    pub async fn open(socket: PathBuf) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let at = listener.local_addr()?;
        let stop = CancellationToken::new();
        tokio::spawn(egress::bridge(listener, socket, stop.clone()));
        Ok(Self {
            at,
            _closes_with_us: stop.drop_guard(),
        })
    }

    /// The door as a proxy address.
    pub fn address(&self) -> String {
        format!("http://{}", self.at)
    }
}
