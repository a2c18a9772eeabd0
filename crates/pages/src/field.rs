//! A field of a form: label, hint, fault and what was typed, tied together for every reader.

use askama::Template;

use crate::Icon;

/// What the person is asked to type into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// So many lines of text.
    Area(u8),
    /// One line that is not shown while typing.
    Secret,
    /// One line for digits (a one-time code).
    Digits,
}

/// One field, ready to be shown as `{{ field }}`.
#[derive(Debug, Clone, Template)]
#[template(path = "frame/field.html")]
pub struct Field {
    name: &'static str,
    kind: FieldKind,
    label: String,
    hint: String,
    optional: String,
    value: String,
    faults: Vec<String>,
    autocomplete: &'static str,
    spellcheck: bool,
    longest: Option<usize>,
}

impl Field {
    /// A field with its name in the form (also its `id`) and its label.
    #[must_use]
    pub fn new(name: &'static str, kind: FieldKind, label: impl Into<String>) -> Self {
        Self {
            name,
            kind,
            label: label.into(),
            hint: String::new(),
            optional: String::new(),
            value: String::new(),
            faults: Vec::new(),
            autocomplete: "off",
            spellcheck: false,
            longest: None,
        }
    }

    /// A line under the label that says what is wanted.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The word that says the field may be left empty, shown beside the label.
    #[must_use]
    pub fn optional(mut self, word: impl Into<String>) -> Self {
        self.optional = word.into();
        self
    }

    /// What was typed before; always shown again, whatever was wrong with it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// What is wrong with what was typed, if anything.
    #[must_use]
    pub fn fault(mut self, fault: Option<String>) -> Self {
        self.faults = fault.into_iter().collect();
        self
    }

    /// Everything that is wrong with what was typed, one sentence each.
    #[must_use]
    pub fn faults(mut self, faults: Vec<String>) -> Self {
        self.faults = faults;
        self
    }

    /// The `autocomplete` token; `off` unless said otherwise (IN-8).
    #[must_use]
    pub const fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    /// The most characters the browser lets one type. Leave it out where cutting would lose words.
    #[must_use]
    pub const fn longest(mut self, characters: usize) -> Self {
        self.longest = Some(characters);
        self
    }

    /// Lets the browser check the spelling. Off by default: some browsers send the text away for it.
    #[must_use]
    pub const fn spellcheck(mut self) -> Self {
        self.spellcheck = true;
        self
    }

    fn rows(&self) -> u8 {
        match self.kind {
            FieldKind::Area(rows) => rows,
            _ => 0,
        }
    }

    fn input_kind(&self) -> &'static str {
        if self.kind == FieldKind::Secret {
            "password"
        } else {
            "text"
        }
    }

    fn is_digits(&self) -> bool {
        self.kind == FieldKind::Digits
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.name));
        }
        if !self.faults.is_empty() {
            ids.push(format!("{}-fault", self.name));
        }
        ids.join(" ")
    }
}

// The template escapes every part; the finished field is not escaped again.
impl askama::filters::HtmlSafe for Field {}

/// One line of the error summary: the name of the field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's name, to which the line links.
    pub field: &'static str,
    /// What is wrong, as shown beside the field.
    pub says: String,
}

/// The list of faults above a form, each linked to its field (GOV.UK pattern). Empty: shows nothing.
#[derive(Debug, Clone, Template)]
#[template(path = "frame/error_summary.html")]
pub struct ErrorSummary {
    title: String,
    faults: Vec<FieldFault>,
}

impl ErrorSummary {
    /// A summary under this title.
    #[must_use]
    pub fn new(title: impl Into<String>, faults: Vec<FieldFault>) -> Self {
        Self {
            title: title.into(),
            faults,
        }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    fn icon(&self) -> Icon {
        Icon::named("alert-triangle")
    }
}

impl askama::filters::HtmlSafe for ErrorSummary {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_without_fault_has_no_trace_of_one() {
        let shown = Field::new("where", FieldKind::Line, "Where?").to_string();
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn a_fault_is_tied_to_its_field_and_what_was_typed_stays() {
        let shown = Field::new("addresses", FieldKind::Area(4), "Addresses")
            .hint("one per line")
            .optional("optional")
            .value("<b>&\"typed\"")
            .fault(Some("line 1 is no address".to_owned()))
            .to_string();
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn the_summary_links_to_each_field() {
        let faults = vec![FieldFault {
            field: "addresses",
            says: "line 1 is no address".to_owned(),
        }];
        let shown = ErrorSummary::new("There is a problem", faults).to_string();
        assert!(shown.contains("href=\"#addresses\"") && shown.contains("line 1 is no address"));
        assert_eq!(ErrorSummary::new("x", Vec::new()).to_string().trim(), "");
    }
}
