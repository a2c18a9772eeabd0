//! The configuration file: one TOML file, every setting with a comment, unknown settings refused.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use confique::Config as _;

use crate::config_capture::Capture;
use crate::config_fault::{ConfigFault, innermost};
use crate::config_hash_check::HashCheck;

/// The whole configuration. `meldpunt config` prints it as a commented template.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Config {
    /// Who the hotline is; stands in notices and on the public page.
    #[config(nested)]
    pub hotline: Hotline,
    /// Where records, pictures and keys are kept.
    #[config(nested)]
    pub keep: crate::config_keep::Keep,
    /// The public page.
    #[config(nested)]
    pub door: Door,
    /// The pages of the staff.
    #[config(nested)]
    pub desk: Desk,
    /// The service that providers ask; off unless `listen` is given.
    #[config(nested)]
    pub hash_check: HashCheck,
    /// The page of providers' abuse desks; off unless `listen` is given.
    #[config(nested)]
    pub provider_page: crate::provider_page::ProviderPage,
    /// The chat line on WhatsApp and Telegram; off unless a number or a bot is given.
    #[config(nested)]
    pub chat: crate::config_chat::Chat,
    /// The mail relay through which notices are sent.
    #[config(nested)]
    pub mail: Mail,
    /// What comes back of notices.
    #[config(nested)]
    pub notices: crate::config_notices::Notices,
    /// How reported addresses are visited.
    #[config(nested)]
    pub visits: Visits,
    /// What a visit does at the sites it looks at.
    #[config(nested)]
    pub capture: Capture,
    /// What is kept of a visit for police and courts.
    #[config(nested)]
    pub evidence: crate::config_evidence::Evidence,
    /// Who is asked about hosts.
    #[config(nested)]
    pub registries: Registries,
    /// How removal is checked.
    #[config(nested)]
    pub checks: Checks,
    /// When a picture is taken for one that was judged before.
    #[config(nested)]
    pub likeness: crate::config_likeness::Likeness,
    /// Which report comes first.
    #[config(nested)]
    pub queue: crate::config_queue::Queue,
    /// How long the police may hold a notice.
    #[config(nested)]
    pub police: crate::config_keeping::Police,
    /// How long things are kept before their keys are destroyed.
    #[config(nested)]
    pub retention: crate::config_keeping::Retention,
}

/// Who the hotline is.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Hotline {
    /// Its name, as in notices and on the public page.
    pub name: String,
    /// Its country, two capital letters (ISO 3166-1): providers here get notices.
    #[config(default = "NL")]
    pub country: String,
    /// Its web site, as in notices.
    #[config(default = "")]
    pub website: String,
    /// The address that notices are sent from.
    pub notices_from: String,
    /// The address that providers answer to.
    pub reply_to: String,
    /// A telephone number shown when the form is out of order.
    pub phone: Option<String>,
    /// A mail address shown when the form is out of order.
    pub email: Option<String>,
    /// Where "leave this page quickly" leads: any harmless site.
    #[config(default = "https://www.wikipedia.org/")]
    pub exit_to: String,
}

/// The public page.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Door {
    /// The address and port it listens on; put a web server with TLS before it.
    #[config(default = "127.0.0.1:7080")]
    pub listen: SocketAddr,
    /// Whether people reach it over https (they should).
    #[config(default = true)]
    pub https: bool,
    /// Letters are collected in rounds, at random within so many minutes, so that when the work on
    /// a report begins does not tell when its sender wrote. 0 collects at once.
    #[config(default = 10)]
    pub collect_within_minutes: u32,
    /// How the web server before it says who asks, for slowing down floods; the address is kept
    /// in memory only, hashed. "none" or "x-forwarded-for".
    #[config(default = "none")]
    pub asker: String,
}

/// The pages of the staff.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Desk {
    /// The address and port they listen on.
    #[config(default = "127.0.0.1:7090")]
    pub listen: SocketAddr,
    /// How browsers reach them: scheme, host and port; anything else is refused as cross-site.
    #[config(default = "http://127.0.0.1:7090")]
    pub origin: String,
}

/// The mail relay.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Mail {
    /// Its host.
    #[config(default = "localhost")]
    pub host: String,
    /// Its port.
    #[config(default = 25)]
    pub port: u16,
    /// "none", "starttls" or "tls".
    #[config(default = "starttls")]
    pub encryption: String,
    /// The name to sign in with, if the relay asks for one.
    pub user: Option<String>,
    /// A file that holds the password.
    pub password_file: Option<PathBuf>,
    /// How long a first notice may wait for others to the same contact, minutes.
    #[config(default = 30)]
    pub gather_minutes: u32,
}

/// Visits.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Visits {
    /// The path of Chromium. Not given: looked for; when there is none, pages are fetched plainly.
    pub browser: Option<PathBuf>,
    /// "required" (no visit without bubblewrap), "when-possible" or "off".
    #[config(default = "required")]
    pub sandbox: String,
    /// How many visits at once.
    #[config(default = 2)]
    pub at_once: u32,
    /// How many of them at one host.
    #[config(default = 1)]
    pub at_once_per_host: u32,
    /// The least time between the beginnings of two visits of one host, seconds.
    #[config(default = 2)]
    pub pause_per_host_seconds: u32,
    /// An address that is reported again is visited again when its last visit is so old, minutes.
    /// However often it is reported in between, it is visited once.
    #[config(default = 60)]
    pub again_after_minutes: u32,
    /// Longest visit, seconds.
    #[config(default = 60)]
    pub deadline_seconds: u32,
    /// Name servers to ask. Not given: those of the system.
    #[config(default = [])]
    pub name_servers: Vec<IpAddr>,
    /// Ports that may be visited.
    #[config(default = [80, 443, 8080, 8443])]
    pub ports: Vec<u16>,
    /// How many boxes stand ready, each with a browser for one visit (about 200 MB each); 0 for none.
    #[config(default = 1)]
    pub warm: u32,
    /// Most memory of all processes of one visit together, in megabytes; a page that takes more is
    /// ended, and what it showed until then is kept.
    #[config(default = 600)]
    pub memory_megabytes: u32,
    /// Refused in real use: with this a configuration is one for tests, with which
    /// `meldpunt visit --allow-net` works in a program built for real use as well.
    #[config(default = false)]
    pub test: bool,
    /// Refused in real use: routes to demonstration sites on this machine.
    #[config(default = [])]
    pub demo_routes: Vec<String>,
}

/// Registries.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Registries {
    /// Where the lists of RDAP servers are (RFC 9224).
    #[config(default = "https://data.iana.org/rdap/")]
    pub rdap_bootstrap: String,
    /// RIPEstat.
    #[config(default = "https://stat.ripe.net/")]
    pub ripestat: String,
}

/// Checks.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Checks {
    /// An address of your own on another network that always answers 200: it proves that our side
    /// works before anything is called removed.
    pub canary: String,
    /// Words that stand in the answer of that address, so that the page of a portal or filter on
    /// our own line is not taken for it. Empty: status 200 is enough.
    #[config(default = "")]
    pub canary_text: String,
    /// How many checks at once.
    #[config(default = 8)]
    pub at_once: u32,
}

impl Config {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`ConfigFault`], a full sentence for the person who wrote the file.
    pub fn read(path: &Path) -> Result<Self, ConfigFault> {
        let file = path.display().to_string();
        if !path.is_file() {
            return Err(ConfigFault::NoFile(file));
        }
        let config = Self::from_file(path).map_err(|fault| ConfigFault::Unusable {
            file: file.clone(),
            why: innermost(&fault),
        })?;
        config.check(&file)?;
        Ok(config)
    }

    /// The commented template.
    #[must_use]
    pub fn template() -> String {
        confique::toml::template::<Self>(confique::toml::FormatOptions::default())
    }

    fn check(&self, file: &str) -> Result<(), ConfigFault> {
        let wrong = |setting: &'static str, why: String| {
            Err(ConfigFault::Value {
                file: file.to_owned(),
                setting,
                why,
            })
        };
        let country = &self.hotline.country;
        if provider::Country::parse(country).is_none() {
            return wrong(
                "hotline.country",
                format!("is {country:?}; give two capital letters, as NL"),
            );
        }
        if !self.visits.demo_routes.is_empty() {
            return wrong(
                "visits.demo_routes",
                "is for `meldpunt demo` only: in real use no network of our own may be reached. Remove it".into(),
            );
        }
        if !["required", "when-possible", "off"].contains(&self.visits.sandbox.as_str()) {
            return wrong(
                "visits.sandbox",
                "must be required, when-possible or off".into(),
            );
        }
        if !["none", "starttls", "tls"].contains(&self.mail.encryption.as_str()) {
            return wrong("mail.encryption", "must be none, starttls or tls".into());
        }
        if !["none", "x-forwarded-for"].contains(&self.door.asker.as_str()) {
            return wrong("door.asker", "must be none or x-forwarded-for".into());
        }
        if ground::WebAddress::parse(&self.checks.canary).is_err() {
            return wrong("checks.canary", "is no web address".into());
        }
        let rules = self.capture.rules().err().map(|why| why.to_string());
        if let Some(why) = rules.or_else(|| self.capture.exit_fault()) {
            return wrong("capture", why);
        }
        let plain = [
            self.likeness.fault(),
            self.queue.fault(),
            self.provider_page.fault(),
            self.evidence.fault(),
        ];
        let given = plain.into_iter().flatten().next();
        let given = given.map(|(setting, why)| (setting, why.to_owned()));
        if let Some((setting, why)) = given.or_else(|| self.chat.fault()) {
            return wrong(setting, why);
        }
        Ok(())
    }

    /// The place of the records.
    #[must_use]
    pub fn records(&self) -> String {
        self.place(self.keep.records.as_ref(), "records.db")
    }

    /// The place of the letterbox.
    #[must_use]
    pub fn letterbox(&self) -> String {
        self.place(self.keep.letterbox.as_ref(), "letterbox.db")
    }

    fn place(&self, given: Option<&String>, name: &str) -> String {
        given
            .cloned()
            .unwrap_or_else(|| self.keep.folder.join(name).display().to_string())
    }

    /// The folder of the keys.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.keep
            .keys
            .clone()
            .unwrap_or_else(|| self.keep.folder.join("keys"))
    }

    /// The folder of the sealed objects.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.keep
            .objects
            .clone()
            .unwrap_or_else(|| self.keep.folder.join("objects"))
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
