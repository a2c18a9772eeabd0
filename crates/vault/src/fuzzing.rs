//! The readers of foreign bytes, opened up for the fuzz targets and for nobody else.

use crate::objects::open_stream;
use crate::{IntakeSecret, open_with};

const KEY: [u8; 32] = [7; 32];

/// A sealed object, a sealed field and a sealed letter, of which the store may have made anything.
pub fn sealed(bytes: &[u8]) {
    let _ = open_stream(&KEY, b"place", bytes);
    let _ = open_with(&KEY, b"place", bytes);
    let _ = IntakeSecret::from_seed(&KEY).0.open(b"place", bytes);
}
