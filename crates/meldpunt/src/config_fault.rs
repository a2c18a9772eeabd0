//! What is said when the configuration cannot be used.

/// Why the configuration cannot be used; a full sentence.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// There is no such file.
    #[error("There is no configuration file at {0}. Make one with: meldpunt config > {0}")]
    NoFile(String),
    /// The file cannot be read as configuration.
    #[error("{file} cannot be used: {why}")]
    Unusable {
        /// Which file.
        file: String,
        /// What is wrong and where.
        why: String,
    },
    /// A value makes no sense.
    #[error("{file}: the setting {setting} {why}")]
    Value {
        /// Which file.
        file: String,
        /// Which setting.
        setting: &'static str,
        /// What is wrong and what to do.
        why: String,
    },
}

/// What the last cause says: confique and toml wrap the useful sentence.
pub fn innermost(fault: &dyn std::error::Error) -> String {
    let mut deepest = fault;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string().trim().to_owned()
}
