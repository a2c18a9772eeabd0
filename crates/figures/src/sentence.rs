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
#[path = "sentence_tests.rs"]
mod tests;
