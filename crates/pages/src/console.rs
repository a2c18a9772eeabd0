//! What the frame of a desk page shows.

use crate::phrases::PhraseValue;
use crate::{FormToken, Icon, Language, Whole, asset};

/// How something stands, for chips and notes; the colour never says it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing to remark.
    #[default]
    Quiet,
    /// For information.
    Info,
    /// As it should be.
    Good,
    /// Wants attention.
    Warn,
    /// Wrong, or judged illegal.
    Bad,
}

impl std::fmt::Display for Tone {
    /// The value of `data-tone`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Quiet => "quiet",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        })
    }
}

/// One entry of the desk's navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// The words, already in the page's language.
    pub label: String,
    /// The icon's name.
    pub icon: &'static str,
    /// How many things wait there, when that is known.
    pub count: Option<u64>,
    /// The key that goes there after `g`, for example `q`.
    pub key: Option<char>,
    /// Whether this is where the person is.
    pub here: bool,
}

/// One step of the way to this page, the page itself left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Where it leads.
    pub href: String,
    /// The words.
    pub label: String,
}

/// What the last act led to, told once at the top of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// How it went.
    pub tone: Tone,
    /// The words.
    pub says: String,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The name or pseudonym shown.
    pub name: String,
    /// The roles in words.
    pub roles: String,
    /// The path that signs out (by POST with the form token).
    pub sign_out: String,
    /// The path of the person's own settings, when there is one.
    pub settings: Option<String>,
}

/// One desk page.
#[derive(Debug, Clone, Default)]
pub struct ConsolePage {
    /// The language of the page.
    pub lang: Language,
    /// The hotline's name.
    pub site: String,
    /// The navigation; empty before signing in, and the frame is narrow then.
    pub nav: Vec<NavItem>,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Who is signed in.
    pub who: Option<SignedIn>,
    /// What to tell once.
    pub flash: Option<Flash>,
    /// The token for the forms of this page.
    pub form_token: FormToken,
    /// The path of this page in the other language, when it can be switched.
    pub elsewhere: Option<String>,
    /// Shown on every page of a demonstration.
    pub demonstration: bool,
}

impl ConsolePage {
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

    /// The phrase with this id, two variables filled in.
    #[must_use]
    pub fn t_2(
        &self,
        id: &str,
        first: &str,
        first_value: impl PhraseValue,
        second: &str,
        second_value: impl PhraseValue,
    ) -> String {
        self.lang.t_2(id, first, first_value, second, second_value)
    }

    /// The day of a moment, in milliseconds since 1970, UTC.
    #[must_use]
    pub fn day(&self, at_ms: impl Whole) -> String {
        self.lang.day(at_ms)
    }

    /// The minute of a moment, in milliseconds since 1970, UTC.
    #[must_use]
    pub fn minute(&self, at_ms: impl Whole) -> String {
        self.lang.minute(at_ms)
    }

    /// A whole number.
    #[must_use]
    pub fn number(&self, number: impl Whole) -> String {
        self.lang.number(number)
    }

    /// A size in bytes.
    #[must_use]
    pub fn bytes(&self, bytes: impl Whole) -> String {
        self.lang.bytes(bytes)
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

    /// The hidden field that every form of the desk starts with: `{{ page.token_field() }}`.
    #[must_use]
    pub fn token_field(&self) -> crate::Markup {
        crate::Markup::new(format!(
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            FormToken::FIELD,
            crate::markup::escape(self.form_token.as_str())
        ))
    }
}
