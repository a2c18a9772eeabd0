//! The sentence that follows from a series: "308,430 addresses in 2019, 38 percent more than in
//! 2018; for the third year in a row growth slowed."

use pages::Language;

use crate::amount::Amount;
use crate::growth::{Direction, Growth, NoGrowth, Observed, growth};
use crate::unit::Unit;
use crate::unit_name::UnitName;

/// What the last year of a series says beside the years before it; empty for an empty series. The
/// years are in order.
#[must_use]
pub fn sentence(series: &[Observed], lang: Language) -> String {
    let Some((last, before)) = series.split_last() else {
        return String::new();
    };
    let Some(value) = last.value else {
        return match lang {
            Language::Nl => format!("Over {} is niets geteld.", last.year),
            Language::En => format!("Nothing was counted for {}.", last.year),
        };
    };
    let what = amount(last, value, lang);
    let year = last.year;
    let grown = growth(before.last(), last);
    let rest = match grown {
        Ok(grown) => compared(grown, year - 1, lang) + &trend(series, lang),
        Err(NoGrowth::NotACount) => difference(before.last(), last, lang),
        Err(NoGrowth::InPart) if before.last().is_some_and(|before| before.whole) => {
            in_part(year, lang)
        }
        Err(why) => uncompared(why, year, lang),
    };
    format!("{what} in {year}{rest}.")
}

fn amount(seen: &Observed, value: Amount, lang: Language) -> String {
    let number = match (value.hundredths(), lang) {
        (0, Language::Nl) if seen.unit.is_a_count() => "Geen".to_owned(),
        (0, Language::En) if seen.unit.is_a_count() => "No".to_owned(),
        (_, lang) => value.written(lang),
    };
    format!("{number} {}", seen.unit.words(lang, value.for_words()))
}

fn in_part(year: i16, lang: Language) -> String {
    match lang {
        Language::Nl => format!("; {year} is maar deels geteld, dus is er geen groeicijfer"),
        Language::En => format!("; {year} was counted in part only, so no growth is given"),
    }
}

/// What is told of hours and shares beside the year before: the difference, never a percentage of one.
fn difference(before: Option<&Observed>, after: &Observed, lang: Language) -> String {
    let (Some(from), Some(to)) = (before.and_then(|before| before.value), after.value) else {
        return String::new();
    };
    let year = after.year - 1;
    let change = to.hundredths().saturating_sub(from.hundredths());
    let much = Amount::of_hundredths(change.saturating_abs());
    let unit = match (&after.unit, lang) {
        (UnitName::Ours(Unit::Percent), Language::Nl) if much.for_words() == 1 => "procentpunt",
        (UnitName::Ours(Unit::Percent), Language::Nl) => "procentpunten",
        (UnitName::Ours(Unit::Percent), Language::En) if much.for_words() == 1 => {
            "percentage point"
        }
        (UnitName::Ours(Unit::Percent), Language::En) => "percentage points",
        (unit, lang) => unit.words(lang, much.for_words()),
    };
    let much = much.written(lang);
    match (lang, change.signum()) {
        (Language::Nl, 0) => format!(", evenveel als in {year}"),
        (Language::En, 0) => format!(", the same as in {year}"),
        (Language::Nl, 1) => format!(", {much} {unit} meer dan in {year}"),
        (Language::En, 1) => format!(", {much} {unit} more than in {year}"),
        (Language::Nl, _) => format!(", {much} {unit} minder dan in {year}"),
        (Language::En, _) => format!(", {much} {unit} less than in {year}"),
    }
}

fn uncompared(why: NoGrowth, year: i16, lang: Language) -> String {
    let before = year - 1;
    match (lang, why) {
        (Language::Nl, NoGrowth::FirstYear) => ", het eerste jaar dat is geteld".to_owned(),
        (Language::En, NoGrowth::FirstYear) => ", the first year that was counted".to_owned(),
        (Language::Nl, NoGrowth::FromNothing) => format!(", na geen in {before}"),
        (Language::En, NoGrowth::FromNothing) => format!(", after none in {before}"),
        (lang, NoGrowth::InPart) => in_part(before, lang),
        // Told as a difference, see [`difference`].
        (_, NoGrowth::NotACount) => String::new(),
        (Language::Nl, NoGrowth::NotOver) => " tot nu toe".to_owned(),
        (Language::En, NoGrowth::NotOver) => " so far".to_owned(),
        (Language::Nl, NoGrowth::Gap) => {
            format!("; {before} is niet geteld, dus is er geen groeicijfer")
        }
        (Language::En, NoGrowth::Gap) => {
            format!("; {before} was not counted, so no growth is given")
        }
        (Language::Nl, NoGrowth::OtherUnit) => {
            format!("; in {before} is iets anders geteld, dus is er geen groeicijfer")
        }
        (Language::En, NoGrowth::OtherUnit) => {
            format!("; something else was counted in {before}, so no growth is given")
        }
        (Language::Nl, NoGrowth::OtherDefinition) => {
            format!("; de definitie is sinds {before} veranderd, dus is er geen groeicijfer")
        }
        (Language::En, NoGrowth::OtherDefinition) => {
            format!("; the definition changed after {before}, so no growth is given")
        }
    }
}

/// From ten percent on in whole percents, below in tenths.
fn percent(growth: Growth, lang: Language) -> String {
    let tenths = growth.tenths().unsigned_abs();
    match (tenths, lang) {
        (0, Language::Nl) => "minder dan 0,1".to_owned(),
        (0, Language::En) => "less than 0.1".to_owned(),
        (1..100, Language::Nl) => format!("{},{}", tenths / 10, tenths % 10),
        (1..100, Language::En) => format!("{}.{}", tenths / 10, tenths % 10),
        (_, lang) => lang.number((tenths + 5) / 10),
    }
}

fn compared(grown: Growth, before: i16, lang: Language) -> String {
    let percent = percent(grown, lang);
    match (lang, grown.direction()) {
        (Language::Nl, Direction::Up) => format!(", {percent} procent meer dan in {before}"),
        (Language::En, Direction::Up) => format!(", {percent} percent more than in {before}"),
        (Language::Nl, Direction::Down) => format!(", {percent} procent minder dan in {before}"),
        (Language::En, Direction::Down) => format!(", {percent} percent fewer than in {before}"),
        (Language::Nl, Direction::Same) => format!(", evenveel als in {before}"),
        (Language::En, Direction::Same) => format!(", as many as in {before}"),
    }
}

/// For how many years up to the last something holds of each year's growth and the growth before it.
fn run(growths: &[Option<Growth>], holds: impl Fn(Growth, Option<Growth>) -> bool) -> usize {
    (0..growths.len())
        .rev()
        .take_while(|at| {
            let earlier = at.checked_sub(1).and_then(|at| growths[at]);
            growths[*at].is_some_and(|growth| holds(growth, earlier))
        })
        .count()
}

/// What the growths say together: slowing or quickening growth, or years of decline in a row.
fn trend(series: &[Observed], lang: Language) -> String {
    let growths: Vec<Option<Growth>> = series
        .windows(2)
        .map(|pair| growth(Some(&pair[0]), &pair[1]).ok())
        .collect();
    let up = |growth: Growth| growth.direction() == Direction::Up;
    let against = |now: Growth, earlier: Option<Growth>, wanted| {
        earlier.is_some_and(|earlier| up(now) && up(earlier) && now.against(earlier) == wanted)
    };
    let slowing = run(&growths, |now, earlier| {
        against(now, earlier, Direction::Down)
    });
    let quickening = run(&growths, |now, earlier| {
        against(now, earlier, Direction::Up)
    });
    let falling = run(&growths, |now, _| now.direction() == Direction::Down);
    let (years, one, many) = if slowing > 0 {
        match lang {
            Language::Nl => (slowing, "de groei nam af", "nam de groei af"),
            Language::En => (slowing, "growth slowed", "growth slowed"),
        }
    } else if quickening > 0 {
        match lang {
            Language::Nl => (quickening, "de groei nam toe", "nam de groei toe"),
            Language::En => (quickening, "growth quickened", "growth quickened"),
        }
    } else if falling > 1 {
        match lang {
            Language::Nl => (falling, "", "daalde het aantal"),
            Language::En => (falling, "", "the number fell"),
        }
    } else {
        return String::new();
    };
    match (years, lang) {
        (1, _) => format!("; {one}"),
        (years, Language::Nl) => format!("; voor het {} jaar op rij {many}", ordinal(years, lang)),
        (years, Language::En) => format!("; for the {} year in a row {many}", ordinal(years, lang)),
    }
}

fn ordinal(n: usize, lang: Language) -> String {
    const NL: [&str; 9] = [
        "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende",
    ];
    const EN: [&str; 9] = [
        "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    ];
    let (words, suffix) = match lang {
        Language::Nl => (NL, "e"),
        Language::En => (EN, english_suffix(n)),
    };
    n.checked_sub(2)
        .and_then(|at| words.get(at))
        .map_or_else(|| format!("{n}{suffix}"), |word| (*word).to_owned())
}

const fn english_suffix(n: usize) -> &'static str {
    match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::growth::Under;
    use proptest::prelude::*;

    fn series(first: i16, values: &[i64]) -> Vec<Observed> {
        (first..)
            .zip(values)
            .map(|(year, value)| Observed {
                year,
                value: Some(Amount::whole(*value)),
                unit: Unit::Addresses.into(),
                definition: Under::Version(1),
                complete: true,
                whole: true,
                source: None,
            })
            .collect()
    }

    fn en(series: &[Observed]) -> String {
        sentence(series, Language::En)
    }

    /// Reference 3.6; 2015 and 2017 are derived from the published growth of 2016 and 2018.
    const PUBLISHED: [i64; 6] = [62_800, 100_478, 154_483, 224_000, 308_430, 307_021];

    #[test]
    fn the_published_sentence_of_2019_comes_out() {
        let to_2019 = series(2015, &PUBLISHED[..5]);
        assert_eq!(
            en(&to_2019),
            "308,430 addresses in 2019, 38 percent more than in 2018; for the third year in a row growth slowed."
        );
        assert_eq!(
            sentence(&to_2019, Language::Nl),
            "308.430 adressen in 2019, 38 procent meer dan in 2018; voor het derde jaar op rij nam de groei af."
        );
        assert_eq!(
            en(&series(2015, &PUBLISHED[..4])),
            "224,000 addresses in 2018, 45 percent more than in 2017; for the second year in a row growth slowed."
        );
    }

    #[test]
    fn a_falling_series_is_told_as_falling() {
        assert_eq!(
            en(&series(2015, &PUBLISHED)),
            "307,021 addresses in 2020, 0.5 percent fewer than in 2019."
        );
        assert_eq!(
            en(&series(2018, &[400, 300, 200, 100])),
            "100 addresses in 2021, 50 percent fewer than in 2020; for the third year in a row the number fell."
        );
        assert_eq!(
            sentence(&series(2018, &[400, 300, 200]), Language::Nl),
            "200 adressen in 2020, 33 procent minder dan in 2019; voor het tweede jaar op rij daalde het aantal."
        );
    }

    #[test]
    fn growth_after_a_fall_is_no_trend_yet() {
        assert_eq!(
            en(&series(2018, &[100, 80, 120])),
            "120 addresses in 2020, 50 percent more than in 2019."
        );
        assert_eq!(
            en(&series(2018, &[100, 110, 132, 171])),
            "171 addresses in 2021, 30 percent more than in 2020; for the second year in a row growth quickened."
        );
        assert_eq!(
            en(&series(2018, &[100, 110, 132])),
            "132 addresses in 2020, 20 percent more than in 2019; growth quickened."
        );
    }

    #[test]
    fn first_years_noughts_gaps_and_equal_years_are_told_plainly() {
        assert_eq!(en(&[]), "");
        assert_eq!(
            en(&series(2018, &[1])),
            "1 address in 2018, the first year that was counted."
        );
        assert_eq!(
            en(&series(2018, &[0, 5])),
            "5 addresses in 2019, after none in 2018."
        );
        assert_eq!(
            en(&series(2018, &[5, 5])),
            "5 addresses in 2019, as many as in 2018."
        );
        assert_eq!(
            en(&series(2018, &[5, 0])),
            "No addresses in 2019, 100 percent fewer than in 2018."
        );
        assert_eq!(
            sentence(&series(2018, &[100_000, 100_001]), Language::Nl),
            "100.001 adressen in 2019, minder dan 0,1 procent meer dan in 2018."
        );
        let mut gap = series(2018, &[5, 6, 7]);
        gap.remove(1);
        assert_eq!(
            en(&gap),
            "7 addresses in 2020; 2019 was not counted, so no growth is given."
        );
        let mut gap = series(2018, &[5, 6]);
        gap[1].value = None;
        assert_eq!(en(&gap), "Nothing was counted for 2019.");
    }

    #[test]
    fn a_change_of_unit_or_definition_or_a_year_under_way_gives_no_growth_and_breaks_the_row() {
        let mut changed = series(2015, &PUBLISHED[..5]);
        changed[4].definition = Under::Version(2);
        assert_eq!(
            en(&changed),
            "308,430 addresses in 2019; the definition changed after 2018, so no growth is given."
        );
        let mut changed = series(2015, &PUBLISHED[..5]);
        changed[0].unit = Unit::Reports.into();
        changed[1].unit = Unit::Reports.into();
        assert_eq!(
            en(&changed),
            "308,430 addresses in 2019, 38 percent more than in 2018; growth slowed."
        );
        let mut now = series(2018, &[5, 6]);
        now[1].complete = false;
        assert_eq!(en(&now), "6 addresses in 2019 so far.");
    }

    #[test]
    fn a_year_counted_in_part_gives_no_growth_and_is_named() {
        let mut part = series(2018, &[5, 6, 9]);
        part[1].whole = false;
        assert_eq!(
            en(&part[..2]),
            "6 addresses in 2019; 2019 was counted in part only, so no growth is given."
        );
        assert_eq!(
            sentence(&part, Language::Nl),
            "9 adressen in 2020; 2019 is maar deels geteld, dus is er geen groeicijfer."
        );
    }

    #[test]
    fn shares_and_hours_are_told_by_their_difference() {
        let mut shares = series(2018, &[73, 67]);
        for share in &mut shares {
            share.unit = Unit::Percent.into();
        }
        assert_eq!(
            en(&shares),
            "67 percent in 2019, 6 percentage points less than in 2018."
        );
        shares[1].value = Some(Amount::tenths(766));
        assert_eq!(
            sentence(&shares, Language::Nl),
            "76,6 procent in 2019, 3,6 procentpunten meer dan in 2018."
        );
        for hours in &mut shares {
            hours.unit = Unit::Hours.into();
        }
        assert_eq!(
            en(&shares),
            "76.6 hours in 2019, 3.6 hours more than in 2018."
        );
    }

    proptest! {
        /// Held against a slower road: percentages as fractions of whole numbers, year by year.
        #[test]
        fn a_row_of_slowing_years_is_as_long_as_it_is_told(values in proptest::collection::vec(1_i64..400, 2..9)) {
            let told = en(&series(2010, &values));
            let faster = |at: usize| {
                let (a, b, c) = (values[at - 2], values[at - 1], values[at]);
                (b > a && c > b).then(|| (c * a).cmp(&(b * b)))
            };
            let mut slowing = 0;
            let mut at = values.len() - 1;
            while at >= 2 && faster(at) == Some(std::cmp::Ordering::Less) {
                slowing += 1;
                at -= 1;
            }
            match slowing {
                0 => prop_assert!(!told.contains("growth slowed"), "{}", told),
                1 => prop_assert!(told.ends_with("; growth slowed."), "{}", told),
                n => {
                    let row = format!("; for the {} year in a row growth slowed.", ordinal(n, Language::En));
                    prop_assert!(told.ends_with(&row), "{}", told);
                }
            }
        }

        /// Gaps, noughts, changes of unit and definition and parts of years, in any order.
        #[test]
        fn a_percentage_is_told_exactly_when_there_is_a_growth_figure(
            drawn in proptest::collection::vec((0_i64..5, 0_u8..12, 0_i16..2), 1..8)
        ) {
            let mut year = 2000;
            let years: Vec<Observed> = drawn.iter().map(|(value, change, skip)| {
                year += 1 + skip;
                let mut one = series(year, &[*value]).remove(0);
                match change {
                    0 => one.value = None,
                    1 => one.unit = Unit::Reports.into(),
                    2 => one.definition = Under::Version(2),
                    3 => one.complete = false,
                    4 => one.whole = false,
                    5 => one.unit = Unit::Percent.into(),
                    _ => {}
                }
                one
            }).collect();
            let (last, before) = years.split_last().unwrap();
            let grown = growth(before.last(), last);
            for lang in Language::ALL {
                let told = sentence(&years, lang);
                prop_assert!(told.ends_with('.') && told.contains(&last.year.to_string()));
                let share = last.unit == Unit::Percent.into();
                let percent = told.contains("percent ") || told.contains("procent ");
                let same = told.contains("evenveel") || told.contains("as many");
                prop_assert_eq!(grown.is_ok(), (percent || same) && !share, "{}", told);
            }
        }
    }

    #[test]
    fn ordinals_go_on_after_ten() {
        assert_eq!(ordinal(12, Language::Nl), "12e");
        assert_eq!(ordinal(12, Language::En), "12th");
        assert_eq!(ordinal(22, Language::En), "22nd");
        assert_eq!(ordinal(10, Language::En), "tenth");
    }
}
