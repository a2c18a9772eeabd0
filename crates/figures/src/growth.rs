//! Growth from one year to the next, and when none may be given (M3).

use crate::amount::Amount;
use crate::definition::Text;
use crate::unit_name::UnitName;

/// Under what the number of a year was counted: numbers under different definitions are not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Under {
    /// A version of our own definition of this figure.
    Version(u16),
    /// The words of whoever published it; empty when nothing was said.
    Words(String),
}

impl serde::Serialize for Under {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Version(version) => s.serialize_u16(*version),
            Self::Words(words) => s.serialize_str(words),
        }
    }
}

/// What one year was observed to be.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Observed {
    /// The year.
    pub year: i16,
    /// The number; none when it was not counted.
    pub value: Option<Amount>,
    /// In which unit.
    pub unit: UnitName,
    /// Under which definition.
    pub definition: Under,
    /// Whether the year was over when it was counted.
    pub complete: bool,
    /// Whether it was counted from its first day; the year in which a ledger begins is not.
    pub whole: bool,
    /// Where it was published, when it was not counted from the ledger.
    pub source: Option<String>,
}

/// Growth from one year to the next; the earlier number is above nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    before: i64,
    after: i64,
}

/// Why no growth is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoGrowth {
    /// There is no earlier year.
    FirstYear,
    /// The year before was not counted, or this one was not.
    Gap,
    /// There was nothing the year before.
    FromNothing,
    /// The unit is another one.
    OtherUnit,
    /// The definition was changed.
    OtherDefinition,
    /// The year is not over.
    NotOver,
    /// The year before, or this one, was counted in part only.
    InPart,
    /// Hours and shares do not grow by a percentage.
    NotACount,
}

impl NoGrowth {
    /// Why, in words.
    #[must_use]
    pub const fn says(self) -> Text {
        let (nl, en) = match self {
            Self::FirstYear => ("eerste jaar", "first year"),
            Self::Gap => (
                "het jaar ervoor is niet geteld",
                "the year before was not counted",
            ),
            Self::FromNothing => (
                "het jaar ervoor was er geen",
                "there was none the year before",
            ),
            Self::OtherUnit => ("er is iets anders geteld", "something else was counted"),
            Self::OtherDefinition => ("de definitie is veranderd", "the definition changed"),
            Self::NotOver => ("het jaar is niet voorbij", "the year is not over"),
            Self::InPart => (
                "een van de jaren is maar deels geteld",
                "one of the years was counted in part only",
            ),
            Self::NotACount => (
                "uren en aandelen groeien niet met een percentage",
                "hours and shares do not grow by a percentage",
            ),
        };
        Text { nl, en }
    }
}

/// The growth from one year to the next.
///
/// # Errors
/// [`NoGrowth`] when the two cannot be compared; a wrong percentage is worse than none.
pub fn growth(before: Option<&Observed>, after: &Observed) -> Result<Growth, NoGrowth> {
    if !after.complete {
        return Err(NoGrowth::NotOver);
    }
    let before = before.ok_or(NoGrowth::FirstYear)?;
    if before.unit != after.unit {
        return Err(NoGrowth::OtherUnit);
    }
    if before.definition != after.definition {
        return Err(NoGrowth::OtherDefinition);
    }
    if before.year.checked_add(1) != Some(after.year) {
        return Err(NoGrowth::Gap);
    }
    let (Some(from), Some(to)) = (before.value, after.value) else {
        return Err(NoGrowth::Gap);
    };
    if !before.complete {
        return Err(NoGrowth::NotOver);
    }
    if !after.whole || !before.whole {
        return Err(NoGrowth::InPart);
    }
    if !after.unit.is_a_count() {
        return Err(NoGrowth::NotACount);
    }
    if from.hundredths() <= 0 {
        return Err(NoGrowth::FromNothing);
    }
    Ok(Growth {
        before: from.hundredths(),
        after: to.hundredths(),
    })
}

/// How two numbers behave towards each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Same,
    Down,
}

impl Growth {
    /// In tenths of a percent, rounded half away from nought.
    #[must_use]
    pub fn tenths(self) -> i64 {
        let (before, grown) = (
            i128::from(self.before),
            1_000 * (i128::from(self.after) - i128::from(self.before)),
        );
        let tenths = (2 * grown + grown.signum() * before) / (2 * before);
        i64::try_from(tenths).unwrap_or(i64::MAX)
    }

    /// In percent, with one decimal.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    pub fn percent(self) -> f64 {
        self.tenths() as f64 / 10.0
    }

    pub(crate) const fn direction(self) -> Direction {
        if self.after > self.before {
            Direction::Up
        } else if self.after < self.before {
            Direction::Down
        } else {
            Direction::Same
        }
    }

    /// How this growth compares to an earlier one; exact, so that rounding makes no trend.
    pub(crate) fn against(self, earlier: Self) -> Direction {
        let now = i128::from(self.after) * i128::from(earlier.before);
        let then = i128::from(earlier.after) * i128::from(self.before);
        match now.cmp(&then) {
            std::cmp::Ordering::Less => Direction::Down,
            std::cmp::Ordering::Equal => Direction::Same,
            std::cmp::Ordering::Greater => Direction::Up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Unit;
    use proptest::prelude::*;

    fn seen(year: i16, value: i64) -> Observed {
        Observed {
            year,
            value: Some(Amount::whole(value)),
            unit: Unit::Addresses.into(),
            definition: Under::Version(1),
            complete: true,
            whole: true,
            source: None,
        }
    }

    #[test]
    fn the_published_growth_of_2019_comes_out() {
        // Reference 3.6: 224,000 in 2018, 308,430 in 2019: 38 percent; 307,021 in 2020: −0.5.
        let tenths = |a, b| growth(Some(&a), &b).map(Growth::tenths);
        assert_eq!(tenths(seen(2018, 224_000), seen(2019, 308_430)), Ok(377));
        assert_eq!(tenths(seen(2019, 308_430), seen(2020, 307_021)), Ok(-5));
    }

    #[test]
    fn no_growth_is_given_where_it_would_mislead() {
        let before = seen(2018, 100);
        let of = |before: Option<&Observed>, after: Observed| growth(before, &after).unwrap_err();
        assert_eq!(of(None, before.clone()), NoGrowth::FirstYear);
        let mut after = seen(2019, 120);
        after.definition = Under::Words("images, not addresses".into());
        assert_eq!(of(Some(&before), after), NoGrowth::OtherDefinition);
        let mut after = seen(2019, 120);
        after.unit = Unit::Items.into();
        assert_eq!(of(Some(&before), after), NoGrowth::OtherUnit);
        let mut after = seen(2019, 120);
        after.complete = false;
        assert_eq!(of(Some(&before), after), NoGrowth::NotOver);
        let mut after = seen(2019, 120);
        after.value = None;
        assert_eq!(of(Some(&before), after), NoGrowth::Gap);
        let mut after = seen(2019, 120);
        after.whole = false;
        assert_eq!(of(Some(&before), after), NoGrowth::InPart);
        let (mut before_share, mut share) = (seen(2018, 40), seen(2019, 50));
        before_share.unit = Unit::Percent.into();
        share.unit = Unit::Percent.into();
        assert_eq!(of(Some(&before_share), share), NoGrowth::NotACount);
        assert_eq!(of(Some(&before), seen(2020, 120)), NoGrowth::Gap);
        assert_eq!(
            of(Some(&seen(2018, 0)), seen(2019, 120)),
            NoGrowth::FromNothing
        );
    }

    proptest! {
        #[test]
        fn growth_never_fails_and_has_the_sign_of_the_change(before in any::<i64>(), after in 0..i64::MAX / 100) {
            if let Ok(growth) = growth(Some(&seen(2018, before)), &seen(2019, after)) {
                let tenths = growth.tenths();
                prop_assert!(tenths >= -1_000);
                prop_assert!(after >= before || tenths <= 0);
                prop_assert!(after <= before || tenths >= 0);
            }
        }
    }
}
