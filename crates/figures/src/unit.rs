//! Units as types: what is counted is part of the number.

use std::marker::PhantomData;
use std::ops::{Add, AddAssign, Sub};

use pages::Language;
use serde::Serialize;

/// What a figure is expressed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Letters that were opened.
    Reports,
    /// Distinct canonical web addresses.
    Addresses,
    /// Times a report named an address.
    Sightings,
    /// Looks at an address.
    Visits,
    /// Images and videos at an address.
    Items,
    /// Distinct bytes.
    Contents,
    /// Looks of a human at an image or video.
    Looks,
    /// Requests to remove.
    Notices,
    /// Hashes that providers asked of the hash-check.
    Hashes,
    /// Hours of 60 minutes.
    Hours,
    /// Percent of a whole.
    Percent,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 11] = [
        Self::Reports,
        Self::Addresses,
        Self::Sightings,
        Self::Visits,
        Self::Items,
        Self::Contents,
        Self::Looks,
        Self::Notices,
        Self::Hashes,
        Self::Hours,
        Self::Percent,
    ];

    /// Its name in files.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::Addresses => "addresses",
            Self::Sightings => "sightings",
            Self::Visits => "visits",
            Self::Items => "items",
            Self::Contents => "contents",
            Self::Looks => "looks",
            Self::Notices => "notices",
            Self::Hashes => "hashes",
            Self::Hours => "hours",
            Self::Percent => "percent",
        }
    }

    /// The word for so many of them.
    #[must_use]
    pub const fn words(self, lang: Language, n: i64) -> &'static str {
        let one = n == 1;
        match (lang, self) {
            (Language::Nl, Self::Reports) => {
                if one {
                    "melding"
                } else {
                    "meldingen"
                }
            }
            (Language::En, Self::Reports) => {
                if one {
                    "report"
                } else {
                    "reports"
                }
            }
            (Language::Nl, Self::Addresses) => {
                if one {
                    "adres"
                } else {
                    "adressen"
                }
            }
            (Language::En, Self::Addresses) => {
                if one {
                    "address"
                } else {
                    "addresses"
                }
            }
            (Language::Nl, Self::Sightings) => {
                if one {
                    "vermelding"
                } else {
                    "vermeldingen"
                }
            }
            (Language::En, Self::Sightings) => {
                if one {
                    "sighting"
                } else {
                    "sightings"
                }
            }
            (Language::Nl, Self::Visits) => {
                if one {
                    "bezoek"
                } else {
                    "bezoeken"
                }
            }
            (Language::En, Self::Visits) => {
                if one {
                    "visit"
                } else {
                    "visits"
                }
            }
            (Language::Nl, Self::Items) => {
                if one {
                    "onderdeel"
                } else {
                    "onderdelen"
                }
            }
            (Language::En, Self::Items) => {
                if one {
                    "item"
                } else {
                    "items"
                }
            }
            (Language::Nl, Self::Contents) => {
                if one {
                    "bestand"
                } else {
                    "bestanden"
                }
            }
            (Language::En, Self::Contents) => {
                if one {
                    "content"
                } else {
                    "contents"
                }
            }
            (Language::Nl, Self::Looks) => {
                if one {
                    "blik"
                } else {
                    "blikken"
                }
            }
            (Language::En, Self::Looks) => {
                if one {
                    "look"
                } else {
                    "looks"
                }
            }
            (Language::Nl, Self::Notices) => {
                if one {
                    "verzoek"
                } else {
                    "verzoeken"
                }
            }
            (Language::En, Self::Notices) => {
                if one {
                    "notice"
                } else {
                    "notices"
                }
            }
            (_, Self::Hashes) if one => "hash",
            (_, Self::Hashes) => "hashes",
            (Language::Nl, Self::Hours) => "uur",
            (Language::En, Self::Hours) if one => "hour",
            (Language::En, Self::Hours) => "hours",
            (Language::Nl, Self::Percent) => "procent",
            (Language::En, Self::Percent) => "percent",
        }
    }
}

/// A kind of thing that is counted.
pub trait Counted: Copy {
    /// Its unit.
    const UNIT: Unit;
}

macro_rules! counted {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {}

        impl Counted for $name {
            const UNIT: Unit = Unit::$name;
        }
    )+};
}

counted! {
    /// Letters that were opened.
    Reports,
    /// Distinct canonical web addresses.
    Addresses,
    /// Times a report named an address.
    Sightings,
    /// Looks at an address.
    Visits,
    /// Images and videos at an address.
    Items,
    /// Distinct bytes.
    Contents,
    /// Looks of a human at an image or video.
    Looks,
    /// Requests to remove.
    Notices,
    /// Hashes that providers asked of the hash-check.
    Hashes,
}

/// So many of one thing.
///
/// The same things add up:
/// ```
/// use figures::{Count, Reports};
/// let week: Count<Reports> = Count::of(3) + Count::of(4);
/// assert_eq!(week.n(), 7);
/// ```
/// Different things do not, and the program that tries does not compile (law 8):
/// ```compile_fail
/// use figures::{Count, Items, Reports};
/// let (reports, items): (Count<Reports>, Count<Items>) = (Count::of(3), Count::of(4));
/// let mixed = reports + items;
/// ```
/// Nor can one stand where the other is wanted:
/// ```compile_fail
/// use figures::{Count, Items, Reports};
/// let reports: Count<Reports> = Count::<Items>::of(4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count<U: Counted>(i64, PhantomData<U>);

impl<U: Counted> Count<U> {
    /// This many.
    #[must_use]
    pub const fn of(n: i64) -> Self {
        Self(n, PhantomData)
    }

    /// How many.
    #[must_use]
    pub const fn n(self) -> i64 {
        self.0
    }
}

impl<U: Counted> Default for Count<U> {
    fn default() -> Self {
        Self::of(0)
    }
}

impl<U: Counted> Add for Count<U> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::of(self.0 + other.0)
    }
}

impl<U: Counted> AddAssign for Count<U> {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl<U: Counted> Sub for Count<U> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::of(self.0 - other.0)
    }
}

impl<U: Counted> std::iter::Sum for Count<U> {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}
