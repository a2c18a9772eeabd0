//! The sentence that follows from a series: "308,430 addresses in 2019, 38 percent more than in
//! 2018; for the third year in a row growth slowed."

use pages::Language;

use crate::growth::{Direction, Growth, NoGrowth, Observed, growth};

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
        Err(why) => uncompared(why, year, lang),
    };
    match lang {
        Language::Nl => format!("{what} in {year}{rest}."),
        Language::En => format!("{what} in {year}{rest}."),
    }
}

fn amount(seen: &Observed, value: i64, lang: Language) -> String {
    let number = match (value, lang) {
        (0, Language::Nl) => "Geen".to_owned(),
        (0, Language::En) => "No".to_owned(),
        (n, lang) => lang.number(n),
    };
    format!("{number} {}", seen.unit.words(lang, value))
}

fn uncompared(why: NoGrowth, year: i16, lang: Language) -> String {
    let before = year - 1;
    match (lang, why) {
        (Language::Nl, NoGrowth::FirstYear) => ", het eerste jaar dat is geteld".to_owned(),
        (Language::En, NoGrowth::FirstYear) => ", the first year that was counted".to_owned(),
        (Language::Nl, NoGrowth::FromNothing) => format!(", na geen in {before}"),
        (Language::En, NoGrowth::FromNothing) => format!(", after none in {before}"),
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
    use crate::unit::Unit;

    fn series(first: i16, values: &[i64]) -> Vec<Observed> {
        (first..)
            .zip(values)
            .map(|(year, value)| Observed {
                year,
                value: Some(*value),
                unit: Unit::Addresses,
                version: 1,
                complete: true,
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
        changed[4].version = 2;
        assert_eq!(
            en(&changed),
            "308,430 addresses in 2019; the definition changed after 2018, so no growth is given."
        );
        let mut changed = series(2015, &PUBLISHED[..5]);
        changed[0].unit = Unit::Reports;
        changed[1].unit = Unit::Reports;
        assert_eq!(
            en(&changed),
            "308,430 addresses in 2019, 38 percent more than in 2018; growth slowed."
        );
        let mut now = series(2018, &[5, 6]);
        now[1].complete = false;
        assert_eq!(en(&now), "6 addresses in 2019 so far.");
    }

    #[test]
    fn ordinals_go_on_after_ten() {
        assert_eq!(ordinal(12, Language::Nl), "12e");
        assert_eq!(ordinal(12, Language::En), "12th");
        assert_eq!(ordinal(22, Language::En), "22nd");
        assert_eq!(ordinal(10, Language::En), "tenth");
    }
}
