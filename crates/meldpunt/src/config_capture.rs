//! The section of the configuration on what a visit does at the sites it looks at.

use capture::{Gates, HostPattern, RuleFault, SiteRule, Viewport};
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
    /// "*.name" or "*"), and any of language, timezone, window = [width, height], user_agent,
    /// gate_words, gate_selectors, as [[capture.sites]].
    #[config(default = [])]
    pub sites: Vec<Site>,
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

    #[test]
    fn a_rule_that_can_never_serve_is_refused_with_what_to_do() {
        let fault = read("[[sites]]\nhosts = \"http://site.example/\"").err();
        assert!(fault.unwrap_or_default().contains("*.site.example"));
        let fault = read("[[sites]]\nhosts = \"*\"\ncolour = 1").err();
        assert!(fault.unwrap_or_default().contains("colour"));
        assert!(read("gate_words = [\"*\"]").is_err());
    }
}
