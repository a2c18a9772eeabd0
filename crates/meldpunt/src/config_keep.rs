//! The section of the configuration on where things are kept.

use std::path::PathBuf;

/// Where things are kept.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Keep {
    /// The folder for everything that is not given a place of its own below.
    #[config(default = "meldpunt-data")]
    pub folder: PathBuf,
    /// The records: the path of an SQLite file, or postgres://user@host/database.
    /// Not given: records.db in the folder above.
    pub records: Option<String>,
    /// The letterbox, best a database of its own: as above; not given: letterbox.db.
    pub letterbox: Option<String>,
    /// The folder of the key files; keep a copy of it elsewhere. Not given: keys in the folder.
    pub keys: Option<PathBuf>,
    /// The folder of the sealed pictures. Not given: objects in the folder.
    pub objects: Option<PathBuf>,
}
