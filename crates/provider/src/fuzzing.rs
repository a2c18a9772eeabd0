//! The readers of foreign bytes, opened up for the fuzz targets and for nobody else.

use std::net::{IpAddr, Ipv4Addr};

use crate::{bootstrap, rdap, ripestat};

/// An answer of an RDAP server.
pub fn rdap_answer(body: &[u8]) {
    let _ = rdap::read(body);
}

/// An answer of RIPEstat.
pub fn ripestat_answer(body: &[u8]) {
    let _ = ripestat::read(body);
}

/// A bootstrap file: which RDAP server knows about which addresses.
pub fn bootstrap_file(file: &[u8]) {
    let _ = bootstrap::server_for(file, IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
}
