use super::*;
use proptest::prelude::*;
use serde::Deserialize;

/// Numbers that `lifelines` gave, by `crates/figures/lifelines/compare.py --write`.
const NUMBERS: &str = include_str!("survival_numbers.json");

type Band = (f64, f64);

#[derive(Deserialize)]
struct Case {
    name: String,
    ms: Vec<i64>,
    ended: Vec<bool>,
    /// The group of each, for the log-rank test.
    group: Vec<u8>,
    /// When, the share open, and the band (none where it is not compared).
    curve: Vec<(i64, f64, Option<Band>)>,
    median: Option<i64>,
    chi_squared: Option<f64>,
    p: Option<f64>,
}

impl Case {
    fn spans(&self, group: Option<u8>) -> Vec<Span> {
        let all = self.ms.iter().zip(&self.ended).zip(&self.group);
        all.filter(|(_, of)| group.is_none_or(|group| group == **of))
            .map(|((ms, ended), _)| Span {
                ms: *ms,
                ended: *ended,
            })
            .collect()
    }
}

fn near(ours: f64, theirs: f64, what: &str) {
    let scale = theirs.abs().max(1.0);
    assert!(
        (ours - theirs).abs() <= 1e-9 * scale,
        "{what}: {ours} {theirs}"
    );
}

fn agrees(case: &Case) {
    let curve = Curve::of(&case.spans(None));
    assert_eq!(curve.steps.len(), case.curve.len(), "{}", case.name);
    for (step, (ms, open, band)) in curve.steps.iter().zip(&case.curve) {
        assert_eq!(step.ms, *ms, "{}", case.name);
        near(step.open, *open, &case.name);
        if let Some((low, high)) = band {
            let ours = step.band.unwrap_or((-1.0, -1.0));
            near(ours.0, *low, &case.name);
            near(ours.1, *high, &case.name);
        }
    }
    assert_eq!(curve.quantile(0.5), case.median, "{}", case.name);
    let ours = log_rank(&case.spans(Some(0)), &case.spans(Some(1)));
    match (ours, case.chi_squared, case.p) {
        (Some(ours), Some(chi_squared), Some(p)) => {
            near(ours.chi_squared, chi_squared, &case.name);
            near(ours.p, p, &case.name);
        }
        (ours, theirs, _) => assert!(ours.is_none() && theirs.is_none(), "{}", case.name),
    }
}

#[test]
fn curves_bands_medians_and_log_rank_are_those_of_lifelines() {
    let cases: Vec<Case> = serde_json::from_str(NUMBERS).unwrap();
    assert!(cases.len() >= 12);
    assert!(cases.iter().any(|case| case.ms.len() > 300));
    cases.iter().for_each(agrees);
}

/// `./test` makes fresh numbers with a seed of its own and names the file here.
#[test]
fn fresh_numbers_agree_as_well() {
    let Ok(file) = std::env::var("MELDPUNT_TEST_LIFELINES") else {
        eprintln!("left out: MELDPUNT_TEST_LIFELINES is not set (./test sets it)");
        return;
    };
    let text = std::fs::read_to_string(file).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    assert!(!cases.is_empty());
    cases.iter().for_each(agrees);
}

const fn ended(ms: i64) -> Span {
    Span { ms, ended: true }
}

const fn open(ms: i64) -> Span {
    Span { ms, ended: false }
}

#[test]
fn what_is_still_open_is_not_left_out() {
    let curve = Curve::of(&[ended(10), open(15), ended(20), open(30)]);
    assert_eq!((curve.n, curve.ended, curve.censored()), (4, 2, 2));
    assert!((curve.open(9) - 1.0).abs() < 1e-12);
    assert!((curve.open(10) - 0.75).abs() < 1e-12);
    assert!((curve.open(99) - 0.375).abs() < 1e-12);
    assert_eq!(
        (
            curve.quantile(0.25),
            curve.quantile(0.5),
            curve.quantile(0.9)
        ),
        (Some(10), Some(20), None)
    );
}

#[test]
fn of_nothing_nothing_is_said() {
    let none = Curve::of(&[]);
    assert_eq!((none.n, none.quantile(0.5)), (0, None));
    assert_eq!(log_rank(&[], &[ended(1)]), None);
    assert_eq!(log_rank(&[open(1)], &[open(2)]), None);
    let all = Curve::of(&[ended(5), ended(5)]);
    assert_eq!(
        all.steps[0].band, None,
        "nothing is left to estimate a band from"
    );
    assert_eq!(all.quantile(0.9), Some(5));
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    let span = (0_i64..60, any::<bool>()).prop_map(|(ms, ended)| Span { ms, ended });
    proptest::collection::vec(span, 0..60)
}

proptest! {
    #[test]
    fn a_curve_only_falls_and_lies_within_its_band(spans in spans()) {
        let curve = Curve::of(&spans);
        let mut before = 1.0;
        for step in &curve.steps {
            prop_assert!(step.open <= before && step.open >= 0.0);
            before = step.open;
            if let Some((low, high)) = step.band {
                prop_assert!(0.0 <= low && low <= step.open && step.open <= high && high <= 1.0);
            }
        }
        prop_assert_eq!(curve.censored(), spans.iter().filter(|span| !span.ended).count() as i64);
    }

    /// Without anything open the curve is the plain share, which needs no estimate.
    #[test]
    fn without_open_ones_the_curve_is_the_plain_share(ms in proptest::collection::vec(0_i64..40, 1..50), at in 0_i64..40) {
        let spans: Vec<Span> = ms.iter().map(|ms| ended(*ms)).collect();
        let left = ms.iter().filter(|one| **one > at).count();
        let share = left as f64 / ms.len() as f64;
        prop_assert!((Curve::of(&spans).open(at) - share).abs() < 1e-12);
    }

    #[test]
    fn the_log_rank_test_does_not_care_which_group_is_first(one in spans(), other in spans()) {
        match (log_rank(&one, &other), log_rank(&other, &one)) {
            (Some(a), Some(b)) => {
                prop_assert!((a.chi_squared - b.chi_squared).abs() <= 1e-9 * a.chi_squared.max(1.0));
                prop_assert!((0.0..=1.0).contains(&a.p));
            }
            (a, b) => prop_assert!(a.is_none() && b.is_none()),
        }
    }
}
