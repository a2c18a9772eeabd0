//! Curves that fall in steps over time, with their bands: how much is still open after so many hours.
//! Like every chart an SVG with title and description, and the same as a table beside it.

use std::fmt::{self, Write as _};

use crate::Language;
use crate::chart_drawing::ink;
use crate::markup::escape;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 14.0;
const BASE: f64 = 278.0;

/// One curve. Shares go from nought to one.
#[derive(Debug, Clone, PartialEq)]
pub struct StepCurve {
    /// The name, shown in the legend and the table.
    pub name: String,
    /// After so many hours, this share: each holds until the next; before the first all is open.
    pub points: Vec<(f64, f64)>,
    /// After so many hours, the lower and the upper end of the band.
    pub band: Vec<(f64, f64, f64)>,
}

/// A chart of curves, ready to be shown as `{{ chart }}`.
#[derive(Debug, Clone, PartialEq)]
pub struct StepChart {
    /// Names the elements inside; unique on the page, letters, digits and hyphens.
    pub id: &'static str,
    /// The language of numbers and words.
    pub lang: Language,
    /// What it shows.
    pub title: String,
    /// What one sees in it, in a sentence, for who does not see it.
    pub description: String,
    /// The unit along the base line, in words.
    pub unit: String,
    /// The last hour drawn.
    pub until: f64,
    /// Where the base line has a label: hours and label.
    pub ticks: Vec<(f64, String)>,
    /// The curves.
    pub curves: Vec<StepCurve>,
}

fn held(points: &[(f64, f64)], hours: f64) -> f64 {
    let holds = points.iter().rev().find(|(at, _)| *at <= hours);
    holds.map_or(1.0, |(_, share)| *share)
}

impl StepChart {
    fn x(&self, hours: f64) -> f64 {
        LEFT + (WIDTH - LEFT - 8.0) * (hours / self.until.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
    }

    fn y(share: f64) -> f64 {
        BASE - (BASE - TOP) * share.clamp(0.0, 1.0)
    }

    /// The corners of a curve, from the first hour to the last one drawn.
    fn corners(&self, points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
        let (mut share, mut corners) = (1.0, vec![(self.x(0.0), Self::y(1.0))]);
        for (hours, next) in points.filter(|(hours, _)| *hours <= self.until) {
            corners.push((self.x(hours), Self::y(share)));
            corners.push((self.x(hours), Self::y(next)));
            share = next;
        }
        corners.push((self.x(self.until), Self::y(share)));
        corners
    }

    fn ground(&self, out: &mut String) -> fmt::Result {
        for quarter in 0..=4_i32 {
            let share = f64::from(quarter) / 4.0;
            let y = Self::y(share);
            write!(
                out,
                "<line class=\"{}\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"end\" dominant-baseline=\"central\">{} %</text>",
                if quarter == 0 { "base" } else { "rule" },
                LEFT - 10.0,
                quarter * 25
            )?;
        }
        for (hours, label) in &self.ticks {
            write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                self.x(*hours),
                BASE + 24.0,
                escape(label)
            )?;
        }
        Ok(())
    }

    fn curve(&self, out: &mut String, at: usize, curve: &StepCurve) -> fmt::Result {
        let low = self.corners(curve.band.iter().map(|(hours, low, _)| (*hours, *low)));
        let high = self.corners(curve.band.iter().map(|(hours, _, high)| (*hours, *high)));
        if !curve.band.is_empty() {
            let mut path = String::new();
            for (place, (x, y)) in high.iter().chain(low.iter().rev()).enumerate() {
                write!(path, "{}{x:.1} {y:.1}", if place == 0 { "M" } else { "L" })?;
            }
            write!(out, "<path class=\"band s{}\" d=\"{path}Z\"/>", ink(at))?;
        }
        let mut path = String::new();
        for (place, (x, y)) in self
            .corners(curve.points.iter().copied())
            .iter()
            .enumerate()
        {
            write!(path, "{}{x:.1} {y:.1}", if place == 0 { "M" } else { "L" })?;
        }
        write!(out, "<path class=\"line s{}\" d=\"{path}\"/>", ink(at))
    }

    fn legend(&self, out: &mut String) -> fmt::Result {
        out.push_str("<p class=\"row\" aria-hidden=\"true\">");
        for (at, curve) in self.curves.iter().enumerate() {
            write!(
                out,
                "<span class=\"chip\"><svg class=\"icon legend-line\" viewBox=\"0 0 28 12\"><path class=\"line s{}\" d=\"M1 6L27 6\"/></svg>{}</span>",
                ink(at),
                escape(&curve.name)
            )?;
        }
        out.push_str("</p>");
        Ok(())
    }

    fn table(&self, out: &mut String) -> fmt::Result {
        write!(
            out,
            "<details><summary>{}</summary><div class=\"table-wrap\" tabindex=\"0\" role=\"region\" \
             aria-label=\"{}\"><table class=\"table\"><caption>{}</caption><thead><tr><th scope=\"col\">{}</th>",
            escape(&self.lang.t("console-chart-table")),
            escape(&self.title),
            escape(&self.title),
            escape(&self.unit),
        )?;
        for curve in &self.curves {
            write!(
                out,
                "<th scope=\"col\" class=\"num\">{}</th>",
                escape(&curve.name)
            )?;
        }
        out.push_str("</tr></thead><tbody>");
        for (hours, label) in &self.ticks {
            write!(out, "<tr><th scope=\"row\">{}</th>", escape(label))?;
            for curve in &self.curves {
                let share = 100.0 * held(&curve.points, *hours);
                write!(out, "<td class=\"num\">{} %", self.lang.decimal(share, 1))?;
                let band = curve.band.iter().rev().find(|(at, ..)| at <= hours);
                if let Some((_, low, high)) = band {
                    let (low, high) = (
                        self.lang.decimal(100.0 * low, 1),
                        self.lang.decimal(100.0 * high, 1),
                    );
                    write!(out, " <small>{low} – {high}</small>")?;
                }
                out.push_str("</td>");
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div></details>");
        Ok(())
    }
}

impl fmt::Display for StepChart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id;
        let mut out = String::with_capacity(8192);
        write!(
            out,
            "<figure class=\"chart\"><figcaption>{} <small>({})</small></figcaption>",
            escape(&self.title),
            escape(&self.unit)
        )?;
        self.legend(&mut out)?;
        write!(
            out,
            "<svg role=\"img\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" aria-labelledby=\"{id}-title {id}-desc\">\
             <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
            escape(&self.title),
            escape(&self.description)
        )?;
        self.ground(&mut out)?;
        for (at, curve) in self.curves.iter().enumerate() {
            self.curve(&mut out, at, curve)?;
        }
        out.push_str("</svg>");
        self.table(&mut out)?;
        out.push_str("</figure>");
        f.write_str(&out)
    }
}

impl askama::filters::HtmlSafe for StepChart {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chart(curves: Vec<StepCurve>) -> StepChart {
        StepChart {
            id: "removal",
            lang: Language::En,
            title: "From notice to removal".to_owned(),
            description: "Half was gone within a day.".to_owned(),
            unit: "hours".to_owned(),
            until: 168.0,
            ticks: vec![
                (0.0, "0".into()),
                (24.0, "24".into()),
                (168.0, "168".into()),
            ],
            curves,
        }
    }

    #[test]
    fn a_curve_falls_in_steps_within_its_band() {
        let curve = StepCurve {
            name: "2026".to_owned(),
            points: vec![(5.0, 0.8), (24.0, 0.5), (200.0, 0.1)],
            band: vec![(5.0, 0.7, 0.9), (24.0, 0.4, 0.6)],
        };
        insta::assert_snapshot!(chart(vec![curve]).to_string());
    }

    proptest! {
        #[test]
        fn no_numbers_can_break_a_curve(
            points in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..8),
            until in any::<f64>(),
        ) {
            let curve = StepCurve { name: "<x>".into(), points, band: vec![] };
            let drawn = StepChart { until, ..chart(vec![curve]) }.to_string();
            prop_assert!(!drawn.contains("<x>"));
        }
    }
}
