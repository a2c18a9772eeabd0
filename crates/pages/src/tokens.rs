//! Measures the contrast of the design tokens: every pair that is used, in light and in dark.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../assets/tokens.css");

type Colour = [f64; 3];

fn colour(hex: &str) -> Colour {
    let part = |at: usize| {
        let value = u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let share = f64::from(value) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    [part(1), part(3), part(5)]
}

fn ratio(one: Colour, other: Colour) -> f64 {
    let light = |[r, g, b]: Colour| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let (a, b) = (light(one), light(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Token name to its light and its dark colour.
fn tokens() -> BTreeMap<&'static str, [Colour; 2]> {
    TOKENS
        .lines()
        .filter_map(|line| {
            let (name, rest) = line
                .trim()
                .strip_prefix("--")?
                .split_once(": light-dark(")?;
            let (light, dark) = rest.strip_suffix(");")?.split_once(", ")?;
            Some((name, [colour(light), colour(dark)]))
        })
        .collect()
}

fn check(least: f64, pairs: &[(&str, &str)]) {
    let tokens = tokens();
    for (front, back) in pairs {
        let find = |short: &str| {
            let name = if short.starts_with("meldpunt") {
                short.to_owned()
            } else {
                format!("basis-{short}")
            };
            *tokens
                .get(name.as_str())
                .unwrap_or_else(|| panic!("no token {name}"))
        };
        let (front_colours, back_colours) = (find(front), find(back));
        for (scheme, at) in [("light", 0), ("dark", 1)] {
            let found = ratio(front_colours[at], back_colours[at]);
            assert!(
                found >= least,
                "{front} on {back} in {scheme}: {found:.2} < {least}"
            );
        }
    }
}

#[test]
fn text_has_a_contrast_of_at_least_4_5() {
    let grounds = [
        "color-default-bg-document",
        "color-default-bg-default",
        "color-default-bg-subtle",
        "color-default-bg-active",
    ];
    let texts = [
        "color-default-color-document",
        "color-default-color-subtle",
        "color-action-color-document",
        "color-negative-color-document",
    ];
    let mut pairs: Vec<(&str, &str)> = grounds
        .iter()
        .flat_map(|back| texts.iter().map(move |front| (*front, *back)))
        .collect();
    pairs.extend([
        ("color-accent-color-document", "color-accent-bg-document"),
        ("color-accent-color-subtle", "color-accent-bg-document"),
        ("color-mark-dot", "color-accent-bg-document"),
        ("color-action-color-inverse", "color-action-bg-default"),
        ("color-action-color-inverse", "color-action-bg-hover"),
        ("color-action-color-document", "color-action-bg-subtle"),
        ("color-default-color-document", "color-action-bg-subtle"),
        ("color-positive-color-document", "color-positive-bg-subtle"),
        ("color-warning-color-document", "color-warning-bg-subtle"),
        ("color-negative-color-document", "color-negative-bg-subtle"),
        ("color-negative-color-inverse", "color-negative-bg-default"),
        (
            "color-negative-color-inverse",
            "color-negative-color-document",
        ),
        ("color-info-color-document", "color-info-bg-subtle"),
        ("color-default-bg-document", "color-default-color-document"),
    ]);
    check(4.5, &pairs);
}

#[test]
fn edges_focus_and_charts_have_a_contrast_of_at_least_3() {
    let mut pairs = vec![
        ("color-default-border-default", "color-default-bg-document"),
        ("color-default-border-default", "color-default-bg-default"),
        ("color-warning-border-default", "color-default-bg-default"),
        ("focus-outline-color", "color-default-bg-document"),
        ("focus-outline-color", "focus-halo-color"),
    ];
    for ink in [
        "meldpunt-chart-1",
        "meldpunt-chart-2",
        "meldpunt-chart-3",
        "meldpunt-chart-4",
        "meldpunt-chart-5",
        "meldpunt-chart-6",
    ] {
        pairs.push((ink, "color-default-bg-default"));
        pairs.push((ink, "color-default-bg-document"));
    }
    check(3.0, &pairs);
}
