//! The section of the configuration on what a visit does at the sites it looks at.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use capture::{Gates, HostPattern, RuleFault, SiteRule, Viewport};
use egress::Exit;
use serde::{Deserialize, Serialize};

/// What a visit does at the sites it looks at.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Capture {
    /// The whole text of buttons by which one consent or age gate is passed; * is any text, and case
    /// does not count. Not given: what such buttons say in Dutch and English.
    pub gate_words: Option<Vec<String>>,
    /// CSS selectors of such buttons, tried first. Not given: those of the usual consent windows.
    pub gate_selectors: Option<Vec<String>>,
    /// What is different for some hosts; the first that covers a host counts. Each has hosts (a name,
    /// "*.name" or "*"), and any of language, timezone, window = [width, height], user_agent, exit,
    /// gate_words, gate_selectors, as [[capture.sites]].
    #[config(default = [])]
    pub sites: Vec<Site>,
    /// Other ways out (SOCKS5 servers), as [[capture.exits]]. Each has a name, socks = "address:port",
    /// and any of onion = true (it is Tor and leads to onion addresses), user with password_file. Sites
    /// are sent through one by exit = "name". When an exit fails there is no direct way instead.
    #[config(default = [])]
    pub exits: Vec<ExitSetting>,
}

/// Another way out.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExitSetting {
    name: String,
    socks: SocketAddr,
    #[serde(default)]
    onion: bool,
    user: Option<String>,
    password_file: Option<PathBuf>,
}

/// What is different for some hosts.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    hosts: String,
    language: Option<String>,
    timezone: Option<String>,
    window: Option<[u32; 2]>,
    user_agent: Option<String>,
    exit: Option<String>,
    #[serde(default)]
    gate_words: Vec<String>,
    #[serde(default)]
    gate_selectors: Vec<String>,
}

impl Capture {
    /// The gates of every host and the rules for some, as the visitor takes them.
    ///
    /// # Errors
    /// With the first that can never serve.
    pub fn rules(&self) -> Result<(Gates, Vec<SiteRule>), RuleFault> {
        let mut gates = Gates::usual();
        if let Some(words) = &self.gate_words {
            gates.words.clone_from(words);
        }
        if let Some(selectors) = &self.gate_selectors {
            gates.selectors.clone_from(selectors);
        }
        gates.check()?;
        let rules: Result<Vec<_>, _> = self.sites.iter().map(Site::rule).collect();
        Ok((gates, rules?))
    }

    /// The other ways out, as the guard takes them.
    ///
    /// # Errors
    /// When a password cannot be read.
    pub fn exits(&self) -> anyhow::Result<Vec<Exit>> {
        self.exits.iter().map(ExitSetting::exit).collect()
    }

    /// What is wrong with the exits, as a text that reads on from their name; no file is read.
    #[must_use]
    pub fn exit_fault(&self) -> Option<String> {
        for (place, one) in self.exits.iter().enumerate() {
            let others = &self.exits[..place];
            if one.name.trim().is_empty() || others.iter().any(|other| other.name == one.name) {
                return Some(format!(
                    "has an exit called {:?}: each needs a name of its own",
                    one.name
                ));
            }
            if one.onion && others.iter().any(|other| other.onion) {
                return Some("has two exits with onion = true: keep one".to_owned());
            }
            if one.user.is_some() != one.password_file.is_some() {
                let name = &one.name;
                return Some(format!(
                    "exit {name:?} needs both user and password_file, or neither"
                ));
            }
        }
        let unknown = self.sites.iter().filter_map(|site| site.exit.as_ref());
        let unknown = unknown.filter(|name| !self.exits.iter().any(|exit| exit.name == **name));
        unknown
            .map(|name| format!("sends a site through {name:?}, and there is no such exit"))
            .next()
    }
}

impl ExitSetting {
    fn exit(&self) -> anyhow::Result<Exit> {
        let mut exit = Exit::new(&self.name, self.socks);
        exit.onion = self.onion;
        if let (Some(user), Some(file)) = (&self.user, &self.password_file) {
            let password = std::fs::read_to_string(file).with_context(|| {
                let name = &self.name;
                format!(
                    "exit {name}: password_file {} cannot be read",
                    file.display()
                )
            })?;
            exit.login = Some((user.clone(), password.trim_end().into()));
        }
        Ok(exit)
    }
}

impl Site {
    fn rule(&self) -> Result<SiteRule, RuleFault> {
        let rule = SiteRule {
            hosts: HostPattern::parse(&self.hosts)?,
            language: self.language.clone(),
            timezone: self.timezone.clone(),
            viewport: self
                .window
                .map(|[width, height]| Viewport { width, height }),
            user_agent: self.user_agent.clone(),
            exit: self.exit.clone(),
            gates: Gates {
                words: self.gate_words.clone(),
                selectors: self.gate_selectors.clone(),
            },
        };
        rule.check()?;
        Ok(rule)
    }
}

#[cfg(test)]
mod tests {
    use confique::Config as _;

    use super::*;

    fn read(text: &str) -> Result<(Gates, Vec<SiteRule>), String> {
        let layer = toml::from_str(text).map_err(|fault| fault.to_string())?;
        let capture = Capture::builder().preloaded(layer).load();
        let capture = capture.map_err(|fault| fault.to_string())?;
        capture.rules().map_err(|fault| fault.to_string())
    }

    #[test]
    fn without_a_word_the_usual_gates_are_passed_and_no_site_is_special() {
        assert_eq!(read(""), Ok((Gates::usual(), Vec::new())));
    }

    #[test]
    fn a_site_may_be_visited_as_somebody_else() {
        let read = read(
            "gate_words = [\"enter\"]\n[[sites]]\nhosts = \"*.site.example\"\n\
             language = \"de-DE\"\nwindow = [390, 844]\ngate_selectors = [\"#go\"]",
        );
        let (gates, rules) = read.unwrap_or_default();
        assert_eq!(gates.words, ["enter"]);
        assert_eq!(rules.len(), 1);
        assert!(rules[0].hosts.covers("www.site.example"));
        assert_eq!(rules[0].language.as_deref(), Some("de-DE"));
        assert_eq!(
            rules[0].viewport,
            Some(Viewport {
                width: 390,
                height: 844
            })
        );
        assert_eq!(rules[0].gates.selectors, ["#go"]);
    }

    fn exits_of(text: &str) -> (Option<String>, Vec<Exit>) {
        let layer = toml::from_str(text).unwrap_or_else(|fault| panic!("{fault}"));
        let capture = Capture::builder().preloaded(layer).load();
        let capture = capture.unwrap_or_else(|fault| panic!("{fault}"));
        (capture.exit_fault(), capture.exits().unwrap_or_default())
    }

    #[test]
    fn a_site_may_be_reached_through_an_exit_and_onions_through_tor() {
        let (fault, exits) = exits_of(
            "[[exits]]\nname = \"tor\"\nsocks = \"127.0.0.1:9050\"\nonion = true\n\
             [[exits]]\nname = \"de\"\nsocks = \"192.0.2.9:1080\"\n\
             [[sites]]\nhosts = \"*.de\"\nexit = \"de\"",
        );
        assert_eq!(fault, None);
        let told: Vec<_> = exits
            .iter()
            .map(|exit| (exit.name.as_str(), exit.onion))
            .collect();
        assert_eq!(told, [("tor", true), ("de", false)]);
    }

    #[test]
    fn exits_that_cannot_be_meant_are_refused_with_what_is_wrong() {
        let one = "[[exits]]\nname = \"a\"\nsocks = \"127.0.0.1:9050\"\nonion = true\n";
        let other = one.replace("\"a\"", "\"b\"");
        for (text, word) in [
            (format!("{one}{one}"), "a name of its own"),
            (format!("{one}{other}"), "two exits"),
            (format!("{one}user = \"me\""), "password_file"),
            (
                "[[sites]]\nhosts = \"*\"\nexit = \"a\"".to_owned(),
                "no such exit",
            ),
        ] {
            let fault = exits_of(&text).0.unwrap_or_default();
            assert!(fault.contains(word), "{fault}");
        }
        let file = format!("{one}user = \"me\"\npassword_file = \"/nowhere/at/all\"");
        let layer = toml::from_str(&file).unwrap_or_else(|fault| panic!("{fault}"));
        let capture = Capture::builder().preloaded(layer).load();
        assert!(capture.is_ok_and(|capture| capture.exits().is_err()));
    }

    #[test]
    fn a_rule_that_can_never_serve_is_refused_with_what_to_do() {
        let fault = read("[[sites]]\nhosts = \"http://site.example/\"").err();
        assert!(fault.unwrap_or_default().contains("*.site.example"));
        let fault = read("[[sites]]\nhosts = \"*\"\ncolour = 1").err();
        assert!(fault.unwrap_or_default().contains("colour"));
        assert!(read("gate_words = [\"*\"]").is_err());
    }
}
