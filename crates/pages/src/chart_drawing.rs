//! Where each bar, line and word of a chart stands. Lengths are in units of the view box.

use std::fmt::{self, Write};

use crate::markup::escape;
use crate::{Chart, ChartKind};

const WIDTH: f64 = 720.0;
const UPRIGHT_HEIGHT: f64 = 300.0;
const ROW: f64 = 34.0;
const NAME_WIDTH: f64 = 220.0;
const VALUE_WIDTH: f64 = 80.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
const LONGEST_NAME: usize = 23;
const INKS: usize = 6;

/// The class number of the series at this place.
pub(crate) const fn ink(at: usize) -> usize {
    at % INKS + 1
}

pub(crate) fn size(chart: &Chart) -> (f64, f64) {
    match chart.kind {
        ChartKind::Bar | ChartKind::Funnel => (WIDTH, count(chart.labels.len().max(1)) * ROW + 8.0),
        _ => (WIDTH, UPRIGHT_HEIGHT),
    }
}

pub(crate) fn draw(chart: &Chart, out: &mut String) -> fmt::Result {
    match chart.kind {
        ChartKind::Bar => bars(chart, out),
        ChartKind::Funnel => funnel(chart, out),
        ChartKind::Column => columns(chart, out, 1),
        ChartKind::Stacked => columns(chart, out, chart.series.len()),
        ChartKind::Line => lines(chart, out),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a chart has few rows")]
const fn count(number: usize) -> f64 {
    number as f64
}

/// The smallest of 1, 2, 2.5, 5 × 10ⁿ whose four steps reach the highest value; a whole number when
/// the values are.
fn step(highest: f64, whole: bool) -> f64 {
    let rough = (highest / 4.0).clamp(0.25, 1e15);
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|times| times * power)
        .find(|step| *step >= rough && !(whole && step.fract() > 0.0))
        .unwrap_or_else(|| rough.ceil())
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return escape(name);
    }
    let kept: String = name.chars().take(LONGEST_NAME - 1).collect();
    format!("{}…", escape(kept.trim_end()))
}

fn bars(chart: &Chart, out: &mut String) -> fmt::Result {
    let highest = (0..chart.labels.len())
        .filter_map(|row| chart.value(0, row))
        .fold(0.0_f64, f64::max)
        .max(f64::MIN_POSITIVE);
    let room = WIDTH - NAME_WIDTH - VALUE_WIDTH;
    for (row, label) in chart.labels.iter().enumerate() {
        let y = count(row) * ROW + 4.0;
        let middle = y + ROW / 2.0;
        write!(
            out,
            "<text x=\"{:.1}\" y=\"{middle:.1}\" text-anchor=\"end\" dominant-baseline=\"central\">{}</text>",
            NAME_WIDTH - 12.0,
            shortened(label)
        )?;
        let (length, shown) = chart.value(0, row).map_or_else(
            || (0.0, escape(&chart.lang.t("console-chart-none"))),
            |value| (room * (value / highest), chart.written(value)),
        );
        write!(
            out,
            "<rect class=\"s1\" x=\"{NAME_WIDTH}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"{:.1}\" rx=\"3\"/>\
             <text class=\"value\" x=\"{:.1}\" y=\"{middle:.1}\" dominant-baseline=\"central\">{shown}</text>",
            y + 6.0,
            ROW - 12.0,
            NAME_WIDTH + length + 8.0
        )?;
    }
    write!(
        out,
        "<line class=\"base\" x1=\"{NAME_WIDTH}\" x2=\"{NAME_WIDTH}\" y1=\"0\" y2=\"{:.1}\"/>",
        size(chart).1
    )
}

/// The steps of a funnel, each as wide as its part of the largest, with its share of the one before.
fn funnel(chart: &Chart, out: &mut String) -> fmt::Result {
    let values = (0..chart.labels.len()).map(|row| chart.value(0, row));
    let highest = values.flatten().fold(f64::MIN_POSITIVE, f64::max);
    let room = WIDTH - NAME_WIDTH - 2.0 * VALUE_WIDTH;
    for (row, label) in chart.labels.iter().enumerate() {
        let y = count(row) * ROW + 4.0;
        let middle = y + ROW / 2.0;
        write!(
            out,
            "<text x=\"{:.1}\" y=\"{middle:.1}\" text-anchor=\"end\" dominant-baseline=\"central\">{}</text>",
            NAME_WIDTH - 12.0,
            shortened(label)
        )?;
        let Some(value) = chart.value(0, row) else {
            continue;
        };
        let length = room * (value / highest);
        let before = row.checked_sub(1).and_then(|row| chart.value(0, row));
        let part = before
            .filter(|before| *before > 0.0)
            .map(|before| 100.0 * value / before);
        let part = part
            .filter(|part| part.is_finite())
            .map_or_else(String::new, |part| {
                format!(" ({} %)", chart.lang.decimal(part, 0))
            });
        write!(
            out,
            "<rect class=\"s1\" x=\"{:.1}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"{:.1}\" rx=\"3\"/>\
             <text class=\"value\" x=\"{WIDTH}\" y=\"{middle:.1}\" text-anchor=\"end\" dominant-baseline=\"central\">{}{part}</text>",
            NAME_WIDTH + (room - length) / 2.0,
            y + 5.0,
            ROW - 10.0,
            chart.written(value)
        )?;
    }
    Ok(())
}

/// The rules with their values, and the labels under the base line. Gives the height of one unit.
fn ground(chart: &Chart, out: &mut String, highest: f64) -> Result<f64, fmt::Error> {
    let step = step(highest, chart.decimals == 0);
    let base = UPRIGHT_HEIGHT - BOTTOM;
    let top_value = step * (highest / step).ceil().clamp(1.0, 5.0);
    let per_unit = (base - TOP) / top_value;
    let mut at = 0.0;
    while at <= top_value + step / 2.0 {
        let y = base - at * per_unit;
        let class = if at == 0.0 { "base" } else { "rule" };
        let decimals = if step.fract() == 0.0 { 0 } else { 2 };
        write!(
            out,
            "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"end\" dominant-baseline=\"central\">{}</text>",
            LEFT - 10.0,
            chart.lang.decimal(at, decimals)
        )?;
        at += step;
    }
    let slot = slot(chart);
    // Every label when there is room, else every second, third …
    let every = (count(chart.labels.len()) / 14.0).ceil().max(1.0);
    for (row, label) in chart.labels.iter().enumerate() {
        if count(row) % every == 0.0 {
            write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                LEFT + slot * (count(row) + 0.5),
                UPRIGHT_HEIGHT - 12.0,
                shortened(label)
            )?;
        }
    }
    Ok(per_unit)
}

fn slot(chart: &Chart) -> f64 {
    (WIDTH - LEFT) / count(chart.labels.len().max(1))
}

/// Columns of the first `layers` series, on top of each other.
fn columns(chart: &Chart, out: &mut String, layers: usize) -> fmt::Result {
    let total = |row: usize| -> f64 { (0..layers).filter_map(|at| chart.value(at, row)).sum() };
    let highest = (0..chart.labels.len())
        .map(total)
        .filter(|sum| sum.is_finite())
        .fold(0.0, f64::max);
    let per_unit = ground(chart, out, highest)?;
    let slot = slot(chart);
    let wide = (slot * 0.62).min(72.0);
    for row in 0..chart.labels.len() {
        let x = LEFT + slot * (count(row) + 0.5) - wide / 2.0;
        let mut y = UPRIGHT_HEIGHT - BOTTOM;
        for layer in 0..layers {
            let Some(value) = chart.value(layer, row) else {
                continue;
            };
            let tall = (value * per_unit).clamp(0.0, UPRIGHT_HEIGHT);
            y -= tall;
            write!(
                out,
                "<rect class=\"s{}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\"/>",
                ink(layer)
            )?;
        }
        if slot >= 44.0 && total(row).is_finite() {
            write!(
                out,
                "<text class=\"value\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                x + wide / 2.0,
                y - 6.0,
                chart.written(total(row))
            )?;
        }
    }
    Ok(())
}

fn lines(chart: &Chart, out: &mut String) -> fmt::Result {
    let highest = (0..chart.series.len())
        .flat_map(|at| (0..chart.labels.len()).filter_map(move |row| chart.value(at, row)))
        .fold(0.0, f64::max);
    let per_unit = ground(chart, out, highest)?;
    let slot = slot(chart);
    for at in 0..chart.series.len() {
        let mut path = String::new();
        let mut points = String::new();
        let mut pen_down = false;
        for row in 0..chart.labels.len() {
            let Some(value) = chart.value(at, row) else {
                pen_down = false;
                continue;
            };
            let x = LEFT + slot * (count(row) + 0.5);
            let y = UPRIGHT_HEIGHT - BOTTOM - (value * per_unit).clamp(0.0, UPRIGHT_HEIGHT);
            write!(path, "{}{x:.1} {y:.1}", if pen_down { "L" } else { "M" })?;
            write!(
                points,
                "<circle class=\"s{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>",
                ink(at)
            )?;
            pen_down = true;
        }
        write!(
            out,
            "<path class=\"line s{}\" d=\"{path}\"/>{points}",
            ink(at)
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_numbers() {
        let tenths = [(9.0, 2.5), (100.0, 25.0), (2_400.0, 1_000.0), (0.0, 0.25)];
        let whole = [(0.0, 1.0), (1.0, 1.0), (9.0, 5.0), (100.0, 25.0)];
        for (values, is_whole) in [(tenths, false), (whole, true)] {
            for (highest, wanted) in values {
                let step = step(highest, is_whole);
                assert!((step - wanted).abs() < 1e-9, "{highest}: {step}");
            }
        }
    }

    #[test]
    fn a_long_name_is_shortened_and_a_short_one_is_not() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened(&"x".repeat(40)).chars().count(), LONGEST_NAME);
    }
}
