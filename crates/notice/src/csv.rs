//! The items as a table to be read by machines (RFC 4180), and safe to be opened by a spreadsheet.

use crate::NoticeView;

const HEAD: &str =
    "notice,address,found on,ip,port,last seen (UTC),sha-256,sha-1,md5,legal ground\r\n";

/// The table of a notice; lines end with CR LF.
#[must_use]
pub fn table(view: &NoticeView) -> String {
    let mut table = HEAD.to_owned();
    for item in &view.items {
        let fields = [
            view.number.clone(),
            item.address.to_string(),
            item.page().map(ToString::to_string).unwrap_or_default(),
            item.ip.map(|ip| ip.to_string()).unwrap_or_default(),
            item.port().to_string(),
            item.seen_at.rfc3339(),
            item.sha256(),
            item.sha1(),
            item.md5(),
            item.ground().short().to_owned(),
        ];
        let cells: Vec<String> = fields.iter().map(|field| cell(field)).collect();
        table.push_str(&cells.join(","));
        table.push_str("\r\n");
    }
    table
}

/// One cell, always quoted. What a spreadsheet would take for a formula gets an apostrophe in front
/// (OWASP, CSV injection); breaks of line become blanks.
#[must_use]
pub fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if formula { "'" } else { "" };
    let flat = text.replace(['\r', '\n', '\t'], " ");
    format!("\"{mark}{}\"", flat.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Regression (o): a table that a spreadsheet runs as formulas.
    #[test]
    fn a_formula_is_made_harmless_and_quotes_are_doubled() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("@sum"), "\"'@sum\"");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("https://a.example/"), "\"https://a.example/\"");
    }

    proptest! {
        #[test]
        fn no_cell_begins_a_formula_or_breaks_out(text in "\\PC{0,30}|[\\x00-\\x7f]{0,30}") {
            let made = cell(&text);
            let inside = made.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
            prop_assert!(!inside.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert!(!inside.contains(['\r', '\n']));
            prop_assert!(!inside.replace("\"\"", "").contains('"'));
        }
    }
}
