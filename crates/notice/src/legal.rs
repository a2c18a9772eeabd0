//! On what ground something is punishable, by the date on which it was seen.
//!
//! Dutch Criminal Code: article 240b until 30 June 2024, article 252 since 1 July 2024 (Wet seksuele
//! misdrijven, Stb. 2024, 59).

use ground::Instant;

/// 1 July 2024, 00:00 in the Netherlands (UTC+2), in milliseconds since 1970.
const ARTICLE_252_SINCE: Instant = Instant::from_ms(1_719_784_800_000);

/// The article of the Dutch Criminal Code (Wetboek van Strafrecht).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LegalGround {
    /// Article 240b, before 1 July 2024.
    Article240b,
    /// Article 252, since then.
    Article252,
}

impl LegalGround {
    /// The ground in force at a moment.
    #[must_use]
    pub fn at(seen: Instant) -> Self {
        if seen < ARTICLE_252_SINCE {
            Self::Article240b
        } else {
            Self::Article252
        }
    }

    /// In Dutch.
    #[must_use]
    pub const fn dutch(self) -> &'static str {
        match self {
            Self::Article240b => "artikel 240b Wetboek van Strafrecht",
            Self::Article252 => "artikel 252 Wetboek van Strafrecht",
        }
    }

    /// In English.
    #[must_use]
    pub const fn english(self) -> &'static str {
        match self {
            Self::Article240b => "article 240b of the Dutch Criminal Code (Wetboek van Strafrecht)",
            Self::Article252 => "article 252 of the Dutch Criminal Code (Wetboek van Strafrecht)",
        }
    }

    /// In German.
    #[must_use]
    pub const fn german(self) -> &'static str {
        match self {
            Self::Article240b => {
                "Artikel 240b des niederländischen Strafgesetzbuchs (Wetboek van Strafrecht)"
            }
            Self::Article252 => {
                "Artikel 252 des niederländischen Strafgesetzbuchs (Wetboek van Strafrecht)"
            }
        }
    }

    /// In French.
    #[must_use]
    pub const fn french(self) -> &'static str {
        match self {
            Self::Article240b => "article 240b du code pénal néerlandais (Wetboek van Strafrecht)",
            Self::Article252 => "article 252 du code pénal néerlandais (Wetboek van Strafrecht)",
        }
    }

    /// As lawyers write it, for tables.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Article240b => "art. 240b Sr",
            Self::Article252 => "art. 252 Sr",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ground_changes_at_the_start_of_july_2024_in_the_netherlands() {
        assert_eq!(ARTICLE_252_SINCE.rfc3339(), "2024-06-30T22:00:00Z");
        assert_eq!(
            LegalGround::at(ARTICLE_252_SINCE.plus_ms(-1)),
            LegalGround::Article240b
        );
        assert_eq!(LegalGround::at(ARTICLE_252_SINCE), LegalGround::Article252);
    }
}
