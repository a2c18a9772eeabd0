//! The vault: keys live here and nowhere else, and everything sensitive is sealed here (law 9).
//!
//! * A **letter** is sealed by the door to the hotline's public key ([`intake`], HPKE of RFC 9180).
//!   The public process holds only that public key: it can write and never read.
//! * Every report, address, content and notice has a **data key** of its own, wrapped by the
//!   hotline's key. Fields are sealed with XChaCha20-Poly1305, objects with its STREAM construction,
//!   with associated data bound to the owner and the exact place, so that a sealed value moved to
//!   another row or column does not open ([`seal`], [`objects`]).
//! * Destroying the wrapped key is the deletion ([`Vault::shred`]).
//! * A **blind index** (HMAC) finds an address again without storing it readably.

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod intake;
mod keys;
mod objects;
mod seal;
mod vault;

pub use intake::{IntakePublic, IntakeSecret};
pub use keys::{HotlineKeys, KeyFault, hkdf};
pub use objects::{ObjectName, Objects};
pub use seal::{Place, SealError, open_with, seal_with};
pub use vault::{Blind, Opener, Owner, Parts, Sealer, Vault, VaultError};
