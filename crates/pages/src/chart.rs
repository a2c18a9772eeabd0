//! Charts drawn on the server: an SVG picture with a title and a description, and always the same
//! figures as a table beside it. No script, no inline style; the classes follow light, dark and print.

use std::fmt::{self, Write as _};

use crate::Language;
use crate::chart_drawing as drawing;
use crate::markup::escape;

/// How the figures are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Horizontal bars, one per label: a ranking. Draws the first series only.
    Bar,
    /// Upright columns, one per label. Draws the first series only.
    Column,
    /// One line per series over the labels; a missing figure leaves a gap.
    Line,
    /// Upright columns with the series on top of each other.
    Stacked,
    /// Bars in the middle under each other, one per label: steps of which each keeps a part of the one
    /// before. Draws the first series only.
    Funnel,
}

/// One row of figures under a name, one figure per label of the chart; `None` is *not known*, which
/// is never drawn as nought.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The name, shown in the legend and the table.
    pub name: String,
    /// The figures, in the chart's unit.
    pub values: Vec<Option<f64>>,
}

impl Series {
    /// A series in which every figure is known.
    #[must_use]
    pub fn known(name: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Self {
        Self {
            name: name.into(),
            values: values.into_iter().map(Some).collect(),
        }
    }
}

/// A chart, ready to be shown as `{{ chart }}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Names the elements inside; unique on the page, letters, digits and hyphens.
    pub id: &'static str,
    /// How it is drawn.
    pub kind: ChartKind,
    /// The language of numbers and words.
    pub lang: Language,
    /// What it shows.
    pub title: String,
    /// What one sees in it, in a sentence, for who does not see it.
    pub description: String,
    /// The unit of every figure, in words: *reports*, *hours*. One chart has one unit (law 8).
    pub unit: String,
    /// Decimals to show.
    pub decimals: usize,
    /// The labels: years, countries, channels.
    pub labels: Vec<String>,
    /// The figures.
    pub series: Vec<Series>,
}

impl Chart {
    pub(crate) fn value(&self, series: usize, label: usize) -> Option<f64> {
        let value = *self.series.get(series)?.values.get(label)?;
        value.filter(|value| value.is_finite() && *value >= 0.0)
    }

    pub(crate) fn written(&self, value: f64) -> String {
        self.lang.decimal(value, self.decimals)
    }

    fn table(&self, out: &mut String) -> fmt::Result {
        write!(
            out,
            "<details><summary>{}</summary><div class=\"table-wrap\" tabindex=\"0\" role=\"region\" \
             aria-label=\"{}\"><table class=\"table\"><caption>{} ({})</caption><thead><tr><th scope=\"col\">{}</th>",
            escape(&self.lang.t("console-chart-table")),
            escape(&self.title),
            escape(&self.title),
            escape(&self.unit),
            escape(&self.lang.t("console-chart-row")),
        )?;
        for series in &self.series {
            write!(
                out,
                "<th scope=\"col\" class=\"num\">{}</th>",
                escape(&series.name)
            )?;
        }
        out.push_str("</tr></thead><tbody>");
        for (row, label) in self.labels.iter().enumerate() {
            write!(out, "<tr><th scope=\"row\">{}</th>", escape(label))?;
            for column in 0..self.series.len() {
                let shown = self.value(column, row).map_or_else(
                    || escape(&self.lang.t("console-chart-none")),
                    |value| self.written(value),
                );
                write!(out, "<td class=\"num\">{shown}</td>")?;
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div></details>");
        Ok(())
    }

    fn legend(&self, out: &mut String) -> fmt::Result {
        let several = matches!(self.kind, ChartKind::Line | ChartKind::Stacked);
        if !several || self.series.len() < 2 {
            return Ok(());
        }
        out.push_str("<p class=\"row\" aria-hidden=\"true\">");
        for (at, series) in self.series.iter().enumerate() {
            write!(
                out,
                "<span class=\"chip\"><svg class=\"icon\" viewBox=\"0 0 12 12\"><rect class=\"swatch s{}\" width=\"12\" height=\"12\" rx=\"3\"/></svg>{}</span>",
                drawing::ink(at),
                escape(&series.name)
            )?;
        }
        out.push_str("</p>");
        Ok(())
    }
}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id;
        let mut out = String::with_capacity(4096);
        write!(
            out,
            "<figure class=\"chart\"><figcaption>{} <small>({})</small></figcaption>",
            escape(&self.title),
            escape(&self.unit)
        )?;
        self.legend(&mut out)?;
        let (width, height) = drawing::size(self);
        write!(
            out,
            "<svg role=\"img\" viewBox=\"0 0 {width} {height}\" aria-labelledby=\"{id}-title {id}-desc\">\
             <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
            escape(&self.title),
            escape(&self.description)
        )?;
        drawing::draw(self, &mut out)?;
        out.push_str("</svg>");
        self.table(&mut out)?;
        out.push_str("</figure>");
        f.write_str(&out)
    }
}

impl askama::filters::HtmlSafe for Chart {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chart(kind: ChartKind) -> Chart {
        Chart {
            id: "reports",
            kind,
            lang: Language::En,
            title: "Reports per year".to_owned(),
            description: "Reports grew each year.".to_owned(),
            unit: "reports".to_owned(),
            decimals: 0,
            labels: vec!["2023".into(), "2024".into(), "2025".into()],
            series: vec![
                Series::known("national", [1_200.0, 1_850.0, 2_400.0]),
                Series {
                    name: "international".into(),
                    values: vec![Some(300.0), None, Some(910.0)],
                },
            ],
        }
    }

    #[test]
    fn a_ranking_is_drawn_as_bars() {
        insta::assert_snapshot!(chart(ChartKind::Bar).to_string());
    }

    #[test]
    fn columns_are_drawn_upright() {
        insta::assert_snapshot!(chart(ChartKind::Column).to_string());
    }

    #[test]
    fn a_line_has_a_gap_where_nothing_is_known() {
        insta::assert_snapshot!(chart(ChartKind::Line).to_string());
    }

    #[test]
    fn a_funnel_narrows_towards_its_middle() {
        insta::assert_snapshot!(chart(ChartKind::Funnel).to_string());
    }

    #[test]
    fn series_stand_on_top_of_each_other() {
        insta::assert_snapshot!(chart(ChartKind::Stacked).to_string());
    }

    proptest! {
        #[test]
        fn no_figures_can_break_a_chart(
            values in proptest::collection::vec(proptest::option::of(any::<f64>()), 0..8),
            labels in proptest::collection::vec(".{0,40}", 0..8),
        ) {
            for kind in [ChartKind::Bar, ChartKind::Column, ChartKind::Line, ChartKind::Stacked, ChartKind::Funnel] {
                let series = vec![Series { name: "<x>".into(), values: values.clone() }];
                let drawn = Chart { labels: labels.clone(), series, ..chart(kind) }.to_string();
                prop_assert!(!drawn.contains("NaN") && !drawn.contains("inf\"") && !drawn.contains("<x>"));
            }
        }
    }
}
