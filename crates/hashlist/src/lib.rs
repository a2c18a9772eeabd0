//! Hash lists: what others, and we, know already.
//!
//! A list belongs to its source and is never mixed with another. Its entries are digests of bytes (MD5,
//! SHA-1, SHA-256) or hashes of what a picture looks like (PDQ), each with the source's own category. A
//! source may take an entry back: it then does not match from the next moment on, nor after a restart.
//! [`Live`] is all lists in memory, asked without touching the records and kept current by
//! [`Live::refresh`]; [`import`] reads files of foreign formats row by row.

mod csv;
mod digest;
mod format;
mod import;
mod live;
mod rules;
mod store;
mod table;
mod vics;

pub use digest::{Digest, Key, Kind, NotADigest};
pub use format::{Column, Format, FormatFault, Row, Said, read};
pub use import::{Done, ImportFault, Progress, import};
pub use live::{Hit, Live, LoadFault, NearHit};
pub use rules::{Category, ListName, NameFault};
pub use store::{
    HashList, ListFault, Summary, add, lists, named, put, set_enabled, summaries, take_back,
};
