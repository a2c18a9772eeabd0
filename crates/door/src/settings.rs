//! What an organisation sets for its public face.

use pages::{HelpLine, OtherWay, PublicSite};

use crate::paths;

/// Where the quick exit leads unless set otherwise: an everyday page nobody wonders about.
pub(crate) const NEUTRAL_SITE: &str = "https://www.buienradar.nl/";

/// The settings of the public face.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DoorSettings {
    /// The hotline's name in the header.
    pub name: String,
    /// Whether browsers reach the door by TLS.
    pub https: bool,
    /// Whether a proxy of ours stands in front and adds `X-Forwarded-For`. Only then is it believed.
    pub behind_proxy: bool,
    /// The full address the quick exit leads to.
    pub exit_to: String,
    /// Where people can get help.
    pub help: Vec<HelpLine>,
    /// Other ways to report, shown when a report cannot be taken.
    pub other_ways: Vec<OtherWay>,
    /// Whether this is a demonstration.
    pub demonstration: bool,
}

impl Default for DoorSettings {
    fn default() -> Self {
        Self {
            name: "Meldpunt".to_owned(),
            https: true,
            behind_proxy: false,
            exit_to: NEUTRAL_SITE.to_owned(),
            help: HelpLine::dutch_defaults(),
            other_ways: Vec::new(),
            demonstration: false,
        }
    }
}

impl DoorSettings {
    pub(crate) fn into_site(self) -> PublicSite {
        PublicSite {
            name: self.name,
            home: paths::HOME,
            follow: paths::FOLLOW,
            about: paths::EXPLAIN,
            exit: paths::EXIT,
            help: self.help,
            other_ways: self.other_ways,
            demonstration: self.demonstration,
        }
    }
}
