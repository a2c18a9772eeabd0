//! Hash lists: what others, and we, know already.
//!
//! A list belongs to its source and is never mixed with another. Its entries are digests of bytes (MD5,
//! SHA-1, SHA-256) or hashes of what a picture looks like (PDQ), each with the source's own category. A
//! source may take an entry back: it then does not match from the next moment on, nor after a restart.
//! [`Live`] is all lists in memory, asked without touching the records and kept current by
//! [`Live::refresh`]; [`import`] reads files of foreign formats row by row. What is judged illegal here is
//! on our own list ([`list_own`]), which leaves the house as words only ([`outgoing`]).

mod csv;
mod digest;
mod entries;
mod export;
mod format;
mod held;
mod import;
mod kept;
mod later;
mod live;
mod matches;
mod own;
mod reading;
mod rules;
mod signed;
mod sorting;
mod store;
mod table;
mod told;
mod vics;

pub use digest::{Digest, Key, Kind, NotADigest};
pub use entries::{Put, Taken, put, take_back};
pub use export::{COLUMNS, CsvOut, ExportFault, Outgoing, VicsOut, cursor, outgoing};
pub use format::{Column, Format, FormatFault, Row, Said, read};
pub use import::{Done, ImportFault, Progress, Watch, import};
pub use kept::Keeping;
pub use later::{Later, LaterEntry, LaterPage, later, later_page, note_later};
pub use live::{Hit, Live, LoadFault, NearHit};
pub use matches::{Asked, Match, look_up, look_up_frames, note_match};
pub use own::{NAME as OWN_LIST, list_own, own, unlist_own};
pub use reading::Source;
pub use rules::{Category, ListName, NameFault};
pub use signed::{NotVerified, Signed, Statement, public_key};
pub use store::{
    HashList, Imported, ListFault, RefusedRow, Summary, add, imports, lists, named, refused,
    set_enabled, summaries, summary, with_id,
};
