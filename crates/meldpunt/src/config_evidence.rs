//! The section of the configuration on evidence.

use url::Url;

/// What is kept of a visit for police and courts.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Evidence {
    /// An authority that stamps the signed manifest of each visit with a time (RFC 3161), as
    /// https://time.example/stamp. It is sent a digest and nothing else. Not given: nobody is asked.
    pub time_stamps: Option<String>,
}

impl Evidence {
    /// The authority, when it can be asked.
    pub fn authority(&self) -> Option<Url> {
        let url = Url::parse(self.time_stamps.as_deref()?).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// What is wrong: the setting, and what to do about it.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        (self.time_stamps.is_some() && self.authority().is_none()).then_some((
            "evidence.time_stamps",
            "is no web address; give one that begins with https:// or http://",
        ))
    }
}
