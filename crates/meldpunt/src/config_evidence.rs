//! The section of the configuration on evidence.

use ::evidence::PoliceKey;
use url::Url;

/// What is kept of a visit for police and courts.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Evidence {
    /// An authority that stamps the signed manifest of each visit with a time (RFC 3161), as
    /// https://time.example/stamp. It is sent a digest and nothing else. Not given: nobody is asked.
    pub time_stamps: Option<String>,
    /// The public key of the police (age1…, as `age-keygen` prints it). What two people agreed to hand
    /// over is sealed to it, and nobody here can open it again. Not given: nothing is handed over.
    pub police_key: Option<String>,
}

impl Evidence {
    /// The authority, when it can be asked.
    pub fn authority(&self) -> Option<Url> {
        let url = Url::parse(self.time_stamps.as_deref()?).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// The key of the police, when it is one.
    pub fn police(&self) -> Option<PoliceKey> {
        PoliceKey::parse(self.police_key.as_deref()?).ok()
    }

    /// What is wrong: the setting, and what to do about it.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        if self.time_stamps.is_some() && self.authority().is_none() {
            return Some((
                "evidence.time_stamps",
                "is no web address; give one that begins with https:// or http://",
            ));
        }
        (self.police_key.is_some() && self.police().is_none()).then_some((
            "evidence.police_key",
            "is no public key; give the one that age-keygen prints, which begins with age1",
        ))
    }
}
