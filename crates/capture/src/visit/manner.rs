//! As whom an address is visited, and which gates are passed on the way: rules by host.

use crate::visit::VisitorSettings;
use crate::wire::{Gates, Viewport};

/// Most characters of one word or selector of a gate, and of one host pattern.
const TEXT_MAX: usize = 300;

/// The hosts a rule is for: `*` is every host, `*.a.example` is `a.example` and all below it, and
/// `a.example` is that host alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    below: bool,
    name: String,
}

/// Why a rule of the configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// Not a pattern of hosts.
    #[error("{0:?} is no host: write a name as site.example, *.site.example or *")]
    Host(String),
    /// A word or selector without a letter, or far too long.
    #[error("{0:?} can never match: give a text of 1 to {TEXT_MAX} characters")]
    Text(String),
    /// A window no page is made for.
    #[error("a window of {0} × {1} pixels: give 200 to 4000 across and down")]
    Window(u32, u32),
    /// Not to be sent in a header.
    #[error("{0:?} cannot be sent: use plain letters, digits and signs")]
    Header(String),
}

impl HostPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, RuleFault> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self {
                below: true,
                name: String::new(),
            });
        }
        let (below, name) = match text.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, text),
        };
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let good = !name.is_empty() && name.len() <= TEXT_MAX && name.chars().all(letter);
        if !good || name.starts_with('.') || name.ends_with('.') {
            return Err(RuleFault::Host(text.to_owned()));
        }
        Ok(Self {
            below,
            name: name.to_ascii_lowercase(),
        })
    }

    /// Whether a host, in lower case as addresses have it, is meant.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        if host == self.name || (self.below && self.name.is_empty()) {
            return true;
        }
        let above = host.strip_suffix(&self.name);
        self.below && above.is_some_and(|above| above.ends_with('.'))
    }
}

/// How hosts of one pattern are visited; what is not said is as for every host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRule {
    /// For which hosts.
    pub hosts: HostPattern,
    /// `Accept-Language`.
    pub language: Option<String>,
    /// An IANA time zone.
    pub timezone: Option<String>,
    /// The window.
    pub viewport: Option<Viewport>,
    /// The browser's name.
    pub user_agent: Option<String>,
    /// The name of the exit through which these hosts, and all that their pages ask for, are reached.
    pub exit: Option<String>,
    /// Gates of these hosts, tried before those of every host.
    pub gates: Gates,
}

impl SiteRule {
    /// Holds the rule against what can be sent and can match.
    ///
    /// # Errors
    /// With the first fault.
    pub fn check(&self) -> Result<(), RuleFault> {
        self.gates.check()?;
        if let Some(Viewport { width, height }) = self.viewport
            && !((200..=4_000).contains(&width) && (200..=4_000).contains(&height))
        {
            return Err(RuleFault::Window(width, height));
        }
        let sent = [&self.language, &self.timezone, &self.user_agent];
        for text in sent.into_iter().flatten() {
            let plain = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
            if text.trim().is_empty() || text.len() > TEXT_MAX || !plain {
                return Err(RuleFault::Header(text.clone()));
            }
        }
        Ok(())
    }
}

impl Gates {
    /// What buttons of consent and age gates say in Dutch and English, and the buttons of the
    /// consent windows that many sites buy. A word is the whole text of a button; `*` is any text.
    #[must_use]
    pub fn usual() -> Self {
        let texts = |all: &[&str]| all.iter().map(|&one| one.to_owned()).collect();
        Self {
            words: texts(&[
                "accepteren",
                "accepteer",
                "alles accepteren",
                "alle cookies accepteren",
                "cookies accepteren",
                "accepteer alle*",
                "akkoord",
                "akkoord en doorgaan",
                "ik ga akkoord",
                "ja, ik ga akkoord",
                "alles toestaan",
                "alle cookies toestaan",
                "toestaan",
                "ik ben 18*",
                "ja, ik ben 18*",
                "ik ben ouder dan 18*",
                "ja, ik ben ouder dan 18*",
                "accept",
                "accept all*",
                "accept cookies",
                "accept and continue",
                "allow all*",
                "agree",
                "agree and continue",
                "agree & continue",
                "i agree",
                "i accept",
                "i am 18*",
                "i'm 18*",
                "yes, i am 18*",
                "yes, i'm 18*",
                "i am over 18*",
                "i'm over 18*",
                "yes, i am over 18*",
                "yes, i'm over 18*",
                "i am at least 18*",
            ]),
            selectors: texts(&[
                "#onetrust-accept-btn-handler",
                "#CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll",
                "#didomi-notice-agree-button",
                ".fc-cta-consent",
                ".cmpboxbtnyes",
                ".qc-cmp2-summary-buttons button[mode=primary]",
            ]),
        }
    }

    /// Holds the words and selectors against what can match.
    ///
    /// # Errors
    /// With the first that cannot.
    pub fn check(&self) -> Result<(), RuleFault> {
        for text in self.words.iter().chain(&self.selectors) {
            let letters = text.chars().filter(|c| *c != '*' && !c.is_whitespace());
            if text.len() > TEXT_MAX || letters.count() == 0 {
                return Err(RuleFault::Text(text.clone()));
            }
        }
        Ok(())
    }
}

impl VisitorSettings {
    /// The settings for an address on `host`: the first rule that covers it goes before what is
    /// said for every host.
    #[must_use]
    pub fn for_host(&self, host: &str) -> Self {
        let mut own = self.clone();
        let rule = self.rules.iter().find(|rule| rule.hosts.covers(host));
        let Some(rule) = rule.cloned() else {
            return own;
        };
        own.language = rule.language.unwrap_or(own.language);
        own.timezone = rule.timezone.unwrap_or(own.timezone);
        own.viewport = rule.viewport.unwrap_or(own.viewport);
        own.user_agent = rule.user_agent.or(own.user_agent);
        own.exit = rule.exit.or(own.exit);
        let mut gates = rule.gates;
        gates.words.append(&mut own.gates.words);
        gates.selectors.append(&mut own.gates.selectors);
        own.gates = gates;
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(hosts: &str, language: &str) -> SiteRule {
        SiteRule {
            hosts: HostPattern::parse(hosts).unwrap(),
            language: Some(language.to_owned()),
            timezone: None,
            viewport: None,
            user_agent: None,
            exit: None,
            gates: Gates::default(),
        }
    }

    #[test]
    fn a_pattern_covers_its_hosts_and_no_others() {
        let covers = |pattern: &str, host| HostPattern::parse(pattern).unwrap().covers(host);
        assert!(covers("a.example", "a.example") && covers("A.example", "a.example."));
        assert!(!covers("a.example", "b.a.example") && !covers("a.example", "xa.example"));
        assert!(covers("*.a.example", "a.example") && covers("*.a.example", "c.b.a.example"));
        assert!(!covers("*.a.example", "xa.example") && !covers("*.a.example", "example"));
        assert!(covers("*", "anything.example"));
        for none in [
            "",
            "*a.example",
            "http://a.example",
            "a.example/",
            ".example",
            "*.",
        ] {
            assert!(HostPattern::parse(none).is_err(), "{none}");
        }
    }

    #[test]
    fn the_first_rule_that_covers_a_host_says_as_whom_it_is_visited() {
        let mut settings = VisitorSettings::new("/nowhere");
        settings.rules = vec![rule("*.de.example", "de-DE"), rule("*", "fr-FR")];
        assert_eq!(settings.for_host("www.de.example").language, "de-DE");
        assert_eq!(settings.for_host("nl.example").language, "fr-FR");
        assert_eq!(settings.for_host("nl.example").timezone, settings.timezone);
    }

    #[test]
    fn a_sites_own_gates_are_tried_before_those_of_every_site() {
        let mut settings = VisitorSettings::new("/nowhere");
        let mut own = rule("a.example", "nl");
        own.gates.words = vec!["open sesame".to_owned()];
        settings.rules = vec![own];
        let gates = settings.for_host("a.example").gates;
        assert_eq!(gates.words[0], "open sesame");
        assert!(gates.words.contains(&"akkoord".to_owned()));
    }

    #[test]
    fn rules_that_can_never_serve_are_refused() {
        assert_eq!(Gates::usual().check(), Ok(()));
        let mut bad = rule("*", "nl");
        bad.viewport = Some(Viewport {
            width: 20,
            height: 900,
        });
        assert_eq!(bad.check(), Err(RuleFault::Window(20, 900)));
        let mut bad = rule("*", "nl\r\nX: y");
        assert!(bad.check().is_err());
        bad.language = None;
        bad.gates.words = vec![" * ".to_owned()];
        assert!(bad.check().is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_a_pattern_or_refused(text in ".{0,40}", host in "[a-z.]{0,20}") {
            if let Ok(pattern) = HostPattern::parse(&text) {
                let _ = pattern.covers(&host);
            }
        }
    }
}
