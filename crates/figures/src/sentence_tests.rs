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
