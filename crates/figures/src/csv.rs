//! Figures as CSV (RFC 4180), safe to open in a spreadsheet (regression 6.3 (o)).

use pages::Language;

use crate::amount::Amount;
use crate::breakdown::Row;
use crate::figure::{Figure, Figures, Value};
use crate::growth::{Observed, Under};
use crate::years::{Series, Yearly};

/// A cell of text as it stands in the file. Text that a spreadsheet would take for a formula gets
/// an apostrophe in front; names of providers come from registries and are not to be trusted.
#[must_use]
pub fn safe_cell(text: &str) -> String {
    let formula = text
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%'])
        || text.starts_with(['\t', '\r', '\n']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    let quoted = text.contains(['"', ',', ';', '\r', '\n', '\t'])
        || text.starts_with(' ')
        || text.ends_with(' ');
    if quoted {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn number(value: Value) -> String {
    match value {
        Value::Count(n) => n.to_string(),
        _ => value
            .number()
            .map_or_else(String::new, |number| format!("{number:.1}")),
    }
}

impl Figures {
    /// One line for each figure and each part of it, with a line of headings; lines end in CR LF.
    /// Numbers are plain, with a decimal point; a number that is not known is an empty cell.
    #[must_use]
    pub fn to_csv(&self, lang: Language) -> String {
        let mut out = String::from(HEADINGS);
        for figure in &self.figures {
            self.lines(&mut out, lang, figure);
        }
        out
    }

    fn lines(&self, out: &mut String, lang: Language, figure: &Figure) {
        self.line(out, lang, figure, "", None);
        for part in &figure.breakdowns {
            for row in &part.rows {
                self.line(out, lang, figure, &part.by.key(), Some(row));
            }
        }
    }

    fn line(&self, out: &mut String, lang: Language, figure: &Figure, by: &str, row: Option<&Row>) {
        let definition = figure.definition;
        let value = row.map_or(figure.value, |row| row.value);
        let cells = [
            safe_cell(definition.key),
            safe_cell(definition.title.told_in(lang)),
            safe_cell(definition.unit.words(lang, 2)),
            definition.version.to_string(),
            safe_cell(&self.period.name),
            safe_cell(by),
            safe_cell(row.map_or("", |row| &row.key)),
            safe_cell(row.map_or("", |row| row.label.told_in(lang))),
            number(value),
            value.n().map_or_else(String::new, |n| n.to_string()),
        ];
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
}

/// The headings of every file of figures.
const HEADINGS: &str = "key,title,unit,version,period,by,part,label,value,observations\r\n";

impl Yearly {
    /// The figures of the year as [`Figures::to_csv`], and for each figure a line for each year, divided
    /// `by` year, with in place of a label where it was published when the ledger did not count it.
    #[must_use]
    pub fn to_csv(&self, lang: Language) -> String {
        let mut out = String::from(HEADINGS);
        for series in &self.series {
            // A year the ledger did not count is no nought.
            let counted = series
                .last()
                .is_some_and(|last| last.source.is_none() && last.value.is_some());
            if counted && let Some(figure) = self.figures.get(&series.key) {
                self.figures.lines(&mut out, lang, figure);
            }
            for year in &series.years {
                self.year(&mut out, lang, series, year);
            }
        }
        out
    }

    fn year(&self, out: &mut String, lang: Language, series: &Series, year: &Observed) {
        let definition = match &year.definition {
            Under::Version(version) => version.to_string(),
            Under::Words(words) => words.clone(),
        };
        let value = year.value.map(Amount::hundredths);
        let value = value.map_or_else(String::new, |n| match n % 100 {
            0 => (n / 100).to_string(),
            decimals => format!("{}.{:02}", n / 100, decimals.abs()),
        });
        let cells = [
            safe_cell(&series.key),
            safe_cell(series.title.told_in(lang)),
            safe_cell(year.unit.words(lang, 2)),
            safe_cell(&definition),
            safe_cell(&self.figures.period.name),
            "year".to_owned(),
            year.year.to_string(),
            safe_cell(year.source.as_deref().unwrap_or_default()),
            value,
            String::new(),
        ];
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads one line of RFC 4180.
    fn cells(line: &str) -> Vec<String> {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut letters = line.chars().peekable();
        while let Some(c) = letters.next() {
            match (c, quoted) {
                ('"', true) if letters.peek() == Some(&'"') => {
                    letters.next();
                    cell.push('"');
                }
                ('"', true) => quoted = false,
                ('"', false) if cell.is_empty() => quoted = true,
                (',', false) => cells.push(std::mem::take(&mut cell)),
                (c, _) => cell.push(c),
            }
        }
        cells.push(cell);
        cells
    }

    #[test]
    fn what_a_spreadsheet_would_take_for_a_formula_is_plain_text() {
        for name in [
            "=1+1", "+31 20", "-2", "@sum", "\t=1", " =1", "＝1", "%0a", "|cmd",
        ] {
            let read = cells(&safe_cell(name)).concat();
            assert_eq!(read, format!("'{name}"), "{name:?}");
        }
        assert_eq!(
            safe_cell("Hosting \"A\", B.V."),
            "\"Hosting \"\"A\"\", B.V.\""
        );
        assert_eq!(safe_cell("Hosting B.V."), "Hosting B.V.");
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_and_never_begins_a_formula(text in ".{0,30}") {
            let read = cells(&safe_cell(&text));
            prop_assert_eq!(read.len(), 1);
            let kept = read[0] == text || read[0] == format!("'{}", text);
            prop_assert!(kept);
            prop_assert!(!read[0].starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
