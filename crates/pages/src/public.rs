//! What the frame of a public page shows.

use std::borrow::Borrow;
use std::sync::Arc;

use crate::phrases::PhraseValue;
use crate::{Icon, Language, Whole, asset};

/// What kind of help a line offers; decides its place and its drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HelpKind {
    /// Somebody is in danger now.
    Emergency,
    /// Care and advice for whom it happened to, and those around them.
    Care,
    /// Help to stop, for who worries about their own behaviour.
    Stop,
    /// The police, without an emergency.
    Police,
}

/// A place where a person can get help themselves (configurable).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HelpLine {
    /// What kind of help.
    pub kind: HelpKind,
    /// The organisation's name.
    pub name: String,
    /// What it helps with, in Dutch.
    pub nl: String,
    /// What it helps with, in English.
    pub en: String,
    /// A telephone number as people read it, for example `0800-0188`.
    #[serde(default)]
    pub phone: Option<String>,
    /// The full web address.
    #[serde(default)]
    pub link: Option<String>,
}

impl HelpLine {
    /// What it helps with, in this language.
    #[must_use]
    pub fn about(&self, language: impl Borrow<Language>) -> &str {
        match language.borrow() {
            Language::Nl => &self.nl,
            Language::En => &self.en,
        }
    }

    /// The drawing beside it.
    #[must_use]
    pub fn icon(&self) -> Icon {
        Icon::named(match self.kind {
            HelpKind::Emergency => "alert-triangle",
            HelpKind::Care => "heart-handshake",
            HelpKind::Stop => "lifebuoy",
            HelpKind::Police => "shield",
        })
    }

    /// The number as a `tel:` address.
    #[must_use]
    pub fn dial(&self) -> String {
        let digits = self.phone.as_deref().unwrap_or("");
        let kept: String = digits
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect();
        format!("tel:{kept}")
    }

    /// The web address without its scheme, as people read it.
    #[must_use]
    pub fn link_text(&self) -> &str {
        let link = self.link.as_deref().unwrap_or("");
        link.split_once("://")
            .map_or(link, |(_, rest)| rest)
            .trim_end_matches('/')
    }

    /// The Dutch national lines, as a start for the configuration.
    #[must_use]
    pub fn dutch_defaults() -> Vec<Self> {
        let line = |kind, name: &str, nl: &str, en: &str, phone: Option<&str>, link: &str| Self {
            kind,
            name: name.to_owned(),
            nl: nl.to_owned(),
            en: en.to_owned(),
            phone: phone.map(str::to_owned),
            link: Some(link.to_owned()),
        };
        vec![
            line(
                HelpKind::Emergency,
                "112",
                "Is er nu iemand in gevaar? Bel direct.",
                "Is somebody in danger right now? Call at once.",
                Some("112"),
                "https://www.112.nl",
            ),
            line(
                HelpKind::Care,
                "Centrum Seksueel Geweld",
                "Hulp van artsen, psychologen en politie, dag en nacht.",
                "Help from doctors, psychologists and police, day and night.",
                Some("0800-0188"),
                "https://centrumseksueelgeweld.nl",
            ),
            line(
                HelpKind::Care,
                "Slachtofferhulp Nederland",
                "Praktische, juridische en emotionele steun na een misdrijf.",
                "Practical, legal and emotional support after a crime.",
                Some("0900-0101"),
                "https://www.slachtofferhulp.nl",
            ),
            line(
                HelpKind::Care,
                "Helpwanted",
                "Advies als er beelden van u of uw kind rondgaan.",
                "Advice when pictures of you or your child are going round.",
                Some("020-2615275"),
                "https://www.helpwanted.nl",
            ),
            line(
                HelpKind::Stop,
                "Stop it Now",
                "Anoniem praten over zorgen om uw eigen gedrag of dat van een ander.",
                "Talk anonymously about worries over your own behaviour or somebody else's.",
                Some("0800-2666436"),
                "https://stopitnow.nl",
            ),
            line(
                HelpKind::Police,
                "Politie",
                "Geen spoed, wel politie.",
                "The police, when it is not an emergency.",
                Some("0900-8844"),
                "https://www.politie.nl",
            ),
        ]
    }
}

/// Another way to reach the hotline, shown when the form cannot take a report.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OtherWay {
    /// A telephone number.
    Phone(String),
    /// An e-mail address.
    Mail(String),
}

impl OtherWay {
    /// As people read it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Phone(text) | Self::Mail(text) => text,
        }
    }

    /// As a link.
    #[must_use]
    pub fn link(&self) -> String {
        match self {
            Self::Phone(number) => {
                let kept: String = number
                    .chars()
                    .filter(|c| c.is_ascii_digit() || *c == '+')
                    .collect();
                format!("tel:{kept}")
            }
            Self::Mail(address) => format!("mailto:{address}"),
        }
    }

    /// The drawing beside it.
    #[must_use]
    pub fn icon(&self) -> Icon {
        Icon::named(match self {
            Self::Phone(_) => "phone",
            Self::Mail(_) => "mail",
        })
    }
}

/// What is the same on every public page of one hotline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicSite {
    /// The hotline's name as shown in the header.
    pub name: String,
    /// Path of the form in Dutch and in English.
    pub home: [&'static str; 2],
    /// Path of the page where a receipt is shown again, in Dutch and in English.
    pub follow: [&'static str; 2],
    /// Path of the page that explains, in Dutch and in English.
    pub about: [&'static str; 2],
    /// Path that clears what was kept and leaves for a neutral site.
    pub exit: &'static str,
    /// Where a person can get help.
    pub help: Vec<HelpLine>,
    /// Other ways to report.
    pub other_ways: Vec<OtherWay>,
    /// Shown on every page of a demonstration, so that nobody takes it for the real thing.
    pub demonstration: bool,
}

/// One public page: the language it is in and where it stands.
#[derive(Debug, Clone)]
pub struct PublicPage {
    /// The language of the page.
    pub lang: Language,
    /// What is the same on every page.
    pub site: Arc<PublicSite>,
    paths: [&'static str; 2],
}

const fn side(pair: [&'static str; 2], language: Language) -> &'static str {
    let [nl, en] = pair;
    match language {
        Language::Nl => nl,
        Language::En => en,
    }
}

impl PublicPage {
    /// A page with its own path in Dutch and in English.
    #[must_use]
    pub const fn new(lang: Language, site: Arc<PublicSite>, paths: [&'static str; 2]) -> Self {
        Self { lang, site, paths }
    }

    /// The phrase with this id.
    #[must_use]
    pub fn t(&self, id: &str) -> String {
        self.lang.t(id)
    }

    /// The phrase with this id, one variable filled in.
    #[must_use]
    pub fn t_n(&self, id: &str, name: &str, value: impl PhraseValue) -> String {
        self.lang.t_n(id, name, value)
    }

    /// A moment, never more exact than its day (IN-9).
    #[must_use]
    pub fn day(&self, at_ms: impl Whole) -> String {
        self.lang.day(at_ms)
    }

    /// The icon with this name.
    #[must_use]
    pub fn icon(&self, name: &str) -> Icon {
        Icon::named(name)
    }

    /// The path of an asset.
    #[must_use]
    pub fn asset(&self, file: &str) -> &'static str {
        asset::path(file)
    }

    /// The path of this page itself.
    #[must_use]
    pub const fn here(&self) -> &'static str {
        side(self.paths, self.lang)
    }

    /// The path of this page in the other language.
    #[must_use]
    pub const fn elsewhere(&self) -> &'static str {
        side(self.paths, self.lang.other())
    }

    /// The path of the form.
    #[must_use]
    pub fn home(&self) -> &'static str {
        side(self.site.home, self.lang)
    }

    /// The path where a receipt is shown again.
    #[must_use]
    pub fn follow(&self) -> &'static str {
        side(self.site.follow, self.lang)
    }

    /// The path of the explanation.
    #[must_use]
    pub fn about(&self) -> &'static str {
        side(self.site.about, self.lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_help_lines_name_the_six_that_must_be_there() {
        let names: Vec<String> = HelpLine::dutch_defaults()
            .into_iter()
            .map(|line| line.name)
            .collect();
        for wanted in [
            "112",
            "Centrum Seksueel Geweld",
            "Slachtofferhulp Nederland",
            "Helpwanted",
            "Stop it Now",
            "Politie",
        ] {
            assert!(
                names.iter().any(|name| name == wanted),
                "{wanted} is missing"
            );
        }
    }

    #[test]
    fn a_number_can_be_dialled_and_a_link_can_be_read() {
        let lines = HelpLine::dutch_defaults();
        let care = lines
            .iter()
            .find(|line| line.kind == HelpKind::Care)
            .unwrap();
        assert_eq!(care.dial(), "tel:08000188");
        assert_eq!(care.link_text(), "centrumseksueelgeweld.nl");
        assert_eq!(
            OtherWay::Phone("+31 20 555 00 00".into()).link(),
            "tel:+31205550000"
        );
    }
}
