//! In which country something is hosted: several signals, and what they add up to.

use ground::id::Unreadable;
use ground::{HostedIn, stored_as_text};

/// A country, ISO 3166-1 alpha-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

/// Codes that registries use where there is no one country: the European Union, Asia and the
/// Pacific, unknown, and those kept for private use.
const NO_COUNTRY: &[&str] = &["EU", "AP", "ZZ", "XX", "AA"];

impl Country {
    /// Reads a code in any case; none when it is no country.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.trim().to_ascii_uppercase();
        let code: [u8; 2] = upper.as_bytes().try_into().ok()?;
        let letters = code.iter().all(u8::is_ascii_uppercase);
        (letters && !NO_COUNTRY.contains(&upper.as_str())).then_some(Self(code))
    }

    /// The code, in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII letters are ever stored.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Country {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        Self::parse(text).ok_or(Unreadable { wanted: "Country" })
    }
}

stored_as_text!(Country);

/// Where a signal about the country comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Measured: where the machine stands (RIPEstat `maxmind-geo-lite`).
    Measured,
    /// The registration of the network (RDAP).
    Registration,
    /// The registry's own list of what it gave to whom (RIPEstat `rir-geo`).
    Delegation,
}

/// What each signal says, in the order in which they are believed when they disagree.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Signals(pub Vec<(Signal, Country)>);

impl Signals {
    /// The signals there are: measured, registration, delegation.
    #[must_use]
    pub fn of(
        measured: Option<Country>,
        registration: Option<Country>,
        delegation: Option<Country>,
    ) -> Self {
        let all = [
            (Signal::Measured, measured),
            (Signal::Registration, registration),
            (Signal::Delegation, delegation),
        ];
        let said = all
            .into_iter()
            .filter_map(|(signal, said)| said.map(|said| (signal, said)));
        Self(said.collect())
    }

    /// The country most signals name; when none has the most, the one that stands first: where the
    /// machine stands weighs more than on which paper its network is.
    #[must_use]
    pub fn country(&self) -> Option<Country> {
        let votes = |country| self.0.iter().filter(|(_, said)| *said == country).count();
        let most = self.0.iter().map(|(_, said)| votes(*said)).max()?;
        self.0
            .iter()
            .map(|(_, said)| *said)
            .find(|said| votes(*said) == most)
    }

    /// Whether all signals say the same; none and one agree with themselves.
    #[must_use]
    pub fn agree(&self) -> bool {
        self.0.windows(2).all(|pair| pair[0].1 == pair[1].1)
    }
}

/// Whether a country is the hotline's own.
#[must_use]
pub fn hosted_in(country: Option<Country>, home: Country) -> HostedIn {
    match country {
        Some(country) if country == home => HostedIn::Home,
        Some(_) => HostedIn::Abroad,
        None => HostedIn::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn land(code: &str) -> Option<Country> {
        Country::parse(code)
    }

    #[test]
    fn codes_that_are_no_country_are_none() {
        assert_eq!(land("nl").map(|c| c.to_string()).as_deref(), Some("NL"));
        for none in ["EU", "ap", "ZZ", "", "N", "NLD", "n1", "é"] {
            assert_eq!(land(none), None, "{none}");
        }
    }

    #[test]
    fn the_most_named_country_counts_and_the_machine_breaks_a_tie() {
        let two_of_three = Signals::of(land("DE"), land("NL"), land("NL"));
        assert_eq!(two_of_three.country(), land("NL"));
        assert!(!two_of_three.agree());
        let tie = Signals::of(land("NL"), land("US"), None);
        assert_eq!(tie.country(), land("NL"));
        let one = Signals::of(None, None, land("FR"));
        assert!(one.agree());
        assert_eq!(one.country(), land("FR"));
        assert_eq!(Signals::default().country(), None);
    }

    #[test]
    fn home_is_home_and_an_unknown_country_is_neither() {
        let home = land("NL").unwrap();
        assert_eq!(hosted_in(land("NL"), home), HostedIn::Home);
        assert_eq!(hosted_in(land("BE"), home), HostedIn::Abroad);
        assert_eq!(hosted_in(None, home), HostedIn::Unknown);
    }
}
