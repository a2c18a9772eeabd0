//! Which faces a process shows, together or apart.

use crate::config::Config;

/// Which faces a process shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// The public page only; holds no secret key but that of its form tokens.
    Door,
    /// The pages of the staff only.
    Desk,
    /// The workers only.
    Work,
    /// The face to which chat platforms bring only; holds no secret key but those it knows them by.
    Line,
    /// The hash-check service only; holds no secret key but the one that knows providers' keys.
    Api,
    /// The page of providers' abuse desks only; opens addresses, so it holds the staff side's keys.
    Hatch,
    /// Everything.
    All,
}

impl Role {
    pub const fn has_door(self) -> bool {
        matches!(self, Self::Door | Self::All)
    }

    pub const fn has_desk(self) -> bool {
        matches!(self, Self::Desk | Self::All)
    }

    pub const fn has_work(self) -> bool {
        matches!(self, Self::Work | Self::All)
    }

    pub const fn has_hash_check(self, config: &Config) -> bool {
        matches!(self, Self::Api) || matches!(self, Self::All) && config.hash_check.listen.is_some()
    }

    pub const fn has_hatch(self, config: &Config) -> bool {
        matches!(self, Self::Hatch | Self::All) && config.provider_page.listen.is_some()
    }

    pub fn may_run(self, config: &Config) -> anyhow::Result<()> {
        anyhow::ensure!(
            self != Self::Hatch || config.provider_page.listen.is_some(),
            "provider_page.listen is not given, so there is no page for providers to serve."
        );
        Ok(())
    }

    pub const fn has_line(self, config: &Config) -> bool {
        matches!(self, Self::Line) || matches!(self, Self::All) && config.chat.listen.is_some()
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Desk => "desk",
            Self::Work => "work",
            Self::Line => "line",
            Self::Api => "api",
            Self::Hatch => "hatch",
            Self::All => "all",
        }
    }
}
